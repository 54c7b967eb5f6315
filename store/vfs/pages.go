package vfs

import "errors"

// Whole databases are carried into a layer and out of it page by page, when a backup is restored: SQLite itself has no way to write a file
// it is not to understand yet.

var errErased = errors.New("the key of the layer is erased")

// EncryptPages encrypts, in place, what is to stand in a main file from that offset on. Both are multiples of 512.
func (l *Layer) EncryptPages(pages []byte, offset int64) error {
	return l.pages(pages, offset, (*key).encrypt)
}

// DecryptPages is the way back.
func (l *Layer) DecryptPages(pages []byte, offset int64) error {
	return l.pages(pages, offset, (*key).decrypt)
}

func (l *Layer) pages(pages []byte, offset int64, do func(k *key, to, from []byte, unit uint64)) error {
	if len(pages)%unitSize != 0 || offset%unitSize != 0 || offset < 0 {
		return errors.New("pages are whole units")
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.erased {
		return errErased
	}
	do(l.roles[mainFile], pages, pages, uint64(offset/unitSize))
	return nil
}
