package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/keyring"
)

// asChief is a verb said with the chief's password and whatever else is read after it.
func asChief(t *testing.T, dir, more string, args ...string) said {
	t.Helper()
	return callWith(t, chiefPassword+"\n"+more, append(args, "-user", chiefName, "-password-stdin", "-data", dir)...)
}

// signedIn makes the chief one whom the journal knows.
func chiefSignedIn(t *testing.T, dir string) {
	t.Helper()
	d := newDoor(t.Context(), dir, nil, nil)
	if err := d.Enter(chiefName, chiefPassword); err != nil {
		t.Fatal(err)
	}
	if err := d.opened.close(); err != nil {
		t.Fatal(err)
	}
}

// backedUp makes a backup and tells where it is.
func backedUp(t *testing.T, dir string, args ...string) string {
	t.Helper()
	var made []dossier.Backup
	got := asChief(t, dir, "", append([]string{"backup", "-json"}, args...)...).ok(t)
	if err := json.Unmarshal([]byte(got.out), &made); err != nil || len(made) != 1 {
		t.Fatalf("%v: %s", err, got.out)
	}
	return made[0].Path
}

func TestABackupIsMadeListedProvedAndRestoredByTheVerbs(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	chiefSignedIn(t, dir)
	file := backedUp(t, dir)
	if said := asChief(t, dir, "", "verify", "-backup", file).ok(t); !strings.Contains(said.out, "khớp") {
		t.Errorf("verify: %s", said.out)
	}
	if said := asChief(t, dir, "", "backup", "-list").ok(t); !strings.Contains(said.out, filepath.Base(file)) || !strings.Contains(said.out, "đã thử khôi phục") {
		t.Errorf("list: %s", said.out)
	}
	elsewhere := t.TempDir()
	if path := backedUp(t, dir, "-to", elsewhere); filepath.Dir(path) != elsewhere {
		t.Errorf("made %s", path)
	}
	asChief(t, dir, "", "backup", "-to", filepath.Join(elsewhere, "khong-co")).refused(t, "backup.gone")
	asChief(t, dir, "", "backup", "-to", filepath.Join(dir, "giay-to")).refused(t, "backup.own-folder")
	asChief(t, dir, cardRequest, "receive", "-in", "-").ok(t)

	if said := asChief(t, dir, "", "audit").ok(t); strings.Count(said.out, dossier.TraceBackedUp.Title()) < 3 {
		t.Errorf("the journal says: %s", said.out)
	}
	before := fingerprints(t, dir)
	told := asChief(t, dir, "", "restore", file).ok(t)
	for _, want := range []string{"còn thiếu", "1 hồ sơ", "261120-0002"} {
		if !strings.Contains(told.out, want) {
			t.Errorf("it does not say %q: %s", want, told.out)
		}
	}
	if after := fingerprints(t, dir); after != before {
		t.Errorf("touched without -yes:\n%s\n%s", before, after)
	}
	// Alone, and with nobody to ask: it is announced first, and may be done later.
	asChief(t, dir, "", "restore", file, "-yes").refused(t, "confirm.announced")
	at(t, "2026-11-20 11:05")
	asChief(t, dir, "", "restore", file, "-yes").ok(t)
	if list := asChief(t, dir, "", "list").ok(t); !strings.Contains(list.out, "261120-0001") || strings.Contains(list.out, "261120-0002") {
		t.Errorf("after: %s", list.out)
	}
	asChief(t, dir, "", "verify").ok(t)
	if said := asChief(t, dir, "", "audit").ok(t); !strings.Contains(said.out, dossier.TraceRestored.Title()) {
		t.Errorf("the journal says: %s", said.out)
	}
	asChief(t, dir, cardRequest, "receive", "-in", "-").ok(t)
	aside, err := filepath.Glob(filepath.Join(dir, "cu-*", store.FileName))
	if err != nil || len(aside) != 1 {
		t.Errorf("put aside: %v %v", aside, err)
	}
}

// fingerprints are the bytes of what a station is made of.
func fingerprints(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	for _, name := range append(keyring.Files(), store.FileName, store.FileName+"-wal") {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		out.WriteString(name + " " + fmt.Sprintf("%x", sha256.Sum256(b)) + "\n")
	}
	return out.String()
}

// A PC that was lost, or whose folder was: the stick and the recovery sheet are enough, and a password is set anew.
func TestABackupIsRestoredOnANewPCWithTheRecoverySheet(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, code := protected(t)
	chiefSignedIn(t, dir)
	stick := t.TempDir()
	file := backedUp(t, dir, "-to", stick)
	onPC(t)
	fresh := filepath.Join(t.TempDir(), "moi")
	const next = "cau moi cua tram thu hai"
	try := func(user, more string, args ...string) said {
		return callWith(t, next+"\n"+more, append(args, "-user", user, "-password-stdin", "-data", fresh)...)
	}
	zeros := strings.Repeat("000000-", 7) + "000000\n"
	try(chiefName, "", "restore", file, "-yes").refused(t, "backup.code-needed")
	try(chiefName, zeros, "restore", file, "-yes", "-code-stdin").refused(t, "safe.code-wrong")
	try("ai-do", code+"\n", "restore", file, "-yes", "-code-stdin").refused(t, "user.unknown")
	callWith(t, "ngan\n"+code+"\n", "restore", file, "-yes", "-code-stdin", "-user", chiefName, "-password-stdin", "-data", fresh).refused(t, "password.short")
	if _, err := os.Stat(filepath.Join(fresh, keyring.FileName)); err == nil {
		t.Error("a ring stands there after what was refused")
	}
	try(chiefName, code+"\n", "restore", file, "-yes", "-code-stdin").ok(t)
	if list := try(chiefName, "", "list").ok(t); !strings.Contains(list.out, "261120-0001") {
		t.Errorf("after: %s", list.out)
	}
	try(chiefName, "", "verify").ok(t)
	callWith(t, chiefPassword+"\n", "list", "-user", chiefName, "-password-stdin", "-data", fresh).refused(t, "safe.wrong")
	// Another station's: its ring is whole, and the sheet of this one opens nothing of it.
	other, _ := protected(t)
	asChief(t, other, code+"\n", "restore", file, "-yes", "-code-stdin").refused(t, "backup.other-station")
	asChief(t, other, "", "list").ok(t)
}

// The folder of a store that cannot be read any more: the sheet is asked for beside the password, and the newest backup is found without any key.
func TestADamagedStoreIsRestored(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, code := protected(t)
	chiefSignedIn(t, dir)
	file := backedUp(t, dir)
	path := filepath.Join(dir, store.FileName)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Repeat([]byte{0xa5}, int(info.Size())), 0o600); err != nil {
		t.Fatal(err)
	}
	places := newestBackups(dir, []string{filepath.Join(dir, "khong-co")})
	if len(places[0].Backups) != 1 || places[0].Backups[0].Path != file || places[1].Trouble == nil {
		t.Errorf("found %+v", places)
	}
	if told := asChief(t, dir, "", "restore", file).ok(t); !strings.Contains(told.out, "Không đọc được") {
		t.Errorf("%s", told.out)
	}
	asChief(t, dir, "", "restore", file, "-yes").refused(t, "backup.code-needed")
	asChief(t, dir, strings.Repeat("000000-", 7)+"000000\n", "restore", file, "-yes", "-code-stdin").refused(t, "safe.code-wrong")
	asChief(t, dir, code+"\n", "restore", file, "-yes", "-code-stdin").ok(t)
	if list := asChief(t, dir, "", "list").ok(t); !strings.Contains(list.out, "261120-0001") {
		t.Errorf("after: %s", list.out)
	}
	asChief(t, dir, "", "verify").ok(t)
}

func TestRestoreWaitsForNobodyToHaveTheStationOpen(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	chiefSignedIn(t, dir)
	file := backedUp(t, dir)
	d := newDoor(t.Context(), dir, nil, nil)
	if err := d.Enter(chiefName, chiefPassword); err != nil {
		t.Fatal(err)
	}
	asChief(t, dir, "", "restore", file, "-yes").refused(t, "station.open")
	if _, err := restore(t.Context(), dir, nil, restoring{from: file}); dossier.Code(err) != "station.open" {
		t.Error(err)
	}
	asChief(t, dir, "", "restore", file).ok(t) // looking is no harm
	asChief(t, dir, "", "backup", "-list").ok(t)
	if err := d.opened.close(); err != nil {
		t.Fatal(err)
	}
}

// What was sent after the backup comes back with one exchange, once; what was not is given up; and numbers go on elsewhere.
func TestARestoredStationReplicatesRightly(t *testing.T) {
	onPC(t)
	v := newVillage(t)
	v.one.receive("Nguyễn Văn Một")
	callWith(t, chiefPassword+"\n", "protect", "-user", chiefName, "-password-stdin", "-data", v.one.dir).ok(t)
	chiefSignedIn(t, v.one.dir)
	one := func(more string, args ...string) said { return asChief(t, v.one.dir, more, args...) }
	receive := func(name string) string {
		got := one(strings.Replace(cardRequest, "Nguyễn Văn Mẫu", name, 1), "receive", "-in", "-", "-json").ok(t)
		var row dossier.Summary
		if err := json.Unmarshal([]byte(got.out), &row); err != nil {
			t.Fatal(err)
		}
		return row.Number
	}
	receive("Trần Thị Hai")
	one("", "sync").ok(t)
	file := backedUp(t, v.one.dir)
	sent := receive("Lê Văn Ba")
	one("", "sync").ok(t)
	v.two.do("sync")
	lost := receive("Phạm Thị Bốn")
	var m dossier.Missing
	if err := json.Unmarshal([]byte(one("", "restore", file, "-json").ok(t).out), &m); err != nil || m.LostAll != 1 || len(m.Lost) != 1 || m.Lost[0] != lost || m.Sent == 0 || m.Sent >= m.Events || m.Dossiers != 2 {
		t.Errorf("%+v %v", m, err)
	}
	one("", "restore", file, "-yes").refused(t, "confirm.announced")
	at(t, "2026-11-20 11:05")
	one("", "restore", file, "-yes").ok(t)
	if rows := one("", "list").ok(t).out; strings.Contains(rows, sent) || strings.Contains(rows, "Phạm Thị Bốn") {
		t.Errorf("restored: %s", rows)
	}
	again := receive("Vũ Thị Năm")
	one("", "sync").ok(t)
	rows := one("", "list").ok(t).out
	for _, name := range []string{"Nguyễn Văn Một", "Trần Thị Hai", "Lê Văn Ba", "Vũ Thị Năm"} {
		if strings.Count(rows, name) != 1 {
			t.Errorf("after one exchange want %q once in\n%s", name, rows)
		}
	}
	one("", "verify").ok(t)
	one("", "sync").ok(t)
	v.sync(v.two)
	v.two.lists("Nguyễn Văn Một", "Trần Thị Hai", "Lê Văn Ba", "Vũ Thị Năm")
	if again == sent || again == lost {
		t.Errorf("%s is given again", again)
	}
	v.knows(sent, again)
	v.sound(v.two)
	if waiting, err := v.up.upstream.Parked(t.Context()); err != nil || len(waiting) > 0 {
		t.Errorf("%v waits: %v", waiting, err)
	}
}

// A second chief confirms, and is named.
func TestASecondPersonStandsForARestore(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	chiefSignedIn(t, dir)
	const second = "cau rieng cua nguoi thu hai"
	d := newDoor(t.Context(), dir, nil, nil)
	if err := d.Enter(chiefName, chiefPassword); err != nil {
		t.Fatal(err)
	}
	admission := dossier.UserAdmission{User: "pho", Name: "Trần Thị Thử", Role: dossier.RoleChief}
	if _, err := d.opened.desk.Admit(t.Context(), admission, second, desk.Confirm{}); err != nil {
		t.Fatal(err)
	}
	if err := d.opened.close(); err != nil {
		t.Fatal(err)
	}
	at(t, "2026-11-22 09:05") // a role that admits others holds after a day
	file := backedUp(t, dir)
	asChief(t, dir, "", "restore", file, "-yes").refused(t, "confirm.needed")
	asChief(t, dir, "sai mat khau roi day\n", "restore", file, "-yes", "-confirm", "pho").refused(t, "safe.wrong")
	asChief(t, dir, second+"\n", "restore", file, "-yes", "-confirm", "pho").ok(t)
	e := newDoor(t.Context(), dir, nil, nil)
	if err := e.Enter(chiefName, chiefPassword); err != nil {
		t.Fatal(err)
	}
	rows, _, err := e.opened.desk.Audit(t.Context(), dossier.TrailFilter{Kinds: []dossier.Kind{dossier.TraceRestored}}, dossier.EventID{})
	if err != nil || len(rows) != 1 || rows[0].By != chiefName || rows[0].Said().(*dossier.Restore).Confirmed != "pho" {
		t.Errorf("%+v %v", rows, err)
	}
	if err := e.opened.close(); err != nil {
		t.Fatal(err)
	}
}

func TestBackupsNeedTheRole(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	chiefSignedIn(t, dir)
	d := newDoor(t.Context(), dir, nil, nil)
	if err := d.Enter(chiefName, chiefPassword); err != nil {
		t.Fatal(err)
	}
	const theirs = "bai hat que minh ngay xua"
	if _, err := d.opened.desk.Admit(t.Context(), dossier.UserAdmission{User: "tiep-nhan", Name: "Trần Thị Thử", Role: dossier.RoleReception}, theirs, desk.Confirm{}); err != nil {
		t.Fatal(err)
	}
	if err := d.opened.close(); err != nil {
		t.Fatal(err)
	}
	file := backedUp(t, dir)
	as := func(args ...string) said {
		return callWith(t, theirs+"\n", append(args, "-user", "tiep-nhan", "-password-stdin", "-data", dir)...)
	}
	as("backup").ok(t)
	as("restore", file).refused(t, "role.not-allowed")
	as("restore", file, "-yes").refused(t, "role.not-allowed")
	plain := sampleDir(t)
	call1(t, "backup", "-data", plain).refused(t, "keep.none")
}
