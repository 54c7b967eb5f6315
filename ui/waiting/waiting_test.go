package waiting

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

type room struct {
	store   *uitest.Store
	line    *uitest.Line
	threads *uitest.Threads
	p       *Presenter
	s       *Screen
	w       fyne.Window
	sent    int
	opened  []dossier.ID
}

func open(t *testing.T, enrolled bool) *room {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(1))
	set := uitest.Station()
	r := &room{store: uitest.NewStore(&set), threads: &uitest.Threads{}}
	r.line = &uitest.Line{Store: r.store, Is: enrolled}
	d, err := uitest.NewDesk(r.store, r.line, &uitest.Paper{}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := uitest.Fill(t.Context(), d, r.store); err != nil {
		t.Fatal(err)
	}
	r.p = New(World{Desk: d, Threads: r.threads.Kit(), Sent: func() { r.sent++ }, Open: func(id dossier.ID) { r.opened = append(r.opened, id) }, Now: d.Now})
	r.s = NewScreen(r.p)
	r.w = test.NewTempWindow(t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(fyne.NewSize(1024, 540))
	r.p.Refresh(nil)
	r.threads.Run()
	return r
}

func TestWhatWaitsIsSaidInWords(t *testing.T) {
	r := open(t, true)
	s := r.s.was
	if s.Words != "7 thao tác chờ gửi" || len(s.Rows) != 7 || s.Receipt.Number != "000127" || s.Oldest == "" {
		t.Errorf("%+v", s)
	}
}

func TestSendOnceAtATimeAndSayWhatReceiptsCover(t *testing.T) {
	r := open(t, true)
	r.p.Send()
	r.p.Send()
	if !r.s.was.Sending {
		t.Error("nothing says that it is being sent")
	}
	r.threads.Run()
	s := r.s.was
	if r.line.Sends != 1 || s.Waiting != 0 || s.Line != Reached || s.Alert == nil || s.Alert.Tone != kit.Good || s.Receipt.Number != "000128" {
		t.Errorf("sends %d, %+v", r.line.Sends, s)
	}
	if !strings.Contains(s.Alert.Text, "7 thao tác") { // as many as the screen said were waiting, whatever else went up
		t.Errorf("%+v", s.Alert)
	}
	if r.sent != 2 {
		t.Errorf("told %d times, want at the beginning and the end", r.sent)
	}
	r.p.Send()
	r.threads.Run()
	if s := r.s.was; !strings.Contains(s.Alert.Text, "Không có gì chờ gửi") {
		t.Errorf("%+v", s.Alert)
	}
}

func TestBrokenLineIsSaidAndNothingIsCalledSent(t *testing.T) {
	r := open(t, true)
	r.line.Fail = errors.New("connection refused")
	r.p.Send()
	r.threads.Run()
	s := r.s.was
	if s.Waiting != 7 || s.Line != Broken || s.Alert == nil || s.Alert.Tone != kit.Bad || s.Receipt.Number != "000127" || s.Sending {
		t.Errorf("%+v", s)
	}
	r.line.Fail = nil
	r.p.Send()
	r.threads.Run()
	if r.s.was.Line != Reached {
		t.Error("the line stays broken")
	}
}

func TestTicketPairsThisPC(t *testing.T) {
	r := open(t, false)
	if r.p.Send(); r.line.Sends != 0 || r.s.was.Alert == nil || r.s.was.Alert.Tone != kit.Warn {
		t.Errorf("sent without upstream: %+v", r.s.was.Alert)
	}
	r.s.Focus("")
	r.p.Key(kit.Event{Key: "F9", Down: true})
	if r.s.was.Said.Text == "" {
		t.Error("an empty ticket is not said")
	}
	test.Type(r.w.Canvas().Focused(), " TICKET ")
	r.line.Fail = dossier.Invalid("", "ui.ticket-missing")
	r.p.Key(kit.Event{Key: "F9", Down: true})
	r.threads.Run()
	if s := r.s.was; s.Said.Text == "" || s.Ticket != " TICKET " || s.Pairing {
		t.Errorf("a refused ticket: %+v", s)
	}
	r.line.Fail = nil
	r.p.Key(kit.Event{Key: "F9", Down: true})
	r.threads.Run()
	if s := r.s.was; !s.Enrolled || s.Ticket != "" || s.Alert.Tone != kit.Good {
		t.Errorf("%+v", s)
	}
}

func TestRowsOpenTheirDossier(t *testing.T) {
	r := open(t, true)
	r.w.Canvas().Focus(r.s.table)
	for _, k := range []fyne.KeyName{fyne.KeyDown, fyne.KeyReturn} {
		r.s.table.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if len(r.opened) != 1 || r.opened[0] != r.store.IDs()[1] {
		t.Errorf("%v", r.opened)
	}
}

func TestSentBackSaysTheReason(t *testing.T) {
	r := open(t, true)
	r.store.SentBack = []dossier.SentBackRow{{QueueRow: dossier.QueueRow{Number: "MAU.01-261115-0005", Kind: dossier.Received}, Why: "Thiếu nơi cư trú."}}
	r.p.Refresh(nil)
	r.threads.Run()
	if s := r.s.was; len(s.SentBack) != 1 || s.SentBack[0].Why != "Thiếu nơi cư trú." {
		t.Errorf("%+v", s.SentBack)
	}
}

func TestOldAnswerIsDropped(t *testing.T) {
	r := open(t, true)
	r.p.Refresh(nil)
	old := r.threads.Take()
	r.store.Before = func(string) error { return uitest.ErrDisk }
	r.p.Refresh(nil)
	r.threads.Run()
	if r.s.was.Alert == nil {
		t.Fatal("a store that cannot be read is not said")
	}
	r.store.Before = nil
	for _, f := range old {
		f()
	}
	if r.s.was.Alert == nil {
		t.Error("an older answer wiped out the newer")
	}
}

func TestScreenFitsTheSmallestWindow(t *testing.T) {
	for _, enrolled := range []bool{true, false} {
		if m := open(t, enrolled).s.Content().MinSize(); m.Width > 1000 || m.Height > 440 {
			t.Errorf("wants %v", m)
		}
	}
}
