package store

import (
	"context"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// enrolled is a store that upstream has admitted.
func enrolled(t testing.TB) (*Store, *storetest.Sister) {
	t.Helper()
	s, up := newStore(t, 1), storetest.NewSister(100)
	must(t, s.Enrol(context.Background(), up.Upstream(1)))
	return s, up
}

func TestEnrolmentIsKeptWithItsDesk(t *testing.T) {
	ctx := context.Background()
	s, err := Create(ctx, t.TempDir(), noReserve)
	must(t, err)
	defer s.Close()
	up := storetest.NewSister(100)
	wantCode(t, s.Enrol(ctx, up.Upstream(1)), "store.not-set-up")
	must(t, s.Record(ctx, storetest.SettingsEvent(1)))
	if _, ok, err := s.Upstream(ctx); ok || err != nil {
		t.Error(ok, err)
	}
	wantCode(t, s.Enrol(ctx, up.Upstream(4)), "desk.range")
	if s.Own().Head.Seq != 1 {
		t.Error("a failed enrolment was kept")
	}
	must(t, s.Enrol(ctx, up.Upstream(3)))
	s = reopen(t, s)
	got, ok, err := s.Upstream(ctx)
	if err != nil || !ok || !got.Key.Equal(up.Owner()) || got.Chain != up.Genesis || got.Desk != 3 || got.Station != "mau" {
		t.Errorf("%+v %v %v", got, ok, err)
	}
	settings, _, err := s.Settings(ctx)
	if err != nil || settings.Desk != 3 || len(settings.Officers) != 1 {
		t.Errorf("%+v %v", settings, err)
	}
	states, err := s.Chains(ctx)
	if err != nil || len(states) != 2 || states[1].Genesis != up.Genesis {
		t.Errorf("%+v %v", states, err)
	}
	d, err := receive(s, 1)
	if err != nil || d.Number != "MAU-260105-6001" {
		t.Error(d.Number, err)
	}
	verified(t, s)
}

// I3: nothing is sent but what a stored receipt covers.
func TestOnlyAReceiptMakesAnActSent(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	first, err := receive(s, 1)
	must(t, err)
	covered := s.Own().Head
	must(t, s.Record(ctx, storetest.Act(70, first.ID, dossier.TraceOpened, struct{}{})))
	_, err = perform(s, 71, first.ID, dossier.Forwarded, dossier.Forward{To: "Công an tỉnh Mẫu"})
	must(t, err)
	second, err := receive(s, 2)
	must(t, err)

	unsent := func(id dossier.ID) int {
		row, err := s.Summary(ctx, id)
		must(t, err)
		return row.Unsent
	}
	queue := func() dossier.Queue {
		q, err := s.Queue(ctx)
		must(t, err)
		return q
	}
	if q := queue(); q.Acts != 3 || q.Entries != 6 || len(q.Rows) != 3 || q.Receipt != nil || unsent(first.ID) != 2 || unsent(second.ID) != 1 {
		t.Errorf("before any receipt: %+v", q)
	}
	beyond := s.Own().Head
	beyond.Seq += 5
	other := covered
	other.Hash[0] ^= 1
	elsewhere := covered
	elsewhere.Incarnation[0] ^= 1
	forged := storetest.NewSister(101).Receipt(covered, "forged")
	altered := up.Receipt(covered, "BN-1")
	altered.Seq = s.Own().Head.Seq
	notOurs := up.Receipt(covered, "BN-1")
	notOurs.Station = "another"
	notOurs.Sign(up.Key)
	upstreams := up.Receipt(up.Head, "BN-1")
	for name, c := range map[string]struct {
		receipt dossier.Receipt
		code    string
	}{
		"another's key":         {forged, "receipt.foreign"},
		"altered":               {altered, "receipt.foreign"},
		"unsigned":              {dossier.Receipt{Head: covered, Station: "mau"}, "receipt.foreign"},
		"another station":       {notOurs, "receipt.foreign"},
		"another life of ours":  {up.Receipt(elsewhere, "BN-1"), "receipt.foreign"},
		"a chain not ours":      {upstreams, "receipt.foreign"},
		"another history":       {up.Receipt(other, "BN-1"), "receipt.differs"},
		"more than we ever had": {up.Receipt(beyond, "BN-1"), "receipt.differs"},
	} {
		if err := s.KeepReceipt(ctx, c.receipt); dossier.Code(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if q := queue(); q.Acts != 3 || q.Receipt != nil {
		t.Errorf("a false receipt counts: %+v", q)
	}
	must(t, s.KeepReceipt(ctx, up.Receipt(covered, "BN-1")))
	q := queue()
	if q.Acts != 2 || q.Entries != 3 || len(q.Rows) != 2 || q.Receipt == nil || q.Receipt.Number != "BN-1" || unsent(first.ID) != 1 ||
		unsent(second.ID) != 1 || q.Rows[0].Kind != dossier.Forwarded || q.Rows[0].Number != first.Number ||
		q.Rows[1].Name != second.Intake.Requester.Name() || !q.Oldest.Equal(q.Rows[0].At) {
		t.Errorf("after a receipt for %d: %+v", covered.Seq, q)
	}
	must(t, s.KeepReceipt(ctx, up.Receipt(s.Own().Head, "BN-2")))
	must(t, s.KeepReceipt(ctx, up.Receipt(covered, "BN-3"))) // late: it lowers nothing
	if r := s.Own().Receipt; r == nil || r.Number != "BN-2" {
		t.Errorf("own: %+v", r)
	}
	s = reopen(t, s)
	if q := queue(); q.Acts != 0 || q.Entries != 0 || q.Rows != nil || !q.Oldest.IsZero() || q.Receipt.Number != "BN-2" || unsent(first.ID) != 0 {
		t.Errorf("all sent: %+v", q)
	}
	if r := s.Own().Receipt; r == nil || !r.SignedBy(up.Owner()) {
		t.Errorf("own: %+v", r)
	}
	if check := verified(t, s); check.Receipts != 1 {
		t.Errorf("%+v", check)
	}
	// another upstream has said nothing yet
	must(t, s.Enrol(ctx, storetest.NewSister(101).Upstream(1)))
	if q := queue(); q.Acts != 3 || q.Receipt != nil || s.Own().Receipt != nil {
		t.Errorf("another upstream: %+v", q)
	}
	must(t, s.Enrol(ctx, up.Upstream(1)))
	if q := queue(); q.Acts != 0 || q.Entries != 2 || s.Own().Receipt == nil {
		t.Errorf("back again: %+v", q)
	}
	verified(t, s)
}

func TestReceiptBeforeEnrolmentIsRefused(t *testing.T) {
	s := newStore(t, 1)
	wantCode(t, s.KeepReceipt(context.Background(), storetest.NewSister(100).Receipt(s.Own().Head, "BN-1")), "store.not-enrolled")
}

func TestSentBackStandsUntilCorrectedHere(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	one, err := receive(s, 1)
	must(t, err)
	other, err := receive(s, 2)
	must(t, err)
	say := func(events ...dossier.Event) {
		entries, err := up.Append(events...)
		must(t, err)
		must(t, s.Extend(ctx, up.Head, up.Signature(), entries))
	}
	back := func(i int, about dossier.EventID, why string) dossier.Event {
		return storetest.Act(i, dossier.ID{}, dossier.SentBack, dossier.SendBack{Event: about, Why: why})
	}
	says := func(id dossier.ID) string {
		row, err := s.Summary(ctx, id)
		must(t, err)
		return row.SentBack
	}
	say(back(80, one.Heads[0], "Thiếu số văn bản"), back(81, storetest.EventID(9999), "không có ở đây"))
	if says(one.ID) != "Thiếu số văn bản" || says(other.ID) != "" {
		t.Errorf("%q %q", says(one.ID), says(other.ID))
	}
	q, err := s.Queue(ctx)
	if err != nil || len(q.SentBack) != 1 || q.SentBack[0].Event != one.Heads[0] || q.SentBack[0].Why != "Thiếu số văn bản" ||
		q.SentBack[0].Number != one.Number {
		t.Errorf("%+v %v", q.SentBack, err)
	}
	note := "đã bổ sung"
	_, err = perform(s, 82, one.ID, dossier.Notified, dossier.Notify{To: "x"}) // mends nothing
	must(t, err)
	if says(one.ID) == "" {
		t.Error("a notice mended it")
	}
	corrected, err := perform(s, 83, one.ID, dossier.Corrected, dossier.Correct{Note: &note, Why: "cấp trên yêu cầu"})
	must(t, err)
	if says(one.ID) != "" {
		t.Errorf("corrected, still %q", says(one.ID))
	}
	if q, _ := s.Queue(ctx); len(q.SentBack) != 0 {
		t.Errorf("%+v", q.SentBack)
	}
	say(back(84, corrected.Heads[0], "vẫn sai"))
	if says(one.ID) != "vẫn sai" {
		t.Errorf("%q", says(one.ID))
	}
	verified(t, s)
	must(t, s.Rebuild(ctx))
	if says(one.ID) != "vẫn sai" {
		t.Errorf("rebuilt: %q", says(one.ID))
	}
	// One that was annulled before the word came is not to be mended any more, and nobody is asked to.
	annulled, err := perform(s, 86, other.ID, dossier.Annulled, dossier.Reason{Why: "nhầm"})
	must(t, err)
	say(back(87, other.Heads[0], "thiếu số văn bản"), back(88, annulled.Heads[0], "thiếu lý do"))
	if q, err := s.Queue(ctx); says(other.ID) != "" || err != nil || len(q.SentBack) != 1 {
		t.Errorf("annulled: %q, %+v", says(other.ID), q.SentBack)
	}
	// the word comes before the act it speaks of
	say(back(85, storetest.EventID(3), "đến trước"))
	early, err := receive(s, 3)
	must(t, err)
	if says(early.ID) != "đến trước" {
		t.Errorf("%q", says(early.ID))
	}
	verified(t, s)
}

func TestDecisionOfUpstreamReachesTheDossier(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	d, err := receive(s, 1)
	must(t, err)
	decide := storetest.Act(90, d.ID, dossier.Decided, dossier.Decision{Approved: true, Document: "1/QĐ", Date: dossier.Date{Year: 2026, Month: time.January, Day: 6}}, d.Heads...)
	entries, err := up.Append(decide)
	must(t, err)
	must(t, s.Extend(ctx, up.Head, up.Signature(), entries))
	row, err := s.Summary(ctx, d.ID)
	must(t, err)
	if row.Status != dossier.StatusDone || row.Unsent != 1 {
		t.Errorf("%+v", row)
	}
	verified(t, s)
}
