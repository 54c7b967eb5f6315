package dossier

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

// Limits of one event. Beyond them an event is refused when it is made.
const (
	MaxBody      = 64 << 10 // bytes of Body
	MaxBases     = 32
	MaxOfficerID = 64 // bytes
	MaxKind      = 32 // bytes
)

// Event is one thing that happened (diễn biến). It is never changed; a mistake is mended by a later event.
type Event struct {
	ID      EventID   // UUIDv7: the idempotency key, for ever
	Dossier ID        // zero for what happens to the station: settings, day closed, restored …
	Kind    Kind      //
	Bases   []EventID // the heads of this dossier's (or the station's) acts known to the author
	By      OfficerID // who did it
	At      time.Time // what this PC's clock said, to the millisecond
	Body    []byte    // JSON, at most MaxBody bytes
}

// Hash is a SHA-256 value.
type Hash [sha256.Size]byte

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes lower-case hexadecimal.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads 64 hexadecimal digits.
func (h *Hash) UnmarshalText(b []byte) error {
	if len(b) != 2*len(h) {
		return errors.New("hash: want 64 hexadecimal digits")
	}
	_, err := hex.Decode(h[:], b)
	return err
}

// Entry is an event as journals keep it: a header (all but the body, and SHA-256(salt ‖ body)) with salt and body beside it. The
// header alone is chained, so that a purge may drop salt and body while every chain still verifies.
type Entry struct {
	Event
	Salt    [16]byte
	Content Hash // SHA-256(salt ‖ body)
	Purged  bool // salt and body are gone, by a recorded decision
}

// Seal makes an entry of an event: its limits are checked, its bases put in order, its time cut to the millisecond. salt must be
// random; it keeps a purged body from being guessed.
func Seal(e Event, salt [16]byte) (Entry, error) {
	e.Bases = slices.Clone(e.Bases)
	slices.SortFunc(e.Bases, func(a, b EventID) int { return bytes.Compare(a[:], b[:]) })
	e.Bases = slices.Compact(e.Bases)
	e.At = e.At.UTC().Truncate(time.Millisecond)
	if len(e.Body) > MaxBody {
		return Entry{}, Invalid("", "event.too-large", "max", "64 KB")
	}
	out := Entry{Event: e, Salt: salt, Content: contentHash(salt, e.Body)}
	return out, out.check()
}

func contentHash(salt [16]byte, body []byte) Hash {
	var out Hash
	h := sha256.New()
	h.Write(salt[:])
	h.Write(body)
	h.Sum(out[:0])
	return out
}

// ErrBadEntry is returned for bytes or values that no author of ours can have made.
var ErrBadEntry = errors.New("bad journal entry")

func (e Entry) check() error {
	switch {
	case e.ID.IsZero():
		return fmt.Errorf("%w: no id", ErrBadEntry)
	case e.Kind == "" || len(e.Kind) > MaxKind || !utf8.ValidString(string(e.Kind)):
		return fmt.Errorf("%w: kind", ErrBadEntry)
	case len(e.Bases) > MaxBases:
		return fmt.Errorf("%w: %d bases", ErrBadEntry, len(e.Bases))
	case len(e.By) > MaxOfficerID || !utf8.ValidString(string(e.By)):
		return fmt.Errorf("%w: officer", ErrBadEntry)
	case len(e.Body) > MaxBody:
		return fmt.Errorf("%w: body of %d bytes", ErrBadEntry, len(e.Body))
	case !e.Purged && e.Content != contentHash(e.Salt, e.Body):
		return fmt.Errorf("%w: body is not the one its header names", ErrBadEntry)
	}
	for i := 1; i < len(e.Bases); i++ {
		if bytes.Compare(e.Bases[i-1][:], e.Bases[i][:]) >= 0 {
			return fmt.Errorf("%w: bases not in order", ErrBadEntry)
		}
	}
	return nil
}

const headerVersion = 1

// Header is the one binary form of everything but salt and body; the chain and every signature rest on it.
//
//	version, ID, Dossier, Content: 1, 16, 16 and 32 bytes
//	At: 8 bytes, big-endian milliseconds since 1970 UTC, two's complement
//	Kind, By: one length byte and that many bytes each
//	Bases: one count byte and 16 bytes each, ascending
func (e Entry) Header() []byte {
	b := make([]byte, 0, 76+len(e.Kind)+len(e.By)+16*len(e.Bases))
	b = append(b, headerVersion)
	b = append(b, e.ID[:]...)
	b = append(b, e.Dossier[:]...)
	b = append(b, e.Content[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMilli()))
	b = append(append(b, byte(len(e.Kind))), e.Kind...)
	b = append(append(b, byte(len(e.By))), e.By...)
	b = append(b, byte(len(e.Bases)))
	for _, base := range e.Bases {
		b = append(b, base[:]...)
	}
	return b
}

// HeaderHash is the SHA-256 of the header; it breaks ties when events are replayed.
func (e Entry) HeaderHash() Hash { return sha256.Sum256(e.Header()) }

var errBadHeader = fmt.Errorf("%w: header", ErrBadEntry)

// ParseEntry puts an entry together again from its three parts and refuses whatever Header would not have written, or a body that
// is not the one the header names. purged says that salt and body are gone.
func ParseEntry(header []byte, salt [16]byte, body []byte, purged bool) (Entry, error) {
	if len(header) < 76 || header[0] != headerVersion {
		return Entry{}, errBadHeader
	}
	var e Entry
	b := header[1:]
	take := func(n int) []byte {
		if n > len(b) {
			b = nil
			return make([]byte, n)
		}
		var out []byte
		out, b = b[:n], b[n:]
		return out
	}
	copy(e.ID[:], take(16))
	copy(e.Dossier[:], take(16))
	copy(e.Content[:], take(32))
	e.At = time.UnixMilli(int64(binary.BigEndian.Uint64(take(8)))).UTC()
	e.Kind = Kind(take(int(take(1)[0])))
	e.By = OfficerID(take(int(take(1)[0])))
	for range take(1)[0] {
		e.Bases = append(e.Bases, EventID(take(16)))
	}
	if purged {
		e.Purged = true
	} else {
		e.Salt, e.Body = salt, body
	}
	if !bytes.Equal(e.Header(), header) {
		return Entry{}, errBadHeader
	}
	return e, e.check()
}

// Chain names one journal of one device in one of its lives.
type Chain struct {
	Device      DeviceID    `json:"device"`
	Incarnation Incarnation `json:"incarnation"`
}

func (c Chain) String() string { return c.Device.String() + "/" + c.Incarnation.String() }

// Genesis is what the first hash of a chain is made of: who it is, and where it left the chain before it (zeros for the first life).
type Genesis struct {
	Chain
	Previous   Incarnation `json:"previous,omitzero"`
	CommonSeq  uint64      `json:"common-seq,omitempty"`
	CommonHash Hash        `json:"common-hash,omitzero"`
}

// Hash is h[0] of the chain.
func (g Genesis) Hash() Hash {
	b := make([]byte, 0, 128)
	b = append(b, g.Device[:]...)
	b = append(b, g.Incarnation[:]...)
	b = append(b, g.Previous[:]...)
	b = binary.BigEndian.AppendUint64(b, g.CommonSeq)
	b = append(b, g.CommonHash[:]...)
	return sha256.Sum256(b)
}

// NextHash is h[s] = SHA-256(h[s-1] ‖ header bytes).
func NextHash(previous Hash, header []byte) Hash {
	var out Hash
	h := sha256.New()
	h.Write(previous[:])
	h.Write(header)
	h.Sum(out[:0])
	return out
}

// Head is how far a chain reaches: its last sequence number and the hash there (h[0] at 0).
type Head struct {
	Chain
	Seq  uint64 `json:"seq"`
	Hash Hash   `json:"hash"`
}

// Sign is the owner's Ed25519 signature on the head (RFC 8032).
func (h Head) Sign(key ed25519.PrivateKey) []byte { return ed25519.Sign(key, h.signed()) }

// SignedBy tells whether that key signed this head.
func (h Head) SignedBy(key ed25519.PublicKey, signature []byte) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, h.signed(), signature)
}

func (h Head) signed() []byte {
	b := append([]byte("tiepnhan/head/1\x00"), h.Device[:]...)
	b = append(b, h.Incarnation[:]...)
	b = binary.BigEndian.AppendUint64(b, h.Seq)
	return append(b, h.Hash[:]...)
}

// Receipt is upstream's signed word that it holds a chain up to a sequence number, with that hash there. Nothing is shown as sent
// without one (I3).
type Receipt struct {
	Head
	Number    string    `json:"number"`  // biên nhận số …, upstream's own running number
	Station   string    `json:"station"` // the station as upstream knows it
	At        time.Time `json:"at"`      // upstream's clock, to the second
	Signature []byte    `json:"signature"`
}

// Sign fills in the signature.
func (r *Receipt) Sign(key ed25519.PrivateKey) {
	r.At = r.At.UTC().Truncate(time.Second)
	r.Signature = ed25519.Sign(key, r.signed())
}

// SignedBy tells whether that key signed this receipt.
func (r Receipt) SignedBy(key ed25519.PublicKey) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, r.signed(), r.Signature)
}

func (r Receipt) signed() []byte {
	b := append([]byte("tiepnhan/receipt/1\x00"), r.Head.signed()...)
	b = binary.BigEndian.AppendUint64(b, uint64(r.At.Unix()))
	b = append(binary.BigEndian.AppendUint32(b, uint32(len(r.Number))), r.Number...)
	return append(binary.BigEndian.AppendUint32(b, uint32(len(r.Station))), r.Station...)
}
