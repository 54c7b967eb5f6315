package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// The form of the file that the program had before its views got a version of their own.
//
//go:embed testdata/schema-2.0.sql
var schema20 string

// aged is a folder with the journals of a store in a file of that older form, its views in the state in which that program left them
// as far as they matter: there, and not what they should be.
func aged(t testing.TB, s *Store, version int) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	must(t, os.WriteFile(path, nil, 0o600))
	db, err := sql.Open("sqlite", address(path, "", forWriting))
	must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	run := func(query string, args ...any) {
		t.Helper()
		_, err := db.Exec(query, args...)
		must(t, err)
	}
	run(schema20)
	run("ATTACH ? AS now", filepath.Join(s.dir, FileName))
	for _, table := range []string{"chain", "station", "event", "entry", "receipt", "secret", "draft"} {
		run("INSERT INTO main." + table + " SELECT * FROM now." + table)
	}
	run(`INSERT INTO dossier SELECT no, id, number, national, status, disputed, procedure, title, name, subject, received_at, due, own_due,
		forwarded, own, mended, sent_back, place FROM now.dossier`)
	run("INSERT INTO search (rowid, words) VALUES (1, 'an older word')")
	run("INSERT INTO standing SELECT * FROM now.standing")
	run("CREATE TABLE forgotten (one INTEGER)")
	run("CREATE VIRTUAL TABLE forgotten_search USING fts5 (words)")
	run(fmt.Sprintf("PRAGMA user_version = %d", version))
	run("DETACH now")
	return dir
}

// allSorts is a store with something in every table.
func allSorts(t testing.TB) *Store {
	t.Helper()
	s := lived(t)
	ctx := context.Background()
	pc := storetest.NewSister(2)
	adopt(t, s, pc)
	extend(t, s, pc, storetest.Reception(5, "MAU-260105-3001"), storetest.Act(200, storetest.DossierID(5), dossier.Withdrawn, dossier.Reason{Why: "x"}, storetest.EventID(5)),
		closed(201, storetest.Day(0), pc.Head))
	must(t, s.Record(ctx, closedFrom(202, storetest.Day(0), 8, s.Own().Head)))
	must(t, s.Record(ctx, peopled(800_000)...))
	must(t, s.SaveDraft(ctx, "receive", []byte("đã nhập")))
	verified(t, s)
	return s
}

func TestViewsOfAnOlderProgramAreMadeAgain(t *testing.T) {
	s := allSorts(t)
	ctx := context.Background()
	dir := aged(t, s, 2)
	_, err := Open(ctx, dir, Options{ReadOnly: true})
	wantCode(t, err, "store.older")
	again, err := Open(ctx, dir, noReserve)
	must(t, err)
	defer again.Close()
	if got, want := dump(t, again), dump(t, s); got != want {
		t.Errorf("renewed\n%s\nfresh\n%s", got, want)
	}
	verified(t, again)
	if forms(t, again) != forms(t, s) {
		t.Errorf("tables\n%s\nfresh\n%s", forms(t, again), forms(t, s))
	}
	if body, err := again.Draft(ctx, "receive"); string(body) != "đã nhập" || err != nil {
		t.Errorf("draft %q %v", body, err)
	}
	if again.Own().Head != s.Own().Head || again.Own().Receipt.Number != "BN-1" {
		t.Errorf("own %+v", again.Own())
	}
	d, err := receive(again, 3)
	if err != nil || d.Number != "MAU-260105-0003" {
		t.Error(d.Number, err)
	}
	look, err := Open(ctx, dir, Options{ReadOnly: true})
	must(t, err)
	look.Close()
	verified(t, reopen(t, again))
}

// forms is what tables and indexes there are and how they were made.
func forms(t testing.TB, s *Store) string {
	var out []string
	rows, err := s.reads.Query("SELECT coalesce(sql, name) FROM sqlite_schema UNION ALL SELECT user_version FROM pragma_user_version")
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var sql string
		must(t, rows.Scan(&sql))
		out = append(out, sql)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// Where they cannot be made again the file stays as it was, for the older program too.
func TestViewsThatCannotBeMadeAgainStayAsTheyWere(t *testing.T) {
	s := allSorts(t)
	dir := aged(t, s, 2)
	db, err := sql.Open("sqlite", address(filepath.Join(dir, FileName), "", forWriting))
	must(t, err)
	defer db.Close()
	_, err = db.Exec("UPDATE event SET body = x'00' WHERE no = (SELECT max(no) FROM event WHERE course = 1)")
	must(t, err)
	state := func() string {
		var version, tables int
		var words string
		must(t, db.QueryRow("SELECT user_version, (SELECT count(*) FROM sqlite_schema), (SELECT words FROM search) FROM pragma_user_version").Scan(&version, &tables, &words))
		return fmt.Sprint(version, tables, words)
	}
	before := state()
	_, err = Open(context.Background(), dir, noReserve)
	wantCode(t, err, "store.damaged")
	if after := state(); after != before {
		t.Errorf("%s, was %s", after, before)
	}
}

func TestNewerTruthOrViewsAreLeftAlone(t *testing.T) {
	s := newStore(t, 1)
	db := rawly(t, s)
	must(t, s.Close())
	for version, code := range map[int]string{
		fileVersion:                                "",
		viewsVersion<<16 | (schemaVersion + 1):     "store.newer",
		(viewsVersion+1)<<16 | schemaVersion:       "store.newer",
		(viewsVersion-1)<<16 | (schemaVersion + 1): "store.newer",
		viewsVersion<<16 | (oldestVersion - 1):     "store.damaged",
		(viewsVersion+1)<<16 | (oldestVersion - 1): "store.damaged",
		-1<<16 | schemaVersion:                     "store.damaged",
		0:                                          "store.damaged",
	} {
		_, err := db.Exec(fmt.Sprintf("PRAGMA user_version = %d", version))
		must(t, err)
		for _, opts := range []Options{noReserve, {ReadOnly: true}} {
			opened, err := Open(context.Background(), s.dir, opts)
			if code == "" {
				must(t, err)
				opened.Close()
				continue
			}
			wantCode(t, err, code)
		}
	}
}

// A file as the program left it that knew one life per device.
//
//go:embed testdata/station-2.db.gz
var station2 []byte

func TestFileOfSchema2IsBroughtUpToDate(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	z, err := gzip.NewReader(bytes.NewReader(station2))
	must(t, err)
	content, err := io.ReadAll(z)
	must(t, err)
	path := filepath.Join(dir, FileName)
	must(t, os.WriteFile(path, content, 0o600))
	_, err = Open(ctx, dir, Options{ReadOnly: true})
	wantCode(t, err, "store.older")
	s, err := Open(ctx, dir, noReserve)
	must(t, err)
	defer s.Close()
	check := sound(t, s)
	if check.Chains != 3 || check.Entries != 15 || check.Dossiers != 4 || check.Receipts != 1 {
		t.Errorf("%+v", check)
	}
	if own := s.Own(); own.Head.Seq != 10 || own.Receipt == nil || own.Receipt.Number != "BN-1" || !own.Previous.IsZero() {
		t.Errorf("%+v", own)
	}
	if got := owned(t, s); len(got) != 2 {
		t.Errorf("closings %v", got)
	}
	pc := storetest.NewSister(2).Genesis.Chain
	if head, signature, err := s.SignedHead(ctx, pc, 0, 100); err != nil || head.Seq != 3 || signature == nil {
		t.Errorf("%+v %v", head, err)
	}
	if forms(t, s) != forms(t, newStore(t, 1)) {
		t.Errorf("tables\n%s", forms(t, s))
	}
	fork(t, s, 3, dossier.HealedForked)
	if d, err := receive(s, 3); err != nil || d.Number != "MAU-260105-1001" {
		t.Error(d.Number, err)
	}
	sound(t, reopen(t, s))
}

// A file whose truth cannot be brought up to date stays as it was.
func TestFileOfSchema2ThatIsDamagedStaysAsItWas(t *testing.T) {
	dir := t.TempDir()
	z, err := gzip.NewReader(bytes.NewReader(station2))
	must(t, err)
	content, err := io.ReadAll(z)
	must(t, err)
	path := filepath.Join(dir, FileName)
	must(t, os.WriteFile(path, content, 0o600))
	db, err := sql.Open("sqlite", address(path, "", forWriting))
	must(t, err)
	defer db.Close()
	_, err = db.Exec("UPDATE event SET body = x'00' WHERE no = (SELECT max(no) FROM event WHERE course = 1 AND body IS NOT NULL)")
	must(t, err)
	_, err = Open(context.Background(), dir, noReserve)
	wantCode(t, err, "store.damaged")
	var version, tables int
	must(t, db.QueryRow("SELECT user_version & 0xffff, (SELECT count(*) FROM sqlite_schema WHERE name IN ('head', 'loose', 'entry_event')) FROM pragma_user_version").Scan(&version, &tables))
	if version != 2 || tables != 0 {
		t.Errorf("version %d, %d tables", version, tables)
	}
}
