package waiting

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

func (r *room) hears(all ...dossier.Sister) State {
	r.p.Sisters = func(context.Context) ([]dossier.Sister, error) { return all, nil }
	return r.refresh()
}

func TestOfficerReadsUntilWhenEachOtherDeskIsKnown(t *testing.T) {
	r := open(t, true)
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 19, hour, minute, 0, 0, dossier.Hanoi) }
	silent := at(9, 12).Add(-overnight - time.Minute)
	for name, x := range map[string]struct {
		is    dossier.Sister
		text  string
		tone  kit.Tone
		notes []string
	}{
		"now":        {dossier.Sister{Desk: 2, Heard: true, Until: uitest.Now.UTC()}, "Quầy số 2: đã cập nhật đến 09:12.", kit.Info, []string{knownMeans}},
		"today":      {dossier.Sister{Desk: 2, Heard: true, Until: at(0, 5)}, "Quầy số 2: đã cập nhật đến 00:05.", kit.Info, []string{knownMeans}},
		"last night": {dossier.Sister{Desk: 3, Heard: true, Until: at(-7, 30)}, "Quầy số 3: đã cập nhật đến 17:30 ngày 18/11/2026.", kit.Info, []string{knownMeans}},
		"too long":   {dossier.Sister{Desk: 3, Heard: true, Until: silent}, "Quầy số 3: đã cập nhật đến 17:11 ngày 18/11/2026.", kit.Warn, []string{knownMeans, askLook}},
		"never":      {dossier.Sister{Desk: 12}, "Quầy số 12: chưa nhận được tin lần nào.", kit.Warn, []string{askLook}},
		"no clock":   {dossier.Sister{Desk: 2, Heard: true}, "Quầy số 2: đã nhận tin, chưa rõ giờ.", kit.Warn, []string{askClock}},
	} {
		s := r.hears(x.is)
		if want := []Sister{{x.tone, x.text}}; !slices.Equal(s.Sisters, want) || !slices.Equal(s.Notes, x.notes) {
			t.Errorf("%s: %+v %q", name, s.Sisters, s.Notes)
		}
	}
	s := r.hears(dossier.Sister{Desk: 2}, dossier.Sister{Desk: 3}, dossier.Sister{Desk: 4, Heard: true, Until: uitest.Now})
	if len(s.Sisters) != 3 || !slices.Equal(s.Notes, []string{knownMeans, askLook}) {
		t.Errorf("%+v %q: what is to be done is said once", s.Sisters, s.Notes)
	}
}

func TestAPCAloneReadsNothingOfOtherDesks(t *testing.T) {
	r := open(t, true)
	title := "Các quầy khác của trạm"
	if r.hears(); strings.Contains(r.reads(), title) {
		t.Error("a PC that is alone reads of other desks")
	}
	if r.hears(dossier.Sister{Desk: 2}); !strings.Contains(r.reads(), title) || !strings.Contains(r.reads(), "Quầy số 2: chưa nhận được tin lần nào.") {
		t.Error(r.reads())
	}
	if r.hears(); strings.Contains(r.reads(), title) {
		t.Error("one that was revoked is still read of")
	}
}

// reads is all that stands on the right.
func (r *room) reads() string {
	var all strings.Builder
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if p, ok := o.(interface{ Text() string }); ok {
			all.WriteString(p.Text() + "\n")
		}
		if c, ok := o.(*fyne.Container); ok {
			for _, x := range c.Objects {
				walk(x)
			}
		}
	}
	for _, o := range r.s.right.Objects {
		walk(o)
	}
	return all.String()
}

func TestAPCOfTheStationIsCalledByItsDesk(t *testing.T) {
	r := open(t, true)
	two, gone := dossier.DeviceID{0xab, 0xcd}, dossier.DeviceID{0x12, 0x34}
	r.hears(dossier.Sister{Device: two, Desk: 2, Heard: true, Until: uitest.Now})
	r.p.queue.PCs = append(r.p.queue.PCs, dossier.PC{Device: two, Written: 40, Waiting: 40}, dossier.PC{Device: gone, Written: 9, Held: 8, Waiting: 1})
	pcs := r.p.pcs()
	if pcs[1].Name != "Quầy số 2" || pcs[2].Name != "Máy khác của trạm, mã 12340000" {
		t.Errorf("%+v", pcs)
	}
}

func TestSistersThatCannotBeReadAreSaid(t *testing.T) {
	r := open(t, true)
	r.p.Sisters = func(context.Context) ([]dossier.Sister, error) { return nil, uitest.ErrDisk }
	if s := r.refresh(); s.Alert == nil || s.Alert.Tone != kit.Bad {
		t.Errorf("%+v", s.Alert)
	}
}
