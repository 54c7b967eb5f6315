// Package books makes the registers: which one, of which days, with which columns; to look at and print, as an Excel file, as a CSV file.
package books

import (
	"context"
	"slices"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Forms(ctx context.Context) ([]dossier.FormInfo, error)
	Holiday(day dossier.Date) string
	Columns(ctx context.Context, form string) (chosen, all []dossier.BookColumn, err error)
	ChooseColumns(ctx context.Context, form string, columns []dossier.BookColumn) error
	ExportBook(ctx context.Context, o desk.BookOrder, format, path string) (rows int, err error)
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string)
}

// World is what surrounds this screen.
type World struct {
	Desk    Desk
	Threads kit.Threads
	Trouble func(err error, again func()) bool
	Preview func(o desk.BookOrder)                                                          // the pages, to be looked at and printed
	File    func(path string)                                                               // opens it for the officer
	Folder  func() string                                                                   // where files go
	Second  func(lead string, try func(desk.Confirm) error, done func(desk.Confirm, error)) // a second person's word, for many persons
	Now     func() time.Time
}

// State is all that the screen shows.
type State struct {
	Read    bool
	Books   []kit.Option
	Form    string
	From    string
	To      string
	Span    string // the quick choice these days are, "" for none
	Said    map[string]kit.Said
	Columns []Column
	At      int // the column whose title is edited
	Changed bool
	Own     bool // all columns as the register has them
	Alert   *Alert
	Busy    string // what is being made
	CanStop bool
	Path    string // the file just written
}

// Alert is a word above everything.
type Alert struct {
	Tone kit.Tone
	Text string
}

// Presenter knows what is asked for. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view View

	turn     int
	read     bool
	forms    []dossier.FormInfo
	form     string
	from, to day
	span     string
	books    map[string]*book // what the keeper made of each and has not kept yet is still there when he comes back to it
	said     map[string]kit.Said
	alert    *Alert
	busy     string
	stop     context.CancelFunc
	path     string
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter {
	p := &Presenter{World: w, books: map[string]*book{}, said: map[string]kit.Said{}}
	p.setSpan("day")
	return p
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// Refresh reads which registers there are and how the keeper wants them. What was typed stays; "today" is the day it is now.
func (p *Presenter) Refresh() {
	if p.span != "" {
		p.setSpan(p.span)
	}
	p.turn++
	turn, first := p.turn, !p.read
	p.render()
	p.Threads.Go(func() {
		forms, books, err := p.fetch()
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			if err != nil {
				p.fail(err, p.Refresh)
				return
			}
			p.forms, p.read = forms, true
			for key, b := range books {
				p.take(key, b)
			}
			if !slices.ContainsFunc(forms, func(f dossier.FormInfo) bool { return f.Key == p.form }) {
				p.form = ""
				if len(forms) > 0 {
					p.form = forms[0].Key
				}
			}
			p.render()
			if first {
				p.focus("")
			}
		})
	})
}

func (p *Presenter) fetch() ([]dossier.FormInfo, map[string]*book, error) {
	ctx := context.Background()
	all, err := p.Desk.Forms(ctx)
	if err != nil {
		return nil, nil, err
	}
	all = slices.DeleteFunc(slices.Clone(all), func(f dossier.FormInfo) bool { return !f.Book || f.Own })
	books := map[string]*book{}
	for _, f := range all {
		chosen, have, err := p.Desk.Columns(ctx, f.Key)
		if err != nil {
			return nil, nil, err
		}
		kept := arrange(chosen, have)
		books[f.Key] = &book{columns: slices.Clone(kept), kept: kept, own: arrange(have, have)}
	}
	return all, books, nil
}

func (p *Presenter) fail(err error, again func()) {
	if p.Trouble == nil || !p.Trouble(err, again) {
		p.alert = &Alert{kit.Bad, kit.SayError(err)}
	}
	p.render()
}

// Choose takes the register.
func (p *Presenter) Choose(form string) {
	if form == p.form || !slices.ContainsFunc(p.forms, func(f dossier.FormInfo) bool { return f.Key == form }) {
		return
	}
	p.form = form
	delete(p.said, "columns")
	delete(p.said, "form")
	p.settle()
}

// settle follows every change: what was said of the last order is old.
func (p *Presenter) settle() {
	if p.busy == "" {
		p.alert, p.path = nil, ""
	}
	p.render()
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Alt && !e.Ctrl && e.Key == "Up":
		p.Move(-1)
	case e.Alt && !e.Ctrl && e.Key == "Down":
		p.Move(+1)
	case e.Alt:
		return false
	case e.Key == "F9" && !e.Ctrl:
		p.Look()
	case e.Key == "Escape" && p.busy != "":
		p.Stop()
	case e.Ctrl && e.Key == "D":
		p.Export(dossier.BookCSV)
	case e.Ctrl && e.Key == "E":
		p.Export(dossier.BookXLSX)
	case e.Ctrl && e.Key == "S":
		p.KeepColumns()
	case e.Ctrl && e.Key == "O":
		p.Open()
	case e.Ctrl:
		for _, s := range spans {
			if s.key == string(e.Key) {
				p.Span(s.value)
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
	return []kit.Hint{{Key: "Ctrl+1 … Ctrl+4", Does: "Hôm nay, tuần này, tháng này, năm nay"}, {Key: "F9", Does: "Xem và in"},
		{Key: "Ctrl+E", Does: "Xuất Excel"}, {Key: "Ctrl+D", Does: "Xuất CSV"}, {Key: "Ctrl+O", Does: "Mở tệp vừa xuất"},
		{Key: "Dấu cách", Does: "Thêm, bỏ cột đang chọn (khi con trỏ ở bảng cột)"}, {Key: "Alt+mũi tên lên, xuống", Does: "Đưa cột lên trước, xuống sau"},
		{Key: "Enter", Does: "Sửa tên cột đang chọn"}, {Key: "Ctrl+S", Does: "Lưu các cột"}, {Key: "Esc", Does: "Dừng lập tệp"}}
}

func (p *Presenter) focus(field string) {
	if p.view != nil {
		p.view.Focus(field)
	}
}

func (p *Presenter) render() {
	if p.view != nil {
		p.view.Show(p.state())
	}
}

func (p *Presenter) state() State {
	b := p.book()
	s := State{Read: p.read, Form: p.form, From: p.from.text, To: p.to.text, Span: p.span, Said: p.said, Columns: slices.Clone(b.columns), At: b.at,
		Changed: b.changed(), Own: slices.Equal(b.columns, b.own), CanStop: p.stop != nil, Alert: p.alert, Busy: p.busy, Path: p.path}
	for _, f := range p.forms {
		title := f.Title
		if f.Code != "" {
			title = f.Code + " – " + title
		}
		s.Books = append(s.Books, kit.Option{Value: f.Key, Title: title})
	}
	return s
}
