package store

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

func purge(i int, events ...int) dossier.Event {
	p := dossier.Purge{Document: "5/QĐ", Date: storetest.Day(0), By: "Trưởng Mẫu", Why: "hết hạn lưu"}
	for _, e := range events {
		p.Events = append(p.Events, storetest.EventID(e))
	}
	return storetest.Act(i, dossier.ID{}, dossier.Purged, p)
}

// secret is a name that stands nowhere else.
const secret = "Nguyễn Bí Mật Mẫu"

func secretive(t testing.TB, s *Store, i int) dossier.Dossier {
	t.Helper()
	return named(t, s, i, func(in *dossier.Receive) { in.Requester.Person.Name = secret })
}

// leaks tells in which of the store's files a text is still to be read.
func leaks(t testing.TB, s *Store, text string) (in []string) {
	t.Helper()
	files, err := os.ReadDir(s.dir)
	must(t, err)
	for _, f := range files {
		content, err := os.ReadFile(filepath.Join(s.dir, f.Name()))
		must(t, err)
		if bytes.Contains(content, []byte(text)) || bytes.Contains(content, []byte(dossier.Fold(text))) {
			in = append(in, f.Name())
		}
	}
	return in
}

func TestPurgedIsForgottenAndEveryChainStillVerifies(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	d := secretive(t, s, 1)
	must(t, s.SaveDraft(ctx, "receive", []byte("đã nhập")))
	must(t, s.Record(ctx, printing(50, d.ID, "receipt"), ended(51, dossier.JobRefused, 50), ended(52, dossier.JobDone, 50)))
	_, err := perform(s, 53, d.ID, dossier.Forwarded, dossier.Forward{To: "Công an tỉnh Mẫu", At: storetest.Day(0).At(9, 0)})
	must(t, err)
	extend(t, s, up, storetest.Act(54, d.ID, dossier.Decided, dossier.Decision{Approved: true, Document: "1/QĐ"}, storetest.EventID(53)))
	kept, err := receive(s, 2)
	must(t, err)
	must(t, s.KeepReceipt(ctx, up.Receipt(s.Own().Head, "BN-1")))
	if leaks(t, s, secret) == nil || find(t, s, "bi mat") == nil {
		t.Fatal("nothing to forget")
	}
	before, _ := line(t, s)
	must(t, s.Record(ctx, purge(60, 1, 50, 51, 53, 54, 9999)))
	after, err := s.Dossier(ctx, d.ID)
	must(t, err)
	// The decision of the authority above stays: without it other acts would change their meaning.
	if after.Status != dossier.StatusDone || after.Decision == nil || after.Intake.Requester.Name() != "" || !after.Course[0].Purged || after.Course[2].Purged {
		t.Errorf("%+v", after)
	}
	if got := leaks(t, s, secret); got != nil {
		t.Errorf("still to be read in %v", got)
	}
	if got := find(t, s, "bi mat"); len(got) != 0 {
		t.Errorf("still found: %v", got)
	}
	if n, err := s.Prints(ctx, d.ID); err != nil || n["receipt"] != 0 {
		t.Errorf("%v %v", n, err)
	}
	if again, _ := line(t, s); len(again) != len(before)+1 {
		t.Errorf("%d entries, were %d", len(again), len(before))
	}
	entries, err := s.Entries(ctx, s.Own().Chain, 0, 100)
	must(t, err)
	purged := 0
	for _, e := range entries {
		if e.Purged {
			purged++
		}
	}
	if purged != 4 {
		t.Errorf("%d are handed on without body", purged)
	}
	if body, err := s.Draft(ctx, "receive"); string(body) != "đã nhập" || err != nil {
		t.Errorf("draft %q %v", body, err)
	}
	if other, err := s.Find(ctx, kept.Number); err != nil || other.Intake.Requester.Name() == "" {
		t.Errorf("%+v %v", other, err)
	}
	sound(t, s)
	// what was purged has its number for ever
	must(t, s.Record(ctx, purge(61, 2)))
	sound(t, s)
	if d, err := receive(s, 3); err != nil || d.Number != "MAU-260105-0003" {
		t.Error(d.Number, err)
	}
	fork(t, s, 0, dossier.HealedForked)
	sound(t, reopen(t, s))
}

// What was mended before it was purged is forgotten as well: the name that was wrong stood in the search index too.
func TestPurgedIsForgottenWithWhatWasCorrectedInIt(t *testing.T) {
	s, _ := enrolled(t)
	const wrong = "Zyqwv"
	d := named(t, s, 1, func(in *dossier.Receive) { in.Requester.Person.Name = "Mẫu " + wrong })
	for i := range 5 {
		_, err := receive(s, 2+i)
		must(t, err)
	}
	right := d.Intake.Requester
	right.Person.Name = "Kxjuw Mẫu"
	_, err := perform(s, 50, d.ID, dossier.Corrected, dossier.Correct{Requester: &right, Why: "gõ nhầm"})
	must(t, err)
	must(t, s.Record(context.Background(), purge(60, 1, 50)))
	for _, name := range []string{wrong, "Kxjuw"} {
		if got := leaks(t, s, name); got != nil {
			t.Errorf("%s is still to be read in %v", name, got)
		}
	}
	sound(t, s)
}

// A backup that reads the store holds the log; what was purged goes from it with the next thing that is kept.
func TestPurgedGoesFromTheLogThoughSomebodyWasReading(t *testing.T) {
	s, _ := enrolled(t)
	ctx := context.Background()
	secretive(t, s, 1)
	err := s.Copy(ctx, func(Census, int, int64) error {
		begun := time.Now()
		if err := s.Record(ctx, purge(60, 1)); err != nil {
			return err
		}
		if took := time.Since(begun); took > busyTimeout/2 {
			t.Errorf("whoever keeps something waits %v for whoever reads", took)
		}
		return nil
	}, func([]byte) error { return nil })
	must(t, err)
	if leaks(t, s, secret) == nil {
		t.Fatal("nobody was in the way")
	}
	_, err = receive(s, 2)
	must(t, err)
	if got := leaks(t, s, secret); got != nil {
		t.Errorf("still to be read in %v", got)
	}
}

// A power cut between the purge and the emptying of the log leaves it for whoever opens the store next.
func TestPurgedGoesFromTheLogAfterAPowerCut(t *testing.T) {
	s, _ := enrolled(t)
	ctx := context.Background()
	secretive(t, s, 1)
	cut := t.TempDir()
	err := s.Copy(ctx, func(Census, int, int64) error { // the log cannot be emptied
		if err := s.Record(ctx, purge(60, 1)); err != nil {
			return err
		}
		for _, suffix := range files {
			if err := copyFile(filepath.Join(s.dir, FileName+suffix), filepath.Join(cut, FileName+suffix), func(int) {}); err != nil {
				return err
			}
		}
		return nil
	}, func([]byte) error { return nil })
	must(t, err)
	again, err := Open(ctx, cut, Options{NoReserve: true})
	must(t, err)
	defer again.Close()
	if leaks(t, again, secret) == nil {
		t.Fatal("the log was empty")
	}
	_, err = receive(again, 2)
	must(t, err)
	if got := leaks(t, again, secret); got != nil {
		t.Errorf("still to be read in %v", got)
	}
}

// It is purged wherever the decision comes from, before the event or after it, and however often the event comes again.
func TestPurgedStaysPurgedWhateverComesLater(t *testing.T) {
	ctx := context.Background()
	pc, up := storetest.NewSister(2), storetest.NewSister(100)
	first, err := pc.Append(storetest.Reception(5, "MAU-260105-3001"), storetest.Reception(6, "MAU-260105-3002"))
	must(t, err)
	firstHead, firstSigned := pc.Head, pc.Signature()
	second, err := pc.Append(purge(70, 5))
	must(t, err)
	secondHead, secondSigned := pc.Head, pc.Signature()
	decided, err := up.Append(purge(71, 5, 6, 7))
	must(t, err)
	up.Carry(first...)
	steps := []func(*Store) error{
		func(s *Store) error { return s.Extend(ctx, firstHead, firstSigned, first) },
		func(s *Store) error {
			return s.Extend(ctx, secondHead, secondSigned, append(first[:2:2], second...))
		},
		func(s *Store) error {
			return s.Extend(ctx, up.Head, up.Signature(), append(decided[:1:1], first...))
		},
	}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {0, 2, 1}, {2, 0, 1}} {
		s, _ := enrolled(t)
		must(t, s.Adopt(ctx, pc.Genesis, pc.Owner()))
		for _, i := range order {
			must(t, steps[i](s))
			sound(t, s)
		}
		for _, i := range []int{5, 6} {
			e, err := s.Dossier(ctx, storetest.DossierID(i))
			must(t, err)
			if !e.Course[0].Purged || e.Intake.Requester.Name() != "" {
				t.Errorf("%v: dossier %d: %+v", order, i, e)
			}
		}
		for range 2 { // late copies with their bodies
			must(t, steps[0](s))
			must(t, steps[1](s))
		}
		if _, err := receive(s, 7); err == nil { // nobody receives under an id that is to be forgotten
			t.Errorf("%v: received", order)
		}
		if d, err := receive(s, 8); err != nil || d.Number != "MAU-260105-0001" {
			t.Errorf("%v: %s %v", order, d.Number, err)
		}
		sound(t, reopen(t, s))
	}
}

// A PC that joins after a purge gets headers only. The number is on paper all the same: it is shown, and not given a second time.
func TestNumberOfWhatWasPurgedIsKnownToWhoNeverSawIt(t *testing.T) {
	ctx := context.Background()
	const number = "MAU-260105-0001"
	pc, up := storetest.NewSister(2), storetest.NewSister(100)
	first, err := pc.Append(storetest.Reception(5, number))
	must(t, err)
	first[0].Purged, first[0].Body, first[0].Salt = true, nil, [16]byte{}
	head, signed := pc.Head, pc.Signature()
	decision := storetest.Act(70, dossier.ID{}, dossier.Purged, dossier.Purge{Events: []dossier.EventID{first[0].ID}, Number: number, Document: "5/QĐ", Date: storetest.Day(0),
		By: "Trưởng Mẫu", Why: "hết hạn lưu"})
	decided, err := up.Append(decision)
	must(t, err)
	steps := []func(*Store) error{
		func(s *Store) error { return s.Extend(ctx, head, signed, first) },
		func(s *Store) error { return s.Extend(ctx, up.Head, up.Signature(), decided) },
	}
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		s, _ := enrolled(t)
		must(t, s.Adopt(ctx, pc.Genesis, pc.Owner()))
		for _, i := range order {
			must(t, steps[i](s))
			sound(t, s)
		}
		if d, err := s.Find(ctx, number); err != nil || d.Number != number || !d.Course[0].Purged {
			t.Errorf("%v: %q %v", order, d.Number, err)
		}
		if d, err := receive(s, 8); err != nil || d.Number == number {
			t.Errorf("%v: %s %v", order, d.Number, err)
		}
		sound(t, reopen(t, s))
	}
}

func TestWrongPurgesAreRefusedOrNameNothing(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	_, err := receive(s, 1)
	must(t, err)
	var many []int
	for i := range dossier.MaxPurge + 1 {
		many = append(many, i)
	}
	for _, e := range []dossier.Event{purge(70), purge(71, many...), storetest.Act(72, dossier.ID{}, dossier.Purged, "x")} {
		if s.Record(ctx, e) == nil {
			t.Errorf("%s was recorded", e.Body[:min(len(e.Body), 40)])
		}
	}
	pc := storetest.NewSister(2)
	adopt(t, s, pc)
	extend(t, s, pc, purge(73), purge(74, many...), storetest.Act(75, dossier.ID{}, dossier.Purged, "x"))
	if d, err := s.Dossier(ctx, storetest.DossierID(1)); err != nil || d.Course[0].Purged {
		t.Errorf("%+v %v", d.Course, err)
	}
	sound(t, s)
}

// Bodies that are gone without a decision are missed, and decisions that were not carried out.
func TestVerifyHoldsBodiesAgainstDecisions(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	_, err := receive(s, 1)
	must(t, err)
	_, err = receive(s, 2)
	must(t, err)
	must(t, s.Record(ctx, purge(70, 1)))
	verified(t, s)
	dir := twin(t, s)
	for _, spoil := range []string{
		"UPDATE event SET salt = NULL, body = NULL WHERE id = (SELECT id FROM event WHERE course = 1 AND salt IS NOT NULL)",
		"DELETE FROM purged", "UPDATE purged SET decision = NULL", "UPDATE purged SET decision = zeroblob(16)", "UPDATE purged SET event = zeroblob(16)",
		"INSERT INTO purged VALUES (zeroblob(16), NULL, '')", "UPDATE purged SET number = ''", "UPDATE purged SET number = 'MAU-260105-0009'",
		"INSERT INTO purged SELECT id, NULL, '' FROM event WHERE course = 1 AND salt IS NOT NULL",
	} {
		s := twin(t, dir)
		_, err := rawly(t, s).Exec(spoil)
		must(t, err)
		if check, err := s.Verify(ctx); err != nil || len(check.Faults) == 0 {
			// A number that a later one of its run covers is missed by nobody, and nobody needs it.
			if !strings.Contains(spoil, "number = ''") {
				t.Errorf("%s: %v", spoil, err)
			}
		}
	}
}
