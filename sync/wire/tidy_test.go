package wire_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

func public(n byte) ed25519.PublicKey { return parcelKey(n).Public().(ed25519.PublicKey) }

func knowsAll(wire.Held) bool { return true }

// folders are those of the parcels on a stick.
func folders(t testing.TB, dir string) (out []string) {
	t.Helper()
	for _, f := range find(t, dir) {
		out = append(out, f.Folder)
	}
	return out
}

func TestNewParcelTakesThePlaceOfTheOneItSaysAgain(t *testing.T) {
	dir := t.TempDir()
	p, es := load(t, 2)
	put := func(p wire.Parcel, key byte) wire.WrittenParcel {
		t.Helper()
		w, err := wire.WriteParcel(t.Context(), wire.SystemDisk{}, dir, p, parcelKey(key), all(es), silent)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	old := put(p, 1)
	another := p
	another.For.Key = dossier.Hash{7}
	forAnother, stranger := put(another, 1), put(p, 3)
	waiting := p
	waiting.Parked = []dossier.Head{{Chain: p.Chains[0].Chain, Seq: 9}}
	waits := put(waiting, 1)
	begun := filepath.Join(dir, "TIEPNHAN", "up-"+wire.KeyHash(public(1)).String()[:8]+"-20260101-000000-00000000")
	theirs := filepath.Join(dir, "TIEPNHAN", "up-00000000-20260101-000000-00000000")
	for _, at := range []string{begun, theirs} {
		if err := os.Mkdir(at, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"0001.cxe", "0002.cxe.tmp", "index.tnp.tmp"} {
			if err := os.WriteFile(filepath.Join(at, name), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	fresh := put(p, 1)
	written := []wire.WrittenParcel{fresh}
	wire.Tidy(dir, public(1), written, func(wire.Held) bool { return false }) // it lost what the old one holds
	if got := folders(t, dir); !slices.Contains(got, old.Folder) || slices.Contains(got, "TIEPNHAN/"+filepath.Base(begun)) {
		t.Errorf("a maker that lost it: %q", got)
	}
	note := filepath.Join(dir, old.Folder, "ghi chú.txt")
	if err := os.WriteFile(note, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	wire.Tidy(dir, public(1), written, knowsAll)
	want := []string{fresh.Folder, forAnother.Folder, stranger.Folder, waits.Folder, "TIEPNHAN/" + filepath.Base(theirs)}
	got := folders(t, dir)
	slices.Sort(want)
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("what is left:\n%q\nwant\n%q", got, want)
	}
	if names, err := os.ReadDir(filepath.Join(dir, old.Folder)); err != nil || len(names) != 1 {
		t.Errorf("somebody's note: %v, %v", names, err)
	}
}

func TestWhoSaysLessIsGivenMore(t *testing.T) {
	p, _ := load(t, 1)
	long, short := p, p
	short.Chains = []wire.Held{p.Chains[0]}
	short.Chains[0].Seq--
	other := p.Chains[0]
	other.Incarnation = dossier.Incarnation{9}
	long.Chains = append(slices.Clone(p.Chains), other)
	for _, order := range [][]wire.Parcel{{long, short}, {short, long}, {long, short, long}} {
		if got := wire.Least(order); len(got) != 1 || got[0].Seq != short.Chains[0].Seq {
			t.Errorf("%+v", got)
		}
	}
	if got := wire.Least([]wire.Parcel{long}); len(got) != 2 {
		t.Errorf("one alone: %+v", got)
	}
}

// Whoever was told to choose the folder TIEPNHAN also writes into it, and the other side, which chooses the stick, finds it.
func TestWrittenIntoTheFolderItselfItIsFoundFromTheTop(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"TIEPNHAN", "."} {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(at, 0o700); err != nil {
			t.Fatal(err)
		}
		if _, _, err := write(t, wire.SystemDisk{}, at, 1); err != nil {
			t.Fatal(err)
		}
		if _, err := wire.WriteAsk(wire.SystemDisk{}, at, []byte(name), parcelKey(1)); err != nil {
			t.Fatal(err)
		}
	}
	if got := folders(t, dir); len(got) != 2 {
		t.Errorf("found %q", got)
	}
	if asks, err := wire.Asks(t.Context(), dir); err != nil || len(asks) != 2 {
		t.Errorf("%d questions, %v", len(asks), err)
	}
}

// What lies under our folder's name and is none may lead off the stick.
func TestNothingIsWrittenThroughALink(t *testing.T) {
	outside := t.TempDir()
	for name, lay := range map[string]func(at string) error{
		"link": func(at string) error { return os.Symlink(outside, at) },
		"file": func(at string) error { return os.WriteFile(at, []byte("x"), 0o600) },
	} {
		if name == "link" && runtime.GOOS == "windows" {
			continue // needs a right to make links
		}
		dir := t.TempDir()
		if err := lay(filepath.Join(dir, "TIEPNHAN")); err != nil {
			t.Fatal(err)
		}
		if _, _, err := write(t, wire.SystemDisk{}, dir, 1); dossier.Code(err) != "parcel.no-folder" {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := wire.WriteAsk(wire.SystemDisk{}, dir, []byte("x"), parcelKey(1)); dossier.Code(err) != "parcel.no-folder" {
			t.Errorf("%s: a question: %v", name, err)
		}
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) != 0 {
		t.Errorf("written off the stick: %v, %v", left, err)
	}
}

func TestWhatLiesAtTheTopHidesNoParcel(t *testing.T) {
	for name, lay := range map[string]func(dir string) error{
		"rubbish": func(dir string) error { return os.WriteFile(filepath.Join(dir, "index.tnp"), []byte("x"), 0o600) },
		"folder":  func(dir string) error { return os.Mkdir(filepath.Join(dir, "index.tnp"), 0o700) },
		"another": func(dir string) error {
			from := t.TempDir()
			w, _, err := write(t, wire.SystemDisk{}, from, 1)
			if err != nil {
				return err
			}
			return os.CopyFS(dir, os.DirFS(filepath.Join(from, w.Folder)))
		},
	} {
		dir := t.TempDir()
		if err := lay(dir); err != nil {
			t.Fatal(err)
		}
		w, _, err := write(t, wire.SystemDisk{}, dir, 1)
		if err != nil {
			t.Fatal(err)
		}
		found := find(t, dir)
		if len(found) != 2 || found[0].Folder != "." || found[1].Folder != w.Folder || found[1].Err != nil {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func TestOursIsFoundBesideVeryManyFiles(t *testing.T) {
	dir := t.TempDir()
	w, _, err := write(t, wire.SystemDisk{}, dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4*wire.MaxFiles + 1 {
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("anh%06d.jpg", i)))
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	found, err := wire.FindParcels(t.Context(), dir)
	if dossier.Code(err) != "parcel.too-many" || len(found) != 1 || found[0].Folder != w.Folder || found[0].Err != nil {
		t.Errorf("%v, %+v", err, found)
	}
}

// A folder's name is a stranger's: on a screen it is one line of what can be seen.
func TestFolderWithAStrangeNameIsShownPlainly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such names there")
	}
	dir := t.TempDir()
	w, es, err := write(t, wire.SystemDisk{}, dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	const name = "\x1b[2Jgửi\n\u202echị\xff  Thử"
	if err := os.Rename(filepath.Join(dir, w.Folder), filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
	found := find(t, dir)
	if len(found) != 1 || found[0].Err != nil || found[0].Folder != dossier.Clean(name) || strings.ContainsAny(found[0].Folder, "\x1b\n\u202e") {
		t.Fatalf("%+v", found)
	}
	if e, err := found[0].Envelope(0); err != nil || !bytes.Equal(e.Bytes(), es[0].Bytes()) {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name, "0001.cxe"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := found[0].Envelope(0); dossier.Code(err) != "parcel.file-damaged" || strings.ContainsAny(err.Error(), "\x1b\n\u202e") {
		t.Errorf("%q", err)
	}
}

// Anybody can sign an index with a key of his own.
func TestIndexesOfAStrangerFillNoMemory(t *testing.T) {
	dir := t.TempDir()
	p, es := load(t, 1)
	for i := range wire.MaxFiles {
		p.Files = append(p.Files, wire.ParcelFile{Chain: es[0].Chain.Chain, First: uint64(i)*100 + 1, Last: uint64(i)*100 + 100, Name: wire.FileName(i), Size: 20_000})
	}
	b := p.Sign(parcelKey(3))
	for i := range 80 {
		at := filepath.Join(dir, fmt.Sprint("x", i))
		if err := os.Mkdir(at, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(at, "index.tnp"), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w, _, err := write(t, wire.SystemDisk{}, dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	found, err := wire.FindParcels(t.Context(), dir)
	if dossier.Code(err) != "parcel.too-many" || !slices.ContainsFunc(found, func(f wire.FoundParcel) bool { return f.Folder == w.Folder }) {
		t.Errorf("%d found, %v", len(found), err)
	}
	if most := 64<<20/len(b) + 1; len(found) > most+1 {
		t.Errorf("%d indexes of %d bytes were read", len(found), len(b))
	}
}

// wraps is a stick that is smaller than it says: what is written later is kept instead of what was written first.
type wraps struct {
	wire.SystemDisk
	first string
}

func (d *wraps) Write(name string, b []byte) error {
	if err := d.SystemDisk.Write(name, b); err != nil {
		return err
	}
	if d.first == "" {
		d.first = strings.TrimSuffix(name, ".tmp")
		return nil
	}
	if filepath.Dir(name) != filepath.Dir(d.first) {
		return os.WriteFile(d.first, make([]byte, 512), 0o600)
	}
	return nil
}

func TestParcelThatGaveWayToTheNextIsNoticed(t *testing.T) {
	dir, disk := t.TempDir(), &wraps{}
	var written []wire.WrittenParcel
	for range 2 {
		w, _, err := write(t, disk, dir, 2)
		if err != nil {
			t.Fatal(err)
		}
		written = append(written, w)
	}
	if err := wire.CheckParcels(t.Context(), disk, dir, written); dossier.Code(err) != "parcel.differs" {
		t.Errorf("%v", err)
	}
	if got := folders(t, dir); !slices.Equal(got, []string{written[1].Folder}) {
		t.Errorf("left: %q", got)
	}
	if err := wire.CheckParcels(t.Context(), disk, dir, written[1:]); err != nil {
		t.Error(err)
	}
}
