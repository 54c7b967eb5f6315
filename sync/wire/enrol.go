package wire

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"time"

	"tiepnhan/dossier"
)

// Enrol is how a new PC introduces itself: its journal, its keys, and (in the bytes around it) the proof that it holds the ticket.
type Enrol struct {
	Ticket    TicketNumber    `json:"ticket"`
	Nonce     Nonce           `json:"nonce"`
	Chain     dossier.Genesis `json:"chain"`           // the PC's first journal
	First     []byte          `json:"first,omitempty"` // the key of that, where it has another now
	Key       []byte          `json:"key"`             // Ed25519 public key: its TLS certificate, its journal
	Recipient string          `json:"recipient"`       // what is sealed to this PC is sealed to this
}

// EnrolAnswer is upstream's: all that a PC must know of it, proved with the ticket's secret over the very bytes of the question.
type EnrolAnswer struct {
	Asked     dossier.Hash    `json:"asked"` // SHA-256 of the question with its proof
	Name      string          `json:"name"`
	Key       []byte          `json:"key"`
	Recipient string          `json:"recipient"`
	Chain     dossier.Genesis `json:"chain"` // upstream's journal for this station
	Station   string          `json:"station"`
	Desk      int             `json:"desk"`
	At        time.Time       `json:"at"`        // upstream's clock, to the second
	Admission []byte          `json:"admission"` // to be kept, and shown to an upstream that has forgotten this PC; see Admission

	// Before is how many PCs sat at that desk before and were revoked. What they gave out today may be known to nobody.
	Before int `json:"before,omitempty"`
}

// ProofKey is what both sides compute proofs with. Upstream keeps this and not the secret, so its file cannot print a ticket again.
func ProofKey(secret Secret) [32]byte {
	return sha256.Sum256(append([]byte("tiepnhan/ticket/1\x00"), secret[:]...))
}

// The proof covers upstream's key too: a station that was shown another key proves nothing useful to its holder.
func proof(side string, key [32]byte, upstream dossier.Hash, body []byte) []byte {
	m := hmac.New(sha256.New, key[:])
	m.Write([]byte("tiepnhan/enrol/1/" + side + "\x00"))
	m.Write(upstream[:])
	m.Write(body)
	return m.Sum(nil)
}

// KeyHash is the SHA-256 of a public key, as tickets name it.
func KeyHash(key ed25519.PublicKey) dossier.Hash { return sha256.Sum256(key) }

// Prove gives the message: 32 bytes of proof, then the question.
func (e Enrol) Prove(secret Secret, upstream dossier.Hash) []byte {
	body := encode(e)
	return append(proof("station", ProofKey(secret), upstream, body), body...)
}

// ParseEnrol reads a question. Nothing in it is to be believed before ProvedBy.
func ParseEnrol(b []byte) (Enrol, error) {
	var e Enrol
	if len(b) < sha256.Size {
		return Enrol{}, fmt.Errorf("enrol: %w: %d bytes", ErrBad, len(b))
	}
	if err := decode(b[sha256.Size:], &e); err != nil {
		return Enrol{}, fmt.Errorf("enrol: %w", err)
	}
	if _, err := ParseRecipient(e.Recipient); err != nil {
		return Enrol{}, fmt.Errorf("enrol: %w", err)
	}
	if len(e.Key) != ed25519.PublicKeySize || len(e.First) > 0 && len(e.First) != ed25519.PublicKeySize || e.Chain.Device.IsZero() || e.Chain.Incarnation.IsZero() ||
		!e.Chain.Previous.IsZero() || e.Chain.CommonSeq != 0 {
		return Enrol{}, fmt.Errorf("enrol: %w: keys and journal", ErrBad)
	}
	return e, nil
}

// ProvedBy tells whether whoever wrote the question holds the ticket of that proof key for that upstream.
func ProvedBy(question []byte, key [32]byte, upstream dossier.Hash) bool {
	return len(question) > sha256.Size &&
		hmac.Equal(question[:sha256.Size], proof("station", key, upstream, question[sha256.Size:]))
}

// Prove gives the message: 32 bytes of proof, then the answer.
func (a EnrolAnswer) Prove(question []byte, key [32]byte) []byte {
	a.Asked = sha256.Sum256(question)
	a.At = a.At.UTC().Truncate(time.Second)
	body := encode(a)
	return append(proof("upstream", key, KeyHash(a.Key), body), body...)
}

// OpenEnrolAnswer reads the answer to that question and refuses one from whoever is not the ticket's upstream.
func OpenEnrolAnswer(b []byte, t Ticket, question []byte) (EnrolAnswer, error) {
	var a EnrolAnswer
	if len(b) < sha256.Size {
		return EnrolAnswer{}, fmt.Errorf("enrol answer: %w: %d bytes", ErrBad, len(b))
	}
	body := b[sha256.Size:]
	if !hmac.Equal(b[:sha256.Size], proof("upstream", ProofKey(t.Secret), t.Key, body)) {
		return EnrolAnswer{}, fmt.Errorf("enrol answer: %w: proof", ErrBad)
	}
	if err := decode(body, &a); err != nil {
		return EnrolAnswer{}, fmt.Errorf("enrol answer: %w", err)
	}
	if a.Asked != sha256.Sum256(question) || len(a.Key) != ed25519.PublicKeySize || KeyHash(a.Key) != t.Key || a.Before < 0 {
		return EnrolAnswer{}, fmt.Errorf("enrol answer: %w: it answers another question", ErrBad)
	}
	if _, err := ParseRecipient(a.Recipient); err != nil {
		return EnrolAnswer{}, fmt.Errorf("enrol answer: %w", err)
	}
	return a, nil
}
