package desk

import (
	"testing"
	"time"

	"tiepnhan/dossier"
)

func TestAnEmptyBatteryAsksEachMorning(t *testing.T) {
	d, m := newDesk(t)
	d.Built = aFriday.AddDate(0, 0, -7)
	clock := time.Date(2009, 1, 1, 0, 5, 0, 0, dossier.Hanoi)
	d.Now = func() time.Time { return clock }
	if err := d.ConfirmDate(t.Context(), dossier.DateOf(aFriday), 0); err != nil {
		t.Fatal(err)
	}
	m.history.Last = clock.Add(8 * time.Hour) // worked until the evening
	clock = clock.Add(9 * time.Hour)
	if now, err := d.now(t.Context()); err != nil || dossier.DateOf(now) != dossier.DateOf(aFriday) {
		t.Fatalf("the same day: %v, %v", now, err)
	}
	clock = time.Date(2009, 1, 1, 0, 6, 0, 0, dossier.Hanoi) // switched on again on Monday
	if now, err := d.now(t.Context()); dossier.Code(err) != "clock.wrong" {
		t.Fatalf("Friday's date is used on Monday: %v, %v", now, err)
	}
}

func TestAClockOf2099AsksAndTheOfficersWordCounts(t *testing.T) {
	d, _ := newDesk(t)
	clock := time.Date(2099, 1, 1, 8, 0, 0, 0, dossier.Hanoi)
	d.Now = func() time.Time { return clock }
	if _, err := d.Receive(t.Context(), citizenLocksCard()); dossier.Code(err) != "clock.wrong" {
		t.Fatalf("in 2099: %v", err)
	}
	if err := d.ConfirmDate(t.Context(), dossier.DateOf(aFriday), 0); err != nil {
		t.Fatal(err)
	}
	got, err := d.Receive(t.Context(), citizenLocksCard())
	if err != nil || got.Number != "MAU-261120-0001" {
		t.Fatalf("after the officer said the day: %v, %s", err, got.Number)
	}
	if got, err = d.Do(t.Context(), dossier.Withdrawn, got.ID, &dossier.Reason{Why: "rút"}); err != nil || dossier.DateOf(got.EndedAt) != dossier.DateOf(aFriday) {
		t.Errorf("withdrawn on %v, %v", got.EndedAt, err)
	}
}

func TestAClockAMonthAheadIsMendedByTheOfficersWord(t *testing.T) {
	d, _ := newDesk(t)
	clock := aFriday.AddDate(0, 1, 0)
	d.Now = func() time.Time { return clock }
	if err := d.ConfirmDate(t.Context(), dossier.DateOf(aFriday), 0); err != nil {
		t.Fatal(err)
	}
	if now, err := d.now(t.Context()); err != nil || dossier.DateOf(now) != dossier.DateOf(aFriday) {
		t.Errorf("%v, %v", now, err)
	}
}

func TestTheOtherPCsClockSomeMinutesAheadHoldsUpNothing(t *testing.T) {
	d, _ := newDesk(t)
	got, err := d.Receive(t.Context(), agencyLocksAccount())
	if err != nil {
		t.Fatal(err)
	}
	d.Now = func() time.Time { return aFriday.Add(-3 * time.Minute) }
	if got, err = d.Do(t.Context(), dossier.Forwarded, got.ID, &dossier.Forward{}); err != nil || got.Forward.At.Before(got.Intake.ReceivedAt) {
		t.Fatalf("%v %+v", err, got.Forward)
	}
}

// A battery that is empty begins the day at midnight: the receipt said 00:05 while the clock on the wall said 8:40.
func TestTheOfficersHourIsOnTheReceiptAndGoesOnRunning(t *testing.T) {
	d, _ := newDesk(t)
	d.Built = aFriday.AddDate(0, 0, -7)
	clock := time.Date(2009, 1, 1, 0, 5, 0, 0, dossier.Hanoi)
	d.Now = func() time.Time { return clock }
	if err := d.ConfirmDate(t.Context(), dossier.DateOf(aFriday), 8*60+40); err != nil {
		t.Fatal(err)
	}
	clock = clock.Add(90 * time.Minute)
	got, err := d.Receive(t.Context(), citizenLocksCard())
	if err != nil || got.Intake.ReceivedAt.In(dossier.Hanoi).Format("15:04 02/01/2006") != "10:10 20/11/2026" {
		t.Errorf("received at %v, %v", got.Intake.ReceivedAt, err)
	}
}

// Right day, wrong hour: the officer's word goes before the clock.
func TestAClockThatIsSomeHoursOffFollowsTheOfficersWatch(t *testing.T) {
	d, m := newDesk(t)
	clock := aFriday.Add(-5 * time.Hour)
	d.Now = func() time.Time { return clock }
	m.history.Latest = aFriday.Add(-time.Hour)
	if err := d.ConfirmDate(t.Context(), dossier.DateOf(aFriday), 9*60+5); err != nil {
		t.Fatal(err)
	}
	if now, err := d.now(t.Context()); err != nil || !now.Equal(aFriday) {
		t.Errorf("%v, %v", now, err)
	}
}
