package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
	"tiepnhan/store/vfs"
)

// Restoring is one restore. Whoever asks for it is alone in the station's folder and has nothing of it open.
type Restoring struct {
	Dir     string        // the station's folder
	From    string        // the backup
	Ring    *keyring.Ring // of the folder, opened; nil where there is none, or none that can be read
	Keys    keyring.Keys  // that it gave
	Machine []byte        // this PC's secret

	// What opens the backup where the folder's keys do not, because it was made under another: the password Name has today, or the recovery code.
	Name, Password, Code string

	By, Confirmed dossier.OfficerID
	// Admits, if it is not nil, tells who By is among the users the backup knows, and whether they may do this.
	Admits func([]dossier.User) (dossier.OfficerID, error)
	Now    func() time.Time
	Told   func(dossier.BackupStep)

	at func(step string) error // tests put failures here
}

// Restored is what stands in the folder now. Where a restore failed, the ring and its keys are those the folder has, which may be others than before.
type Restored struct {
	Backup dossier.Backup
	Ring   *keyring.Ring
	Keys   keyring.Keys // the store stands under the current one, which no other database ever had
	Aside  string       // the folder what stood there before was put into; empty where nothing did
}

// errCrash is what tests end a restore with as a power cut would: nothing is tidied up.
var errCrash = errors.New("the power is gone")

// Restore puts a backup into the place of the store. The restored one is brought up to date, looked through, begins a new life of its journal
// and says who restored it, before it gets its name; so the next exchange brings back what was sent since. Until that moment the
// folder is as it was, but for the key ring, which holds one key more; after it, what stood there before lies in a folder of its own, whole. Where
// the power goes in between, the next who opens the store to write ends it. Where the folder had no ring, the backup's own stands there
// afterwards, and opens with the recovery code alone until somebody sets a password. Codes: backup.busy, backup.other-station, backup.old-key (Code is
// needed), backup.key, backup.damaged, backup.differs, backup.faults, backup.full, backup.read-only, those of Read, of Admits, of
// keyring.Recover for Code, and store.newer.
func Restore(ctx context.Context, r Restoring) (out Restored, err error) {
	room, err := enter(r.Dir)
	if err != nil {
		return out, err
	}
	defer func() {
		if !errors.Is(err, errCrash) {
			err = errors.Join(err, placed(room.leave(), r.Dir))
		} else {
			err = errors.Join(err, room.lock.Unlock())
		}
	}()
	out.Ring, out.Keys = r.Ring, r.Keys
	if r.at == nil {
		r.at = func(string) error { return nil }
	}
	f, o, err := open(r.From)
	if err != nil {
		return out, err
	}
	defer f.Close()
	out.Backup = o.backup(r.From, isProved(r.From, o))
	own, key, err := r.opened(room, o)
	if err != nil {
		return out, err
	}
	g := newGoing(r.Told)
	s, err := room.unpack(ctx, f, r.From, key, o, func(done, all int64) { g.tell(dossier.BackupUnpacks, done, all) })
	if err != nil {
		return out, err
	}
	defer func() {
		if !errors.Is(err, errCrash) {
			err = errors.Join(err, s.close())
		} else {
			err = errors.Join(err, s.layer.Close())
		}
	}()
	g.tell(dossier.BackupProves, 0, 0)
	if err := r.begin(ctx, s, o); err != nil {
		return out, err
	}
	if err := ctx.Err(); err != nil { // from here on it goes to the end
		return out, err
	}
	err = r.swap(room, s, own, &out, g)
	return out, err
}

// ownRing is the backup's own ring in the room, opened.
type ownRing struct {
	ring *keyring.Ring
	keys keyring.Keys
	dir  string
}

// opened finds what opens the backup. own is zero where the folder's ring does.
func (r *Restoring) opened(room *room, o outside) (own ownRing, _ secret, _ error) {
	var none secret
	theirs, _, err := keyring.Look(o.Ring)
	if err != nil {
		return own, none, fmt.Errorf("%w: %w", said("backup.damaged", r.From), err)
	}
	if r.Ring != nil {
		exported, err := keyring.Export(r.Dir)
		if err != nil {
			return own, none, err
		}
		if ours, _, err := keyring.Look(exported); err != nil || ours != theirs {
			return own, none, errors.Join(said("backup.other-station", r.From), err)
		}
		if known, err := secretsOf(r.Keys); err != nil {
			return own, none, err
		} else if s, ok := known[o.Key]; ok {
			return own, s, nil
		}
	}
	own.dir = filepath.Join(room.dir, "khoa")
	if err := os.Mkdir(own.dir, 0o700); err != nil {
		return own, none, placed(err, r.Dir)
	}
	if err := keyring.Import(own.dir, o.Ring); err != nil {
		return own, none, err
	}
	if own.ring, err = keyring.Open(own.dir, keyring.Options{Machine: r.Machine}); err != nil {
		return own, none, err
	}
	if r.Ring != nil && r.Password != "" { // whoever knows it now was let in with it just now
		if u, err := own.ring.Unlock(r.Name, r.Password); err == nil {
			own.keys = u.Keys
		}
	}
	if own.keys.Current == nil {
		if r.Code == "" {
			return own, none, said("backup.old-key", r.From)
		}
		u, err := own.ring.Recover(r.Code)
		if err != nil {
			return own, none, err
		}
		own.keys = u.Keys
	}
	known, err := secretsOf(own.keys)
	if err != nil {
		return own, none, err
	}
	s, ok := known[o.Key]
	if !ok {
		return own, none, said("backup.key", r.From)
	}
	if r.Ring != nil {
		own.keys.Wipe()
	}
	return own, s, nil
}

// begin looks the restored store through and has it begin its new life. It is whole in its main file afterwards.
func (r *Restoring) begin(ctx context.Context, s *scratch, o outside) (err error) {
	st, err := s.open(ctx, true, store.Options{Now: r.Now})
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, st.Close())
		if _, no := os.Lstat(s.path() + "-wal"); err == nil && no == nil {
			err = errors.New("the restored store has not written its log into its file")
		}
	}()
	if err := same(ctx, st, o, r.From); err != nil {
		return err
	}
	if r.Admits != nil {
		users, err := st.Users(ctx)
		if err != nil {
			return err
		}
		if r.By, err = r.Admits(users); err != nil {
			return err
		}
	}
	if _, err := st.Fork(ctx, st.Own().Head, dossier.HealedRestored); err != nil {
		return err
	}
	body, err := json.Marshal(dossier.Restore{Made: o.Made, Confirmed: r.Confirmed})
	if err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	return st.Record(ctx, dossier.Event{ID: dossier.EventID(id), Kind: dossier.TraceRestored, By: r.By, At: r.Now(), Body: body})
}

// swap gives the restored store its key and its name. Each step leaves the folder so that whoever opens it next has the old store or the
// restored one.
func (r *Restoring) swap(room *room, s *scratch, own ownRing, out *Restored, g *going) (err error) {
	path := filepath.Join(r.Dir, store.FileName)
	step := func(name string) error {
		if err == nil {
			err = r.at(name)
		}
		return err
	}
	if step("looked through") != nil {
		return err
	}
	if out.Aside, err = aside(r.Dir, r.Now()); err != nil || step("put aside") != nil {
		return r.undo(out.Aside, err)
	}
	if r.Ring != nil {
		err = nextKey(r.Ring, &r.Keys, path)
		out.Ring, out.Keys = r.Ring, r.Keys
	} else {
		out.Ring, out.Keys = own.ring, own.keys
		err = freshKey(own.ring, &out.Keys)
	}
	if err != nil || step("key") != nil {
		return r.undo(out.Aside, err)
	}
	next := out.Keys.Next
	if next == nil {
		next = out.Keys.Current
	}
	under, err := vfs.Register(strings.Replace(s.layer.Name(), "backup", "restore", 1), (*[keyring.KeySize]byte)(next.Bytes()))
	if err != nil {
		return r.undo(out.Aside, err)
	}
	fresh := filepath.Join(room.dir, store.FileName)
	err = errors.Join(recode(s, fresh, under), under.Close())
	if err != nil || step("recoded") != nil {
		return r.undo(out.Aside, placed(err, r.Dir))
	}
	if r.Ring == nil {
		var exported []byte
		if exported, err = keyring.Export(own.dir); err == nil {
			err = keyring.Import(r.Dir, exported)
		}
		if step("ring") != nil { // what stands aside is all there is of the ring before
			return err
		}
	}
	// The moment. The log of the old store is under another key than the new one: SQLite takes it for none.
	if err := placed(replace(fresh, path), r.Dir); err != nil {
		if r.Ring == nil {
			return err
		}
		return r.undo(out.Aside, err)
	}
	if err = placed(flushDir(r.Dir), r.Dir); step("named") != nil { // both keys stay, for either may stand there tomorrow
		return err
	}
	// What follows is of no moment: whoever opens the store next does without it, or does it.
	for _, suffix := range []string{"-wal", "-shm", "-journal", ".new-key"} {
		_ = os.Remove(path + suffix)
	}
	_ = flushDir(r.Dir)
	if step("tidied") != nil {
		return err
	}
	if r.Ring == nil {
		out.Ring, err = keyring.Open(r.Dir, keyring.Options{Machine: r.Machine})
	} else if keys, err := r.Ring.Finish(out.Keys); err == nil {
		out.Keys = keys
	}
	return errors.Join(err, step("finished"))
}

// undo takes the folder away into which was put what stands where it stood.
func (r *Restoring) undo(aside string, err error) error {
	if aside == "" || errors.Is(err, errCrash) {
		return err
	}
	return errors.Join(err, os.RemoveAll(aside))
}

// nextKey begins to change the key of the store that stands there, to one no database has.
func nextKey(ring *keyring.Ring, keys *keyring.Keys, path string) error {
	if keys.Next != nil {
		under, err := vfs.Register(fmt.Sprintf("restore-from-%p", keys), (*[keyring.KeySize]byte)(keys.Current.Bytes()))
		if err != nil {
			return err
		}
		_, missing := os.Stat(path)
		current := missing == nil && under.Check(path) == nil
		if err := under.Close(); err != nil {
			return err
		}
		if current { // the next one is nobody's yet
			return nil
		}
		next, err := ring.Finish(*keys)
		if err != nil {
			return err
		}
		*keys = next
	}
	next, err := ring.Rekey(*keys)
	if err == nil {
		*keys = next
	}
	return err
}

// freshKey gives a ring that is nowhere in use a key no database has, and no other.
func freshKey(ring *keyring.Ring, keys *keyring.Keys) error {
	for _, do := range []func(keyring.Keys) (keyring.Keys, error){ring.Finish, ring.Rekey, ring.Finish} {
		next, err := do(*keys)
		if err != nil {
			return err
		}
		*keys = next
	}
	return nil
}

// recode writes the scratch file under the key it is to stay under, and reads it back.
func recode(s *scratch, fresh string, under *vfs.Layer) error {
	from, err := os.Open(s.path())
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(fresh, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer to.Close() // once more does no harm
	w := &sealedWriter{to: to, layer: under}
	wrote, err := clearSum(from, s.layer, func(b []byte) error {
		_, err := w.Write(b)
		return err
	})
	if err == nil {
		err = w.flush()
	}
	if err = errors.Join(err, to.Close()); err != nil {
		return err
	}
	back, err := openAgain(fresh)
	if err != nil {
		return err
	}
	defer back.Close()
	read, err := clearSum(back, under, func([]byte) error { return nil })
	if err == nil && read != wrote {
		err = said("backup.unreliable", filepath.Dir(filepath.Dir(fresh)))
	}
	return err
}

// clearSum reads a main file through its layer, and gives the sum of what it says.
func clearSum(from *os.File, layer *vfs.Layer, visit func([]byte) error) (dossier.Hash, error) {
	sum, room, at := newSum(), alignedRoom(piece), int64(0)
	for {
		n, err := io.ReadFull(from, room)
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err == nil || last {
			err = layer.DecryptPages(room[:n], at)
		}
		if err == nil {
			sum.Write(room[:n])
			at += int64(n)
			err = visit(room[:n])
		}
		if err != nil {
			return dossier.Hash{}, err
		}
		if last {
			return dossier.Hash(sum.Sum(nil)), nil
		}
	}
}

// aside puts what stands in a station's folder into a folder beside it, whole, by a second name where the disk knows such. What stands there
// stays where it is.
func aside(dir string, now time.Time) (folder string, err error) {
	path := filepath.Join(dir, store.FileName)
	names := append(keyring.Files(), store.FileName, store.FileName+"-wal", store.FileName+"-journal")
	for n := 0; folder == ""; n++ {
		at := filepath.Join(dir, asideFor+now.In(dossier.Hanoi).Format("20060102-150405"))
		if n > 0 {
			at += fmt.Sprintf("-%d", n)
		}
		switch err := os.Mkdir(at, 0o700); {
		case err == nil:
			folder = at
		case !errors.Is(err, os.ErrExist) || n > 100:
			return "", placed(err, dir)
		}
	}
	some := false
	for _, name := range names {
		from, to := filepath.Join(dir, name), filepath.Join(folder, name)
		info, err := os.Lstat(from)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return folder, placed(err, dir)
		}
		some = true
		if !strings.HasPrefix(from, path) || os.Link(from, to) != nil { // the ring is changed where it stands
			if n := free(dir); n >= 0 && n < info.Size()+leave {
				return folder, said("backup.full", dir)
			}
			if err := copyFile(from, to); err != nil {
				return folder, placed(err, dir)
			}
		}
	}
	if !some {
		return "", placed(os.Remove(folder), dir)
	}
	return folder, placed(errors.Join(flushDir(folder), flushDir(dir)), dir)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
