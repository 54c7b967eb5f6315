package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// records is a desk with a journal, in pages as the real one gives them.
type records struct {
	rows   []dossier.TrailRow // the newest first
	bursts []desk.Burst
	err    error
	calls  []string
	gone   context.Context // of the last call
}

func (d *records) Holiday(dossier.Date) string { return "" }

func (d *records) Settings(context.Context) (dossier.Settings, bool, error) {
	return uitest.Station(), true, nil
}

func (d *records) Users(context.Context) ([]dossier.User, error) {
	return []dossier.User{{ID: "canbo1", Name: "Trần Thị Thử"}, {ID: "chi-huy", Name: "Lê Thử Trưởng"}}, nil
}

func (d *records) Forms(context.Context) ([]dossier.FormInfo, error) {
	return []dossier.FormInfo{{Key: "receipt", Code: "BM.01", Title: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"}, {Key: "archive-list", Title: "Danh mục nộp lưu"}}, nil
}

func (d *records) Find(_ context.Context, number string) (dossier.Dossier, error) {
	if number != "MAU.01-261119-0001" {
		return dossier.Dossier{}, dossier.Invalid("", "dossier.unknown", "number", number)
	}
	return dossier.Dossier{ID: dossier.ID{7}}, nil
}

func (d *records) Audit(ctx context.Context, f dossier.TrailFilter, before dossier.EventID) (out []dossier.TrailRow, more bool, err error) {
	d.gone = ctx
	d.calls = append(d.calls, fmt.Sprintf("audit %s %s %s %d %v %v", f.From, f.To, f.Who, len(f.Kinds), f.Dossier.IsZero(), before.IsZero()))
	skip := !before.IsZero()
	for _, r := range d.rows {
		switch {
		case skip:
			skip = r.ID != before
		case !f.Admits(r.Event):
		case len(out) == desk.AuditPage:
			return out, true, d.err
		default:
			out = append(out, r)
		}
	}
	return out, false, d.err
}

func (d *records) Bursts(_ context.Context, from, to dossier.Date) ([]desk.Burst, error) {
	if from.AddDays(desk.MaxBookDays).Before(to) {
		return nil, dossier.Invalid("to", "book.too-long")
	}
	return d.bursts, nil
}

func (d *records) ExportAudit(_ context.Context, f dossier.TrailFilter, path string) (int, error) {
	d.calls = append(d.calls, "export "+f.From.String()+" "+path)
	return len(d.rows), d.err
}

func (d *records) last() string {
	if len(d.calls) == 0 {
		return ""
	}
	return d.calls[len(d.calls)-1]
}

// row is something that happened n minutes ago.
func row(n int, kind dossier.Kind, by dossier.OfficerID, body any) dossier.TrailRow {
	text := []byte("{}")
	if body != nil {
		text, _ = json.Marshal(body)
	}
	e, err := dossier.Seal(dossier.Event{ID: dossier.EventID{0xff - byte(n>>16), 0xff - byte(n>>8), 0xff - byte(n), 1}, Kind: kind, By: by, At: uitest.Now.Add(-time.Duration(n) * time.Minute), Body: text}, [16]byte{})
	if err != nil {
		panic(err)
	}
	return dossier.TrailRow{Entry: e, Head: dossier.Head{Chain: dossier.Chain{Device: dossier.DeviceID{0xab, 0xcd, 0xef, 0x12}, Incarnation: dossier.Incarnation{3}}, Seq: uint64(9000 - n),
		Hash: dossier.Hash{0x12, 0x34}}, Own: true}
}

func of(number string, r dossier.TrailRow) dossier.TrailRow {
	r.Number, r.Dossier = number, dossier.ID{7}
	return r
}

// usual is a day's journal with something of every group.
func usual() []dossier.TrailRow {
	day := dossier.DateOf(uitest.Now)
	return []dossier.TrailRow{
		of("MAU.01-261119-0031", row(1, dossier.TraceRevealed, "canbo1", dossier.Reveal{Field: "person.number"})),
		of("MAU.01-261119-0031", row(2, dossier.TraceOpened, "canbo1", nil)),
		of("MAU.01-261119-0031", row(3, dossier.TracePrinted, "canbo1", dossier.Print{Form: "receipt", Nth: 1, To: "Quầy-1", Copies: 2})),
		of("MAU.01-261119-0031", row(4, dossier.Received, "canbo1", nil)),
		row(5, dossier.TraceLookedUp, "canbo1", dossier.LookUp{Number: "001•••••0001", Dossiers: []dossier.ID{{1}, {2}, {3}}}),
		row(9, dossier.TraceBackedUp, "chi-huy", dossier.BackUp{To: dossier.PlaceStick, Proved: true}),
		row(12, dossier.TraceExported, "chi-huy", dossier.Export{Form: "archive-list", Format: dossier.BookXLSX, From: day.AddDays(-30), Until: day, Rows: 214, Confirmed: "quantri"}),
		row(20, dossier.UserRole, "chi-huy", dossier.RoleChange{User: "canbo1", Was: dossier.RoleReception, Role: dossier.RoleKeeper, From: uitest.Now.Add(24 * time.Hour)}),
		row(31, dossier.TraceClockMoved, "canbo1", dossier.ClockMove{Was: uitest.Now, Is: uitest.Now.AddDate(0, 0, -3)}),
		row(33, dossier.TraceSignedIn, "canbo1", dossier.SignIn{How: dossier.ByPassword}),
		row(34, dossier.TraceSignInFailed, "canbo1", dossier.SignInFailure{User: "canbo1", Times: 3}),
		row(60*24*3, dossier.TraceRestored, "chi-huy", dossier.Restore{Made: uitest.Now.AddDate(0, 0, -10), Confirmed: "quantri"}),
	}
}

type room struct {
	t       *testing.T
	desk    *records
	threads *uitest.Threads
	p       *Presenter
	s       *Screen
	w       fyne.Window
	state   State
	back    int
	opened  []dossier.ID
	files   []string
}

// Show keeps what the screen was told.
func (r *room) Show(s State)       { r.state = s; r.s.Show(s) }
func (r *room) Focus(field string) { r.s.Focus(field) }

func open(t *testing.T, d *records) *room {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(1))
	r := &room{t: t, desk: d, threads: &uitest.Threads{}}
	r.p = New(World{Desk: d, Threads: r.threads.Kit(), Open: func(id dossier.ID) { r.opened = append(r.opened, id) }, File: func(path string) { r.files = append(r.files, path) },
		Folder: func() string { return "giay-to" }, Back: func() { r.back++ }, Now: func() time.Time { return uitest.Now }})
	r.s = NewScreen(r.p)
	r.w = test.NewTempWindow(t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(fyne.NewSize(1024, 480))
	r.p.Attach(r)
	r.p.Refresh()
	r.s.Focus("")
	r.threads.Run()
	return r
}

func (r *room) press(key fyne.KeyName) {
	r.t.Helper()
	if !r.p.Key(kit.Event{Key: key, Down: true}) {
		r.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
	}
	r.threads.Run()
}

func (r *room) ctrl(key fyne.KeyName) {
	r.p.Key(kit.Event{Key: key, Ctrl: true, Down: true})
	r.threads.Run()
}

func (r *room) cell(i int) kit.TableCell {
	cells, ok := r.p.Row(i)
	if !ok {
		r.t.Fatalf("row %d is not here", i)
	}
	return cells[2]
}

func TestTodayIsShownInPlainSentences(t *testing.T) {
	r := open(t, &records{rows: usual()})
	want := []string{"Xem đủ số định danh| của người đề nghị", "Mở hồ sơ|", "In lại BM.01, lần 1|, 2 bản", "Tiếp nhận hồ sơ|", "Tra cứu số 001•••••0001|: hiện 3 hồ sơ",
		"Sao lưu vào USB: đã thử khôi phục|", "Xuất danh mục nộp lưu ra Excel|, 214 dòng từ 20/10/2026 đến 19/11/2026; người xác nhận: quantri",
		"Đổi vai trò của canbo1| (Trần Thị Thử): từ Cán bộ tiếp nhận thành Người quản trị; có hiệu lực từ 20/11/2026 09:12 vì chưa có người thứ hai xác nhận",
		"Đồng hồ máy bị lùi| từ 19/11/2026 09:12 về 16/11/2026 09:12", "Đăng nhập|", "Đăng nhập không thành công 3 lần|, tài khoản Trần Thị Thử (canbo1)"}
	if r.state.Count != len(want) || r.state.Filter != "Mọi việc · hôm nay" || r.state.Reading {
		t.Fatalf("%+v", r.state)
	}
	for i, text := range want {
		r.p.Select(i)
		short, more, _ := strings.Cut(text, "|")
		if got := r.cell(i); got.Text != short || r.state.Facts[0].Text != short+more {
			t.Errorf("row %d: %q and %q, want %q", i, got.Text, r.state.Facts[0].Text, text)
		}
	}
	r.p.Select(0)
	if r.cell(1).Also != "MAU.01-261119-0031" || r.cell(10).Color != kit.Red {
		t.Errorf("%+v %+v", r.cell(1), r.cell(10))
	}
	for _, part := range []string{"Máy này, mã abcdef12", "8999", "12340000 00000000", "(09:11:00.000)", "Trần Thị Thử (canbo1)"} {
		if !slices.ContainsFunc(r.state.Facts, func(f Fact) bool { return strings.Contains(f.Text, part) }) {
			t.Errorf("%q is missing in %v", part, r.state.Facts)
		}
	}
}

// Whatever stands in a row nobody of this version wrote is said without falling over it, and without what it says.
func TestEveryKindIsInOneGroupAndHasASentence(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../dossier/terms.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []dossier.Kind
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && v.Type != nil && len(v.Values) == 1 {
			if of, ok := v.Type.(*ast.Ident); ok && of.Name == "Kind" {
				text, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				all = append(all, dossier.Kind(text))
			}
		}
		return true
	})
	if len(all) < 40 {
		t.Fatalf("only %d kinds", len(all))
	}
	n := names{people: map[dossier.OfficerID]string{}, forms: map[string]dossier.FormInfo{}}
	for _, k := range all {
		in := 0
		for _, g := range groups {
			for _, one := range g.kinds {
				if one == k {
					in++
				}
			}
		}
		if in != 1 {
			t.Errorf("%s is in %d groups", k, in)
		}
		for _, body := range []any{nil, reflect.New(reflect.TypeFor[struct{}]()).Interface(), map[string]any{"user": 7}, dossier.NewBody(k)} {
			r := row(1, k, "", body)
			if got, more := n.did(r); got == "" || strings.Contains(got+more, string(k)) {
				t.Errorf("%s: %q %q", k, got, more)
			}
			r.Purged = true
			if got, more := n.did(r); strings.Contains(got+more, string(k)) {
				t.Errorf("%s purged: %q", k, got)
			}
			if len(n.facts(r)) < 5 {
				t.Errorf("%s: %v", k, n.facts(r))
			}
		}
	}
	later := row(1, "of-2031", "canbo1", nil)
	if f := n.facts(later); f[0].Text != "Việc của phiên bản mới hơn (of-2031)" {
		t.Errorf("%v", f)
	}
	lost := row(1, dossier.Received, "canbo1", nil)
	lost.Head = dossier.Head{}
	if f := n.facts(lost); !strings.Contains(f[3].Text, "Không còn đứng") {
		t.Errorf("%v", f)
	}
	if got, _ := n.did(row(1, dossier.TraceLookedUp, "a", dossier.LookUp{Number: "001090012345"})); strings.Contains(got, "001090012345") {
		t.Errorf("a number that was kept whole is shown whole: %q", got)
	}
}

func TestFilterIsAskedAndAppliedByKeys(t *testing.T) {
	r := open(t, &records{rows: usual()})
	r.press("F4")
	if !r.state.Asking || r.state.Values["span"] != today || r.state.Values["from"] != "19/11/2026" {
		t.Fatalf("%+v", r.state)
	}
	r.p.Text("span", week)
	r.p.Text("who", "chi-huy")
	r.p.Text("group", "safe")
	r.press("F9")
	if r.desk.last() != fmt.Sprintf("audit 13/11/2026 19/11/2026 chi-huy %d true true", len(groupOf("safe").kinds)) || r.state.Asking || r.state.Count != 2 {
		t.Errorf("%q, %+v", r.desk.last(), r.state)
	}
	if r.state.Filter != "An toàn · 13/11/2026 – 19/11/2026 · Lê Thử Trưởng" || r.cell(1).Text != "Khôi phục từ bản sao lưu" {
		t.Errorf("%q, %q", r.state.Filter, r.cell(1).Text)
	}
	r.ctrl("1")
	if r.desk.last() != "audit 13/11/2026 19/11/2026 chi-huy 0 true true" {
		t.Errorf("%q", r.desk.last())
	}
	r.press("F4")
	r.p.Text("number", " MAU.01-261119-0001 ")
	r.p.Text("who", "")
	r.p.Text("from", "01/11/2026")
	if r.state.Values["span"] != other {
		t.Errorf("a day typed is another period: %v", r.state.Values)
	}
	r.press("F9")
	if r.desk.last() != "audit 01/11/2026 19/11/2026  0 false true" || !strings.HasSuffix(r.state.Filter, "hồ sơ MAU.01-261119-0001") {
		t.Errorf("%q %q", r.desk.last(), r.state.Filter)
	}
}

func TestWhatWasAskedWronglyIsSaidAtItsField(t *testing.T) {
	for field, values := range map[string]map[string]string{"from": {"from": "31/02/2026"}, "to": {"from": "19/11/2026", "to": "18/11/2026"}, "number": {"number": "26-0001"}} {
		r := open(t, &records{rows: usual()})
		r.press("F4")
		for f, text := range values {
			r.p.Text(f, text)
		}
		r.press("F9")
		if r.state.Said[field].Text == "" || !r.state.Asking || r.state.Values[field] != values[field] {
			t.Errorf("%s: %+v", field, r.state)
		}
		if r.press(fyne.KeyEscape); r.state.Asking {
			t.Errorf("%s: Esc does not lead back", field)
		}
	}
}

func TestLaterPagesComeAsOneGoesDown(t *testing.T) {
	d := &records{}
	for n := range 100_000 {
		d.rows = append(d.rows, row(n%500, dossier.TraceOpened, "canbo1", nil))
		d.rows[n].ID = dossier.EventID{byte(n >> 16), byte(n >> 8), byte(n), 9}
	}
	r := open(t, d)
	if r.state.Count != desk.AuditPage || len(d.calls) != 1 {
		t.Fatalf("%d rows after %v", r.state.Count, d.calls)
	}
	r.press(fyne.KeyEnd)
	if r.state.Count != 2*desk.AuditPage || !strings.Contains(r.state.Found, "còn nữa") {
		t.Fatalf("%d rows, %q", r.state.Count, r.state.Found)
	}
	for i := 0; r.state.Count < Most && i < 1000; i++ {
		r.press(fyne.KeyEnd)
	}
	before := len(d.calls)
	r.press(fyne.KeyEnd)
	if r.state.Count != Most || len(d.calls) != before || !strings.Contains(r.state.Found, "F4") {
		t.Errorf("%d rows, %q, %d calls more", r.state.Count, r.state.Found, len(d.calls)-before)
	}
	seen := map[dossier.EventID]bool{}
	for _, one := range r.p.rows {
		seen[one.ID] = true
	}
	if len(seen) != Most {
		t.Errorf("%d rows are %d", Most, len(seen))
	}
}

func TestPageThatCannotBeReadIsNotAskedForAgainByItself(t *testing.T) {
	d := &records{}
	for n := range 500 {
		d.rows = append(d.rows, row(n, dossier.TraceOpened, "canbo1", nil))
	}
	r := open(t, d)
	d.err = uitest.ErrDisk
	r.press(fyne.KeyEnd)
	calls := len(d.calls)
	r.press(fyne.KeyUp)
	r.press(fyne.KeyEnd)
	if r.state.Alert == nil || len(d.calls) != calls || r.state.Count != desk.AuditPage {
		t.Errorf("%+v after %d calls", r.state, len(d.calls)-calls)
	}
	d.err = nil
	r.press("F6")
	r.press(fyne.KeyEnd)
	if r.state.Alert != nil || r.state.Count != 2*desk.AuditPage {
		t.Errorf("%+v", r.state)
	}
}

func TestWhatComesBackTooLateIsNotShown(t *testing.T) {
	r := open(t, &records{rows: usual()})
	r.p.Choose("safe")
	old := r.threads.Take()
	was := r.desk.gone
	r.ctrl("2")
	for _, f := range old {
		f()
	}
	r.threads.Run()
	if was == nil || !strings.HasPrefix(r.state.Filter, "Đăng nhập") || r.state.Count != 2 {
		t.Errorf("%+v", r.state)
	}
	r.p.Refresh()
	r.p.Leave()
	r.threads.Run()
	if r.state.Reading {
		t.Error("who has left waits still")
	}
}

func TestBurstsAreOverTheRowsAndLeadToTheirLookUps(t *testing.T) {
	d := &records{rows: usual(), bursts: []desk.Burst{{By: "canbo1", From: uitest.Now.Add(-20 * time.Minute), To: uitest.Now.Add(-2 * time.Minute), Persons: 64},
		{By: "chi-huy", From: uitest.Now.Add(-3 * time.Hour), To: uitest.Now.Add(-2 * time.Hour), Persons: 51}}}
	r := open(t, d)
	if !strings.Contains(r.state.Burst, "Trần Thị Thử (canbo1) xem 64 người") || !strings.Contains(r.state.Burst, "Còn 1 đợt") || r.state.Bursts != 2 {
		t.Fatalf("%q", r.state.Burst)
	}
	r.ctrl("D")
	if r.desk.last() != fmt.Sprintf("audit 19/11/2026 19/11/2026 canbo1 %d true true", len(groupOf("look").kinds)) || r.state.Count != 3 {
		t.Errorf("%q, %d rows", r.desk.last(), r.state.Count)
	}
	d.bursts = nil
	r.ctrl("1")
	if r.state.Burst != "" {
		t.Errorf("%q", r.state.Burst)
	}
	r.press("F4")
	r.p.Text("from", "01/01/2020")
	r.press("F9")
	if r.state.Alert == nil || r.state.Alert.Tone != kit.Info || r.state.Count == 0 {
		t.Errorf("a long time is shown, and it is said that no bursts were looked for: %+v", r.state)
	}
}

func TestExportIsOfWhatIsShown(t *testing.T) {
	r := open(t, &records{rows: usual()})
	r.ctrl("E")
	want := filepath.Join("giay-to", "nhat-ky-2026-11-19-2026-11-19.csv")
	if r.desk.last() != "export 19/11/2026 "+want || r.state.Alert == nil || r.state.Alert.Tone != kit.Good || r.state.Path != want || r.state.Busy != "" {
		t.Fatalf("%q, %+v", r.desk.last(), r.state)
	}
	r.ctrl("O")
	if !slices.Equal(r.files, []string{want}) {
		t.Errorf("%v", r.files)
	}
	r.desk.err = dossier.Invalid("", "print.folder", "folder", "giay-to")
	r.ctrl("E")
	if r.state.Alert == nil || r.state.Alert.Tone != kit.Bad || r.state.Path != "" {
		t.Errorf("%+v", r.state)
	}
	r.desk.err = fmt.Errorf("write: %w", context.Canceled)
	r.p.Export()
	if r.press(fyne.KeyEscape); r.back != 0 || r.state.Alert == nil || r.state.Alert.Tone != kit.Info || r.state.Busy != "" {
		t.Errorf("Esc ends the export and nothing else: %+v", r.state)
	}
	if r.press(fyne.KeyEscape); r.back != 1 {
		t.Error("Esc does not lead back")
	}
}

func TestDossierOfARowIsOpened(t *testing.T) {
	r := open(t, &records{rows: usual()})
	r.press(fyne.KeyDown)
	r.press(fyne.KeyReturn)
	if len(r.opened) != 1 || r.opened[0] != (dossier.ID{7}) || !r.state.Dossier {
		t.Errorf("%v %+v", r.opened, r.state)
	}
	r.p.Select(8)
	if r.press(fyne.KeyReturn); len(r.opened) != 1 || r.state.Dossier {
		t.Error("a row of no dossier opens one")
	}
}

func TestTroubleIsSaidAndReadAgain(t *testing.T) {
	r := open(t, &records{rows: usual(), err: errors.New("disk")})
	if r.state.Alert == nil || r.state.Alert.Tone != kit.Bad || r.state.Reading || r.state.Count != 0 || !strings.Contains(r.s.table.Empty, "F6") {
		t.Fatalf("%+v", r.state)
	}
	r.desk.err = nil
	if r.press("F6"); r.state.Alert != nil || r.state.Count != 11 {
		t.Errorf("%+v", r.state)
	}
}

// TestPictures draws the screen in each of its states.
func TestPictures(t *testing.T) {
	long := usual()
	burst := []desk.Burst{{By: "canbo1", From: uitest.Now.Add(-20 * time.Minute), To: uitest.Now.Add(-2 * time.Minute), Persons: 64}}
	for name, bring := range map[string]func() *room{
		"1-today":  func() *room { return open(t, &records{rows: long}) },
		"2-burst":  func() *room { r := open(t, &records{rows: long, bursts: burst}); r.p.Select(7); return r },
		"3-filter": func() *room { r := open(t, &records{rows: long}); r.press("F4"); return r },
		"4-wrong": func() *room {
			r := open(t, &records{rows: long})
			r.press("F4")
			r.p.Text("number", "26-1")
			r.press("F9")
			return r
		},
		"5-empty":    func() *room { return open(t, &records{}) },
		"6-exported": func() *room { r := open(t, &records{rows: long, bursts: burst}); r.ctrl("E"); return r },
	} {
		for what, x := range map[string]struct {
			size  fyne.Size
			scale float32
		}{"-1280": {fyne.NewSize(1280, 700), 1}, "-1024": {fyne.NewSize(1024, 490), 1}, "-1366-150": {fyne.NewSize(1366, 640), 1.5}, "-200": {fyne.NewSize(1024, 490), 2}} {
			r := bring()
			fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(x.scale))
			r.w.Resize(x.size)
			r.s.Content().Refresh()
			kit.Relayout(r.s.Content())
			r.s.shown().Relayout()
			if m := r.s.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
				t.Errorf("%s%s wants %v", name, what, m)
			}
			if os.Getenv("TIEPNHAN_SHOTS") == "" {
				continue
			}
			if err := uitest.Shoot("audit-"+name+what, r.w.Canvas().Capture()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Somebody else may have the same sign-in name on another PC of the station.
func TestWhatAnotherPCWroteStandsUnderItsOwnPeoplesNames(t *testing.T) {
	n := names{people: map[dossier.OfficerID]string{"canbo1": "Trần Thử Nghiệm"}, forms: map[string]dossier.FormInfo{}}
	r := row(1, dossier.TraceSignInFailed, "canbo1", dossier.SignInFailure{User: "canbo1", Times: 2})
	said := func() string {
		_, more := n.did(r)
		return n.on(r.Crew).who(r.By) + more + fmt.Sprint(n.facts(r))
	}
	if got := said(); strings.Count(got, "Trần Thử Nghiệm") < 3 {
		t.Errorf("here: %q", got)
	}
	r.Own, r.Crew = false, []dossier.Officer{{ID: "canbo1", Name: "Lê Văn Thử Hai"}}
	if got := said(); strings.Contains(got, "Trần Thử Nghiệm") || strings.Count(got, "Lê Văn Thử Hai") < 3 {
		t.Errorf("there: %q", got)
	}
	r.Crew = []dossier.Officer{} // its settings are not here
	if got := said(); strings.Contains(got, "Trần Thử Nghiệm") || !strings.Contains(got, "canbo1") {
		t.Errorf("there, unknown: %q", got)
	}
}
