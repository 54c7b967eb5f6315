// Package course is one dossier: what it is, what became of it, what can be done with it now.
package course

import (
	"context"
	"slices"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Holiday(day dossier.Date) string
	Open(ctx context.Context, id dossier.ID) (desk.Opened, error)
	Look(ctx context.Context, id dossier.ID) (desk.Opened, error)
	Reveal(ctx context.Context, id dossier.ID, field string) (string, error)
	Queue(ctx context.Context) (dossier.Queue, error)
	Settings(ctx context.Context) (dossier.Settings, bool, error)
	Station(ctx context.Context) (desk.Station, error)
	Do(ctx context.Context, verb dossier.Kind, id dossier.ID, body any) (dossier.Dossier, error)
	FormsOf(ctx context.Context, id dossier.ID) ([]desk.FormLine, error)
	TypedActs(ctx context.Context) ([]desk.Typed, error)
	SaveTypedActs(ctx context.Context, all []desk.Typed) error
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string)
	Page(down bool) // the course goes on, or back, by what is in sight
}

// World is what surrounds this screen.
type World struct {
	Desk     Desk
	Threads  kit.Threads
	Trouble  func(err error, again func()) bool
	Kept     func()                               // something was kept
	Preview  func(order desk.Order, title string) // shows a form as it will be printed
	Back     func()                               // to the list
	Upstream func() string
	Now      func() time.Time
}

// Presenter knows the dossier shown. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view View

	id      dossier.ID
	turn    int
	opening bool
	shown   bool
	read
	sheets  sheets
	drafts  drafts
	current dossier.Kind // the act whose form is open
	review  []Change     // of a correction about to be kept; nil while it is being typed
	said    map[string]kit.Said
	alert   *Alert
	listed  bool   // papers are shown to choose from
	offer   string // the form that follows the act just kept
	digits  *kit.Digits
	busy    bool
	bare    bool // personal numbers are shown whole
	asked   int  // for them, so that what comes back too late shows nothing
	begin   bool // the focus goes to the first act once it is known
	mend    bool // the correction opens once the dossier is known
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter {
	return &Presenter{World: w, digits: kit.NewDigits(w.Threads), drafts: drafts{lane: kit.NewLane(w.Threads), later: kit.NewLater(w.Threads, draftPause)}}
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// Show opens a dossier.
func (p *Presenter) Show(id dossier.ID) { p.to(id, false) }

// Mend opens the correction of a dossier.
func (p *Presenter) Mend(id dossier.ID) { p.to(id, true) }

func (p *Presenter) to(id dossier.ID, mend bool) {
	if id != p.id {
		p.Left("")
		p.drafts.thrown = nil
		p.current, p.review, p.alert, p.said, p.shown, p.offer = "", nil, nil, nil, false, ""
		p.Hide()
	}
	p.id, p.listed, p.mend = id, false, mend
	p.digits.Drop()
	p.look(true)
}

// Refresh reads again what is shown: something was sent or came down.
func (p *Presenter) Refresh() {
	if !p.id.IsZero() {
		p.look(false)
	}
}

// read is what is known of the dossier shown.
type read struct {
	o        desk.Opened
	waiting  map[dossier.EventID]bool
	certain  bool                       // waiting names all of this dossier that waits
	wishes   map[dossier.EventID]string // upstream's, by the act each speaks of
	settings dossier.Settings
	officer  string
	head     string          // who leads the unit today, if the settings say so
	papers   []desk.FormLine // what can be printed first, the receipt before the others
	noPapers error
	fixes    map[dossier.EventID][]Change // what each correction changed
	typed    []desk.Typed                 // from before the program was started
}

func (p *Presenter) look(trace bool) {
	p.turn++
	turn, id, unread := p.turn, p.id, !p.drafts.loaded
	p.opening = !p.shown
	p.render()
	p.Threads.Go(func() {
		r, err := p.fetch(id, trace, unread)
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			p.opening = false
			if err != nil {
				p.fail(err, func() { p.look(trace) })
				return
			}
			first := !p.shown || p.begin
			p.begin, p.shown, p.read = false, true, r
			if !p.drafts.loaded {
				p.drafts.loaded = true
				p.drafts.kept = len(r.typed) > 0
				p.sheets.load(r.typed)
			}
			p.render()
			if first {
				p.view.Focus("")
				p.resume()
			}
			if p.mend {
				p.mend = false
				if p.current != dossier.Corrected {
					p.Choose(dossier.Corrected)
				}
			}
		})
	})
}

func (p *Presenter) fetch(id dossier.ID, trace, first bool) (r read, err error) {
	ctx := context.Background()
	get := p.Desk.Look
	if trace {
		get = p.Desk.Open
	}
	if r.o, err = get(ctx, id); err != nil {
		return r, err
	}
	queue, err := p.Desk.Queue(ctx)
	if err != nil {
		return r, err
	}
	if r.settings, _, err = p.Desk.Settings(ctx); err != nil {
		return r, err
	}
	if first {
		if r.typed, err = p.Desk.TypedActs(ctx); err != nil {
			return r, err
		}
	}
	if station, err := p.Desk.Station(ctx); err == nil {
		r.officer = station.Officer.Name
	}
	if unit, err := r.settings.UnitOn(dossier.DateOf(p.Now())); err == nil {
		r.head = unit.Head
	}
	r.papers, r.noPapers = p.Desk.FormsOf(ctx, id) // said when somebody wants to print
	r.papers = slices.DeleteFunc(r.papers, func(f desk.FormLine) bool { return dossier.Code(f.Why) == "form.other-procedure" })
	slices.SortStableFunc(r.papers, func(a, b desk.FormLine) int { return place(a) - place(b) })
	r.waiting, r.wishes = map[dossier.EventID]bool{}, map[dossier.EventID]string{}
	n := 0
	for _, row := range queue.Rows {
		r.waiting[row.Event] = true
		if row.Dossier == id {
			n++
		}
	}
	r.certain = n >= r.o.Summary.Unsent
	for _, row := range queue.SentBack {
		if row.Dossier == id || row.Dossier.IsZero() {
			r.wishes[row.Event] = row.Why
		}
	}
	r.fixes = map[dossier.EventID][]Change{}
	for event, c := range r.o.Dossier.Corrections() {
		r.fixes[event] = changesOf(c.Before, c.After, r.o.Procedure)
	}
	return r, nil
}

// place is where a form stands among those of a dossier.
func place(f desk.FormLine) int {
	switch {
	case f.Why != nil:
		return 2
	case f.Key == "receipt":
		return 0
	}
	return 1
}

func (p *Presenter) fail(err error, again func()) {
	if p.Trouble == nil || !p.Trouble(err, again) {
		p.alert = &Alert{Tone: kit.Bad, Text: kit.SayError(err)}
	}
	p.render()
}

// Choose opens the form of an act, or says why it cannot be done.
func (p *Presenter) Choose(kind dossier.Kind) {
	v := verbOf(kind)
	if !p.shown || p.busy || v == nil {
		return
	}
	if why, _ := p.forbidden(v); why != "" {
		p.alert = &Alert{Tone: kit.Warn, Text: why}
		p.render()
		return
	}
	p.alert, p.said, p.review, p.listed, p.offer = nil, nil, nil, false, ""
	p.current = kind
	p.drafts.thrown = nil
	p.sheets.open(p.id, kind, p.written(kind), func() map[string]string {
		if v.begin == nil {
			return map[string]string{}
		}
		return v.begin(p)
	})
	p.render()
	p.view.Focus("form")
	if kind == dossier.Corrected { // its form has the numbers in it
		p.reveal(func(err error) {
			if err != nil && p.current == dossier.Corrected {
				p.Close()
				p.fail(err, func() { p.Choose(kind) })
			}
		})
	}
}

// typed is what stands in the open form.
func (p *Presenter) typed() map[string]string { return p.sheets.typed(p.id, p.current) }

// Close goes back from the form; what was typed in it is there when it is opened again. From the changes of a correction it goes back
// to its form.
func (p *Presenter) Close() {
	if p.busy {
		return
	}
	if p.review != nil {
		p.review = nil
		p.render()
		p.view.Focus("form")
		return
	}
	p.Left("")
	if p.alert != nil && p.alert.Drop { // of the form that is left
		p.alert = nil
	}
	p.current, p.said, p.listed = "", nil, false
	p.digits.Drop()
	p.render()
	p.view.Focus("")
}

// Text takes what is typed or picked in the form.
func (p *Presenter) Text(field, typed string) {
	v := verbOf(p.current)
	if v == nil || p.busy || p.review != nil {
		p.render()
		return
	}
	p.typed()[field] = typed
	delete(p.said, field)
	if v.change != nil {
		v.change(p, p.typed(), field)
	}
	if p.drafts.thrown != nil { // what was thrown away is gone with the first new letter
		p.drafts.thrown, p.alert = nil, nil
	}
	p.drafts.later.Do(p.saveDraft)
	p.render()
}

// Keep is F9: the act is done. A correction first shows what it changes.
func (p *Presenter) Keep() {
	v := verbOf(p.current)
	if v == nil || p.busy {
		return
	}
	body, ps := v.body(p, p.typed())
	if err := ps.Err(); err != nil {
		p.wrong(ps)
		return
	}
	if c, ok := body.(*dossier.Correct); ok && p.review == nil {
		p.alert, p.said = nil, nil
		p.review = p.changes(c)
		p.render()
		p.view.Focus("keep")
		return
	}
	p.busy = true
	p.render()
	id, kind, number, wished := p.id, p.current, p.o.Dossier.Number, p.o.Summary.SentBack != ""
	p.Threads.Go(func() {
		_, err := p.Desk.Do(context.Background(), kind, id, body)
		p.Threads.OnUI(func() {
			p.busy = false
			if err == nil {
				p.sheets.drop(id, kind)
				p.saveDraft()
			}
			if id != p.id { // the officer has gone on to another dossier
				if err != nil {
					p.alert = &Alert{Tone: kit.Bad, Text: "Chưa lưu được “" + kind.Title() + "” của hồ sơ " + number + ": " + kit.SayError(err) +
						" Nội dung đã nhập vẫn còn ở hồ sơ đó."}
				} else if p.Kept != nil {
					p.Kept()
				}
				p.render()
				return
			}
			if err != nil {
				p.notKept(err)
				return
			}
			p.current, p.review, p.said, p.offer = "", nil, nil, follows(kind, body)
			p.alert = &Alert{Tone: kit.Good, Text: p.keptWords(kind, wished)}
			p.begin = true // what can be done now is another list
			p.look(false)
			if p.Kept != nil {
				p.Kept()
			}
		})
	})
}

func (p *Presenter) notKept(err error) {
	p.review = nil
	if p.Trouble != nil && p.Trouble(err, p.Keep) {
		p.render()
		return
	}
	if ps := kit.Problems(err); len(ps) > 0 {
		p.wrong(ps)
		return
	}
	p.alert = &Alert{Tone: kit.Bad, Text: kit.SayError(err)}
	p.render()
}

func (p *Presenter) keptWords(kind dossier.Kind, wished bool) string {
	words := "Đã lưu tại máy: " + kind.Title() + "."
	switch {
	case kind != dossier.Corrected:
	case wished:
		words += " Đang chờ gửi lại về " + p.Upstream() + " (F5: gửi ngay)."
	default:
		words += " Số hồ sơ và giấy đã in giữ nguyên; bản in lại ghi “có đính chính”."
	}
	return words
}

// wrong says each problem at its field; what belongs to none is said above.
func (p *Presenter) wrong(ps dossier.Problems) {
	p.said = map[string]kit.Said{}
	first, loose := "", []string{}
	v := verbOf(p.current)
	fields := v.fieldsOf(p)
	for _, one := range ps {
		field := v.place(one.Field, fields)
		if field == "" {
			loose = append(loose, kit.Say(one))
			continue
		}
		if first == "" {
			first = field
		}
		p.said[field] = kit.Said{Text: kit.Say(one), Warn: one.Warn}
	}
	p.alert = nil
	if len(loose) > 0 {
		p.alert = &Alert{Tone: kit.Bad, Text: strings.Join(loose, "\n")}
	}
	p.render()
	if first != "" {
		p.view.Focus(first)
	}
}

// follows is the form that goes with an act, "" where none does.
func follows(kind dossier.Kind, body any) string {
	if d, ok := body.(*dossier.Decision); ok && !d.Approved {
		return "refusal-answer"
	}
	return map[dossier.Kind]string{dossier.AskedPapers: "supplement", dossier.Rescheduled: "apology", dossier.Stopped: "stop",
		dossier.Refused: "refusal", dossier.Performed: "result-notice", dossier.Decided: "result-notice", dossier.Corrected: "receipt"}[kind]
}

// offered is the form that follows the act just kept, if its course allows it; -1 for none.
func (p *Presenter) offered() int {
	return slices.IndexFunc(p.papers, func(f desk.FormLine) bool { return f.Key == p.offer && f.Why == nil })
}

// Print is Ctrl+P: the form that follows the act just kept, else a choice of all.
func (p *Presenter) Print() {
	if i := p.offered(); p.current == "" && i >= 0 {
		p.PrintForm(i)
		return
	}
	p.List()
}

// List shows the forms of this dossier to choose from, or goes back.
func (p *Presenter) List() {
	if !p.shown || p.busy {
		return
	}
	if p.listed {
		p.Close()
		return
	}
	if p.noPapers != nil {
		p.alert = &Alert{Tone: kit.Bad, Text: kit.SayError(p.noPapers)}
		p.render()
		return
	}
	p.listed, p.current, p.review, p.said = true, "", nil, nil
	p.render()
	p.view.Focus("papers")
}

// PrintForm shows a form as it will be printed.
func (p *Presenter) PrintForm(i int) {
	if i < 0 || i >= len(p.papers) || p.papers[i].Why != nil {
		return
	}
	f := p.papers[i]
	p.listed, p.offer = false, ""
	p.digits.Drop()
	p.render()
	p.view.Focus("") // where Esc leads back to: the list is gone
	title := f.Code
	if title == "" {
		title = f.Title
	}
	p.Preview(desk.Order{Form: f.Key, Dossiers: []dossier.ID{p.id}}, title+" "+p.o.Dossier.Number)
}

// Rune takes a character typed while the forms are listed: i is the form of that digit, -1 for none.
func (p *Presenter) Rune(i int) {
	p.digits.Typed(i, func(i int) {
		if p.listed {
			p.PrintForm(i)
		}
	})
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Key == "F9" && !e.Ctrl && p.current != "":
		p.Keep()
	case e.Key == "F6" && !e.Ctrl && !e.Alt && p.current != "":
		p.Discard()
	case e.Key == "Escape" && (p.current != "" || p.listed):
		p.Close()
	case e.Key == "Escape":
		p.Back()
	case (e.Key == "Prior" || e.Key == "Next") && !e.Ctrl && !e.Alt:
		p.view.Page(e.Key == "Next")
	case e.Ctrl && e.Key == "P":
		p.Print()
	case e.Ctrl && e.Key == "I" && !e.Alt && !e.Shift:
		p.Reveal()
	case e.Ctrl && !e.Alt:
		for _, v := range verbs {
			if v.key == string(e.Key) {
				p.Choose(v.kind)
				return true
			}
		}
		return false
	default:
		return false
	}
	return true
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	out := []kit.Hint{}
	for i := range verbs {
		out = append(out, kit.Hint{Key: verbs[i].Cap(), Does: verbs[i].title})
	}
	return append(out, kit.Hint{Key: "F9", Does: "Lưu bước đang nhập"}, kit.Hint{Key: "F6", Does: "Bỏ nội dung đang nhập; nhấn lần nữa để lấy lại"}, kit.Hint{Key: "Ctrl+P", Does: "In giấy tờ: chọn bằng mũi tên và Enter, hoặc bằng số"},
		revealHint, kit.Hint{Key: "PageUp, PageDown", Does: "Cuộn diễn biến của hồ sơ"},
		kit.Hint{Key: "Esc", Does: "Về danh sách bước, rồi về danh sách hồ sơ; chữ đã gõ vẫn giữ"})
}

func (p *Presenter) render() {
	if p.view != nil {
		p.view.Show(p.state())
	}
}

// forbidden says why a verb cannot be done now, "" if it can, and whether it is the status alone that does not allow it.
func (p *Presenter) forbidden(v *verb) (why string, byStatus bool) {
	if err := p.o.Dossier.Allowed(v.kind); err != nil {
		return kit.SayError(err), dossier.Code(err) == "act.not-allowed"
	}
	switch from := p.o.Apology; {
	case v.kind == dossier.Performed && p.o.Case.Key != "" && !p.o.Case.AtOnce():
		return assets.Word("perform.not-at-once", nil), false
	case v.kind == dossier.Rescheduled && p.Now().Before(from):
		return assets.Word("reschedule.early", map[string]string{"from": from.In(dossier.Hanoi).Format("15:04 ngày 02/01/2006")}), false
	}
	return "", false
}

// apology tells whether an apology with a new date is offered now, and whether it is asked for: the appointment has passed.
func (p *Presenter) apology() (offered, late bool) {
	d := p.o.Dossier
	if d.Due.At.IsZero() || d.Allowed(dossier.Rescheduled) != nil || p.Now().Before(p.o.Apology) {
		return false, false
	}
	late = p.Now().After(d.Due.At)
	return late || !p.o.Case.AtOnce(), late
}
