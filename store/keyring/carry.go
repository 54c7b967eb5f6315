package keyring

import "slices"

// A backup carries the ring of its time along: what opened the store then opens the backup.

// Files are the names of a ring's files in its folder.
func Files() []string { return slices.Clone(copies) }

// Export is the ring of a folder as it is written, of whichever copy is whole. Codes: those of Open.
func Export(dir string) ([]byte, error) {
	r := newRing(dir, Options{})
	unlock, err := r.lockToRead()
	if err != nil {
		return nil, err
	}
	defer unlock()
	f, err := r.load()
	if err != nil {
		return nil, err
	}
	return f.bytes(), nil
}

// Look is what can be seen of an exported ring without a key: which it is, and which database keys it holds. Codes: safe.damaged, safe.newer.
func Look(exported []byte) (ID, []KeyID, error) {
	f, err := decode(exported, true)
	if err != nil {
		return ID{}, nil, err
	}
	return f.Ring, f.Keys, nil
}

// Import writes an exported ring into a folder, in the place of whatever ring stands there. Codes: safe.damaged, safe.newer, safe.not-kept,
// safe.busy.
func Import(dir string, exported []byte) error {
	r := newRing(dir, Options{})
	if _, err := decode(exported, true); err != nil {
		return err
	}
	unlock, err := r.lock()
	if err != nil {
		return err
	}
	defer unlock()
	for _, name := range copies {
		if err := r.opts.disk.save(dir, name, exported); err != nil {
			return r.notKept(err)
		}
	}
	return nil
}
