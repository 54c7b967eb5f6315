// Package wire is what station and upstream say to each other, and nothing about who says it when: the sealed envelope of journal
// entries, hello, pull, enrolment, the ticket, and TLS between pinned keys.
//
// Count on this: every decoder takes one form only (what it decodes encodes to the same bytes again), never panics, and holds the
// limits named here while it reads, so that hostile input of any size is answered within a second and 64 MiB. The envelope is the same
// bytes on the line and on a USB stick. No clock decides anything here.
package wire

import (
	"crypto/rand"
	"encoding/hex"
	"errors"

	"tiepnhan/dossier"
)

// Limits of one envelope.
const (
	MaxEntries  = 100
	MaxPacked   = 1 << 20 // bytes of sealed entries
	MaxUnpacked = 4 << 20 // bytes of entries before packing
)

// MaxMessage is the most bytes of any other message.
const MaxMessage = 1 << 20

// MaxChains is the most chains one hello names. Who is not told of a chain takes it for lost, so there is room for all lives of a station's PCs and for
// hundreds of upstream's.
const MaxChains = 1024

// MaxProbes is the most sequence numbers one hello asks about.
const MaxProbes = 64

// maxSeq is more than any journal reaches, and fits every store's numbers.
const maxSeq = 1 << 62

// The calls.
const (
	PathHello  = "/v1/hello"
	PathPush   = "/v1/push"
	PathPull   = "/v1/pull"
	PathEnrol  = "/v1/enrol"
	PathReturn = "/v1/return" // a PC that upstream no longer knows shows its admission
)

// ErrBad is wrapped by every refusal to decode: no station or upstream of ours wrote these bytes, or they were damaged on the way.
var ErrBad = errors.New("not what the wire may carry")

// Nonce makes an answer belong to one question.
type Nonce [16]byte

// NewNonce is a fresh random one.
func NewNonce() Nonce {
	var n Nonce
	rand.Read(n[:])
	return n
}

// MarshalText writes 32 hexadecimal digits.
func (n Nonce) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(n[:])), nil }

// UnmarshalText reads 32 hexadecimal digits.
func (n *Nonce) UnmarshalText(b []byte) error {
	if len(b) != 2*len(n) {
		return ErrBad
	}
	_, err := hex.Decode(n[:], b)
	return err
}

// Held is one chain as far as its holder has it.
type Held struct {
	dossier.Genesis
	Owner []byte       `json:"owner"` // Ed25519 public key
	Seq   uint64       `json:"seq"`
	Hash  dossier.Hash `json:"hash"`
}

// Head is where the holder's part of the chain ends.
func (h Held) Head() dossier.Head {
	return dossier.Head{Chain: h.Chain, Seq: h.Seq, Hash: h.Hash}
}
