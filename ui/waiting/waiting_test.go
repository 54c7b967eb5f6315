package waiting

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

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
	mended  []dossier.ID
	next    time.Time
	halted  int
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
	r.p = New(World{Desk: d, Threads: r.threads.Kit(), Sent: func() { r.sent++ }, Open: func(id dossier.ID) { r.opened = append(r.opened, id) },
		Mend: func(id dossier.ID) { r.mended = append(r.mended, id) }, Next: func() time.Time { return r.next }, Halt: func() { r.halted++ }, Now: d.Now})
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
	r.p.Send() // what was kept since may come too late for the first
	if !r.s.was.Sending {
		t.Error("nothing says that it is being sent")
	}
	r.threads.Run()
	s := r.s.was
	if r.line.Sends != 2 || len(s.History) != 1 || s.Waiting != 0 || s.Line != Reached || s.Alert == nil || s.Alert.Tone != kit.Good || s.Receipt.Number != "000128" {
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

// One side's disk was put back to before a change of keys: the screen that says so takes the other ticket.
func TestPCThatIsShutOutTakesAnotherTicket(t *testing.T) {
	for _, code := range []string{"line.former-key", "line.unknown-device", "line.wrong-key"} {
		r := open(t, true)
		r.p.Key(kit.Event{Key: "F9", Down: true})
		if r.s.was.ShutOut || r.s.was.Said.Text != "" {
			t.Error("a PC in good standing is asked for a ticket")
		}
		r.line.Fail = dossier.Invalid("", code)
		r.p.Send()
		r.threads.Run()
		if s := r.s.was; !s.ShutOut || !s.Enrolled || !strings.Contains(s.Alert.Text, "phiếu ghép nối") {
			t.Errorf("%s: %+v", code, s.Alert)
		}
		r.s.Focus("ticket")
		test.Type(r.w.Canvas().Focused(), "TICKET")
		r.line.Fail = nil
		r.p.Key(kit.Event{Key: "F9", Down: true})
		r.threads.Run()
		if s := r.s.was; s.ShutOut || s.Ticket != "" || s.Alert == nil || s.Alert.Tone != kit.Good {
			t.Errorf("%s: %+v", code, s)
		}
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

// receipted is what a receipt of upstream covers from now on: the first n that waited.
func (r *room) receipted(n int) {
	q, err := r.store.Queue(context.Background())
	if err != nil {
		panic(err)
	}
	for _, row := range q.Rows[:n] {
		r.store.Sent[row.Event] = true
	}
	r.store.Last = &dossier.Receipt{Number: "000128", Station: "Bình Mẫu", At: uitest.Now}
}

func (r *room) back(whys ...string) {
	q, err := r.store.Queue(context.Background())
	if err != nil {
		panic(err)
	}
	for i, why := range whys {
		row := q.Rows[i]
		row.Event[3]++
		row.Kind = dossier.Received
		r.store.SentBack = append(r.store.SentBack, dossier.SentBackRow{QueueRow: row, Why: why})
	}
}

func (r *room) refresh() State {
	r.p.Refresh(nil)
	r.threads.Run()
	return r.s.was
}

func (r *room) send() State {
	r.p.Send()
	r.threads.Run()
	return r.s.was
}

func press(key fyne.KeyName) kit.Event { return kit.Event{Key: key, Down: true} }

func TestUntriedSaysWhenItGoesByItself(t *testing.T) {
	r := open(t, true)
	r.next = uitest.Now.Add(4*time.Minute + 30*time.Second)
	s := r.refresh()
	if c := s.Cause; c.Short != "Chưa tới lượt" || c.Next != "09:16" || c.Text != "Chưa tới lượt. Chương trình tự gửi lúc 09:16." || s.Line != Untried || len(s.History) != 0 {
		t.Errorf("%+v", s.Cause)
	}
	r.next = uitest.Now.Add(20 * time.Second)
	if c := r.refresh().Cause; c.Next != "sắp gửi" {
		t.Errorf("%+v", c)
	}
	r.next = time.Time{}
	if c := r.refresh().Cause; c.Next != "" || c.Text != "Chưa tới lượt. Nhấn F5 để gửi." {
		t.Errorf("%+v", c)
	}
}

func TestSendingShowsHowFarAndWhatIsReceiptedLeavesTheTable(t *testing.T) {
	r := open(t, true)
	r.line.Way = func(_ context.Context, told func(dossier.SendStep)) error {
		for _, x := range []struct {
			step  dossier.SendStep
			words string
			share float32
			acts  int // receipted with it
		}{
			{dossier.SendStep{Phase: "connect"}, "Đang kết nối với Công an tỉnh Mẫu…", -1, 0},
			{dossier.SendStep{Phase: "push", Of: 20}, "Đang gửi: 0/20 diễn biến đã có biên nhận", 0, 0},
			{dossier.SendStep{Phase: "push", Done: 5, Of: 20}, "Đang gửi: 5/20 diễn biến đã có biên nhận", 0.25, 3},
			{dossier.SendStep{Phase: "pull", Done: 1, Of: 2}, "Đang nhận về: 1/2 diễn biến", 0.5, 0},
		} {
			r.receipted(x.acts)
			told(x.step)
			if s := r.s.was; !s.Sending || s.Going != x.words || s.Share != x.share || s.Status.Progress != x.step || !s.CanStop || s.Cause.Short != "Đang gửi" {
				t.Errorf("%+v: %+v", x.step, s)
			}
			for _, f := range r.threads.Take() {
				f()
			}
		}
		if s := r.s.was; len(s.Rows) != 4 || s.Waiting != 4 {
			t.Errorf("%d rows wait, 3 of 7 are receipted", len(s.Rows))
		}
		return nil
	}
	s := r.send()
	if s.Sending || s.Waiting != 0 || s.CanStop || !strings.Contains(s.Alert.Text, "Đã gửi xong 7 thao tác") {
		t.Errorf("%+v, %+v", s, s.Alert)
	}
	if h := s.History; len(h) != 1 || h[0].Text != "bấm gửi, đã gửi 7 thao tác" || h[0].When != "09:12" || h[0].Tone != kit.Good {
		t.Errorf("%+v", h)
	}
}

func TestStopEndsTheExchangeAndSaysWhatWasSent(t *testing.T) {
	r := open(t, true)
	if r.p.Key(press(fyne.KeyEscape)) {
		t.Error("Esc was taken while nothing is sent")
	}
	r.line.Way = func(ctx context.Context, told func(dossier.SendStep)) error {
		told(dossier.SendStep{Phase: "push", Of: 7})
		r.receipted(2)
		if !r.p.Key(press(fyne.KeyEscape)) || !r.s.was.Stopping || r.s.was.CanStop {
			t.Errorf("Esc did not stop: %+v", r.s.was)
		}
		r.p.Stop() // pressed again while it ends
		return ctx.Err()
	}
	s := r.send()
	if s.Sending || s.Stopping || s.Waiting != 5 || s.Line != Reached || s.Alert.Tone != kit.Warn || !strings.Contains(s.Alert.Text, "còn 5 thao tác") {
		t.Errorf("%+v, %+v", s, s.Alert)
	}
	if h := s.History[0]; h.Text != "bấm gửi, đã gửi 2 thao tác rồi dừng" || s.Cause.Short != "Đã dừng" {
		t.Errorf("%+v, %+v", h, s.Cause)
	}
	if r.p.Key(press(fyne.KeyEscape)) {
		t.Error("Esc was taken after the end")
	}
	r.line.Way = func(ctx context.Context, _ func(dossier.SendStep)) error {
		r.p.Stop()
		return fmt.Errorf("hello: %w", ctx.Err())
	}
	r.p.status.Line = Broken
	if s := r.send(); s.Line != Broken {
		t.Error("a stop before anything was heard says something of the line")
	}
}

func TestPartialSendingClaimsOnlyWhatReceiptsCover(t *testing.T) {
	r := open(t, true)
	down := dossier.Invalid("", "line.down")
	r.line.Way = func(context.Context, func(dossier.SendStep)) error { r.receipted(3); return down }
	s := r.send()
	if s.Waiting != 4 || !strings.HasPrefix(s.Alert.Text, "Đã gửi được 3 thao tác, có biên nhận; còn 4 thao tác chờ gửi.") || s.Alert.Tone != kit.Bad || s.Line != Broken {
		t.Errorf("%+v", s.Alert)
	}
	own := s.PCs[0]
	if own.Written != own.Held+own.Waiting || own.Waiting != 4 || !strings.Contains(own.Text, "000128") {
		t.Errorf("%+v", own)
	}
	if s.History[0].Text != "bấm gửi, đã gửi 3 thao tác, rồi không có đường truyền" {
		t.Errorf("%+v", s.History)
	}
	r.store.Last = nil // nothing is proven without a receipt, whatever a number says
	s = r.refresh()
	if own := s.PCs[0]; own.Held != 0 || own.Waiting != own.Written || !strings.HasPrefix(own.Text, "Chưa có biên nhận") {
		t.Errorf("claims %+v without a receipt (I3)", own)
	}
}

func TestWhatIsWrittenMeanwhileIsNotCalledSent(t *testing.T) {
	r := open(t, true)
	r.line.Store = uitest.NewStore(r.store.Set) // this exchange covers nothing of what is here
	s := r.send()
	if s.Waiting != 7 || s.Alert.Tone != kit.Info || !strings.Contains(s.Alert.Text, "7 thao tác vừa ghi thêm") {
		t.Errorf("%+v", s.Alert)
	}
}

func TestBrokenLineSaysSinceWhenAndWhenNext(t *testing.T) {
	r := open(t, true)
	r.line.Fail = dossier.Invalid("", "line.portal")
	r.next = uitest.Now.Add(10 * time.Minute)
	r.send()
	r.line.Fail = dossier.Invalid("", "line.down")
	s := r.send()
	if s.Cause.Text != "Mất kết nối từ 09:12: không có đường truyền. Chương trình tự gửi lúc 09:22." || s.Cause.Tone != kit.Warn || s.Cause.Short != "Mất kết nối" {
		t.Errorf("%+v", s.Cause)
	}
	if got := []string{s.History[0].Text, s.History[1].Text}; !slices.Equal(got, []string{"bấm gửi, chưa được: không có đường truyền", "bấm gửi, chưa được: mạng trả về trang khác"}) {
		t.Errorf("%v", got)
	}
	r.line.Fail = dossier.Invalid("", "line.busy", "seconds", "600")
	if s = r.send(); s.Cause.Text != "Cấp trên đang bận, hẹn lại lúc 09:22." || s.Cause.Short != "Cấp trên bận" || s.Line != Refused {
		t.Errorf("%+v", s.Cause)
	}
	r.line.Fail = errors.Join(dossier.Invalid("", "upstream.full"), dossier.Invalid("", "upstream.bad-envelope"))
	if s = r.send(); s.Cause.Tone != kit.Bad || !strings.Contains(s.Cause.Text, "ổ đĩa của cấp trên đã đầy") || s.Line != Refused ||
		!strings.Contains(s.Alert.Text, "đã đầy") || !strings.Contains(s.Alert.Text, "chữ ký") {
		t.Errorf("%+v, %+v", s.Cause, s.Alert)
	}
	for code, want := range map[string]Cause{
		"line.frozen":  {Short: "Tạm dừng", Text: "Cấp trên tạm dừng nhận vì hai máy đang dùng cùng một bản dữ liệu.", Tone: kit.Bad}, // a person decides: no next time
		"line.revoked": {Short: "Bị thu hồi", Text: "Cấp trên đã thu hồi quyền gửi của máy này.", Tone: kit.Bad},
		"journal.superseded": {Short: "Đối chiếu", Text: "Máy này và cấp trên đang đối chiếu nhật ký. Chương trình tự gửi lúc 09:22.",
			Next: "09:22", Tone: kit.Warn}} {
		r.line.Fail = dossier.Invalid("", code)
		if s = r.send(); s.Cause != want || !strings.Contains(s.Alert.Text, "Chưa gửi được. ") || s.Line != Refused {
			t.Errorf("%s: %+v, %+v", code, s.Cause, s.Alert)
		}
	}
	r.line.Fail = errors.New("made up")
	if s = r.send(); !strings.Contains(s.Alert.Text, "made up") || strings.Contains(s.Cause.Text, "Mất kết nối") {
		t.Errorf("%+v, %+v", s.Cause, s.Alert)
	}
	r.line.Fail = nil
	if s = r.send(); s.Cause != (Cause{Next: "09:22", Text: "Chương trình tự gửi lúc 09:22."}) || len(s.History) != 9 {
		t.Errorf("%+v", s.Cause)
	}
}

func TestOnlySoManyAttemptsAreRemembered(t *testing.T) {
	r := open(t, true)
	r.line.Fail = dossier.Invalid("", "line.down")
	for range 40 {
		r.send()
	}
	if n := len(r.s.was.History); n != mostPast {
		t.Errorf("remembers %d", n)
	}
}

func TestWhatTheProgramSendsByItselfIsSeenAndJoined(t *testing.T) {
	r := open(t, true)
	r.p.Hear(dossier.SendStep{Phase: "push", Done: 2, Of: 9})
	if s := r.s.was; !s.Sending || s.Going != "Đang gửi: 2/9 diễn biến đã có biên nhận" || !s.CanStop {
		t.Errorf("%+v", s)
	}
	r.p.Key(press(fyne.KeyEscape))
	if r.halted != 1 || !r.s.was.Stopping {
		t.Error("Esc does not end what the program sends")
	}
	r.p.Tried(context.Canceled)
	if s := r.refresh(); s.Sending || s.History[0].Text != "tự gửi, đã dừng, chưa gửi được gì" {
		t.Errorf("%+v", s)
	}

	r.p.Hear(dossier.SendStep{Phase: "connect"})
	r.line.Way = func(context.Context, func(dossier.SendStep)) error {
		if s := r.s.was; s.Alert == nil || !strings.Contains(s.Alert.Text, "đang tự gửi") || !s.Sending {
			t.Errorf("joining: %+v", s.Alert)
		}
		r.p.Tried(nil) // the program's own word on the same exchange comes first
		return nil
	}
	if s := r.send(); s.Waiting != 0 || len(s.History) != 2 || s.History[0].Text != "bấm gửi, đã gửi 7 thao tác" || s.Sending {
		t.Errorf("%+v", s.History)
	}
}

func TestProgramsOwnFailureIsSaidAndItsSuccessTakesThatBack(t *testing.T) {
	r := open(t, true)
	r.p.Hear(dossier.SendStep{Phase: "connect"})
	r.p.Tried(dossier.Invalid("", "line.down"))
	if s := r.refresh(); s.Alert == nil || s.Alert.Tone != kit.Warn || s.Line != Broken || s.Sending || s.History[0].Text != "tự gửi, chưa được: không có đường truyền" {
		t.Errorf("%+v", s)
	}
	r.p.Hear(dossier.SendStep{Phase: "connect"})
	r.p.Tried(nil)
	if s := r.refresh(); s.Alert != nil || s.Line != Reached || s.History[0].Text != "tự gửi, không có gì mới để gửi" {
		t.Errorf("%+v", s)
	}
	r.p.Hear(dossier.SendStep{Phase: "connect"})
	r.receipted(7)
	r.p.Tried(nil)
	if s := r.refresh(); s.Alert == nil || !strings.Contains(s.Alert.Text, "7 thao tác") {
		t.Errorf("%+v", s.Alert)
	}
}

func TestSentBackSaysTheReasonAndLeadsToItsCorrection(t *testing.T) {
	r := open(t, true)
	if r.p.Key(press(fyne.KeyF4)) {
		t.Error("F4 was taken with nothing sent back")
	}
	r.back("Thiếu nơi cư trú.", "Sai số giấy tờ.")
	s := r.refresh()
	ids := r.store.IDs()
	if len(s.Rows) != 9 || s.Rows[0].Why != "Thiếu nơi cư trú." || s.Rows[2].Why != "" {
		t.Errorf("%+v", s.Rows)
	}
	r.p.Choose(5)
	r.p.Key(press(fyne.KeyF4)) // the first, because what is chosen was not sent back
	r.p.Choose(1)
	r.p.Key(press(fyne.KeyF4))
	r.p.OpenRow(1)
	r.p.OpenRow(2)
	if !slices.Equal(r.mended, []dossier.ID{ids[0], ids[1], ids[1]}) || !slices.Equal(r.opened, []dossier.ID{ids[0]}) {
		t.Errorf("mended %v, opened %v", r.mended, r.opened)
	}
	for _, i := range []int{-1, 9, 900} {
		r.p.OpenRow(i)
		r.p.Choose(i)
	}
	r.p.Mend = nil
	if r.p.OpenRow(1); len(r.opened) != 2 {
		t.Error("without a way to correct it the dossier is not opened")
	}
}

func TestTheChosenRowStaysChosenWhileOthersGo(t *testing.T) {
	r := open(t, true)
	r.p.Choose(4)
	number := r.s.was.Rows[4].Event
	r.receipted(2)
	s := r.refresh()
	if s.At != 2 || s.Rows[s.At].Event != number || r.s.table.Selected() != 2 {
		t.Errorf("chosen is %d of %d", s.At, len(s.Rows))
	}
	r.receipted(4)
	if s = r.refresh(); s.At != 0 && s.At >= len(s.Rows) {
		t.Errorf("chosen is %d of %d", s.At, len(s.Rows))
	}
	r.receipted(len(s.Rows))
	r.refresh()
}

func TestEveryOutcomeHasItsOwnSentence(t *testing.T) {
	seen := map[string]string{}
	// What exchange.Client.Send says it may answer, and what stands in the way of an unlucky PC.
	for _, code := range []string{"line.not-enrolled", "line.down", "line.timeout", "line.portal", "line.wrong-key", "line.garbled", "line.refused", "line.busy",
		"line.unknown-device", "line.former-key", "line.revoked", "upstream.older", "upstream.went-back", "upstream.bad-receipt", "upstream.bad-envelope", "parked.unread", "upstream.full",
		"upstream.fault", "line.frozen", "journal.superseded", "journal.restless", "journal.forked", "journal.unknown", "journal.gap", "journal.nothing", "envelope.bad", "envelope.recipient",
		"envelope.sender", "message.bad", "message.too-large", "ticket.address", "store.full", "clock.wrong"} {
		said := sentences(dossier.Invalid("", code, "status", "500"))
		if other := seen[said]; other != "" || strings.Contains(said, code) || said == "" || strings.Contains(said, "{status}") {
			t.Errorf("%s (and %s): %q", code, other, said)
		}
		seen[said] = code
		if brief(dossier.Invalid("", code)) == "" {
			t.Errorf("%s has no few words", code)
		}
	}
	if said := sentences(fmt.Errorf("keep receipt: %w", dossier.Invalid("", "store.full"))); seen[said] != "store.full" {
		t.Errorf("wrapped: %q", said)
	}
	if brief(dossier.Invalid("", "line.portal")) == brief(dossier.Invalid("", "line.wrong-key")) {
		t.Error("a portal and a stranger are told in the same words")
	}
}

func TestTwoPCsAreToldApart(t *testing.T) {
	r := open(t, true)
	q, err := r.store.Queue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	q.PCs = append(q.PCs, dossier.PC{Device: dossier.DeviceID{0xab, 0xcd}, Written: 40, Waiting: 40}, dossier.PC{Device: dossier.DeviceID{1}, Written: 9, Held: 8, Waiting: 1})
	r.p.queue = q
	pcs := r.p.pcs()
	if len(pcs) != 3 || pcs[0].Name != "Máy này, quầy số 1" || !strings.Contains(pcs[1].Name, "abcd0000") || strings.Contains(pcs[1].Text, "chờ") || pcs[2].Held != 8 {
		t.Errorf("%+v", pcs)
	}
	shut := false
	r.p.Shut = func() bool { return shut }
	if own := r.p.pcs()[0]; own.Fault != "" {
		t.Error(own.Fault)
	}
	shut = true
	if pcs := r.p.pcs(); !strings.HasPrefix(pcs[0].Fault, "Máy khác của trạm chưa kết nối được tới máy này") || pcs[1].Fault+pcs[2].Fault != "" {
		t.Errorf("%+v", pcs)
	}
	r.p.render()
	if err := uitest.Shoot("waiting-shut", r.w.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

func TestMoreThanTheTableShowsIsCounted(t *testing.T) {
	r := open(t, true)
	r.p.queue.Acts = 1234
	r.p.status.Waiting = 1234
	r.p.render()
	if got := r.s.more.Text(); got != "Bảng hiện 7 thao tác chờ lâu nhất; còn 1227 thao tác nữa." {
		t.Error(got)
	}
	if r.refresh(); r.s.more.Text() != "" {
		t.Error("more than there is")
	}
}

func TestWholeScreenByKeysAlone(t *testing.T) {
	r := open(t, true)
	r.back("Thiếu nơi cư trú.")
	r.refresh()
	r.s.Focus("")
	if r.w.Canvas().Focused() != r.s.table {
		t.Fatalf("begins at %T", r.w.Canvas().Focused())
	}
	typed := func(keys ...fyne.KeyName) {
		for _, k := range keys {
			if !r.p.Key(press(k)) {
				r.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
			}
		}
	}
	typed(fyne.KeyHome, fyne.KeyReturn, fyne.KeyDown, fyne.KeyReturn, fyne.KeyF4)
	if len(r.mended) != 2 || len(r.opened) != 1 {
		t.Errorf("mended %v, opened %v", r.mended, r.opened)
	}
	found := map[fyne.Focusable]bool{}
	for range 12 {
		r.w.Canvas().FocusNext()
		found[r.w.Canvas().Focused()] = true
	}
	for _, b := range []fyne.Focusable{r.s.send, r.s.open, r.s.table} {
		if !found[b] {
			t.Errorf("Tab does not come to %+v", b)
		}
	}
	r.line.Way = func(ctx context.Context, _ func(dossier.SendStep)) error {
		r.w.Canvas().Focus(r.s.stop)
		typed(fyne.KeySpace)
		return ctx.Err()
	}
	r.w.Canvas().Focus(r.s.send)
	typed(fyne.KeyReturn)
	r.threads.Run()
	if s := r.s.was; r.line.Sends != 1 || !strings.Contains(s.Alert.Text, "Đã dừng") || r.w.Canvas().Focused() != r.s.send {
		t.Errorf("%+v, focus on %T", s.Alert, r.w.Canvas().Focused())
	}
	before := r.s.scroll
	r.p.Key(kit.Event{Key: fyne.KeyPageDown, Ctrl: true, Down: true})
	r.p.Key(kit.Event{Key: fyne.KeyPageUp, Ctrl: true, Down: true})
	if before != r.s.scroll || len(r.p.Keys()) < 5 {
		t.Error("keys are not told")
	}
}

// TestShoot leaves pictures of every state to be looked at.
func TestShoot(t *testing.T) {
	if os.Getenv("TIEPNHAN_SHOTS") == "" {
		t.Skip("no folder for pictures")
	}
	const long = "Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu – Phòng Cảnh sát hình sự – Đội điều tra án xâm phạm sở hữu khu vực phía Bắc"
	for name, set := range map[string]func(r *room){
		"untried": func(r *room) { r.next = uitest.Now.Add(83 * time.Minute); r.refresh() },
		"sending": func(r *room) { r.p.Hear(dossier.SendStep{Phase: "push", Done: 120, Of: 300}) },
		"connect": func(r *room) { r.p.Hear(dossier.SendStep{Phase: "connect"}) },
		"stopped": func(r *room) {
			r.line.Way = func(ctx context.Context, told func(dossier.SendStep)) error {
				told(dossier.SendStep{Phase: "push", Of: 7})
				r.receipted(2)
				r.p.Stop()
				return ctx.Err()
			}
			r.send()
		},
		"partial": func(r *room) {
			r.line.Way = func(context.Context, func(dossier.SendStep)) error {
				r.receipted(3)
				return dossier.Invalid("", "line.timeout")
			}
			r.next = uitest.Now.Add(7 * time.Minute)
			r.send()
		},
		"portal": func(r *room) {
			r.next = uitest.Now.Add(7 * time.Minute)
			r.line.Fail = dossier.Invalid("", "line.portal")
			for range 3 {
				r.send()
			}
		},
		"sisters": func(r *room) {
			r.p.Sisters = func(context.Context) ([]dossier.Sister, error) {
				return []dossier.Sister{{Desk: 2, Heard: true, Until: uitest.Now}, {Desk: 3, Heard: true, Until: uitest.Now.Add(-40 * time.Hour)}, {Desk: 4}, {Desk: 12, Heard: true}}, nil
			}
			r.refresh()
		},
		"sister": func(r *room) {
			r.p.Sisters = func(context.Context) ([]dossier.Sister, error) {
				return []dossier.Sister{{Desk: 2, Heard: true, Until: uitest.Now.Add(-time.Minute)}}, nil
			}
			r.refresh()
		},
		"refused": func(r *room) { r.line.Fail = dossier.Invalid("", "line.revoked"); r.send() },
		"done":    func(r *room) { r.send() },
		"back": func(r *room) {
			r.back("Ảnh chụp phiếu TK01 không đọc được phần chữ ký; đề nghị trạm kiểm tra lại họ tên người đề nghị và nơi cư trú rồi gửi lại trong ngày.", "Thiếu nơi cư trú.")
			r.refresh()
		},
		"long": func(r *room) {
			r.back("Thiếu nơi cư trú.")
			r.refresh()
			for i := range r.p.queue.Rows {
				r.p.queue.Rows[i].Name = long
			}
			r.p.status.Upstream = "Phòng Cảnh sát quản lý hành chính về trật tự xã hội Công an tỉnh Mẫu"
			r.p.queue.Acts, r.p.status.Waiting = 1234, 1234
			r.p.queue.PCs = append(r.p.queue.PCs, dossier.PC{Device: dossier.DeviceID{0xab, 0xcd}, Written: 40, Waiting: 40})
			r.p.Choose(2)
			r.p.render()
		},
	} {
		for size, to := range map[string]struct {
			text float32
			size fyne.Size
		}{"1024": {1, fyne.NewSize(1024, 500)}, "1366-150": {1.5, fyne.NewSize(1366, 640)}, "1366-200": {2, fyne.NewSize(1366, 640)}} {
			r := open(t, true)
			fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(to.text))
			r.w.Resize(to.size)
			set(r)
			r.s.Content().Refresh()
			kit.Relayout(r.s.Content())
			r.w.Canvas().Focus(r.s.table)
			shoot(t, "waiting-"+size+"-"+name, r.w.Canvas().Capture())
			r.s.Page(true)
			shoot(t, "waiting-"+size+"-"+name+"-below", r.w.Canvas().Capture())
		}
	}
	r := open(t, false)
	shoot(t, "waiting-unenrolled", r.w.Canvas().Capture())
}

func shoot(t *testing.T, name string, picture image.Image) {
	t.Helper()
	if err := uitest.Shoot(name, picture); err != nil {
		t.Fatal(err)
	}
}
