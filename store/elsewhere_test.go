package store

import (
	"context"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// What another PC wrote down, that PC sends: nothing here knows whether it is sent. And an apology moves no lateness.
func TestRowSaysWhoseItIsAndWhenItIsLate(t *testing.T) {
	s, ctx := newStore(t, 1), context.Background()
	pc := storetest.NewSister(2)
	must(t, s.Adopt(ctx, pc.Genesis, pc.Owner()))
	in := storetest.Receive(1, "MAU-260105-3001")
	in.Due.At = in.ReceivedAt.Add(48 * time.Hour)
	received := storetest.Act(1, storetest.DossierID(1), dossier.Received, in)
	entries, err := pc.Append(received, storetest.Act(2, received.Dossier, dossier.Rescheduled, dossier.Reschedule{Why: "x", Due: dossier.Due{At: in.Due.At.Add(99 * time.Hour)}}, received.ID))
	must(t, err)
	must(t, s.Extend(ctx, pc.Head, pc.Signature(), entries))
	row, err := s.Summary(ctx, received.Dossier)
	must(t, err)
	if !row.Elsewhere || !row.LateAfter.Equal(in.Due.At) || row.Due.Equal(in.Due.At) || !row.Late(in.Due.At.Add(time.Minute)) || row.Late(in.Due.At) {
		t.Errorf("%+v", row)
	}
	_, err = perform(s, 100, received.Dossier, dossier.Notified, dossier.Notify{To: "x"})
	must(t, err)
	if row, err = s.Summary(ctx, received.Dossier); err != nil || row.Elsewhere || row.Unsent != 1 {
		t.Errorf("%+v %v", row, err)
	}
	verified(t, s)
}

// "Đã gửi" is never said of a dossier of which another PC still has something to send.
func TestRowIsSentWhenAllThatStandsInItIs(t *testing.T) {
	s, up := enrolled(t)
	ctx, pc := context.Background(), storetest.NewSister(2)
	must(t, s.Adopt(ctx, pc.Genesis, pc.Owner()))
	must(t, s.Adopt(ctx, up.Genesis, up.Owner()))
	mine, err := receive(s, 1)
	must(t, err)
	must(t, s.KeepReceipt(ctx, up.Receipt(s.Own().Head, "BN-1")))
	want := func(elsewhere bool) {
		t.Helper()
		if row, err := s.Summary(ctx, mine.ID); err != nil || row.Unsent != 0 || row.Elsewhere != elsewhere {
			t.Errorf("%+v %v", row, err)
		}
	}
	want(false)
	decided, err := up.Append(storetest.Act(3, mine.ID, dossier.Decided, dossier.Decision{Approved: true, Document: "1/TB", Date: storetest.Day(1)}))
	must(t, err)
	must(t, s.Extend(ctx, up.Head, up.Signature(), decided))
	want(false) // what upstream says it has
	entries, err := pc.Append(storetest.Act(2, mine.ID, dossier.Notified, dossier.Notify{To: "x"}))
	must(t, err)
	must(t, s.Extend(ctx, pc.Head, pc.Signature(), entries))
	want(true)
	must(t, s.KeepReceipt(ctx, up.Receipt(pc.Head, "BN-2")))
	want(false)
}
