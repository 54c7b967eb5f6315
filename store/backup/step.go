package backup

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"tiepnhan/dossier"
)

// A place may take its time or never answer: a server of the unit that is off, a stick with a loose contact. Whoever waits is let go then;
// what hangs goes on hanging beside, and tidies up when the system lets go of it.

const (
	patience = time.Minute     // for a place in which nothing moves
	lookFor  = 3 * time.Second // for one that is only looked at
	stopFor  = 3 * time.Second // for what was stopped to tidy up
	often    = 100 * time.Millisecond
)

// going is one backup that is under way.
type going struct {
	told  func(dossier.BackupStep)
	start time.Time
	at    atomic.Int64 // when something last moved in the place, since start; 0 while nothing is wanted of it

	mu    sync.Mutex
	ended bool
	step  string
	said  time.Time
}

func newGoing(told func(dossier.BackupStep)) *going { return &going{told: told, start: time.Now()} }

// tell says how far it is, ten times a second at most.
func (g *going) tell(step string, done, all int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if g.told == nil || g.ended || step == g.step && now.Sub(g.said) < often {
		return
	}
	g.step, g.said = step, now
	g.told(dossier.BackupStep{Step: step, Done: done, All: all})
}

// moved says that the place answers; left, that nothing is wanted of it.
func (g *going) moved() { g.at.Store(max(int64(time.Since(g.start)), 1)) }
func (g *going) left()  { g.at.Store(0) }

func (g *going) hangs(patience time.Duration) bool {
	at := g.at.Load()
	return at > 0 && time.Since(g.start)-time.Duration(at) > patience
}

// attend does something in a place. Code: backup.hangs (folder).
func attend[T any](ctx context.Context, g *going, patience time.Duration, folder string, do func(ctx context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type end struct {
		out T
		err error
	}
	done := make(chan end, 1)
	go func() {
		out, err := do(ctx)
		done <- end{out, err}
	}()
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.ended = true
	}()
	tick := time.NewTicker(max(patience/8, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case e := <-done:
			return e.out, e.err
		case <-ctx.Done():
			select {
			case e := <-done:
				return e.out, e.err
			case <-time.After(stopFor):
				var none T
				return none, ctx.Err()
			}
		case <-tick.C:
			if g.hangs(patience) {
				var none T
				return none, dossier.Invalid("", "backup.hangs", "folder", folder)
			}
		}
	}
}
