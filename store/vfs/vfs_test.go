package vfs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"modernc.org/libc"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tiepnhan/dossier"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var layers int

// layer is one with the key of that name.
func layer(t testing.TB, name string) *Layer {
	t.Helper()
	layers++
	key := sha256.Sum256([]byte(name))
	l, err := Register(fmt.Sprintf("test-%d", layers), &key)
	must(t, err)
	t.Cleanup(func() { must(t, l.Close()) })
	return l
}

func dsn(path string, l *Layer, pragmas ...string) string {
	out := strings.Replace(address(path, l, "rwc"), "2000", "60000", 1)
	for _, p := range pragmas {
		out += "&_pragma=" + p
	}
	return out
}

func open(t testing.TB, path string, l *Layer, pragmas ...string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path, l, pragmas...))
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

func run(t testing.TB, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%.100s: %v", s, err)
		}
	}
}

func one(t testing.TB, db *sql.DB, query string) string {
	t.Helper()
	var out string
	if err := db.QueryRow(query).Scan(&out); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return out
}

func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// handle is a file opened as SQLite opens it.
type handle struct {
	t     *testing.T
	tls   *libc.TLS
	l     *Layer
	name  uintptr
	file  uintptr
	flags int32
	buf   uintptr
}

func (h *handle) open() {
	h.t.Helper()
	if rc := h.l.openFile(h.tls, h.l.self, h.name, h.file, h.flags, h.buf); rc != 0 {
		h.t.Fatal("open", rc)
	}
}

func (h *handle) methods() *sqlite3.Tsqlite3_io_methods {
	return at[sqlite3.Tsqlite3_io_methods](at[sqlite3.Tsqlite3_file](h.file).FpMethods)
}

func opened(t *testing.T, l *Layer, path string, flags int32) *handle {
	tls := libc.NewTLS()
	t.Cleanup(tls.Close)
	h := &handle{t: t, tls: tls, l: l, flags: flags | sqlite3.SQLITE_OPEN_CREATE | sqlite3.SQLITE_OPEN_READWRITE}
	var err error
	h.name, err = libc.CString(path + "\x00\x00\x00")
	must(t, err)
	h.file = libc.Xcalloc(tls, 1, libc.Tsize_t(at[sqlite3.Tsqlite3_vfs](l.self).FszOsFile))
	h.buf = libc.Xcalloc(tls, 1, 1<<20)
	h.open()
	return h
}

// Whatever is written where, cut and grown, it is read as from a file in clear, and the disk has none of it.
func TestAnyPlaceAndLengthIsReadAsWritten(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 0))
		path := filepath.Join(t.TempDir(), "x-wal")
		must(t, os.WriteFile(path[:len(path)-4], nil, 0o600)) // whose rights it gets
		h := opened(t, layer(t, "a"), path, sqlite3.SQLITE_OPEN_WAL)
		var model []byte
		units := func(n int64) int64 { return (n + unitSize - 1) / unitSize * unitSize }
		grow := func(n int64) {
			if n = units(n); int64(len(model)) < n {
				model = append(model, make([]byte, n-int64(len(model)))...)
			}
		}
		amounts := []int{1, 2, 15, 16, 24, 32, 511, 512, 513, 1024, 4096, 4120, 5000, 70000}
		place := func() int64 {
			if r.IntN(3) == 0 {
				return int64(r.IntN(40)) * unitSize
			}
			return int64(r.IntN(20_000))
		}
		for step := range 400 {
			switch n, off := amounts[r.IntN(len(amounts))], place(); r.IntN(8) {
			case 0, 1, 2:
				text := memory(h.buf, n)
				for i := range text {
					text[i] = 'A' + byte(step%26)
				}
				kept := bytes.Clone(text)
				if rc := function[transferFunc](h.methods().FxWrite)(h.tls, h.file, h.buf, int32(n), off); rc != 0 {
					t.Fatal("write", rc)
				}
				if !bytes.Equal(text, kept) {
					t.Fatal("what was given to be written was changed")
				}
				grow(off + int64(n))
				copy(model[off:], kept)
			case 3, 4, 5:
				rc := function[transferFunc](h.methods().FxRead)(h.tls, h.file, h.buf, int32(n), off)
				want, wantRC := make([]byte, n), int32(sqlite3.SQLITE_OK)
				if off < int64(len(model)) {
					copy(want, model[off:])
				}
				if off+int64(n) > int64(len(model)) {
					wantRC = sqlite3.SQLITE_IOERR_SHORT_READ
				}
				if rc != wantRC || !bytes.Equal(memory(h.buf, n), want) {
					t.Fatalf("seed %d step %d: read %d at %d of %d: %d, want %d", seed, step, n, off, len(model), rc, wantRC)
				}
			case 6:
				if rc := function[truncateFunc](h.methods().FxTruncate)(h.tls, h.file, off); rc != 0 {
					t.Fatal("truncate", rc)
				}
				grow(off)
				model = model[:units(off)]
				clear(model[off:])
			case 7:
				if rc := function[fileFunc](h.methods().FxClose)(h.tls, h.file); rc != 0 {
					t.Fatal("close", rc)
				}
				if info, err := os.Stat(path); err == nil && info.Size()%unitSize == 0 && r.IntN(4) == 0 { // the power goes while the file grows
					f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
					must(t, err)
					_, err = f.Write(make([]byte, 1+r.IntN(unitSize-1)))
					must(t, errors.Join(err, f.Close()))
				}
				disk, err := os.ReadFile(path)
				must(t, err)
				if bytes.Contains(disk, bytes.Repeat([]byte{'A' + byte(step%26)}, 8)) || len(disk) > 512 && bytes.Contains(disk, []byte("AAAA")) {
					t.Fatal("in clear")
				}
				h.open()
			}
			if rc := function[fileOutFunc](h.methods().FxFileSize)(h.tls, h.file, h.buf); rc != 0 || *at[int64](h.buf) != int64(len(model)) {
				t.Fatalf("seed %d step %d: size %d, want %d", seed, step, *at[int64](h.buf), len(model))
			}
		}
		function[fileFunc](h.methods().FxClose)(h.tls, h.file)
	}
}

// A unit rewritten with what it has is the same on the disk: a torn write of it cannot spoil what was there.
func TestUnitsDependOnPlaceAndRole(t *testing.T) {
	l := layer(t, "a")
	text := bytes.Repeat([]byte("0123456789abcdef"), unitSize/16)
	seen := map[string]string{}
	for r, k := range l.roles {
		for unit := range uint64(3) {
			out := make([]byte, unitSize)
			k.encrypt(out, text, unit)
			name := fmt.Sprint(r, unit)
			for block := range unitSize / 16 {
				if other, ok := seen[string(out[block*16:block*16+16])]; ok {
					t.Fatalf("%s and %s are alike", name, other)
				}
				seen[string(out[block*16:block*16+16])] = name
			}
			again := make([]byte, unitSize)
			k.decrypt(again, out, unit)
			if !bytes.Equal(again, text) {
				t.Fatal("not read back")
			}
		}
	}
	other := layer(t, "b")
	out := make([]byte, unitSize)
	other.roles[mainFile].encrypt(out, text, 0)
	if _, ok := seen[string(out[:16])]; ok {
		t.Error("two keys give the same")
	}
}

var canaries = []string{"Nguyễn Văn Mẫu", "097123456789", "Quách Thị Nghiêng"}

// nothingInClear looks at every byte of every file in the folder.
func nothingInClear(t testing.TB, dir, when string) {
	t.Helper()
	seen := 0
	must(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		seen++
		for _, c := range append(canaries, magic[:15], "CREATE TABLE", "person_name") {
			if bytes.Contains(text, []byte(c)) {
				t.Errorf("%s: %q is in clear in %s", when, c, filepath.Base(path))
			}
		}
		return err
	}))
	if seen == 0 {
		t.Fatal("no files were looked at")
	}
}

func populate(t testing.TB, db *sql.DB, n int) {
	t.Helper()
	run(t, db, "CREATE TABLE person (no INTEGER PRIMARY KEY, person_name TEXT, number TEXT, more BLOB)", "CREATE INDEX person_name ON person (person_name)",
		"CREATE VIRTUAL TABLE search USING fts5 (words, tokenize = 'unicode61 remove_diacritics 2')")
	fill(t, db, n)
}

func fill(t testing.TB, db *sql.DB, n int) {
	t.Helper()
	tx, err := db.Begin()
	must(t, err)
	for i := range n {
		c := canaries[i%len(canaries)]
		_, err := tx.Exec("INSERT INTO person (person_name, number, more) VALUES (?, ?, ?)", c, canaries[1], strings.Repeat(c+" ", i%7*150))
		must(t, err)
		_, err = tx.Exec("INSERT INTO search (words) VALUES (?)", c)
		must(t, err)
	}
	must(t, tx.Commit())
}

// I10: whatever SQLite does, the disk has nothing in clear; and it all works as without the layer.
func TestNothingIsInClear(t *testing.T) {
	for _, journal := range []string{"wal", "delete", "persist", "truncate"} {
		t.Run(journal, func(t *testing.T) {
			l := layer(t, "a")
			dir := t.TempDir()
			path := filepath.Join(dir, "x #1 %20.db")
			db := open(t, path, l, "journal_mode("+journal+")")
			populate(t, db, 150)
			nothingInClear(t, dir, "filled")
			tx, err := db.Begin() // bigger than the cache: the journal is written, and the file before the commit
			must(t, err)
			_, err = tx.Exec("PRAGMA cache_size = 5")
			must(t, err)
			_, err = tx.Exec("UPDATE person SET more = more || person_name")
			must(t, err)
			_, err = tx.Exec("CREATE TEMP TABLE t AS SELECT * FROM person ORDER BY more")
			must(t, err)
			nothingInClear(t, dir, "in a transaction")
			must(t, tx.Rollback())
			nothingInClear(t, dir, "rolled back")
			run(t, db, "UPDATE person SET more = person_name || more", "DELETE FROM person WHERE no % 3 = 0", "VACUUM")
			nothingInClear(t, dir, "vacuumed")
			run(t, db, "PRAGMA wal_checkpoint(TRUNCATE)", "INSERT INTO search (search) VALUES ('optimize')")
			into := filepath.Join(dir, "into.db")
			run(t, db, "VACUUM INTO '"+into+"'")
			nothingInClear(t, dir, "vacuumed into")
			beside := filepath.Join(dir, "backup.db")
			conn, err := db.Conn(context.Background())
			must(t, err)
			must(t, conn.Raw(func(c any) error {
				b, err := c.(interface {
					NewBackup(string) (*sqlite.Backup, error)
				}).NewBackup(dsn(beside, l))
				if err != nil {
					return err
				}
				for more := true; more && err == nil; {
					more, err = b.Step(20)
					nothingInClear(t, dir, "in a backup")
				}
				return errors.Join(err, b.Finish())
			}))
			must(t, conn.Close())
			nothingInClear(t, dir, "backed up")
			want := one(t, db, "SELECT count(*) || total(length(more)) FROM person")
			if one(t, db, "SELECT count(*) FROM search WHERE search MATCH 'nghieng'") != "50" {
				t.Error("the words are not found")
			}
			must(t, db.Close())
			nothingInClear(t, dir, "closed")
			for _, p := range []string{path, into, beside} {
				again := open(t, p, l)
				if got := one(t, again, "SELECT count(*) || total(length(more)) FROM person"); got != want || one(t, again, "PRAGMA integrity_check") != "ok" {
					t.Errorf("%s: %s, want %s", p, got, want)
				}
				must(t, again.Close())
			}
		})
	}
}

func TestEveryPageSize(t *testing.T) {
	for size := 512; size <= 65536; size *= 2 {
		l := layer(t, "a")
		path := filepath.Join(t.TempDir(), "x.db")
		db := open(t, path, l)
		db.SetMaxOpenConns(1)
		run(t, db, fmt.Sprintf("PRAGMA page_size = %d", size), "PRAGMA journal_mode = wal")
		populate(t, db, 50)
		for range 20 {
			fill(t, db, 3)
		}
		if got := []string{one(t, db, "PRAGMA page_size"), one(t, db, "PRAGMA journal_mode"), one(t, db, "PRAGMA mmap_size = 100000")}; !slices.Equal(got, []string{fmt.Sprint(size), "wal", "0"}) {
			t.Error("not as asked", size, got)
		}
		must(t, db.Close())
		db = open(t, path, l)
		if one(t, db, "SELECT count(*) FROM person") != "110" || one(t, db, "PRAGMA integrity_check") != "ok" {
			t.Error(size)
		}
		must(t, db.Close())
	}
}

// hot copies a database that is in use, log and all, as a crash leaves it.
func hot(t testing.TB, path string) string {
	t.Helper()
	dir := t.TempDir()
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		text, err := os.ReadFile(path + suffix)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		must(t, err)
		must(t, os.WriteFile(filepath.Join(dir, "x.db"+suffix), text, 0o600))
	}
	return filepath.Join(dir, "x.db")
}

// fingerprint is of every file in the folder.
func fingerprint(t testing.TB, path string) string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	must(t, err)
	var out strings.Builder
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(filepath.Dir(path), e.Name()))
		must(t, err)
		fmt.Fprintf(&out, "%s %x\n", e.Name(), sha256.Sum256(text))
	}
	return out.String()
}

func TestAWrongKeyHarmsNothing(t *testing.T) {
	l, wrong := layer(t, "a"), layer(t, "b")
	path := filepath.Join(t.TempDir(), "x.db")
	db := open(t, path, l, "journal_mode(wal)")
	populate(t, db, 20)
	run(t, db, "PRAGMA wal_checkpoint")
	fill(t, db, 3) // in the log alone
	crashed := hot(t, path)
	must(t, db.Close())
	if err := l.Check(crashed); err != nil {
		t.Error(err)
	}
	before := fingerprint(t, crashed)
	if err := wrong.Check(crashed); dossier.Code(err) != "store.wrong-key" {
		t.Error(err)
	}
	for _, mode := range []string{"ro", "rw", "rwc"} {
		db, err := sql.Open("sqlite", address(crashed, wrong, mode)+"&_pragma=journal_mode(wal)")
		must(t, err)
		if _, err := db.Exec("CREATE TABLE t (x)"); code(err) != sqlite3.SQLITE_AUTH {
			t.Errorf("%s: %v", mode, err)
		}
		must(t, db.Close())
		if after := fingerprint(t, crashed); after != before {
			t.Fatalf("%s: was\n%s\nis\n%s", mode, before, after)
		}
	}
	db = open(t, crashed, l)
	if got := one(t, db, "SELECT count(*) FROM person"); got != "23" {
		t.Errorf("%s rows after it", got)
	}
}

func TestAFileInClearIsToldFromAnEncryptedOne(t *testing.T) {
	l := layer(t, "a")
	dir := t.TempDir()
	plain, sealed, empty := filepath.Join(dir, "plain.db"), filepath.Join(dir, "sealed.db"), filepath.Join(dir, "empty.db")
	db := open(t, plain, nil)
	populate(t, db, 3)
	must(t, db.Close())
	db = open(t, sealed, l)
	populate(t, db, 3)
	must(t, db.Close())
	must(t, os.WriteFile(empty, nil, 0o600))
	for path, want := range map[string]bool{plain: false, sealed: true, empty: false} {
		if got, err := Encrypted(path); got != want || err != nil {
			t.Error(path, got, err)
		}
	}
	if _, err := Encrypted(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	before := fingerprint(t, plain)
	if err := l.Check(plain); dossier.Code(err) != "store.plain" {
		t.Error(err)
	}
	db = open(t, plain, l)
	if _, err := db.Exec("CREATE TABLE t (x)"); code(err) != sqlite3.SQLITE_FORMAT {
		t.Error(err)
	}
	must(t, db.Close())
	if fingerprint(t, plain) != before {
		t.Error("it was touched")
	}
	db = open(t, sealed, nil)
	if _, err := db.Exec("CREATE TABLE t (x)"); code(err) != sqlite3.SQLITE_NOTADB {
		t.Error(err)
	}
}

func TestAnErasedKeyReadsAndWritesNothing(t *testing.T) {
	l := layer(t, "a")
	path := filepath.Join(t.TempDir(), "x.db")
	db := open(t, path, l, "journal_mode(wal)")
	populate(t, db, 20)
	reader := open(t, path, l)
	if one(t, reader, "SELECT count(*) FROM person") != "20" {
		t.Error("not read")
	}
	tx, err := reader.Begin() // one is in the middle of reading
	must(t, err)
	rows, err := tx.Query("SELECT person_name FROM person")
	must(t, err)
	before := fingerprint(t, path)
	blocks := l.roles[mainFile].blocks
	must(t, l.Close())
	must(t, l.Close())
	for _, b := range blocks {
		if !isZero([]byte(fmt.Sprintf("%v", b))) && strings.Trim(fmt.Sprintf("%v", b), "&{}[] 0") != "" {
			t.Errorf("the key is still there: %v", b)
		}
	}
	if _, err := db.Exec("INSERT INTO person (no) VALUES (99)"); code(err) != sqlite3.SQLITE_IOERR_AUTH {
		t.Error(err)
	}
	var n int
	if err := db.QueryRow("SELECT count(*) FROM person").Scan(&n); code(err) != sqlite3.SQLITE_IOERR_AUTH {
		t.Error("told from the cache", n, err)
	}
	if _, err := tx.Exec("SELECT more FROM person"); err == nil {
		rows.Close()
	}
	if fingerprint(t, path) != before {
		t.Error("something was written")
	}
	rows.Close()
	tx.Rollback()
	reader.Close()
	db.Close()
	if _, err := os.Stat(path + "-wal"); err != nil {
		t.Error("the log was not left as it was:", err)
	}
	other, err := sql.Open("sqlite", dsn(path, l))
	must(t, err)
	if err := other.Ping(); err == nil {
		t.Error("the name still opens")
	}
	other.Close()
	key := sha256.Sum256([]byte("a"))
	again, err := Register(l.Name(), &key)
	must(t, err)
	defer again.Close()
	if _, err := Register(l.Name(), &key); err == nil {
		t.Error("a name was taken twice")
	}
	db = open(t, path, again)
	if one(t, db, "SELECT count(*) FROM person") != "20" || one(t, db, "PRAGMA integrity_check") != "ok" {
		t.Error("not as it was")
	}
	must(t, db.Close())
}

func TestACommitOverSeveralFilesIsRefused(t *testing.T) {
	l := layer(t, "a")
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "x.db"), l, "journal_mode(delete)")
	db.SetMaxOpenConns(1)
	run(t, db, "CREATE TABLE a (x)", "ATTACH '"+filepath.Join(dir, "y.db")+"' AS y", "CREATE TABLE y.b (x)", "BEGIN", "INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (1)")
	if _, err := db.Exec("COMMIT"); code(err)&0xff != sqlite3.SQLITE_CANTOPEN {
		t.Error(err)
	}
	_, _ = db.Exec("ROLLBACK")
	if one(t, db, "SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b)") != "0" {
		t.Error("half kept")
	}
	nothingInClear(t, dir, "attached")
}

const otherProcess = "TIEPNHAN_TEST_VFS"

func TestMain(m *testing.M) {
	if job := os.Getenv(otherProcess); job != "" {
		os.Exit(beOther(strings.Split(job, "\n")))
	}
	os.Exit(m.Run())
}

func other(job ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), otherProcess+"="+strings.Join(job, "\n"))
	return cmd
}

// beOther writes beside the test, or converts a database and stops in the middle.
func beOther(job []string) int {
	key, next := sha256.Sum256([]byte("a")), sha256.Sum256([]byte("b"))
	l, err := Register("l", &key)
	if err != nil {
		panic(err)
	}
	if job[0] == "write" {
		db, err := sql.Open("sqlite", dsn(job[1], l))
		for i := 0; i < 200 && err == nil; i++ {
			_, err = db.Exec("INSERT INTO person (person_name) VALUES (?)", canaries[0])
		}
		if err = errors.Join(err, db.Close()); err != nil {
			fmt.Println(err)
			return 1
		}
		return 0
	}
	from, to := (*Layer)(nil), l
	if job[0] == "renew" {
		from = l
		if to, err = Register("to", &next); err != nil {
			panic(err)
		}
	}
	err = convert(context.Background(), job[1], from, to, func(step string) {
		if step == job[2] {
			os.Exit(77)
		}
	})
	fmt.Println(err)
	return 1
}

func TestSeveralConnectionsAndProcesses(t *testing.T) {
	l := layer(t, "a")
	path := filepath.Join(t.TempDir(), "x.db")
	db := open(t, path, l, "journal_mode(wal)")
	populate(t, db, 20)
	writers := []*exec.Cmd{other("write", path), other("write", path)}
	for _, w := range writers {
		w.Stdout, w.Stderr = os.Stderr, os.Stderr
		must(t, w.Start())
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for last := 0; last < 420; {
				var n int
				var more sql.NullInt64
				if err := db.QueryRow("SELECT count(*), sum(length(more)) FROM person").Scan(&n, &more); err != nil || n < last {
					t.Errorf("%d after %d: %v", n, last, err)
					return
				}
				last = n
			}
		})
	}
	for range 50 {
		run(t, db, "UPDATE person SET more = more || ' ' WHERE no < 20")
	}
	all.Wait()
	for _, w := range writers {
		must(t, w.Wait())
	}
	if one(t, db, "SELECT count(*) FROM person") != "420" || one(t, db, "PRAGMA integrity_check") != "ok" {
		t.Error("not all is there")
	}
}
