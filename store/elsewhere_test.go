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
