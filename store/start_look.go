package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tiepnhan/dossier"
)

// scratchPrefix begins the names of folders with copies that are only looked at.
const scratchPrefix = "tiepnhan-xem-"

// OpenToLook opens a store that cannot be opened to be written: one of a newer program, or one on a disk that cannot be written or has no room
// left. What is looked at is a copy of the file and its log in a folder of its own under scratch, encrypted if the store is, and goes when it is
// closed; the store itself is not touched. Everything that would keep something says why, which has a code of its own. Of a newer
// program's file this program takes the journals it can prove, and makes its own views from them: what it does not know is not
// shown. Codes: store.newer (not even that), store.look-room, store.missing, store.damaged, store.wrong-key, store.plain.
func OpenToLook(ctx context.Context, dir, scratch string, opts Options, why error) (s *Store, err error) {
	s, err = openToLook(ctx, dir, scratch, opts, why)
	if codeOf(err) == "store.full" {
		err = fmt.Errorf("%w: %w", dossier.Invalid("", "store.look-room", "folder", scratch), err)
	}
	return s, told("open the store to look at it", dir, err)
}

func openToLook(ctx context.Context, dir, scratch string, opts Options, why error) (_ *Store, err error) {
	if err := os.MkdirAll(scratch, 0o700); err != nil {
		return nil, err
	}
	forgetScratch(scratch)
	tmp, err := os.MkdirTemp(scratch, scratchPrefix)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(tmp))
		}
	}()
	if err := copyStill(ctx, dir, tmp, opts); err != nil {
		return nil, err
	}
	own := Options{VFS: opts.VFS, Now: opts.Now, NoReserve: true, Told: opts.Told, own: true}
	shown := tmp
	whole, err := Open(ctx, tmp, own) // brings the log in, and a file of an older program up to date
	switch {
	case dossier.Code(err) == "store.newer":
		if shown, err = ofNewer(ctx, tmp, own); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	default:
		if err := whole.Close(); err != nil {
			return nil, err
		}
	}
	own.ReadOnly = true
	s, err := Open(ctx, shown, own)
	if err != nil {
		return nil, err
	}
	s.why, s.scratch = why, tmp
	return s, nil
}

// ofNewer takes out of a newer program's file what this one can vouch for. Where its truth has another form, all journals must prove to be what this
// program takes them for. Code: store.newer.
func ofNewer(ctx context.Context, tmp string, opts Options) (string, error) {
	folder := filepath.Join(tmp, anewName)
	if err := os.Mkdir(folder, 0o700); err != nil {
		return "", err
	}
	err := anew(ctx, filepath.Join(tmp, FileName), folder, opts)
	if err == nil {
		err = journalsSound(ctx, folder, opts)
	}
	if err != nil && ctx.Err() == nil && codeOf(err) != "store.full" {
		err = fmt.Errorf("%w: %w", dossier.Invalid("", "store.newer"), err)
	}
	return folder, err
}

// copyStill copies file and log while nobody writes to them; where somebody does, once more.
func copyStill(ctx context.Context, dir, to string, opts Options) error {
	state := func() (out [2]os.FileInfo, err error) {
		for i, suffix := range []string{"", "-wal"} {
			out[i], err = os.Stat(filepath.Join(dir, FileName+suffix))
			if err != nil && (i == 0 || !errors.Is(err, os.ErrNotExist)) {
				return out, err
			}
		}
		return out, nil
	}
	same := func(a, b os.FileInfo) bool {
		return a == nil && b == nil || a != nil && b != nil && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
	}
	for range 3 {
		before, err := state()
		if errors.Is(err, os.ErrNotExist) {
			return dossier.Invalid("", "store.missing", "dir", dir)
		}
		if err != nil {
			return err
		}
		all, done := before[0].Size(), int64(0)
		if before[1] != nil {
			all += before[1].Size()
		}
		for _, suffix := range []string{"", "-wal"} {
			if err := removeIfThere(filepath.Join(to, FileName+suffix)); err != nil {
				return err
			}
			if err := copyFile(filepath.Join(dir, FileName+suffix), filepath.Join(to, FileName+suffix), func(n int) {
				done += int64(n)
				opts.tell(StepCopies, done, 2*all)
			}); err != nil {
				return err
			}
		}
		after, err := state()
		if err != nil {
			return err
		}
		if same(before[0], after[0]) && same(before[1], after[1]) {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return dossier.Invalid("", "store.busy")
}

// forgetScratch removes what a program left that was cut off while it looked.
func forgetScratch(scratch string) {
	old, _ := foldersOf(scratch, scratchPrefix)
	for _, folder := range old {
		if info, err := os.Stat(folder); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			_ = os.RemoveAll(folder) // encrypted as the store is; the next time will do
		}
	}
}

// OnlyLooks is why nothing can be kept in this store, nil where it can or where another program keeps it.
func (s *Store) OnlyLooks() error { return s.why }

// refuses is what a method that keeps something says where nothing can be kept.
func (s *Store) refuses(doing string) error {
	if s.why != nil {
		return fmt.Errorf("%s: %w", doing, s.why)
	}
	return fmt.Errorf("%s: %w", doing, dossier.Invalid("", "store.read-only", "dir", s.dir))
}
