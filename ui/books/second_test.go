package books

import (
	"context"
	"strings"
	"testing"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// many is a desk whose registers name many persons.
type many struct {
	*desk.Desk
	err error
	got []desk.Confirm
}

func (m *many) ExportBook(_ context.Context, o desk.BookOrder, _, _ string) (int, error) {
	if m.got = append(m.got, o.Confirm); o.Confirm == (desk.Confirm{}) {
		return 0, m.err
	}
	return 120, nil
}

func TestManyPersonsAreExportedWithASecondPersonsWord(t *testing.T) {
	r := open(t)
	m := &many{Desk: r.desk, err: dossier.Invalid("confirm", "confirm.needed")}
	r.p.Desk = m
	second := desk.Confirm{By: "hai", Password: "mở"}
	r.p.Second = func(lead string, try func(desk.Confirm) error, done func(desk.Confirm, error)) {
		if !strings.Contains(lead, "người thứ hai") || r.p.state().Busy != "" {
			t.Errorf("%q, busy %q", lead, r.p.state().Busy)
		}
		done(second, try(second))
	}
	r.p.Export(dossier.BookXLSX)
	r.threads.Run()
	s := r.p.state()
	if len(m.got) != 2 || m.got[1] != second || s.Alert == nil || s.Alert.Tone != kit.Good || !strings.Contains(s.Alert.Text, "120 dòng") || s.Path == "" {
		t.Errorf("%+v, %+v", m.got, s.Alert)
	}
	m.err = dossier.Invalid("", "confirm.announced", "from", "10:12 ngày 19/11/2026") // nobody to ask
	r.p.Export(dossier.BookCSV)
	r.threads.Run()
	if s = r.p.state(); s.Alert == nil || s.Alert.Tone != kit.Info || !strings.Contains(s.Alert.Text, "10:12") || s.Path != "" {
		t.Errorf("%+v, %q", s.Alert, s.Path)
	}
}
