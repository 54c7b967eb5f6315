package course

import (
	"slices"
	"strings"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// A third act that excludes the two comes from another PC while the officer writes the reason: what was chosen to stand stands.
func TestWhatWasChosenToStandStandsWhateverComesMeanwhile(t *testing.T) {
	for n := byte(40); n < 48; n++ { // the order is the header's: before, between or after them
		r := open(t)
		id := r.dispute()
		r.open(id)
		r.ctrl("T")
		wanted := r.p.disputed()[1]
		r.p.Text("stands", r.s.was.Form.Questions[0].Rows[0][0].Options[1].Value)
		r.p.Text("why", "Đã hỏi lại")
		r.came(id, n, dossier.Annulled, uitest.Now, dossier.Whence{Seq: 9}, dossier.Reason{Why: "Nhập trùng"}, r.dossier(id).Course[0].ID)
		r.p.Refresh()
		r.threads.Run()
		if len(r.p.disputed()) != 3 {
			t.Fatal("the test shows nothing")
		}
		r.press("F9")
		d := r.dossier(id)
		i := slices.IndexFunc(d.Course, func(s dossier.Step) bool { return s.ID == wanted.ID })
		if len(d.Disputes) != 0 || d.Course[i].Effect != dossier.Applied {
			t.Fatalf("%s is %s, disputes %v", wanted.Kind, d.Course[i].Effect, d.Disputes)
		}
	}
}

// The papers of the form are counted by what they are: one that another PC noted meanwhile takes nobody's place and is not lost.
func TestPapersAnotherPCNotedKeepTheirCounts(t *testing.T) {
	r := open(t)
	id := r.agency(1)
	r.open(id)
	r.ctrl("D")
	row := r.p.held()[0]
	r.p.Text(row.key+".c", "2")
	r.p.Text("why", "Đếm lại")
	have := r.dossier(id)
	more := append([]dossier.Paper{{Title: "Công văn kèm theo", Originals: 5}}, have.Intake.Papers...)
	r.came(id, 50, dossier.Corrected, uitest.Now, dossier.Whence{Seq: 3}, dossier.Correct{Papers: more, Why: "x"}, have.Heads...)
	r.p.Refresh()
	r.threads.Run()
	r.press("F9", "F9")
	got := map[string][2]int{}
	for _, g := range r.dossier(id).Intake.Papers {
		got[g.Title] = [2]int{g.Originals, g.Copies}
	}
	if got[row.Title] != [2]int{1, 2} || got["Công văn kèm theo"] != [2]int{5, 0} {
		t.Errorf("%v", got)
	}
}

func TestAnActThatFailedAfterTheOfficerWentOnIsSaid(t *testing.T) {
	r := open(t)
	id, next := r.agency(0), r.agency(0)
	r.open(id)
	r.ctrl("3")
	r.p.Keep()
	keeping := r.threads.Take()
	r.open(next)
	r.store.Before = func(call string) error {
		if call == "Act" {
			return uitest.ErrDisk
		}
		return nil
	}
	for _, f := range keeping {
		f()
	}
	s := r.s.was
	if len(s.Alerts) == 0 || s.Alerts[0].Tone != kit.Bad || !strings.Contains(s.Alerts[0].Text, r.dossier(id).Number) || s.Busy {
		t.Errorf("%+v, busy %v", s.Alerts, s.Busy)
	}
}

func TestCorrectionThatCouldNotOpenOpensOnNoOtherDossier(t *testing.T) {
	r := open(t)
	id, next := r.agency(0), r.agency(0)
	r.store.Before = func(call string) error {
		if call == "Dossier" {
			return uitest.ErrDisk
		}
		return nil
	}
	r.p.Mend(id)
	r.threads.Run()
	r.store.Before = nil
	if s := r.open(next); s.Form != nil {
		t.Errorf("the form of %s is open", s.Form.Kind)
	}
}
