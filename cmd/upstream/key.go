package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/store/vfs"
	"tiepnhan/sync/receive"
)

// An encrypted store is opened with the key in a file that its keeper puts elsewhere: on a stick that stays in the machine while it runs, or on
// a disk with its own protection. A service that starts by itself has nobody to ask for a password.

// keySize is the length of a database key in bytes; the file holds it as hexadecimal figures.
const keySize = 32

// unlock makes the layer that upstream's store is opened through; none where it is in clear and no key was given.
func (c *call) unlock() error {
	encrypted, err := vfs.Encrypted(c.store())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil // opening says so
	case err != nil:
		return fmt.Errorf("look at the store: %w", err)
	case encrypted && c.key == "":
		return dossier.Invalid("key", "upstream.key-needed")
	case !encrypted && c.key != "":
		return dossier.Invalid("key", "upstream.not-encrypted")
	case !encrypted:
		return nil
	}
	return c.register()
}

// lock forgets the key.
func (c *call) lock() error {
	if c.layer == nil {
		return nil
	}
	layer := c.layer
	c.layer = nil
	return layer.Close()
}

func (c *call) store() string { return filepath.Join(c.data, receive.FileName) }

func (c *call) register() error {
	key, err := c.readKey()
	if err != nil {
		return err
	}
	c.layer, err = vfs.Register("upstream", key)
	clear(key[:])
	return err
}

func (c *call) readKey() (*[keySize]byte, error) {
	bad := dossier.Invalid("key", "upstream.key-file", "file", c.key)
	f, err := os.Open(c.key)
	if err != nil {
		return nil, bad
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 4*keySize))
	if err != nil {
		return nil, bad
	}
	b, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(b) != keySize {
		return nil, bad
	}
	return (*[keySize]byte)(b), nil
}

// newKey makes the key's file, if there is none, and the layer. Beside the store it would protect nothing. Codes: upstream.key-beside, upstream.key-file.
func (c *call) newKey() error {
	data, err := filepath.Abs(c.data)
	if err != nil {
		return fmt.Errorf("find the folder: %w", err)
	}
	key, err := filepath.Abs(c.key)
	if err != nil {
		return fmt.Errorf("find the key: %w", err)
	}
	if in, err := filepath.Rel(data, key); err == nil && filepath.IsLocal(in) {
		return dossier.Invalid("key", "upstream.key-beside")
	}
	f, err := os.OpenFile(key, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return c.register()
	}
	if err != nil {
		return dossier.Invalid("key", "upstream.key-file", "file", c.key)
	}
	b := make([]byte, keySize)
	rand.Read(b)
	_, err = fmt.Fprintf(f, "%x\n", b)
	clear(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("keep the key: %w", err)
	}
	return c.register()
}

// encrypt puts a store that is in clear under a key. Nobody may have it open.
func encrypt(c *call) error {
	if _, err := c.parse(0); err != nil {
		return err
	}
	if c.key == "" {
		return c.usage()
	}
	if _, err := os.Stat(c.store()); err != nil {
		return dossier.Invalid("data", "upstream.no-store", "folder", c.data)
	}
	if err := c.newKey(); err != nil {
		return err
	}
	err := vfs.Convert(c.ctx, c.store(), nil, c.layer)
	if err = errors.Join(err, c.lock()); err != nil {
		return err
	}
	return c.out(map[string]bool{"encrypted": true}, func(w io.Writer) {
		fmt.Fprintln(w, "Đã mã hóa kho. Cất một bản của tệp khóa ở nơi khác: mất tệp khóa là mất toàn bộ dữ liệu.")
	})
}
