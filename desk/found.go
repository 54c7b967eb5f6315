package desk

import (
	"context"

	"tiepnhan/dossier"
)

// Found makes the officer at the desk the first who signs in here, as chief, under the name the settings give them. Where somebody was admitted
// before, or nobody signs in, or the station is not set up yet, nothing happens.
func (d *Desk) Found(ctx context.Context) error {
	d.deciding.Lock()
	defer d.deciding.Unlock()
	return d.found(ctx)
}

func (d *Desk) found(ctx context.Context) error {
	if d.People == nil || d.Ring == nil {
		return nil
	}
	all, err := d.users(ctx)
	if err != nil || len(all) > 0 {
		return err
	}
	s, ok, err := d.Store.Settings(ctx)
	if err != nil || !ok {
		return err
	}
	officer := dossier.Officer{ID: d.Officer}
	for _, o := range s.Officers {
		if o.ID == d.Officer || officer.Name == "" {
			officer.Name, officer.Title = o.Name, o.Title
		}
	}
	admission := dossier.UserAdmission{User: officer.ID, Name: officer.Name, Title: officer.Title, Role: dossier.RoleChief}
	if err := admission.Check(); err != nil {
		return err
	}
	admitted, err := d.event(dossier.ID{}, dossier.UserAdmitted, admission)
	if err != nil {
		return err
	}
	events := []dossier.Event{admitted}
	if s.Officer(officer.ID) != officer {
		named, err := d.event(dossier.ID{}, dossier.StationSet, withOfficer(s, officer))
		if err != nil {
			return err
		}
		events = append(events, named)
	}
	return d.Store.Record(ctx, events...)
}
