package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
	"tiepnhan/store/vfs"
)

const (
	chiefName     = "chi-huy"
	chiefPassword = "mot cau rieng cua tram thu"
)

// onPC puts this PC's secret into a file of the test.
func onPC(t *testing.T) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "machine")
	before := machineSecret
	machineSecret = func() (string, error) { return path, nil }
	t.Cleanup(func() { machineSecret = before })
}

// protected is a made-up station behind a password, and its recovery code.
func protected(t *testing.T) (dir, code string) {
	t.Helper()
	onPC(t)
	dir = sampleDir(t)
	callWith(t, cardRequest, "receive", "-in", "-", "-data", dir).ok(t)
	var told struct{ Code string }
	said := callWith(t, chiefPassword+"\n", "protect", "-user", chiefName, "-password-stdin", "-json", "-data", dir).ok(t)
	if err := json.Unmarshal([]byte(said.out), &told); err != nil {
		t.Fatalf("%v: %s", err, said.out)
	}
	return dir, told.Code
}

func TestAStationBehindAPasswordOpensWithItAlone(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	call1(t, "list", "-data", dir).refused(t, "safe.locked")
	callWith(t, "", "list", "-user", chiefName, "-password-stdin", "-data", dir).refused(t, "safe.locked")
	callWith(t, "mot cau khac cua tram\n", "list", "-user", chiefName, "-password-stdin", "-data", dir).refused(t, "safe.wrong")
	callWith(t, chiefPassword+"\n", "list", "-user", "ai-do", "-password-stdin", "-data", dir).refused(t, "safe.wrong")
	callWith(t, chiefPassword+"\n", "protect", "-user", chiefName, "-password-stdin", "-data", dir).refused(t, "safe.exists")
	if got := callWith(t, chiefPassword+"\n", "list", "-user", chiefName, "-password-stdin", "-data", dir).ok(t); !strings.Contains(got.out, "261120-0001") {
		t.Errorf("what was kept before is gone: %s", got.out)
	}
	callWith(t, chiefPassword+"\r\n"+cardRequest, "receive", "-in", "-", "-user", chiefName, "-password-stdin", "-data", dir).ok(t)
	callWith(t, chiefPassword, "verify", "-user", chiefName, "-password-stdin", "-data", dir).ok(t)
}

// I10: no name, number or phone in clear in any file, the paper aside.
func TestAStationBehindAPasswordHasNothingInClear(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	callWith(t, chiefPassword+"\n"+cardRequest, "receive", "-in", "-", "-user", chiefName, "-password-stdin", "-data", dir).ok(t)
	plain := sampleDir(t)
	callWith(t, cardRequest, "receive", "-in", "-", "-data", plain).ok(t)
	inClear := func(dir string) (found []string) {
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				if e != nil && e.Name() == "giay-to" {
					return fs.SkipDir
				}
				return err
			}
			b, err := os.ReadFile(path)
			for _, word := range []string{"001099000001", "Nguyễn Văn Mẫu", "NGUYỄN VĂN MẪU", "Trần Văn Mẫu", chiefPassword, "CREATE TABLE"} {
				if bytes.Contains(b, []byte(word)) {
					found = append(found, filepath.Base(path)+": "+word)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if found := inClear(plain); len(found) < 3 {
		t.Fatalf("the store in clear shows only %v: the words looked for are not those kept", found)
	}
	if found := inClear(dir); len(found) > 0 {
		t.Errorf("in clear: %v", found)
	}
}

func TestTheDiskInAnotherPCOpensWithTheRecoverySheetAlone(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, code := protected(t)
	onPC(t) // another one
	callWith(t, chiefPassword+"\n", "list", "-user", chiefName, "-password-stdin", "-data", dir).refused(t, "safe.other-pc")
	zeros := newDoor(t.Context(), dir, nil, nil)
	if err := zeros.Recover(strings.Repeat("000000-", 7)+"000000", chiefName, "cau moi cua tram thu hai"); dossier.Code(err) != "safe.code-wrong" {
		t.Errorf("a sheet of zeros: %v", err)
	}
	d := newDoor(t.Context(), dir, nil, nil)
	if err := d.Recover(code, chiefName, "cau moi cua tram thu hai"); err != nil {
		t.Fatal(err)
	}
	w := d.opened
	if w.desk.Officer != chiefName {
		t.Errorf("signed in is %s", w.desk.Officer)
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	callWith(t, "cau moi cua tram thu hai\n", "list", "-user", chiefName, "-password-stdin", "-data", dir).ok(t)
}

// The sheet opens the store to whoever may admit others, and to nobody else's name; and it is in the journal.
func TestTheRecoverySheetIsForThoseWhoAdmitOthers(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, code := protected(t)
	first := newDoor(t.Context(), dir, nil, nil)
	if err := first.Enter(chiefName, chiefPassword); err != nil {
		t.Fatal(err)
	}
	admission := dossier.UserAdmission{User: "tiep-nhan", Name: "Trần Thị Thử", Role: dossier.RoleReception}
	if _, err := first.opened.desk.Admit(t.Context(), admission, "bai hat que minh ngay xua", desk.Confirm{}); err != nil {
		t.Fatal(err)
	}
	if err := first.opened.close(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"tiep-nhan": "role.not-allowed", "ai-do": "user.unknown", chiefName: ""} {
		d := newDoor(t.Context(), dir, nil, nil)
		if err := d.Recover(code, name, "cau moi cua tram thu hai"); dossier.Code(err) != want {
			t.Errorf("as %s: %v", name, err)
		}
		if d.opened == nil {
			continue
		}
		rows, _, err := d.opened.desk.Audit(t.Context(), dossier.TrailFilter{Kinds: []dossier.Kind{dossier.PasswordReset}}, dossier.EventID{})
		if err != nil || len(rows) != 1 {
			t.Errorf("%d password changes in the journal: %v", len(rows), err)
		}
		if err := d.opened.close(); err != nil {
			t.Fatal(err)
		}
	}
	callWith(t, "bai hat que minh ngay xua\n", "list", "-user", "tiep-nhan", "-password-stdin", "-data", dir).ok(t)
}

// A change of the database key that a power cut ended, before the store was written anew and after: the next who writes ends it.
func TestAKeyChangeThatWasCutOffIsEndedByWhoWritesNext(t *testing.T) {
	at(t, "2026-11-20 09:05")
	for _, anew := range []bool{false, true} {
		dir, _ := protected(t)
		key, err := unlock(dir, chiefName, chiefPassword)
		if err != nil {
			t.Fatal(err)
		}
		keys, err := key.ring.Rekey(key.keys)
		if err != nil {
			t.Fatal(err)
		}
		if anew {
			from, err := newLayer(keys.Current)
			if err != nil {
				t.Fatal(err)
			}
			to, err := newLayer(keys.Next)
			if err != nil {
				t.Fatal(err)
			}
			if err := vfs.Convert(t.Context(), filepath.Join(dir, store.FileName), from, to); err != nil {
				t.Fatal(err)
			}
			for _, l := range []*vfs.Layer{from, to} {
				if err := l.Close(); err != nil {
					t.Fatal(err)
				}
			}
		}
		callWith(t, chiefPassword+"\n", "list", "-user", chiefName, "-password-stdin", "-data", dir).ok(t)
		callWith(t, chiefPassword+"\n"+cardRequest, "receive", "-in", "-", "-user", chiefName, "-password-stdin", "-data", dir).ok(t)
		again, err := unlock(dir, chiefName, chiefPassword)
		if err != nil {
			t.Fatal(err)
		}
		if again.keys.Next != nil || again.keys.Current.ID() != keys.Next.ID() {
			t.Errorf("written anew before: %v; the change stands unfinished", anew)
		}
		callWith(t, chiefPassword+"\n", "list", "-user", chiefName, "-password-stdin", "-data", dir).ok(t)
	}
}

func TestAFolderWithoutItsRingDoesNotOpen(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	for _, name := range []string{keyring.FileName, "khoa-2.json"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if s := call1(t, "list", "-data", dir); s.code == 0 || strings.Contains(s.out, "0001") {
		t.Errorf("opened: %+v", s)
	}
}

func TestTheAuditSaysWhoDidWhat(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	d := newDoor(t.Context(), dir, nil, nil)
	if err := d.Enter(chiefName, chiefPassword); err != nil {
		t.Fatal(err)
	}
	if err := d.opened.close(); err != nil {
		t.Fatal(err)
	}
	again := newDoor(t.Context(), dir, nil, nil) // with another letter of the name large
	if err := again.Enter("Chi-Huy", chiefPassword); err != nil || again.opened.desk.Officer != chiefName {
		t.Fatalf("the same name, written otherwise: %v", err)
	}
	if err := again.opened.close(); err != nil {
		t.Fatal(err)
	}
	as := []string{"-user", chiefName, "-password-stdin", "-data", dir}
	said := callWith(t, chiefPassword, append([]string{"audit", "-from", "20/11/2026", "-to", "20/11/2026"}, as...)...).ok(t)
	for _, want := range []string{dossier.Received.Title(), dossier.TraceSignedIn.Title(), "261120-0001"} {
		if !strings.Contains(said.out, want) {
			t.Errorf("it does not say %q:\n%s", want, said.out)
		}
	}
	if strings.Contains(said.out, "001099000001") {
		t.Error("a number stands in it whole")
	}
	if none := callWith(t, chiefPassword, append([]string{"audit", "-from", "21/11/2026"}, as...)...).ok(t); strings.TrimSpace(none.out) != "" {
		t.Errorf("after: %s", none.out)
	}
	if none := callWith(t, chiefPassword, append([]string{"audit", "-to", "19/11/2026"}, as...)...).ok(t); strings.TrimSpace(none.out) != "" {
		t.Errorf("before: %s", none.out)
	}
	callWith(t, chiefPassword, append([]string{"audit", "-from", "hôm qua"}, as...)...).refused(t, "date.format")
	file := filepath.Join(t.TempDir(), "kiem-tra.csv")
	callWith(t, chiefPassword, append([]string{"audit", "-out", file}, as...)...).ok(t)
	if b, err := os.ReadFile(file); err != nil || !bytes.Contains(b, []byte("261120-0001")) {
		t.Errorf("the file: %v", err)
	}
}

// The power went when a store in clear had been encrypted and the one in clear was still beside it.
func TestWhatAConversionLeftInClearIsPutAway(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	was := filepath.Join(dir, store.FileName+".was")
	if err := os.WriteFile(was, []byte("Nguyễn Văn Mẫu"), 0o600); err != nil {
		t.Fatal(err)
	}
	callWith(t, chiefPassword+"\n", "list", "-user", chiefName, "-password-stdin", "-data", dir).ok(t)
	if _, err := os.Stat(was); err != nil {
		t.Errorf("who only reads touched it: %v", err)
	}
	callWith(t, chiefPassword+"\n"+cardRequest, "receive", "-in", "-", "-user", chiefName, "-password-stdin", "-data", dir).ok(t)
	if _, err := os.Stat(was); !os.IsNotExist(err) {
		t.Errorf("it is still there: %v", err)
	}
}
