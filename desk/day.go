package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"tiepnhan/dossier"
)

// DayReport is what this PC wrote down since its last closing, and how things stand now: the report that CloseDay would keep.
func (d *Desk) DayReport(ctx context.Context) (dossier.Day, error) {
	if err := d.may(ctx, dossier.DeedLook); err != nil {
		return dossier.Day{}, err
	}
	now, err := d.now(ctx)
	if err != nil {
		return dossier.Day{}, err
	}
	day, err := d.openDay(ctx)
	if err != nil {
		return dossier.Day{}, err
	}
	day.Date = dossier.DateOf(now)
	return day, d.standing(ctx, now, &day.Report)
}

// openDay reads this PC's journal from the end of its last closing.
func (d *Desk) openDay(ctx context.Context) (dossier.Day, error) {
	all, err := d.Store.Closings(ctx, 0)
	if err != nil {
		return dossier.Day{}, err
	}
	own := ownOf(all)
	before, last := beforeIn(own, math.MaxUint64)
	walk := dossier.NewDayWalk(last.Said)
	elsewhere := map[dossier.EventID]bool{}
	for _, c := range all {
		for _, id := range c.Covers {
			elsewhere[id] = true
		}
		if len(c.Covers) > 0 {
			before = append(before, c.DayClose) // it tells which numbers those are
		}
	}
	walk.Elsewhere(func(_ uint64, id dossier.EventID) bool { return elsewhere[id] })
	head, err := d.Store.Since(ctx, last.Until.Seq, func(seq uint64, e dossier.Entry) error {
		walk.Add(seq, e)
		return ctx.Err()
	})
	if err != nil {
		return dossier.Day{}, err
	}
	void, err := d.Store.Void(ctx, last.Until.Seq)
	if err != nil {
		return dossier.Day{}, err
	}
	walk.Void(func(row dossier.DayRow) bool { return void[row.Event] })
	day, err := d.endWalk(ctx, walk, before)
	day.Nth, day.From, day.Until = len(own)+1, last.Until.Seq, head
	return day, err
}

// ownClosings are those of this PC in all its lives.
func (d *Desk) ownClosings(ctx context.Context) ([]dossier.ClosedDay, error) {
	all, err := d.Store.Closings(ctx, 0)
	if err != nil {
		return nil, err
	}
	return ownOf(all), nil
}

func ownOf(all []dossier.ClosedDay) []dossier.ClosedDay {
	return slices.DeleteFunc(slices.Clone(all), func(c dossier.ClosedDay) bool { return !c.Own })
}

// beforeIn are the closings that ended at or before a place in this PC's journal, and the last of them. Places stay the same when the
// journal begins a new life (ADR 11).
func beforeIn(own []dossier.ClosedDay, seq uint64) (before []dossier.DayClose, last dossier.DayClose) {
	for _, c := range own {
		if c.Until.Seq > seq {
			continue
		}
		before = append(before, c.DayClose)
		if c.Until.Seq >= last.Until.Seq {
			last = c.DayClose
		}
	}
	return before, last
}

// endWalk names the dossiers that were received before; nothing is asked of the store while it is read.
func (d *Desk) endWalk(ctx context.Context, walk *dossier.DayWalk, before []dossier.DayClose) (dossier.Day, error) {
	for _, id := range walk.Unmet() {
		have, err := d.Store.Dossier(ctx, id)
		if err != nil {
			return dossier.Day{}, fmt.Errorf("name a dossier of the day: %w", err)
		}
		walk.Meet(have)
	}
	return walk.End(before), nil
}

// standing fills in how things stand now, at the whole station.
func (d *Desk) standing(ctx context.Context, now time.Time, r *dossier.DayReport) error {
	r.At = now
	counts, err := d.Store.Counts(ctx, now)
	if err != nil {
		return err
	}
	r.DueToday, r.Asked, r.Disputed = counts[dossier.ViewToday], counts[dossier.ViewPapers], counts[dossier.ViewDisputed]
	if r.Disputed > 0 {
		rows, err := d.Store.List(ctx, dossier.Query{View: dossier.ViewDisputed, Sort: dossier.SortOldest, Now: now, Limit: dossier.MaxDayDisputes})
		if err != nil {
			return err
		}
		for _, row := range rows {
			r.Disputes = append(r.Disputes, row.Number)
		}
	}
	for q := (dossier.Query{View: dossier.ViewLate, Sort: dossier.SortOldest, Now: now, Limit: lateAtOnce}); ; q.Offset += lateAtOnce {
		rows, err := d.Store.List(ctx, q)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.Late(now) {
				r.Late++
			}
			if row.OwnLate(now) {
				r.OwnLate++
			}
		}
		if len(rows) < lateAtOnce {
			break
		}
	}
	queue, err := d.Store.Queue(ctx)
	if err != nil {
		return err
	}
	r.Unsent = queue.Acts
	if queue.Receipt != nil {
		r.Receipt = &dossier.DayReceipt{Number: queue.Receipt.Number, At: queue.Receipt.At}
	}
	return nil
}

const lateAtOnce = 500

// CloseOrder is the officer's word that the day is closed as he saw it.
type CloseOrder struct {
	Seen    dossier.Hash // of the rows that were looked at
	Closed  string       // who closes; empty for the officer at the desk
	Checked string       // who looked it over and signs beside
	Note    string
}

// CloseDay closes what this PC wrote down since its last closing, and tells what it kept. Traces that were added since it was looked at
// change nothing; an act does, for it would be signed unseen. What is written down while it is kept is in the next report. Codes:
// day.moved, day.nothing, day.checked-missing, day.checked-same.
func (d *Desk) CloseDay(ctx context.Context, o CloseOrder) (dossier.ClosedDay, error) {
	if err := d.may(ctx, dossier.DeedCloseDay); err != nil {
		return dossier.ClosedDay{}, err
	}
	settings, err := d.settings(ctx)
	if err != nil {
		return dossier.ClosedDay{}, err
	}
	if o.Closed = dossier.Clean(o.Closed); o.Closed == "" {
		o.Closed = settings.Officer(d.Officer).Name
	}
	o.Checked, o.Note = dossier.Clean(o.Checked), dossier.CleanMultiline(o.Note)
	ps := append(dossier.CheckText("closed", o.Closed, dossier.MaxName), dossier.CheckText("checked", o.Checked, dossier.MaxName)...)
	ps = append(ps, dossier.CheckText("note", o.Note, dossier.MaxText)...)
	switch {
	case o.Checked == "":
		ps = append(ps, dossier.Invalid("checked", "day.checked-missing")...)
	case dossier.Fold(o.Checked) == dossier.Fold(o.Closed):
		ps = append(ps, dossier.Invalid("checked", "day.checked-same")...)
	}
	if err := ps.Err(); err != nil {
		return dossier.ClosedDay{}, err
	}
	d.deciding.Lock() // of two closings at once the second finds nothing left
	defer d.deciding.Unlock()
	day, err := d.DayReport(ctx)
	if err != nil {
		return dossier.ClosedDay{}, err
	}
	own, err := d.ownClosings(ctx)
	if err != nil {
		return dossier.ClosedDay{}, err
	}
	// A day without a single dossier may be reported too, but once.
	if _, last := beforeIn(own, math.MaxUint64); len(day.Rows) == 0 && len(own) > 0 && last.Day == day.Date {
		return dossier.ClosedDay{}, dossier.Invalid("", "day.nothing", "at", last.Report.At.In(dossier.Hanoi).Format("15:04 02/01/2006"))
	}
	if o.Seen != day.Hash {
		return dossier.ClosedDay{}, dossier.Invalid("", "day.moved")
	}
	body := day.Close(o.Closed, o.Checked, o.Note)
	e, err := d.event(dossier.ID{}, dossier.DayClosed, body)
	if err == nil {
		err = d.Store.Record(ctx, e)
	}
	return dossier.ClosedDay{DayClose: body, ID: e.ID, At: e.At, By: e.By, Own: true}, err
}

// Days are the closings of all PCs whose journals are here, the last that came first: no clock decides.
func (d *Desk) Days(ctx context.Context) ([]dossier.ClosedDay, error) {
	if err := d.may(ctx, dossier.DeedLook); err != nil {
		return nil, err
	}
	return d.Store.Closings(ctx, 0)
}

// errFar ends a reading of the journal where a closing ended.
var errFar = errors.New("far enough")

// ClosedDay is a day as it was closed: figures from the event, rows read again from the journal. Where the journal no longer gives the
// rows that were signed, the day comes back with what it does give, and the error says so: day.broken. The rows of another PC, and of
// this one in a continuation that was given up, are not read here: day.elsewhere. Code: day.unknown.
func (d *Desk) ClosedDay(ctx context.Context, id dossier.EventID) (dossier.Day, error) {
	if err := d.may(ctx, dossier.DeedLook); err != nil {
		return dossier.Day{}, err
	}
	all, err := d.Store.Closings(ctx, 0)
	if err != nil {
		return dossier.Day{}, err
	}
	i := slices.IndexFunc(all, func(c dossier.ClosedDay) bool { return c.ID == id })
	if i < 0 {
		return dossier.Day{}, dossier.Invalid("", "day.unknown", "number", id.String())
	}
	c := all[i]
	out := dossier.Day{Date: c.Day, Nth: c.Nth, From: c.From, Until: c.Until, Report: c.Report, Hash: c.DayClose.Rows, Closing: &c}
	if !c.Own {
		return out, dossier.Invalid("", "day.elsewhere")
	}
	before, last := beforeIn(ownOf(all), c.From)
	walk := dossier.NewDayWalk(last.Said)
	walk.Elsewhere(func(seq uint64, _ dossier.EventID) bool { return c.Report.Left(seq) })
	hash, reached := last.Until.Hash, c.From
	_, err = d.Store.Since(ctx, c.From, func(seq uint64, e dossier.Entry) error {
		if seq > c.Until.Seq {
			return errFar
		}
		walk.Add(seq, e)
		hash, reached = dossier.NextHash(hash, e.Header()), seq
		return ctx.Err()
	})
	if err != nil && !errors.Is(err, errFar) {
		return dossier.Day{}, err
	}
	walk.Void(func(row dossier.DayRow) bool { return slices.Contains(c.Report.Void, row.Seq) }) // as it was signed, whatever was settled since
	day, err := d.endWalk(ctx, walk, before)
	if err != nil {
		return dossier.Day{}, err
	}
	out.Rows = day.Rows
	// How the first chain of a PC begins is not asked here, nor how a later life does; there the rows alone bear witness.
	chained := c.From == 0 || last.Until.Seq == c.From && (last.Until.Chain != c.Until.Chain || hash == c.Until.Hash)
	if day.Hash != c.DayClose.Rows || reached != c.Until.Seq || !chained || len(out.Rows) != c.Report.Written() {
		return out, dossier.Invalid("", "day.broken", "day", c.Day.String(), "nth", strconv.Itoa(c.Nth))
	}
	return out, nil
}

// DayForm is the key a printed report has in the journal. It is the station's own page and of no form set.
const DayForm = "day-report"

// DrawDay makes the report of a closed day as a PDF to look at, or of the day still open where id is zero: that one says so across the
// page. Codes: those of ClosedDay.
func (d *Desk) DrawDay(ctx context.Context, id dossier.EventID) (Drawn, error) {
	if err := d.may(ctx, dossier.DeedLook); err != nil {
		return Drawn{}, err
	}
	drawn, _, err := d.drawDay(ctx, id)
	return drawn, err
}

func (d *Desk) drawDay(ctx context.Context, id dossier.EventID) (Drawn, dossier.Day, error) {
	settings, err := d.settings(ctx)
	if err != nil {
		return Drawn{}, dossier.Day{}, err
	}
	var day dossier.Day
	if id.IsZero() {
		day, err = d.DayReport(ctx)
	} else {
		day, err = d.ClosedDay(ctx, id)
	}
	if err != nil {
		return Drawn{}, dossier.Day{}, err
	}
	var pdf bytes.Buffer
	if err := d.Paper.Day(ctx, dossier.DaySheet{Day: day, Settings: settings}, &pdf); err != nil {
		return Drawn{}, dossier.Day{}, err
	}
	out := Drawn{PDF: pdf.Bytes(), Info: dossier.FormInfo{Key: DayForm, Title: "Báo cáo chốt ngày", Size: dossier.PaperA4, Book: true}, Wide: true,
		Paper: dossier.PaperA4, Sheets: len(day.Rows)}
	e, err := d.event(dossier.ID{}, dossier.TracePrinted, dossier.Print{Form: DayForm, From: day.Date, Until: day.Date})
	out.prints = []dossier.Event{e}
	return out, day, err
}

// PrintDay prints it.
func (d *Desk) PrintDay(ctx context.Context, id dossier.EventID, to Where) (Printing, error) {
	if err := d.may(ctx, dossier.DeedPrint); err != nil {
		return Printing{}, err
	}
	drawn, day, err := d.drawDay(ctx, id)
	if err != nil {
		return Printing{}, err
	}
	return d.put(ctx, drawn, drawn.Info.Title+" "+day.Date.String(), DayFile(day), to)
}

// DayFile is the name of a report's file in the folder of papers.
func DayFile(day dossier.Day) string {
	name := "chot-ngay-" + day.Date.ISO()
	if day.Closing != nil {
		return name + "-" + strconv.Itoa(day.Nth) + ".pdf"
	}
	return name + "-nhap.pdf"
}

// PapersOf are the dossiers a day's papers are printed of, received or refused in it, and the first and the last day of their registers.
func PapersOf(day dossier.Day) (ids []dossier.ID, from, to dossier.Date) {
	from, to = day.Date, day.Date
	var days []dossier.Date
	for _, row := range day.Rows {
		if row.Kind == dossier.Received || row.Kind == dossier.Refused {
			ids = append(ids, row.Dossier)
			days = append(days, dossier.DateOf(row.At))
		}
	}
	if len(days) > 0 {
		from, to = slices.MinFunc(days, dossier.Date.Compare), slices.MaxFunc(days, dossier.Date.Compare)
	}
	return ids, from, to
}
