package course

import (
	"fmt"
	"strings"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/ui/uitest"
)

const wholeBearer, wholeSubject = "001085000123", "001080000456"

// said is everything the left half says.
func said(s State) string { return fmt.Sprint(s.Facts, s.Steps, s.Alerts) }

func (r *room) revealed() (n int) {
	for _, c := range r.store.Calls {
		if c == "Record revealed" {
			n++
		}
	}
	return n
}

func TestNumbersAreHiddenUntilSomebodyAsks(t *testing.T) {
	r := open(t)
	id := r.agency(1)
	subject := r.dossier(id).Intake.Subject
	subject.Number = "001080000457"
	r.do(id, dossier.Corrected, &dossier.Correct{Subject: &subject, Why: "Ghi nhầm số."})
	s := r.open(id)
	for _, whole := range []string{wholeBearer, wholeSubject, "001080000457"} {
		if strings.Contains(said(s), whole) {
			t.Errorf("%s is shown whole", whole)
		}
	}
	if !strings.Contains(said(s), "001•••••0123") || !strings.Contains(said(s), "001•••••0456") || !s.Numbers || s.Bare || r.revealed() != 0 {
		t.Fatalf("%s", said(s))
	}
	r.ctrl("I")
	if s = r.s.was; !s.Bare || !strings.Contains(said(s), wholeBearer) || !strings.Contains(said(s), "001080000457") || r.revealed() != 2 {
		t.Fatalf("%s, %d traces", said(s), r.revealed())
	}
	r.ctrl("I")
	if s = r.s.was; s.Bare || strings.Contains(said(s), wholeBearer) || r.revealed() != 2 {
		t.Errorf("hidden again: %s, %d traces", said(s), r.revealed())
	}
	r.ctrl("I")
	r.p.Refresh()
	r.threads.Run()
	if !r.s.was.Bare || r.revealed() != 4 {
		t.Error("reading again hides what is looked at, or asks again")
	}
	r.show(1)
	if r.s.was.Bare {
		t.Error("another dossier shows its numbers unasked")
	}
	r.open(id)
	if s = r.s.was; s.Bare || strings.Contains(said(s), wholeBearer) {
		t.Errorf("who comes back finds them whole: %s", said(s))
	}
}

func TestNumbersStayHiddenWhereTheJournalCannotSaySo(t *testing.T) {
	r := open(t)
	id := r.agency(1)
	r.open(id)
	r.store.Before = func(call string) error {
		if call == "Record revealed" {
			return uitest.ErrDisk
		}
		return nil
	}
	r.ctrl("I")
	if s := r.s.was; s.Bare || strings.Contains(said(s), wholeBearer) || len(s.Alerts) == 0 {
		t.Errorf("%s", said(s))
	}
	r.ctrl("D")
	if s := r.s.was; s.Form != nil || s.Bare {
		t.Errorf("a correction with whole numbers in it stays open: %+v", s.Form)
	}
}

func TestCorrectionShowsNumbersAndTheJournalSaysSo(t *testing.T) {
	r := open(t)
	id := r.agency(1)
	r.open(id)
	r.ctrl("D")
	if s := r.s.was; s.Form == nil || s.Form.Values["subject.number"] != wholeSubject || r.revealed() != 2 {
		t.Errorf("%+v, %d traces", s.Form, r.revealed())
	}
}

func TestLeavingWhileTheNumbersAreAskedForShowsNone(t *testing.T) {
	r := open(t)
	id := r.agency(1)
	r.open(id)
	r.p.Reveal()
	r.p.Hide()
	r.threads.Run()
	if s := r.s.was; s.Bare || strings.Contains(said(s), wholeBearer) {
		t.Errorf("%s", said(s))
	}
}

func TestOldNumberIsHiddenToo(t *testing.T) {
	r := open(t)
	id := r.agency(1)
	subject := r.dossier(id).Intake.Subject
	subject.Number, subject.OldNumber = "", "012345678"
	r.do(id, dossier.Corrected, &dossier.Correct{Subject: &subject, Why: "Chỉ có số CMND."})
	if s := r.open(id); !strings.Contains(said(s), "CMND ••••••678") || strings.Contains(said(s), "012345678") {
		t.Errorf("%s", said(s))
	}
}
