package dossier

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func calendar2026(t testing.TB) *Calendar {
	c := &Calendar{years: map[int]yearFile{}, off: map[Date]string{}, worked: map[Date]string{}}
	err := c.add(yearFile{Year: 2026, State: "official", Source: "thử", Off: []dayOff{{From: Date{2026, 11, 24}, Name: "Ngày Văn hóa Việt Nam", Evidence: Confirmed}}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// done is a dossier that came on a day, was due and ended then; zero is not yet.
func done(status Status, procedure string, received, due, ended time.Time) Dossier {
	return Dossier{Status: status, Intake: Receive{Procedure: procedure, Title: procedure, ReceivedAt: received, Due: Due{At: due}}, Due: Due{At: due}, EndedAt: ended}
}

func count(t testing.TB, now time.Time, from, to Date, all ...Dossier) Figures {
	f, err := Count(from, to, now, calendar2026(t), func(add func(Dossier) error) error {
		for _, d := range all {
			if err := add(d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFiguresOfAWeek(t *testing.T) {
	day := func(d, h int) time.Time { return Date{2026, 11, d}.At(h, 0) }
	f := count(t, day(26, 9), Date{2026, 11, 20}, Date{2026, 11, 26},
		done(StatusReturned, "lock-eid", day(20, 8), day(20, 17), day(20, 9)),        // at once
		done(StatusDone, "lock-account", day(20, 8), day(26, 17), day(25, 9)),        // 23, 25 are working days, 24 is not
		done(StatusDone, "lock-account", day(20, 8), day(23, 17), day(25, 9)),        // late
		done(StatusProcessing, "lock-account", day(23, 8), day(25, 17), time.Time{}), // open and late
		done(StatusReceived, "lock-account", day(26, 8), day(30, 17), time.Time{}),   // open
		done(StatusWithdrawn, "issue-level2", day(25, 8), day(30, 17), day(25, 16)),  //
		Dossier{Status: StatusRefused, Intake: Receive{Procedure: "lock-account", ReceivedAt: day(25, 8)}},
		done(StatusAnnulled, "lock-account", day(25, 8), day(30, 17), time.Time{}),
	)
	if want := (Tally{Received: 6, Refused: 1, OnTime: 2, Late: 1, Dropped: 1, Open: 2, OpenLate: 1}); f.Total != want {
		t.Errorf("total %+v, want %+v", f.Total, want)
	}
	if len(f.Days) != 7 || f.Days[0].Received != 3 || f.Days[1].Received != 0 || f.Days[5].Refused != 1 {
		t.Errorf("days %+v", f.Days)
	}
	if f.Waits[0] != 1 || f.Waits[2] != 2 || f.Median != 2 || f.Slowest != 2 {
		t.Errorf("waits %v, median %d, slowest %d", f.Waits, f.Median, f.Slowest)
	}
	if f.Procedures[0].Key != "lock-account" || f.Procedures[0].Received != 4 || f.Procedures[0].Refused != 1 {
		t.Errorf("procedures %+v", f.Procedures)
	}
}

func TestNoDossierMakesEmptyFigures(t *testing.T) {
	f := count(t, Date{2026, 11, 26}.At(9, 0), Date{2026, 11, 20}, Date{2026, 11, 20})
	if f.Median != -1 || f.Slowest != -1 || len(f.Days) != 1 || f.Total != (Tally{}) {
		t.Errorf("%+v", f)
	}
}

func TestAClockYearsAheadCountsAYearAtMost(t *testing.T) {
	f := count(t, Date{2026, 11, 26}.At(9, 0), Date{2026, 11, 20}, Date{2026, 11, 20},
		done(StatusDone, "x", Date{2026, 11, 20}.At(8, 0), Date{2026, 11, 26}.At(8, 0), Date{2099, 1, 1}.At(8, 0)))
	if f.Slowest < 200 || f.Slowest > mostDays || f.Waits[MaxWait] != 1 {
		t.Errorf("slowest %d", f.Slowest)
	}
}

func TestCountingStopsWhereReadingFails(t *testing.T) {
	gone := errors.New("gone")
	if _, err := Count(Date{2026, 11, 20}, Date{2026, 11, 20}, time.Time{}, calendar2026(t), func(func(Dossier) error) error { return gone }); !errors.Is(err, gone) {
		t.Error(err)
	}
}

// Whatever comes, every dossier counts once in the whole, in its day and in its procedure.
func TestFiguresAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := Date{2026, 11, 1}, Date{2026, 11, 30}
		now := Date{2026, 11, rapid.IntRange(1, 30).Draw(t, "now")}.At(12, 0)
		var all []Dossier
		for range rapid.IntRange(0, 30).Draw(t, "dossiers") {
			received := Date{2026, 11, rapid.IntRange(1, 30).Draw(t, "day")}.At(rapid.IntRange(7, 17).Draw(t, "hour"), 0)
			all = append(all, done(rapid.SampledFrom(Statuses).Draw(t, "status"), rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "procedure"),
				received, received.AddDate(0, 0, rapid.IntRange(0, 9).Draw(t, "due")), received.AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "ended"))))
		}
		cal := &Calendar{}
		f, err := Count(from, to, now, cal, func(add func(Dossier) error) error {
			for _, d := range all {
				if err := add(d); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var days, procedures Tally
		for _, d := range f.Days {
			days.add(d.Tally)
		}
		for _, p := range f.Procedures {
			procedures.add(p.Tally)
		}
		waits := 0
		for _, n := range f.Waits {
			waits += n
		}
		out := slices.DeleteFunc(slices.Clone(all), func(d Dossier) bool {
			return d.Status == StatusAnnulled || d.Status == StatusNone || d.Status == StatusRegistered
		})
		switch total := f.Total; {
		case days != total, procedures != total:
			t.Fatalf("days %+v, procedures %+v, total %+v", days, procedures, total)
		case total.Received+total.Refused != len(out), total.OnTime+total.Late+total.Dropped+total.Open != total.Received, total.OpenLate > total.Open:
			t.Fatalf("%d dossiers, total %+v", len(out), total)
		case waits != total.Ended():
			t.Fatalf("%d waits of %d ended", waits, total.Ended())
		}
	})
}
