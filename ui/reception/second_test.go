package reception

import (
	"context"
	"errors"
	"strings"
	"testing"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// guarded is a desk that keeps nothing without a second person's word.
type guarded struct {
	*desk.Desk
	got []desk.Confirm
}

func (g *guarded) ReceiveAnd(ctx context.Context, in desk.Intake, verb dossier.Kind, body any) (dossier.Dossier, error) {
	switch g.got = append(g.got, in.Confirm); {
	case in.Confirm == desk.Confirm{}:
		return dossier.Dossier{}, dossier.Invalid("confirm", "confirm.needed")
	case in.Confirm.Password != "mở":
		return dossier.Dossier{}, dossier.Invalid("password", "safe.wrong", "left", "4")
	}
	return g.Desk.ReceiveAnd(ctx, in, verb, body)
}

// locking is a form with nothing missing that asks to lock, pressed F9; answer is what the second person does.
func locking(t *testing.T, answer func(try func(desk.Confirm) error, done func(desk.Confirm, error))) (*room, *guarded) {
	t.Helper()
	r := open(t, big)
	g := &guarded{Desk: r.desk}
	r.p.Desk = g
	asked := 0
	r.p.Second = func(lead string, try func(desk.Confirm) error, done func(desk.Confirm, error)) {
		if asked++; asked > 1 || !strings.Contains(lead, "Yêu cầu khóa") || r.p.busy {
			t.Errorf("asked %d times: %q, busy %v", asked, lead, r.p.busy)
		}
		answer(try, done)
	}
	r.ctrl("3")
	r.p.Card(uitest.Person)
	r.key("F8")
	r.ctrl("D")
	r.settle()
	r.p.Text("person.phone", "0900 000 009") // in no draft yet
	r.key("F9")
	r.settle()
	if asked != 1 {
		t.Fatalf("asked %d times; missing %v, notice %+v", asked, r.state().Missing, r.state().Notice)
	}
	return r, g
}

var second = desk.Confirm{By: "hai", Password: "mở"}

func TestALockIsKeptOnceTheSecondPersonHasConfirmed(t *testing.T) {
	var told func()
	r, g := locking(t, func(try func(desk.Confirm) error, done func(desk.Confirm, error)) {
		if err := try(desk.Confirm{By: "hai", Password: "sai"}); dossier.Code(err) != "safe.wrong" {
			t.Error(err)
		}
		err := try(second)
		told = func() { done(second, err) }
	})
	told() // the draft was saved meanwhile
	r.settle()
	s := r.state()
	if len(g.got) != 3 || g.got[2] != second || s.Kept == nil || s.Busy || s.Values["person.name"] != "" {
		t.Fatalf("%+v, kept %+v", g.got, s.Kept)
	}
	if d := r.only(); d.Status != dossier.StatusDone {
		t.Errorf("the answer is lost: %v", d.Status)
	}
	if r.store.HasDraft() {
		t.Error("the draft of a dossier that is kept is still there")
	}
}

func TestWhoSaysNoLeavesTheFormAsItWas(t *testing.T) {
	r, g := locking(t, func(func(desk.Confirm) error, func(desk.Confirm, error)) {}) // Esc: nobody is told
	s := r.state()
	if s.Kept != nil || s.Busy || s.Notice != nil || len(s.Said) != 0 || s.Values["person.name"] != "Nguyễn Thị Bình Mẫu" || s.Values["answer"] == "" {
		t.Fatalf("%+v", s)
	}
	draft, _, err := r.desk.Draft(t.Context())
	if err != nil || len(g.got) != 1 || r.store.Kept() != 0 || draft.Requester.Person.Phone != "0900 000 009" {
		t.Errorf("%d tries, %d kept, draft of %q, %v", len(g.got), r.store.Kept(), draft.Requester.Person.Phone, err)
	}
	id := r.p.in.ID
	r.p.Second = func(_ string, try func(desk.Confirm) error, done func(desk.Confirm, error)) {
		done(second, try(second))
	}
	r.key("F9") // they came after all
	r.settle()
	if d := r.only(); d.ID != id || r.store.HasDraft() {
		t.Error("not the same dossier, or its draft stayed")
	}
}

func TestWhatFailsWithASecondPersonsWordIsSaidAndNothingIsLost(t *testing.T) {
	r, _ := locking(t, func(try func(desk.Confirm) error, done func(desk.Confirm, error)) { done(second, errors.New("disk")) })
	s := r.state()
	if s.Kept != nil || s.Notice == nil || s.Notice.Tone != kit.Bad || !strings.Contains(s.Notice.Text, "CHƯA LƯU") || s.Values["person.name"] == "" || !r.store.HasDraft() {
		t.Errorf("%+v, notice %+v", s.Kept, s.Notice)
	}
}
