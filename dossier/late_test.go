package dossier

import (
	"testing"
	"time"
)

func at(second int64) time.Time { return time.Unix(second, 0) }

func TestWaitingForThePapersOfACitizenIsNobodysDelay(t *testing.T) {
	l := newLife(t).received(). // due at 1000
					did("ask", AskedPapers, AskPapers{Why: "thiếu", At: at(500)}, "receive")
	if d := l.replay(); d.Late(at(5000)) {
		t.Error("late while the citizen has the word")
	}
	l.did("add", AddedPapers, AddPapers{Due: Due{At: at(6000)}, At: at(5000)}, "ask")
	if d := l.replay(); d.Late(at(5500)) || !d.Late(at(6001)) {
		t.Errorf("after the papers came the new appointment counts: %v, %v", d.Late(at(5500)), d.Late(at(6001)))
	}
	late := newLife(t).received().did("ask", AskedPapers, AskPapers{Why: "thiếu", At: at(2000)}, "receive").replay()
	if !late.Late(at(2000)) {
		t.Error("it was late already when they were asked for")
	}
}

func TestAnApologyMendsNoDelayAndItsPromiseIsKept(t *testing.T) {
	l := newLife(t).received().
		did("sorry", Rescheduled, Reschedule{Due: Due{At: at(9000)}, Why: "x"}, "receive").
		did("ask", AskedPapers, AskPapers{Why: "thiếu", At: at(500)}, "sorry").
		did("add", AddedPapers, AddPapers{Due: Due{At: at(6000)}, At: at(5000)}, "ask")
	d := l.replay()
	if !d.Due.At.Equal(at(9000)) {
		t.Errorf("the day promised moved forward to %v", d.Due.At)
	}
	if !d.Late(at(7000)) {
		t.Error("the first date, moved by the waiting, stays the one that counts")
	}
}

func TestAClockOf2099DoesNotMakeAWithdrawalLate(t *testing.T) {
	l := newLife(t).received().did("withdraw", Withdrawn, Reason{Why: "rút", At: at(900)}, "receive")
	l.es[1].Event.At = time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
	if d := l.replay(); d.Late(at(1e9)) || !d.EndedAt.Equal(at(900)) {
		t.Errorf("ended %v", d.EndedAt)
	}
}

func TestForwardingAgainDoesNotMakeTheFirstLate(t *testing.T) {
	l := newLife(t).did("receive", Received, Receive{Number: "MAU-261120-0001", Due: Due{At: at(3000)}, OwnDue: Due{At: at(1000)}}).
		did("forward", Forwarded, Forward{To: "C06", At: at(900)}, "receive").
		did("again", Forwarded, Forward{To: "C06", At: at(2000), Reference: "2"}, "forward")
	if d := l.replay(); d.OwnLate(at(5000)) || d.Forward.Reference != "2" {
		t.Errorf("own step late, forwarded %+v", d.Forward)
	}
}

// Another PC's apology that names no new appointment, which no program of ours writes, takes none away.
func TestApologyWithoutAnAppointmentLeavesTheOneThatWasPromised(t *testing.T) {
	d := newLife(t).did("receive", Received, Receive{Number: "MAU-261120-0001", Due: Due{At: at(3000)}}).did("sorry", Rescheduled, Reschedule{Why: "x"}, "receive").replay()
	if !d.Due.At.Equal(at(3000)) || d.Reschedules != 1 {
		t.Errorf("due %v, %d apologies", d.Due.At, d.Reschedules)
	}
}

// Papers were asked for when the appointment had passed already: waiting for them and their coming mend nothing, and the work list shows it.
func TestPapersAskedForAfterTheAppointmentMendNoDelay(t *testing.T) {
	l := newLife(t).did("receive", Received, Receive{Number: "MAU-261120-0001", Due: Due{At: at(3000)}, OwnDue: Due{At: at(1000)}}).
		did("ask", AskedPapers, AskPapers{Why: "thiếu", At: at(4000)}, "receive")
	d := l.replay()
	if row := d.Summarize(); !row.In(ViewLate, at(5000)) || !row.In(ViewPapers, at(5000)) || !row.Late(at(5000)) || !row.OwnLate(at(5000)) || !d.Burns().Equal(at(1000)) {
		t.Errorf("the work list: %+v", row)
	}
	l.did("add", AddedPapers, AddPapers{Due: Due{At: at(9000)}, OwnDue: Due{At: at(8000)}, At: at(6000)}, "ask")
	if d = l.replay(); !d.Due.At.Equal(at(9000)) || !d.Late(at(6500)) || !d.OwnLate(at(6500)) || !d.Summarize().In(ViewLate, at(6500)) {
		t.Errorf("asked away: due %v, late %v, own step %v", d.Due.At, d.Late(at(6500)), d.OwnLate(at(6500)))
	}
	l.did("forward", Forwarded, Forward{To: "C06", At: at(7000)}, "add").did("decide", Decided, Decision{Document: "1", At: at(7500)}, "forward")
	if d = l.replay(); !d.Late(at(1e6)) || !d.OwnLate(at(1e6)) {
		t.Error("done before the later appointment, it is no longer late")
	}
}

// Only the station's own step had run out when papers were asked for: that alone is late, now and afterwards.
func TestOwnStepAloneMissedBeforePapersWereAskedFor(t *testing.T) {
	l := newLife(t).did("receive", Received, Receive{Number: "MAU-261120-0001", Due: Due{At: at(3000)}, OwnDue: Due{At: at(1000)}}).
		did("ask", AskedPapers, AskPapers{Why: "thiếu", At: at(2000)}, "receive")
	if d := l.replay(); d.Late(at(9000)) || !d.OwnLate(at(9000)) || d.Summarize().Late(at(9000)) || !d.Summarize().In(ViewLate, at(9000)) {
		t.Errorf("late %v, own step %v", d.Late(at(9000)), d.OwnLate(at(9000)))
	}
	l.did("add", AddedPapers, AddPapers{Due: Due{At: at(9000)}, OwnDue: Due{At: at(8000)}, At: at(6000)}, "ask")
	if d := l.replay(); d.Late(at(8500)) || !d.OwnLate(at(6500)) {
		t.Errorf("after they came: late %v, own step %v", d.Late(at(8500)), d.OwnLate(at(6500)))
	}
}

// The days are those of Hanoi: what is done on the last one is on time, however early in it.
func TestEarlyIsADayBeforeTheAppointment(t *testing.T) {
	last := Date{2026, 11, 20}
	for _, c := range []struct {
		at         time.Time
		early, own bool
	}{
		{last.AddDays(-2).At(16, 0), true, true},
		{last.AddDays(-1).At(0, 1), true, false},
		{last.AddDays(-1).At(23, 59), true, false},
		{last.At(0, 1), false, false},
		{last.At(17, 30), false, false},
	} {
		d := newLife(t).did("receive", Received, Receive{Number: "MAU-261117-0001", Due: Due{At: last.At(17, 0)}, OwnDue: Due{At: last.AddDays(-1).At(17, 0)}}).
			did("forward", Forwarded, Forward{To: "C06", At: c.at}, "receive").
			did("decide", Decided, Decision{Approved: true, Document: "1", Date: last, At: c.at}, "forward").replay()
		if d.Early() != c.early || d.OwnEarly() != c.own {
			t.Errorf("done %v: early %v, own step %v", c.at, d.Early(), d.OwnEarly())
		}
	}
	if d := newLife(t).received().replay(); d.Early() || d.OwnEarly() {
		t.Error("what is not done is early")
	}
}

// What was purged still happened when it did: a request for papers stops the clock, and a forwarding ends the station's step.
func TestPurgedActsStillStopTheClocks(t *testing.T) {
	l := newLife(t).did("receive", Received, Receive{Number: "MAU-261120-0001", Due: Due{At: at(3000)}, OwnDue: Due{At: at(1000)}}).
		did("forward", Forwarded, Forward{To: "C06", At: at(900)}, "receive").did("ask", AskedPapers, AskPapers{Why: "thiếu", At: at(2000)}, "forward")
	for i := range l.es[1:] {
		e := &l.es[i+1]
		e.At, e.Purged, e.Body, e.Salt = at(int64(900+1100*i)), true, nil, [16]byte{}
	}
	if d := l.replay(); d.Late(at(9000)) || d.OwnLate(at(9000)) || d.Summarize().In(ViewLate, at(9000)) || !d.Summarize().Forwarded {
		t.Errorf("late %v, own step %v, %+v", d.Late(at(9000)), d.OwnLate(at(9000)), d.Summarize())
	}
}
