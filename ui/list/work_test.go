package list

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	mouse "fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// station is this screen on a real desk with a made-up station's dossiers.
func station(t *testing.T) (*room, *desk.Desk, *uitest.Store) {
	t.Helper()
	set := uitest.Station()
	store := uitest.NewStore(&set)
	d, err := uitest.NewDesk(store, &uitest.Line{Store: store}, &uitest.Paper{}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := uitest.Fill(context.Background(), d, store); err != nil {
		t.Fatal(err)
	}
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(1))
	r := &room{threads: &uitest.Threads{}}
	r.p = New(World{Desk: d, Threads: r.threads.Kit(), Open: func(id dossier.ID) { r.opened = append(r.opened, id) },
		Upstream: func() string { return "Công an tỉnh Mẫu" }, Now: func() time.Time { return uitest.Now }})
	r.show(t)
	return r, d, store
}

func (r *room) show(t *testing.T) {
	r.s = NewScreen(r.p)
	r.w = test.NewTempWindow(t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(fyne.NewSize(1280, 700))
	r.p.Refresh()
	r.threads.Run()
	r.s.Focus()
}

func (r *room) numbers() (out []string) {
	for i := range r.s.was.Count {
		if row, ok := r.p.Row(i); ok {
			out = append(out, row.Number)
		}
	}
	return out
}

func (r *room) typed(text string) {
	for _, c := range text {
		r.w.Canvas().Focused().TypedRune(c)
	}
}

func TestScreenOpensOnWhatIsToDoTheMostUrgentFirst(t *testing.T) {
	r, _, _ := station(t)
	if s := r.s.was; s.In != dossier.ViewToDo || s.Sort != dossier.SortBurns || s.Count == 0 || s.Count != s.Counts[dossier.ViewToDo] {
		t.Fatalf("%+v", s)
	}
	last := time.Time{}
	for i := range r.s.was.Count {
		row, _ := r.p.Row(i)
		if !row.Open {
			t.Errorf("%s, %v, is nothing to do", row.Number, row.Status)
		}
		if burns := row.Burns; i > 0 && !burns.IsZero() && (last.IsZero() || burns.Before(last)) {
			t.Errorf("%s burns at %v, after %v", row.Number, burns, last)
		}
		last = row.Burns
	}
}

func TestEveryViewIsChosenByItsKeyAndShowsAsManyAsItCounts(t *testing.T) {
	r, _, _ := station(t)
	for i, v := range dossier.Views {
		if !r.ctrl(fyne.KeyName(fmt.Sprint(i + 1))) {
			t.Fatalf("Ctrl+%d is not taken", i+1)
		}
		s := r.s.was
		if s.In != v || s.Count != s.Counts[v] || len(r.numbers()) != s.Count || !strings.HasPrefix(r.s.count.Text(), heaps[i].title+": ") {
			t.Errorf("%s: %+v, %d rows, %q", v, s, len(r.numbers()), r.s.count.Text())
		}
		if s.Count == 0 && r.s.table.Empty != heaps[i].none {
			t.Errorf("%s says %q", v, r.s.table.Empty)
		}
	}
	r.s.focus(r.s.strip)
	for _, c := range []struct {
		key  fyne.KeyName
		want dossier.View
	}{{fyne.KeyHome, dossier.ViewToDo}, {fyne.KeyRight, dossier.ViewToday}, {fyne.KeyLeft, dossier.ViewToDo}, {fyne.KeyLeft, dossier.ViewAll}, {fyne.KeyRight, dossier.ViewToDo}} {
		if r.press(c.key); r.s.was.In != c.want {
			t.Errorf("%s leads to %q, want %q", c.key, r.s.was.In, c.want)
		}
	}
	r.press(fyne.KeyDown)
	if r.w.Canvas().Focused() != fyne.Focusable(r.s.table) {
		t.Error("Down does not lead to the rows")
	}
}

func TestViewsAreAllNamedAndDifferInShape(t *testing.T) {
	seen := map[kit.Sign]dossier.View{}
	for i, h := range heaps {
		if h.view != dossier.Views[i] || h.title == "" || h.none == "" {
			t.Errorf("%d is %+v", i, h)
		}
		if h.chip == nil {
			continue
		}
		if other, ok := seen[h.chip.Sign]; ok {
			t.Errorf("%s looks like %s", h.view, other)
		}
		seen[h.chip.Sign] = h.view
	}
}

func TestSortIsChosenByKeyAndByTitle(t *testing.T) {
	r, _, _ := station(t)
	said := []string{}
	for range 4 {
		r.press(fyne.KeyF4)
		said = append(said, r.s.sort.Text)
	}
	if got := strings.Join(said, "|"); got != "Xếp: mới nhất trước|Xếp: cũ nhất trước|Xếp: theo họ tên|Xếp: gấp nhất trước" {
		t.Error(got)
	}
	click := func(column int) {
		x := float32(34)
		for i := range column {
			x += r.s.width(i)
		}
		r.s.table.MouseDown(&mouse.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x+20, 10)}})
		r.threads.Run()
	}
	click(0)
	latest := r.numbers()
	if r.s.was.Sort != dossier.SortLatest || !r.s.table.Falling || r.s.table.Sorted != "latest" {
		t.Errorf("%+v", r.s.was.Sort)
	}
	click(0)
	oldest := r.numbers()
	if r.s.was.Sort != dossier.SortOldest || r.s.table.Falling || latest[0] != oldest[len(oldest)-1] {
		t.Errorf("%v, %v", latest, oldest)
	}
	click(1)
	if r.s.was.Sort != dossier.SortName {
		t.Errorf("sorted by %s", r.s.was.Sort)
	}
	if _, box := r.w.Canvas().Focused().(*kit.TickTable); box {
		t.Error("a click on a title takes the focus from the search")
	}
	r.ctrl(fyne.Key9)
	if r.s.was.Sort != dossier.SortLatest {
		t.Error("another view does not begin in its usual order")
	}
}

// width is that of a column of the rows at the usual size in this window, all columns being there that fit.
func (s *Screen) width(i int) float32 { return columns[i].Min }

func TestSearchThatFindsNothingHereLeadsToWhereItIs(t *testing.T) {
	r, _, store := station(t)
	r.typed("vu thi mau don") // annulled: nothing to do
	r.threads.Pass(time.Second)
	if s := r.s.was; s.Count != 0 || s.Elsewhere != 1 || !strings.Contains(r.s.table.Empty, "Nhấn Enter") {
		t.Fatalf("%+v, %q", s, r.s.table.Empty)
	}
	r.press(fyne.KeyReturn)
	if s := r.s.was; s.In != dossier.ViewAll || s.Count != 1 || s.Text != "vu thi mau don" {
		t.Fatalf("%+v", s)
	}
	r.press(fyne.KeyReturn)
	if len(r.opened) != 1 || r.opened[0] != store.IDs()[5] {
		t.Errorf("opened %v", r.opened)
	}
	r.press(fyne.KeyEscape)
	if s := r.s.was; s.In != dossier.ViewToDo || s.Text != "" || s.Count == 0 {
		t.Errorf("Esc leads to %+v", s)
	}
	r.w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutUndo{})
	r.threads.Pass(time.Second)
	if r.s.was.Text != "vu thi mau don" || r.s.search.Text != "vu thi mau don" {
		t.Errorf("Ctrl+Z brings back %q", r.s.was.Text)
	}
	r.typed("xyz")
	r.threads.Pass(time.Second)
	if s := r.s.was; s.Elsewhere != 0 || strings.Contains(r.s.table.Empty, "Enter") {
		t.Errorf("%+v, %q", s, r.s.table.Empty)
	}
	r.press(fyne.KeyReturn)
	if r.s.was.In != dossier.ViewToDo || len(r.opened) != 1 {
		t.Error("Enter where nothing is found does something")
	}
}

func TestDossiersAreFoundByWhateverIsKnownOfThem(t *testing.T) {
	r, _, store := station(t)
	r.ctrl(fyne.Key9)
	for text, want := range map[string]int{"le": 2, "an": 0, "LÊ MINH ví": 2, "261119-0001": 0, "001090000002": 2, "0900 000 001": 0, "bui van gia": 6} {
		r.p.Find(text)
		r.threads.Run()
		found := false
		for i := range r.s.was.Count {
			row, _ := r.p.Row(i)
			found = found || row.ID == store.IDs()[want]
		}
		if !found {
			t.Errorf("%q does not find dossier %d among %d", text, want, r.s.was.Count)
		}
	}
}

func TestScannedCardIsLookedUpAmongAllDossiers(t *testing.T) {
	r, _, store := station(t)
	r.press(fyne.KeyF8)
	r.p.Find("001090000005")
	r.threads.Run()
	if s := r.s.was; s.In != dossier.ViewAll || s.Count != 1 || s.Batch != nil || r.s.search.Text != "001090000005" {
		t.Fatalf("%+v", s)
	}
	r.s.Focus()
	r.press(fyne.KeyReturn)
	if len(r.opened) != 1 || r.opened[0] != store.IDs()[5] {
		t.Errorf("opened %v", r.opened)
	}
}

func TestEnterRightAfterTypingOpensOnlyWhatWasMeant(t *testing.T) {
	r, _, store := station(t)
	r.typed("nguyen van thu")
	r.press(fyne.KeyReturn)
	if len(r.opened) != 1 || r.opened[0] != store.IDs()[0] {
		t.Fatalf("opened %v", r.opened)
	}
	r.press(fyne.KeyEscape)
	r.typed("thi") // several
	r.press(fyne.KeyReturn)
	if len(r.opened) != 1 || r.s.was.Count < 2 {
		t.Fatalf("opened %v of %d", r.opened, r.s.was.Count)
	}
	r.press(fyne.KeyReturn)
	if len(r.opened) != 2 {
		t.Error("Enter on what is found opens nothing")
	}
	r.press(fyne.KeyEscape)
	r.typed("khong co ai")
	r.press(fyne.KeyReturn, fyne.KeyReturn)
	if len(r.opened) != 2 {
		t.Errorf("opened %v", r.opened)
	}
}

func TestKeyHeldDownAsksForTheNewestWindowOnly(t *testing.T) {
	r := open(t, 100_000)
	r.w.Canvas().Focus(r.s.table)
	r.desk.reads = nil
	for range 2000 { // nothing comes back meanwhile
		r.s.table.Step(fyne.KeyPageDown)
	}
	if waiting := r.threads.Take(); len(waiting) != 1 {
		t.Fatalf("%d calls wait to be worked off", len(waiting))
	} else {
		waiting[0]()
	}
	r.threads.Run()
	if n := len(r.desk.reads); n > 3 {
		t.Errorf("%d reads after release", n)
	}
	at := r.s.table.Selected()
	if row, ok := r.p.Row(at); !ok || row.ID != id(at) {
		t.Errorf("row %d is not there", at)
	}
	r.desk.reads = nil
	r.s.focus(r.s.strip)
	for range 500 { // round and round the views
		r.s.strip.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
	for _, f := range r.threads.Take() {
		f()
	}
	r.threads.Run()
	if n := len(r.desk.reads); n > 2 {
		t.Errorf("%d reads for views nobody stopped at", n)
	}
	if want := dossier.Views[500%len(dossier.Views)]; r.s.was.In != want {
		t.Errorf("in %q, want %q", r.s.was.In, want)
	}
}

func TestFailedReadIsNotTriedAgainByItself(t *testing.T) {
	r := open(t, 1000)
	r.desk.fail = uitest.ErrDisk
	r.w.Canvas().Focus(r.s.table)
	r.desk.reads = nil
	r.press(fyne.KeyEnd)
	if len(r.s.wrong.Objects) == 0 || len(r.desk.reads) != 1 {
		t.Fatalf("%d reads, %d words", len(r.desk.reads), len(r.s.wrong.Objects))
	}
	r.press(fyne.KeyHome, fyne.KeyEnd, fyne.KeyReturn)
	if len(r.desk.reads) != 1 || len(r.opened) != 0 {
		t.Errorf("%d reads", len(r.desk.reads))
	}
	r.desk.fail = nil
	r.press(fyne.KeyF6, fyne.KeyReturn)
	if len(r.s.wrong.Objects) != 0 || len(r.opened) != 1 || r.opened[0] != id(999) {
		t.Errorf("opened %v", r.opened)
	}
}

func TestChosenDossierStaysChosenWhereverItsRowGoes(t *testing.T) {
	r := open(t, 1000)
	shift := 0
	r.desk.row = func(i int) dossier.Summary {
		return dossier.Summary{ID: id(5000 + i - shift), Number: fmt.Sprint(i - shift)}
	}
	r.p.Refresh()
	r.threads.Run()
	for range 97 {
		r.press(fyne.KeyDown)
	}
	top := r.s.table.Selected()
	shift = 7 // as many came in before it, over the edge of a window
	r.p.Refresh()
	r.threads.Run()
	if got := r.s.table.Selected(); got != top+7 {
		t.Errorf("row %d is chosen, want %d", got, top+7)
	}
	r.press(fyne.KeyReturn)
	if len(r.opened) != 1 || r.opened[0] != id(5097) {
		t.Errorf("opened %v", r.opened)
	}
	shift = -3000 // it is gone
	r.p.Refresh()
	r.threads.Run()
	if got := r.s.table.Selected(); got != top+7 {
		t.Errorf("row %d is chosen, want the one in its place", got)
	}
}

func TestListLeftOpenSaysWhatIsTrueLater(t *testing.T) {
	r := open(t, 3)
	now := uitest.Now
	r.p.Now = func() time.Time { return now }
	due := now.Add(5 * time.Minute)
	r.desk.row = func(i int) dossier.Summary {
		return dossier.Summary{ID: id(i), Status: dossier.StatusProcessing, Forwarded: true, Open: true, Due: due, Burns: due}
	}
	r.p.Refresh()
	r.threads.Run()
	r.desk.reads = nil
	now = due.Add(time.Second)
	r.threads.Pass(4 * time.Minute)
	if len(r.desk.reads) != 0 {
		t.Error("read again for nothing")
	}
	r.threads.Pass(2 * time.Minute)
	if len(r.desk.reads) != 1 || !r.desk.reads[0].Now.Equal(now) {
		t.Errorf("read %v when the time ran out", r.desk.reads)
	}
	if row, _ := r.p.Row(0); next(row, now).Text != "Quá hạn trả dưới 1 phút" {
		t.Error(next(row, now).Text)
	}
}

func TestWholeViewIsMarkedForPrinting(t *testing.T) {
	r := open(t, 1200)
	r.desk.views = map[dossier.View]int{dossier.ViewResult: 12}
	r.ctrl(fyne.Key6)
	r.desk.reads = nil
	if !r.ctrl("A") || r.s.was.Marked != 12 || r.s.was.Note != "" || r.desk.reads[0].View != dossier.ViewResult {
		t.Errorf("%d marked, %q, %v", r.s.was.Marked, r.s.was.Note, r.desk.reads)
	}
}

// What the list calls late the dossier's own rule calls late, which the registers, the slip and the evaluation ask; and the other way
// round, while the work goes on and no papers are waited for.
func TestLateMeansTheSameAsInTheRegisters(t *testing.T) {
	_, d, store := station(t)
	ctx := context.Background()
	first, sorry := store.IDs()[0], 0
	if _, err := d.Do(ctx, dossier.Forwarded, first, &dossier.Forward{Reference: "G01.899.000124"}); err != nil {
		t.Fatal(err)
	}
	for _, id := range store.IDs()[1:] { // an apology moves what is promised, not what is late, forwarded or not
		have, _ := store.Dossier(ctx, id)
		if have.Allowed(dossier.Rescheduled) != nil || have.OwnDue.At.IsZero() {
			continue
		}
		later := dossier.Reschedule{Why: "Hệ thống quốc gia gián đoạn.", Due: dossier.Due{At: have.Due.At.AddDate(0, 0, 7)}}
		body, err := json.Marshal(later)
		if err == nil {
			err = store.Came(dossier.Event{ID: dossier.EventID{0xCD}, Dossier: id, Kind: dossier.Rescheduled, Bases: have.Heads, At: uitest.Now, Body: body}, dossier.Whence{Seq: 1})
		}
		if err != nil {
			t.Fatal(err)
		}
		sorry++
		break
	}
	late, own := 0, 0
	for _, id := range store.IDs() {
		have, err := store.Dossier(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		row := have.Summarize()
		for hour := -24 * 3; hour < 24*60; hour++ {
			now := uitest.Now.Add(time.Duration(hour) * time.Hour)
			words, _ := kit.BurnWords(row, now)
			if running := !row.Burns.IsZero(); row.Late(now) != (running && have.Late(now)) {
				t.Fatalf("%s at %v: the list says %v, the registers %v", have.Number, now, row.Late(now), have.Late(now))
			}
			if strings.HasPrefix(words, "Quá hạn trả") && !have.Late(now) || strings.HasPrefix(words, "Quá hạn chuyển") && !have.OwnLate(now) {
				t.Fatalf("%s at %v: %q", have.Number, now, words)
			}
			if strings.HasPrefix(words, "Quá hạn trả") {
				late++
			} else if strings.HasPrefix(words, "Quá hạn chuyển") {
				own++
			}
			if row.In(dossier.ViewLate, now) != strings.HasPrefix(words, "Quá hạn") {
				t.Fatalf("%s at %v: %q is in the wrong heap", have.Number, now, words)
			}
			if row.In(dossier.ViewToday, now) != strings.HasSuffix(words, "hôm nay") {
				t.Fatalf("%s at %v: %q is in the wrong heap", have.Number, now, words)
			}
		}
	}
	if late == 0 || own == 0 || sorry == 0 {
		t.Errorf("%d and %d hours late: nothing was compared", late, own)
	}
}
