package backup

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"tiepnhan/dossier"
	"tiepnhan/store/keyring"
)

const (
	saltSize = 32
	window   = 1 << 20 // of zstd: pages far from one another have little in common, and these PCs little memory
)

// secret opens all backups made under one database key, and nothing else.
type secret [32]byte

func secretOf(k *keyring.Key) (s secret, err error) {
	b, err := hkdf.Key(sha256.New, k.Bytes(), nil, "tiepnhan backup 1: database", len(s))
	if err != nil {
		return s, fmt.Errorf("derive the key of backups: %w", err)
	}
	defer clear(b)
	return secret(b), nil
}

// identity is the one of a single backup: an age key as any other, hybrid (ML-KEM-768 with X25519) as the envelopes' are, whose seed is
// derived and not random.
func (s secret) identity(salt []byte) (*age.HybridIdentity, error) {
	seed, err := hkdf.Key(sha256.New, s[:], salt, "tiepnhan backup 1: identity", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of a backup: %w", err)
	}
	defer clear(seed)
	i, err := age.ParseHybridIdentity(ageKey(seed))
	if err != nil {
		return nil, errors.New("derive the key of a backup") // what age would say has the key in it
	}
	return i, nil
}

// ageKey writes a seed as age writes its keys: Bech32 (BIP 173), whose checksum age looks at.
func ageKey(seed []byte) string {
	const kind, letters = "age-secret-key-pq-", "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	var values []byte
	acc, bits := uint(0), 0
	for _, b := range seed {
		for acc, bits = acc<<8|uint(b), bits+8; bits >= 5; bits -= 5 {
			values = append(values, byte(acc>>(bits-5)&31))
		}
	}
	if bits > 0 {
		values = append(values, byte(acc<<(5-bits)&31))
	}
	sum := uint32(1)
	feed := func(v byte) {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, g := range []uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	for _, c := range []byte(kind) {
		feed(c >> 5)
	}
	feed(0)
	for _, c := range []byte(kind) {
		feed(c & 31)
	}
	for _, v := range values {
		feed(v)
	}
	for range 6 {
		feed(0)
	}
	sum ^= 1
	for i := range 6 {
		values = append(values, byte(sum>>(5*(5-i))&31))
	}
	out := []byte(kind + "1")
	for _, v := range values {
		out = append(out, letters[v])
	}
	return strings.ToUpper(string(out))
}

// packing takes pages in clear and writes them sealed.
type packing struct {
	age  io.WriteCloser
	zstd *zstd.Encoder
	sum  hash.Hash // of the pages
}

func pack(to io.Writer, s secret, o outside) (*packing, error) {
	i, err := s.identity(o.Salt)
	if err != nil {
		return nil, err
	}
	p := &packing{sum: sha256.New()}
	if p.age, err = age.Encrypt(to, i.Recipient()); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if p.zstd, err = zstd.NewWriter(p.age, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(window),
		zstd.WithLowerEncoderMem(true)); err != nil {
		return nil, fmt.Errorf("start zstd: %w", err)
	}
	bound := o.bound()
	_, err = p.zstd.Write(bound[:])
	return p, err
}

func (p *packing) page(b []byte) error {
	p.sum.Write(b)
	_, err := p.zstd.Write(b)
	return err
}

func (p *packing) close() error {
	if _, err := p.zstd.Write(p.sum.Sum(nil)); err != nil {
		return err
	}
	return errors.Join(p.zstd.Close(), p.age.Close())
}

// abandon gives back what is held for it. What was written is worth nothing.
func (p *packing) abandon() { p.zstd.Reset(nil) }

// errSealed is a file that does not hold what it says.
var errSealed = errors.New("it does not hold what it says")

// unpack gives the pages of a backup in order, each visit's until it returns. Nothing reaches visit before the head is known to be the one
// that was sealed. Codes: backup.damaged, backup.key (it is under another key than it says).
func unpack(ctx context.Context, f io.Reader, name string, s secret, o outside, visit func(page []byte) error) error {
	err := unpacked(ctx, f, s, o, visit)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		return fmt.Errorf("%w: %w", said("backup.key", name), err)
	case errors.Is(err, errSealed):
		return fmt.Errorf("%w: %w", said("backup.damaged", name), err)
	}
	return err
}

func unpacked(ctx context.Context, f io.Reader, s secret, o outside, visit func(page []byte) error) error {
	i, err := s.identity(o.Salt)
	if err != nil {
		return err
	}
	all := sha256.New()
	limited := io.LimitReader(f, o.sealed)
	in := &source{ctx: ctx, r: io.TeeReader(limited, all)}
	// An error of the disk is the disk's, also where it comes out of age or zstd; what these say themselves is the file's.
	fault := func(err error) error {
		if in.err != nil {
			return in.err
		}
		return fmt.Errorf("%w: %w", errSealed, err)
	}
	clear, err := age.Decrypt(in, i)
	if err != nil {
		return fault(err)
	}
	z, err := zstd.NewReader(clear, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(16<<20), zstd.WithDecoderMaxWindow(8<<20))
	if err != nil {
		return fault(err)
	}
	defer z.Close()
	var bound dossier.Hash
	if _, err := io.ReadFull(z, bound[:]); err != nil {
		return fault(err)
	}
	if bound != o.bound() {
		return fmt.Errorf("%w: its head was changed", errSealed)
	}
	sum, page := sha256.New(), make([]byte, o.Size)
	for range o.Pages {
		if _, err := io.ReadFull(z, page); err != nil {
			return fault(err)
		}
		sum.Write(page)
		if err := visit(page); err != nil {
			return err
		}
	}
	var last dossier.Hash
	if _, err := io.ReadFull(z, last[:]); err != nil {
		return fault(err)
	}
	if _, err := io.ReadFull(z, make([]byte, 1)); err != io.EOF {
		return fault(errors.New("more than its pages"))
	}
	if last != dossier.Hash(sum.Sum(nil)) {
		return fmt.Errorf("%w: its pages are others", errSealed)
	}
	if _, err := io.Copy(io.Discard, in); err != nil {
		return fault(err)
	}
	if o.sum != dossier.Hash(all.Sum(nil)) {
		return fmt.Errorf("%w: its sum differs", errSealed)
	}
	return nil
}

// source reads until ctx ends, and remembers what the disk said.
type source struct {
	ctx context.Context
	r   io.Reader
	err error
}

func (s *source) Read(b []byte) (int, error) {
	if s.err = s.ctx.Err(); s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(b)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}
