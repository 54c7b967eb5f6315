package keyring

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"tiepnhan/dossier"
	"tiepnhan/dossier/dossiertest"
)

const (
	chief     = "Nguyễn Văn Mẫu"
	chiefPass = "mèo đen ngủ trên mái ngói đỏ"
	other     = "tran.thi.thu"
	otherPass = "xe đạp cũ kêu cót két ngoài ngõ"
	newPass   = "bát canh chua nguội dần bên cửa sổ"
)

var thisPC, anotherPC = bytes.Repeat([]byte{7}, MachineSize), bytes.Repeat([]byte{8}, MachineSize)

func options() Options { return Options{Machine: thisPC, light: true} }

// station is a ring with the chief and one more.
func station(t *testing.T) (dir string, r *Ring, u Unlocked, code Code) {
	t.Helper()
	dir = t.TempDir()
	r, u, code, err := Create(dir, options(), chief, chiefPass)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Add(u.Keys, other, otherPass); err != nil {
		t.Fatal(err)
	}
	return dir, r, u, code
}

func reopen(t *testing.T, dir string, o Options) *Ring {
	t.Helper()
	r, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if dossier.Code(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func same(a, b *Key) bool { return a.id == b.id && a.secret == b.secret }

func TestPasswordAndRecoveryCodeOpenTheSameKey(t *testing.T) {
	dir, _, made, code := station(t)
	for i, typed := range []struct{ name, password string }{
		{chief, chiefPass}, {norm.NFD.String(chief), norm.NFD.String(chiefPass)}, {"  NGUYỄN văn  mẫu ", chiefPass}, {other, otherPass},
		{strings.ToUpper(other), norm.NFD.String(otherPass)},
	} {
		u, err := reopen(t, dir, options()).Unlock(typed.name, typed.password)
		if err != nil || !same(u.Keys.Current, made.Keys.Current) || u.Keys.Next != nil {
			t.Errorf("%d: %v", i, err)
		}
		if i < 3 && u.User != made.User {
			t.Errorf("%d: another user", i)
		}
	}
	for _, o := range []Options{options(), {light: true}, {light: true, Machine: anotherPC}} {
		u, err := reopen(t, dir, o).Recover(code.String())
		if err != nil || !same(u.Keys.Current, made.Keys.Current) {
			t.Errorf("recovery with machine %v: %v", o.Machine, err)
		}
	}
}

func TestNothingElseOpens(t *testing.T) {
	dir, _, _, _ := station(t)
	_, _, _, foreign := station(t)
	wrongPC := options()
	wrongPC.Machine = anotherPC
	none := options()
	none.Machine = nil
	short := options()
	short.Machine = thisPC[:31]
	for _, x := range []struct {
		what     string
		o        Options
		name     string
		password string
		code     string
	}{
		{"wrong password", options(), chief, otherPass, "safe.wrong"},
		{"no password", options(), chief, "", "safe.wrong"},
		{"one letter less", options(), chief, chiefPass[:len(chiefPass)-1], "safe.wrong"},
		{"a blank more", options(), chief, chiefPass + " ", "safe.wrong"},
		{"unknown name", options(), "nobody", chiefPass, "safe.wrong"},
		{"no name", options(), "", chiefPass, "safe.wrong"},
		{"another PC", wrongPC, chief, chiefPass, "safe.other-pc"},
		{"another PC, unknown name", wrongPC, "nobody", chiefPass, "safe.other-pc"},
		{"no secret", none, chief, chiefPass, "safe.other-pc"},
		{"half a secret", short, chief, chiefPass, "safe.other-pc"},
		{"huge password", options(), chief, strings.Repeat("ế", 1<<20), "safe.wrong"},
		{"not text", options(), chief, "\xff\xfe\x00", "safe.wrong"},
	} {
		must(t, os.RemoveAll(filepath.Join(dir, attemptsName)))
		u, err := reopen(t, dir, x.o).Unlock(x.name, x.password)
		if dossier.Code(err) != x.code || u.Keys.Current != nil {
			t.Errorf("%s: %v, want %s", x.what, err, x.code)
		}
	}
	_, err := reopen(t, dir, options()).Recover(foreign.String())
	wantCode(t, err, "safe.code-wrong")
}

func TestEveryTamperedByteIsFound(t *testing.T) {
	dir, _, made, code := station(t)
	data, err := os.ReadFile(filepath.Join(dir, FileName))
	must(t, err)
	for i := range data {
		bad := slices.Clone(data)
		bad[i] ^= 1 << (i % 8)
		if _, err := decode(bad, true); err == nil {
			t.Fatalf("byte %d with bit %d flipped passes", i, i%8)
		}
	}
	for cut := 0; cut < len(data); cut += 13 {
		if _, err := decode(data[:cut], true); dossier.Code(err) != "safe.damaged" {
			t.Fatalf("cut at %d: %v", cut, err)
		}
	}

	// Somebody who knows the format mends the sum. Each field, each byte.
	whole, err := decode(data, true)
	must(t, err)
	tried := 0
	for _, place := range blobs(whole) {
		b := *place
		step := 1 + len(b)/150 // of the long ones, every eighth: nothing in them is like anything else
		for i := 0; i < len(b); i += step {
			b[i] ^= 1 << (i % 8)
			tried++
			attack(t, fmt.Sprintf("byte %d of %d", i, len(b)), whole, made.Keys.Current, code)
			b[i] ^= 1 << (i % 8)
		}
	}
	if tried < 1000 {
		t.Errorf("only %d bytes tried", tried)
	}
	if u, ok, err := whole.unlock(whole.hash(chief), chiefPass, thisPC); !ok || err != nil || !same(u.Keys.Current, made.Keys.Current) {
		t.Errorf("the untouched file: %v", err)
	}
}

// blobs are all places of a ring's file that hold bytes.
func blobs(f *file) []*[]byte {
	out := []*[]byte{&f.Salt, &f.Proofs[0], &f.Recovery.Public, &f.Recovery.Private, &f.Recovery.Keys[0]}
	ids := [][]byte{f.Ring[:], f.Keys[0][:], f.Recovery.ID[:]}
	for i := range f.Users {
		e := &f.Users[i]
		out = append(out, &e.Public, &e.Private, &e.Keys[0], &e.Name, &e.Machine, &e.Salt)
		ids = append(ids, e.ID[:])
	}
	for i := range ids {
		out = append(out, &ids[i])
	}
	return out
}

// attack tries every way in on a file that somebody changed.
func attack(t *testing.T, what string, f *file, right *Key, code Code) {
	t.Helper()
	for _, who := range []struct{ name, password string }{{chief, chiefPass}, {other, otherPass}} {
		if u, ok, err := f.unlock(f.hash(who.name), who.password, thisPC); ok || err == nil && u.Keys.Current != nil {
			t.Fatalf("%s changed, and %s opens it", what, who.name)
		} else if err != nil && dossier.Code(err) != "safe.damaged" {
			t.Fatalf("%s: %v", what, err)
		}
	}
	if u, err := f.recover(code); err == nil || u.Keys.Current != nil {
		t.Fatalf("%s changed, and the recovery code opens it", what)
	}
	if _, err := f.pick(Keys{Current: right}); err == nil && f.prove(Keys{Current: right}) == nil {
		t.Fatalf("%s changed, and it is proved", what)
	}
}

func TestPartsOfAnotherRingOpenNothing(t *testing.T) {
	read := func(dir string) *file {
		data, err := os.ReadFile(filepath.Join(dir, FileName))
		must(t, err)
		f, err := decode(data, true)
		must(t, err)
		return f
	}
	dirA, _, a, codeA := station(t)
	dirB, _, _, _ := station(t) // the same people, passwords and PC
	for what, mix := range map[string]func(f, from *file){
		"an entry":                func(f, from *file) { f.Users[0] = from.Users[0] },
		"an entry under our hash": func(f, from *file) { n := f.Users[0].Name; f.Users[0] = from.Users[0]; f.Users[0].Name = n },
		"a holder":                func(f, from *file) { f.Users[0].holder = from.Users[0].holder },
		"sealed keys":             func(f, from *file) { f.Users[0].Keys = from.Users[0].Keys },
		"keys of one's neighbour": func(f, _ *file) { f.Users[0].Keys = f.Users[1].Keys },
		"neighbours exchanged":    func(f, _ *file) { f.Users[0].Name, f.Users[1].Name = f.Users[1].Name, f.Users[0].Name },
		"the recovery part":       func(f, from *file) { f.Recovery = from.Recovery },
		"a public key":            func(f, from *file) { f.Users[1].Public = from.Users[1].Public },
		"everything but the id":   func(f, from *file) { id := f.Ring; *f = *from; f.Ring = id },
	} {
		f := read(dirA)
		mix(f, read(dirB))
		attack(t, what, f, a.Keys.Current, codeA)
	}
	// And a file whose every proof a stranger made with a key of his own is opened by nobody of ours.
	stranger := newKey(read(dirA).Ring)
	f := read(dirA)
	f.Keys = []KeyID{stranger.id}
	must(t, f.eachHolder(func(h *holder) error {
		sealed, err := h.seal(f.Ring, stranger)
		h.Keys = [][]byte{sealed}
		return err
	}))
	data, err := f.encode(Keys{Current: stranger})
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dirA, FileName), data, 0o600))
	r := reopen(t, dirA, options())
	_, err = r.Add(a.Keys, "ai.do", newPass)
	wantCode(t, err, "safe.changed")
}

// TestPrivateKeyIsBoundToItsWholeEntry does without the proof of the file: nothing of an entry can be exchanged for another's, not even by
// who holds the database key.
func TestPrivateKeyIsBoundToItsWholeEntry(t *testing.T) {
	_, r, _, code := station(t)
	f, err := r.load()
	must(t, err)
	open := func(ring ID, e entry, machine []byte) error {
		_, err := e.unwrap(e.wrapKey(ring, prepare(chiefPass), machine), e.bound(ring))
		return err
	}
	must(t, open(f.Ring, f.Users[0], thisPC))
	for what, change := range map[string]func(e *entry){
		"id":      func(e *entry) { e.ID = f.Users[1].ID },
		"name":    func(e *entry) { e.Name = f.Users[1].Name },
		"public":  func(e *entry) { e.Public = f.Users[1].Public },
		"machine": func(e *entry) { e.Machine = machineTag(f.Ring, anotherPC) },
		"cost":    func(e *entry) { e.Cost.Time++ },
		"salt":    func(e *entry) { e.Salt = f.Users[1].Salt },
		"private": func(e *entry) { e.Private = f.Users[1].Private },
	} {
		e := f.Users[0]
		change(&e)
		if open(f.Ring, e, thisPC) == nil {
			t.Errorf("%s of another's, and it opens", what)
		}
		bound := f.Users[0].bound(f.Ring)
		if what != "private" && bytes.Equal(e.bound(f.Ring), bound) {
			t.Errorf("%s is not bound", what)
		}
	}
	if open(newID(), f.Users[0], thisPC) == nil {
		t.Error("an entry opens in another ring")
	}
	for _, machine := range [][]byte{anotherPC, nil} { // whatever the tag says, this PC's secret is part of the key
		if open(f.Ring, f.Users[0], machine) == nil {
			t.Errorf("the password opens with the secret %x", machine)
		}
	}
	h := f.Recovery
	h.Public = f.Users[0].Public
	if _, err := h.unwrap(code.wrapKey(f.Ring), h.bound(f.Ring)); err == nil {
		t.Error("the recovery part opens with another's public key")
	}
}

func TestFileHoldsNoName(t *testing.T) {
	dir, r, u, _ := station(t)
	for _, wrong := range []string{chief, other, "0912345678", "Phạm Văn Lạ"} {
		if _, err := r.Unlock(wrong, "sai mật khẩu rồi nhé"); err == nil {
			t.Fatal("opened")
		}
	}
	_, err := r.Add(u.Keys, "0912345678", newPass)
	must(t, err)
	files := 0
	must(t, filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		for _, canary := range []string{chief, other, "0912345678", "Phạm Văn Lạ", chiefPass, otherPass, newPass, "mái ngói", "sai mật khẩu"} {
			for _, form := range []string{canary, foldName(canary), norm.NFD.String(canary), dossier.Fold(canary), base64.StdEncoding.EncodeToString([]byte(canary))} {
				if bytes.Contains(bytes.ToLower(data), bytes.ToLower([]byte(form))) {
					t.Errorf("%s holds %q", d.Name(), form)
				}
			}
		}
		if bytes.Contains(data, u.Keys.Current.Bytes()) || bytes.Contains(data, []byte(base64.StdEncoding.EncodeToString(u.Keys.Current.Bytes()))) {
			t.Errorf("%s holds the key", d.Name())
		}
		return nil
	}))
	if files < 3 {
		t.Errorf("only %d files looked at", files)
	}
}

func TestUserAddedRemovedAndAgain(t *testing.T) {
	dir, r, u, code := station(t)
	old := u.Keys.Current
	id, here, err := r.Has(other)
	if err != nil || !here {
		t.Fatal(err, here)
	}
	keys, err := r.Remove(u.Keys, id)
	must(t, err)
	if !same(keys.Current, old) || keys.Next == nil || same(keys.Next, old) {
		t.Fatal("the next key is not another one")
	}

	// In between, whoever stays holds both, and whoever went holds none.
	between := reopen(t, dir, options())
	_, err = between.Unlock(other, otherPass)
	wantCode(t, err, "safe.wrong")
	for what, open := range map[string]func() (Unlocked, error){
		"chief":    func() (Unlocked, error) { return between.Unlock(chief, chiefPass) },
		"recovery": func() (Unlocked, error) { return between.Recover(code.String()) },
	} {
		got, err := open()
		if err != nil || !same(got.Keys.Current, old) || got.Keys.Next == nil || !same(got.Keys.Next, keys.Next) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err = between.Rekey(keys)
	wantCode(t, err, "safe.changing")
	_, err = between.Add(u.Keys, "ai.do", newPass) // signed in before the change: does not hold the next key
	wantCode(t, err, "safe.changed")
	_, err = between.Add(keys, "ai.do", newPass) // people may come meanwhile
	must(t, err)

	done, err := between.Finish(keys)
	must(t, err)
	if !same(done.Current, keys.Next) || done.Next != nil {
		t.Error("not finished")
	}
	if again, err := between.Finish(keys); err != nil || !same(again.Current, keys.Next) || again.Next != nil {
		t.Errorf("finishing again: %v", err)
	}
	for _, who := range []struct{ name, password string }{{chief, chiefPass}, {"ai.do", newPass}} {
		got, err := reopen(t, dir, options()).Unlock(who.name, who.password)
		if err != nil || !same(got.Keys.Current, keys.Next) || got.Keys.Next != nil {
			t.Errorf("%s: %v", who.name, err)
		}
	}
	if got, err := reopen(t, dir, options()).Recover(code.String()); err != nil || !same(got.Keys.Current, keys.Next) {
		t.Errorf("recovery: %v", err)
	}
	_, err = between.Remove(u.Keys, id) // with the old key
	wantCode(t, err, "safe.changed")
	_, err = between.Remove(done, id)
	wantCode(t, err, "safe.unknown")
	_, err = between.Add(done, other, otherPass)
	must(t, err)
}

func TestLastUserStays(t *testing.T) {
	dir := t.TempDir()
	r, u, _, err := Create(dir, options(), chief, chiefPass)
	must(t, err)
	_, err = r.Remove(u.Keys, u.User)
	wantCode(t, err, "safe.last-user")
	_, _, _, err = Create(dir, options(), chief, chiefPass)
	wantCode(t, err, "safe.exists")
	_, err = r.Add(u.Keys, strings.ToUpper(norm.NFD.String(chief)), newPass)
	wantCode(t, err, "safe.name-taken")
	_, err = r.Add(u.Keys, " \u200b ", newPass)
	wantCode(t, err, "name.missing")
	_, err = r.Add(u.Keys, "ai", "ngắn")
	wantCode(t, err, "password.short")
	_, err = Open(t.TempDir(), options())
	wantCode(t, err, "safe.missing")
}

func TestPasswordsChange(t *testing.T) {
	dir, r, u, code := station(t)
	wantCode(t, r.ChangePassword(other, "sai mật khẩu rồi nhé", newPass), "safe.wrong")
	wantCode(t, r.ChangePassword(other, otherPass, norm.NFD.String(otherPass)), "password.same")
	must(t, r.ChangePassword(other, otherPass, newPass))
	_, err := r.Unlock(other, otherPass)
	wantCode(t, err, "safe.wrong")
	if _, err := r.Unlock(other, newPass); err != nil {
		t.Error(err)
	}
	before, _, _ := r.Has(other)
	must(t, r.SetPassword(u.Keys, other, otherPass))
	if after, here, _ := r.Has(other); before != after || !here {
		t.Error("the user's id changed")
	}
	wantCode(t, r.SetPassword(u.Keys, "không có ai", newPass), "safe.unknown")

	// The disk goes into another PC: the sheet opens, passwords are set anew there, and one by one people are back.
	moved := options()
	moved.Machine = anotherPC
	r = reopen(t, dir, moved)
	got, err := r.Recover(code.String())
	must(t, err)
	must(t, r.SetPassword(got.Keys, chief, newPass))
	if _, err := r.Unlock(chief, newPass); err != nil {
		t.Error(err)
	}
	_, err = r.Unlock(other, otherPass)
	wantCode(t, err, "safe.other-pc")
	if _, here, _ := r.Has(other); here {
		t.Error("somebody of the other PC can sign in here")
	}
	_, err = reopen(t, dir, Options{light: true}).Add(got.Keys, "ai.do", newPass)
	wantCode(t, err, "safe.no-machine")
}

func TestNewRecoveryCodeEndsTheOldOne(t *testing.T) {
	dir, r, u, code := station(t)
	next, err := r.NewCode(u.Keys)
	must(t, err)
	_, err = reopen(t, dir, options()).Recover(code.String())
	wantCode(t, err, "safe.code-wrong")
	if got, err := r.Recover(next.String()); err != nil || !same(got.Keys.Current, u.Keys.Current) {
		t.Error(err)
	}
}

// errCut is the power going.
var errCut = errors.New("cut")

// TestChangeHappensWholeOrNotAtAll breaks every operation at every step of its writing, by an error and by the power going, and looks who
// can open what afterwards.
func TestChangeHappensWholeOrNotAtAll(t *testing.T) {
	steps := 0
	for what, change := range map[string]func(r *Ring, u Unlocked, id ID) error{
		"add":    func(r *Ring, u Unlocked, _ ID) error { _, err := r.Add(u.Keys, "ai.do", newPass); return err },
		"set":    func(r *Ring, u Unlocked, _ ID) error { return r.SetPassword(u.Keys, other, newPass) },
		"remove": func(r *Ring, u Unlocked, id ID) error { _, err := r.Remove(u.Keys, id); return err },
		"rekey":  func(r *Ring, u Unlocked, _ ID) error { _, err := r.Rekey(u.Keys); return err },
		"finish": func(r *Ring, u Unlocked, _ ID) error { _, err := r.Finish(u.Keys); return err },
	} {
		home, r, u, code := station(t)
		id, _, err := r.Has(other)
		must(t, err)
		if what == "finish" {
			u.Keys, err = r.Rekey(u.Keys)
			must(t, err)
		}
		before := look(t, home, code)
		for _, cut := range []bool{true, false} {
			for at := 0; ; at++ {
				dir := t.TempDir()
				must(t, os.CopyFS(dir, os.DirFS(home)))
				r := reopen(t, dir, options())
				n, failed := 0, false
				r.opts.disk.before = func(string, string) error {
					if n++; n-1 == at {
						failed = true
						if cut {
							panic(errCut)
						}
						return errors.New("I/O error")
					}
					return nil
				}
				err = func() (err error) {
					defer func() {
						if p := recover(); p != nil {
							err = p.(error)
						}
					}()
					return change(r, u, id)
				}()
				if !failed {
					if err != nil {
						t.Fatalf("%s: %v", what, err)
					}
					break
				}
				steps++
				if err == nil && at < 12 {
					t.Errorf("%s: a failure at step %d is not told", what, at)
				}
				after := look(t, dir, code)
				r.opts.disk.before = nil
				whole := look(t, doneWithout(t, dir, what, change, u, id), code)
				if after != before && after != whole {
					t.Errorf("%s at step %d (cut %v): before %s, after %s, whole %s", what, at, cut, before, after, whole)
				}
				// Whatever happened, the second copy alone serves too, once somebody signed in.
				r = reopen(t, dir, options())
				f, err := r.load()
				must(t, err)
				got, ok, err := f.unlock(f.hash(chief), chiefPass, thisPC)
				if !ok || err != nil {
					t.Fatal(ok, err)
				}
				r.mend(got.Keys)
				must(t, os.Remove(filepath.Join(dir, FileName)))
				if second := look(t, dir, code); second != after {
					t.Errorf("%s at step %d (cut %v): the second copy says %s, the first %s", what, at, cut, second, after)
				}
			}
		}
	}
	if steps < 100 {
		t.Errorf("only %d steps broken", steps)
	}
}

// doneWithout repeats a change without failures, in a copy of the folder as it is.
func doneWithout(t *testing.T, dir, what string, change func(*Ring, Unlocked, ID) error, u Unlocked, id ID) string {
	t.Helper()
	to := t.TempDir()
	must(t, os.CopyFS(to, os.DirFS(dir)))
	_ = change(reopen(t, to, options()), u, id) // done already where the failure came late
	return to
}

// look tells who can open a folder, and how many keys they get.
func look(t *testing.T, dir string, code Code) string {
	t.Helper()
	f, err := reopen(t, dir, options()).load()
	must(t, err)
	out := ""
	for _, who := range []struct{ name, password string }{{chief, chiefPass}, {other, otherPass}, {other, newPass}, {"ai.do", newPass}} {
		u, ok, err := f.unlock(f.hash(who.name), who.password, thisPC)
		out += fmt.Sprintf(" %v%s:%d", ok, dossier.Code(err), len(u.Keys.all()))
	}
	u, err := f.recover(code)
	return out + fmt.Sprintf(" %s:%d", dossier.Code(err), len(u.Keys.all()))
}

func TestSecondCopyServesWhenTheFirstIsDamagedAndIsMended(t *testing.T) {
	dir, _, u, code := station(t)
	whole, err := os.ReadFile(filepath.Join(dir, FileName))
	must(t, err)
	for what, spoil := range map[string]func(path string) error{
		"gone":   os.Remove,
		"zeros":  func(p string) error { return os.WriteFile(p, make([]byte, len(whole)), 0o600) },
		"empty":  func(p string) error { return os.Truncate(p, 0) },
		"torn":   func(p string) error { return os.Truncate(p, int64(len(whole)/2)) },
		"huge":   func(p string) error { return os.Truncate(p, 1<<30) },
		"folder": func(p string) error { return errors.Join(os.Remove(p), os.Mkdir(p, 0o700)) },
	} {
		for _, name := range copies {
			must(t, spoil(filepath.Join(dir, name)))
			got, err := reopen(t, dir, options()).Unlock(chief, chiefPass)
			if err != nil || !same(got.Keys.Current, u.Keys.Current) {
				t.Errorf("%s %s: %v", name, what, err)
			}
			if what == "folder" {
				must(t, os.Remove(filepath.Join(dir, name)))
				_, err = reopen(t, dir, options()).Unlock(chief, chiefPass)
				must(t, err)
			}
			if mended, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(mended, whole) {
				t.Errorf("%s %s: not mended: %v", name, what, err)
			}
		}
		for _, name := range copies {
			must(t, spoil(filepath.Join(dir, name)))
		}
		_, err := Open(dir, options())
		if c := dossier.Code(err); c != "safe.damaged" && c != "safe.missing" && c != "safe.cannot-read" {
			t.Errorf("both %s: %v", what, err)
		}
		for _, name := range copies {
			must(t, os.RemoveAll(filepath.Join(dir, name)))
			must(t, os.WriteFile(filepath.Join(dir, name), whole, 0o600))
		}
	}
	if _, err := reopen(t, dir, options()).Recover(code.String()); err != nil {
		t.Error(err)
	}
}

func TestManyAtOnceLoseNothing(t *testing.T) {
	dir, _, u, _ := station(t)
	var wg sync.WaitGroup
	for p := range 4 { // each with a lock of its own, as processes have
		r := reopen(t, dir, options())
		for i := range 3 {
			wg.Go(func() {
				if _, err := r.Add(u.Keys, fmt.Sprintf("can-bo-%d-%d", p, i), newPass); err != nil {
					t.Error(err)
				}
				if _, err := r.Unlock(other, otherPass); err != nil && dossier.Code(err) != "safe.wait" {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	r := reopen(t, dir, options())
	for p := range 4 {
		for i := range 3 {
			if _, here, err := r.Has(fmt.Sprintf("can-bo-%d-%d", p, i)); err != nil || !here {
				t.Errorf("%d %d was lost: %v", p, i, err)
			}
		}
	}
	_, err := r.Add(u.Keys, "them", newPass)
	must(t, err)
	for i := 15; i < MaxUsers; i++ {
		_, err := r.Add(u.Keys, fmt.Sprintf("them-%d", i), newPass)
		must(t, err)
	}
	_, err = r.Add(u.Keys, "qua-nhieu", newPass)
	wantCode(t, err, "safe.many")
	if info, err := os.Stat(filepath.Join(dir, FileName)); err != nil || info.Size() > maxFile/2 {
		t.Errorf("a full ring has %d bytes: %v", info.Size(), err)
	}
}

func TestNewerRingSaysSo(t *testing.T) {
	dir, _, _, _ := station(t)
	for _, name := range copies {
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(`{"format":2,"rings":[]}`), 0o600))
	}
	_, err := Open(dir, options())
	wantCode(t, err, "safe.newer")
}

func TestReadOnlyFolderStillOpens(t *testing.T) {
	dir, _, u, code := station(t)
	r := reopen(t, dir, options())
	r.opts.disk.before = func(string, string) error { return errors.New("disk full") }
	if _, err := r.Unlock(chief, chiefPass); err != nil {
		t.Error(err)
	}
	if _, err := r.Recover(code.String()); err != nil {
		t.Error(err)
	}
	_, err := r.Add(u.Keys, "ai.do", newPass)
	wantCode(t, err, "safe.not-kept")
	// Attempts cannot be kept, so a restart would forget them: the first already waits.
	_, err = r.Unlock(chief, otherPass)
	wantCode(t, err, "safe.wrong-wait")
	_, err = r.Unlock(chief, chiefPass)
	wantCode(t, err, "safe.wait")
}

func TestKeysStayOutOfLogs(t *testing.T) {
	k := newKey(ID{1})
	secret := fmt.Sprintf("%x", k.Bytes())
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		for _, text := range []string{fmt.Sprintf(verb, k), fmt.Sprintf(verb, Keys{k, k}), fmt.Sprintf(verb, Unlocked{Keys: Keys{k, nil}})} {
			if strings.Contains(text, secret) || strings.Contains(text, fmt.Sprint(k.Bytes()[:4])[1:8]) {
				t.Errorf("%s shows the key: %s", verb, text)
			}
		}
	}
	if _, err := json.Marshal(Keys{k, nil}); err == nil {
		t.Error("a key was written as JSON")
	}
	Keys{k, nil}.Wipe()
	if !bytes.Equal(k.Bytes(), make([]byte, KeySize)) {
		t.Error("not wiped")
	}
	if _, err := (&file{Ring: ID{1}, Keys: []KeyID{k.id}}).pick(Keys{Current: k}); err == nil {
		t.Error("a wiped key is taken for a key")
	}
}

// TestUnknownNameTakesAsLong compares the fastest of a few tries at the real floor.
func TestUnknownNameTakesAsLong(t *testing.T) {
	r, _, _, err := Create(t.TempDir(), Options{Machine: thisPC, Cost: Floor}, chief, chiefPass)
	must(t, err)
	f, err := r.load()
	must(t, err)
	fastest := func(name string) time.Duration {
		best := time.Hour
		for range 4 {
			start := time.Now()
			if _, ok, err := f.unlock(f.hash(name), otherPass, thisPC); ok || err != nil {
				t.Fatal(ok, err)
			}
			best = min(best, time.Since(start))
		}
		return best
	}
	known, unknown := fastest(chief), fastest("nobody")
	if unknown < known/2 || known < unknown/2 {
		t.Errorf("a wrong password takes %v, an unknown name %v", known, unknown)
	}
}

func FuzzDecode(f *testing.F) {
	dir := f.TempDir()
	r, u, _, err := Create(dir, options(), chief, chiefPass)
	if err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(dir, FileName))
	if err != nil {
		f.Fatal(err)
	}
	if _, err := r.Rekey(u.Keys); err != nil {
		f.Fatal(err)
	}
	changing, err := os.ReadFile(filepath.Join(dir, FileName))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{whole, changing, nil, []byte("{}"), []byte(`{"format":1,"users":null}`), []byte(`{"format":1,"keys":["00"]}`)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got *file
		var err error
		dossiertest.Answered(t, func() { got, err = decode(data, true) })
		if err == nil && !bytes.Equal(got.bytes(), data) {
			t.Error("read as something else than it is")
		}
		mended := new(file) // as somebody writes it who knows how
		if json.Unmarshal(data, mended) != nil {
			return
		}
		sum := sha256.Sum256(mended.without(false))
		mended.Sum = sum[:]
		if got, err = decode(mended.bytes(), true); err != nil {
			return
		}
		if u, ok, err := got.unlock(got.hash(chief), chiefPass, thisPC); ok && err == nil && !got.proves(u.Keys) {
			t.Error("a key that does not prove the file")
		}
		got.recover(Code{})
	})
}

func (f *file) proves(keys Keys) bool { return f.prove(keys) == nil }
