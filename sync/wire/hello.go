package wire

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"tiepnhan/dossier"
)

// Hello is a PC's word on what it holds.
type Hello struct {
	Nonce  Nonce         `json:"nonce"`
	Own    dossier.Chain `json:"own"` // the life it writes now
	Chains []Held        `json:"chains"`
	Probes []Probe       `json:"probes,omitempty"` // what the other side is to compare; together at most MaxProbes numbers
}

// Probe asks for the other side's hashes of a chain at those sequence numbers, ascending. Two who hold different continuations of one
// chain find their last common point with a few of them.
type Probe struct {
	dossier.Chain
	Seqs []uint64 `json:"seqs"`
}

// HelloAnswer is upstream's. It is signed over the very bytes of the question and so over its nonce: an old answer cannot pass for a new
// one, and what it says upstream holds is what upstream holds now.
type HelloAnswer struct {
	Asked    dossier.Hash      `json:"asked"` // SHA-256 of the question
	Name     string            `json:"name"`
	At       time.Time         `json:"at"` // upstream's clock, to the second
	Chains   []Held            `json:"chains"`
	Current  *dossier.Chain    `json:"current,omitempty"`  // the life of the asking PC that is continued; nil while none is held
	Frozen   bool              `json:"frozen,omitempty"`   // two copies of the asking PC are alive: nothing of it is taken until a person decides
	Parked   []dossier.Head    `json:"parked,omitempty"`   // of the asking PC's chains: what came and fits nowhere, by the head it ends with
	Probed   []dossier.Head    `json:"probed,omitempty"`   // the hashes asked for, as far as they are held
	Receipts []dossier.Receipt `json:"receipts,omitempty"` // upstream's latest for each chain of the station; a PC gives none
}

// Chain is what upstream holds of that chain.
func (a HelloAnswer) Chain(c dossier.Chain) (Held, bool) {
	for _, h := range a.Chains {
		if h.Chain == c {
			return h, true
		}
	}
	return Held{}, false
}

// Encode is the message.
func (h Hello) Encode() []byte { return encode(h) }

// ParseHello reads a Hello.
func ParseHello(b []byte) (Hello, error) {
	var h Hello
	if err := decode(b, &h); err != nil {
		return Hello{}, fmt.Errorf("hello: %w", err)
	}
	probes := 0
	for _, p := range h.Probes {
		if probes += len(p.Seqs); len(p.Seqs) == 0 || probes > MaxProbes || !slices.IsSorted(p.Seqs) || p.Seqs[len(p.Seqs)-1] > maxSeq {
			return Hello{}, fmt.Errorf("hello: %w: probes", ErrBad)
		}
	}
	return h, checkChains(h.Chains)
}

func checkChains(chains []Held) error {
	if len(chains) > MaxChains {
		return fmt.Errorf("%w: %d chains", ErrBad, len(chains))
	}
	seen := make(map[dossier.Chain]bool, len(chains))
	for _, c := range chains {
		if seen[c.Chain] || len(c.Owner) != ed25519.PublicKeySize || c.Seq > maxSeq || c.CommonSeq > maxSeq {
			return fmt.Errorf("%w: chain %s", ErrBad, c.Chain)
		}
		seen[c.Chain] = true
		if c.Seq == 0 && c.Hash != c.Genesis.Hash() {
			return fmt.Errorf("%w: chain %s does not begin with its genesis", ErrBad, c.Chain)
		}
	}
	return nil
}

var helloDomain = []byte("tiepnhan/hello/1\x00")

// Sign fills in whose question it answers and gives the signed message: 64 bytes of signature, then the answer.
func (a HelloAnswer) Sign(question []byte, key ed25519.PrivateKey) []byte {
	a.Asked = sha256.Sum256(question)
	a.At = a.At.UTC().Truncate(time.Second)
	body := encode(a)
	return append(ed25519.Sign(key, append(bytes.Clone(helloDomain), body...)), body...)
}

// OpenHelloAnswer reads an answer and refuses one that this key did not sign or that answers another question.
func OpenHelloAnswer(b []byte, key ed25519.PublicKey, question []byte) (HelloAnswer, error) {
	var a HelloAnswer
	if len(b) < ed25519.SignatureSize || len(b) > ed25519.SignatureSize+MaxMessage || len(key) != ed25519.PublicKeySize {
		return HelloAnswer{}, fmt.Errorf("hello answer: %w: %d bytes", ErrBad, len(b))
	}
	signature, body := b[:ed25519.SignatureSize], b[ed25519.SignatureSize:]
	if !ed25519.Verify(key, append(bytes.Clone(helloDomain), body...), signature) {
		return HelloAnswer{}, fmt.Errorf("hello answer: %w: signature", ErrBad)
	}
	if err := decode(body, &a); err != nil {
		return HelloAnswer{}, fmt.Errorf("hello answer: %w", err)
	}
	if a.Asked != sha256.Sum256(question) {
		return HelloAnswer{}, fmt.Errorf("hello answer: %w: it answers another question", ErrBad)
	}
	if len(a.Parked) > MaxProbes || len(a.Probed) > MaxProbes || len(a.Receipts) > MaxChains {
		return HelloAnswer{}, fmt.Errorf("hello answer: %w: too much", ErrBad)
	}
	return a, checkChains(a.Chains)
}
