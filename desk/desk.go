// Package desk is what an officer does, in the order it is kept, printed and told. It returns nil only when the thing is durable; what
// is wrong with what was typed comes back as dossier.Problems, field by field, and nothing is half-kept.
package desk

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tiepnhan/dossier"
)

// Desk is one officer's desk on one PC. All fields are set before use and then left alone.
type Desk struct {
	Store     Store
	Catalogue *dossier.Catalogue
	Calendar  *dossier.Calendar
	Duties    []dossier.Duty // whom the law wants told of an incident
	Paper     Paper
	Line      Line
	Stick     Stick                                            // nil where there is no way by USB
	Spool     Spool                                            // nil where there is no way to a printer
	Viewer    Viewer                                           // nil where nobody looks
	Papers    string                                           // the folder PDFs are put in
	Now       func() time.Time                                 //
	NewID     func() [16]byte                                  // UUIDv7
	Officer   dossier.OfficerID                                // who is signed in; empty for nobody
	People    People                                           // nil where nobody signs in: then everybody may do everything
	Ring      Ring                                             // nil where the store has no passwords
	Trail     Trail                                            // nil where nobody looks into the journals
	Vault     Vault                                            // nil where there are no backups
	Built     time.Time                                        // a clock before this is wrong; zero in tests
	Hurry     func()                                           // told of what must not wait for the next round of sending; may be nil
	Issued    func(came []dossier.KeptPack)                    // told of packs that came after the first TakePacks; may be nil
	Pause     func(ctx context.Context, d time.Duration) error // between looks at a print job; nil is a timer

	packs    taken             // where upstream has issued other rules than the program's
	taking   sync.Mutex        // while packs that were read take the place of those before
	printing sync.Mutex        // while printings are counted and kept, so that of two at once one is the second
	deciding sync.Mutex        // while settings are read and kept changed, so that of two changes at once none is lost
	looking  sync.Mutex        // while a look-up is kept
	looked   string            // the last look-up kept
	keeping  sync.Mutex        // while a backup is made or proved
	kept     map[string]string // what was last kept of each place of backups: a code, or empty
}

// Station is what the top of the window says.
type Station struct {
	Unit     dossier.UnitTerm
	Upstream string // its name, or "cấp trên"
	Enrolled bool
	Officer  dossier.Officer
	Role     dossier.Role // what they may do
	Desk     int
	Sample   bool
	Today    dossier.Date
}

// Station tells who and where we are today. Problems settings.missing on a store nobody has set up.
func (d *Desk) Station(ctx context.Context) (Station, error) {
	role, err := d.role(ctx)
	if err != nil {
		return Station{}, err
	}
	if err := role.Allows(dossier.DeedStation); err != nil {
		return Station{}, err
	}
	s, err := d.settings(ctx)
	if err != nil {
		return Station{}, err
	}
	now, err := d.now(ctx)
	if err != nil {
		return Station{}, err
	}
	today := dossier.DateOf(now)
	unit, err := s.UnitOn(today)
	if err != nil {
		return Station{}, err
	}
	enrolled, err := d.Line.Enrolled(ctx)
	if err != nil {
		return Station{}, err
	}
	return Station{Unit: unit, Upstream: s.UpstreamOn(today), Enrolled: enrolled, Officer: s.Officer(d.Officer), Role: role,
		Desk: s.Desk, Sample: s.Sample, Today: today}, nil
}

// SetUp keeps the station's settings from now on; who sets up a station behind passwords is its first chief.
func (d *Desk) SetUp(ctx context.Context, s dossier.Settings) error {
	if err := d.may(ctx, dossier.DeedSettings); err != nil {
		return err
	}
	if err := s.Check(); err != nil {
		return err
	}
	d.deciding.Lock()
	defer d.deciding.Unlock()
	if err := d.record(ctx, dossier.ID{}, dossier.StationSet, s); err != nil {
		return err
	}
	return d.found(ctx)
}

// Settings are those in force; ok is false on a store nobody has set up.
func (d *Desk) Settings(ctx context.Context) (dossier.Settings, bool, error) {
	if err := d.may(ctx, dossier.DeedStation); err != nil {
		return dossier.Settings{}, false, err
	}
	return d.Store.Settings(ctx)
}

func (d *Desk) settings(ctx context.Context) (dossier.Settings, error) {
	s, ok, err := d.Store.Settings(ctx)
	if err == nil && !ok {
		err = dossier.Invalid("", "settings.missing")
	}
	return s, err
}

// Offered are the procedures this unit handles today, in the order of the catalogue.
func (d *Desk) Offered(ctx context.Context) ([]*dossier.Procedure, error) {
	s, err := d.Station(ctx)
	if err != nil {
		return nil, err
	}
	return d.catalogue(s.Today).Offered(s.Unit.Level, s.Today), nil
}

// Send exchanges journals with upstream. It is safe to call at any time, also while another runs. told may be nil. It asks for no role:
// it runs by itself whoever is signed in, and while nobody is.
func (d *Desk) Send(ctx context.Context, told func(dossier.SendStep)) (dossier.Sent, error) {
	return d.Line.Send(ctx, told)
}

// Enrol introduces this PC to upstream with the ticket upstream issued, and settings take over the desk number it grants.
func (d *Desk) Enrol(ctx context.Context, ticket string) (dossier.Upstream, error) {
	if err := d.may(ctx, dossier.DeedEnrol); err != nil {
		return dossier.Upstream{}, err
	}
	d.deciding.Lock()
	defer d.deciding.Unlock()
	return d.Line.Enrol(ctx, ticket)
}

// record keeps a trace or a station event.
func (d *Desk) record(ctx context.Context, id dossier.ID, kind dossier.Kind, body any) error {
	e, err := d.event(id, kind, body)
	if err != nil {
		return err
	}
	return d.Store.Record(ctx, e)
}

func (d *Desk) event(id dossier.ID, kind dossier.Kind, body any) (dossier.Event, error) {
	b, err := encode(body)
	if err != nil {
		return dossier.Event{}, fmt.Errorf("write %s event: %w", kind, err)
	}
	return dossier.Event{ID: d.NewID(), Dossier: id, Kind: kind, By: d.Officer, At: d.Now(), Body: b}, nil
}
