package dossier

import (
	"reflect"
	"testing"
)

var approved = Decision{Approved: true, Document: "12/TB", Date: Date{2026, 11, 24}}

func TestAResultHandedBackStandsWhenUpstreamRecordsTheSameDecision(t *testing.T) {
	l := newLife(t).received().
		did("ours", Decided, approved, "receive").
		did("return", HandedBack, HandBack{To: "Mẫu"}, "ours").
		did("theirs", Decided, approved, "receive")
	if d := l.replay(); d.Status != StatusReturned || len(d.Disputes) != 0 {
		t.Fatalf("status %v, disputes %v", d.Status, d.Disputes)
	}
	other := approved
	other.Document = "13/TB"
	l.did("another", Decided, other, "receive")
	if d := l.replay(); d.Status != StatusReceived || len(d.Disputes) == 0 {
		t.Fatalf("another decision: status %v, disputes %v", d.Status, d.Disputes)
	}
}

func TestADecisionThatCameBeforeTheNoteOfForwardingDisputesNothing(t *testing.T) {
	l := newLife(t).received().
		did("forward", Forwarded, Forward{To: "C06", At: at(500)}, "receive").
		did("decide", Decided, approved, "receive")
	d := l.replay()
	if d.Status != StatusDone || len(d.Disputes) != 0 || d.Forward == nil || d.Decision == nil {
		t.Fatalf("status %v, disputes %v, forward %v", d.Status, d.Disputes, d.Forward)
	}
	if err := d.Allowed(Forwarded); Code(err) != "act.not-allowed" {
		t.Errorf("forwarding what is decided and forwarded: %v", err)
	}
	if err := newLife(t).received().did("decide", Decided, approved, "receive").replay().Allowed(Forwarded); err != nil {
		t.Errorf("noting the forwarding after the decision came: %v", err)
	}
	if err := newLife(t).received().did("perform", Performed, Perform{}, "receive").replay().Allowed(Forwarded); err == nil {
		t.Error("forwarding what was done at once")
	}
}

func TestKeepingALaterActKeepsWhatItRestsOn(t *testing.T) {
	l := newLife(t).received().
		did("ask", AskedPapers, AskPapers{Why: "thiếu"}, "receive").
		did("add", AddedPapers, AddPapers{}, "ask").
		did("forward", Forwarded, Forward{To: "C06"}, "receive")
	names := []EventID{l.id["ask"], l.id["add"], l.id["forward"]}
	l.did("resolve", Resolved, Resolve{Names: names, Keep: l.id["add"], Why: "x"}, "add", "forward")
	d := l.replay()
	e := effects(d)
	if d.Status != StatusProcessing || d.Forward != nil || e[l.id["ask"]] != Applied || e[l.id["add"]] != Applied || len(d.Disputes) != 0 {
		t.Fatalf("status %v, %v, disputes %v", d.Status, e, d.Disputes)
	}
}

func TestResolvingHalfATriangleLeavesTheOtherHalfInSight(t *testing.T) {
	l := newLife(t).received().
		did("withdraw", Withdrawn, Reason{Why: "rút"}, "receive").
		did("stop", Stopped, Reason{Why: "dừng"}, "receive").
		did("forward", Forwarded, Forward{To: "C06"}, "receive")
	l.did("resolve", Resolved, Resolve{Names: []EventID{l.id["withdraw"], l.id["stop"]}, Keep: l.id["stop"], Why: "x"}, "withdraw", "stop", "forward")
	d := l.replay()
	e := effects(d)
	if d.Status != StatusReceived || len(d.Disputes) != 1 || e[l.id["withdraw"]] != Void || e[l.id["stop"]] != Disputed || e[l.id["forward"]] != Disputed {
		t.Fatalf("status %v, %v, disputes %v", d.Status, e, d.Disputes)
	}
}

// The third of three words on a dispute takes effect when the other two have been put aside.
func TestAResolveLeftAloneTakesEffect(t *testing.T) {
	l := newLife(t).received().
		did("withdraw", Withdrawn, Reason{Why: "rút"}, "receive").
		did("stop", Stopped, Reason{Why: "dừng"}, "receive")
	names := []EventID{l.id["withdraw"], l.id["stop"]}
	l.did("r1", Resolved, Resolve{Names: names, Keep: l.id["withdraw"], Why: "a"}, "withdraw", "stop").
		did("r2", Resolved, Resolve{Names: names, Why: "b"}, "withdraw", "stop").
		did("r3", Resolved, Resolve{Names: names, Keep: l.id["stop"], Why: "c"}, "withdraw", "stop").
		did("last", Resolved, Resolve{Names: []EventID{l.id["r1"], l.id["r2"]}, Why: "d"}, "r1", "r2", "r3")
	if d := l.replay(); d.Status != StatusStopped || len(d.Disputes) != 0 {
		t.Fatalf("status %v, disputes %v, %v", d.Status, d.Disputes, effects(d))
	}
}

func TestTheSameResolveInAnotherOrderOfNamesIsTheSame(t *testing.T) {
	l := newLife(t).received().
		did("withdraw", Withdrawn, Reason{Why: "rút"}, "receive").
		did("stop", Stopped, Reason{Why: "dừng"}, "receive")
	a, b := l.id["withdraw"], l.id["stop"]
	l.did("r1", Resolved, Resolve{Names: []EventID{a, b}, Keep: a, Why: "x"}, "withdraw", "stop").
		did("r2", Resolved, Resolve{Names: []EventID{b, a}, Keep: a, Why: "y"}, "withdraw", "stop")
	if d := l.replay(); d.Status != StatusWithdrawn || len(d.Disputes) != 0 {
		t.Fatalf("status %v, disputes %v", d.Status, d.Disputes)
	}
}

func TestAPurgedActDoesNotComeBackWithALateCopy(t *testing.T) {
	l := newLife(t).received()
	purged, err := ParseEntry(l.es[0].Header(), [16]byte{}, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	a, b := Replay([]Entry{l.es[0], purged}), Replay([]Entry{purged, l.es[0]})
	if !reflect.DeepEqual(a, b) || a.Number != "" {
		t.Fatalf("order of arrival shows %q and %q", a.Number, b.Number)
	}
}
