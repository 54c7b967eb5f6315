package desk

import (
	"testing"
	"time"

	"tiepnhan/dossier"
)

func TestStationTellsTheRoleThatHoldsNow(t *testing.T) {
	d, _ := newDesk(t)
	if s, err := d.Station(t.Context()); err != nil || s.Role != dossier.RoleChief {
		t.Errorf("where nobody signs in: %q, %v", s.Role, err)
	}
	d.People = one{ID: "mau", Was: dossier.RoleInspector, Role: dossier.RoleKeeper, From: aFriday.Add(time.Hour)}
	for at, want := range map[time.Time]dossier.Role{aFriday: dossier.RoleInspector, aFriday.Add(time.Hour): dossier.RoleKeeper} {
		d.Now = func() time.Time { return at }
		if s, err := d.Station(t.Context()); err != nil || s.Role != want {
			t.Errorf("at %v: %q, %v", at, s.Role, err)
		}
	}
}
