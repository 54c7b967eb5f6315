package store

import (
	"context"
	"crypto/ed25519"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// sisterDossiers are dossiers received on a sister PC, desk 2.
func sisterDossiers(t testing.TB, pc *storetest.Sister, from, to int) []dossier.Entry {
	t.Helper()
	var events []dossier.Event
	for i := from; i < to; i++ {
		events = append(events, storetest.Reception(i, dossier.FormatNumber("MAU", storetest.Day(i), 3001+i%400)))
	}
	entries, err := pc.Append(events...)
	must(t, err)
	return entries
}

func TestSisterChainIsTakenInOnceHoweverOftenItComes(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	pc := storetest.NewSister(2)
	must(t, s.Adopt(ctx, pc.Genesis, pc.Owner()))
	must(t, s.Adopt(ctx, pc.Genesis, pc.Owner()))
	first := sisterDossiers(t, pc, 0, 10)
	must(t, s.Extend(ctx, pc.Head, pc.Signature(), first))
	early, signature := pc.Head, pc.Signature()
	more := sisterDossiers(t, pc, 10, 15)
	must(t, s.Extend(ctx, pc.Head, pc.Signature(), append(first[5:len(first):len(first)], more...)))
	must(t, s.Extend(ctx, pc.Head, pc.Signature(), more))
	must(t, s.Extend(ctx, early, signature, first)) // late
	must(t, s.Extend(ctx, pc.Head, pc.Signature(), nil))
	if n, err := s.Count(ctx, dossier.Query{}); n != 15 || err != nil {
		t.Errorf("%d dossiers, %v", n, err)
	}
	q, err := s.Queue(ctx)
	if err != nil || q.Acts != 0 || q.Entries != 1 {
		t.Errorf("a sister's acts are in our queue: %+v %v", q, err)
	}
	states, err := s.Chains(ctx)
	must(t, err)
	if len(states) != 2 || !states[0].Own || states[1].Own || states[1].Head != pc.Head || states[1].Genesis != pc.Genesis ||
		!states[1].Head.SignedBy(states[1].Owner, states[1].Signature) {
		t.Errorf("%+v", states)
	}
	// handed on, they are what they were
	got, err := s.Entries(ctx, pc.Genesis.Chain, 10, 3)
	must(t, err)
	if len(got) != 3 || got[0].ID != more[0].ID || string(got[2].Header()) != string(more[2].Header()) || string(got[2].Body) != string(more[2].Body) {
		t.Errorf("%d entries", len(got))
	}
	got, err = s.Entries(ctx, pc.Genesis.Chain, 15, 100)
	if err != nil || len(got) != 0 {
		t.Error(len(got), err)
	}
	_, err = s.Entries(ctx, dossier.Chain{}, 0, 1)
	wantCode(t, err, "chain.unknown")
	verified(t, s)
}

func TestEntriesAreHandedOutInReasonablePortions(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	for i := range 70 {
		e := storetest.Act(i, dossier.ID{}, dossier.TraceExported, string(make([]byte, 10_000))) // 60 KB as JSON
		must(t, s.Record(ctx, e))
	}
	all, after := 0, uint64(0)
	for rounds := 0; ; rounds++ {
		es, err := s.Entries(ctx, s.Own().Chain, after, 1000)
		must(t, err)
		if len(es) == 0 {
			if rounds < 2 || all != 71 {
				t.Errorf("%d entries in %d rounds", all, rounds)
			}
			return
		}
		all, after = all+len(es), after+uint64(len(es))
	}
}

func TestForeignOrBrokenEntriesAreRefusedWhole(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	ours, err := receive(s, 500)
	must(t, err)
	pc := storetest.NewSister(2)
	must(t, s.Adopt(ctx, pc.Genesis, pc.Owner()))
	held := sisterDossiers(t, pc, 0, 3)
	must(t, s.Extend(ctx, pc.Head, pc.Signature(), held))
	before, err := s.Chains(ctx)
	must(t, err)
	// rest is what pc would send next; each case spoils it
	rest := func(spoil func(*storetest.Sister, []dossier.Entry) (dossier.Head, []byte, []dossier.Entry)) error {
		twin := *pc
		head, signature, entries := spoil(&twin, sisterDossiers(t, &twin, 3, 6))
		return s.Extend(ctx, head, signature, entries)
	}
	type head = dossier.Head
	type entries = []dossier.Entry
	for _, c := range []struct {
		name, code string
		spoil      func(*storetest.Sister, entries) (head, []byte, entries)
	}{
		{"unknown chain", "chain.unknown", func(p *storetest.Sister, es entries) (head, []byte, entries) {
			p.Head.Device[3] = 9
			return p.Head, p.Signature(), es
		}},
		{"signed by another", "chain.differs", func(p *storetest.Sister, es entries) (head, []byte, entries) {
			return p.Head, storetest.NewSister(3).Head.Sign(storetest.NewSister(3).Key), es
		}},
		{"not signed", "chain.differs", func(p *storetest.Sister, es entries) (head, []byte, entries) { return p.Head, nil, es }},
		{"one missing", "chain.gap", func(p *storetest.Sister, es entries) (head, []byte, entries) { return p.Head, p.Signature(), es[1:] }},
		{"one missing inside", "chain.differs", func(p *storetest.Sister, es entries) (head, []byte, entries) {
			return p.Head, p.Signature(), entries{held[2], es[0], es[2]}
		}},
		{"changed order", "chain.differs", func(p *storetest.Sister, es entries) (head, []byte, entries) {
			return p.Head, p.Signature(), entries{es[1], es[0], es[2]}
		}},
		{"another body", "", func(p *storetest.Sister, es entries) (head, []byte, entries) {
			es[1].Body = append([]byte{}, es[2].Body...)
			return p.Head, p.Signature(), es
		}},
		{"impossible entry", "", func(p *storetest.Sister, es entries) (head, []byte, entries) {
			es[1].Kind = ""
			return p.Head, p.Signature(), es
		}},
		{"other hash", "chain.differs", func(p *storetest.Sister, es entries) (head, []byte, entries) {
			p.Head.Hash[0] ^= 1
			return p.Head, p.Signature(), es
		}},
		{"more than its head", "chain.differs", func(p *storetest.Sister, es entries) (head, []byte, entries) {
			p.Head.Seq = 2
			return p.Head, p.Signature(), es
		}},
		{"another past", "chain.differs", func(p *storetest.Sister, es entries) (head, []byte, entries) {
			q := storetest.NewSister(2)
			all := sisterDossiers(t, q, 1, 6)
			return q.Head, q.Signature(), all
		}},
		{"our event with another header", "event.differs", func(p *storetest.Sister, es entries) (head, []byte, entries) {
			more, err := p.Append(storetest.Act(500, ours.ID, dossier.Withdrawn, dossier.Reason{Why: "x"}, ours.Heads...))
			must(t, err)
			return p.Head, p.Signature(), append(es, more...)
		}},
	} {
		err := rest(c.spoil)
		if err == nil || c.code != "" && dossier.Code(err) != c.code {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	wantCode(t, s.Adopt(ctx, pc.Genesis, storetest.NewSister(3).Owner()), "chain.differs")
	other := pc.Genesis
	other.CommonSeq = 1
	wantCode(t, s.Adopt(ctx, other, pc.Owner()), "chain.differs")
	wantCode(t, s.Adopt(ctx, dossier.Genesis{}, pc.Owner()), "chain.differs")
	wantCode(t, s.Adopt(ctx, storetest.NewSister(4).Genesis, ed25519.PublicKey("short")), "chain.differs")
	after, err := s.Chains(ctx)
	must(t, err)
	if len(after) != len(before) || after[1].Head != before[1].Head || after[0].Head != before[0].Head {
		t.Errorf("something was kept:\n%+v\n%+v", before, after)
	}
	if n, _ := s.Count(ctx, dossier.Query{}); n != 4 {
		t.Errorf("%d dossiers", n)
	}
	verified(t, s)
	must(t, rest(func(p *storetest.Sister, es entries) (head, []byte, entries) { return p.Head, p.Signature(), es }))
	verified(t, s)
}

func TestOwnChainIsWrittenHereOnly(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	_, err := receive(s, 1)
	must(t, err)
	own := s.Own()
	entries, err := s.Entries(ctx, own.Chain, 0, 100)
	must(t, err)
	must(t, s.Extend(ctx, own.Head, own.Signature, entries)) // our own words coming home
	next, err := dossier.Seal(storetest.Reception(2, "MAU-260105-0002"), [16]byte{1})
	must(t, err)
	head := own.Head
	head.Seq, head.Hash = head.Seq+1, dossier.NextHash(head.Hash, next.Header())
	wantCode(t, s.Extend(ctx, head, head.Sign(s.SigningKey()), []dossier.Entry{next}), "chain.own")
	wantCode(t, s.Adopt(ctx, dossier.Genesis{Chain: own.Chain, CommonSeq: 1}, own.Owner), "chain.differs")
	verified(t, s)
}

// The same event may stand in several chains: another PC hands on what it heard.
func TestEventOfTwoChainsCountsOnce(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	ours, err := receive(s, 1)
	must(t, err)
	must(t, s.Record(ctx, storetest.Act(50, ours.ID, dossier.TracePrinted, dossier.Print{Form: "receipt"})))
	entries, err := s.Entries(ctx, s.Own().Chain, 0, 100)
	must(t, err)
	pc := storetest.NewSister(2)
	must(t, s.Adopt(ctx, pc.Genesis, pc.Owner()))
	pc.Carry(entries...)
	must(t, s.Extend(ctx, pc.Head, pc.Signature(), entries))
	if n, _ := s.Count(ctx, dossier.Query{}); n != 1 {
		t.Errorf("%d dossiers", n)
	}
	if n, _ := s.Prints(ctx, ours.ID); n["receipt"] != 1 {
		t.Errorf("%v prints", n)
	}
	if got, ok, _ := s.Settings(ctx); !ok || got.Desk != 1 {
		t.Errorf("settings %+v", got)
	}
	check := verified(t, s)
	if check.Entries != 6 || check.Chains != 2 {
		t.Errorf("%+v", check)
	}
}

// What a newer version of the program did is kept and waits in sight; so does an act whose dossier has not come yet.
func TestUnknownAndEarlyEventsWaitInSight(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	pc := storetest.NewSister(2)
	must(t, s.Adopt(ctx, pc.Genesis, pc.Owner()))
	received := storetest.Reception(1, "MAU-260105-3001")
	entries, err := pc.Append(storetest.Act(60, received.Dossier, "teleport", 1, received.ID),
		storetest.Act(61, received.Dossier, dossier.Forwarded, dossier.Forward{}, received.ID), received)
	must(t, err)
	late := pc.Head
	pc.Head = dossier.Head{Chain: pc.Genesis.Chain, Hash: pc.Genesis.Hash()}
	pc.Carry(entries[:2]...)
	must(t, s.Extend(ctx, pc.Head, pc.Signature(), entries[:2]))
	d, err := s.Dossier(ctx, received.Dossier)
	must(t, err)
	if d.Status != dossier.StatusNone || !d.Waiting() || len(d.Course) != 2 {
		t.Errorf("%v %+v", d.Status, d.Course)
	}
	must(t, s.Extend(ctx, late, late.Sign(pc.Key), entries))
	d, err = s.Find(ctx, "mau-260105-3001 ")
	must(t, err)
	if d.Status != dossier.StatusProcessing || !d.Waiting() {
		t.Errorf("%v %+v", d.Status, d.Course)
	}
	verified(t, s)
}

func TestPurgedEntryIsKeptPurged(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	pc := storetest.NewSister(2)
	must(t, s.Adopt(ctx, pc.Genesis, pc.Owner()))
	entries := sisterDossiers(t, pc, 0, 1)
	purged := entries[0]
	purged.Salt, purged.Body, purged.Purged = [16]byte{}, nil, true
	must(t, s.Extend(ctx, pc.Head, pc.Signature(), []dossier.Entry{purged}))
	got, err := s.Entries(ctx, pc.Genesis.Chain, 0, 10)
	must(t, err)
	if len(got) != 1 || !got[0].Purged || len(got[0].Body) != 0 || string(got[0].Header()) != string(entries[0].Header()) {
		t.Errorf("%+v", got)
	}
	verified(t, s)
}
