package store

import (
	"context"
	"fmt"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

func admitted(i int, pc *storetest.Sister, desk int) dossier.Event {
	return storetest.Act(i, dossier.ID{}, dossier.Admitted, dossier.Admission{Device: pc.Genesis.Device, Desk: desk, Key: pc.Owner(), Recipient: fmt.Sprint("age1-", desk), Chain: pc.Genesis})
}

// Only upstream says who is a PC of the station; each says itself which keys it goes on with.
func TestRosterIsUpstreamsWordAndEachPCsOwnKeys(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	two, three, four := storetest.NewSister(2), storetest.NewSister(3), storetest.NewSister(4)
	for _, pc := range []*storetest.Sister{two, three, four} {
		adopt(t, s, pc)
	}
	is := func(want string) {
		t.Helper()
		for range 2 {
			roster, err := s.Roster(ctx)
			must(t, err)
			got := ""
			for _, a := range roster {
				got += fmt.Sprintf("%x%d%x ", a.Device[0], a.Desk, a.Key[:1])
			}
			if got != want {
				t.Errorf("%s, want %s", got, want)
			}
			sound(t, s)
		}
	}
	key := func(pc *storetest.Sister) string { return fmt.Sprintf("%x", pc.Owner()[:1]) }
	is("")
	extend(t, s, two, admitted(50, two, 1)) // a PC cannot admit
	is("")
	extend(t, s, up, admitted(51, three, 3), admitted(52, two, 2))
	is("22" + key(two) + " 33" + key(three) + " ")
	next := storetest.NewSister(22)
	extend(t, s, two, storetest.Act(53, dossier.ID{}, dossier.KeySet, dossier.NewKey{Key: next.Owner(), Recipient: "age1new"}))
	extend(t, s, three, storetest.Act(54, dossier.ID{}, dossier.Revoked, dossier.Revocation{Device: two.Genesis.Device})) // nor revoke
	is("22" + key(next) + " 33" + key(three) + " ")
	extend(t, s, up, storetest.Act(55, dossier.ID{}, dossier.Revoked, dossier.Revocation{Device: three.Genesis.Device}), admitted(56, four, 3),
		storetest.Act(57, dossier.ID{}, dossier.Admitted, "garbage"))
	is("22" + key(next) + " 43" + key(four) + " ")
	extend(t, s, up, admitted(58, three, 3)) // once revoked, for ever
	is("22" + key(next) + " 43" + key(four) + " ")
	// upstream's journal goes on in another way: what it had not said there it has not said
	point, ok, err := s.HashAt(ctx, up.Genesis.Chain, 2)
	if err != nil || !ok {
		t.Fatal(err)
	}
	must(t, s.Recast(ctx, up.Genesis.Chain, point))
	is("22" + key(next) + " 33" + key(three) + " ")
	fork(t, s, 0, dossier.HealedForked)
	is("22" + key(next) + " 33" + key(three) + " ")
	// another unit above says who is of its stations
	must(t, s.Enrol(ctx, storetest.NewSister(101).Upstream(1)))
	is("22" + key(next) + " 33" + key(three) + " ")
}
