package receive

import (
	"context"
	"encoding/json"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/wire"
)

var approval = dossier.Decision{Approved: true, Document: "01/TB-MAU", Date: dossier.Date{Year: 2026, Month: 11, Day: 20}}

func TestDecisionIsForItsDossierAndRecordedOnce(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	one := reception(1)
	p.happen(t, one, reception(2))
	forwarded := storetest.Act(200, one.Dossier, dossier.Forwarded, dossier.Forward{To: "Mẫu"}, one.ID)
	p.happen(t, forwarded)
	p.mustTake(t, 1, 3)
	c, first, err := u.Decide(context.Background(), numberOf(1), approval)
	if err != nil || !first || c.Status != dossier.StatusDone || c.Decision.By != Authority {
		t.Fatalf("%+v, %v, %v", c, first, err)
	}
	again := approval
	again.Document, again.By = " 01/TB-MAU ", "ai khác"
	if c, first, err = u.Decide(context.Background(), c.ID.String(), again); err != nil || first || c.Decision.By != Authority {
		t.Errorf("the same decision again: %+v, %v, %v", c.Decision, first, err)
	}
	other := approval
	other.Document = "02/TB-MAU"
	_, _, err = u.Decide(context.Background(), numberOf(1), other)
	wantCode(t, err, "act.not-allowed")

	word := p.upstreamsWord(t)
	if len(word) != 1 || word[0].Kind != dossier.Decided || word[0].Dossier != one.Dossier || len(word[0].Bases) != 1 || word[0].Bases[0] != forwarded.ID {
		t.Fatalf("%+v", word)
	}
	entries := append([]dossier.Entry{word[0], word[0]}, p.entries[0], p.entries[2])
	if d := dossier.Replay(entries); d.Status != dossier.StatusDone || len(d.Course) != 3 {
		t.Errorf("at the station: %+v", d)
	}
	// I9: at a dossier it was not made for it waits in sight.
	if d := dossier.Replay([]dossier.Entry{word[0], p.entries[1]}); d.Decision != nil || !d.Waiting() || d.Status != dossier.StatusReceived {
		t.Errorf("applied to another dossier: %+v", d)
	}
}

func TestDecisionThatCannotBeIsRefused(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	refused := storetest.Act(300, storetest.DossierID(3), dossier.Refused, dossier.Refuse{Receive: storetest.Receive(3, "MAU-260105-TC01"), Why: "Không thuộc thẩm quyền"})
	orphan := storetest.Act(301, storetest.DossierID(4), dossier.Forwarded, dossier.Forward{To: "x"}, storetest.EventID(999))
	p.happen(t, reception(1), refused, orphan)
	p.mustTake(t, 1, 3)
	change := func(do func(*dossier.Decision)) dossier.Decision {
		d := approval
		do(&d)
		return d
	}
	for _, x := range []struct {
		which string
		d     dossier.Decision
		code  string
	}{
		{"MAU-000000-0000", approval, "upstream.no-dossier"},
		{"", approval, "upstream.no-dossier"},
		{storetest.DossierID(77).String(), approval, "upstream.no-dossier"},
		{"MAU-260105-TC01", approval, "act.not-allowed"},
		{storetest.DossierID(4).String(), approval, "act.not-received"},
		{numberOf(1), change(func(d *dossier.Decision) { d.Document = " " }), "decide.document-missing"},
		{numberOf(1), change(func(d *dossier.Decision) { d.Date = dossier.Date{} }), "date.format"},
		{numberOf(1), change(func(d *dossier.Decision) { d.Date.Day = 31 }), "date.format"},
		{numberOf(1), change(func(d *dossier.Decision) { d.Approved = false }), "decide.reason-missing"},
	} {
		_, _, err := u.Decide(context.Background(), x.which, x.d)
		wantCode(t, err, x.code)
	}
	if n := len(p.upstreamsWord(t)); n != 0 {
		t.Errorf("%d events were said all the same", n)
	}
}

func TestSameNumberAtTwoStationsIsAskedForByID(t *testing.T) {
	u, _, _ := open(t)
	p, q := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Khác", 1)
	theirs := storetest.Reception(9, numberOf(1))
	p.happen(t, reception(1))
	q.happen(t, theirs)
	p.mustTake(t, 1, 1)
	q.mustTake(t, 1, 1)
	_, _, err := u.Decide(context.Background(), numberOf(1), approval)
	wantCode(t, err, "upstream.two-dossiers")
	c, _, err := u.Decide(context.Background(), theirs.Dossier.String(), approval)
	if err != nil || c.Station != "Trạm Khác" {
		t.Errorf("%+v, %v", c.Station, err)
	}
	if len(p.upstreamsWord(t)) != 0 || len(q.upstreamsWord(t)) != 1 {
		t.Error("the decision went to another station")
	}
	_, err = u.List(context.Background(), Query{Station: "Trạm Lạ"})
	wantCode(t, err, "upstream.no-station")
}

func TestStationCannotTouchAnothersDossier(t *testing.T) {
	u, _, _ := open(t)
	p, q := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Khác", 1)
	one := reception(1)
	p.happen(t, one)
	q.happen(t, storetest.Act(400, one.Dossier, dossier.Annulled, dossier.Reason{Why: "phá"}, one.ID))
	p.mustTake(t, 1, 1)
	q.mustTake(t, 1, 1)
	c, err := u.Find(context.Background(), numberOf(1))
	if err != nil || c.Status != dossier.StatusReceived || len(c.Course) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestStationsDoNotSeeOneAnother(t *testing.T) {
	u, _, _ := open(t)
	p, sister, q := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2), enrolled(t, u, 3, "Trạm Khác", 1)
	for i := range 230 {
		p.happen(t, reception(i))
	}
	for _, at := range [][2]int{{1, 70}, {71, 170}, {171, 171}, {172, 230}} {
		p.mustTake(t, at[0], at[1])
	}
	chains := sister.hello(t).Chains
	if len(chains) != 3 {
		t.Errorf("%d chains", len(chains))
	}
	for _, held := range chains {
		got := sister.pull(t, held)
		if held.Chain == p.Genesis.Chain && len(got) != 230 {
			t.Errorf("the sister got %d entries", len(got))
		}
	}
	for _, held := range q.hello(t).Chains {
		if held.Chain == p.Genesis.Chain {
			t.Error("another station was told of the chain")
		}
	}
	for who, question := range map[*pc][]byte{
		q: wire.Pull{Chain: p.Genesis.Chain}.Encode(),
		p: wire.Pull{Chain: dossier.Chain{Device: dossier.DeviceID{9}}}.Encode(),
	} {
		_, err := u.Pull(context.Background(), who.Owner(), question)
		wantCode(t, err, "journal.unknown")
	}
	for _, after := range []uint64{230, 231, 1 << 62} {
		_, err := u.Pull(context.Background(), p.Owner(), wire.Pull{Chain: p.Genesis.Chain, After: after}.Encode())
		wantCode(t, err, "journal.nothing")
	}
	for _, question := range [][]byte{[]byte("{}"), wire.Pull{Chain: p.Genesis.Chain, After: 1<<64 - 1}.Encode()} {
		_, err := u.Pull(context.Background(), p.Owner(), question)
		wantCode(t, err, "message.bad")
	}
	_, err := u.Hello(context.Background(), p.Owner(), []byte("{}"))
	wantCode(t, err, "message.bad")
}

func TestVerifyFindsWhatWasChangedInTheFile(t *testing.T) {
	for name, change := range map[string]string{
		"a body":             "UPDATE entry SET body = '{}' WHERE seq = 2",
		"a header":           "UPDATE entry SET header = (SELECT header FROM entry WHERE seq = 1) WHERE seq = 2",
		"a hash":             "UPDATE entry SET hash = zeroblob(32) WHERE seq = 2",
		"an entry gone":      "DELETE FROM entry WHERE seq = 2",
		"the last gone":      "DELETE FROM entry WHERE seq = 3",
		"a head set back":    "UPDATE chain SET seq = 2 WHERE seq = 3",
		"a signature":        "UPDATE head SET signature = zeroblob(64)",
		"a signature ahead":  "INSERT INTO head SELECT chain, 99, signature FROM head",
		"a receipt":          "UPDATE receipt SET number = 'BN-261120-9999'",
		"a receipt ahead":    "UPDATE receipt SET seq = 99",
		"a receipt's moment": "UPDATE receipt SET at = at + 1000",
		"a cut salt":         "UPDATE entry SET salt = x'00' WHERE seq = 2",
		"a purge not asked":  "UPDATE entry SET salt = NULL, body = NULL, header = zeroblob(80) WHERE seq = 2",
		"station renamed":    "UPDATE station SET name = 'Trạm Đổi Tên'",
	} {
		t.Run(name, func(t *testing.T) {
			u, _, _ := open(t)
			p := enrolled(t, u, 1, "Trạm Mẫu", 1)
			p.happen(t, reception(1), reception(2), reception(3))
			p.mustTake(t, 1, 3)
			wantSound(t, u, 3, 0)
			if _, err := u.write.Exec(change); err != nil {
				t.Fatal(err)
			}
			check, err := u.Verify(context.Background())
			if err != nil || len(check.Faults) == 0 {
				t.Errorf("%+v, %v", check, err)
			}
		})
	}
}

func TestPurgedEntriesVerifyAndTravel(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1), reception(2))
	p.entries[0].Purged, p.entries[0].Salt, p.entries[0].Body = true, [16]byte{}, nil
	p.mustTake(t, 1, 2)
	wantSound(t, u, 2, 0)
	for _, held := range p.hello(t).Chains {
		if got := p.pull(t, held); held.Chain == p.Genesis.Chain && (len(got) != 2 || !got[0].Purged || got[1].Purged) {
			t.Errorf("%+v", got)
		}
	}
	if len(sentBack(t, p)) != 0 {
		t.Error("a purged entry was sent back")
	}
}

func TestDecisionBodyIsTheDeskOwn(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1))
	p.mustTake(t, 1, 1)
	no := dossier.Decision{Document: "03/TB-MAU", Date: approval.Date, Why: "Không xác định được chủ thể."}
	if _, _, err := u.Decide(context.Background(), numberOf(1), no); err != nil {
		t.Fatal(err)
	}
	var got dossier.Decision
	word := p.upstreamsWord(t)
	if err := json.Unmarshal(word[0].Body, &got); err != nil || !got.Same(no) || got.Why != no.Why || word[0].By != Officer {
		t.Errorf("%+v, %v", got, err)
	}
}
