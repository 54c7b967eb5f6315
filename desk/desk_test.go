package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
)

// memory is a station's file without the file: the same promises, kept in a map. The real one has its own tests, and cmd/station
// plays whole days on it.
type memory struct {
	packs    map[dossier.PackKind][]dossier.KeptPack
	settings *dossier.Settings
	entries  map[dossier.ID][]dossier.Entry
	station  []dossier.Event
	draft    []byte
	history  dossier.ClockHistory
	number   int
	fail     error
}

func (m *memory) Settings(context.Context) (dossier.Settings, bool, error) {
	if m.settings == nil {
		return dossier.Settings{}, false, nil
	}
	return *m.settings, true, nil
}

func (m *memory) Receive(_ context.Context, o dossier.Opening, build func(string) ([]dossier.Event, error)) (dossier.Dossier, error) {
	if have := m.entries[o.ID]; have != nil {
		return dossier.Replay(have), nil
	}
	number := dossier.FormatNumber("MAU", o.Day, m.number+1)
	if o.Series == dossier.RefusalSeries {
		number = dossier.FormatRefusal("MAU", o.Day, m.number+1)
	}
	es, err := build(number)
	if err != nil {
		return dossier.Dossier{}, err
	}
	if m.fail != nil {
		return dossier.Dossier{}, m.fail
	}
	m.number++
	m.draft = nil
	var out dossier.Dossier
	for _, e := range es {
		e.Bases = out.Heads
		if out, err = m.keep(e); err != nil {
			return dossier.Dossier{}, err
		}
	}
	return out, nil
}

func (m *memory) keep(e dossier.Event) (dossier.Dossier, error) {
	entry, err := dossier.Seal(e, [16]byte{byte(len(m.entries))})
	if err != nil {
		return dossier.Dossier{}, err
	}
	m.entries[e.Dossier] = append(m.entries[e.Dossier], entry)
	return dossier.Replay(m.entries[e.Dossier]), nil
}

func (m *memory) Act(_ context.Context, id dossier.ID, build func(dossier.Dossier) (dossier.Event, error)) (dossier.Dossier, error) {
	have := dossier.Replay(m.entries[id])
	e, err := build(have)
	if err != nil {
		return dossier.Dossier{}, err
	}
	e.Bases = have.Heads
	return m.keep(e)
}

func (m *memory) Record(_ context.Context, es ...dossier.Event) error {
	if m.fail != nil {
		return m.fail
	}
	for _, e := range es {
		switch e.Kind {
		case dossier.DateConfirmed:
			var said dossier.DateSaid
			if err := json.Unmarshal(e.Body, &said); err != nil {
				return err
			}
			m.history.Said = dossier.SaidDate{DateSaid: said, At: e.At}
		case dossier.StationSet:
			m.settings = new(dossier.Settings)
			if err := json.Unmarshal(e.Body, m.settings); err != nil {
				return err
			}
		}
	}
	m.station = append(m.station, es...)
	return nil
}

func (m *memory) Dossier(_ context.Context, id dossier.ID) (dossier.Dossier, error) {
	return dossier.Replay(m.entries[id]), nil
}
func (m *memory) Find(context.Context, string) (dossier.Dossier, error) {
	return dossier.Dossier{}, errors.ErrUnsupported
}
func (m *memory) Summary(_ context.Context, id dossier.ID) (dossier.Summary, error) {
	return dossier.Replay(m.entries[id]).Summarize(), nil
}
func (m *memory) List(context.Context, dossier.Query) ([]dossier.Summary, error) { return nil, nil }
func (m *memory) Count(context.Context, dossier.Query) (int, error)              { return len(m.entries), nil }
func (m *memory) Queue(context.Context) (dossier.Queue, error)                   { return dossier.Queue{}, nil }
func (m *memory) Counts(context.Context, time.Time) (map[dossier.View]int, error) {
	return nil, errors.ErrUnsupported
}
func (m *memory) Whence(context.Context, dossier.ID) (map[dossier.EventID]dossier.Whence, error) {
	return nil, nil
}
func (m *memory) Since(context.Context, uint64, func(uint64, dossier.Entry) error) (dossier.Head, error) {
	return dossier.Head{}, errors.ErrUnsupported
}
func (m *memory) Void(context.Context, uint64) (map[dossier.EventID]bool, error) {
	return nil, errors.ErrUnsupported
}
func (m *memory) Closings(context.Context, int) ([]dossier.ClosedDay, error) { return nil, nil }

func (m *memory) Packs(_ context.Context, kind dossier.PackKind, _ dossier.Date) ([]dossier.KeptPack, error) {
	return m.packs[kind], nil
}

func (m *memory) Between(_ context.Context, from, to dossier.Date, visit func(dossier.Dossier) error) error {
	var all []dossier.Dossier
	for _, entries := range m.entries {
		d := dossier.Replay(entries)
		if day := dossier.DateOf(d.Intake.ReceivedAt); !day.Before(from) && !to.Before(day) {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b dossier.Dossier) int {
		return cmp.Or(dossier.DateOf(a.Intake.ReceivedAt).Compare(dossier.DateOf(b.Intake.ReceivedAt)), strings.Compare(a.Number, b.Number))
	})
	for _, d := range all {
		if err := visit(d); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) Prints(_ context.Context, id dossier.ID) (map[string]int, error) {
	ended := map[dossier.EventID]dossier.JobPhase{}
	for _, e := range m.station {
		var end dossier.PrintEnd
		if e.Kind != dossier.TracePrintEnd {
			continue
		}
		if err := json.Unmarshal(e.Body, &end); err != nil {
			return nil, err
		}
		for _, p := range end.Prints {
			if ended[p] == "" {
				ended[p] = end.State.Phase
			}
		}
	}
	out := map[string]int{}
	for _, e := range m.station {
		var p dossier.Print
		if e.Kind != dossier.TracePrinted || e.Dossier != id || ended[e.ID] == dossier.JobRefused {
			continue
		}
		if err := json.Unmarshal(e.Body, &p); err != nil {
			return nil, err
		}
		out[p.Form]++
	}
	return out, nil
}

func (m *memory) Layouts(context.Context) ([]dossier.KeptLayout, error) {
	var out []dossier.KeptLayout
	for _, e := range m.station {
		kept := dossier.KeptLayout{At: e.At, By: e.By}
		if e.Kind != dossier.LayoutKept {
			continue
		}
		if err := json.Unmarshal(e.Body, &kept.Layout); err != nil {
			return nil, err
		}
		out = append(out, kept)
	}
	return out, nil
}
func (m *memory) Sizes(context.Context) (dossier.StoreSizes, error)   { return dossier.StoreSizes{}, nil }
func (m *memory) Clock(context.Context) (dossier.ClockHistory, error) { return m.history, nil }
func (m *memory) SaveDraft(_ context.Context, _ string, b []byte) error {
	m.draft = b
	return nil
}
func (m *memory) Draft(context.Context, string) ([]byte, error) { return m.draft, nil }
func (m *memory) DropDraft(context.Context, string) error       { m.draft = nil; return nil }
func (m *memory) Send(context.Context, func(dossier.SendStep)) (dossier.Sent, error) {
	return dossier.Sent{}, nil
}
func (m *memory) Enrolled(context.Context) (bool, error) { return false, nil }
func (m *memory) Enrol(context.Context, string) (dossier.Upstream, error) {
	return dossier.Upstream{}, nil
}

// page draws every form as its key and the number of its dossier, or cannot.
type page struct{ jam error }

func (p page) Forms(string, []dossier.KeptLayout) ([]dossier.FormInfo, error) {
	return []dossier.FormInfo{{Key: "receipt", Title: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", Size: dossier.PaperA5},
		{Key: "intake-register", Title: "Sổ theo dõi hồ sơ", Size: dossier.PaperA4, Book: true}}, nil
}

func (p page) Possible(dossier.Sheet) error { return nil }

func (p page) Render(_ context.Context, sheets []dossier.Sheet, done func(int)) ([]byte, error) {
	out := []byte("%PDF")
	for i, s := range sheets {
		out = append(out, " "+s.Form+" "+s.Dossier.Number...)
		if done != nil {
			done(i + 1)
		}
	}
	return out, p.jam
}

func (p page) Book(_ context.Context, b dossier.Book, _ dossier.FormInfo, _ string, to io.Writer) (rows int, err error) {
	err = b.Rows(func(d dossier.Dossier) error {
		rows++
		_, err := fmt.Fprintln(to, d.Number)
		return err
	})
	return rows, errors.Join(err, p.jam)
}

func (p page) Columns(string) []dossier.BookColumn { return []dossier.BookColumn{{Key: "number"}} }
func (p page) Text(string) ([]byte, error)         { return []byte("{}"), nil }
func (p page) Day(_ context.Context, s dossier.DaySheet, to io.Writer) error {
	for _, r := range s.Rows {
		fmt.Fprintln(to, r.Number)
	}
	return nil
}

func (p page) Incident(_ context.Context, s dossier.IncidentSheet, to io.Writer) error {
	_, err := fmt.Fprintln(to, s.What, s.Persons, s.Settings.Desk)
	return errors.Join(err, p.jam)
}

func (p page) CheckText(_ string, text []byte) error { return nil }

// aFriday is Friday 20/11/2026, 9:05; the Tuesday after it is a holiday.
var aFriday = time.Date(2026, 11, 20, 9, 5, 0, 0, dossier.Hanoi)

func newDesk(t testing.TB) (*Desk, *memory) {
	t.Helper()
	catalogue, err := dossier.LoadCatalogue(assets.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	calendar, err := dossier.LoadCalendar(assets.Calendar)
	if err != nil {
		t.Fatal(err)
	}
	m := &memory{entries: map[dossier.ID][]dossier.Entry{}, settings: &dossier.Settings{
		Units: []dossier.UnitTerm{{Level: dossier.Commune, Prefix: "MAU", Unit: dossier.Unit{Upper: "CÔNG AN TỈNH MẪU", Name: "CÔNG AN XÃ THỬ", Place: "Thử"}}},
		Desk:  1, Officers: []dossier.Officer{{ID: "mau", Name: "Cán bộ Mẫu"}}, Hours: dossier.DefaultHours, FormSet: "police"}}
	n := byte(0)
	d := &Desk{Store: m, Line: m, Paper: page{}, Papers: t.TempDir(), Catalogue: catalogue, Calendar: calendar, Officer: "mau",
		Now: func() time.Time { return aFriday }, NewID: func() [16]byte { n++; return [16]byte{n} }}
	return d, m
}

func citizenLocksCard() Intake {
	return Intake{ID: dossier.ID{1}, Procedure: "lock-eid", Papers: []dossier.Paper{{Key: "tk03", Originals: 1}},
		Requester: dossier.Requester{Kind: dossier.Citizen, Person: dossier.Person{Name: "Nguyễn Văn Mẫu", Number: "001099000001",
			Born: dossier.Date{Year: 1999, Month: 1, Day: 1}, Sex: "Nam", Address: "Thôn Mẫu, xã Thử"}}}
}

func agencyLocksAccount() Intake {
	return Intake{ID: dossier.ID{2}, Procedure: "lock-account", Papers: []dossier.Paper{{Key: "tk03", Originals: 1}},
		Requester: dossier.Requester{Kind: dossier.Agency, Person: dossier.Person{Name: "Trần Thị Thử"}, Agency: dossier.Office{
			Name: "Cơ quan điều tra Mẫu", Document: "12/CV", DocumentDate: dossier.Date{Year: 2026, Month: 11, Day: 19}, Address: "Số 1 phố Mẫu"}},
		Subject: dossier.Person{Name: "Lê Văn Giả", Number: "001099000002"}, Reason: "phục vụ xác minh"}
}

func codes(ps dossier.Problems) string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Field+":"+p.Code)
	}
	return strings.Join(out, " ")
}

func TestAnAgencysRequestIsDueInThreeWorkingDaysAndOursInOne(t *testing.T) {
	d, _ := newDesk(t)
	got, err := d.Receive(t.Context(), agencyLocksAccount())
	if err != nil {
		t.Fatal(err)
	}
	if day := dossier.DateOf(got.Due.At); day != (dossier.Date{Year: 2026, Month: 11, Day: 26}) {
		t.Errorf("due %v", day)
	}
	if day := dossier.DateOf(got.OwnDue.At); day != (dossier.Date{Year: 2026, Month: 11, Day: 23}) {
		t.Errorf("our own step due %v", day)
	}
	if got.Number != "MAU-261120-0001" || got.Intake.Ground != "ACC_AGENCY" || got.Intake.Papers[0].Title == "" {
		t.Errorf("kept %+v", got.Intake)
	}
}

func TestTheSameFormKeptTwiceIsOneDossier(t *testing.T) {
	d, m := newDesk(t)
	first, err := d.Receive(t.Context(), citizenLocksCard())
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Receive(t.Context(), citizenLocksCard())
	if err != nil || again.Number != first.Number || len(m.entries) != 1 || m.number != 1 {
		t.Fatalf("second F9: %v, %s and %s, %d kept", err, first.Number, again.Number, len(m.entries))
	}
}

func TestEachMistakeIsSaidAtItsField(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Intake)
		want  string
	}{
		"nothing chosen":           {func(in *Intake) { in.Procedure = "" }, "procedure:procedure.missing"},
		"unknown procedure":        {func(in *Intake) { in.Procedure = "marry" }, "procedure.unknown"},
		"province's procedure":     {func(in *Intake) { in.Procedure = "issue-level2-foreigner" }, "procedure.other-level"},
		"citizen locks account":    {func(in *Intake) { in.Procedure = "lock-account" }, "requester.not-allowed"},
		"no name":                  {func(in *Intake) { in.Requester.Person.Name = " \u200b " }, "person.name:person.name-missing"},
		"ten thousand letters":     {func(in *Intake) { in.Requester.Person.Name = strings.Repeat("Ễ", 10_000) }, "person.name:text.too-long"},
		"emoji":                    {func(in *Intake) { in.Requester.Person.Name = "Nguyễn 😀" }, "person.name:text.letters"},
		"eleven digits":            {func(in *Intake) { in.Requester.Person.Number = "00109900000" }, "person.number:citizen-number.length"},
		"born tomorrow":            {func(in *Intake) { in.Requester.Person.Born = dossier.Date{Year: 2026, Month: 11, Day: 21} }, "person.born:born.future"},
		"no birth date":            {func(in *Intake) { in.Requester.Person.Born = dossier.Date{} }, "person.born:person.born-missing"},
		"no address":               {func(in *Intake) { in.Requester.Person.Address = "" }, "person.address:person.address-missing"},
		"no papers":                {func(in *Intake) { in.Papers = nil }, "papers:papers.missing"},
		"paper counted as none":    {func(in *Intake) { in.Papers[0].Originals = 0 }, "papers:papers.missing"},
		"minus one paper":          {func(in *Intake) { in.Papers[0].Copies = -1 }, "papers:papers.count"},
		"thirteen papers":          {func(in *Intake) { in.Papers = make([]dossier.Paper, 13) }, "papers:papers.too-many"},
		"a hundred sets":           {func(in *Intake) { in.Sets = 100 }, "sets:sets.range"},
		"phone of letters":         {func(in *Intake) { in.Requester.Person.Phone = "gọi sau" }, "person.phone:phone.wrong"},
		"email without a place":    {func(in *Intake) { in.Requester.Person.Email = "mau@" }, "person.email:email.wrong"},
		"ground of another":        {func(in *Intake) { in.Ground = "ACC_AGENCY" }, "ground:ground.unknown"},
		"received tomorrow":        {func(in *Intake) { in.ReceivedAt = aFriday.Add(time.Hour) }, "received-at:intake.future"},
		"received last month":      {func(in *Intake) { in.ReceivedAt = aFriday.AddDate(0, -1, 0) }, "received-at:intake.too-old"},
		"by post, though a person": {func(in *Intake) { in.Channel = dossier.ByPost }, "channel.not-allowed"},
	} {
		d, m := newDesk(t)
		in := citizenLocksCard()
		c.spoil(&in)
		_, err := d.Receive(t.Context(), in)
		var ps dossier.Problems
		if !errors.As(err, &ps) || !strings.Contains(codes(ps), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if len(m.entries) != 0 || m.number != 0 {
			t.Errorf("%s: something was half-kept", name)
		}
		for _, p := range ps {
			if p.Field == "" {
				t.Errorf("%s: %s is said of no field", name, p.Code)
			}
		}
	}
}

func TestAnAgencyMustSayWhoAsksAndAboutWhom(t *testing.T) {
	d, _ := newDesk(t)
	in := agencyLocksAccount()
	in.Requester.Agency.Document = ""
	in.Requester.Agency.DocumentDate = dossier.Date{Year: 2026, Month: 12, Day: 1}
	in.Requester.Person.Name = ""
	in.Subject = dossier.Person{}
	_, err := d.Receive(t.Context(), in)
	var ps dossier.Problems
	if !errors.As(err, &ps) {
		t.Fatal(err)
	}
	want := "agency.document:agency.document-missing agency.document-date:agency.document-date-future person.name:agency.person-missing " +
		"subject.name:subject.name-missing subject.number:subject.number-missing"
	if codes(ps.Blocking()) != want {
		t.Errorf("said %s", codes(ps))
	}
}

func TestAMismatchOfNumberAndBirthDateWarnsAndHoldsNothingUp(t *testing.T) {
	d, _ := newDesk(t)
	in := citizenLocksCard()
	in.Requester.Person.Born.Year = 1985
	p, err := d.Plan(t.Context(), in)
	if err != nil || len(p.Problems) == 0 || p.Problems.Err() != nil {
		t.Fatalf("%v, %v", codes(p.Problems), err)
	}
	if _, err := d.Receive(t.Context(), in); err != nil {
		t.Error(err)
	}
}

func TestWhoIsUnderFourteenComesWithARepresentative(t *testing.T) {
	d, _ := newDesk(t)
	in := citizenLocksCard()
	in.Procedure, in.Papers = "issue-level2", []dossier.Paper{{Key: "tk01", Originals: 1}}
	in.Requester.Person.Born, in.Requester.Person.Number = dossier.Date{Year: 2016, Month: 2, Day: 1}, "001216000003"
	in.Requester.Person.Phone = "0900000000"
	p, err := d.Plan(t.Context(), in)
	if err != nil || !strings.Contains(codes(p.Problems), "representative.phone:representative.phone-missing") {
		t.Fatalf("%v, %v", codes(p.Problems), err)
	}
	in.Requester.Representative = dossier.Person{Name: "Nguyễn Văn Cha", Number: "001085000004", Phone: "0900000001"}
	in.Requester.Relation = "cha"
	if p, _ = d.Plan(t.Context(), in); p.Problems.Err() != nil {
		t.Error(codes(p.Problems))
	}
}

func TestARefusalNeedsAReasonAndPromisesNothing(t *testing.T) {
	d, m := newDesk(t)
	in := citizenLocksCard()
	in.Procedure = "lock-account" // what a citizen may not ask
	if _, err := d.Refuse(t.Context(), in, "  \n "); dossier.Code(err) != "refuse.reason-missing" {
		t.Errorf("no reason: %v", err)
	}
	got, err := d.Refuse(t.Context(), in, "Chỉ cơ quan có thẩm quyền được đề nghị khóa tài khoản.")
	if err != nil || got.Status != dossier.StatusRefused || !strings.Contains(got.Number, "-TC") || !got.Due.At.IsZero() {
		t.Fatalf("%v %+v", err, got)
	}
	if len(m.entries) != 1 {
		t.Error("not one refusal")
	}
}

func TestAWrongClockAsksOnceAndNeverBlocksService(t *testing.T) {
	d, m := newDesk(t)
	d.Built = aFriday.AddDate(0, 0, -7)
	clock := time.Date(2009, 1, 1, 8, 0, 0, 0, dossier.Hanoi)
	d.Now = func() time.Time { return clock }
	if _, err := d.Receive(t.Context(), citizenLocksCard()); dossier.Code(err) != "clock.wrong" {
		t.Fatalf("in 2009: %v", err)
	}
	if err := d.ConfirmDate(t.Context(), dossier.Date{Year: 2009, Month: 1, Day: 1}, 0); dossier.Code(err) != "clock.before-build" {
		t.Errorf("before the program was built: %v", err)
	}
	if err := d.ConfirmDate(t.Context(), dossier.DateOf(aFriday), 0); err != nil {
		t.Fatal(err)
	}
	clock = clock.Add(30 * time.Minute)
	got, err := d.Receive(t.Context(), citizenLocksCard())
	if err != nil || got.Number != "MAU-261120-0001" {
		t.Fatalf("after the officer said the day: %v, %s", err, got.Number)
	}
	clock = aFriday.Add(time.Hour) // the clock is mended
	if now, err := d.now(t.Context()); err != nil || !now.Equal(clock) {
		t.Errorf("mended, and yet %v, %v", now, err)
	}
	m.history.Latest = clock.Add(3 * time.Hour) // it was set back under us
	if _, err := d.now(t.Context()); dossier.Code(err) != "clock.wrong" {
		t.Errorf("set back three hours: %v", err)
	}
}

func TestADayIsNotForwardedByMistake(t *testing.T) {
	d, _ := newDesk(t)
	got, err := d.Receive(t.Context(), agencyLocksAccount())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Do(t.Context(), dossier.Performed, got.ID, &dossier.Perform{}); dossier.Code(err) != "perform.not-at-once" {
		t.Errorf("performing what C06 decides: %v", err)
	}
	if _, err := d.Do(t.Context(), dossier.HandedBack, got.ID, &dossier.HandBack{To: "Mẫu"}); dossier.Code(err) != "act.not-allowed" {
		t.Errorf("returning what is not done: %v", err)
	}
	forwarded, err := d.Do(t.Context(), dossier.Forwarded, got.ID, &dossier.Forward{Reference: "TC-1"})
	if err != nil || forwarded.Forward.To == "" || forwarded.Status != dossier.StatusProcessing {
		t.Fatalf("%v %+v", err, forwarded.Forward)
	}
	refused := &dossier.Decision{Document: "9/C06"}
	if _, err := d.Do(t.Context(), dossier.Decided, got.ID, refused); dossier.Code(err) != "decide.reason-missing" {
		t.Errorf("a refusal without a reason: %v", err)
	}
}

func TestWaitingForPapersIsNotCounted(t *testing.T) {
	d, _ := newDesk(t)
	now := aFriday
	d.Now = func() time.Time { return now }
	got, err := d.Receive(t.Context(), agencyLocksAccount()) // Friday; 3 working days: 23, 25, 26
	if err != nil {
		t.Fatal(err)
	}
	now = time.Date(2026, 11, 23, 10, 0, 0, 0, dossier.Hanoi) // on the first of them
	if _, err := d.Do(t.Context(), dossier.AskedPapers, got.ID, &dossier.AskPapers{Why: "thiếu dấu"}); err != nil {
		t.Fatal(err)
	}
	now = time.Date(2026, 12, 1, 10, 0, 0, 0, dossier.Hanoi) // Tuesday
	back, err := d.Do(t.Context(), dossier.AddedPapers, got.ID, &dossier.AddPapers{Papers: []dossier.Paper{{Key: "tk03", Title: "TK03", Originals: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	if day := dossier.DateOf(back.Due.At); day != (dossier.Date{Year: 2026, Month: 12, Day: 4}) {
		t.Errorf("three days were left on Tuesday 1/12, due %v", day)
	}
	if dossier.DateOf(back.Intake.Due.At) != dossier.DateOf(got.Due.At) {
		t.Error("the printed appointment moved")
	}
}

func TestAScriptsMisspeltFieldIsNotLost(t *testing.T) {
	d, _ := newDesk(t)
	got, err := d.Receive(t.Context(), citizenLocksCard())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.DoJSON(t.Context(), dossier.Withdrawn, got.ID, []byte(`{"reason":"x"}`)); dossier.Code(err) != "input.not-json" {
		t.Errorf("%v", err)
	}
	if _, err := d.DoJSON(t.Context(), "received", got.ID, nil); dossier.Code(err) != "act.unknown" {
		t.Errorf("%v", err)
	}
}

func TestADraftComesBackAsItWasLeft(t *testing.T) {
	d, m := newDesk(t)
	in := citizenLocksCard()
	in.Note = "đang gõ dở"
	if err := d.SaveDraft(t.Context(), Form{Intake: in}); err != nil {
		t.Fatal(err)
	}
	back, found, err := d.Draft(t.Context())
	if err != nil || !found || back.Note != in.Note || back.ID != in.ID {
		t.Fatalf("%+v, %v, %v", back, found, err)
	}
	m.draft = []byte("{ broken")
	if back, found, err = d.Draft(t.Context()); err != nil || found || back.ID.IsZero() {
		t.Errorf("a broken draft: %+v, %v, %v", back, found, err)
	}
}

func TestAStationNobodySetUpSaysSo(t *testing.T) {
	d, m := newDesk(t)
	m.settings = nil
	if _, err := d.Plan(t.Context(), citizenLocksCard()); dossier.Code(err) != "settings.missing" {
		t.Error(err)
	}
}
