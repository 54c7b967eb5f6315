package store

import (
	"encoding/json"
	"testing"
	"time"

	"tiepnhan/dossier"
)

// The word of the officer that the clock is right ends what a clock in 2099 said; another word does not.
func TestTheClockForgetsWhatItSaidOnlyWhenTheOfficerSaysItIsRight(t *testing.T) {
	ctx := t.Context()
	s, err := Create(ctx, t.TempDir(), Options{NoReserve: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := byte(0)
	record := func(kind dossier.Kind, at time.Time, body any) {
		t.Helper()
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		n++
		if err := s.Record(ctx, dossier.Event{ID: dossier.EventID{n}, Kind: kind, At: at, Body: text}); err != nil {
			t.Fatal(err)
		}
	}
	far := time.Date(2099, 1, 1, 8, 0, 0, 0, dossier.Hanoi)
	today := time.Date(2026, 11, 20, 8, 0, 0, 0, dossier.Hanoi)
	record(dossier.TraceSignedIn, far, struct{}{})
	record(dossier.DateConfirmed, today, dossier.DateSaid{Date: dossier.DateOf(today).AddDays(1)})
	if h, err := s.Clock(ctx); err != nil || !h.Latest.Equal(far) || h.Said.Date != dossier.DateOf(today).AddDays(1) || !h.Said.At.Equal(today) {
		t.Fatalf("another day than the clock shows: %+v, %v", h, err)
	}
	record(dossier.DateConfirmed, today, dossier.DateSaid{Date: dossier.DateOf(today)})
	record(dossier.TraceSignedIn, today.Add(-time.Hour), struct{}{})
	if h, err := s.Clock(ctx); err != nil || !h.Latest.Equal(today) || !h.Last.Equal(today.Add(-time.Hour)) {
		t.Fatalf("the clock is right: %+v, %v", h, err)
	}
	record(dossier.DateConfirmed, today, dossier.DateSaid{Date: dossier.DateOf(today), Time: 15 * 60})
	record(dossier.TraceSignedIn, today.Add(-time.Hour), struct{}{})
	if h, err := s.Clock(ctx); err != nil || !h.Latest.Equal(today) || h.Said.Time != 15*60 {
		t.Fatalf("another hour than the clock shows: %+v, %v", h, err)
	}
	before, _ := s.Clock(ctx)
	if err := s.Rebuild(ctx); err != nil {
		t.Fatal(err)
	}
	if after, _ := s.Clock(ctx); after != before {
		t.Errorf("rebuilt: %+v, was %+v", after, before)
	}
	if check, err := s.Verify(ctx); err != nil || len(check.Faults) > 0 {
		t.Errorf("%+v, %v", check, err)
	}
}
