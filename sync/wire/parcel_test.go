package wire_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tiepnhan/dossier"
	"tiepnhan/dossier/dossiertest"
	"tiepnhan/sync/wire"
)

func parcelKey(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

// addressee is whom all parcels are for: what tells two of them apart is their content alone.
var addressee = sync.OnceValues(wire.NewIdentity)

// load are n envelopes of one chain with a few entries each, and who they are for.
func load(t testing.TB, n int) (wire.Parcel, []wire.Envelope) {
	t.Helper()
	key := parcelKey(1)
	identity, err := addressee()
	if err != nil {
		t.Fatal(err)
	}
	to, err := wire.ParseRecipient(identity.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	g := dossier.Genesis{Chain: dossier.Chain{Device: dossier.DeviceID{1}, Incarnation: dossier.Incarnation{2}}}
	at := dossier.Head{Chain: g.Chain, Hash: g.Hash()}
	var out []wire.Envelope
	for i := range n {
		run := wire.Run{Chain: g, After: at.Seq, Before: at.Hash}
		for j := range 3 {
			e, err := dossier.Seal(dossier.Event{ID: dossier.EventID{byte(i), byte(j), 1}, Kind: dossier.TraceOpened, At: time.Unix(0, 0), Body: []byte("{}")}, [16]byte{9})
			if err != nil {
				t.Fatal(err)
			}
			run.Entries = append(run.Entries, e)
		}
		e, err := wire.Seal(run, func(h dossier.Head) []byte { return h.Sign(key) }, key, to)
		if err != nil {
			t.Fatal(err)
		}
		out, at = append(out, e), e.Head()
	}
	return wire.Parcel{Kind: wire.ParcelUp, At: time.Date(2026, 11, 23, 16, 40, 0, 0, dossier.Hanoi), From: "Công an xã Thử Nghiệm, quầy số 1", To: "Công an tỉnh Mẫu",
		For: wire.Addressee{Recipient: to.ID, Key: wire.KeyHash(parcelKey(2).Public().(ed25519.PublicKey))}, Own: &g.Chain,
		Chains: []wire.Held{{Genesis: g, Owner: key.Public().(ed25519.PublicKey), Seq: at.Seq, Hash: at.Hash}}}, out
}

func all(es []wire.Envelope) iter.Seq2[wire.Envelope, error] {
	return func(yield func(wire.Envelope, error) bool) {
		for _, e := range es {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func silent(string, int) {}

func write(t testing.TB, disk wire.Disk, dir string, n int) (wire.WrittenParcel, []wire.Envelope, error) {
	t.Helper()
	p, es := load(t, n)
	w, err := wire.WriteParcel(t.Context(), disk, dir, p, parcelKey(1), all(es), silent)
	return w, es, err
}

func find(t testing.TB, dir string) []wire.FoundParcel {
	t.Helper()
	found, err := wire.FindParcels(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestParcelIsReadAsItWasWritten(t *testing.T) {
	dir := t.TempDir()
	w, es, err := write(t, wire.SystemDisk{}, dir, 3)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(w.Folder, "TIEPNHAN/up-") || !strings.Contains(w.Folder, "-20261123-164000-") {
		t.Errorf("folder %q", w.Folder)
	}
	names, err := os.ReadDir(filepath.Join(dir, w.Folder))
	if err != nil || len(names) != 4 || names[0].Name() != "0001.cxe" || names[3].Name() != "index.tnp" {
		t.Errorf("what lies there: %v, %v", names, err)
	}
	for range 2 { // reading changes nothing
		found := find(t, dir)
		if len(found) != 1 || found[0].Err != nil || found[0].Folder != w.Folder || found[0].Index != w.Index || found[0].From != w.From || len(found[0].Files) != 3 {
			t.Fatalf("found %+v", found)
		}
		for i := range es {
			if e, err := found[0].Envelope(i); err != nil || !bytes.Equal(e.Bytes(), es[i].Bytes()) {
				t.Fatalf("envelope %d is another one: %v", i, err)
			}
		}
	}
}

// A parcel may lie in a renamed folder, at the top, or beside anything; what lies inside decides.
func TestParcelIsFoundWhereverSomebodyPutIt(t *testing.T) {
	for name, to := range map[string]string{"renamed": "TIEPNHAN/gửi chị Thử", "other top": "Thư mục mới/x", "top": "bản sao", "itself": "."} {
		dir := t.TempDir()
		w, _, err := write(t, wire.SystemDisk{}, dir, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, beside := range []string{"anh.jpg", "autorun.inf", "TIEPNHAN/ghi chú.txt"} {
			if err := os.WriteFile(filepath.Join(dir, beside), []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if to != "." {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, to)), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(filepath.Join(dir, w.Folder), filepath.Join(dir, to)); err != nil {
				t.Fatal(err)
			}
		} else {
			dir = filepath.Join(dir, w.Folder)
		}
		found := find(t, dir)
		if len(found) != 1 || found[0].Err != nil || found[0].Folder != to {
			t.Fatalf("%s: %+v", name, found)
		}
		if _, err := found[0].Envelope(0); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// fake is a disk that fails in one way.
type fake struct {
	wire.SystemDisk
	room    int // bytes until it is full; 0 for no end
	keeps   int // bytes it truly keeps: what was written first is lost to what comes after; 0 for all
	gone    int // it is pulled out after so many writes; 0 for never
	claims  uint64
	written int
	names   []string
}

func (f *fake) Free(dir string) (uint64, error) {
	if f.claims > 0 {
		return f.claims, nil
	}
	return f.SystemDisk.Free(dir)
}

func (f *fake) Write(name string, b []byte) error {
	if f.names = append(f.names, name); f.gone > 0 && len(f.names) > f.gone {
		return errors.New("no such device")
	}
	if f.written += len(b); f.room > 0 && f.written > f.room {
		return fmt.Errorf("write: %w", full)
	}
	return f.SystemDisk.Write(name, b)
}

func (f *fake) ReadBack(name string, to io.Writer) error {
	if f.keeps > 0 && f.written > f.keeps && strings.HasSuffix(name, wire.FileName(0)) {
		_, err := to.Write(make([]byte, 512))
		return err
	}
	return f.SystemDisk.ReadBack(name, to)
}

func TestStickThatFailsCountsAsNothingExported(t *testing.T) {
	for name, x := range map[string]struct {
		disk *fake
		code string
	}{
		"says it is full":            {&fake{claims: 1000}, "parcel.full"},
		"is full after a while":      {&fake{room: 5000}, "parcel.full"},
		"is smaller than it says":    {&fake{keeps: 5000}, "parcel.differs"},
		"is pulled out":              {&fake{gone: 2}, "parcel.not-writable"},
		"is pulled out at the index": {&fake{gone: 3}, "parcel.not-writable"},
	} {
		dir := t.TempDir()
		_, _, err := write(t, x.disk, dir, 3)
		if dossier.Code(err) != x.code {
			t.Errorf("%s: %v", name, err)
		}
		if found := find(t, dir); len(found) != 0 {
			t.Errorf("%s: a parcel is left: %+v", name, found)
		}
	}
	if _, _, err := write(t, wire.SystemDisk{}, filepath.Join(t.TempDir(), "no such"), 1); dossier.Code(err) != "parcel.folder" {
		t.Errorf("no folder: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	dir := t.TempDir()
	p, es := load(t, 3)
	if _, err := wire.WriteParcel(ctx, wire.SystemDisk{}, dir, p, parcelKey(1), all(es), func(string, int) { stop() }); !errors.Is(err, context.Canceled) || len(find(t, dir)) != 0 {
		t.Errorf("stopped: %v, %v", err, find(t, dir))
	}
}

// What a power cut or a pulled stick leaves at any moment is no parcel, and is said.
func TestUnfinishedParcelIsPassedOverAndSaid(t *testing.T) {
	for _, left := range []string{"0001.cxe.tmp", "0001.cxe", "index.tnp.tmp"} {
		dir := t.TempDir()
		at := filepath.Join(dir, "TIEPNHAN", "up-x")
		if err := os.MkdirAll(at, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(at, left), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := write(t, wire.SystemDisk{}, dir, 1); err != nil {
			t.Fatal(err)
		}
		found := find(t, dir)
		if len(found) != 2 || dossier.Code(found[1].Err) != "parcel.unfinished" || found[0].Err != nil {
			t.Errorf("%s: %+v", left, found)
		}
	}
}

// Whatever is done to a file of a parcel, its reader gets that very envelope or a problem, and never another's bytes.
func TestDamagedParcelIsRefusedInWords(t *testing.T) {
	dir := t.TempDir()
	w, es, err := write(t, wire.SystemDisk{}, dir, 2)
	if err != nil {
		t.Fatal(err)
	}
	index, file := filepath.Join(dir, w.Folder, "index.tnp"), filepath.Join(dir, w.Folder, "0002.cxe")
	whole := map[string][]byte{}
	for _, name := range []string{index, file} {
		if whole[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.SampledFrom([]string{index, file}).Draw(r, "file")
		b := bytes.Clone(whole[name])
		switch rapid.SampledFrom([]string{"cut", "flip", "grow", "empty", "gone"}).Draw(r, "how") {
		case "cut":
			b = b[:rapid.IntRange(0, len(b)-1).Draw(r, "at")]
		case "flip":
			b[rapid.IntRange(0, len(b)-1).Draw(r, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		case "grow":
			b = append(b, 0)
		case "empty":
			b = []byte{}
		case "gone":
			if err := os.Remove(name); err != nil {
				r.Fatal(err)
			}
			b = nil
		}
		if b != nil {
			if err := os.WriteFile(name, b, 0o600); err != nil {
				r.Fatal(err)
			}
		}
		defer func() {
			if err := os.WriteFile(name, whole[name], 0o600); err != nil {
				r.Fatal(err)
			}
		}()
		found := find(t, dir)
		if len(found) != 1 {
			r.Fatalf("found %+v", found)
		}
		if name == index {
			if code := dossier.Code(found[0].Err); code != "parcel.damaged" && code != "parcel.unfinished" && code != "parcel.newer" {
				r.Fatalf("index: %v", found[0].Err)
			}
			return
		}
		if found[0].Err != nil {
			r.Fatal(found[0].Err)
		}
		if e, err := found[0].Envelope(0); err != nil || !bytes.Equal(e.Bytes(), es[0].Bytes()) {
			r.Fatalf("the other envelope: %v", err)
		}
		if _, err := found[0].Envelope(1); dossier.Code(err) != "parcel.file-damaged" && dossier.Code(err) != "parcel.file-missing" {
			r.Fatalf("envelope: %v", err)
		}
	})
}

// sealed is an index signed by its maker, whatever it says.
func sealed(body string) []byte {
	key := parcelKey(1)
	return append(ed25519.Sign(key, append([]byte("tiepnhan/parcel/1\x00"), body...)), body...)
}

func TestHostileIndexIsRefused(t *testing.T) {
	p, es := load(t, 1)
	good := string(p.Sign(parcelKey(1))[64:])
	if _, err := wire.OpenParcel(sealed(good)); err != nil {
		t.Fatal(err)
	}
	if _, err := wire.OpenParcel(sealed(strings.TrimSuffix(good, "}") + `,"admission":"AAAA","vouched":"AAAA"}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := wire.OpenParcel(sealed(strings.Replace(good, `"version":2`, `"version":1`, 1))); err != nil { // from a drawer
		t.Fatal(err)
	}
	file := fmt.Sprintf(`{"device":"%s","incarnation":"%s","first":1,"last":3,"name":"%%s","size":%d,"sum":"%s"}`, es[0].Chain.Device, es[0].Chain.Incarnation,
		len(es[0].Bytes()), dossier.Hash{})
	named := func(name string) string {
		return strings.Replace(good, `"files":[]`, `"files":[`+fmt.Sprintf(file, name)+`]`, 1)
	}
	if _, err := wire.OpenParcel(sealed(named("0001.cxe"))); err != nil {
		t.Fatal(err)
	}
	huge := strings.Replace(good, `"chains":[`, `"chains":[`+strings.Repeat("{},", 1_300_000), 1)
	for name, body := range map[string]string{
		"up and out":        named("../0001.cxe"),
		"absolute":          named("/etc/passwd"),
		"windows path":      named(`..\\0001.cxe`),
		"drive":             named("C:0001.cxe"),
		"device":            named("NUL"),
		"stream":            named("0001.cxe:x"),
		"another number":    named("0002.cxe"),
		"white space":       strings.Replace(good, `"kind"`, ` "kind"`, 1),
		"twice":             strings.Replace(good, `"kind":"up"`, `"kind":"up","kind":"up"`, 1),
		"unknown":           strings.Replace(good, `"kind"`, `"x":1,"kind"`, 1),
		"kind":              strings.Replace(good, `"up"`, `"sideways"`, 1),
		"down from a PC":    strings.Replace(good, `"up"`, `"down"`, 1),
		"name of two lines": strings.Replace(good, `"to":"Công`, `"to":"\nCông`, 1),
		"long name":         strings.Replace(good, `"to":"Công`, `"to":"`+strings.Repeat("C", 500)+`Công`, 1),
		"same chain twice":  strings.Replace(good, `"chains":[`, `"chains":[`+good[strings.Index(good, `"chains":[`)+10:strings.Index(good, `],"files"`)]+`,`, 1),
		"huge":              huge,
		"nothing":           "",
		"version 0":         strings.Replace(good, `"version":2`, `"version":0`, 1),
		"long admission":    strings.TrimSuffix(good, "}") + `,"admission":"` + strings.Repeat("A", 8<<10) + `"}`,
		"long voucher":      strings.TrimSuffix(good, "}") + `,"vouched":"` + strings.Repeat("A", 128) + `"}`,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		_, err := wire.OpenParcel(sealed(body))
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, wire.ErrBad) || errors.Is(err, wire.ErrNewer) {
			t.Errorf("%s: %v", name, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; took > time.Second || used > 64<<20 {
			t.Errorf("%s: %v, %d bytes", name, took, used)
		}
	}
	if _, err := wire.OpenParcel(sealed(strings.Replace(good, `"version":2`, `"version":3,"more":{}`, 1))); !errors.Is(err, wire.ErrNewer) {
		t.Errorf("newer: %v", err)
	}
	b := p.Sign(parcelKey(1))
	other := p.Sign(parcelKey(2))
	if _, err := wire.OpenParcel(append(bytes.Clone(other[:64]), b[64:]...)); !errors.Is(err, wire.ErrBad) {
		t.Errorf("another's signature: %v", err)
	}
}

func TestIndexOfTenThousandFilesIsReadInTime(t *testing.T) {
	p, es := load(t, 1)
	for i := range wire.MaxFiles {
		p.Files = append(p.Files, wire.ParcelFile{Chain: es[0].Chain.Chain, First: uint64(i)*100 + 1, Last: uint64(i)*100 + 100, Name: wire.FileName(i), Size: 20_000})
	}
	b := p.Sign(parcelKey(1))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	_, err := wire.OpenParcel(b)
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if err != nil || took > time.Second || after.TotalAlloc-before.TotalAlloc > 64<<20 {
		t.Errorf("%d bytes: %v, %v, %d bytes allocated", len(b), err, took, after.TotalAlloc-before.TotalAlloc)
	}
	p.Files = append(p.Files, wire.ParcelFile{Chain: es[0].Chain.Chain, First: 1, Last: 1, Name: wire.FileName(wire.MaxFiles), Size: 20_000})
	if _, err := wire.OpenParcel(p.Sign(parcelKey(1))); !errors.Is(err, wire.ErrBad) {
		t.Errorf("one more: %v", err)
	}
}

// Nothing outside the folder is ever read, whatever a stick links to.
func TestLinksOnAStickAreNotFollowed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a right to make links")
	}
	outside, dir := t.TempDir(), t.TempDir()
	w, _, err := write(t, wire.SystemDisk{}, outside, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(outside, "TIEPNHAN"), filepath.Join(dir, "TIEPNHAN")); err != nil {
		t.Fatal(err)
	}
	if found := find(t, dir); len(found) != 0 {
		t.Errorf("a folder behind a link: %+v", found)
	}
	at := filepath.Join(outside, w.Folder)
	for _, name := range []string{"0001.cxe", "index.tnp"} {
		if err := os.Rename(filepath.Join(at, name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(dir, name), filepath.Join(at, name)); err != nil {
			t.Fatal(err)
		}
		found := find(t, outside)
		if len(found) != 1 {
			t.Fatalf("%s: %+v", name, found)
		}
		if name == "index.tnp" {
			if dossier.Code(found[0].Err) != "parcel.damaged" {
				t.Errorf("an index behind a link: %v", found[0].Err)
			}
		} else if _, err := found[0].Envelope(0); dossier.Code(err) != "parcel.file-damaged" {
			t.Errorf("an envelope behind a link: %v", err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "x", "index.tnp"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, f := range find(t, dir) {
		if f.Folder == "x" && dossier.Code(f.Err) != "parcel.damaged" {
			t.Errorf("a folder in an index's place: %+v", f)
		}
	}
}

func TestStickWithVeryManyFoldersStillGivesOurs(t *testing.T) {
	dir := t.TempDir()
	w, _, err := write(t, wire.SystemDisk{}, dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{dir, filepath.Join(dir, "TIEPNHAN")} {
		for i := range wire.MaxParcels + 10 {
			if err := os.MkdirAll(filepath.Join(at, fmt.Sprintf("A%05d", i)), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		found, err := wire.FindParcels(t.Context(), dir)
		if dossier.Code(err) != "parcel.too-many" || len(found) != 1 || found[0].Folder != w.Folder {
			t.Errorf("%v, %+v", err, found)
		}
	}
	if _, err := wire.FindParcels(t.Context(), filepath.Join(dir, "no such")); dossier.Code(err) != "parcel.folder" {
		t.Errorf("no folder: %v", err)
	}
}

func TestEnvelopeOfAnotherParcelIsNotTakenForThisOnes(t *testing.T) {
	dir := t.TempDir()
	a, _, err := write(t, wire.SystemDisk{}, dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := write(t, wire.SystemDisk{}, dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	from, err := os.ReadFile(filepath.Join(dir, a.Folder, "0001.cxe"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, b.Folder, "0001.cxe"), from, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, f := range find(t, dir) {
		if _, err := f.Envelope(0); (f.Folder == a.Folder) != (err == nil) {
			t.Errorf("%s: %v", f.Folder, err)
		}
	}
}

func FuzzOpenParcel(f *testing.F) {
	p, es := load(f, 2)
	f.Add(p.Sign(parcelKey(1)))
	for i, e := range es {
		p.Files = append(p.Files, wire.ParcelFile{Chain: e.Chain.Chain, First: e.First, Last: e.Last, Name: wire.FileName(i), Size: len(e.Bytes())})
	}
	f.Add(p.Sign(parcelKey(1)))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		// A fuzzer cannot sign, so what it makes of the body is signed for it.
		tries := [][]byte{b}
		if len(b) > 64 {
			tries = append(tries, sealed(string(b[64:])))
		}
		for _, b := range tries {
			var p wire.Parcel
			var err error
			dossiertest.Answered(t, func() { p, err = wire.OpenParcel(b) })
			if err != nil {
				if !errors.Is(err, wire.ErrBad) {
					t.Errorf("%v", err)
				}
				continue
			}
			if p.Maker != nil && bytes.Equal(p.Maker, parcelKey(1).Public().(ed25519.PublicKey)) && !bytes.Equal(p.Sign(parcelKey(1)), b) {
				t.Error("it has two forms")
			}
			for i, f := range p.Files {
				if f.Name != wire.FileName(i) || strings.ContainsAny(f.Name, `/\:`) {
					t.Errorf("file %q", f.Name)
				}
			}
		}
	})
}
