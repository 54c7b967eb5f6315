// Package uitest gives the tests of the screens a desk on a store in memory, threads they hold in their hand, and pictures to look at.
// The desk and its rules are the real ones; only disk, printer and line are made up.
package uitest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Threads run only when told: what went to Go or After waits in order.
type Threads struct {
	work   []func()
	timers []*timer
	Now    time.Duration
}

type timer struct {
	at   time.Duration
	f    func()
	gone bool
}

// Kit is what a presenter is given.
func (t *Threads) Kit() kit.Threads {
	return kit.Threads{
		Go:   func(f func()) { t.work = append(t.work, f) },
		OnUI: func(f func()) { f() },
		After: func(d time.Duration, f func()) func() bool {
			one := &timer{at: t.Now + d, f: f}
			t.timers = append(t.timers, one)
			return func() bool { was := !one.gone; one.gone = true; return was }
		},
	}
}

// Run does the work that waits, and what follows from it.
func (t *Threads) Run() {
	for len(t.work) > 0 {
		f := t.work[0]
		t.work = t.work[1:]
		f()
	}
}

// Take is the work that waits, to be done in another order.
func (t *Threads) Take() []func() {
	out := t.work
	t.work = nil
	return out
}

// Pass lets time go by: timers come due in order, and all work is done.
func (t *Threads) Pass(d time.Duration) {
	t.Run()
	end := t.Now + d
	for {
		var next *timer
		for _, one := range t.timers {
			if !one.gone && one.at <= end && (next == nil || one.at < next.at) {
				next = one
			}
		}
		if next == nil {
			break
		}
		t.Now, next.gone = next.at, true
		next.f()
		t.Run()
	}
	t.Now = end
}

// Shoot keeps a picture in the folder TIEPNHAN_SHOTS names, if it does.
func Shoot(name string, picture image.Image) error {
	folder := os.Getenv("TIEPNHAN_SHOTS")
	if folder == "" {
		return nil
	}
	f, err := os.Create(filepath.Join(folder, name+".png"))
	if err != nil {
		return err
	}
	if err := png.Encode(f, picture); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// Now is the moment of every test: Thursday 19 November 2026, 9:12 in the morning. Tuesday 24 is a holiday.
var Now = time.Date(2026, 11, 19, 9, 12, 0, 0, dossier.Hanoi)

// Station is a made-up commune's settings.
func Station() dossier.Settings {
	return dossier.Settings{
		Units: []dossier.UnitTerm{{Level: dossier.Commune, Prefix: "MAU.01", Unit: dossier.Unit{Upper: "CÔNG AN TỈNH MẪU",
			Name: "CÔNG AN XÃ BÌNH MẪU", Place: "Bình Mẫu", Phone: "0200 000 0000"}}},
		Upstreams: []dossier.UpstreamTerm{{Level: dossier.Province, Name: "Công an tỉnh Mẫu"}},
		Desk:      1, Officers: []dossier.Officer{{ID: "canbo1", Name: "Trần Thử Nghiệm", Title: "Cán bộ tiếp nhận"}},
		Hours: dossier.DefaultHours, FormSet: "police", Sample: true}
}

// Store keeps everything in memory. Before is asked before each call and may make it fail.
type Store struct {
	Before   func(call string) error
	Issued   map[dossier.PackKind][]dossier.KeptPack
	Set      *dossier.Settings
	entries  map[dossier.ID][]dossier.Entry
	order    []dossier.ID
	numbers  map[dossier.Series]int
	drafts   map[string][]byte
	prints   map[dossier.ID]map[string]int
	printed  map[dossier.EventID]dossier.Event
	layouts  []dossier.KeptLayout
	journal  []dossier.Entry // this PC's own, everything in it
	closed   []dossier.ClosedDay
	Traces   []dossier.Event // of printing and exporting
	Sent     map[dossier.EventID]bool
	SentBack []dossier.SentBackRow
	From     map[dossier.EventID]dossier.Whence // of acts that came from elsewhere; all others are this PC's
	Last     *dossier.Receipt
	Said     dossier.SaidDate
	Latest   time.Time
	Extra    []dossier.Summary // rows of the list beside those kept here
	Calls    []string
}

// NewStore is an empty store of that station; nil for one nobody has set up.
func NewStore(s *dossier.Settings) *Store {
	return &Store{Set: s, entries: map[dossier.ID][]dossier.Entry{}, numbers: map[dossier.Series]int{}, drafts: map[string][]byte{},
		prints: map[dossier.ID]map[string]int{}, printed: map[dossier.EventID]dossier.Event{}, Sent: map[dossier.EventID]bool{}}
}

func (s *Store) before(call string) error {
	s.Calls = append(s.Calls, call)
	if s.Before != nil {
		return s.Before(call)
	}
	return nil
}

func (s *Store) Settings(context.Context) (dossier.Settings, bool, error) {
	if err := s.before("Settings"); err != nil {
		return dossier.Settings{}, false, err
	}
	if s.Set == nil {
		return dossier.Settings{}, false, nil
	}
	return *s.Set, true, nil
}

func (s *Store) add(e dossier.Event) error {
	if old := s.entries[e.Dossier]; len(old) > 0 {
		e.Bases = dossier.Replay(old).Heads
	} else {
		s.order = append(s.order, e.Dossier)
	}
	sealed, err := dossier.Seal(e, [16]byte{})
	if err != nil {
		return err
	}
	s.entries[e.Dossier] = append(s.entries[e.Dossier], sealed)
	s.journal = append(s.journal, sealed)
	return nil
}

func (s *Store) Receive(_ context.Context, o dossier.Opening, build func(string) ([]dossier.Event, error)) (dossier.Dossier, error) {
	if err := s.before("Receive"); err != nil {
		return dossier.Dossier{}, err
	}
	if old, ok := s.entries[o.ID]; ok {
		return dossier.Replay(old), nil
	}
	if err := s.taken(o.ID, o.National); err != nil {
		return dossier.Dossier{}, err
	}
	n := s.numbers[o.Series] + 1
	number := dossier.FormatNumber(s.Set.Units[0].Prefix, o.Day, n)
	if o.Series == dossier.RefusalSeries {
		number = dossier.FormatRefusal(s.Set.Units[0].Prefix, o.Day, n)
	}
	es, err := build(number)
	if err != nil {
		return dossier.Dossier{}, err
	}
	for _, e := range es {
		if err := s.add(e); err != nil {
			return dossier.Dossier{}, err
		}
	}
	s.numbers[o.Series] = n
	delete(s.drafts, o.Draft)
	return dossier.Replay(s.entries[o.ID]), nil
}

func (s *Store) taken(by dossier.ID, national string) error {
	for _, id := range s.order {
		if d := dossier.Replay(s.entries[id]); id != by && national != "" && dossier.CodeKey(d.Intake.NationalCode) == dossier.CodeKey(national) && d.Status != dossier.StatusAnnulled {
			return dossier.Invalid("national-code", "national-code.taken", "number", d.Number)
		}
	}
	return nil
}

func (s *Store) Act(_ context.Context, id dossier.ID, build func(dossier.Dossier) (dossier.Event, error)) (dossier.Dossier, error) {
	if err := s.before("Act"); err != nil {
		return dossier.Dossier{}, err
	}
	e, err := build(dossier.Replay(s.entries[id]))
	if err != nil {
		return dossier.Dossier{}, err
	}
	var c dossier.Correct
	if e.Kind == dossier.Corrected && json.Unmarshal(e.Body, &c) == nil && c.NationalCode != nil {
		if err := s.taken(id, *c.NationalCode); err != nil {
			return dossier.Dossier{}, err
		}
	}
	if err := s.add(e); err != nil {
		return dossier.Dossier{}, err
	}
	return dossier.Replay(s.entries[id]), nil
}

func (s *Store) Record(_ context.Context, es ...dossier.Event) error {
	for _, e := range es {
		if err := s.before("Record " + string(e.Kind)); err != nil {
			return err
		}
	}
	for _, e := range es {
		if err := s.record(e); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) record(e dossier.Event) error {
	sealed, err := dossier.Seal(e, [16]byte{})
	if err != nil {
		return err
	}
	s.journal = append(s.journal, sealed)
	body := dossier.NewBody(e.Kind)
	if body != nil {
		if err := json.Unmarshal(e.Body, body); err != nil {
			return err
		}
	}
	switch e.Kind {
	case dossier.TracePrinted:
		if s.prints[e.Dossier] == nil {
			s.prints[e.Dossier] = map[string]int{}
		}
		s.prints[e.Dossier][body.(*dossier.Print).Form]++
		s.printed[e.ID] = e
		s.Traces = append(s.Traces, e)
	case dossier.TracePrintEnd:
		s.Traces = append(s.Traces, e)
		if end := body.(*dossier.PrintEnd); end.State.Phase == dossier.JobRefused {
			for _, id := range end.Prints {
				var print dossier.Print
				if err := json.Unmarshal(s.printed[id].Body, &print); err != nil {
					return err
				}
				s.prints[s.printed[id].Dossier][print.Form]--
			}
		}
	case dossier.TraceExported:
		s.Traces = append(s.Traces, e)
	case dossier.LayoutKept:
		s.layouts = append(s.layouts, dossier.KeptLayout{Layout: *body.(*dossier.Layout), At: e.At, By: e.By})
	case dossier.DayClosed:
		s.closed = append([]dossier.ClosedDay{{DayClose: *body.(*dossier.DayClose), ID: e.ID, At: e.At, By: e.By, Own: true}}, s.closed...)
	case dossier.StationSet:
		var set dossier.Settings
		if err := json.Unmarshal(e.Body, &set); err != nil {
			return err
		}
		s.Set = &set
	case dossier.DateConfirmed:
		var said dossier.DateSaid
		if err := json.Unmarshal(e.Body, &said); err != nil {
			return err
		}
		s.Said = dossier.SaidDate{DateSaid: said, At: e.At}
	}
	return nil
}

func (s *Store) Dossier(_ context.Context, id dossier.ID) (dossier.Dossier, error) {
	if err := s.before("Dossier"); err != nil {
		return dossier.Dossier{}, err
	}
	if len(s.entries[id]) == 0 {
		return dossier.Dossier{}, dossier.Invalid("", "dossier.unknown", "number", id.String())
	}
	return dossier.Replay(s.entries[id]), nil
}

func (s *Store) Find(_ context.Context, number string) (dossier.Dossier, error) {
	for _, id := range s.order {
		if d := dossier.Replay(s.entries[id]); d.Number == number || number != "" && dossier.CodeKey(d.Intake.NationalCode) == dossier.CodeKey(number) {
			return d, nil
		}
	}
	return dossier.Dossier{}, dossier.Invalid("", "dossier.unknown", "number", number)
}

func (s *Store) Summary(_ context.Context, id dossier.ID) (dossier.Summary, error) {
	row := dossier.Replay(s.entries[id]).Summarize()
	for _, e := range s.entries[id] {
		if !s.Sent[e.ID] {
			row.Unsent++
		}
		for _, b := range s.SentBack {
			if b.Event == e.ID {
				row.SentBack = b.Why
			}
		}
	}
	return row, nil
}

func (s *Store) all(q dossier.Query) []dossier.Summary {
	var out []dossier.Summary
	for _, id := range slices.Backward(s.order) {
		row, _ := s.Summary(context.Background(), id)
		out = append(out, row)
	}
	out = append(out, s.Extra...)
	out = slices.DeleteFunc(out, func(r dossier.Summary) bool {
		hay := dossier.Fold(r.Number + " " + r.Name + " " + r.Subject + " " + s.numbersOf(r.ID))
		has := func(text string) bool {
			for _, term := range dossier.Terms(text) {
				if !strings.Contains(hay, term) {
					return false
				}
			}
			return true
		}
		if any := dossier.Either(q.Text); len(any) > 0 && !slices.ContainsFunc(any, has) {
			return true
		}
		return !r.In(q.View, q.Now)
	})
	order := q.Sort
	if order == dossier.SortUsual && q.View != dossier.ViewAll {
		order = dossier.SortBurns
	}
	switch order {
	case dossier.SortOldest:
		slices.Reverse(out)
	case dossier.SortBurns:
		slices.Reverse(out)
		slices.SortStableFunc(out, func(a, b dossier.Summary) int {
			if a.Burns.IsZero() != b.Burns.IsZero() {
				return cmp.Compare(b.Burns.Unix(), a.Burns.Unix())
			}
			return a.Burns.Compare(b.Burns)
		})
	case dossier.SortName:
		slices.Reverse(out)
		slices.SortStableFunc(out, func(a, b dossier.Summary) int { return strings.Compare(dossier.Fold(a.Name), dossier.Fold(b.Name)) })
	}
	return out
}

// numbersOf are the figures a dossier is found by beside its number.
func (s *Store) numbersOf(id dossier.ID) string {
	in := dossier.Replay(s.entries[id]).Intake
	return strings.Join([]string{in.NationalCode, in.Requester.Person.Number, in.Requester.Person.OldNumber, in.Requester.Person.Phone,
		in.Requester.Representative.Number, in.Subject.Number}, " ")
}

func (s *Store) List(_ context.Context, q dossier.Query) ([]dossier.Summary, error) {
	if err := s.before(fmt.Sprintf("List %q %d", q.Text, q.Offset)); err != nil {
		return nil, err
	}
	all := s.all(q)
	from := min(q.Offset, len(all))
	return all[from:min(len(all), from+max(1, q.Limit))], nil
}

func (s *Store) Count(_ context.Context, q dossier.Query) (int, error) {
	if err := s.before("Count"); err != nil {
		return 0, err
	}
	return len(s.all(q)), nil
}

func (s *Store) Counts(_ context.Context, now time.Time) (map[dossier.View]int, error) {
	if err := s.before("Counts"); err != nil {
		return nil, err
	}
	out := map[dossier.View]int{}
	for _, v := range dossier.Views {
		out[v] = len(s.all(dossier.Query{View: v, Now: now}))
	}
	return out, nil
}

func (s *Store) Whence(_ context.Context, id dossier.ID) (map[dossier.EventID]dossier.Whence, error) {
	out := map[dossier.EventID]dossier.Whence{}
	for i, e := range s.entries[id] {
		out[e.ID] = dossier.Whence{Own: true, Seq: uint64(i + 1)}
		if from, ok := s.From[e.ID]; ok {
			out[e.ID] = from
		}
	}
	return out, nil
}

func (s *Store) Since(_ context.Context, seq uint64, visit func(uint64, dossier.Entry) error) (dossier.Head, error) {
	if err := s.before("Since"); err != nil {
		return dossier.Head{}, err
	}
	head := dossier.Head{Seq: uint64(len(s.journal))}
	for i, e := range s.journal {
		head.Hash = dossier.NextHash(head.Hash, e.Header())
		if n := uint64(i + 1); n > seq {
			if err := visit(n, e); err != nil {
				return dossier.Head{}, err
			}
		}
	}
	return head, nil
}

func (s *Store) Void(_ context.Context, seq uint64) (map[dossier.EventID]bool, error) {
	if err := s.before("Void"); err != nil {
		return nil, err
	}
	out := map[dossier.EventID]bool{}
	for i, e := range s.journal {
		for _, step := range dossier.Replay(s.entries[e.Dossier]).Course {
			if uint64(i+1) > seq && step.ID == e.ID && step.Effect == dossier.Void {
				out[e.ID] = true
			}
		}
	}
	return out, nil
}

// Packs are those a test has issued.
func (s *Store) Packs(_ context.Context, kind dossier.PackKind, _ dossier.Date) ([]dossier.KeptPack, error) {
	if err := s.before("Packs"); err != nil {
		return nil, err
	}
	return s.Issued[kind], nil
}

func (s *Store) Closings(_ context.Context, limit int) ([]dossier.ClosedDay, error) {
	if err := s.before("Closings"); err != nil {
		return nil, err
	}
	if limit <= 0 || limit > len(s.closed) {
		limit = len(s.closed)
	}
	return slices.Clone(s.closed[:limit]), nil
}

func (s *Store) Queue(context.Context) (dossier.Queue, error) {
	if err := s.before("Queue"); err != nil {
		return dossier.Queue{}, err
	}
	q := dossier.Queue{Receipt: s.Last, SentBack: s.SentBack}
	for _, id := range s.order {
		d := dossier.Replay(s.entries[id])
		for _, e := range s.entries[id] {
			if s.Sent[e.ID] {
				continue
			}
			q.Rows = append(q.Rows, dossier.QueueRow{Event: e.ID, Dossier: id, Number: d.Number, Kind: e.Kind, Name: d.Intake.Requester.Name(), At: e.At})
		}
	}
	q.Acts, q.Entries = len(q.Rows), len(q.Rows)
	q.PCs = []dossier.PC{{Own: true, Written: len(q.Rows) + len(s.Sent), Held: len(s.Sent), Waiting: len(q.Rows)}}
	if len(q.Rows) > 0 {
		q.Oldest = q.Rows[0].At
	}
	return q, nil
}

func (s *Store) Prints(_ context.Context, id dossier.ID) (map[string]int, error) {
	return maps.Clone(s.prints[id]), nil
}

func (s *Store) Layouts(context.Context) ([]dossier.KeptLayout, error) {
	return slices.Clone(s.layouts), nil
}

func (s *Store) Between(_ context.Context, from, to dossier.Date, visit func(dossier.Dossier) error) error {
	if err := s.before("Between"); err != nil {
		return err
	}
	var all []dossier.Dossier
	for _, id := range s.order {
		d := dossier.Replay(s.entries[id])
		if day := dossier.DateOf(d.Intake.ReceivedAt); !day.Before(from) && !to.Before(day) {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b dossier.Dossier) int {
		return cmp.Or(dossier.DateOf(a.Intake.ReceivedAt).At(0, 0).Compare(dossier.DateOf(b.Intake.ReceivedAt).At(0, 0)), strings.Compare(a.Number, b.Number))
	})
	for _, d := range all {
		if err := visit(d); err != nil {
			return err
		}
	}
	return nil
}

// Trail is the journal, the newest first.
func (s *Store) Trail(_ context.Context, f dossier.TrailFilter, before dossier.EventID, visit func(dossier.TrailRow) error) error {
	if err := s.before("Trail"); err != nil {
		return err
	}
	heads := make([]dossier.Head, len(s.journal))
	head := dossier.Head{Chain: dossier.Chain{Device: dossier.DeviceID{0xab, 0xcd, 0xef, 0x12}, Incarnation: dossier.Incarnation{1}}}
	for i, e := range s.journal {
		head.Seq, head.Hash = uint64(i+1), dossier.NextHash(head.Hash, e.Header())
		heads[i] = head
	}
	skip := !before.IsZero()
	for i := len(s.journal) - 1; i >= 0; i-- {
		e := s.journal[i]
		if skip {
			skip = e.ID != before
			continue
		}
		if !f.Admits(e.Event) {
			continue
		}
		row := dossier.TrailRow{Entry: e, Head: heads[i], Own: true}
		if entries := s.entries[e.Dossier]; len(entries) > 0 {
			row.Number = dossier.Replay(entries).Number
		}
		if err := visit(row); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) Sizes(context.Context) (dossier.StoreSizes, error) { return dossier.StoreSizes{}, nil }

func (s *Store) Clock(context.Context) (dossier.ClockHistory, error) {
	return dossier.ClockHistory{Latest: s.Latest, Said: s.Said}, nil
}

func (s *Store) SaveDraft(_ context.Context, name string, body []byte) error {
	if err := s.before("SaveDraft"); err != nil {
		return err
	}
	s.drafts[name] = body
	return nil
}

func (s *Store) Draft(_ context.Context, name string) ([]byte, error) { return s.drafts[name], nil }

func (s *Store) DropDraft(_ context.Context, name string) error {
	if err := s.before("DropDraft"); err != nil {
		return err
	}
	delete(s.drafts, name)
	return nil
}

// Came keeps an act of another PC of the station or of upstream, as it came down.
func (s *Store) Came(e dossier.Event, from dossier.Whence) error {
	sealed, err := dossier.Seal(e, [16]byte{})
	if err != nil {
		return err
	}
	s.entries[e.Dossier] = append(s.entries[e.Dossier], sealed)
	if s.From == nil {
		s.From = map[dossier.EventID]dossier.Whence{}
	}
	s.From[e.ID], s.Sent[e.ID] = from, true
	return nil
}

// Purge drops what the acts of a dossier said, as a recorded decision would.
func (s *Store) Purge(id dossier.ID) {
	for i := range s.entries[id] {
		e := &s.entries[id][i]
		e.Body, e.Salt, e.Purged = nil, [16]byte{}, true
	}
}

// Kept is how many dossiers there are.
func (s *Store) Kept() int { return len(s.order) }

// HasDraft tells whether a form waits.
func (s *Store) HasDraft() bool { return len(s.drafts) > 0 }

// IDs are the dossiers in the order they were kept.
func (s *Store) IDs() []dossier.ID { return slices.Clone(s.order) }

// Line is an upstream that answers what it is told to.
type Line struct {
	Store *Store
	Is    bool // enrolled
	Fail  error
	Sends int
	Way   func(ctx context.Context, told func(dossier.SendStep)) error // what happens on the way, and how far the way leads; nil is nothing
}

func (l *Line) Send(ctx context.Context, told func(dossier.SendStep)) (dossier.Sent, error) {
	l.Sends++
	if l.Way != nil {
		if err := l.Way(ctx, told); err != nil {
			return dossier.Sent{}, err
		}
	}
	if l.Fail != nil {
		return dossier.Sent{}, l.Fail
	}
	n := 0
	for _, id := range l.Store.order {
		for _, e := range l.Store.entries[id] {
			if !l.Store.Sent[e.ID] {
				l.Store.Sent[e.ID] = true
				n++
			}
		}
	}
	l.Store.Last = &dossier.Receipt{Number: "000128", Station: "Bình Mẫu", At: Now.Add(7 * time.Hour)}
	return dossier.Sent{Pushed: n, Receipt: l.Store.Last}, nil
}

func (l *Line) Enrol(_ context.Context, ticket string) (dossier.Upstream, error) {
	if l.Fail != nil {
		return dossier.Upstream{}, l.Fail
	}
	l.Is = true
	return dossier.Upstream{Name: "Công an tỉnh Mẫu", Address: "https://mau.invalid", Desk: 1}, nil
}

func (l *Line) Enrolled(context.Context) (bool, error) { return l.Is, nil }

// Paper draws the names of its forms.
type Paper struct {
	Fail error
	Bad  error // of a text that is to be kept

	Other string // a form no dossier's procedure uses
}

// Infos are the forms it knows.
var Infos = []dossier.FormInfo{
	{Key: "receipt", Code: "BM.01", Title: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", Size: dossier.PaperA5},
	{Key: "intake-register", Code: "BM.02", Title: "Sổ tiếp nhận và theo dõi giải quyết hồ sơ", Size: dossier.PaperA4, Unseen: true, Book: true},
	{Key: "refusal", Code: "BM.03", Title: "Phiếu từ chối tiếp nhận giải quyết hồ sơ", Size: dossier.PaperA5},
	{Key: "apology", Code: "BM.04", Title: "Phiếu xin lỗi và hẹn lại ngày trả kết quả", Size: dossier.PaperA5},
	{Key: "control-slip", Code: "BM.05", Title: "Phiếu kiểm soát quá trình giải quyết hồ sơ", Size: dossier.PaperA5},
	{Key: "tracking-register", Code: "BM.06", Title: "Sổ theo dõi hồ sơ", Size: dossier.PaperA4, Book: true},
	{Key: "tk01", Code: "Mẫu TK01", Title: "Phiếu đề nghị cấp tài khoản định danh điện tử", Size: dossier.PaperA4, Unseen: true, Data: true, Blank: true},
	{Key: "tk03", Code: "Mẫu TK03", Title: "Phiếu đề nghị khóa, mở khóa tài khoản định danh điện tử, căn cước điện tử", Size: dossier.PaperA4, Unseen: true, Data: true, Blank: true},
	{Key: "supplement", Title: "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", Size: dossier.PaperA5},
}

func (p *Paper) Forms(set string, layouts []dossier.KeptLayout) ([]dossier.FormInfo, error) {
	out := slices.Clone(Infos)
	for i := range out {
		if _, checked := dossier.LayoutAt(layouts, out[i].Key, set, Now.AddDate(9, 0, 0)); checked {
			out[i].Unseen, out[i].Checked = false, true
		}
	}
	return out, nil
}

func (p *Paper) Possible(s dossier.Sheet) error {
	if p.Other != "" && s.Form == p.Other {
		return dossier.Invalid("form", "form.other-procedure", "number", s.Dossier.Number, "title", s.Form)
	}
	switch refused := s.Dossier.Status == dossier.StatusRefused; {
	case s.Form == "refusal" && !refused, s.Form != "refusal" && refused, s.Form == "apology" && s.Dossier.Reschedules == 0, s.Form == "supplement" && s.Dossier.Supplements == 0:
		return dossier.Invalid("form", "form.not-received", "number", s.Dossier.Number)
	}
	return nil
}

func (p *Paper) Render(ctx context.Context, sheets []dossier.Sheet, done func(int)) ([]byte, error) {
	out := []byte("%PDF")
	for i, s := range sheets {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out = fmt.Appendf(out, " %s %s", s.Form, s.Dossier.Number)
		if done != nil {
			done(i + 1)
		}
	}
	return out, p.Fail
}

func (p *Paper) Book(_ context.Context, b dossier.Book, _ dossier.FormInfo, format string, to io.Writer) (rows int, err error) {
	err = b.Rows(func(d dossier.Dossier) error {
		rows++
		_, err := fmt.Fprintln(to, d.Number)
		return err
	})
	return rows, errors.Join(err, p.Fail)
}

func (p *Paper) Day(_ context.Context, s dossier.DaySheet, to io.Writer) error {
	for _, r := range s.Rows {
		if _, err := fmt.Fprintln(to, r.Number); err != nil {
			return err
		}
	}
	return p.Fail
}

func (p *Paper) Incident(_ context.Context, s dossier.IncidentSheet, to io.Writer) error {
	_, err := fmt.Fprintln(to, s.What, s.Persons)
	return errors.Join(err, p.Fail)
}

func (p *Paper) Columns(form string) []dossier.BookColumn {
	return []dossier.BookColumn{{Key: "number", Title: "Mã hồ sơ"}, {Key: "name", Title: "Tên cá nhân, tổ chức"}, {Key: "due", Title: "Hẹn trả kết quả"}, {Key: "note", Title: "Ghi chú"}}
}

func (p *Paper) Text(form string) ([]byte, error) {
	return []byte(`{"title":"Phiếu đề nghị","rows":[]}`), nil
}

func (p *Paper) CheckText(form string, text []byte) error { return p.Bad }

// Spool is a spooler that does what it is told. States are what it says of each job, one at each look, the last for ever.
type Spool struct {
	Have   []dossier.Printer
	Fail   error // of Print
	States []dossier.JobState
	Jobs   []dossier.PrintJob
	looks  int
}

func (s *Spool) Printers(context.Context) ([]dossier.Printer, error) {
	return slices.Clone(s.Have), nil
}

func (s *Spool) Print(_ context.Context, job dossier.PrintJob) (string, error) {
	if s.Fail != nil {
		return "", s.Fail
	}
	s.Jobs = append(s.Jobs, job)
	s.looks = 0
	return fmt.Sprint(len(s.Jobs)), nil
}

func (s *Spool) Job(context.Context, string, string) (dossier.JobState, error) {
	if len(s.States) == 0 {
		return dossier.JobState{Phase: dossier.JobDone}, nil
	}
	state := s.States[min(s.looks, len(s.States)-1)]
	s.looks++
	return state, nil
}

func (s *Spool) Cancel(context.Context, string, string) error {
	s.States, s.looks = []dossier.JobState{{Phase: dossier.JobFailed, Code: "printer.cancelled"}}, 0
	return nil
}

// NewDesk is a real desk on these, with papers in that folder.
func NewDesk(s *Store, l *Line, p *Paper, folder string) (*desk.Desk, error) {
	procedures, err := fs.Sub(assets.Catalogue, "catalogue")
	if err != nil {
		return nil, err
	}
	days, err := fs.Sub(assets.Calendar, "calendar")
	if err != nil {
		return nil, err
	}
	duties, err := dossier.LoadDuties(assets.Duties)
	if err != nil {
		return nil, err
	}
	catalogue, err := dossier.LoadCatalogue(procedures)
	if err != nil {
		return nil, err
	}
	calendar, err := dossier.LoadCalendar(days)
	if err != nil {
		return nil, err
	}
	id := byte(0)
	at := Now
	return &desk.Desk{Store: s, Catalogue: catalogue, Calendar: calendar, Duties: duties, Paper: p, Line: l, Trail: s, Papers: folder, Officer: "canbo1",
		Pause: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Now:   func() time.Time { at = at.Add(time.Millisecond); return at },
		NewID: func() (out [16]byte) {
			id++
			out[0], out[15] = 1, id
			return out
		}}, nil
}

// ErrDisk is a fault that is nobody's mistake.
var ErrDisk = errors.New("disk I/O error")

// Person is the text of a made-up card.
const Person = "001307012345|012345678|Nguyễn Thị Bình Mẫu|07/12/2007|Nữ|Tổ 5, Phường Thử, Thành phố Hà Nội|02/01/2022"

// Other is another made-up card.
const Other = "001090054321||Lê Văn Thử|15/03/1990|Nam|Thôn Mẫu, Xã Bình Mẫu, Tỉnh Mẫu|02/01/2022"

// Fill puts made-up dossiers into the store, one in each state the screens must show.
func Fill(ctx context.Context, d *desk.Desk, s *Store) error {
	at := func(days, hour, minute int) time.Time { return dossier.DateOf(Now).AddDays(days).At(hour, minute) }
	citizen := func(i int, name string) desk.Intake {
		in := d.NewIntake()
		in.Procedure, in.Case = "issue-level2", "no-card"
		in.Requester.Person = dossier.Person{Name: name, Number: fmt.Sprintf("0010900%05d", i), Born: dossier.Date{Year: 1990, Month: 3, Day: 1 + i%27},
			Sex: dossier.Male, Address: "Thôn Mẫu, Xã Bình Mẫu", Phone: "0900 000 001"}
		in.Papers = []dossier.Paper{{Key: "tk01", Originals: 1}}
		return in
	}
	for i, name := range []string{"Nguyễn Văn Thử", "Trần Thị Mẫu", "Lê Minh Ví Dụ", "Phạm Thị Kiểm Thử", "Hoàng Văn Giả Định", "Vũ Thị Mẫu Đơn"} {
		in := citizen(i, name)
		in.ReceivedAt = at(-i, 8, 10+i)
		kept, err := d.Receive(ctx, in)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		acts := map[int][]any{
			1: {dossier.Forwarded, &dossier.Forward{Reference: "G01.899.000123"}},
			2: {dossier.AskedPapers, &dossier.AskPapers{Why: "Phiếu TK01 thiếu chữ ký của người đề nghị."}},
			3: {dossier.Forwarded, &dossier.Forward{}, dossier.Decided, &dossier.Decision{Approved: true, Document: "215/QĐ", Date: dossier.DateOf(Now)}},
			4: {dossier.Decided, &dossier.Decision{Approved: true, Document: "198/QĐ"}, dossier.HandedBack, &dossier.HandBack{To: name, Paper: "Thẻ căn cước"}},
			5: {dossier.Annulled, &dossier.Reason{Why: "Tiếp nhận trùng với hồ sơ khác của cùng người nộp."}},
		}[i]
		for n := 0; n+1 < len(acts); n += 2 {
			if _, err := d.Do(ctx, acts[n].(dossier.Kind), kept.ID, acts[n+1]); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		if i > 2 {
			for _, e := range s.entries[kept.ID] {
				s.Sent[e.ID] = true
			}
		}
	}
	agency := d.NewIntake()
	agency.Procedure = "lock-account"
	agency.Requester = dossier.Requester{Kind: dossier.Agency, Agency: dossier.Office{Name: "Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu", Document: "123/CSĐT-MẪU",
		DocumentDate: dossier.DateOf(Now).AddDays(-8), Address: "Số 1, Phường Thử"}, Person: dossier.Person{Name: "Đặng Văn Thí Dụ", Number: "001085000123"}}
	agency.Subject = dossier.Person{Name: "Bùi Văn Giả Tưởng", Number: "001080000456"}
	agency.Papers = []dossier.Paper{{Key: "tk03", Originals: 1}}
	agency.ReceivedAt = at(-7, 9, 30)
	if _, err := d.Receive(ctx, agency); err != nil {
		return err
	}
	refused := citizen(40, "Đỗ Thị Từ Chối")
	if _, err := d.Refuse(ctx, refused, "Không thuộc thẩm quyền tiếp nhận của công an cấp xã."); err != nil {
		return err
	}
	s.Last = &dossier.Receipt{Number: "000127", Station: "Bình Mẫu", At: Now.Add(-17 * time.Hour)}
	return nil
}
