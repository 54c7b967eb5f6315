package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/assets"
	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
	"tiepnhan/sync/receive"
	"tiepnhan/sync/wire"
)

// pc is one PC of the station, by the verbs of its program.
type pc struct {
	t   *testing.T
	dir string
}

func (p pc) call(args ...string) said {
	p.t.Helper()
	return call1(p.t, append(args, "-data", p.dir)...)
}

func (p pc) do(args ...string) string {
	p.t.Helper()
	return p.call(args...).ok(p.t).out
}

// receive takes in a request of who is so called, and gives its number.
func (p pc) receive(name string) string {
	p.t.Helper()
	got := callWith(p.t, strings.Replace(cardRequest, "Nguyễn Văn Mẫu", name, 1), "receive", "-in", "-", "-json", "-data", p.dir).ok(p.t)
	var row dossier.Summary
	if err := json.Unmarshal([]byte(got.out), &row); err != nil || row.Number == "" {
		p.t.Fatalf("%v: %s", err, got.out)
	}
	return row.Number
}

// ended is a dossier with which nothing is left to do.
func (p pc) ended(name string) string {
	p.t.Helper()
	number := p.receive(name)
	callWith(p.t, `{"why":"Nhầm"}`, "do", "annul", number, "-in", "-", "-data", p.dir).ok(p.t)
	return number
}

// lists tells which names the list shows.
func (p pc) lists(want ...string) {
	p.t.Helper()
	rows := p.do("list")
	for _, name := range want {
		if strings.Count(rows, name) != 1 {
			p.t.Errorf("%s: want %q once in\n%s", filepath.Base(p.dir), name, rows)
		}
	}
}

// copyFolder is what a keeper does with a folder of a program that is not running.
func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// village is a station of two PCs and its upstream, on loopback.
type village struct {
	t        *testing.T
	up       *loopback // nil once closed
	dir      string    // upstream's
	one, two pc
}

const villageName = "Công an xã Thử Nghiệm"

func newVillage(t *testing.T) *village {
	t.Helper()
	at(t, "2026-11-20 09:05")
	v := &village{t: t, dir: t.TempDir()}
	var err error
	if v.up, err = startUpstream(t.Context(), v.dir, clock); err != nil {
		t.Fatal(err)
	}
	v.one, v.two = v.enrolled(1), v.enrolled(2)
	v.sync(v.one, v.two)
	t.Cleanup(v.close)
	return v
}

// close ends upstream.
func (v *village) close() {
	if v.up != nil {
		if err := v.up.close(); err != nil {
			v.t.Error(err)
		}
	}
	v.up = nil
}

func (v *village) enrolled(desk int) pc {
	v.t.Helper()
	p := pc{v.t, sampleDir(v.t)}
	ticket, err := v.up.upstream.Ticket(v.t.Context(), villageName, desk, "")
	if err != nil {
		v.t.Fatal(err)
	}
	if said := p.do("enrol", ticket.Text()); !strings.Contains(said, villageName) {
		v.t.Fatalf("enrolled: %s", said)
	}
	return p
}

// sync exchanges twice in turn, so that what one brings up another takes down.
func (v *village) sync(pcs ...pc) {
	v.t.Helper()
	for range 2 {
		for _, p := range pcs {
			p.do("sync")
		}
	}
}

// sound holds every journal against everything at all of them.
func (v *village) sound(pcs ...pc) {
	v.t.Helper()
	for _, p := range pcs {
		p.do("verify")
	}
	if faults, err := v.up.verify(); err != nil || len(faults) > 0 {
		v.t.Errorf("upstream: %v %v", faults, err)
	}
}

// knows wants the numbers at upstream, each once.
func (v *village) knows(numbers ...string) {
	v.t.Helper()
	for _, n := range numbers {
		if c, err := v.up.upstream.Find(v.t.Context(), n); err != nil || c.Number != n {
			v.t.Errorf("upstream has not %s: %v", n, err)
		}
	}
}

func TestEachPCOfAStationListsWhatTheOtherReceived(t *testing.T) {
	v := newVillage(t)
	a, b := v.one.receive("Nguyễn Văn Một"), v.two.receive("Trần Thị Hai")
	if a == b {
		t.Fatalf("both gave %s", a)
	}
	v.sync(v.one, v.two)
	for _, p := range []pc{v.one, v.two} {
		p.lists(a, b, "Nguyễn Văn Một", "Trần Thị Hai")
		if rows := p.do("list"); strings.Contains(rows, "Chờ gửi") {
			t.Errorf("after both have sent: %s", rows)
		}
	}
	v.knows(a, b)
	v.sound(v.one, v.two)
}

// officer gives the one officer of a PC another name; the sign-in name stays, as it is the same on both.
func (p pc) officer(name string) {
	p.t.Helper()
	w, err := openWorld(p.t.Context(), p.dir, nil, toWrite, clock)
	if err != nil {
		p.t.Fatal(err)
	}
	s, _, err := w.store.Settings(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	s.Officers[0].Name = name
	body, err := json.Marshal(s)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := w.store.Record(p.t.Context(), dossier.Event{ID: newID(), Kind: dossier.StationSet, By: w.desk.Officer, At: clock(), Body: body}); err != nil {
		p.t.Fatal(err)
	}
	if err := w.close(); err != nil {
		p.t.Fatal(err)
	}
}

// Two people of a station sign in under one name, each on their own PC: what one did does not stand under the other's name, on the screen, in the
// register, on paper or in the audit.
func TestWhatDesk1DidStandsUnderTheNameOfDesk1sOfficer(t *testing.T) {
	v := newVillage(t)
	const one, two = "Phạm Thị Thử Một", "Lê Văn Thử Hai"
	v.one.officer("Phạm Thị Cũ")
	v.one.officer(one)
	v.two.officer(two)
	number := v.one.receive("Nguyễn Văn Mẫu")
	callWith(t, `{"why":"Thiếu phiếu"}`, "do", "ask-papers", number, "-in", "-", "-data", v.one.dir).ok(t)
	v.sync(v.one, v.two)
	for _, p := range []pc{v.one, v.two} {
		out := t.TempDir()
		csv, pdf := filepath.Join(out, "sổ.csv"), filepath.Join(out, "giấy.pdf")
		p.do("register", "-book", "intake-register", "-from", "20/11/2026", "-to", "20/11/2026", "-format", "csv", "-out", csv)
		book, err := os.ReadFile(csv)
		if err != nil {
			t.Fatal(err)
		}
		p.do("print", "-form", "supplement", "-dossier", number, "-out", pdf)
		paper, err := exec.Command("pdftotext", pdf, "-").Output()
		if err != nil {
			t.Skip("no pdftotext here")
		}
		var audit []string
		for line := range strings.Lines(p.do("audit")) {
			if strings.Contains(line, number) && !strings.Contains(line, "In") {
				audit = append(audit, line)
			}
		}
		for what, said := range map[string]string{"the dossier": p.do("show", number), "the register": string(book), "the paper": string(paper), "the audit": strings.Join(audit, "")} {
			if strings.Contains(said, two) || strings.Contains(said, "can-bo-mau") || !strings.Contains(said, one) {
				t.Errorf("desk of %s: %s:\n%s", filepath.Base(p.dir), what, said)
			}
		}
	}
	v.sound(v.one, v.two)
}

// With the line down all day a stick carries it both ways: to the sister, to upstream, and the receipts home. What is on its way is not sent.
func TestAStickCarriesTheDayWhereTheLineIsDown(t *testing.T) {
	v := newVillage(t)
	if err := v.up.cut(); err != nil {
		t.Fatal(err)
	}
	a, b := v.one.receive("Nguyễn Văn Một"), v.two.receive("Trần Thị Hai")
	v.one.call("sync").refused(t, "line.down")
	usb := filepath.Join(t.TempDir(), "USB của trạm")
	v.one.call("export", usb).refused(t, "parcel.folder")
	v.one.call("export", v.one.dir).refused(t, "parcel.own-folder")
	if err := os.Mkdir(usb, 0o700); err != nil {
		t.Fatal(err)
	}
	if s := v.one.call("import", usb); s.code != cli.No || !strings.Contains(s.err, "parcel.none]") {
		t.Errorf("an empty stick: %+v", s)
	}
	sheet := filepath.Join(t.TempDir(), "phiếu.pdf")
	if said := v.one.do("export", usb, "-sheet", sheet); !strings.Contains(said, "Chưa phải là đã gửi") || !strings.Contains(said, sheet) {
		t.Errorf("export: %s", said)
	}
	if rows := v.one.do("list"); !strings.Contains(rows, "Chờ gửi") || strings.Contains(rows, "Đã gửi") {
		t.Errorf("exported is not sent: %s", rows)
	}
	v.two.do("import", usb)
	v.two.lists("Nguyễn Văn Một", "Trần Thị Hai")
	for what, said := range map[string]string{"list": v.two.do("list"), "show": v.two.do("show", a)} { // no receipt has come for anything
		if strings.Contains(said, "Đã gửi") || !strings.Contains(said, "Do máy khác gửi") {
			t.Errorf("desk 2, %s, says sent what desk 1 received and nobody sent: %s", what, said)
		}
	}
	v.two.do("export", usb)
	v.two.do("export", usb) // again, as people do
	for range 2 {
		if in, err := v.up.upstream.Import(t.Context(), usb, nil); err != nil || len(in.Problem) > 0 {
			t.Fatalf("%v %v", in.Problem, err)
		}
	}
	v.knows(a, b)
	if _, err := v.up.upstream.Export(t.Context(), wire.SystemDisk{}, usb, villageName, nil); err != nil {
		t.Fatal(err)
	}
	for _, p := range []pc{v.one, v.two} {
		p.do("import", usb)
		p.do("import", usb)
		p.lists("Nguyễn Văn Một", "Trần Thị Hai")
		if rows := p.do("list"); strings.Contains(rows, "Chờ gửi") {
			t.Errorf("the receipts came home: %s", rows)
		}
	}
	v.sound(v.one, v.two)
	if err := v.up.mend(); err != nil { // and the line again, in any order
		t.Fatal(err)
	}
	v.sync(v.two, v.one)
	v.sound(v.one, v.two)
}

// A disk image of the morning is put back and worked on: what the morning forgot comes back, what was done since stays, and one sentence
// says so. A parcel of before the restore that comes after it is no news.
func TestAMorningPutBackAndWorkedOnLosesNothing(t *testing.T) {
	v := newVillage(t)
	a := v.one.receive("Nguyễn Văn Một")
	v.sync(v.one)
	morning := filepath.Join(t.TempDir(), "bản sao")
	copyFolder(t, v.one.dir, morning)
	b := v.one.receive("Trần Thị Hai")
	late := t.TempDir()
	v.one.do("export", late)
	v.one.do("sync")
	c := v.one.receive("Lê Văn Ba") // sent by nobody but the stick
	v.one.do("export", late)
	copyFolder(t, morning, v.one.dir)

	d := v.one.receive("Phạm Thị Bốn")
	healed := v.one.do("sync")
	if n := strings.Count(healed, "bị đưa về bản cũ"); n != 1 {
		t.Errorf("%d sentences: %s", n, healed)
	}
	v.one.lists(a, "Nguyễn Văn Một", "Trần Thị Hai", "Phạm Thị Bốn")
	v.sound(v.one, v.two)
	if in, err := v.up.upstream.Import(t.Context(), late, nil); err != nil || len(in.Parcels) == 0 {
		t.Fatalf("%+v %v", in, err)
	}
	v.two.do("import", late)
	v.sync(v.one, v.two)
	for _, p := range []pc{v.one, v.two} {
		p.lists("Nguyễn Văn Một", "Trần Thị Hai", "Lê Văn Ba", "Phạm Thị Bốn")
	}
	if again := v.one.do("sync"); strings.Contains(again, "bản cũ") {
		t.Errorf("healed again: %s", again)
	}
	if b != d { // the number the forgotten afternoon gave is on two receipts, unless the PC knew
		v.knows(b, d)
	}
	if waiting, err := v.up.upstream.Parked(t.Context()); err != nil || len(waiting) > 0 {
		t.Errorf("%v waits: %v", waiting, err)
	}
	if e := v.one.receive("Vũ Thị Năm"); e == a || e == b || e == c || e == d {
		t.Errorf("%s is given again", e)
	}
	v.sync(v.one, v.two)
	v.sound(v.one, v.two)
}

// Two living copies of one folder: both are held, in words, until a person decides.
func TestTwoLivingCopiesAreFrozenUntilAPersonDecides(t *testing.T) {
	v := newVillage(t)
	v.one.receive("Nguyễn Văn Một")
	v.sync(v.one)
	other := pc{t, filepath.Join(t.TempDir(), "máy thứ hai")}
	copyFolder(t, v.one.dir, other.dir)
	v.one.receive("Trần Thị Hai")
	v.one.do("sync")
	other.receive("Lê Văn Ba")
	other.do("sync") // it takes itself for a morning put back
	v.one.receive("Phạm Thị Bốn")
	v.one.call("sync").refused(t, "line.frozen")
	other.call("sync").refused(t, "line.frozen")
	v.sound(v.one, other, v.two)
	if err := os.RemoveAll(other.dir); err != nil { // the person decides for the first
		t.Fatal(err)
	}
	if err := v.up.upstream.Thaw(t.Context(), receive.PC{Station: villageName, Desk: 1}); err != nil {
		t.Fatal(err)
	}
	v.sync(v.one, v.two)
	for _, p := range []pc{v.one, v.two} {
		p.lists("Nguyễn Văn Một", "Trần Thị Hai", "Lê Văn Ba", "Phạm Thị Bốn")
	}
	v.sound(v.one, v.two)
	if err := v.up.upstream.Thaw(t.Context(), receive.PC{Station: villageName, Desk: 1}); dossier.Code(err) != "thaw.not-frozen" {
		t.Errorf("thawed again: %v", err)
	}
}

// Two copies of which neither receives anything must not take lives from one another for ever.
func TestTwoIdleCopiesAreFrozenToo(t *testing.T) {
	v := newVillage(t)
	v.one.receive("Nguyễn Văn Một")
	v.sync(v.one)
	other := pc{t, filepath.Join(t.TempDir(), "máy thứ hai")}
	copyFolder(t, v.one.dir, other.dir)
	v.one.receive("Trần Thị Hai")
	v.one.do("sync")
	for round := range 6 {
		for _, p := range []pc{other, v.one} {
			if said := p.call("sync"); strings.Contains(said.err, "line.frozen]") {
				v.sound(v.one, other)
				return
			} else if said.code != 0 {
				t.Fatalf("round %d: %s", round, said.err)
			}
		}
	}
	t.Error("nobody has noticed")
}

// An old copy of the folder is put back after the PC changed its keys: it stays outside until a ticket for its desk comes, and then nothing
// is lost.
func TestFolderFromBeforeAChangeOfKeysIsLetInWithATicket(t *testing.T) {
	v := newVillage(t)
	first := v.one.receive("Nguyễn Văn Một")
	v.sync(v.one)
	old := filepath.Join(t.TempDir(), "bản cũ")
	copyFolder(t, v.one.dir, old)
	v.one.receive("Trần Thị Hai")
	if said := v.one.do("rotate"); !strings.Contains(said, "Khóa của máy này đã được đổi") {
		t.Error(said)
	}
	v.sync(v.one, v.two)
	copyFolder(t, old, v.one.dir)
	v.one.receive("Lê Văn Ba")
	if said := v.one.call("sync"); !strings.Contains(said.err, "xin cấp trên phiếu ghép nối lại") {
		t.Errorf("%+v", said)
	}
	alarms, err := v.up.upstream.Alarms(t.Context(), villageName)
	if err != nil || len(alarms) != 1 || alarms[0].Desk != 1 || !strings.Contains(assets.Word(alarms[0].Code, nil), "upstream ticket -again") {
		t.Errorf("%+v, %v", alarms, err)
	}
	ticket, err := v.up.upstream.TicketAgain(t.Context(), villageName, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	v.one.do("enrol", ticket.Text())
	v.sync(v.one, v.two)
	v.one.lists("Nguyễn Văn Một", "Trần Thị Hai", "Lê Văn Ba")
	v.two.lists("Nguyễn Văn Một", "Trần Thị Hai", "Lê Văn Ba")
	v.knows(first)
	v.sound(v.one, v.two)
}

// A stolen PC: what it writes after the last accepted entry waits in sight, whichever way it comes, and is let through one by one.
func TestAStolenPCsLaterWorkWaitsForAPerson(t *testing.T) {
	v := newVillage(t)
	a := v.two.receive("Nguyễn Văn Một")
	v.sync(v.two, v.one)
	if err := v.up.upstream.Revoke(t.Context(), receive.PC{Station: villageName, Desk: 2}, nil, "Máy bị mất"); err != nil {
		t.Fatal(err)
	}
	v.two.receive("Trần Thị Hai")
	v.two.call("sync").refused(t, "line.revoked")
	usb := t.TempDir()
	v.two.do("export", usb)
	if _, err := v.up.upstream.Import(t.Context(), usb, nil); err != nil {
		t.Fatal(err)
	}
	waiting, err := v.up.upstream.Parked(t.Context())
	var received []receive.Waiting
	for _, w := range waiting {
		if w.Kind == dossier.Received {
			received = append(received, w)
		}
	}
	if err != nil || len(received) != 1 || received[0].Reason != "revoked" || received[0].Desk != 2 {
		t.Fatalf("%+v %v", waiting, err)
	}
	v.knows(a)
	v.sync(v.one)
	if rows := v.one.do("list"); strings.Contains(rows, "Trần Thị Hai") {
		t.Errorf("before a person has looked: %s", rows)
	}
	if err := v.up.upstream.Release(t.Context(), received[0].Event, ""); dossier.Code(err) != "release.why" {
		t.Errorf("without a reason: %v", err)
	}
	if err := v.up.upstream.Release(t.Context(), received[0].Event, "Cán bộ xác nhận đã tiếp nhận"); err != nil {
		t.Fatal(err)
	}
	v.sync(v.one)
	v.one.lists("Nguyễn Văn Một", "Trần Thị Hai")
	v.sound(v.one, v.two)
}

// freeDay is the calendar of 2026 with one more day off, as a pack.
func freeDay(t *testing.T, version int, from, to string) dossier.Pack {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	years, err := assets.Calendar.ReadDir("calendar")
	if err != nil {
		t.Fatal(err)
	}
	changed := false
	for _, y := range years {
		b, err := assets.Calendar.ReadFile("calendar/" + y.Name())
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		if y.Name() == "2026.json" {
			text = strings.Replace(text, from, to, 1)
		}
		changed = changed || text != string(b)
		w, err := z.Create(y.Name())
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil || !changed {
		t.Fatalf("nothing changed, or %v", err)
	}
	return dossier.Pack{Kind: dossier.PackCalendar, Version: version, From: dossier.Date{Year: 2026, Month: 11, Day: 20}, Title: "Nghỉ thêm một ngày", Files: out.Bytes()}
}

// A purge by one PC leaves the number and takes the rest, at the other and at upstream too.
func TestAPurgeTravels(t *testing.T) {
	v := newVillage(t)
	const canary = "Trần Thị Hoàng Yến"
	n := v.two.ended(canary)
	v.two.do("day", "-close", "-checked", "Trưởng Công an Mẫu")
	open := v.one.receive("Nguyễn Văn Một")
	v.sync(v.two, v.one)
	v.one.lists(canary)
	decision := []string{"-document", "5/QĐ-CAX", "-date", "2026-11-20", "-by", "Trưởng Công an xã", "-why", "Hết hạn lưu"}
	v.one.call(append([]string{"purge", open}, decision...)...).refused(t, "purge.open")
	v.one.call(append([]string{"purge", "MAU.01-261120-0999"}, decision...)...).refused(t, "dossier.unknown")
	if s := v.one.call("purge", n); s.code != cli.No || strings.Count(s.err, "purge.") != 4 {
		t.Errorf("with nothing said of the decision: %s", s.err)
	}
	if said := v.one.do(append([]string{"purge", n}, decision...)...); !strings.Contains(said, n) || !strings.Contains(said, "5/QĐ-CAX") {
		t.Errorf("purge: %s", said)
	}
	v.one.call(append([]string{"purge", n}, decision...)...).refused(t, "purge.again")
	v.sync(v.one, v.two)
	v.knows(n)
	for _, p := range []pc{v.one, v.two} {
		p.lists(n)
		if show := p.do("show", n); !strings.Contains(show, "đã xóa theo quyết định") || strings.Contains(show, "Yến") {
			t.Errorf("show: %s", show)
		}
		if rows := p.do("list", "-q", "hoang yen"); strings.Contains(rows, n) {
			t.Errorf("still found: %s", rows)
		}
		p.call("print", "-form", "receipt", "-dossier", n, "-out", filepath.Join(t.TempDir(), "x.pdf")).refused(t, "form.content-purged")
		book := filepath.Join(t.TempDir(), "so.csv")
		p.do("register", "-book", "intake-register", "-from", "2026-11-20", "-to", "2026-11-20", "-format", "csv", "-out", book)
		if text, err := os.ReadFile(book); err != nil || !strings.Contains(string(text), n) || !strings.Contains(string(text), "Nội dung đã xóa theo quyết định") {
			t.Errorf("register: %v %s", err, text)
		}
		p.do("register", "-book", "intake-register", "-from", "2026-11-20", "-to", "2026-11-20", "-out", filepath.Join(t.TempDir(), "so.pdf"))
	}
	v.two.do("day", "-print", "1", "-out", filepath.Join(t.TempDir(), "ngay.pdf")) // its rows are those that were signed
	if next := v.two.receive("Lê Văn Ba"); next == n {
		t.Errorf("%s is given again", n)
	}
	v.sound(v.one, v.two)
	v.close()
	for _, dir := range []string{v.one.dir, v.two.dir, v.dir} {
		holdsNot(t, dir, canary)
	}
}

// holdsNot wants a text, as it was written or as search writes it, in no file of a folder.
func holdsNot(t *testing.T, dir, text string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(text)) || bytes.Contains(b, []byte(dossier.Fold(text))) {
			t.Errorf("%s still holds it", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAPackChangesWhatIsReckonedNextAndNothingPrinted(t *testing.T) {
	v := newVillage(t)
	before := v.one.receive("Nguyễn Văn Một")
	shown := v.one.do("show", before)
	reckon := func() string {
		return v.one.do("due", "-procedure", "lock-account", "-requester", "agency", "-received", "2026-11-26 09:00")
	}
	old := reckon()
	pack := freeDay(t, 2, `"off": [`, `"off": [{"from": "2026-11-27", "name": "Nghỉ thử", "evidence": "confirmed"},`)
	if told, err := v.up.upstream.Issue(t.Context(), pack); err != nil || len(told) != 1 {
		t.Fatalf("%v %v", told, err)
	}
	if now := reckon(); now != old {
		t.Errorf("before it came: %s", now)
	}
	v.sync(v.one, v.two)
	if now := reckon(); now == old {
		t.Errorf("after it came: %s", now)
	}
	if status := v.one.do("status"); !strings.Contains(status, "phiên bản 2") || !strings.Contains(status, "Nghỉ thêm một ngày") {
		t.Errorf("status: %s", status)
	}
	line := func(text, key string) string {
		_, rest, _ := strings.Cut(text, key)
		rest, _, _ = strings.Cut(rest, "\n")
		return rest
	}
	if now := v.one.do("show", before); line(now, "Hẹn trả") != line(shown, "Hẹn trả") {
		t.Errorf("what was printed moved:\n%s\n%s", shown, now)
	}
	older := pack
	older.Version = 1
	if _, err := v.up.upstream.Issue(t.Context(), older); dossier.Code(err) != "pack.old" {
		t.Errorf("an older one: %v", err)
	}
	v.sound(v.one, v.two)
}
