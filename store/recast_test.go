package store

import (
	"context"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// A copy of a sister's journal that goes on in another way than hers gives way to hers; what it held stays and counts.
func TestRecastKeepsWhatItCutsAndFollowsTheOwner(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	pc := storetest.NewSister(2)
	adopt(t, s, pc)
	extend(t, s, pc, storetest.Reception(1, "MAU-260105-3001"))
	extend(t, s, pc, storetest.Reception(2, "MAU-260105-3002"))
	common := pc.Head
	signed := pc.Signature()
	twin := *pc // went on elsewhere
	extend(t, s, pc, storetest.Reception(3, "MAU-260105-3003"), storetest.Act(60, storetest.DossierID(1), "teleport", 1, storetest.EventID(1)),
		closed(61, storetest.Day(0), pc.Head))
	carried, err := s.Entries(ctx, pc.Genesis.Chain, 2, 1)
	must(t, err)
	up.Carry(carried...)
	must(t, s.Extend(ctx, up.Head, up.Signature(), carried)) // one of them stands elsewhere too
	must(t, s.KeepReceipt(ctx, up.Receipt(pc.Head, "BN-1")))

	wrong := common
	wrong.Hash[0] ^= 1
	wantCode(t, s.Recast(ctx, pc.Genesis.Chain, wrong), "chain.differs")
	wantCode(t, s.Recast(ctx, pc.Genesis.Chain, up.Head), "chain.differs")
	far := pc.Head
	far.Seq++
	wantCode(t, s.Recast(ctx, pc.Genesis.Chain, far), "chain.differs")
	wantCode(t, s.Recast(ctx, dossier.Chain{}, common), "chain.unknown")
	wantCode(t, s.Recast(ctx, s.Own().Chain, pointOf(t, s, 1)), "chain.own")
	alone, err := s.Alone(ctx, common)
	if err != nil || len(alone) != 2 || alone[0] != storetest.EventID(60) || alone[1] != storetest.EventID(61) {
		t.Errorf("%v %v", alone, err)
	}
	before := verified(t, s)
	must(t, s.Recast(ctx, pc.Genesis.Chain, pc.Head)) // its head: nothing to cut
	if check := verified(t, s); check.Loose != 0 || check.Entries != before.Entries {
		t.Errorf("%+v", check)
	}
	for range 2 {
		must(t, s.Recast(ctx, pc.Genesis.Chain, common))
	}
	if check := sound(t, s); check.Loose != 2 || check.Entries != before.Entries-3 || check.Receipts != 0 {
		t.Errorf("%+v", check)
	}
	for i := 1; i <= 3; i++ {
		if d, err := s.Dossier(ctx, storetest.DossierID(i)); err != nil || d.Status != dossier.StatusReceived {
			t.Errorf("%d: %v %v", i, d.Status, err)
		}
	}
	if head, signature, err := s.SignedHead(ctx, pc.Genesis.Chain, 0, 100); err != nil || head != common || string(signature) != string(signed) {
		t.Errorf("%+v %v", head, err)
	}
	if whence, err := s.Whence(ctx, storetest.DossierID(3)); err != nil || !whence[storetest.EventID(3)].Upstream {
		t.Errorf("%+v %v", whence, err)
	}
	// the owner's own continuation, which says one of them again
	adoptable, err := s.Entries(ctx, up.Genesis.Chain, 0, 1)
	must(t, err)
	if _, err := twin.Append(storetest.Reception(4, "MAU-260105-3004")); err != nil {
		t.Fatal(err)
	}
	fresh, err := dossier.Seal(storetest.Reception(4, "MAU-260105-3004"), salted(4))
	must(t, err)
	twin.Carry(adoptable...)
	must(t, s.Extend(ctx, twin.Head, twin.Signature(), append([]dossier.Entry{fresh}, adoptable...)))
	if check := sound(t, s); check.Loose != 2 {
		t.Errorf("%+v", check)
	}
	if head, _, err := s.SignedHead(ctx, pc.Genesis.Chain, 0, 100); err != nil || head != twin.Head {
		t.Errorf("%+v %v", head, err)
	}
	// cut inside of what was signed at once: up to there nobody can hand it on any more
	inside, ok, err := s.HashAt(ctx, pc.Genesis.Chain, 3)
	if !ok || err != nil {
		t.Fatal(err)
	}
	must(t, s.Recast(ctx, pc.Genesis.Chain, inside))
	if head, _, err := s.SignedHead(ctx, pc.Genesis.Chain, 2, 100); err != nil || head != (dossier.Head{}) {
		t.Errorf("%+v %v", head, err)
	}
	must(t, s.Recast(ctx, pc.Genesis.Chain, dossier.Head{Chain: pc.Genesis.Chain, Hash: pc.Genesis.Hash()}))
	sound(t, reopen(t, s))
}

func salted(i int) (salt [16]byte) {
	id := storetest.EventID(i)
	copy(salt[:], id[:])
	return salt
}

// What counts as cut in a recast is never a way to hide a row that was taken away.
func TestALooseEventThatNoRecastLeftIsAFault(t *testing.T) {
	s := lived(t)
	pc := storetest.NewSister(2)
	adopt(t, s, pc)
	extend(t, s, pc, storetest.Reception(5, "MAU-260105-3001"))
	common := pc.Head
	extend(t, s, pc, storetest.Reception(6, "MAU-260105-3002"))
	must(t, s.Recast(context.Background(), pc.Genesis.Chain, common))
	verified(t, s)
	db := rawly(t, s)
	_, err := db.Exec("DELETE FROM loose")
	must(t, err)
	if check, err := s.Verify(context.Background()); err != nil || len(check.Faults) == 0 {
		t.Errorf("%+v %v", check, err)
	}
	_, err = db.Exec("INSERT INTO loose SELECT no FROM event WHERE no NOT IN (SELECT event FROM entry) UNION SELECT min(no) FROM event")
	must(t, err)
	if check, err := s.Verify(context.Background()); err != nil || len(check.Faults) == 0 {
		t.Errorf("%+v %v", check, err)
	}
}

func TestHeadsAreKeptAsTheyCame(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	pc := storetest.NewSister(2)
	adopt(t, s, pc)
	var heads []dossier.Head
	var signatures [][]byte
	for i := range 5 {
		extend(t, s, pc, storetest.Reception(2*i, dossier.FormatNumber("MAU", storetest.Day(0), 3001+2*i)), storetest.Reception(2*i+1, dossier.FormatNumber("MAU", storetest.Day(0), 3002+2*i)))
		heads, signatures = append(heads, pc.Head), append(signatures, pc.Signature())
	}
	for _, c := range []struct {
		after uint64
		most  int
		want  int // which head, -1 for none
	}{{0, 100, 4}, {0, 2, 0}, {0, 1, -1}, {1, 1, 0}, {2, 1, -1}, {2, 3, 1}, {0, 9, 3}, {10, 5, -1}, {99, 5, -1}, {3, 0, -1}, {9, 1, 4}} {
		head, signature, err := s.SignedHead(ctx, pc.Genesis.Chain, c.after, c.most)
		must(t, err)
		want, signed := dossier.Head{}, []byte(nil)
		if c.want >= 0 {
			want, signed = heads[c.want], signatures[c.want]
		}
		if head != want || string(signature) != string(signed) {
			t.Errorf("after %d, %d: %+v", c.after, c.most, head)
		}
	}
	_, _, err := s.SignedHead(ctx, dossier.Chain{}, 0, 5)
	wantCode(t, err, "chain.unknown")
	for seq, want := range map[uint64]bool{0: true, 1: true, 10: true, 11: false, 1 << 62: false} {
		head, ok, err := s.HashAt(ctx, pc.Genesis.Chain, seq)
		if err != nil || ok != want || ok && head.Seq != seq || seq == 10 && head != pc.Head || seq == 0 && head.Hash != pc.Genesis.Hash() {
			t.Errorf("%d: %+v %v %v", seq, head, ok, err)
		}
	}
	if _, ok, err := s.HashAt(ctx, dossier.Chain{}, 0); ok || err != nil {
		t.Error(ok, err)
	}
	sound(t, s)
}
