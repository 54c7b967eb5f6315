package desk

import (
	"context"

	"tiepnhan/dossier"
)

// Store is the station's file, as the desk needs it. Every method that keeps something is one durable transaction: when it has
// returned nil, no crash or power cut takes it back. A full disk, a read-only disk and the like come back as dossier.Problems.
type Store interface {
	// Settings are those in force; ok is false on a store nobody has set up.
	Settings(ctx context.Context) (s dossier.Settings, ok bool, err error)

	// Receive opens a dossier. build is called inside the transaction with the next number of the series and makes the event; its
	// Bases are filled in here. The draft of that name goes with it. If the event's dossier is already kept (a repeated key, an
	// unknown outcome), nothing is added and the kept one is returned.
	Receive(ctx context.Context, id dossier.ID, series dossier.Series, day dossier.Date, draft string,
		build func(number string) (dossier.Event, error)) (dossier.Dossier, error)

	// Act adds one act to a dossier. build sees the dossier inside the transaction and refuses or makes the event; its Bases are
	// filled in here with the dossier's heads.
	Act(ctx context.Context, id dossier.ID, build func(dossier.Dossier) (dossier.Event, error)) (dossier.Dossier, error)

	// Record keeps a trace or a station event.
	Record(ctx context.Context, e dossier.Event) error

	Dossier(ctx context.Context, id dossier.ID) (dossier.Dossier, error) // Problems dossier.unknown
	Find(ctx context.Context, number string) (dossier.Dossier, error)    // by our number or the national code
	Summary(ctx context.Context, id dossier.ID) (dossier.Summary, error)
	List(ctx context.Context, q dossier.Query) ([]dossier.Summary, error)
	Count(ctx context.Context, q dossier.Query) (int, error)
	Queue(ctx context.Context) (dossier.Queue, error)
	Prints(ctx context.Context, id dossier.ID, form string) (int, error)
	Clock(ctx context.Context) (dossier.ClockHistory, error) // what this PC's clock has said so far

	SaveDraft(ctx context.Context, name string, body []byte) error
	Draft(ctx context.Context, name string) ([]byte, error) // nil if there is none
	DropDraft(ctx context.Context, name string) error
}

// Line is the way to upstream.
type Line interface {
	// Send pushes what waits, pulls what came, and keeps the receipts. It may be called at any time and repeated.
	Send(ctx context.Context) (dossier.Sent, error)
	// Enrol introduces this PC with the ticket upstream issued.
	Enrol(ctx context.Context, ticket string) (dossier.Upstream, error)
	// Enrolled tells whether that has happened.
	Enrolled(ctx context.Context) (bool, error)
}

// Paper draws a form.
type Paper interface {
	Render(form string, d dossier.Dossier, officer dossier.Officer, nth int) ([]byte, error)
}
