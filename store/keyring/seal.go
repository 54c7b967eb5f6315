package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// Lengths of what is written.
const (
	nameSize    = sha256.Size
	tagSize     = 16
	seedSize    = 32
	publicSize  = 1216               // ML-KEM-768 1184, X25519 32
	wrappedSize = seedSize + 12 + 16 // nonce, tag
	sealedSize  = 1120 + KeySize + 16
)

// The suite: hybrid, so that a disk that is stolen today is not opened by the machines of later years, as the envelopes are.
func kem() hpke.KEM   { return hpke.MLKEM768X25519() }
func kdf() hpke.KDF   { return hpke.HKDFSHA256() }
func aead() hpke.AEAD { return hpke.AES256GCM() }

// bind joins parts so that no two lists of parts come out alike. The first says what it is for.
func bind(purpose string, parts ...[]byte) []byte {
	out := append([]byte("tiepnhan keyring 1 "+purpose), 0)
	for _, p := range parts {
		out = append(binary.BigEndian.AppendUint32(out, uint32(len(p))), p...)
	}
	return out
}

// derive is HKDF-SHA256. It cannot fail for the few bytes that are asked here.
func derive(secret, salt, info []byte, size int) []byte {
	out, err := hkdf.Key(sha256.New, secret, salt, string(info), size)
	if err != nil {
		panic(err)
	}
	return out
}

// hash is a sign-in name's place in this ring. The salt keeps lists made for other rings from serving here; it does not keep anybody
// from trying names.
func (f *file) hash(name string) []byte {
	m := hmac.New(sha256.New, f.Salt)
	m.Write(bind("name", f.Ring[:], []byte(foldName(name))))
	return m.Sum(nil)
}

// machineTag tells this PC's entries from another's. It is derived from 256 random bits and tells nothing about them.
func machineTag(ring ID, machine []byte) []byte {
	return derive(machine, ring[:], bind("machine"), tagSize)
}

// keyID is derived from the key, so that a key that comes out of a file is known to be the one that is meant.
func keyID(ring ID, secret []byte) KeyID {
	return KeyID(derive(secret, ring[:], bind("key id"), len(KeyID{})))
}

// proof is a key holder's word on a file.
func proof(ring ID, k *Key, file []byte) []byte {
	key := derive(k.secret[:], ring[:], bind("proof"), sha256.Size)
	defer clear(key)
	m := hmac.New(sha256.New, key)
	m.Write(file)
	return m.Sum(nil)
}

// wrapKey is what a user's private key is wrapped under. The password's part is slow; this PC's part cannot be guessed at all, so a copy
// of the folder alone cannot even be tried.
func (e entry) wrapKey(ring ID, password, machine []byte) []byte {
	slow := e.Cost.derive(password, e.Salt)
	defer clear(slow)
	both := append(slow[:len(slow):len(slow)], machine...)
	defer clear(both)
	return derive(both, e.Salt, bind("password", ring[:], e.ID[:]), KeySize)
}

// wrapKey is what the recovery code's private key is wrapped under.
func (c Code) wrapKey(ring ID) []byte { return derive(c[:], ring[:], bind("recovery"), KeySize) }

// bound is everything of an entry that its private key is bound to.
func (e entry) bound(ring ID) []byte {
	return bind("user", ring[:], e.ID[:], e.Public, e.Name, e.Machine, e.Cost.bytes(), e.Salt)
}

// bound is everything of the recovery code's part that its private key is bound to.
func (h holder) bound(ring ID) []byte { return bind("recovery", ring[:], h.ID[:], h.Public) }

// renew makes a key pair and seals all keys to it. The seed of the private half is still to be wrapped.
func (h *holder) renew(ring ID, keys Keys) (seed []byte, err error) {
	private, err := kem().GenerateKey()
	if err != nil {
		return nil, fmt.Errorf("make a key pair: %w", err)
	}
	if seed, err = private.Bytes(); err != nil {
		return nil, fmt.Errorf("make a key pair: %w", err)
	}
	h.Public, h.Keys = private.PublicKey().Bytes(), nil
	for _, k := range keys.all() {
		sealed, err := h.seal(ring, k)
		if err != nil {
			return nil, err
		}
		h.Keys = append(h.Keys, sealed)
	}
	return seed, nil
}

// sealing is what a sealed key is bound to.
func (h holder) sealing(ring ID, id KeyID) []byte { return bind("key", ring[:], h.ID[:], id[:]) }

func (h holder) seal(ring ID, k *Key) ([]byte, error) {
	public, err := kem().NewPublicKey(h.Public)
	if err != nil {
		return nil, damaged(fmt.Errorf("holder %s: %w", h.ID, err))
	}
	sealed, err := hpke.Seal(public, kdf(), aead(), h.sealing(ring, k.id), k.secret[:])
	if err != nil {
		return nil, fmt.Errorf("seal a key: %w", err)
	}
	return sealed, nil
}

func (h holder) open(ring ID, id KeyID, seed, sealed []byte) (*Key, error) {
	private, err := kem().NewPrivateKey(seed)
	if err != nil {
		return nil, fmt.Errorf("holder %s: %w", h.ID, err)
	}
	secret, err := hpke.Open(private, kdf(), aead(), h.sealing(ring, id), sealed)
	if err != nil {
		return nil, fmt.Errorf("open a key sealed to %s: %w", h.ID, err)
	}
	defer clear(secret)
	if len(secret) != KeySize || keyID(ring, secret) != id {
		return nil, fmt.Errorf("the key sealed to %s is another", h.ID)
	}
	k := &Key{id: id}
	copy(k.secret[:], secret)
	return k, nil
}

// wrapSeed wraps the seed of a private key.
func wrapSeed(key, seed, bound []byte) ([]byte, error) {
	gcm, err := sealer(key)
	if err != nil {
		return nil, err
	}
	return gcm.Seal(nil, nil, seed, bound), nil
}

func (h holder) unwrap(key, bound []byte) ([]byte, error) {
	gcm, err := sealer(key)
	if err != nil {
		return nil, err
	}
	return gcm.Open(nil, nil, h.Private, bound)
}

func sealer(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
