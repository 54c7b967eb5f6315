package waiting

import (
	"context"
	"errors"
	"slices"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// mostPast is how many attempts are remembered, those of this run only.
const mostPast = 10

// attempt is one exchange that has ended.
type attempt struct {
	at      time.Time
	own     bool // the officer asked for it
	stopped bool
	err     error
	acts    int // that a receipt covers since
	pulled  int
}

// Send is F5. While the program sends by itself, the officer's wish joins in; while it is the officer's own, one more follows it, because
// what was kept since may have come too late for it.
func (p *Presenter) Send() {
	switch {
	case p.pairing:
		return
	case p.status.Known && !p.status.Enrolled:
		p.alert = &Alert{kit.Warn, assets.Word("ui.not-enrolled", nil)}
		p.render()
		return
	case p.cancel != nil:
		p.more = true
		p.render()
		return
	}
	p.alert, p.more, p.usb.first = nil, false, false
	if p.status.Sending {
		p.alert = &Alert{kit.Info, assets.Word("sending.already", nil)}
	} else {
		p.begin()
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.round++
	round := p.round
	p.render()
	p.told()
	p.exchange(ctx, round, 0)
}

// exchange is one exchange of the officer's, and the one that follows it where F5 was pressed again meanwhile.
func (p *Presenter) exchange(ctx context.Context, round, pulled int) {
	p.Threads.Go(func() {
		sent, err := p.Desk.Send(ctx, func(step dossier.SendStep) {
			p.Threads.OnUI(func() {
				if round == p.round && p.cancel != nil {
					p.Hear(step)
				}
			})
		})
		p.Threads.OnUI(func() {
			pulled += sent.Pulled
			if p.more && err == nil {
				p.more = false
				p.exchange(ctx, round, pulled)
				return
			}
			p.cancel()
			p.cancel = nil
			p.end(attempt{at: p.Now(), own: true, err: err, pulled: pulled})
			p.render()
			p.Refresh(p.told)
		})
	})
}

func (p *Presenter) canStop() bool {
	return p.status.Sending && !p.stopping && (p.cancel != nil || p.Halt != nil)
}

// Stop ends the exchange that goes on, whoever began it. What is receipted stays sent.
func (p *Presenter) Stop() {
	if !p.canStop() {
		return
	}
	p.stopping, p.more = true, false
	if p.cancel != nil {
		p.cancel()
	} else {
		p.Halt()
	}
	p.render()
}

// Hear tells how far the exchange is that goes on, whoever began it.
func (p *Presenter) Hear(step dossier.SendStep) {
	if !p.status.Sending {
		p.begin()
		p.alert = nil
	}
	p.status.Progress = step
	if step.Phase == "push" && step.Done > 0 && !p.reading {
		p.Refresh(p.told) // a receipt came: fewer wait
	}
	p.render()
	p.told()
}

// Tried tells what an exchange that the program began by itself came to; the caller then calls Refresh. Where the officer joined it, his own
// answer is on its way and says the same.
func (p *Presenter) Tried(err error) {
	if p.cancel != nil {
		return
	}
	p.end(attempt{at: p.Now(), err: err})
	p.render()
}

func (p *Presenter) begin() {
	p.status.Sending, p.status.Progress, p.before = true, dossier.SendStep{Phase: "connect"}, -1
	if p.status.Known {
		p.before = p.held()
	}
}

// held is how many of this PC's acts a receipt covers.
func (p *Presenter) held() int {
	for _, pc := range p.queue.PCs {
		if pc.Own && p.queue.Receipt != nil {
			return pc.Held
		}
	}
	return 0
}

func (p *Presenter) end(a attempt) {
	if !p.status.Sending {
		p.begin()
	}
	a.stopped = errors.Is(a.err, context.Canceled)
	line := lineAfter(a.err, p.status)
	if line == Broken && p.status.Line != Broken {
		p.since = a.at
	}
	p.failure = a.err
	p.status.Sending, p.status.Progress, p.status.Line, p.stopping, p.unread = false, dossier.SendStep{}, line, false, true
	p.status.Tried = a.at
	p.past = slices.Insert(p.past, 0, a)
	p.past = p.past[:min(len(p.past), mostPast)]
}

// lineAfter is what an attempt that ended so tells about the line.
func lineAfter(err error, was Status) Line {
	problems, others := problemsOf(err)
	switch {
	case err == nil:
		return Reached
	case errors.Is(err, context.Canceled):
		if was.Progress.Phase == "connect" {
			return was.Line
		}
		return Reached
	case len(others) > 0:
		return Broken
	}
	for _, one := range problems {
		switch one.Code {
		case "line.down", "line.timeout", "line.portal", "line.wrong-key":
			return Broken
		case "line.not-enrolled":
			return was.Line
		}
	}
	return Refused
}

// settle says what the last attempt came to, now that what it changed was read: it counts the acts that the screen counts; what else goes
// up, traces and settings, is nothing the officer waits for.
func (p *Presenter) settle() {
	a := &p.past[0]
	if p.before >= 0 {
		a.acts = max(0, p.held()-p.before)
	}
	p.alert = p.outcome(*a)
}

func (p *Presenter) told() {
	if p.Sent != nil {
		p.Sent()
	}
}

// problemsOf are the problems anywhere in an error, each code once, and what else is in it.
func problemsOf(err error) (all dossier.Problems, others []error) {
	var look func(error)
	look = func(err error) {
		var ps dossier.Problems
		many, joined := err.(interface{ Unwrap() []error })
		switch {
		case err == nil:
		case joined:
			for _, one := range many.Unwrap() {
				look(one)
			}
		case errors.As(err, &ps):
			for _, one := range ps {
				if !slices.ContainsFunc(all, func(x dossier.Problem) bool { return x.Code == one.Code }) {
					all = append(all, one)
				}
			}
		default:
			others = append(others, err)
		}
	}
	look(err)
	return all, others
}
