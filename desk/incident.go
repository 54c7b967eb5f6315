package desk

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"tiepnhan/dossier"
)

// IncidentForm is the key the report of the worst day has in the journal. It is the station's own page and of no form set.
const IncidentForm = "incident"

// IncidentOrder is what somebody says of the worst day.
type IncidentOrder struct {
	What    dossier.IncidentKind
	Noticed time.Time
	Device  dossier.DeviceID // the PC it is about; zero for this one
}

// Incident reckons from this PC's store what was on a PC, what of it is elsewhere, what was done there in the days before, and whom to tell
// until when. It names no citizen. done, which may be nil, hears every now and then how many dossiers were read; ctx ends it. Codes:
// incident.what, incident.noticed, incident.future, incident.pc.
func (d *Desk) Incident(ctx context.Context, o IncidentOrder, done func(n int)) (dossier.Incident, error) {
	none := dossier.Incident{}
	if err := d.may(ctx, dossier.DeedIncident); err != nil {
		return none, err
	}
	now := d.Now()
	var ps dossier.Problems
	if !slices.Contains(dossier.IncidentKinds, o.What) {
		ps = append(ps, dossier.Invalid("what", "incident.what")...)
	}
	switch {
	case o.Noticed.IsZero():
		ps = append(ps, dossier.Invalid("noticed", "incident.noticed")...)
	case o.Noticed.After(now):
		ps = append(ps, dossier.Invalid("noticed", "incident.future")...)
	}
	queue, err := d.Store.Queue(ctx)
	if err != nil {
		return none, err
	}
	at := slices.IndexFunc(queue.PCs, func(pc dossier.PC) bool { return pc.Own && o.Device == dossier.DeviceID{} || pc.Device == o.Device })
	if at < 0 {
		ps = append(ps, dossier.Invalid("device", "incident.pc")...)
	}
	if err := ps.Err(); err != nil {
		return none, err
	}
	pc := queue.PCs[at]
	out := dossier.Incident{What: o.What, Noticed: o.Noticed, Made: now.Truncate(time.Second), Device: pc.Device, Own: pc.Own, Written: pc.Written, Held: pc.Held,
		Sisters: len(queue.PCs) - 1, Since: o.Noticed.Add(-dossier.IncidentPastTime), Store: dossier.StoreUnknown}
	if pc.Own {
		if out.Store = dossier.StorePlain; d.Ring != nil {
			out.Store = dossier.StoreEncrypted
		}
		out.Oldest = queue.Oldest
		if queue.Receipt != nil {
			out.Receipt = &dossier.DayReceipt{Number: queue.Receipt.Number, At: queue.Receipt.At}
		}
	}
	if err := d.incidentPersons(ctx, &out, done); err != nil {
		return none, err
	}
	if err := d.incidentPast(ctx, &out); err != nil {
		return none, err
	}
	if err := d.incidentUsers(ctx, &out); err != nil {
		return none, err
	}
	out.Duties = dossier.DutiesOn(d.Duties, dossier.DateOf(o.Noticed), out.Persons > 0)
	return out, nil
}

// endOfDays is after every day a dossier can be of.
var endOfDays = dossier.Date{Year: 9999, Month: 12, Day: 31}

// incidentPersons counts whom the dossiers of the station are about: each once, however often they came.
func (d *Desk) incidentPersons(ctx context.Context, out *dossier.Incident, done func(n int)) error {
	persons, offices := map[string]uint16{}, map[string]bool{}
	add := func(p dossier.Person) {
		key := ""
		for _, number := range []string{p.Number, p.Passport, p.OldNumber} {
			if key == "" {
				key = number
			}
		}
		if key == "" {
			if p.Name == "" {
				return
			}
			key = " " + dossier.Fold(p.Name) + " " + p.Born.ISO()
		}
		has := persons[key]
		for i, f := range dossier.DataFields {
			if f.In(p) {
				has |= 1 << i
			}
		}
		persons[key] = has
	}
	office := func(o dossier.Office) {
		if key := o.Code + " " + dossier.Fold(o.Name); key != " " {
			offices[key] = true
		}
	}
	err := d.Store.Between(ctx, dossier.Date{Year: 1, Month: 1, Day: 1}, endOfDays, func(one dossier.Dossier) error {
		if out.Dossiers++; done != nil && out.Dossiers%500 == 0 {
			done(out.Dossiers)
		}
		if one.Summarize().Open {
			out.Open++
		}
		in := one.Intake
		if in.ReceivedAt.IsZero() {
			out.Purged++
			return nil
		}
		day := dossier.DateOf(in.ReceivedAt)
		if out.From.IsZero() || day.Before(out.From) {
			out.From = day
		}
		if out.To.Before(day) {
			out.To = day
		}
		switch in.Requester.Kind {
		case dossier.Agency:
			out.Agency++
		case dossier.Organization:
			office(in.Requester.Agency)
		}
		office(in.SubjectOrg)
		for _, p := range []dossier.Person{in.Requester.Person, in.Requester.Representative, in.Subject} {
			add(p)
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	out.Persons, out.Organizations, out.Data = len(persons), len(offices), []dossier.DataCount{}
	for i, f := range dossier.DataFields {
		n := 0
		for _, has := range persons {
			if has&(1<<i) != 0 {
				n++
			}
		}
		if n > 0 {
			out.Data = append(out.Data, dossier.DataCount{Field: f, Persons: n})
		}
	}
	for key := range persons {
		if strings.HasPrefix(key, " ") {
			out.Unnumbered++
		}
	}
	return nil
}

// incidentPast counts who did what on that PC since some days before, and finds its last backup that stands.
func (d *Desk) incidentPast(ctx context.Context, out *dossier.Incident) error {
	past := map[dossier.OfficerID]*dossier.IncidentPast{}
	of := func(who dossier.OfficerID) *dossier.IncidentPast {
		if past[who] == nil {
			past[who] = &dossier.IncidentPast{Who: who}
		}
		return past[who]
	}
	there := func(row dossier.TrailRow) bool { return row.Device == out.Device || row.Own && out.Own }
	f := dossier.TrailFilter{From: dossier.DateOf(out.Since), Kinds: []dossier.Kind{dossier.TraceSignedIn, dossier.TraceSignInFailed, dossier.TraceOpened, dossier.TraceLookedUp,
		dossier.TraceRevealed, dossier.TracePrinted, dossier.TraceExported}}
	err := d.trail(ctx, f, dossier.EventID{}, func(row dossier.TrailRow) error {
		if !there(row) || row.At.Before(out.Since) {
			return ctx.Err()
		}
		out.Crew = row.Crew
		p := of(row.By)
		switch b := row.Said().(type) {
		case *dossier.SignIn:
			p.SignIns++
		case *dossier.SignInFailure:
			of(b.User).Failures += b.Times
		case *dossier.Reveal:
			p.Reveals++
		case *dossier.Print:
			p.Prints++
		case *dossier.Export:
			p.Exports, p.Rows = p.Exports+1, p.Rows+b.Rows
		default:
			p.Looks++
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	out.Past = []dossier.IncidentPast{}
	for _, p := range past {
		if p.Sum() > 0 { // whose name stands only under the failures of others did nothing
			out.Past = append(out.Past, *p)
		}
	}
	slices.SortFunc(out.Past, func(a, b dossier.IncidentPast) int {
		if a.Sum() != b.Sum() {
			return b.Sum() - a.Sum()
		}
		return strings.Compare(string(a.Who), string(b.Who))
	})
	return d.trail(ctx, dossier.TrailFilter{Kinds: []dossier.Kind{dossier.TraceBackedUp}}, dossier.EventID{}, func(row dossier.TrailRow) error {
		b, ok := row.Said().(*dossier.BackUp)
		if !ok || b.Code != "" || !there(row) {
			return ctx.Err()
		}
		out.Backup = &dossier.IncidentBackup{At: row.At, To: b.To, Proved: b.Proved}
		if !b.Made.IsZero() {
			out.Backup.At = b.Made
		}
		return errFar
	})
}

// incidentUsers are who could sign in on that PC: of this one as the people are known, of another as its journal says.
func (d *Desk) incidentUsers(ctx context.Context, out *dossier.Incident) error {
	out.Users = []dossier.OfficerID{}
	if out.Own {
		all, err := d.users(ctx)
		for _, u := range all {
			if u.Removed.IsZero() {
				out.Users = append(out.Users, u.ID)
			}
		}
		return err
	}
	said := map[dossier.OfficerID]bool{}
	f := dossier.TrailFilter{Kinds: []dossier.Kind{dossier.UserAdmitted, dossier.UserRemoved}}
	err := d.trail(ctx, f, dossier.EventID{}, func(row dossier.TrailRow) error {
		if row.Device != out.Device {
			return ctx.Err()
		}
		switch b := row.Said().(type) {
		case *dossier.UserRemoval:
			said[b.User] = true
		case *dossier.UserAdmission:
			if !said[b.User] { // the last word on them
				said[b.User], out.Users = true, append(out.Users, b.User)
			}
		}
		return ctx.Err()
	})
	slices.Sort(out.Users)
	return err
}

// DrawIncident makes a report that was reckoned as a PDF to look at.
func (d *Desk) DrawIncident(ctx context.Context, i dossier.Incident) (Drawn, error) {
	if err := d.may(ctx, dossier.DeedIncident); err != nil {
		return Drawn{}, err
	}
	settings, err := d.settings(ctx)
	if err != nil {
		return Drawn{}, err
	}
	var pdf bytes.Buffer
	if err := d.Paper.Incident(ctx, dossier.IncidentSheet{Incident: i, Settings: settings}, &pdf); err != nil {
		return Drawn{}, err
	}
	day := dossier.DateOf(i.Noticed)
	out := Drawn{PDF: pdf.Bytes(), Info: dossier.FormInfo{Key: IncidentForm, Title: "Báo cáo sự cố", Size: dossier.PaperA4, Own: true}, Paper: dossier.PaperA4, Sheets: 1}
	e, err := d.event(dossier.ID{}, dossier.TracePrinted, dossier.Print{Form: IncidentForm, From: day, Until: day})
	out.prints = []dossier.Event{e}
	return out, err
}

// PrintIncident prints it, or keeps it as a file; either is a trace.
func (d *Desk) PrintIncident(ctx context.Context, i dossier.Incident, to Where) (Printing, error) {
	drawn, err := d.DrawIncident(ctx, i)
	if err != nil {
		return Printing{}, err
	}
	return d.put(ctx, drawn, drawn.Info.Title, IncidentFile(i), to)
}

// IncidentFile is the name of a report's file in the folder of papers.
func IncidentFile(i dossier.Incident) string {
	return "su-co-" + i.Noticed.In(dossier.Hanoi).Format("2006-01-02-1504") + ".pdf"
}
