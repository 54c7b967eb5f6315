package receive

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/wire"
)

func TestReceiptNamesTheHeadThatIsHeld(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1), reception(2))
	r := p.mustTake(t, 1, 2)
	if r.Head != p.Head || !r.SignedBy(u.Key()) || r.Station != "Trạm Mẫu" || r.Number != "BN-261120-0001" {
		t.Errorf("%+v", r)
	}
	if a := p.hello(t); len(a.Receipts) != 1 || a.Receipts[0].Number != r.Number || !a.Receipts[0].SignedBy(u.Key()) {
		t.Errorf("hello gives the receipt again: %+v", a.Receipts)
	}
	wantSound(t, u, 2, 0)
}

func TestRepeatedEnvelopeIsKeptOnceAndAnsweredTheSame(t *testing.T) {
	u, c, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1), reception(2), reception(3))
	first := p.mustTake(t, 1, 2)
	c.set(c.now().Add(time.Hour))
	if again := p.mustTake(t, 1, 2); again.Number != first.Number || !again.At.Equal(first.At) || string(again.Signature) != string(first.Signature) {
		t.Errorf("got %+v, want %+v", again, first)
	}
	third := p.mustTake(t, 1, 3) // more than the last time
	if third.Seq != 3 || third.Number == first.Number {
		t.Errorf("%+v", third)
	}
	if old := p.mustTake(t, 1, 1); old.Seq != 3 || old.Number != third.Number {
		t.Errorf("an old envelope is answered with what is held now: %+v", old)
	}
	if inside := p.mustTake(t, 2, 3); inside.Number != third.Number {
		t.Errorf("%+v", inside)
	}
	wantSound(t, u, 3, 0)
}

func TestEnvelopeTooEarlyChangesNothing(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1), reception(2), reception(3))
	_, err := p.take(t, 2, 3)
	wantCode(t, err, "journal.gap")
	wantSound(t, u, 0, 0)
	p.mustTake(t, 1, 1)
	p.mustTake(t, 2, 3)
	wantSound(t, u, 3, 0)
}

func TestForkIsRefusedAndAlarmedOnce(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	twin := &pc{Sister: storetest.NewSister(1), identity: p.identity, up: u}
	p.happen(t, reception(1), reception(2), reception(3))
	twin.happen(t, reception(1), reception(12), reception(13), reception(14))
	p.mustTake(t, 1, 3)
	for range 3 {
		for _, at := range [][2]int{{1, 4}, {1, 2}, {2, 2}, {4, 4}, {3, 4}} {
			_, err := twin.take(t, at[0], at[1])
			wantCode(t, err, "journal.forked")
		}
	}
	if r := twin.mustTake(t, 1, 1); r.Seq != 3 { // what both have in common is no fork
		t.Errorf("%+v", r)
	}
	wantSound(t, u, 3, 2) // one for each hash that was shown: at 2 and at 4
}

func TestEnvelopesOfStrangersAreRefused(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	other := enrolled(t, u, 2, "Trạm Khác", 1)
	stranger := newPC(t, u, 3)
	for _, x := range []*pc{p, other, stranger} {
		x.happen(t, reception(int(x.Genesis.Device[0])))
	}
	_, err := stranger.take(t, 1, 1)
	wantCode(t, err, "line.unknown-device")

	theirs := &pc{Sister: storetest.NewSister(2), up: u} // another station's chain, sent by p
	theirs.entries, theirs.Key = other.entries, p.Key
	_, err = theirs.take(t, 1, 1)
	wantCode(t, err, "envelope.sender")

	posing := &pc{Sister: storetest.NewSister(1), up: u} // a new life nobody was told of
	posing.Genesis.Incarnation[5]++
	posing.happen(t, reception(9))
	_, err = posing.take(t, 1, 1)
	wantCode(t, err, "journal.unknown")

	posing = &pc{Sister: storetest.NewSister(1), up: u} // the known life with another beginning
	posing.Genesis.CommonSeq = 7
	posing.happen(t, reception(9))
	_, err = posing.take(t, 1, 1)
	wantCode(t, err, "journal.forked")

	_, err = u.Take(context.Background(), p.sealTo(t, 1, 1, p.identity.Recipient()))
	wantCode(t, err, "envelope.recipient")
	wantSound(t, u, 0, 1)

	p.mustTake(t, 1, 1)
	if err := u.Revoke(context.Background(), PC{Station: "Trạm Mẫu", Desk: 1}, nil, ""); err != nil {
		t.Fatal(err)
	}
	p.happen(t, reception(30))
	_, err = u.TakeFrom(context.Background(), p.envelope(t, 2, 2), true)
	wantCode(t, err, "line.revoked")
	_, err = u.Hello(context.Background(), p.Owner(), wire.Hello{Chains: []wire.Held{}}.Encode())
	wantCode(t, err, "line.revoked")
	_, err = u.Pull(context.Background(), p.Owner(), wire.Pull{Chain: p.Genesis.Chain}.Encode())
	wantCode(t, err, "line.revoked")
	wantCode(t, u.Revoke(context.Background(), PC{Station: "Trạm Mẫu", Desk: 1}, nil, ""), "upstream.no-device")
	wantSound(t, u, 1, 1)
	other.mustTake(t, 1, 1)
}

func TestSameEventTwiceIsOneAndAnotherUnderItsIDIsSentBack(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	sister := enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1))
	p.mustTake(t, 1, 1)
	same, another := p.entries[0], reception(1)
	another.Body = []byte(`{"number":"GIA-260105-0001"}`)
	sister.Carry(same)
	sister.entries = append(sister.entries, same)
	sister.happen(t, another, reception(2))
	if r := sister.mustTake(t, 1, 3); r.Seq != 3 {
		t.Errorf("a poisoned event held up the next (I8): %+v", r)
	}
	wantSound(t, u, 4, 1)
	c, err := u.Find(context.Background(), numberOf(1))
	if err != nil || len(c.Course) != 1 || c.Course[0].Effect != dossier.Applied {
		t.Errorf("%+v, %v", c.Course, err)
	}
	if _, err := u.Find(context.Background(), "GIA-260105-0001"); dossier.Code(err) != "upstream.no-dossier" {
		t.Errorf("the other event took effect: %v", err)
	}
	if _, err := u.Find(context.Background(), numberOf(2)); err != nil {
		t.Error(err)
	}
	back := sentBack(t, sister)
	if len(back) != 1 || back[0].Event != another.ID || back[0].Why == "" {
		t.Errorf("%+v", back)
	}
	sister.mustTake(t, 1, 3)
	wantSound(t, u, 4, 1)
	if n := len(sentBack(t, sister)); n != 1 {
		t.Errorf("sent back %d times", n)
	}
}

// sentBack is what upstream wants mended, as the PC reads it.
func sentBack(t testing.TB, p *pc) []dossier.SendBack {
	t.Helper()
	var out []dossier.SendBack
	for _, e := range p.upstreamsWord(t) {
		var b dossier.SendBack
		if e.Kind != dossier.SentBack {
			continue
		}
		if err := json.Unmarshal(e.Body, &b); err != nil {
			t.Fatal(err)
		}
		out = append(out, b)
	}
	return out
}

// I8: a poison event at k does not delay k+1.
func TestPoisonComesBackWithAReasonAndHoldsUpNothing(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	act := func(i int, kind dossier.Kind, about dossier.ID, body string) dossier.Event {
		return dossier.Event{ID: storetest.EventID(100 + i), Dossier: about, Kind: kind, Body: []byte(body)}
	}
	first := reception(1)
	p.happen(t, first,
		act(1, dossier.Forwarded, first.Dossier, `{"to": 7}`),
		act(2, dossier.HandedOver, first.Dossier, "\x00\xff"),
		act(3, dossier.Received, storetest.DossierID(50), `{}`),
		act(4, dossier.Notified, dossier.ID{}, `{"to":"x"}`),
		act(5, "from-the-future", first.Dossier, "anything"),
		act(6, dossier.TracePrinted, first.Dossier, `[]`),
		act(7, dossier.TraceOpened, first.Dossier, `not JSON, and nobody reads it`),
		reception(2))
	if r := p.mustTake(t, 1, 9); r.Seq != 9 {
		t.Errorf("%+v", r)
	}
	var got []string
	for _, b := range sentBack(t, p) {
		got = append(got, fmt.Sprint(b.Event == p.entries[1].ID, b.Event == p.entries[2].ID, b.Event == p.entries[3].ID, b.Event == p.entries[4].ID, b.Event == p.entries[6].ID))
		if b.Why == "" {
			t.Error("sent back without a reason")
		}
	}
	want := []string{"true false false false false", "false true false false false", "false false true false false", "false false false true false", "false false false false true"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("sent back %v", got)
	}
	rows, err := u.List(context.Background(), Query{})
	if err != nil || len(rows) != 3 {
		t.Fatalf("%+v, %v", rows, err)
	}
	if rows[0].Number != numberOf(2) || rows[2].Number != numberOf(1) || !rows[2].Waiting || rows[2].SentBack == "" {
		t.Errorf("%+v", rows)
	}
	wantSound(t, u, 9, 0)
}

func TestWhatWasKeptBeforeAPowerCutIsJudgedAfterIt(t *testing.T) {
	u, c, dir := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1), dossier.Event{ID: storetest.EventID(100), Dossier: storetest.DossierID(1), Kind: dossier.Forwarded, Body: []byte("{")})
	p.mustTake(t, 1, 2)
	// as if the power had gone between keeping and judging
	if _, err := u.write.Exec("UPDATE chain SET judged = 0 WHERE seq = 2; DELETE FROM dossier"); err != nil {
		t.Fatal(err)
	}
	if err := u.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(context.Background(), dir, World{Now: c.now, Word: func(string, map[string]string) string { return "Đề nghị sửa." }})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	p.up = again
	address, _ := serving(t, again)
	question := wire.Hello{Chains: []wire.Held{}}.Encode()
	if status, body, _ := p.post(t, http.MethodPost, address, wire.PathHello, bytes.NewReader(question)); status != 200 {
		t.Fatal(body)
	}
	if _, err := again.Find(context.Background(), numberOf(1)); err != nil {
		t.Error(err)
	}
}

func TestReceiptNumbersRunWithinTheDayWhateverTheClockDoes(t *testing.T) {
	u, c, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	day := c.now()
	want := []string{"BN-261120-0001", "BN-261120-0002", "BN-090101-0001", "BN-261120-0003", "BN-990101-0001"}
	for i, at := range []time.Time{day, day.Add(time.Minute), time.Date(2009, 1, 1, 0, 0, 0, 0, dossier.Hanoi), day, time.Date(2099, 1, 1, 0, 0, 0, 0, dossier.Hanoi)} {
		c.set(at)
		p.happen(t, reception(i+1))
		if r := p.mustTake(t, i+1, i+1); r.Number != want[i] {
			t.Errorf("got %s, want %s", r.Number, want[i])
		}
	}
	wantSound(t, u, 5, 0)
}

// I6, I7: whatever envelopes come, cut as they may be, in any order and any number of times, what is held is the chain as it was written.
func TestAnyOrderOfEnvelopesEndsInTheSameChain(t *testing.T) {
	u, _, _ := open(t)
	sound := func() {
		if check, err := u.Verify(context.Background()); err != nil || len(check.Faults) > 0 {
			t.Errorf("%v, %v", check.Faults, err)
		}
	}
	next := byte(10)
	rapid.Check(t, func(rt *rapid.T) {
		if next++; next == 0 { // every PC there can be is enrolled
			sound()
			u, _, _ = open(t)
			next++
		}
		name := fmt.Sprintf("Trạm %d", next)
		p := enrolled(t, u, next, name, 1)
		n := rapid.IntRange(1, 8).Draw(rt, "entries")
		for i := range n {
			e := reception(i)
			e.ID[15], e.Dossier[15], e.ID[14] = next, next, 0xee
			p.happen(t, e)
		}
		var head dossier.Head
		for range rapid.IntRange(0, 10).Draw(rt, "envelopes") {
			first := rapid.IntRange(1, n).Draw(rt, "first")
			last := rapid.IntRange(first, n).Draw(rt, "last")
			r, err := p.take(t, first, last)
			if uint64(first) > head.Seq+1 {
				wantCode(rt, err, "journal.gap")
				continue
			}
			if err != nil {
				rt.Fatal(err)
			}
			if head.Seq = max(head.Seq, uint64(last)); r.Seq != head.Seq {
				rt.Fatalf("receipt at %d, held %d", r.Seq, head.Seq)
			}
		}
		if r := p.mustTake(t, 1, n); r.Head != p.Head {
			rt.Fatalf("%+v, want %+v", r.Head, p.Head)
		}
		rows, err := u.List(context.Background(), Query{Station: name})
		if err != nil || len(rows) != n {
			rt.Fatalf("%d dossiers, want %d: %v", len(rows), n, err)
		}
	})
	sound()
}
