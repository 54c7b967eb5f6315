package wire

import (
	"crypto/sha256"
	"fmt"
	"sync"

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
	id   dossier.Hash
}

const maxRecipient = 4096 // letters; the real length is fixed and about half of that

// known are recipients read before: upstream seals to the same few hundred all day, and reading one costs as much as sealing to it.
var known struct {
	sync.Mutex
	read map[string]Recipient
}

// mostKnown are kept, some 4 KB each.
const mostKnown = 1024

// ParseRecipient reads the text of a recipient (age1pq1…).
func ParseRecipient(s string) (Recipient, error) {
	if len(s) > maxRecipient {
		return Recipient{}, fmt.Errorf("recipient: %w: %d letters", ErrBad, len(s))
	}
	known.Lock()
	defer known.Unlock()
	if r, ok := known.read[s]; ok {
		return r, nil
	}
	r, err := age.ParseHybridRecipient(s)
	if err != nil || r.String() != s {
		return Recipient{}, fmt.Errorf("recipient: %w", ErrBad)
	}
	if known.read == nil || len(known.read) >= mostKnown {
		known.read = map[string]Recipient{}
	}
	known.read[s] = Recipient{ID: sha256.Sum256([]byte(s)), age: r}
	return known.read[s], nil
}

// NewIdentity makes a fresh key.
func NewIdentity() (Identity, error) {
	i, err := age.GenerateHybridIdentity()
	if err != nil {
		return Identity{}, fmt.Errorf("make identity: %w", err)
	}
	return newIdentity(i.String(), i), nil
}

// ParseIdentity reads what Secret wrote.
func ParseIdentity(secret string) (Identity, error) {
	i, err := age.ParseHybridIdentity(secret)
	if err != nil {
		return Identity{}, fmt.Errorf("identity: %w", ErrBad) // the text is a secret and stays out of the error
	}
	return newIdentity(secret, i), nil
}

func newIdentity(secret string, i *age.HybridIdentity) Identity {
	return Identity{text: secret, age: i, id: sha256.Sum256([]byte(i.Recipient().String()))}
}

// Secret is the text to keep.
func (i Identity) Secret() string { return i.text }

// Recipient is the text to give to others.
func (i Identity) Recipient() string { return i.age.Recipient().String() }

// ID is what envelopes to it name.
func (i Identity) ID() dossier.Hash { return i.id }
