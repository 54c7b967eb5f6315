package dossier

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// pc writes a journal as a PC does: numbers one after the other by day of reception, one entry after the other.
type pc struct {
	t       testing.TB
	clock   time.Time
	journal []Entry
	numbers map[string]int
	open    []ID
	next    byte
	high    byte
}

func newPC(t testing.TB) *pc {
	return &pc{t: t, clock: Date{2026, 11, 20}.At(7, 30), numbers: map[string]int{}}
}

func (p *pc) id() (out [16]byte) {
	if p.next++; p.next == 0 {
		p.high++
	}
	out[0], out[1], out[2] = 1, p.high, p.next
	return out
}

func (p *pc) write(id ID, k Kind, body any) Event {
	p.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	p.clock = p.clock.Add(time.Minute)
	e, err := Seal(Event{ID: p.id(), Dossier: id, Kind: k, By: "tiep", At: p.clock, Body: b}, [16]byte{1})
	if err != nil {
		p.t.Fatal(err)
	}
	p.journal = append(p.journal, e)
	return e.Event
}

func (p *pc) receive(day Date, k Kind) ID {
	key := day.ISO() + string(k)
	p.numbers[key]++
	in := Receive{Procedure: "issue-level2", Title: "Cấp tài khoản", ReceivedAt: day.At(9, 0),
		Requester: Requester{Kind: Citizen, Person: Person{Name: fmt.Sprintf("Nguyễn Văn Mẫu %d", len(p.journal))}}}
	id := ID(p.id())
	if k == Refused {
		in.Number = FormatRefusal("MAU", day, p.numbers[key])
		p.write(id, k, Refuse{in, "Không thuộc thẩm quyền"})
	} else {
		in.Number = FormatNumber("MAU", day, p.numbers[key])
		p.write(id, k, in)
	}
	p.open = append(p.open, id)
	return id
}

// closings walks the journal in parts that end at those seqs.
func (p *pc) closings(ends ...int) []Day {
	p.t.Helper()
	var out []Day
	var before []DayClose
	from, said := 0, SaidDate{}
	for _, end := range append(ends, len(p.journal)) {
		w := NewDayWalk(said)
		for i := from; i < end; i++ {
			w.Add(uint64(i+1), p.journal[i])
		}
		for _, id := range w.Unmet() {
			var of []Entry
			for _, e := range p.journal {
				if e.Dossier == id {
					of = append(of, e)
				}
			}
			w.Meet(Replay(of))
		}
		day := w.End(before)
		day.From, day.Until = uint64(from), Head{Seq: uint64(end)}
		before, said = append(before, day.Close("A", "B", "")), day.Said
		out = append(out, day)
		from = end
	}
	return out
}

// busy writes n things at random: late ones, acts on old dossiers, annulments, traces, a clock that goes back.
func (p *pc) busy(r *rand.Rand, n int) {
	for range n {
		today := DateOf(p.clock)
		switch k := r.IntN(14); {
		case k < 4 || len(p.open) == 0:
			p.receive(today, Received)
		case k == 4:
			p.receive(today.AddDays(-1-r.IntN(3)), Received)
		case k == 5:
			p.receive(today, Refused)
		case k == 6:
			p.write(p.open[r.IntN(len(p.open))], Annulled, Reason{Why: "Nhầm"})
		case k == 7:
			p.clock = p.clock.Add(-time.Duration(r.IntN(600)) * time.Minute)
		case k == 8:
			p.clock = p.clock.Add(20 * time.Hour)
		case k == 9:
			p.write(p.open[r.IntN(len(p.open))], TracePrinted, Print{Form: "receipt", To: "HP"})
		case k == 10:
			p.write(ID{}, DateConfirmed, DateSaid{Date: today.AddDays(r.IntN(3))})
		case k == 11:
			p.write(ID{}, DayClosed, DayClose{})
		default:
			p.write(p.open[r.IntN(len(p.open))], Verbs[2+r.IntN(len(Verbs)-3)], struct{}{})
		}
	}
}

func TestAnySplitIntoClosingsHasEveryActOnce(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 4))
		p := newPC(t)
		p.busy(r, 20+r.IntN(120))
		whole := p.closings()[0]
		var ends []int
		for range r.IntN(6) {
			ends = append(ends, r.IntN(len(p.journal)+1))
		}
		slices.Sort(ends)
		var rows []DayRow
		kinds, lost := map[Kind]int{}, 0
		for _, day := range p.closings(ends...) {
			rows = append(rows, day.Rows...)
			for k, n := range day.Report.Kinds {
				kinds[k] += n
			}
			for _, s := range day.Report.Series {
				lost += s.Lost + s.Twice
			}
			if sections := 0; true {
				for _, s := range DaySections {
					sections += day.Report.Of(s)
				}
				procedures := 0
				for _, one := range day.Report.Procedures {
					procedures += sum(one.Kinds)
				}
				if sections != len(day.Rows) || procedures != len(day.Rows) || day.Report.Acts() != len(day.Rows) {
					t.Fatalf("seed %d: %d rows, %d in sections, %d by procedure", seed, len(day.Rows), sections, procedures)
				}
			}
		}
		acts := 0
		for _, e := range p.journal {
			if e.Kind.IsAct() {
				acts++
			}
		}
		if len(rows) != acts {
			t.Fatalf("seed %d: %d acts, %d rows", seed, acts, len(rows))
		}
		for i := range rows { // whether one was annulled is said of the report in which that was done
			rows[i].Annulled, whole.Rows[i].Annulled = false, false
		}
		if !reflect.DeepEqual(rows, whole.Rows) {
			t.Fatalf("seed %d: the parts say other things than the whole", seed)
		}
		if !reflect.DeepEqual(kinds, whole.Report.Kinds) && len(kinds) > 0 {
			t.Fatalf("seed %d: %v, want %v", seed, kinds, whole.Report.Kinds)
		}
		if lost != 0 {
			t.Fatalf("seed %d: numbers without gaps are called broken", seed)
		}
	}
}

func TestMissingNumberIsSaidInOneReport(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 5))
		p := newPC(t)
		p.busy(r, 60)
		gone := -1
		for i, e := range p.journal {
			var in Receive
			if e.Kind != Received || json.Unmarshal(e.Body, &in) != nil {
				continue
			}
			_, day, tail, err := ParseNumber(in.Number)
			if err != nil {
				t.Fatal(err)
			}
			if tail != fmt.Sprintf("%04d", p.numbers[day.ISO()+string(Received)]) && r.IntN(3) == 0 { // not the last: that nobody can miss
				gone = i
			}
		}
		if gone < 0 {
			continue
		}
		p.journal = slices.Delete(p.journal, gone, gone+1)
		end := r.IntN(len(p.journal))
		lost := 0
		for _, day := range p.closings(end) {
			for _, s := range day.Report.Series {
				lost += s.Lost
				if s.Lost > 0 && (day.Report.Whole() || !strings.Contains(s.String(), "thiếu")) {
					t.Errorf("seed %d: %s", seed, s)
				}
			}
		}
		if lost != 1 {
			t.Errorf("seed %d: %d numbers missing, want 1", seed, lost)
		}
	}
}

func TestRunsOfOtherPCsAndLivesAreSeriesOfTheirOwn(t *testing.T) {
	day := Date{2026, 11, 20}
	row := func(n int, k Kind) DayRow {
		s := DaySeries{Prefix: "MAU", Day: day, Refusals: k == Refused}
		return DayRow{Kind: k, Number: s.Number(n)}
	}
	got, more := seriesOf([]DayRow{row(998, Received), row(999, Received), row(1001, Received), row(3001, Received), row(301, Refused), row(302, Refused)},
		[]DayClose{{Report: DayReport{Series: []DaySeries{{Prefix: "MAU", Day: day, First: 1, Last: 997, Count: 997}}}}})
	var said []string
	for _, s := range got {
		said = append(said, s.String())
	}
	want := []string{"MAU-261120-0998 đến 0999 (2 số, liên tục)", "MAU-261120-1001 (1 số)", "MAU-261120-3001 (1 số)", "MAU-261120-TC301 đến TC302 (2 số, liên tục)"}
	if !slices.Equal(said, want) || more != 0 {
		t.Errorf("%q", said)
	}
	if got, _ = seriesOf([]DayRow{row(4, Received), row(4, Received), row(9, Received)}, nil); got[0].String() != "MAU-261120-0004 đến 0009 (3 số, thiếu 0001–0003, 0005–0008, cấp trùng 1)" {
		t.Error(got[0].String())
	}
	if got, _ = seriesOf([]DayRow{row(2, Received), row(3, Received), row(3, Received)}, []DayClose{{Report: DayReport{Series: []DaySeries{{Prefix: "MAU", Day: day, First: 1, Last: 1}}}}}); got[0].String() != "MAU-261120-0002 đến 0003 (3 số, cấp trùng 1)" {
		t.Error(got[0].String())
	}
}

func TestHashIsOfTheActsAlone(t *testing.T) {
	p := newPC(t)
	id := p.receive(DateOf(p.clock), Received)
	hash := func() Hash { return p.closings()[0].Hash }
	first := hash()
	p.write(id, TracePrinted, Print{Form: "receipt"})
	p.write(id, TraceOpened, struct{}{})
	p.write(ID{}, DateConfirmed, DateSaid{Date: DateOf(p.clock)})
	if hash() != first {
		t.Error("traces change what the officer saw")
	}
	p.write(id, Corrected, Correct{Why: "Sai tên"})
	second := hash()
	if second == first {
		t.Error("an act changes nothing")
	}
	for i := range p.journal {
		was := p.journal[i]
		p.journal[i].Purged, p.journal[i].Body, p.journal[i].Salt = true, nil, [16]byte{}
		if hash() != second {
			t.Errorf("a purge of %s breaks the closing", was.Kind)
		}
		p.journal[i] = was
		p.journal[i].Content[0]++
		if changed := hash() != second; changed != was.Kind.IsAct() {
			t.Errorf("an edit of %s: changed %v", was.Kind, changed)
		}
		p.journal[i] = was
	}
	p.journal = append([]Entry{p.journal[4]}, p.journal...)
	if hash() == second {
		t.Error("another place in the chain changes nothing")
	}
}

func TestPurgedReceptionStaysARow(t *testing.T) {
	p := newPC(t)
	p.receive(DateOf(p.clock), Received)
	p.journal[0].Purged, p.journal[0].Body, p.journal[0].Salt = true, nil, [16]byte{}
	day := p.closings()[0]
	if len(day.Rows) != 1 || !day.Rows[0].Purged || day.Rows[0].Name != "" || day.Report.Of(DayReceived) != 1 {
		t.Errorf("%+v", day)
	}
}

func TestWordOnAWrongClockHoldsForWhatFollows(t *testing.T) {
	p := newPC(t)
	p.clock = Date{2009, 1, 1}.At(0, 5)
	today := Date{2026, 11, 20}
	p.write(ID{}, DateConfirmed, DateSaid{Date: today, Time: 8 * 60})
	id := p.receive(today, Received)
	p.write(id, HandedBack, HandBack{To: "Nguyễn Văn Mẫu"})
	p.write(id, Notified, Notify{To: "Nguyễn Văn Mẫu"})
	for _, day := range p.closings(3) {
		for _, row := range day.Rows {
			if DateOf(row.At) != today || DateOf(row.Written) != today {
				t.Errorf("%s: at %v, written %v", row.Kind, row.At, row.Written)
			}
		}
	}
	p.clock = Date{2009, 1, 2}.At(0, 5) // the next morning the word holds no more
	p.write(id, Notified, Notify{To: "Nguyễn Văn Mẫu"})
	if rows := p.closings(3)[1].Rows; rows[len(rows)-1].At.Year() != 2009 {
		t.Errorf("%v", rows[len(rows)-1].At)
	}
}

func TestLostPrintings(t *testing.T) {
	p := newPC(t)
	id := p.receive(DateOf(p.clock), Received)
	end := func(phase JobPhase, es ...Event) {
		end := PrintEnd{State: JobState{Phase: phase}}
		for _, e := range es {
			end.Prints = append(end.Prints, e.ID)
		}
		p.write(ID{}, TracePrintEnd, end)
	}
	a := p.write(id, TracePrinted, Print{Form: "receipt"})
	b := p.write(id, TracePrinted, Print{Form: "control-slip"})
	c := p.write(id, TracePrinted, Print{Form: "apology", Nth: 1})
	end(JobFailed, a)
	end(JobUnknown, b)
	end(JobDone, c)
	if r := p.closings()[0].Report; r.Printed != 3 || r.Reprinted != 1 || r.Lost != 2 {
		t.Errorf("%+v", r)
	}
	end(JobDone, p.write(id, TracePrinted, Print{Form: "receipt", Nth: 1}))
	if r := p.closings()[0].Report; r.Lost != 1 {
		t.Errorf("printed again and still lost: %+v", r)
	}
	if days := p.closings(3); days[0].Report.Lost != 0 || days[1].Report.Lost != 2 {
		t.Errorf("%d before, %d after", days[0].Report.Lost, days[1].Report.Lost)
	}
}

func TestEveryVerbHasItsSection(t *testing.T) {
	other := []Kind{HandedOver, Rescheduled, Notified, Resolved}
	for _, k := range Verbs {
		if (DaySectionOf(k) == DayOther) != slices.Contains(other, k) {
			t.Errorf("%s stands under %s", k, DaySectionOf(k).Title())
		}
	}
	titles := map[string]bool{}
	for _, s := range DaySections {
		titles[s.Title()] = true
	}
	if len(titles) != len(DaySections) {
		t.Errorf("%v", titles)
	}
}

func TestClosingFitsAnEventWhateverTheDay(t *testing.T) {
	p := newPC(t)
	for i := range 1350 { // 45 days written down in one go, every second number lost, all annulled, every procedure another
		day := Date{2026, 1, 1}.AddDays(i / 30)
		p.numbers[day.ISO()+string(Received)]++
		id := p.receive(day, Received)
		var in Receive
		last := &p.journal[len(p.journal)-1]
		if err := json.Unmarshal(last.Body, &in); err != nil {
			t.Fatal(err)
		}
		in.Procedure, in.Title = strings.Repeat("ặ", 100)+fmt.Sprint(i), strings.Repeat("Ặ", 2*MaxLine)
		body, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		last.Body = body
		p.write(id, Annulled, Reason{Why: "Nhầm"})
	}
	day := p.closings()[0]
	long := strings.Repeat("Ặ", MaxName)
	body, err := json.Marshal(day.Close(long, long, strings.Repeat("Ặ\n", MaxText/2)))
	if err != nil || len(body) > MaxBody {
		t.Fatalf("%d bytes, %v", len(body), err)
	}
	if r := day.Report; len(r.Series) != MaxDaySeries || r.MoreSeries != 45-MaxDaySeries || r.Acts() != 2700 || len(r.Procedures) != MaxDayProcedures ||
		r.Series[0].Lost != 30 || len(r.Series[0].Missing) != MaxDayGaps || !strings.Contains(r.Series[0].String(), "và 18 số khác; đã hủy 0002") {
		t.Errorf("%d series, %d more, %d acts, %d procedures", len(r.Series), r.MoreSeries, r.Acts(), len(r.Procedures))
	}
	var back DayClose
	if err := json.Unmarshal(body, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || string(again) != string(body) {
		t.Error("a closing does not read back as it was written")
	}
}

func TestSeriesGoesOnWhereNoClosingHadRoomForIt(t *testing.T) {
	run := DayRow{Kind: Received, Number: "MAU-261120-0007"}
	if got, _ := seriesOf([]DayRow{run}, []DayClose{{Report: DayReport{MoreSeries: 3}}}); !got[0].Whole() {
		t.Errorf("a gap is claimed that nobody can know of: %s", got[0])
	}
	if got, _ := seriesOf([]DayRow{run}, []DayClose{{}}); got[0].Lost != 6 {
		t.Errorf("%s", got[0])
	}
}

func BenchmarkDayOf2000Acts(b *testing.B) {
	p := newPC(b)
	p.busy(rand.New(rand.NewPCG(1, 1)), 3000)
	for b.Loop() {
		w := NewDayWalk(SaidDate{})
		for i, e := range p.journal {
			w.Add(uint64(i+1), e)
		}
		w.End(nil)
	}
}
