package main

import (
	"strings"
	"testing"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// A second officer confirms a request to lock by the verb, and is named; run again the script has what is there.
func TestASecondPersonStandsForALockByTheVerb(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir, _ := protected(t)
	chiefSignedIn(t, dir)
	const second = "cau rieng cua nguoi thu hai"
	d := newDoor(t.Context(), dir, nil, nil)
	if err := d.Enter(chiefName, chiefPassword); err != nil {
		t.Fatal(err)
	}
	w := d.opened
	was, _, err := w.desk.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now := was
	now.LockTwice = true
	if err := w.desk.Amend(t.Context(), was, now); err != nil {
		t.Fatal(err)
	}
	if _, err := w.desk.Admit(t.Context(), dossier.UserAdmission{User: "thu", Name: "Trần Thị Thử", Role: dossier.RoleReception}, second, desk.Confirm{}); err != nil {
		t.Fatal(err)
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	request := strings.Replace(cardRequest, "{", `{"id":"01900000-0000-7000-8000-000000000077",`, 1)
	receive := []string{"receive", "-in", "-", "-json"}
	asChief(t, dir, request, receive...).refused(t, "confirm.needed")
	asChief(t, dir, "sai mat khau roi day\n"+request, append(receive, "-confirm", "thu")...).refused(t, "safe.wrong")
	asChief(t, dir, chiefPassword+"\n"+request, append(receive, "-confirm", chiefName)...).refused(t, "confirm.self")
	asChief(t, dir, strings.Replace(request, "{", `{"confirm":"thu",`, 1), receive...).refused(t, "input.not-json")
	first := asChief(t, dir, second+"\n"+request, append(receive, "-confirm", "thu")...).ok(t)
	if again := asChief(t, dir, request, receive...).ok(t); again.out != first.out {
		t.Errorf("%s, then %s", first.out, again.out)
	}
	e := newDoor(t.Context(), dir, nil, nil)
	if err := e.Enter(chiefName, chiefPassword); err != nil {
		t.Fatal(err)
	}
	var id dossier.ID
	if err := id.UnmarshalText([]byte("01900000-0000-7000-8000-000000000077")); err != nil {
		t.Fatal(err)
	}
	if o, err := e.opened.desk.Look(t.Context(), id); err != nil || o.Dossier.Intake.Confirmed != "thu" || o.Dossier.Intake.Alone {
		t.Errorf("%+v %v", o.Dossier.Intake, err)
	}
	if err := e.opened.close(); err != nil {
		t.Fatal(err)
	}
}
