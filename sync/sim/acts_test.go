package sim

import (
	"bytes"
	"encoding/json"
	"fmt"

	"tiepnhan/dossier"
)

// fact is an event that somebody was told is kept.
type fact struct {
	id     dossier.EventID
	about  dossier.ID
	kind   dossier.Kind
	number string
	by     *pc  // nil is upstream
	blind  bool // its PC could not know which numbers it had given: an image had been put back
	lost   bool // with the only disk that had it
	purged []dossier.EventID
}

// keep notes that an event was said to be kept.
func (s *station) keep(f *fact) {
	if old := s.facts[f.id]; old != nil {
		if old.number != f.number {
			s.w.fail("I12", "event %s got number %s and then %s", f.id, old.number, f.number)
		}
		old.lost = false
		return
	}
	s.facts[f.id] = f
	if f.kind.IsAct() {
		s.w.events++
	}
	if f.number == "" {
		return
	}
	s.w.checked["I12"]++
	for _, other := range s.numbers[f.number] {
		switch {
		case f.blind, other.blind, other.lost:
			s.excused++
			s.w.happened["number given twice after an image was put back"]++
		case f.by == other.by && f.by.unaware(other.id):
			s.excused++
			s.w.happened["number given twice that nobody knew who was asked"]++
		case f.by != other.by && f.by.desk == other.by.desk:
			s.excused++
			s.w.happened["number given twice by two living copies"]++
		default:
			s.w.fail("I12", "number %s was given twice: by %s and by %s", f.number, other.by.name, f.by.name)
		}
	}
	s.numbers[f.number] = append(s.numbers[f.number], f)
}

// unaware tells whether a PC could not know of what it gave itself: an image was put back, and nobody it has exchanged with since held it.
func (p *pc) unaware(id dossier.EventID) bool {
	here := p.ids()[id] // by stick, or from a sister who came
	return p.forgot[id] && !here
}

// patiently does something as an officer does: what fails is tried again, after the PC was started again if need be. What was kept and not
// shown must then be found and not be done twice.
func (p *pc) patiently(what string, do func() error) error {
	var err error
	for try := range 4 {
		if try == 0 && !p.w.careful && p.w.chance(150) {
			p.disk.fails = 1 + p.w.r.IntN(2)
		}
		if try == 0 && !p.w.careful && p.w.chance(150) {
			p.disk.dies = 1
		}
		err = do()
		if !p.disk.dead && try == 0 && err == nil && !p.w.careful && p.w.chance(200) { // it was kept, and the power went before anybody saw it
			p.w.step("%s: power cut after %s was kept", p.name, what)
			p.start(p.disk.copy())
			continue
		}
		p.disk.fails, p.disk.dies = 0, 0
		if p.disk.dead {
			p.w.step("%s: power cut while %s", p.name, what)
			p.up()
			continue
		}
		if !injected(err) {
			return err
		}
		p.w.step("%s: %s failed on the disk", p.name, what)
		p.w.happened["disk refused a COMMIT"]++
	}
	return err
}

func body(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// receive opens a dossier.
func (p *pc) receive() {
	w := p.w
	of, e := dossier.ID(w.id()), dossier.EventID(w.id())
	o := dossier.Opening{ID: of, Series: dossier.IntakeSeries, Day: dossier.DateOf(w.now)}
	refuse := w.chance(12)
	if refuse {
		o.Series = dossier.RefusalSeries
	}
	at := w.now
	var number string
	err := p.patiently("receiving", func() error {
		d, err := p.store.Receive(ctx, o, func(n string) ([]dossier.Event, error) {
			in := dossier.Receive{Number: n, Procedure: "unlock-account", Title: "Mở khóa tài khoản định danh điện tử", Level: dossier.Commune,
				Case: "citizen", FormSet: "police", Channel: dossier.AtDesk, Sets: 1, ReceivedAt: at,
				Requester: dossier.Requester{Kind: dossier.Citizen, Person: dossier.Person{Name: secretName}},
				Due:       dossier.Due{At: at.AddDate(0, 0, 4), Limit: "3 ngày làm việc"}}
			first := dossier.Event{ID: e, Kind: dossier.Received, By: "mau", At: p.now(), Body: body(in)}
			if refuse {
				in.Due = dossier.Due{}
				first.Kind, first.Body = dossier.Refused, body(dossier.Refuse{Receive: in, Why: "Không thuộc thẩm quyền"})
			}
			return []dossier.Event{first}, nil
		})
		number = d.Number
		return err
	})
	if err != nil {
		if dossier.Code(err) == "number.full" {
			w.happened["numbers of the day used up"]++
		}
		w.fail("I1", "%s cannot receive: %v", p.name, err)
	}
	own := p.store.Own()
	w.step("%s: receives %s (%s at %d)", p.name, number, own.Incarnation.String()[:8], own.Head.Seq)
	kind := dossier.Received
	if refuse {
		kind = dossier.Refused
	}
	p.st.keep(&fact{id: e, about: of, kind: kind, number: number, by: p, blind: p.blind || p.revoked})
	p.st.dossiers = append(p.st.dossiers, of)
}

// choices are the acts a desk does, the frequent ones more often.
var choices = []dossier.Kind{dossier.Forwarded, dossier.Forwarded, dossier.Forwarded, dossier.Performed, dossier.Performed, dossier.AskedPapers, dossier.AddedPapers,
	dossier.AddedPapers, dossier.HandedOver, dossier.HandedBack, dossier.HandedBack, dossier.Corrected, dossier.Notified, dossier.Rescheduled,
	dossier.Withdrawn, dossier.Annulled, dossier.Resolved}

// act does something about one of the later dossiers, if there is something to be done; it tells whether it did.
func (p *pc) act() bool {
	w := p.w
	n := len(p.st.dossiers)
	if n == 0 {
		return false
	}
	of := p.st.dossiers[n-1-w.r.IntN(min(n, 25))]
	id := dossier.EventID(w.id())
	at, pick := w.now, w.r.Perm(len(choices))
	var kind dossier.Kind
	err := p.patiently("acting", func() error {
		_, err := p.store.Act(ctx, of, func(d dossier.Dossier) (dossier.Event, error) {
			e := dossier.Event{ID: id, By: "mau", At: p.now()}
			for _, s := range d.Course { // tried before, and kept
				if s.ID == id {
					return s.Event, nil
				}
			}
			if len(d.Disputes) > 0 && w.r.IntN(2) == 0 {
				kind = dossier.Resolved
			} else {
				kind = ""
				for _, i := range pick {
					if choices[i] != dossier.Resolved && d.Allowed(choices[i]) == nil {
						kind = choices[i]
						break
					}
				}
			}
			if kind == "" {
				return e, dossier.Invalid("", "act.not-allowed")
			}
			e.Kind = kind
			switch kind {
			case dossier.Forwarded:
				e.Body = body(dossier.Forward{To: "Công an tỉnh Mẫu", At: at})
			case dossier.Performed:
				e.Body = body(dossier.Perform{At: at})
			case dossier.AskedPapers:
				e.Body = body(dossier.AskPapers{Why: "Thiếu bản sao", At: at})
			case dossier.AddedPapers:
				e.Body = body(dossier.AddPapers{At: at, Due: dossier.Due{At: at.AddDate(0, 0, 5)}})
			case dossier.HandedOver:
				e.Body = body(dossier.HandOver{})
			case dossier.HandedBack:
				e.Body = body(dossier.HandBack{To: "Người Mẫu"})
			case dossier.Corrected:
				note := fmt.Sprintf("Ghi chú %d", w.r.IntN(100))
				e.Body = body(dossier.Correct{Note: &note})
			case dossier.Notified:
				e.Body = body(dossier.Notify{})
			case dossier.Rescheduled:
				e.Body = body(dossier.Reschedule{Due: dossier.Due{At: at.AddDate(0, 0, 7)}})
			case dossier.Withdrawn, dossier.Annulled:
				e.Body = body(dossier.Reason{Why: "Công dân đề nghị", At: at})
			case dossier.Resolved:
				e.Body = body(settle(d.Disputes))
			}
			return e, nil
		})
		return err
	})
	switch code := dossier.Code(err); {
	case code == "act.not-allowed", code == "dossier.unknown":
		return false
	case err != nil:
		w.fail("I1", "%s cannot act: %v", p.name, err)
	}
	w.step("%s: %s on %s", p.name, kind, of.String()[:8])
	p.st.keep(&fact{id: id, about: of, kind: kind, by: p})
	return true
}

// settle resolves one dispute, whatever the order in which hashes put them.
func settle(disputes []dossier.Dispute) (out dossier.Resolve) {
	for _, d := range disputes {
		if bytes.Compare(d.A[:], d.B[:]) > 0 {
			d.A, d.B = d.B, d.A
		}
		if out.Names == nil || bytes.Compare(append(d.A[:], d.B[:]...), append(out.Names[0][:], out.Names[1][:]...)) < 0 {
			out = dossier.Resolve{Names: []dossier.EventID{d.A, d.B}, Keep: d.A}
		}
	}
	return out
}

// record keeps a trace, or something no program can read: it must hold up nothing (I8).
func (p *pc) record() {
	w := p.w
	e := dossier.Event{ID: w.id(), Kind: dossier.TraceLookedUp, By: "mau", At: p.now()}
	if n := len(p.st.dossiers); n > 0 {
		e.Dossier = p.st.dossiers[w.r.IntN(n)]
		e.Kind = dossier.TraceOpened
	}
	if w.chance(4) {
		e.Dossier, e.Kind, e.Body = dossier.ID{}, dossier.LayoutKept, []byte("không đọc được")
	}
	err := p.patiently("recording", func() error { return p.store.Record(ctx, e) })
	if err != nil {
		w.fail("I1", "%s cannot record: %v", p.name, err)
	}
	p.st.keep(&fact{id: e.ID, about: e.Dossier, kind: e.Kind, by: p})
}

// decide has upstream record the authority's answer to a dossier it knows.
func (s *station) decide() {
	w := s.w
	if len(s.dossiers) == 0 || w.up.disk.dead {
		return
	}
	n := len(s.dossiers)
	of := s.dossiers[n-1-w.r.IntN(min(n, 25))]
	d := dossier.Decision{Approved: true, Document: fmt.Sprintf("%d/TB", w.r.IntN(1000)), Date: dossier.DateOf(w.now)}
	c, first, err := w.up.unit.Decide(ctx, of.String(), d)
	switch code := dossier.Code(err); {
	case code == "upstream.no-dossier", code == "act.not-allowed", code == "act.disputed", code == "act.not-received":
		return
	case err != nil:
		w.fail("upstream", "cannot decide: %v", err)
	}
	if !first {
		return
	}
	for _, step := range c.Course {
		var had dossier.Decision
		if step.Kind == dossier.Decided && json.Unmarshal(step.Body, &had) == nil && had.Same(d) {
			s.keep(&fact{id: step.ID, about: of, kind: dossier.Decided})
			w.step("upstream decides on %s", of.String()[:8])
		}
	}
}
