package store

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// wordOn is a word on people that somebody said at a moment.
func wordOn(i int, by dossier.OfficerID, at time.Time, kind dossier.Kind, body any) dossier.Event {
	e := storetest.Act(i, dossier.ID{}, kind, body)
	e.By, e.At = by, at
	return e
}

// peopled are people in every state there is.
func peopled(i int) []dossier.Event {
	at := storetest.Day(1).At(8, 0)
	admit := func(i int, id dossier.OfficerID, from time.Time) dossier.Event {
		return wordOn(i, "mau", at, dossier.UserAdmitted, dossier.UserAdmission{User: id, Name: "Trần Thị Thử", Title: "Đại úy", Role: dossier.RoleReception, From: from})
	}
	return []dossier.Event{admit(i, "mau", time.Time{}), admit(i+1, "thu", at.Add(time.Hour)), admit(i+2, "gia", time.Time{}),
		wordOn(i+3, "mau", at.Add(time.Minute), dossier.TraceSignedIn, dossier.SignIn{How: dossier.ByPassword}),
		wordOn(i+4, "mau", at.Add(2*time.Minute), dossier.UserRole, dossier.RoleChange{User: "gia", Was: dossier.RoleReception, Role: dossier.RoleChief}),
		wordOn(i+5, "mau", at.Add(3*time.Minute), dossier.PasswordReset, dossier.PasswordSet{User: "gia", How: dossier.ByOther}),
		wordOn(i+6, "mau", at.Add(4*time.Minute), dossier.UserRemoved, dossier.UserRemoval{User: "gia", Why: "chuyển công tác"})}
}

// someWord is any word on one of a few people, at any time.
func someWord(rt *rapid.T, i int) dossier.Event {
	who := rapid.SampledFrom([]dossier.OfficerID{"mau", "thu"}).Draw(rt, "who")
	at := storetest.Day(0).At(8, 0).Add(time.Duration(rapid.IntRange(-50, 50).Draw(rt, "at")) * time.Hour)
	role := rapid.SampledFrom(dossier.Roles).Draw(rt, "role")
	switch rapid.IntRange(0, 5).Draw(rt, "word") {
	case 0, 1:
		return wordOn(i, "mau", at, dossier.UserAdmitted, dossier.UserAdmission{User: who, Name: fmt.Sprint("Mẫu ", i), Role: role})
	case 2:
		return wordOn(i, "mau", at, dossier.UserRemoved, dossier.UserRemoval{User: who, Why: "x"})
	case 3:
		return wordOn(i, "mau", at, dossier.UserRole, dossier.RoleChange{User: who, Was: dossier.RoleChief, Role: role, From: at.Add(time.Hour)})
	case 4:
		return wordOn(i, "mau", at, dossier.PasswordReset, dossier.PasswordSet{User: who, How: dossier.ByOther})
	}
	return wordOn(i, who, at, dossier.TraceSignedIn, dossier.SignIn{How: dossier.ByPassword})
}

func TestUsersAreWhatThisPCsJournalSays(t *testing.T) {
	s, up := enrolled(t)
	ctx := context.Background()
	if all, err := s.Users(ctx); err != nil || len(all) != 0 {
		t.Fatalf("%v %v", all, err)
	}
	must(t, s.Record(ctx, peopled(300)...))
	at := storetest.Day(1).At(8, 0)
	want := []dossier.User{
		{ID: "mau", Name: "Trần Thị Thử", Title: "Đại úy", Role: dossier.RoleReception, Since: at, LastIn: at.Add(time.Minute)},
		{ID: "thu", Name: "Trần Thị Thử", Title: "Đại úy", Role: dossier.RoleReception, Since: at, From: at.Add(time.Hour)},
		{ID: "gia", Name: "Trần Thị Thử", Title: "Đại úy", Role: dossier.RoleChief, Was: dossier.RoleReception, Since: at, Reset: at.Add(3 * time.Minute), Removed: at.Add(4 * time.Minute)},
	}
	is := func(when string) {
		t.Helper()
		all, err := s.Users(ctx)
		must(t, err)
		if !reflect.DeepEqual(all, want) {
			t.Errorf("%s:\n%+v\nwant\n%+v", when, all, want)
		}
		for _, w := range want {
			if u, ok, err := s.User(ctx, w.ID); err != nil || !ok || u != w {
				t.Errorf("%s: %+v %v %v", when, u, ok, err)
			}
		}
		sound(t, s)
	}
	is("said")
	if u, ok, err := s.User(ctx, "nobody"); err != nil || ok || u != (dossier.User{}) {
		t.Errorf("%+v %v %v", u, ok, err)
	}

	// Neither upstream nor another PC says who may sign in here.
	two := storetest.NewSister(2)
	adopt(t, s, two)
	extend(t, s, two, wordOn(400, "mau", at, dossier.UserAdmitted, dossier.UserAdmission{User: "eve", Name: "Eve", Role: dossier.RoleChief}))
	extend(t, s, up, wordOn(401, "mau", at, dossier.UserAdmitted, dossier.UserAdmission{User: "eve", Name: "Eve", Role: dossier.RoleChief}),
		wordOn(402, "mau", at, dossier.UserRemoved, dossier.UserRemoval{User: "mau", Why: "x"}), wordOn(403, "mau", at.Add(time.Hour), dossier.TraceSignedIn, dossier.SignIn{}))
	is("others spoke")
	// What cannot be read says nothing, and a word on nobody neither.
	must(t, s.Record(ctx, wordOn(404, "mau", at, dossier.UserAdmitted, "garbage"), wordOn(405, "mau", at, dossier.UserRole, dossier.RoleChange{User: "x", Role: dossier.RoleChief}),
		wordOn(406, "x", at, dossier.TraceSignedIn, "garbage"), wordOn(407, "mau", at, dossier.UserAdmitted, dossier.UserAdmission{Name: "x"})))
	is("garbage")
	fork(t, s, 2, dossier.HealedForked)
	is("a new life")

	// Of a sign-in only its body is forgotten.
	must(t, s.Record(ctx, wordOn(408, "mau", at, dossier.Purged, dossier.Purge{Events: []dossier.EventID{storetest.EventID(303)}})))
	is("purged")
	must(t, s.Record(ctx, wordOn(409, "mau", at.Add(time.Hour), dossier.UserAdmitted, dossier.UserAdmission{User: "gia", Name: "Lê Văn Giả", Role: dossier.RoleInspector})))
	want[2] = dossier.User{ID: "gia", Name: "Lê Văn Giả", Role: dossier.RoleInspector, Since: at.Add(time.Hour)}
	want[0], want[1], want[2] = want[2], want[0], want[1]
	is("admitted again")
}

// What another continuation of this PC wrote counts once it is taken over; a clock that was wrong there keeps nobody in, and here not for ever.
func TestPeopleOfAnotherContinuationAreTakenOver(t *testing.T) {
	s, _ := enrolled(t)
	ctx := context.Background()
	must(t, s.Record(ctx, peopled(300)...))
	image := twin(t, s)
	at := storetest.Day(2).At(8, 0)
	must(t, image.Record(ctx, wordOn(500, "mau", at, dossier.UserRemoved, dossier.UserRemoval{User: "thu", Why: "x"}),
		wordOn(501, "mau", at.Add(-time.Hour), dossier.TraceSignedIn, dossier.SignIn{})))
	must(t, s.Record(ctx, wordOn(502, "mau", at.AddDate(80, 0, 0), dossier.TraceSignedIn, dossier.SignIn{})))
	must(t, s.Record(ctx, wordOn(503, "mau", at, dossier.TraceSignedIn, dossier.SignIn{})))
	fork(t, s, 3, dossier.HealedForked)
	heal(t, s, image)
	if u, _, err := s.User(ctx, "thu"); err != nil || !u.Removed.Equal(at) {
		t.Errorf("%+v %v", u, err)
	}
	if u, _, err := s.User(ctx, "mau"); err != nil || !u.LastIn.Equal(at) {
		t.Errorf("%+v %v", u, err)
	}
	sound(t, s)
}

// A role is asked for before everything that is done, each letter of a search among it.
func BenchmarkUser(b *testing.B) {
	s := newStore(b, 1)
	must(b, s.Record(context.Background(), peopled(300)...))
	for b.Loop() {
		if _, ok, err := s.User(context.Background(), "mau"); err != nil || !ok {
			b.Fatal(err)
		}
	}
}
