package dossier

import (
	"bytes"
	"container/heap"
	"encoding/json"
	"math/big"
	"slices"
	"time"
)

// Replay folds the acts of one dossier into what they amount to. The order in which they came does not matter: parents go first, ties
// are broken by the SHA-256 of the header, so every machine with the same events shows the same dossier, and no clock decides.
//
// Two acts that do not commute and of which neither is an ancestor of the other are both disputed and take no effect until a
// Resolved act names both. Traces and events of the station among the entries are passed over. Whatever was received is folded; nothing panics, nothing is
// refused here.
func Replay(entries []Entry) Dossier {
	acts := ordered(entries)
	f := fold{acts: acts, at: make(map[EventID]int, len(acts))}
	for i := range acts {
		f.at[acts[i].ID] = i
	}
	f.findAncestors()
	f.settle()
	return f.run()
}

type act struct {
	Entry
	hash    Hash
	body    any  // decoded, nil if purged or unreadable
	waiting bool // not folded
	past    *big.Int
}

// ordered are the acts, parents first and ties by header hash; what waits comes last, in order of header hash.
func ordered(entries []Entry) []act {
	byID := make(map[EventID]*act, len(entries))
	var all []*act
	for _, e := range entries {
		if e.Kind.IsTrace() || e.Kind.IsOfStation() {
			continue
		}
		a := &act{Entry: e, hash: e.HeaderHash()}
		if old, ok := byID[e.ID]; ok {
			// The journals refuse a second header for an id; if one is here all the same, every machine picks the same.
			// Of two copies of one act the purged one counts: what was to be forgotten does not come back with a late copy.
			if c := bytes.Compare(a.hash[:], old.hash[:]); c < 0 || c == 0 && a.Purged {
				*old = *a
			}
			continue
		}
		byID[e.ID] = a
		all = append(all, a)
	}
	children := make(map[EventID][]*act)
	missing := make(map[*act]int)
	ready := &byHash{}
	for _, a := range all {
		a.body = decode(a.Entry)
		missing[a] = len(a.Bases)
		if !a.Kind.IsAct() {
			missing[a]++ // a kind this version does not know: it waits, and so does what rests on it
		}
		for _, b := range a.Bases {
			children[b] = append(children[b], a)
		}
		if missing[a] == 0 {
			*ready = append(*ready, a)
		}
	}
	heap.Init(ready)
	out := make([]act, 0, len(all))
	for ready.Len() > 0 {
		a := heap.Pop(ready).(*act)
		out = append(out, *a)
		delete(missing, a)
		for _, c := range children[a.ID] {
			if missing[c]--; missing[c] == 0 {
				heap.Push(ready, c)
			}
		}
	}
	folded := len(out)
	for a := range missing {
		a.waiting = true
		out = append(out, *a)
	}
	slices.SortFunc(out[folded:], func(a, b act) int { return bytes.Compare(a.hash[:], b.hash[:]) })
	return out
}

type byHash []*act

func (h byHash) Len() int           { return len(h) }
func (h byHash) Less(i, j int) bool { return bytes.Compare(h[i].hash[:], h[j].hash[:]) < 0 }
func (h byHash) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *byHash) Push(x any)        { *h = append(*h, x.(*act)) }
func (h *byHash) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

type fold struct {
	acts     []act
	at       map[EventID]int
	disputed map[int]bool
	void     map[int]bool
	disputes []Dispute
}

// findAncestors gives each act the set of all acts before it, unless the acts form a plain line and nothing can be disputed.
func (f *fold) findAncestors() {
	line := true
	for i, a := range f.acts {
		if a.waiting {
			break
		}
		if i > 0 && !(len(a.Bases) == 1 && a.Bases[0] == f.acts[i-1].ID) || i == 0 && len(a.Bases) > 0 {
			line = false
			break
		}
	}
	if line {
		return
	}
	for i := range f.acts {
		a := &f.acts[i]
		if a.waiting {
			break
		}
		a.past = new(big.Int)
		for _, b := range a.Bases {
			j := f.at[b]
			a.past.Or(a.past, f.acts[j].past)
			a.past.SetBit(a.past, j, 1)
		}
	}
}

func (f *fold) before(i, j int) bool { return f.acts[j].past != nil && f.acts[j].past.Bit(i) == 1 }

// settle finds which acts are disputed and which a Resolved act has put aside.
func (f *fold) settle() {
	f.disputed, f.void = map[int]bool{}, map[int]bool{}
	if len(f.acts) == 0 || f.acts[0].past == nil {
		return
	}
	var pairs [][2]int
	for j := range f.acts {
		for i := 0; i < j && !f.acts[j].waiting; i++ {
			if !f.before(i, j) && !commute(f.acts[i], f.acts[j]) && !f.knew(i, j) && !f.knew(j, i) {
				pairs = append(pairs, [2]int{i, j})
			}
		}
	}
	// A Resolved act may itself be disputed by another, and settled by a third: so the latest are weighed first.
	var effective []int
	settled := func(i, j int) bool {
		for _, r := range effective {
			names := f.acts[r].body.(*Resolve).Names
			if f.before(i, r) && f.before(j, r) && slices.Contains(names, f.acts[i].ID) && slices.Contains(names, f.acts[j].ID) {
				return true
			}
		}
		return false
	}
	for r := len(f.acts) - 1; r >= 0; r-- {
		a := f.acts[r]
		if a.waiting || a.Kind != Resolved {
			continue
		}
		if _, ok := a.body.(*Resolve); !ok || f.void[r] {
			f.void[r] = true
			continue
		}
		open := false
		for _, p := range pairs {
			if (p[0] == r || p[1] == r) && !f.void[p[0]] && !f.void[p[1]] && !settled(p[0], p[1]) {
				open = true
			}
		}
		if open {
			continue
		}
		effective = append(effective, r)
		resolve := a.body.(*Resolve)
		keep, keeps := f.at[resolve.Keep]
		for _, name := range resolve.Names {
			i, ok := f.at[name]
			if !ok || name == resolve.Keep || keeps && f.before(i, keep) { // what the kept act rests on stands with it
				continue
			}
			if f.before(i, r) && f.clashes(i, pairs) {
				f.void[i] = true
			}
		}
	}
	for _, p := range pairs {
		if !f.void[p[0]] && !f.void[p[1]] && !settled(p[0], p[1]) {
			f.disputed[p[0]], f.disputed[p[1]] = true, true
			f.disputes = append(f.disputes, Dispute{f.acts[p[0]].ID, f.acts[p[1]].ID})
		}
	}
}

// knew tells whether the author of act j knew the decision of act i from another record of it. What was done in that knowledge (the
// result handed back before upstream's record of the same decision came) does not exclude the decision.
func (f *fold) knew(i, j int) bool {
	d, ok := f.acts[i].body.(*Decision)
	if !ok {
		return false
	}
	for k := range f.acts {
		if same, ok := f.acts[k].body.(*Decision); ok && k != i && same.Same(*d) && f.before(k, j) {
			return true
		}
	}
	return false
}

// clashes tells whether act i is part of any pair that does not commute; a Resolved act can put aside no other.
func (f *fold) clashes(i int, pairs [][2]int) bool {
	return slices.ContainsFunc(pairs, func(p [2]int) bool { return p[0] == i || p[1] == i })
}

func commute(a, b act) bool {
	if kindsCommute(a.Kind, b.Kind) {
		return true
	}
	switch x := a.body.(type) {
	case *Decision: // the same decision recorded twice is one decision
		y, ok := b.body.(*Decision)
		return ok && x.Same(*y)
	case *Resolve:
		y, ok := b.body.(*Resolve)
		return ok && x.Keep == y.Keep && sameActs(x.Names, y.Names)
	}
	return false
}

// sameActs tells whether both name the same acts, in whatever order.
func sameActs(a, b []EventID) bool {
	within := func(a, b []EventID) bool {
		return !slices.ContainsFunc(a, func(id EventID) bool { return !slices.Contains(b, id) })
	}
	return within(a, b) && within(b, a)
}

// Same tells whether two records speak of one decision.
func (d Decision) Same(other Decision) bool {
	return d.Document == other.Document && d.Date == other.Date && d.Approved == other.Approved
}

func (f *fold) run() Dossier {
	var d Dossier
	d.Disputes = f.disputes
	based := map[EventID]bool{}
	for _, a := range f.acts {
		if !a.waiting {
			for _, b := range a.Bases {
				based[b] = true
			}
		}
	}
	for i := range f.acts {
		a := &f.acts[i]
		if d.ID.IsZero() {
			d.ID = a.Dossier
		}
		step := Step{Event: a.Event, Purged: a.Purged}
		switch {
		case a.waiting:
			step.Effect = Waiting
		case f.void[i]:
			step.Effect = Void
		case f.disputed[i]:
			step.Effect = Disputed
		case f.held(i):
			step.Effect = Held
		case d.apply(a.Event, a.body):
			step.Effect = Applied
		default:
			step.Effect = Void
		}
		step.Status = d.Status
		d.Course = append(d.Course, step)
		if !a.waiting && !based[a.ID] {
			d.Heads = append(d.Heads, a.ID)
		}
	}
	if d.Number == "" {
		d.Number = f.number()
	}
	return d
}

// number names a dossier whose very reception is disputed: the number is on paper all the same.
func (f *fold) number() string {
	for _, a := range f.acts {
		switch b := a.body.(type) {
		case *Receive:
			return b.Number
		case *Refuse:
			return b.Number
		}
	}
	return ""
}

// held tells whether act i rests on a disputed act that it does not commute with.
func (f *fold) held(i int) bool {
	for j := range f.disputed {
		if f.before(j, i) && !kindsCommute(f.acts[j].Kind, f.acts[i].Kind) {
			return true
		}
	}
	return false
}

// decode reads the body of an act; nil if there is none or it cannot be read.
func decode(e Entry) any {
	if e.Purged {
		return nil
	}
	body := NewBody(e.Kind)
	if body == nil || json.Unmarshal(e.Body, body) != nil {
		return nil
	}
	return body
}

// NewBody is an empty body for that kind, nil for kinds without one of ours.
func NewBody(k Kind) any {
	switch k {
	case Received:
		return new(Receive)
	case Refused:
		return new(Refuse)
	case AskedPapers:
		return new(AskPapers)
	case AddedPapers:
		return new(AddPapers)
	case HandedOver:
		return new(HandOver)
	case Forwarded:
		return new(Forward)
	case Performed:
		return new(Perform)
	case Decided:
		return new(Decision)
	case Rescheduled:
		return new(Reschedule)
	case Notified:
		return new(Notify)
	case HandedBack:
		return new(HandBack)
	case Withdrawn, Stopped, Annulled:
		return new(Reason)
	case Corrected:
		return new(Correct)
	case Resolved:
		return new(Resolve)
	case TracePrinted:
		return new(Print)
	case TracePrintEnd:
		return new(PrintEnd)
	case TraceExported:
		return new(Export)
	case LayoutKept:
		return new(Layout)
	case StationSet:
		return new(Settings)
	case DateConfirmed:
		return new(DateSaid)
	case DayClosed:
		return new(DayClose)
	case SentBack:
		return new(SendBack)
	case Healed:
		return new(Healing)
	case Admitted:
		return new(Admission)
	case Revoked:
		return new(Revocation)
	case KeySet:
		return new(NewKey)
	case Released:
		return new(Release)
	case Purged:
		return new(Purge)
	case PackIssued:
		return new(Pack)
	case UserAdmitted:
		return new(UserAdmission)
	case UserRemoved:
		return new(UserRemoval)
	case UserRole:
		return new(RoleChange)
	case PasswordReset:
		return new(PasswordSet)
	case TraceSignedIn:
		return new(SignIn)
	case TraceSignInFailed:
		return new(SignInFailure)
	case TraceSignedOut, TraceLocked:
		return new(Leaving)
	case TraceLookedUp:
		return new(LookUp)
	case TraceRevealed:
		return new(Reveal)
	case TraceBackedUp:
		return new(BackUp)
	case TraceRestored:
		return new(Restore)
	case TraceClockMoved:
		return new(ClockMove)
	case TraceAnnounced:
		return new(Announcement)
	}
	return nil
}

// apply lets one act take effect and tells whether it was allowed where it stands. An act whose body was purged or cannot be read
// still moves the status: that it happened is in the chain.
func (d *Dossier) apply(e Event, body any) bool {
	if e.Kind == Resolved {
		return body != nil
	}
	if decision, ok := body.(*Decision); ok && d.Decision != nil && d.Decision.Same(*decision) {
		return true
	}
	to, ok := After(d.Status, e.Kind)
	if !ok {
		return false
	}
	d.Status = to
	switch b := body.(type) {
	case *Receive:
		d.Number, d.Intake, d.Due, d.OwnDue = b.Number, *b, b.Due, b.OwnDue
		d.counts, d.ownCounts = b.Due.At, b.OwnDue.At
	case *Refuse:
		d.Number, d.Intake, d.Why = b.Number, b.Receive, b.Why
	case *AskPapers:
		d.Asked, d.Why = b, b.Why
	case *AddPapers:
		d.Intake.Papers = mergePapers(d.Intake.Papers, b.Papers)
		d.Asked, d.Why = nil, ""
		if !b.Due.At.IsZero() {
			if d.Reschedules == 0 || b.Due.At.After(d.Due.At) { // a later day that was promised already stays promised
				d.Due = b.Due
			}
			if !past(d.lateAfter(), d.asked) { // see clocks
				d.counts = b.Due.At
			}
			if !past(d.ownLateAfter(), d.asked) {
				d.ownCounts = b.OwnDue.At
			}
			d.OwnDue = b.OwnDue
		}
	case *Forward:
		d.Forward = b
	case *Perform:
		d.Done = b
	case *Decision:
		d.Decision = b
	case *Reschedule:
		if !b.Due.At.IsZero() { // what was promised stays promised
			d.Due = b.Due
		}
		d.Reschedules++
	case *HandBack:
		d.Returned = b
	case *Reason:
		d.Why = b.Why
	case *Correct:
		d.correct(*b)
	}
	switch e.Kind { // that and when it happened is known of a purged act too
	case AskedPapers:
		d.asked = When(e, body)
		d.Supplements++
	case AddedPapers:
		d.asked = time.Time{}
	case Forwarded:
		if d.forwarded.IsZero() {
			d.forwarded = When(e, body)
		}
	case Refused, Performed, Decided, Withdrawn, Stopped:
		d.EndedAt = When(e, body)
	}
	return true
}

// When is the moment an act took place as the desk reckoned it, which its body carries; else what the PC's clock said. The two differ
// where the clock was wrong and the officer said which day it was, and where the act was written down later.
func When(e Event, body any) time.Time {
	var at time.Time
	switch b := body.(type) {
	case *Receive:
		at = b.ReceivedAt
	case *Refuse:
		at = b.ReceivedAt
	case *AskPapers:
		at = b.At
	case *AddPapers:
		at = b.At
	case *Forward:
		at = b.At
	case *Perform:
		at = b.At
	case *Decision:
		at = b.At
	case *Reason:
		at = b.At
	}
	if at.IsZero() {
		return e.At
	}
	return at
}

func (d *Dossier) correct(c Correct) {
	in := &d.Intake
	set(&in.Requester, c.Requester)
	set(&in.Subject, c.Subject)
	set(&in.SubjectOrg, c.SubjectOrg)
	set(&in.Ground, c.Ground)
	set(&in.Reason, c.Reason)
	set(&in.Term, c.Term)
	set(&in.ReturnPlace, c.ReturnPlace)
	set(&in.NationalCode, c.NationalCode)
	set(&in.Note, c.Note)
	if c.Papers != nil {
		in.Papers = c.Papers
	}
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// mergePapers adds what came later to what is there: a paper of the same key and title gets the larger counts.
func mergePapers(have, more []Paper) []Paper {
	out := slices.Clone(have)
	for _, p := range more {
		i := slices.IndexFunc(out, func(q Paper) bool { return q.Key == p.Key && q.Title == p.Title })
		if i < 0 {
			out = append(out, p)
			continue
		}
		out[i].Originals, out[i].Copies = max(out[i].Originals, p.Originals), max(out[i].Copies, p.Copies)
	}
	return out
}
