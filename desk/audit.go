package desk

import (
	"context"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"tiepnhan/dossier"
)

// AuditPage is how many rows of the audit are shown at once.
const AuditPage = 200

// Audit is who did what, of all journals that are here, the newest first, at most AuditPage rows: each with the chain it stands in, its
// place and the hash there. before is the id of the last row of the page before, zero for the first; more tells whether there is another.
// Numbers of persons stand in no row but masked.
func (d *Desk) Audit(ctx context.Context, f dossier.TrailFilter, before dossier.EventID) (rows []dossier.TrailRow, more bool, err error) {
	if err := d.may(ctx, dossier.DeedAudit); err != nil {
		return nil, false, err
	}
	err = d.trail(ctx, f, before, func(row dossier.TrailRow) error {
		if more = len(rows) == AuditPage; more {
			return errFar
		}
		if row.Kind.IsAct() || row.Said() == nil {
			row.Body = nil // what a dossier says stands in the dossier
		}
		rows = append(rows, row)
		return ctx.Err()
	})
	return rows, more, err
}

// trail visits the journals; errFar ends it.
func (d *Desk) trail(ctx context.Context, f dossier.TrailFilter, before dossier.EventID, visit func(dossier.TrailRow) error) error {
	if d.Trail == nil {
		return nil
	}
	err := d.Trail.Trail(ctx, f, before, visit)
	if errors.Is(err, errFar) {
		return nil
	}
	return err
}

// ExportAudit writes what a filter admits as a CSV file, the newest first, whole or not at all, and tells how many rows it has. With the
// header of each entry and the hash of its chain whoever holds the file can reckon the chain again: h[s] = SHA-256(h[s-1] ‖ header). What
// left is a trace. It asks for no second person: it says what officers did and names no citizen, and the inspector must not need the
// leave of those who are inspected. Codes: print.file, print.folder.
func (d *Desk) ExportAudit(ctx context.Context, f dossier.TrailFilter, path string) (n int, err error) {
	if err := d.may(ctx, dossier.DeedExport); err != nil {
		return 0, err
	}
	if err := replaceable(path); err != nil {
		return 0, err
	}
	folder := dossier.Invalid("", "print.folder", "folder", filepath.Dir(path))
	draft, err := writeBeside(path, func(file *os.File) error {
		if _, err := file.WriteString("\ufeff"); err != nil { // or spreadsheets take it for another encoding
			return err
		}
		w := csv.NewWriter(file)
		w.Write([]string{"Thời điểm", "Người dùng", "Việc", "Loại", "Số hồ sơ", "Nhật ký", "Thứ tự", "Mã băm", "Mã diễn biến", "Phần đầu"})
		err := d.trail(ctx, f, dossier.EventID{}, func(row dossier.TrailRow) error {
			n++
			w.Write([]string{row.At.In(dossier.Hanoi).Format("02/01/2006 15:04:05.000"), inCell(string(row.By)), inCell(row.Kind.Title()), inCell(string(row.Kind)),
				inCell(row.Number), row.Chain.String(), strconv.FormatUint(row.Seq, 10), row.Head.Hash.String(), row.ID.String(), hex.EncodeToString(row.Header())})
			return ctx.Err()
		})
		w.Flush()
		if err != nil {
			return err
		}
		return w.Error()
	})
	if err != nil {
		if dossier.Code(err) != "" || ctx.Err() != nil {
			return 0, err
		}
		return 0, folder
	}
	defer os.Remove(draft)
	if err := d.record(ctx, dossier.ID{}, dossier.TraceExported, dossier.Export{Form: AuditForm, Format: dossier.BookCSV, From: f.From, Until: f.To, Rows: n}); err != nil {
		return 0, err
	}
	if err := os.Rename(draft, path); err != nil {
		return 0, folder
	}
	return n, nil
}

// inCell keeps a spreadsheet from reckoning with what was typed as a name.
func inCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r|%", rune(s[0])) {
		return "'" + s
	}
	return s
}

// AuditForm is the key of the audit in the journal. It is in no form set.
const AuditForm = "audit"

const (
	burstPersons = 50 // how many persons one officer may look up within burstTime before it is flagged
	burstTime    = 10 * time.Minute
)

// Burst is a time in which an officer looked up more persons than anybody waits for at a desk.
type Burst struct {
	By       dossier.OfficerID
	Crew     []dossier.Officer // of the PC it was on, where that is another one
	From, To time.Time
	Persons  int // the most within any ten minutes of it
}

// Bursts are those of a period, the latest first: over fifty persons within ten minutes. A person is a dossier that was opened or shown, or
// a number that was looked up, however often. Codes: book.range, book.too-long.
func (d *Desk) Bursts(ctx context.Context, from, to dossier.Date) ([]Burst, error) {
	if err := d.may(ctx, dossier.DeedAudit); err != nil {
		return nil, err
	}
	if err := checkPeriod(from, to); err != nil {
		return nil, err
	}
	type officer struct { // on two PCs one sign-in name may be two people's
		pc dossier.DeviceID
		id dossier.OfficerID
	}
	looks, crews := map[officer][]look{}, map[dossier.DeviceID][]dossier.Officer{}
	f := dossier.TrailFilter{From: from, To: to, Kinds: []dossier.Kind{dossier.TraceOpened, dossier.TraceLookedUp, dossier.TraceRevealed}}
	err := d.trail(ctx, f, dossier.EventID{}, func(row dossier.TrailRow) error {
		whom := row.Dossier.String()
		if up, ok := row.Said().(*dossier.LookUp); ok && row.Kind == dossier.TraceLookedUp {
			if whom = up.Number; whom == "" && len(up.Dossiers) > 0 {
				whom = up.Dossiers[0].String()
			}
		}
		by := officer{row.Device, row.By}
		looks[by], crews[by.pc] = append(looks[by], look{row.At, whom}), row.Crew
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	var out []Burst
	for by, all := range looks {
		for _, b := range bursts(all) {
			b.By, b.Crew = by.id, crews[by.pc]
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b Burst) int { return b.From.Compare(a.From) })
	return out, nil
}

type look struct {
	at   time.Time
	whom string
}

// bursts slides a window over what one officer looked up.
func bursts(all []look) (out []Burst) {
	slices.SortStableFunc(all, func(a, b look) int { return a.at.Compare(b.at) })
	within, first := map[string]int{}, 0
	for _, one := range all {
		within[one.whom]++
		for ; one.at.Sub(all[first].at) > burstTime; first++ {
			if within[all[first].whom]--; within[all[first].whom] == 0 {
				delete(within, all[first].whom)
			}
		}
		if len(within) <= burstPersons {
			continue
		}
		if last := len(out) - 1; last >= 0 && !out[last].To.Before(all[first].at) {
			out[last].To, out[last].Persons = one.at, max(out[last].Persons, len(within))
			continue
		}
		out = append(out, Burst{From: all[first].at, To: one.at, Persons: len(within)})
	}
	return out
}

// Reveal is a personal number of a dossier whole, by the name of its field in the form, and a trace that it was shown. Code: reveal.none.
func (d *Desk) Reveal(ctx context.Context, id dossier.ID, field string) (string, error) {
	if err := d.may(ctx, dossier.DeedReveal); err != nil {
		return "", err
	}
	have, err := d.Store.Dossier(ctx, id)
	if err != nil {
		return "", err
	}
	r := have.Intake.Requester
	number := map[string]string{
		"person.number": r.Person.Number, "person.old-number": r.Person.OldNumber, "person.passport": r.Person.Passport,
		"representative.number": r.Representative.Number, "representative.old-number": r.Representative.OldNumber, "representative.passport": r.Representative.Passport,
		"subject.number": have.Intake.Subject.Number, "subject.old-number": have.Intake.Subject.OldNumber, "subject.passport": have.Intake.Subject.Passport,
	}[field]
	if number == "" {
		return "", dossier.Invalid("field", "reveal.none", "number", have.Number)
	}
	if err := d.record(ctx, id, dossier.TraceRevealed, dossier.Reveal{Field: field}); err != nil {
		return "", err
	}
	return number, nil
}

// lookedUp keeps that somebody's earlier dossiers were shown: once for a person, however often their form is looked at while it is typed.
func (d *Desk) lookedUp(ctx context.Context, in Intake, who someone, shown []Visit) error {
	if len(shown) == 0 {
		return nil
	}
	var body dossier.LookUp
	if len(who.numbers) > 0 {
		body.Number = dossier.MaskNumber(who.numbers[0])
	}
	for _, v := range shown {
		body.Dossiers = append(body.Dossiers, v.ID)
	}
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return d.lookUp(ctx, in.ID.String()+string(text), body)
}

// searched keeps that somebody was searched for by a personal number and found, once however far the list is scrolled.
func (d *Desk) searched(ctx context.Context, text string, found []dossier.Summary) error {
	number := strings.Join(strings.Fields(text), "")
	if n := len(number); len(found) == 0 || n != 12 && n != 9 || strings.Trim(number, "0123456789") != "" {
		return nil
	}
	body := dossier.LookUp{Number: dossier.MaskNumber(number)}
	for _, row := range found {
		body.Dossiers = append(body.Dossiers, row.ID)
	}
	return d.lookUp(ctx, number, body)
}

// lookUp keeps it unless it was the last one kept.
func (d *Desk) lookUp(ctx context.Context, this string, body dossier.LookUp) error {
	d.looking.Lock()
	defer d.looking.Unlock()
	if this == d.looked {
		return nil
	}
	if err := d.saw(ctx, dossier.ID{}, dossier.TraceLookedUp, body); err != nil {
		return err
	}
	d.looked = this
	return nil
}

// saw keeps the trace of a look. Where nothing can be written, on a full or locked disk, the officer still may read.
func (d *Desk) saw(ctx context.Context, id dossier.ID, kind dossier.Kind, body any) error {
	err := d.record(ctx, id, kind, body)
	switch dossier.Code(err) {
	case "store.full", "store.read-only", "store.newer":
		return nil
	}
	return err
}

// BackedUp keeps what became of a backup.
func (d *Desk) BackedUp(ctx context.Context, b dossier.BackUp) error {
	return d.record(ctx, dossier.ID{}, dossier.TraceBackedUp, b)
}

// ClockMoved looks whether this PC's clock is behind what it has said before, and keeps a trace of it, once. It is called every now and
// then, and as somebody signs in. A clock that jumps ahead cannot be told from a PC that was off; it is seen when it is set right again.
func (d *Desk) ClockMoved(ctx context.Context) error {
	history, err := d.Store.Clock(ctx)
	if err != nil {
		return err
	}
	now := d.Now()
	if !now.Add(dossier.ClockSlack).Before(history.Last) {
		return nil
	}
	return d.record(ctx, dossier.ID{}, dossier.TraceClockMoved, dossier.ClockMove{Was: history.Last, Is: now.Truncate(time.Millisecond)})
}
