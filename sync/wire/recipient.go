package wire

import (
	"crypto/sha256"
	"fmt"

	"filippo.io/age"

	"tiepnhan/dossier"
)

// Recipient is whoever is to open an envelope: the public half of an age key, safe also against whoever stores the line's traffic until
// quantum computers come.
type Recipient struct {
	ID  dossier.Hash // SHA-256 of its text; this is what envelopes name
	age *age.HybridRecipient
}

// Identity is the secret half.
type Identity struct {
	text string
	age  *age.HybridIdentity
}

const maxRecipient = 4096 // letters; the real length is fixed and about half of that

// ParseRecipient reads the text of a recipient (age1pq1…).
func ParseRecipient(s string) (Recipient, error) {
	if len(s) > maxRecipient {
		return Recipient{}, fmt.Errorf("recipient: %w: %d letters", ErrBad, len(s))
	}
	r, err := age.ParseHybridRecipient(s)
	if err != nil || r.String() != s {
		return Recipient{}, fmt.Errorf("recipient: %w", ErrBad)
	}
	return Recipient{ID: sha256.Sum256([]byte(s)), age: r}, nil
}

// NewIdentity makes a fresh key.
func NewIdentity() (Identity, error) {
	i, err := age.GenerateHybridIdentity()
	if err != nil {
		return Identity{}, fmt.Errorf("make identity: %w", err)
	}
	return Identity{text: i.String(), age: i}, nil
}

// ParseIdentity reads what Secret wrote.
func ParseIdentity(secret string) (Identity, error) {
	i, err := age.ParseHybridIdentity(secret)
	if err != nil {
		return Identity{}, fmt.Errorf("identity: %w", ErrBad) // the text is a secret and stays out of the error
	}
	return Identity{text: secret, age: i}, nil
}

// Secret is the text to keep.
func (i Identity) Secret() string { return i.text }

// Recipient is the text to give to others.
func (i Identity) Recipient() string { return i.age.Recipient().String() }

// ID is what envelopes to it name.
func (i Identity) ID() dossier.Hash { return sha256.Sum256([]byte(i.Recipient())) }
