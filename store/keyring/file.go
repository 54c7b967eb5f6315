package keyring

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"tiepnhan/dossier"
)

// FileName is the ring. Everything else is of the same folder too.
const FileName = "khoa.json"

// copies are the ring and its second copy, always written in this order. One lost sector would otherwise lose the whole store: the ring
// alone holds its key. The second is read only where the first is missing or damaged.
var copies = []string{FileName, "khoa-2.json"}

const (
	format   = 1
	maxFile  = 1 << 20
	saltSize = 16
)

// file is the ring as it is written: JSON in this one form, and no other is read.
type file struct {
	Format   int      `json:"format"`
	Ring     ID       `json:"ring"`
	Salt     []byte   `json:"salt"` // of the names' hashes
	Keys     []KeyID  `json:"keys"` // the current one, and during a change the next
	Recovery holder   `json:"recovery"`
	Users    []entry  `json:"users"`
	Proofs   [][]byte `json:"proofs"` // of everything above, one under each key
	Sum      []byte   `json:"sum"`    // SHA-256 of everything above: damage is seen before anybody signs in
}

// holder is whoever the keys are sealed to.
type holder struct {
	ID      ID       `json:"id"`
	Public  []byte   `json:"public"`
	Private []byte   `json:"private"` // its seed, wrapped
	Keys    [][]byte `json:"keys"`    // sealed to Public, in the order of file.Keys
}

// entry is a user.
type entry struct {
	holder
	Name    []byte `json:"name"`    // the salted hash of the sign-in name
	Machine []byte `json:"machine"` // tells on which PC the password opens
	Cost    Cost   `json:"cost"`
	Salt    []byte `json:"salt"`
}

// decode reads a ring and everything about it that can be seen without a key. light lets a cost below the floor pass. Codes: safe.damaged,
// safe.newer.
func decode(data []byte, light bool) (*file, error) {
	var first struct{ Format int }
	if json.Unmarshal(data, &first) == nil && first.Format > format {
		return nil, dossier.Invalid("", "safe.newer")
	}
	f, err := decodeThis(data, light)
	if err != nil {
		return nil, fmt.Errorf("read the ring: %w", damaged(err))
	}
	return f, nil
}

func decodeThis(data []byte, light bool) (*file, error) {
	if len(data) > maxFile {
		return nil, fmt.Errorf("%d bytes", len(data))
	}
	f := new(file)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(f); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("more than a ring")
	}
	if !bytes.Equal(data, f.bytes()) {
		return nil, fmt.Errorf("not as it was written")
	}
	if sum := sha256.Sum256(f.without(false)); !bytes.Equal(sum[:], f.Sum) {
		return nil, fmt.Errorf("the sum differs")
	}
	return f, f.check(light)
}

// check looks at every length and limit, so that nothing after it has to.
func (f *file) check(light bool) error {
	switch {
	case f.Format != format:
		return fmt.Errorf("format %d", f.Format)
	case len(f.Salt) != saltSize, len(f.Keys) < 1 || len(f.Keys) > 2, len(f.Proofs) != len(f.Keys), len(f.Users) < 1 || len(f.Users) > MaxUsers:
		return fmt.Errorf("%d bytes of salt, %d keys, %d proofs, %d users", len(f.Salt), len(f.Keys), len(f.Proofs), len(f.Users))
	case len(f.Keys) == 2 && f.Keys[0] == f.Keys[1]:
		return fmt.Errorf("a key follows itself")
	}
	ids, names := map[ID]bool{}, map[string]bool{}
	for _, e := range f.Users {
		if ids[e.ID] || names[string(e.Name)] || e.ID.IsZero() {
			return fmt.Errorf("user %s stands twice", e.ID)
		}
		ids[e.ID], names[string(e.Name)] = true, true
		if len(e.Name) != nameSize || len(e.Machine) != tagSize || len(e.Salt) != saltSize {
			return fmt.Errorf("user %s: lengths", e.ID)
		}
		if !e.Cost.bearable() && !(light && e.Cost == lightCost) {
			return fmt.Errorf("user %s: cost %+v", e.ID, e.Cost)
		}
	}
	return f.eachHolder(func(h *holder) error {
		if len(h.Public) != publicSize || len(h.Private) != wrappedSize || len(h.Keys) != len(f.Keys) {
			return fmt.Errorf("holder %s: lengths", h.ID)
		}
		for _, sealed := range h.Keys {
			if len(sealed) != sealedSize {
				return fmt.Errorf("holder %s: a sealed key of %d bytes", h.ID, len(sealed))
			}
		}
		return nil
	})
}

// encode is what is written: proved under all keys, with its sum.
func (f *file) encode(keys Keys) ([]byte, error) {
	f.Proofs = nil
	proved := f.without(true)
	for _, k := range keys.all() {
		f.Proofs = append(f.Proofs, proof(f.Ring, k, proved))
	}
	sum := sha256.Sum256(f.without(false))
	f.Sum = sum[:]
	data := f.bytes()
	if _, err := decodeThis(data, true); err != nil { // what is written can be read
		return nil, fmt.Errorf("write the ring: %w", err)
	}
	return data, nil
}

func (f *file) bytes() []byte {
	data, err := json.Marshal(f)
	if err != nil {
		panic(err) // bytes, numbers and hex always go
	}
	return append(data, '\n')
}

// without is the file less its sum, and less the proofs too.
func (f *file) without(proofs bool) []byte {
	bare := *f
	bare.Sum = nil
	if proofs {
		bare.Proofs = nil
	}
	return bare.bytes()
}

// prove sees that whoever wrote the file held all its keys.
func (f *file) prove(keys Keys) error {
	proved := f.without(true)
	for i, k := range keys.all() {
		if !hmac.Equal(f.Proofs[i], proof(f.Ring, k, proved)) {
			return damaged(fmt.Errorf("the proof under key %s differs", k.id))
		}
	}
	return nil
}

// pick finds the ring's own keys among those somebody holds. Somebody who signed in before the last change holds others.
func (f *file) pick(have Keys) (Keys, error) {
	var out [2]*Key
	for i, id := range f.Keys {
		at := slices.IndexFunc(have.all(), func(k *Key) bool { return k.id == id && keyID(f.Ring, k.secret[:]) == id })
		if at < 0 {
			return Keys{}, dossier.Invalid("", "safe.changed")
		}
		out[i] = have.all()[at]
	}
	return Keys{out[0], out[1]}, nil
}

// unlock opens the keys with a password; ok is false for a wrong one and for a name nobody has, after the same time.
func (f *file) unlock(who []byte, password string, machine []byte) (u Unlocked, ok bool, err error) {
	e, known := f.user(who)
	if !known { // as slow as somebody, and always the same one
		e = f.Users[int(who[0])%len(f.Users)]
		e.Salt = who[:saltSize]
	}
	typed := prepare(password)
	defer clear(typed)
	wrap := e.wrapKey(f.Ring, typed, machine)
	defer clear(wrap)
	seed, err := e.unwrap(wrap, e.bound(f.Ring))
	defer clear(seed)
	if err != nil || !known {
		return Unlocked{}, false, nil
	}
	keys, err := f.unseal(e.holder, seed)
	return Unlocked{User: e.ID, Keys: keys}, err == nil, err
}

// recover opens the keys with the recovery code. Code: safe.code-wrong.
func (f *file) recover(code Code) (Unlocked, error) {
	wrap := code.wrapKey(f.Ring)
	defer clear(wrap)
	seed, err := f.Recovery.unwrap(wrap, f.Recovery.bound(f.Ring))
	if err != nil {
		return Unlocked{}, dossier.Invalid("code", "safe.code-wrong")
	}
	defer clear(seed)
	keys, err := f.unseal(f.Recovery, seed)
	return Unlocked{Keys: keys}, err
}

// unseal opens the keys that are sealed to a holder, and sees that the whole file is theirs.
func (f *file) unseal(h holder, seed []byte) (Keys, error) {
	var out [2]*Key
	for i, sealed := range h.Keys {
		k, err := h.open(f.Ring, f.Keys[i], seed, sealed)
		if err != nil {
			return Keys{}, damaged(err)
		}
		out[i] = k
	}
	keys := Keys{out[0], out[1]}
	if err := f.prove(keys); err != nil {
		keys.Wipe()
		return Keys{}, err
	}
	return keys, nil
}

func (f *file) user(name []byte) (entry, bool) {
	for _, e := range f.Users {
		if bytes.Equal(e.Name, name) {
			return e, true
		}
	}
	return entry{}, false
}

func (f *file) eachHolder(do func(*holder) error) error {
	if err := do(&f.Recovery); err != nil {
		return err
	}
	for i := range f.Users {
		if err := do(&f.Users[i].holder); err != nil {
			return err
		}
	}
	return nil
}

// renewRecovery puts a new recovery code in the place of the one before.
func (f *file) renewRecovery(keys Keys) (Code, error) {
	code := Code(random(len(Code{})))
	h := holder{ID: newID()}
	seed, err := h.renew(f.Ring, keys)
	if err != nil {
		return Code{}, err
	}
	defer clear(seed)
	wrap := code.wrapKey(f.Ring)
	defer clear(wrap)
	h.Private, err = wrapSeed(wrap, seed, h.bound(f.Ring))
	f.Recovery = h
	return code, err
}

func damaged(err error) error {
	return fmt.Errorf("%w: %w", dossier.Invalid("", "safe.damaged"), err)
}

// readLimited reads a file that must not be longer than it may be.
func readLimited(path string, max int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, max+1))
}

// foldName is a sign-in name as it is compared: NFC, without stray blanks, lower case.
func foldName(name string) string { return dossier.Clean(strings.ToLower(dossier.Clean(name))) }
