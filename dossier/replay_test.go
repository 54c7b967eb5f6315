package dossier

import (
	"encoding/json"
	"math/rand"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// life makes entries by short names, so that a test reads like what happened.
type life struct {
	t  testing.TB
	n  byte
	id map[string]EventID
	es []Entry
}

func newLife(t testing.TB) *life { return &life{t: t, id: map[string]EventID{}} }

func (l *life) did(name string, kind Kind, body any, after ...string) *life {
	l.t.Helper()
	l.n++
	e := Event{ID: EventID{l.n}, Dossier: ID{7}, Kind: kind, By: "can-bo", At: time.Unix(int64(l.n), 0)}
	for _, a := range after {
		if _, ok := l.id[a]; !ok {
			l.t.Fatalf("%s comes after %s, which has not happened", name, a)
		}
		e.Bases = append(e.Bases, l.id[a])
	}
	e.Body, _ = json.Marshal(body)
	entry, err := Seal(e, [16]byte{l.n})
	if err != nil {
		l.t.Fatal(err)
	}
	l.id[name] = e.ID
	l.es = append(l.es, entry)
	return l
}

func (l *life) received() *life {
	return l.did("receive", Received, Receive{Number: "MAU-261120-0001", Procedure: "lock-account",
		Requester: Requester{Kind: Agency, Agency: Office{Name: "Cơ quan Mẫu"}}, ReceivedAt: time.Unix(0, 0), Due: Due{At: time.Unix(1000, 0)}})
}

func (l *life) replay() Dossier { return Replay(l.es) }

func effects(d Dossier) map[EventID]Effect {
	out := map[EventID]Effect{}
	for _, s := range d.Course {
		out[s.ID] = s.Effect
	}
	return out
}

func TestAPlainLife(t *testing.T) {
	l := newLife(t).received().
		did("forward", Forwarded, Forward{To: "C06"}, "receive").
		did("decide", Decided, Decision{Approved: true, Document: "1/QĐ", Date: Date{2026, 11, 24}}, "forward").
		did("return", HandedBack, HandBack{To: "Nguyễn Văn Mẫu"}, "decide")
	d := l.replay()
	if d.Status != StatusReturned || d.Number != "MAU-261120-0001" || d.Decision == nil || !d.Decision.Approved || len(d.Disputes) != 0 {
		t.Fatalf("%+v", d)
	}
	if len(d.Heads) != 1 || d.Heads[0] != l.id["return"] {
		t.Errorf("heads %v", d.Heads)
	}
}

func TestTwoPCsThatCannotBothBeRightAreBothDisputed(t *testing.T) {
	l := newLife(t).received().
		did("withdraw", Withdrawn, Reason{Why: "người dân rút"}, "receive").
		did("forward", Forwarded, Forward{To: "C06"}, "receive")
	d := l.replay()
	e := effects(d)
	if d.Status != StatusReceived || len(d.Disputes) != 1 || e[l.id["withdraw"]] != Disputed || e[l.id["forward"]] != Disputed {
		t.Fatalf("status %v, %v", d.Status, e)
	}
	if err := d.Allowed(Decided); Code(err) != "act.disputed" {
		t.Errorf("deciding a disputed dossier: %v", err)
	}
	if err := d.Allowed(Notified); err != nil {
		t.Errorf("notifying does not depend on it: %v", err)
	}
	if err := d.Allowed(Resolved); err != nil {
		t.Error(err)
	}
	if err := newLife(t).received().replay().Allowed(Resolved); Code(err) != "act.nothing-disputed" {
		t.Errorf("resolving nothing: %v", err)
	}
}

func TestWhatRestsOnADisputedActIsHeld(t *testing.T) {
	l := newLife(t).received().
		did("ask", AskedPapers, AskPapers{Why: "thiếu"}, "receive").
		did("forward", Forwarded, Forward{To: "C06"}, "receive").
		did("decide", Decided, Decision{Approved: true, Document: "1"}, "ask", "forward")
	d := l.replay()
	if d.Status != StatusReceived || effects(d)[l.id["decide"]] != Held {
		t.Fatalf("status %v, %v", d.Status, effects(d))
	}
}

func TestResolveLetsOneStandAndTheOtherFall(t *testing.T) {
	l := newLife(t).received().
		did("withdraw", Withdrawn, Reason{Why: "rút"}, "receive").
		did("forward", Forwarded, Forward{To: "C06"}, "receive")
	names := []EventID{l.id["withdraw"], l.id["forward"]}
	l.did("resolve", Resolved, Resolve{Names: names, Keep: l.id["forward"], Why: "đã hỏi lại người dân"}, "withdraw", "forward").
		did("decide", Decided, Decision{Approved: true, Document: "1"}, "resolve")
	d := l.replay()
	e := effects(d)
	if d.Status != StatusDone || len(d.Disputes) != 0 || e[l.id["withdraw"]] != Void || e[l.id["forward"]] != Applied {
		t.Fatalf("status %v, %v", d.Status, e)
	}
}

func TestResolveThatKeepsNothingGoesBackToTheCommonAncestor(t *testing.T) {
	l := newLife(t).received().
		did("withdraw", Withdrawn, Reason{Why: "rút"}, "receive").
		did("stop", Stopped, Reason{Why: "dừng"}, "receive")
	l.did("resolve", Resolved, Resolve{Names: []EventID{l.id["withdraw"], l.id["stop"]}, Why: "cả hai nhầm"}, "withdraw", "stop")
	if d := l.replay(); d.Status != StatusReceived || len(d.Disputes) != 0 {
		t.Fatalf("status %v, disputes %v", d.Status, d.Disputes)
	}
}

func TestTwoResolvesThatDisagreeSettleNothing(t *testing.T) {
	l := newLife(t).received().
		did("withdraw", Withdrawn, Reason{Why: "rút"}, "receive").
		did("stop", Stopped, Reason{Why: "dừng"}, "receive")
	names := []EventID{l.id["withdraw"], l.id["stop"]}
	l.did("r1", Resolved, Resolve{Names: names, Keep: l.id["withdraw"], Why: "a"}, "withdraw", "stop").
		did("r2", Resolved, Resolve{Names: names, Keep: l.id["stop"], Why: "b"}, "withdraw", "stop")
	d := l.replay()
	if d.Status != StatusReceived || len(d.Disputes) != 2 {
		t.Fatalf("status %v, disputes %v", d.Status, d.Disputes)
	}
	l.did("r3", Resolved, Resolve{Names: []EventID{l.id["r1"], l.id["r2"]}, Keep: l.id["r2"], Why: "trưởng đơn vị"}, "r1", "r2")
	if d := l.replay(); d.Status != StatusStopped || len(d.Disputes) != 0 {
		t.Fatalf("after the third: status %v, disputes %v", d.Status, d.Disputes)
	}
}

func TestResolveCannotPutAsideWhatNobodyDisputed(t *testing.T) {
	l := newLife(t).received().did("forward", Forwarded, Forward{To: "C06"}, "receive")
	l.did("resolve", Resolved, Resolve{Names: []EventID{l.id["receive"], l.id["forward"]}, Why: "x"}, "forward")
	if d := l.replay(); d.Status != StatusProcessing || d.Number == "" {
		t.Fatalf("a resolve put aside what stood: %v", d.Status)
	}
}

func TestTheSameDecisionTwiceIsOneDecision(t *testing.T) {
	same := Decision{Approved: true, Document: "12/TB", Date: Date{2026, 11, 24}}
	l := newLife(t).received().did("a", Decided, same, "receive").did("b", Decided, same, "receive")
	if d := l.replay(); d.Status != StatusDone || len(d.Disputes) != 0 {
		t.Fatalf("status %v, disputes %v", d.Status, d.Disputes)
	}
	other := same
	other.Approved = false
	l = newLife(t).received().did("a", Decided, same, "receive").did("b", Decided, other, "receive")
	if d := l.replay(); d.Status != StatusReceived || len(d.Disputes) != 1 {
		t.Fatalf("two unlike decisions: status %v, disputes %v", d.Status, d.Disputes)
	}
}

func TestAnEventWhoseBaseIsAbsentWaitsWithItsDescendants(t *testing.T) {
	l := newLife(t).received().
		did("forward", Forwarded, Forward{To: "C06"}, "receive").
		did("decide", Decided, Decision{Approved: true, Document: "1"}, "forward")
	d := Replay([]Entry{l.es[0], l.es[2]})
	if d.Status != StatusReceived || !d.Waiting() || effects(d)[l.id["decide"]] != Waiting {
		t.Fatalf("status %v, %v", d.Status, effects(d))
	}
	if len(d.Heads) != 1 || d.Heads[0] != l.id["receive"] {
		t.Errorf("a waiting event must not be a base: %v", d.Heads)
	}
	if d := l.replay(); d.Status != StatusDone || d.Waiting() {
		t.Errorf("when the base has come: %v", d.Status)
	}
}

func TestAKindThisVersionDoesNotKnowWaitsInSight(t *testing.T) {
	l := newLife(t).received().did("future", "teleport", map[string]string{}, "receive").
		did("notify", Notified, Notify{To: "Mẫu"}, "future")
	d := l.replay()
	e := effects(d)
	if e[l.id["future"]] != Waiting || e[l.id["notify"]] != Waiting || d.Status != StatusReceived {
		t.Fatalf("%v", e)
	}
}

func TestAPurgedReceptionKeepsItsPlaceInTheCourse(t *testing.T) {
	l := newLife(t).received().did("forward", Forwarded, Forward{To: "C06"}, "receive")
	e := &l.es[0]
	*e, _ = ParseEntry(e.Header(), [16]byte{}, nil, true)
	if d := l.replay(); d.Status != StatusProcessing || d.Intake.Requester.Name() != "" || !d.Course[0].Purged {
		t.Fatalf("%+v", d)
	}
}

func TestAnActNotAllowedWhereItStandsHasNoEffect(t *testing.T) {
	l := newLife(t).received().did("return", HandedBack, HandBack{To: "Mẫu"}, "receive")
	if d := l.replay(); d.Status != StatusReceived || effects(d)[l.id["return"]] != Void {
		t.Fatalf("status %v, %v", d.Status, effects(d))
	}
}

func TestTracesAndEventsOfTheStationAreNotReplayed(t *testing.T) {
	l := newLife(t).received().did("print", TracePrinted, Print{Form: "receipt"}, "receive").
		did("sent back", SentBack, SendBack{Why: "thiếu"}, "receive")
	if d := l.replay(); len(d.Course) != 1 || d.Heads[0] != l.id["receive"] {
		t.Fatalf("course %v", d.Course)
	}
}

func TestBasesThatGoInACircleWait(t *testing.T) {
	l := newLife(t).received()
	a := Event{ID: EventID{100}, Dossier: ID{7}, Kind: Forwarded, Bases: []EventID{{101}}, Body: []byte("{}")}
	b := Event{ID: EventID{101}, Dossier: ID{7}, Kind: Withdrawn, Bases: []EventID{{100}}, Body: []byte("{}")}
	for _, e := range []Event{a, b} {
		entry, err := Seal(e, [16]byte{})
		if err != nil {
			t.Fatal(err)
		}
		l.es = append(l.es, entry)
	}
	if d := l.replay(); d.Status != StatusReceived || !d.Waiting() {
		t.Fatalf("%+v", d)
	}
}

// anyLife draws a set of events with random bases among the earlier ones: what several PCs may do without a line.
func anyLife(t *rapid.T) []Entry {
	n := rapid.IntRange(1, 14).Draw(t, "events")
	var out []Entry
	var ids []EventID
	for i := range n {
		kind := Received
		if i > 0 {
			kind = rapid.SampledFrom(append(Verbs[1:len(Verbs):len(Verbs)], "unknown-kind", TracePrinted)).Draw(t, "kind")
		}
		e := Event{ID: EventID{byte(i + 1)}, Dossier: ID{7}, Kind: kind, At: time.Unix(rapid.Int64Range(0, 1e9).Draw(t, "at"), 0)}
		if i > 0 {
			for range rapid.IntRange(1, 3).Draw(t, "bases") {
				e.Bases = append(e.Bases, rapid.SampledFrom(ids).Draw(t, "base"))
			}
		}
		var body any = map[string]string{"why": "x", "number": "MAU-1"}
		switch kind {
		case Decided:
			body = Decision{Approved: rapid.Bool().Draw(t, "approved"), Document: "1"}
		case Resolved:
			r := Resolve{Why: "x"}
			for range rapid.IntRange(0, 3).Draw(t, "names") {
				r.Names = append(r.Names, rapid.SampledFrom(ids).Draw(t, "name"))
			}
			if len(r.Names) > 0 && rapid.Bool().Draw(t, "keeps") {
				r.Keep = r.Names[0]
			}
			body = r
		}
		e.Body, _ = json.Marshal(body)
		entry, err := Seal(e, [16]byte{byte(i)})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, e.ID)
		out = append(out, entry)
	}
	return out
}

// Rules I5 and I7 in the small: any order of arrival, with anything repeated, gives the same dossier.
func TestAnyOrderOfArrivalGivesTheSameDossier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := anyLife(t)
		want := Replay(entries)
		shuffled := append([]Entry{}, entries...)
		shuffled = append(shuffled, entries[:rapid.IntRange(0, len(entries)).Draw(t, "repeated")]...)
		rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed"))).Shuffle(len(shuffled), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		})
		if got := Replay(shuffled); !reflect.DeepEqual(got, want) {
			t.Fatalf("order matters:\n%+v\n%+v", got, want)
		}
	})
}

// Rule I13: clocks change no order and no dispute.
func TestClocksDecideNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := anyLife(t)
		moved := make([]Entry, len(entries))
		for i, e := range entries {
			e.Event.At = time.Unix(rapid.Int64Range(-1e10, 1e10).Draw(t, "clock"), 0)
			moved[i] = e
			moved[i].Content = e.Content
		}
		a, b := Replay(entries), Replay(moved)
		// The tie-break hashes the header, so the order among acts that commute may differ; what they amount to may not.
		if a.Status != b.Status && len(a.Disputes)+len(b.Disputes) == 0 && sameVoid(a, b) {
			t.Fatalf("clocks moved the status from %v to %v", a.Status, b.Status)
		}
		if len(a.Disputes) != len(b.Disputes) {
			t.Fatalf("clocks moved disputes: %v, %v", a.Disputes, b.Disputes)
		}
	})
}

func sameVoid(a, b Dossier) bool { return reflect.DeepEqual(effects(a), effects(b)) }

// While a pair is disputed neither takes effect, and nothing that is settled is still called disputed.
func TestDisputedActsTakeNoEffect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Replay(anyLife(t))
		e := effects(d)
		for _, p := range d.Disputes {
			if e[p.A] != Disputed || e[p.B] != Disputed {
				t.Fatalf("a disputed act is %v / %v", e[p.A], e[p.B])
			}
		}
		before := StatusNone
		for _, s := range d.Course {
			if s.Effect != Applied && s.Status != before {
				t.Fatalf("%s is %s and moved the status from %v to %v", s.Kind, s.Effect, before, s.Status)
			}
			before = s.Status
		}
	})
}

func BenchmarkReplayOfSevenActs(b *testing.B) {
	l := newLife(b).received().
		did("ask", AskedPapers, AskPapers{Why: "thiếu"}, "receive").
		did("add", AddedPapers, AddPapers{}, "ask").
		did("forward", Forwarded, Forward{To: "C06"}, "add").
		did("decide", Decided, Decision{Approved: true, Document: "1"}, "forward").
		did("notify", Notified, Notify{To: "Mẫu"}, "decide").
		did("return", HandedBack, HandBack{To: "Mẫu"}, "notify")
	for b.Loop() {
		Replay(l.es)
	}
}
