package vfs

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"reflect"
	"unsafe"

	"golang.org/x/crypto/xts"
)

// unitSize is what is encrypted at a time: the most that every disk writes whole or not at all. With larger units a power cut leaves some
// that are neither old nor new.
const unitSize = 512

// role is what a file is to its database. Each has a key of its own, because places in them are numbered alike.
type role int

const (
	mainFile role = iota
	walFile
	journalFile
	passing // temporary, under a key that dies with it
)

var roleNames = [...]string{mainFile: "main", walFile: "wal", journalFile: "journal"}

// key encrypts the units of a file with AES-256 in XTS mode. Its owner sees to it that it is not used once it is erased.
type key struct {
	xts    *xts.Cipher
	blocks []cipher.Block // of xts
}

// derive is the key of a role. The database's key is random and of that database alone, so no salt is wanted.
func derive(database *[32]byte, r role) (*key, error) {
	secret, err := hkdf.Key(sha256.New, database[:], nil, "tiepnhan database file, version 1: "+roleNames[r], 64)
	if err != nil {
		return nil, err
	}
	defer clear(secret)
	return newKey(secret)
}

// passingKey is known to nobody.
func passingKey() (*key, error) {
	secret := make([]byte, 64)
	rand.Read(secret)
	defer clear(secret)
	return newKey(secret)
}

func newKey(secret []byte) (*key, error) {
	k := &key{}
	var err error
	k.xts, err = xts.NewCipher(func(half []byte) (cipher.Block, error) {
		b, err := aes.NewCipher(half)
		k.blocks = append(k.blocks, b)
		return b, err
	}, secret)
	return k, err
}

// encrypt writes whole units, the first of which has that number.
func (k *key) encrypt(to, from []byte, unit uint64) {
	for ; len(from) > 0; unit++ {
		k.xts.Encrypt(to[:unitSize], from[:unitSize], unit)
		to, from = to[unitSize:], from[unitSize:]
	}
}

// decrypt reads whole units. One of zeros was never written and reads as zeros, as in any file; that an encrypted one has only zeros will not
// happen.
func (k *key) decrypt(to, from []byte, unit uint64) {
	for ; len(from) > 0; unit++ {
		if isZero(from[:unitSize]) {
			clear(to[:unitSize])
		} else {
			k.xts.Decrypt(to[:unitSize], from[:unitSize], unit)
		}
		to, from = to[unitSize:], from[unitSize:]
	}
}

func isZero(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return false
		}
	}
	return true
}

// erase overwrites the expanded keys where they stand: the library has no word for it, and the garbage collector takes its time.
func (k *key) erase() {
	for _, b := range k.blocks {
		if v := reflect.ValueOf(b); v.Kind() == reflect.Pointer {
			clear(unsafe.Slice((*byte)(v.UnsafePointer()), v.Type().Elem().Size()))
		}
	}
}
