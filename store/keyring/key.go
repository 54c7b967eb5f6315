package keyring

import (
	"encoding/hex"
	"fmt"
	"io"
)

// KeySize is the length of a database key.
const KeySize = 32

// KeyID tells one database key from another. It is derived from the key and tells nothing about it.
type KeyID [16]byte

// ID names a ring or a user of it. It is random and tells nothing about them.
type ID [16]byte

func (id ID) String() string    { return hex.EncodeToString(id[:]) }
func (id KeyID) String() string { return hex.EncodeToString(id[:]) }

func (id ID) IsZero() bool { return id == ID{} }

func (id ID) MarshalText() ([]byte, error)    { return []byte(id.String()), nil }
func (id KeyID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

func (id *ID) UnmarshalText(b []byte) error    { return parseHex(id[:], b) }
func (id *KeyID) UnmarshalText(b []byte) error { return parseHex(id[:], b) }

func parseHex(to, text []byte) error {
	if len(text) != hex.EncodedLen(len(to)) {
		return fmt.Errorf("id of %d letters", len(text))
	}
	_, err := hex.Decode(to, text)
	return err
}

func newID() ID { return ID(random(16)) }

// Key is a database key. It is handled by pointer, so that there is one place to wipe.
type Key struct {
	id     KeyID
	secret [KeySize]byte
}

func newKey(ring ID) *Key {
	k := new(Key)
	copy(k.secret[:], random(KeySize))
	k.id = keyID(ring, k.secret[:])
	return k
}

// ID tells which key it is.
func (k *Key) ID() KeyID { return k.id }

// Bytes are the key itself, KeySize bytes, not a copy: zeros after Wipe.
func (k *Key) Bytes() []byte { return k.secret[:] }

// Wipe forgets the key. Go may have moved copies of it about before; this is as far as it goes.
func (k *Key) Wipe() {
	if k != nil {
		clear(k.secret[:])
	}
}

// Format keeps the key out of every log and error.
func (k *Key) Format(f fmt.State, _ rune) { io.WriteString(f, "key "+k.id.String()) }

// MarshalJSON refuses: a database key is written nowhere.
func (k *Key) MarshalJSON() ([]byte, error) { return nil, fmt.Errorf("a database key is not written") }

// Keys are what the ring holds: the key the store stands under, and while it is being changed the next one. After a crash in between it
// is the store that says under which of the two it stands.
type Keys struct {
	Current *Key
	Next    *Key // nil but during a change
}

// Wipe forgets both.
func (k Keys) Wipe() {
	k.Current.Wipe()
	k.Next.Wipe()
}

// all are those there are, the current one first.
func (k Keys) all() []*Key {
	var out []*Key
	for _, one := range []*Key{k.Current, k.Next} {
		if one != nil {
			out = append(out, one)
		}
	}
	return out
}
