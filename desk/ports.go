package desk

import (
	"context"
	"image"
	"io"
	"time"

	"tiepnhan/dossier"
)

// Store is the station's file, as the desk needs it. Every method that keeps something is one durable transaction: when it has
// returned nil, no crash or power cut takes it back. A full disk, a read-only disk and the like come back as dossier.Problems.
type Store interface {
	// Settings are those in force; ok is false on a store nobody has set up.
	Settings(ctx context.Context) (s dossier.Settings, ok bool, err error)

	// Receive opens a dossier. build is called inside the transaction with the next number of the series and makes the event that opens
	// it and the acts that follow it at once; each is based on the one before. The draft goes with it. If the dossier is already kept (a
	// repeated key, an unknown outcome), nothing is added and the kept one is returned. Code: national-code.taken.
	Receive(ctx context.Context, o dossier.Opening, build func(number string) ([]dossier.Event, error)) (dossier.Dossier, error)

	// Act adds one act to a dossier. build sees the dossier inside the transaction and refuses or makes the event; its Bases are
	// filled in here with the dossier's heads. Code: national-code.taken (a correction to another dossier's).
	Act(ctx context.Context, id dossier.ID, build func(dossier.Dossier) (dossier.Event, error)) (dossier.Dossier, error)

	// Record keeps traces and station events, all of them in one transaction.
	Record(ctx context.Context, es ...dossier.Event) error

	Dossier(ctx context.Context, id dossier.ID) (dossier.Dossier, error) // Problems dossier.unknown
	Find(ctx context.Context, number string) (dossier.Dossier, error)    // by our number or the national code
	Summary(ctx context.Context, id dossier.ID) (dossier.Summary, error)
	List(ctx context.Context, q dossier.Query) ([]dossier.Summary, error)
	Count(ctx context.Context, q dossier.Query) (int, error)
	Counts(ctx context.Context, now time.Time) (map[dossier.View]int, error)               // of every view
	Whence(ctx context.Context, id dossier.ID) (map[dossier.EventID]dossier.Whence, error) // of every act of a dossier
	Queue(ctx context.Context) (dossier.Queue, error)

	// Between visits what was received or refused on those days, in the order of day and number, refusals after the rest of their day.
	Between(ctx context.Context, from, to dossier.Date, visit func(dossier.Dossier) error) error
	// Prints is how often each form of a dossier was printed, on any PC, refused jobs left out.
	Prints(ctx context.Context, id dossier.ID) (map[string]int, error)
	// Layouts are the keeper's words on forms, oldest first.
	Layouts(ctx context.Context) ([]dossier.KeptLayout, error)

	// Since visits this PC's own journal after seq, in order, and returns its head as it then was.
	Since(ctx context.Context, seq uint64, visit func(seq uint64, e dossier.Entry) error) (dossier.Head, error)
	// Void are this PC's own acts after seq that take no effect: another one stands in their place, or they were not allowed where they stood.
	Void(ctx context.Context, seq uint64) (map[dossier.EventID]bool, error)
	// Closings are the closed days, of all PCs, the latest first; limit 0 is all.
	Closings(ctx context.Context, limit int) ([]dossier.ClosedDay, error)

	Sizes(ctx context.Context) (dossier.StoreSizes, error)
	Clock(ctx context.Context) (dossier.ClockHistory, error) // what this PC's clock has said so far
	// Packs are upstream's, of one kind, the latest version first: the one in force on that day, those before it, those to come, and what
	// cannot be used.
	Packs(ctx context.Context, kind dossier.PackKind, day dossier.Date) ([]dossier.KeptPack, error)

	SaveDraft(ctx context.Context, name string, body []byte) error
	Draft(ctx context.Context, name string) ([]byte, error) // nil if there is none
	DropDraft(ctx context.Context, name string) error
}

// Line is the way to upstream.
type Line interface {
	// Send pushes what waits, pulls what came, and keeps the receipts. It may be called at any time, repeated, and ended by ctx: what was
	// receipted stays. told, which may be nil, hears how far it is, on the caller's goroutine or another.
	Send(ctx context.Context, told func(dossier.SendStep)) (dossier.Sent, error)
	// Enrol introduces this PC with the ticket upstream issued.
	Enrol(ctx context.Context, ticket string) (dossier.Upstream, error)
	// Enrolled tells whether that has happened.
	Enrolled(ctx context.Context) (bool, error)
}

// Paper draws forms. A sheet that cannot be drawn comes back as dossier.Problems.
type Paper interface {
	// Forms are those of a form set, in the order of its numbers; layouts are the keeper's words on them.
	Forms(set string, layouts []dossier.KeptLayout) ([]dossier.FormInfo, error)
	// Possible tells why a dossier's course does not allow a form; nil when it does.
	Possible(s dossier.Sheet) error
	// Render draws sheets of one size one after the other as one PDF. done, which may be nil, is told after each.
	Render(ctx context.Context, sheets []dossier.Sheet, done func(n int)) ([]byte, error)
	// Book writes a register in a format, and tells how many rows it has.
	Book(ctx context.Context, b dossier.Book, info dossier.FormInfo, format string, to io.Writer) (rows int, err error)
	// Day writes the report of a day as a PDF, on A4 on its side; one that is not closed yet says so across each page.
	Day(ctx context.Context, s dossier.DaySheet, to io.Writer) error
	// Incident writes the report of the worst day as a PDF on A4.
	Incident(ctx context.Context, s dossier.IncidentSheet, to io.Writer) error
	// Columns are all a register can have, in the order they stand in when the keeper has chosen none.
	Columns(form string) []dossier.BookColumn
	// Text is the text of a form as the program came with it, for forms whose text is data.
	Text(form string) ([]byte, error)
	// CheckText refuses a text no form could be drawn from.
	CheckText(form string, text []byte) error
}

// Spool hands documents to printers. It says no more than the system's spooler has said.
type Spool interface {
	Printers(ctx context.Context) ([]dossier.Printer, error)
	Print(ctx context.Context, job dossier.PrintJob) (id string, err error) // returned once the spooler has all of it
	Job(ctx context.Context, printer, id string) (dossier.JobState, error)
	Cancel(ctx context.Context, printer, id string) error
}

// Viewer opens a PDF to be looked at, exactly as it will be printed.
type Viewer interface {
	Open(ctx context.Context, pdf []byte) (Pages, error)
}

// Pages is an opened PDF.
type Pages interface {
	Count() int
	Size(page int) (w, h float64) // millimetres
	Draw(ctx context.Context, page int, dpi float64) (image.Image, error)
	Close() error
}

// People are those who may sign in on this PC, as its own journal has it.
type People interface {
	// Users are all there ever were; none on a PC where nobody signs in.
	Users(ctx context.Context) ([]dossier.User, error)
	// User is one of them; ok is false for somebody who never was.
	User(ctx context.Context, id dossier.OfficerID) (u dossier.User, ok bool, err error)
}

// Trail is what all journals that are here say, the newest first; before is the id of the event after which it goes on.
type Trail interface {
	Trail(ctx context.Context, f dossier.TrailFilter, before dossier.EventID, visit func(dossier.TrailRow) error) error
}

// Ring opens the store to who knows a password. Names are OfficerIDs. A change that has returned nil is durable, and one that was cut off
// has happened whole or not at all. What is wrong with a password comes back as dossier.Problems.
type Ring interface {
	// Add lets one more in. Code: safe.name-taken.
	Add(name, password string) error
	// Remove puts somebody out and changes the key of the store. Code: safe.unknown.
	Remove(name string) error
	// SetPassword is without the old one. Code: safe.unknown.
	SetPassword(name, password string) error
	// Change is one's own.
	Change(name, old, next string) error
	// Check tells whether that is the password, and opens nothing. Wrong ones are counted as when signing in.
	Check(name, password string) error
	// NewCode makes the recovery sheet printed so far worthless.
	NewCode() (code string, err error)
}

// Vault keeps backups of the store, encrypted for who can open the store. A backup that has returned nil is whole on its disk. A place that
// cannot be used comes back as dossier.Problems.
type Vault interface {
	// Places are those of this PC; second is the folder the settings name, empty for none. Looking takes the time of a folder's listing.
	Places(ctx context.Context, second string) ([]dossier.BackupPlace, error)
	// Make puts one into a place and removes there what the rotation no longer keeps. prove restores it into a scratch file and compares.
	Make(ctx context.Context, place dossier.BackupPlace, prove bool, told func(dossier.BackupStep)) (dossier.Backup, error)
	// Prove restores one into a scratch file and compares chains, counts and heads with what it says of itself.
	Prove(ctx context.Context, path string, told func(dossier.BackupStep)) (dossier.Backup, error)
	// Missing is what one does not hold of the store as it is.
	Missing(ctx context.Context, path string) (dossier.Missing, error)
}
