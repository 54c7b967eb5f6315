package dossier

import (
	"slices"
	"testing"
)

// The whole table, written out by hand: a line a status, a column a verb, "." not allowed, "=" keeps the status.
func TestEveryStatusTimesEveryVerb(t *testing.T) {
	columns := []Kind{Received, Refused, AskedPapers, AddedPapers, HandedOver, Forwarded, Performed, Decided, Rescheduled,
		Notified, HandedBack, Withdrawn, Stopped, Corrected, Annulled, Resolved}
	table := map[Status][]any{
		//                 recv ref ask add hand fwd perf dec resch notif ret with stop corr annul resolve
		StatusNone:       {2, 3, ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "."},
		StatusRegistered: {2, 3, ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "."},
		StatusReceived:   {".", ".", 5, ".", 4, 4, 9, 9, "=", "=", ".", 7, 8, "=", 90, "."},
		StatusRefused:    {".", ".", ".", ".", ".", ".", ".", ".", ".", "=", ".", ".", ".", "=", 90, "."},
		StatusProcessing: {".", ".", 5, ".", "=", "=", 9, 9, "=", "=", ".", 7, 8, "=", 90, "."},
		StatusAsked:      {".", ".", ".", 4, "=", ".", ".", ".", ".", "=", ".", 7, 8, "=", 90, "."},
		StatusPayment:    {".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "."},
		StatusWithdrawn:  {".", ".", ".", ".", "=", ".", ".", ".", ".", "=", ".", ".", ".", ".", 90, "."},
		StatusStopped:    {".", ".", ".", ".", "=", ".", ".", ".", ".", "=", ".", ".", ".", ".", 90, "."},
		StatusDone:       {".", ".", ".", ".", "=", "=", ".", ".", ".", "=", 10, ".", ".", "=", 90, "."},
		StatusReturned:   {".", ".", ".", ".", ".", ".", ".", ".", ".", "=", ".", ".", ".", "=", 90, "."},
		StatusAnnulled:   {".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "."},
	}
	if !slices.Equal(columns, Verbs) {
		t.Fatalf("the table has not every verb: %v", Verbs)
	}
	for _, from := range Statuses {
		row, ok := table[from]
		if !ok || len(row) != len(columns) {
			t.Fatalf("no whole row for status %d", from)
		}
		for i, verb := range columns {
			to, allowed := After(from, verb)
			var want Status
			switch cell := row[i].(type) {
			case int:
				want = Status(cell)
			case string:
				if cell == "=" {
					want = from
				} else if allowed {
					t.Errorf("%s in status %d (%s) is allowed and leads to %d", verb, from, from, to)
					continue
				} else {
					continue
				}
			}
			if !allowed || to != want {
				t.Errorf("%s in status %d (%s): got %d, %v, want %d", verb, from, from, to, allowed, want)
			}
			if err := (Dossier{Status: from}).Allowed(verb); err != nil {
				t.Errorf("%s in status %d is in the table but Allowed refuses: %v", verb, from, err)
			}
		}
	}
}

func TestClashingStandsOnBothSides(t *testing.T) {
	for a, others := range clashing {
		for _, b := range others {
			if !slices.Contains(clashing[b], a) {
				t.Errorf("%s clashes with %s but not the other way", a, b)
			}
		}
	}
	// Two acts that lead to different places, whichever comes first, must be in the table.
	for _, a := range Verbs {
		for _, b := range Verbs {
			for _, from := range Statuses {
				va, oka := After(from, a)
				vb, okb := After(from, b)
				if !oka || !okb || a == Received || a == Refused || b == Received || b == Refused {
					continue
				}
				ab, okab := After(va, b)
				ba, okba := After(vb, a)
				harmless := okab && okba && ab == ba
				if !harmless && kindsCommute(a, b) && !toleratesLate(a) && !toleratesLate(b) {
					t.Errorf("from %d: %s then %s gives %d (%v), the other way %d (%v), and they are said to commute",
						from, a, b, ab, okab, ba, okba)
				}
			}
		}
	}
}

// Acts that only say what happened and move nothing lose nothing when they stand after the dossier has ended.
func toleratesLate(k Kind) bool {
	return k == Notified || k == HandedOver || k == Corrected || k == Rescheduled
}

func TestEveryKindHasAVietnameseTitle(t *testing.T) {
	for _, k := range append(slices.Clone(Verbs), TraceOpened, TraceLookedUp, TracePrinted, TraceSignedIn, TraceExported, TraceRevealed, TraceBackedUp, TraceClockMoved, TraceAnnounced, StationSet,
		DateConfirmed, Enrolled, SentBack) {
		if k.Title() == string(k) {
			t.Errorf("%s has no title", k)
		}
	}
}
