package desk

import (
	"context"
	"errors"
	"fmt"

	"tiepnhan/dossier"
)

// Stick is the way by USB, for a PC without a line. It may be repeated and stopped at any time, as Line. told, which may be nil, hears how far
// it is, from anywhere.
type Stick interface {
	// Export puts onto the stick at dir what upstream and the station's other PCs lack. It returns nil only when all was read back.
	Export(ctx context.Context, dir string, told func(dossier.SendStep)) (dossier.Exported, error)
	// Import takes in what on the stick is for this PC. Problems of a single parcel are in the answer.
	Import(ctx context.Context, dir string, told func(dossier.SendStep)) (dossier.Imported, error)
	// EnrolAsk puts the question of enrolment with a ticket onto the stick, and gives the file's name; EnrolTake takes the answer.
	EnrolAsk(ctx context.Context, dir, ticket string) (file string, err error)
	EnrolTake(ctx context.Context, dir string) (dossier.Upstream, error)
	// Sheet draws the sheet that goes with the stick, as a PDF on A4.
	Sheet(dossier.ParcelSheet) ([]byte, error)
}

// ParcelForm is the key of the hand-over sheet, and of an export in the journal. It is in no form set.
const ParcelForm = "parcel"

// Export puts parcels onto a stick. Then it is "đã xuất", not "đã gửi" (I3). The journal says that it was done.
func (d *Desk) Export(ctx context.Context, dir string, told func(dossier.SendStep)) (dossier.Exported, error) {
	if err := d.may(ctx, dossier.DeedSend); err != nil {
		return dossier.Exported{}, err
	}
	out, err := d.Stick.Export(ctx, dir, told)
	if err != nil {
		return out, err
	}
	rows := 0
	for _, p := range out.Parcels {
		rows += p.Entries()
	}
	now, err := d.now(ctx)
	if err != nil {
		return out, err
	}
	today := dossier.DateOf(now)
	return out, d.record(context.WithoutCancel(ctx), dossier.ID{}, dossier.TraceExported,
		dossier.Export{Form: ParcelForm, Format: "usb", From: today, Until: today, Rows: rows})
}

// Import takes in what a stick has for this PC.
func (d *Desk) Import(ctx context.Context, dir string, told func(dossier.SendStep)) (dossier.Imported, error) {
	if err := d.may(ctx, dossier.DeedSend); err != nil {
		return dossier.Imported{}, err
	}
	in, err := d.Stick.Import(ctx, dir, told)
	_, packs := d.TakePacks(context.WithoutCancel(ctx))
	return in, errors.Join(err, packs)
}

// EnrolAsk puts the question of enrolment onto a stick, and gives the file's name.
func (d *Desk) EnrolAsk(ctx context.Context, dir, ticket string) (string, error) {
	if err := d.may(ctx, dossier.DeedEnrol); err != nil {
		return "", err
	}
	return d.Stick.EnrolAsk(ctx, dir, ticket)
}

// EnrolTake takes upstream's answer from a stick.
func (d *Desk) EnrolTake(ctx context.Context, dir string) (dossier.Upstream, error) {
	if err := d.may(ctx, dossier.DeedEnrol); err != nil {
		return dossier.Upstream{}, err
	}
	d.deciding.Lock()
	defer d.deciding.Unlock()
	return d.Stick.EnrolTake(ctx, dir)
}

// PrintParcels prints the sheet that goes with a stick.
func (d *Desk) PrintParcels(ctx context.Context, e dossier.Exported, to Where) (Printing, error) {
	if err := d.may(ctx, dossier.DeedSend); err != nil {
		return Printing{}, err
	}
	s, err := d.settings(ctx)
	if err != nil {
		return Printing{}, err
	}
	now, err := d.now(ctx)
	if err != nil {
		return Printing{}, err
	}
	today := dossier.DateOf(now)
	unit, err := s.UnitOn(today)
	if err != nil {
		return Printing{}, err
	}
	pdf, err := d.Stick.Sheet(dossier.ParcelSheet{Exported: e, Unit: unit.Unit, By: s.Officer(d.Officer).Name, At: now})
	if err != nil {
		return Printing{}, err
	}
	print, err := d.event(dossier.ID{}, dossier.TracePrinted, dossier.Print{Form: ParcelForm, From: today, Until: today})
	if err != nil {
		return Printing{}, err
	}
	const title = "Phiếu giao nhận dữ liệu"
	drawn := Drawn{PDF: pdf, Paper: dossier.PaperA4, Sheets: 1, Info: dossier.FormInfo{Title: title}, prints: []dossier.Event{print}}
	return d.put(ctx, drawn, title, fmt.Sprintf("giao-nhan-%s.pdf", now.In(dossier.Hanoi).Format("060102-150405")), to)
}
