package wire

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"tiepnhan/dossier"
)

// Header is the outside of an envelope, to be read by whoever carries it. Nothing in it is personal.
type Header struct {
	Chain     dossier.Genesis // whose entries these are
	First     uint64          // sequence numbers of the first entry
	Last      uint64          // and the last
	Before    dossier.Hash    // the chain's hash at First-1
	Hash      dossier.Hash    // and at Last
	Owner     []byte          // the chain's owner's signature on the head at Last; who owns the chain is the reader's to know
	Sender    ed25519.PublicKey
	Recipient dossier.Hash // ID of who is to open it
	Size      uint32       // bytes of sealed entries that follow
	Sum       dossier.Hash // their SHA-256
}

// Head is where the chain stands after the last entry.
func (h Header) Head() dossier.Head {
	return dossier.Head{Chain: h.Chain.Chain, Seq: h.Last, Hash: h.Hash}
}

// Count is how many entries are inside.
func (h Header) Count() int { return int(h.Last - h.First + 1) }

// Envelope is a whole one, read. Its form, its sum and its sender's signature are right; who the sender is, is for the reader to say.
type Envelope struct {
	Header
	header    []byte
	signature []byte
	sealed    []byte
}

const (
	innerSize  = 5 + 16 + 16 + 16 + 8 + 32 + 2 + 8 + 8 + 32 + 32 + 64 + 32 + 32
	headerSize = innerSize + 4 + 32

	// MaxEnvelope is the most bytes of an envelope.
	MaxEnvelope = headerSize + ed25519.SignatureSize + MaxPacked
)

var (
	envelopeMagic  = []byte("TNCX\x01")
	envelopeDomain = []byte("tiepnhan/envelope/1\x00")
)

// inner is the part of the header that also lies inside, sealed: nobody can put another outside around the same entries.
//
//	"TNCX" 1; device, incarnation, previous: 16 bytes each; common seq: 8; common hash: 32; count: 2; first, last: 8 each;
//	hash before first, hash at last: 32 each; owner's signature: 64; sender, recipient: 32 each. Numbers are big-endian.
func (h Header) inner() []byte {
	b := append(make([]byte, 0, headerSize), envelopeMagic...)
	b = append(b, h.Chain.Device[:]...)
	b = append(b, h.Chain.Incarnation[:]...)
	b = append(b, h.Chain.Previous[:]...)
	b = binary.BigEndian.AppendUint64(b, h.Chain.CommonSeq)
	b = append(b, h.Chain.CommonHash[:]...)
	b = binary.BigEndian.AppendUint16(b, uint16(h.Count()))
	b = binary.BigEndian.AppendUint64(b, h.First)
	b = binary.BigEndian.AppendUint64(b, h.Last)
	b = append(b, h.Before[:]...)
	b = append(b, h.Hash[:]...)
	b = append(b, h.Owner...)
	b = append(b, h.Sender...)
	return append(b, h.Recipient[:]...)
}

func (h Header) bytes() []byte {
	b := binary.BigEndian.AppendUint32(h.inner(), h.Size)
	return append(b, h.Sum[:]...)
}

func parseHeader(b []byte) (Header, error) {
	bad := func(what string) (Header, error) { return Header{}, fmt.Errorf("envelope: %w: %s", ErrBad, what) }
	if !bytes.HasPrefix(b, envelopeMagic) {
		return bad("not an envelope of this version")
	}
	rest := b[len(envelopeMagic):]
	take := func(n int) []byte {
		out := rest[:n:n]
		rest = rest[n:]
		return out
	}
	number := func() uint64 { return binary.BigEndian.Uint64(take(8)) }
	var h Header
	h.Chain.Device = dossier.DeviceID(take(16))
	h.Chain.Incarnation = dossier.Incarnation(take(16))
	h.Chain.Previous = dossier.Incarnation(take(16))
	h.Chain.CommonSeq = number()
	h.Chain.CommonHash = dossier.Hash(take(32))
	count := binary.BigEndian.Uint16(take(2))
	h.First, h.Last = number(), number()
	h.Before, h.Hash = dossier.Hash(take(32)), dossier.Hash(take(32))
	h.Owner = bytes.Clone(take(64))
	h.Sender = ed25519.PublicKey(bytes.Clone(take(32)))
	h.Recipient = dossier.Hash(take(32))
	h.Size = binary.BigEndian.Uint32(take(4))
	h.Sum = dossier.Hash(take(32))
	switch {
	case h.First == 0 || h.Last > maxSeq || h.Last < h.First || h.Last-h.First >= MaxEntries || int(count) != h.Count():
		return bad("sequence numbers")
	case h.First == 1 && h.Before != h.Chain.Hash():
		return bad("the chain does not begin with its genesis")
	case h.Size == 0 || h.Size > MaxPacked:
		return bad("size")
	}
	return h, nil
}

// Run is entries of one chain, one after another.
type Run struct {
	Chain   dossier.Genesis
	After   uint64       // the sequence number before the first entry
	Before  dossier.Hash // the chain's hash there
	Entries []dossier.Entry
}

// packer's window is as large as any envelope, so that the hundredth body still packs against the first. The dearest level would make a day's
// envelopes 3 to 5 % smaller in three times the time, with tables of 34 MB.
var packer = sync.OnceValues(func() (*zstd.Encoder, error) {
	return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(MaxUnpacked), zstd.WithEncoderCRC(false))
})

func pack(plain []byte) ([]byte, error) {
	z, err := packer()
	if err != nil {
		return nil, fmt.Errorf("start zstd: %w", err)
	}
	return z.EncodeAll(plain, nil), nil
}

// unpackers are decoders for one reader at a time, without goroutines of their own; none holds more than an envelope may.
var unpackers = sync.Pool{New: func() any {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(MaxUnpacked), zstd.WithDecoderMaxWindow(MaxUnpacked))
	if err != nil {
		panic(err) // an option out of range: ours
	}
	return z
}}

// Seal makes an envelope of as many entries of the run as fit, at least one, for that recipient. owner gives the chain's owner's signature
// on a head.
func Seal(run Run, owner func(dossier.Head) []byte, sender ed25519.PrivateKey, to Recipient) (Envelope, error) {
	n, size := 0, innerSize
	for n < min(len(run.Entries), MaxEntries) && size+unpackedSize(run.Entries[n]) <= MaxUnpacked {
		size += unpackedSize(run.Entries[n])
		n++
	}
	for ; n > 0; n /= 2 {
		h := Header{Chain: run.Chain, First: run.After + 1, Last: run.After + uint64(n), Before: run.Before, Hash: run.Before,
			Sender: sender.Public().(ed25519.PublicKey), Recipient: to.ID}
		for _, e := range run.Entries[:n] {
			h.Hash = dossier.NextHash(h.Hash, e.Header())
		}
		h.Owner = owner(h.Head())
		if len(h.Owner) != ed25519.SignatureSize {
			return Envelope{}, fmt.Errorf("seal %s: no owner's signature at %d", run.Chain.Chain, h.Last)
		}
		packed, err := pack(appendEntries(h.inner(), run.Entries[:n]))
		if err != nil {
			return Envelope{}, err
		}
		var sealed bytes.Buffer
		w, err := age.Encrypt(&sealed, to.age)
		if err != nil {
			return Envelope{}, fmt.Errorf("seal: %w", err)
		}
		if _, err = w.Write(packed); err == nil {
			err = w.Close()
		}
		if err != nil {
			return Envelope{}, fmt.Errorf("seal: %w", err)
		}
		if sealed.Len() > MaxPacked {
			continue
		}
		h.Size, h.Sum = uint32(sealed.Len()), sha256.Sum256(sealed.Bytes())
		header := h.bytes()
		return Envelope{Header: h, header: header, sealed: sealed.Bytes(),
			signature: ed25519.Sign(sender, append(bytes.Clone(envelopeDomain), header...))}, nil
	}
	return Envelope{}, errors.New("seal: no entries")
}

// Bytes is the envelope as it travels.
func (e Envelope) Bytes() []byte {
	return append(append(bytes.Clone(e.header), e.signature...), e.sealed...)
}

// Read reads one envelope and refuses anything after it. It never holds more than an envelope's limit.
func Read(r io.Reader) (Envelope, error) {
	head := make([]byte, headerSize+ed25519.SignatureSize)
	if _, err := io.ReadFull(r, head); err != nil {
		return Envelope{}, cut(err)
	}
	e := Envelope{header: head[:headerSize:headerSize], signature: head[headerSize:]}
	var err error
	if e.Header, err = parseHeader(e.header); err != nil {
		return Envelope{}, err
	}
	if !ed25519.Verify(e.Sender, append(bytes.Clone(envelopeDomain), e.header...), e.signature) {
		return Envelope{}, fmt.Errorf("envelope: %w: sender's signature", ErrBad)
	}
	e.sealed = make([]byte, e.Size)
	if _, err := io.ReadFull(r, e.sealed); err != nil {
		return Envelope{}, cut(err)
	}
	if n, err := io.ReadFull(r, make([]byte, 1)); n != 0 {
		return Envelope{}, fmt.Errorf("envelope: %w: bytes after its end", ErrBad)
	} else if err != io.EOF {
		return Envelope{}, fmt.Errorf("envelope: %w", err)
	}
	if sha256.Sum256(e.sealed) != e.Sum {
		return Envelope{}, fmt.Errorf("envelope: %w: damaged", ErrBad)
	}
	return e, nil
}

// cut names a stream that ended too early; any other error of the reader is passed on.
func cut(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("envelope: %w: cut short: %w", ErrBad, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("envelope: %w", err)
}

// ErrRecipient is returned for an envelope sealed to somebody else.
var ErrRecipient = fmt.Errorf("%w: sealed to another recipient", ErrBad)

// Open gives the entries. They are well-formed and lead from Before to Hash; owner is the key of the chain's owner, who must have signed
// that head.
func (e Envelope) Open(with Identity, owner ed25519.PublicKey) ([]dossier.Entry, error) {
	if e.Recipient != with.ID() {
		return nil, fmt.Errorf("envelope: %w", ErrRecipient)
	}
	if !e.Head().SignedBy(owner, e.Owner) {
		return nil, fmt.Errorf("envelope: %w: owner's signature", ErrBad)
	}
	plain, err := e.unpack(with)
	if err != nil {
		return nil, err
	}
	inner := e.header[:innerSize]
	if !bytes.HasPrefix(plain, inner) {
		return nil, fmt.Errorf("envelope: %w: inside and outside differ", ErrBad)
	}
	entries, err := parseEntries(plain[innerSize:], e.Count())
	if err != nil {
		return nil, fmt.Errorf("envelope: %w", err)
	}
	hash := e.Before
	for _, entry := range entries {
		hash = dossier.NextHash(hash, entry.Header())
	}
	if hash != e.Hash {
		return nil, fmt.Errorf("envelope: %w: the chain does not lead to its head", ErrBad)
	}
	return entries, nil
}

func (e Envelope) unpack(with Identity) ([]byte, error) {
	opened, err := age.Decrypt(bytes.NewReader(e.sealed), with.age)
	if err != nil {
		return nil, fmt.Errorf("envelope: %w: %w", ErrBad, err)
	}
	z := unpackers.Get().(*zstd.Decoder)
	defer unpackers.Put(z)
	defer z.Reset(nil)
	if err := z.Reset(opened); err != nil {
		return nil, fmt.Errorf("envelope: %w: %w", ErrBad, err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, MaxUnpacked+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("envelope: %w: %w", ErrBad, err)
	case len(plain) > MaxUnpacked:
		return nil, fmt.Errorf("envelope: %w: more than %d bytes inside", ErrBad, MaxUnpacked)
	}
	return plain, nil
}
