// Package preview shows the very PDF that will be printed, page by page, and prints it.
package preview

import (
	"context"
	"fmt"
	"image"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Source is a document to look at: forms of dossiers, a blank, the pages of a register.
type Source struct {
	Title string                                    // while it is not drawn yet, and for the foot of the window: names no person
	File  func(ctx context.Context) (string, error) // where its PDF is kept
	Draw  func(ctx context.Context, paper string, done func(n, of int)) (desk.Drawn, error)
	Print func(ctx context.Context, paper string, to desk.Where, done func(n, of int)) (desk.Printing, error)
}

// Desk is what this screen asks of the desk.
type Desk interface {
	Printers(ctx context.Context) ([]dossier.Printer, error)
	Settings(ctx context.Context) (dossier.Settings, bool, error)
	ChoosePrinter(ctx context.Context, printer, paper string) error
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string)
	Room() Room
}

// Room is where a page lies on the screen.
type Room struct {
	Width, Height float64 // in units
	Dot           float64 // dots of the screen in a unit
}

// Dots is how many dots wide a page of that size is where it is shown: whole ones, or its letters blur.
func (r Room) Dots(w, h float64, zoom float32) float64 {
	return math.Round(w * max(0.1, min(r.Width/w, r.Height/h)) * float64(zoom) * r.Dot)
}

// Density is how densely a page is then drawn, in dots per inch; 0 while nothing is on the screen.
func (r Room) Density(w, h float64, zoom float32) float64 {
	if r.Width <= 0 || r.Height <= 0 {
		return 0
	}
	return r.Dots(w, h, zoom) / w * 25.4
}

// World is what surrounds this screen.
type World struct {
	Desk    Desk
	Viewer  desk.Viewer
	Threads kit.Threads
	Trouble func(err error, again func()) bool
	Begin   func(kit.PrintJob) *kit.Running
	Shown   func() bool                // this screen is on the window
	Again   func(Source, *kit.Running) // shows that source again, with its printing
	Papers  string                     // the folder of papers
	File    func(path string)
	Back    func()
}

// State is all that the screen shows.
type State struct {
	Code, Title string
	Facts       []string
	Notes       []Note
	Skipped     []desk.Skipped
	Page, Pages int // from 0
	W, H        float64
	Zoom        float32
	Image       image.Image
	Drawing     string // why there is no picture yet
	Wrong       string // why there will be none
	Questions   []kit.Section
	Values      map[string]string
	Said        map[string]kit.Said
	Differs     bool // the printer or paper is not the station's
	Job         kit.PrintState
	CanPrint    bool
	Print       string // the words of the button
}

// Note is a word on the document.
type Note struct {
	Tone kit.Tone
	Text string
}

const (
	zoomStep = 1.25
	zoomMost = 4
	refit    = 90 * time.Millisecond // a window being made larger is not drawn at every size
	most     = 4000                  // pixels of the longer side of a picture
)

// Presenter knows the document shown. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view View

	src    Source
	turn   int // of the document asked for last
	stop   context.CancelFunc
	drawn  *desk.Drawn
	pages  desk.Pages
	wrong  string
	making bool
	n, of  int

	page     int
	zoom     float32
	density  float64 // dots per inch wanted
	pictures map[int]picture
	edition  int // of pages
	drawing  bool
	later    *kit.Later

	printers []dossier.Printer
	asked    bool
	noone    string // why there is no printer to choose
	station  dossier.Settings
	printer  string // chosen here; "" for the first
	copies   string
	paper    string // as asked for; "" for what the station has chosen
	wrongN   string
	told     *Note // what became of the last thing done here
	run      *kit.Running
}

type picture struct {
	image   image.Image
	density float64
	page    int
	wanted  float64 // before what a picture may be
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter {
	return &Presenter{World: w, later: kit.NewLater(w.Threads, refit), zoom: 1, copies: "1"}
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// Show opens a document; run is its printing, where one was begun.
func (p *Presenter) Show(src Source, run *kit.Running) {
	p.Leave()
	p.src, p.run, p.zoom, p.page, p.copies, p.paper, p.printer, p.wrongN, p.told = src, run, 1, 0, "1", "", "", "", nil
	p.asked = false
	p.draw()
	if p.view != nil {
		p.view.Focus("")
	}
}

// Leave lets go of what is shown: a picture of a page takes megabytes. A printing goes on.
func (p *Presenter) Leave() {
	p.turn++
	if p.stop != nil {
		p.stop()
		p.stop = nil
	}
	p.later.Drop()
	p.making, p.wrong = false, ""
	p.take(nil, nil)
	p.render()
}

// take shows other pages.
func (p *Presenter) take(drawn *desk.Drawn, pages desk.Pages) {
	p.close(p.pages)
	p.edition++
	p.drawn, p.pages, p.pictures, p.drawing = drawn, pages, map[int]picture{}, false
}

func (p *Presenter) close(pages desk.Pages) {
	if pages != nil {
		p.Threads.Go(func() { _ = pages.Close() }) // nothing hangs on it: it was only looked at
	}
}

// draw makes the document anew; what is on the screen stays until it is there.
func (p *Presenter) draw() {
	p.turn++
	if p.stop != nil {
		p.stop()
	}
	ctx, stop := context.WithCancel(context.Background())
	p.stop, p.making, p.wrong, p.n, p.of = stop, true, "", 0, 0
	p.render()
	turn, src, paper, look := p.turn, p.src, p.paper, p.look()
	progress := p.progress(turn)
	p.Threads.Go(func() {
		drawn, err := src.Draw(ctx, paper, progress)
		var pages desk.Pages
		if err == nil {
			pages, err = p.Viewer.Open(ctx, drawn.PDF)
		}
		var first picture
		if err == nil {
			first, err = look(ctx, pages)
		}
		p.Threads.OnUI(func() {
			defer p.askPrinters()
			if turn != p.turn {
				p.close(pages)
				return
			}
			p.making = false
			if err != nil {
				p.close(pages)
				p.take(nil, nil)
				p.fail(err, p.draw)
				return
			}
			drawn.PDF = nil
			p.take(&drawn, pages)
			p.page = min(p.page, max(0, pages.Count()-1))
			if first.image != nil {
				p.pictures[first.page], p.density = first, first.wanted
			}
			p.render()
			p.picture()
		})
	})
}

// look draws the page that will be shown as soon as the document is there: one frame of the screen less to wait for.
func (p *Presenter) look() func(context.Context, desk.Pages) (picture, error) {
	page, zoom, room := p.page, p.zoom, Room{}
	if p.view != nil {
		room = p.view.Room()
	}
	return func(ctx context.Context, pages desk.Pages) (out picture, err error) {
		if pages.Count() == 0 {
			return out, nil
		}
		out.page = min(page, pages.Count()-1)
		w, h := pages.Size(out.page)
		if out.wanted = room.Density(w, h, zoom); out.wanted == 0 {
			return out, nil
		}
		out.density = within(out.wanted, w, h)
		out.image, err = pages.Draw(ctx, out.page, out.density)
		return out, err
	}
}

// progress is told from elsewhere; of what comes too fast for the screen only the latest is said.
func (p *Presenter) progress(turn int) func(n, of int) {
	var mu sync.Mutex
	var last [2]int
	told := false
	return func(n, of int) {
		mu.Lock()
		last = [2]int{n, of}
		busy := told
		told = true
		mu.Unlock()
		if busy {
			return
		}
		p.Threads.OnUI(func() {
			mu.Lock()
			told = false
			at := last
			mu.Unlock()
			if turn == p.turn {
				p.n, p.of = at[0], at[1]
				p.render()
			}
		})
	}
}

func (p *Presenter) fail(err error, again func()) {
	if p.Trouble == nil || !p.Trouble(err, again) {
		p.wrong = kit.SayError(err)
	}
	p.render()
}

// picture draws the page shown, then those a key would show next, one at a time.
func (p *Presenter) picture() {
	page, ok := p.wanted()
	if !ok || p.drawing {
		return
	}
	p.drawing = true
	edition, pages, density := p.edition, p.pages, p.dots(page)
	p.Threads.Go(func() {
		img, err := pages.Draw(context.Background(), page, density)
		p.Threads.OnUI(func() {
			if edition != p.edition {
				return
			}
			p.drawing = false
			if err != nil {
				p.take(nil, nil)
				p.fail(err, p.draw)
				return
			}
			p.pictures[page] = picture{image: img, density: density}
			for i := range p.pictures {
				if i < p.page-1 || i > p.page+1 {
					delete(p.pictures, i)
				}
			}
			if page == p.page {
				p.render()
			}
			p.picture()
		})
	})
}

// wanted is the page to be drawn next.
func (p *Presenter) wanted() (int, bool) {
	if p.pages == nil || p.density == 0 {
		return 0, false
	}
	for _, i := range []int{p.page, p.page + 1, p.page - 1} {
		if i < 0 || i >= p.pages.Count() {
			continue
		}
		if have, ok := p.pictures[i]; !ok || have.density != p.dots(i) {
			return i, true
		}
	}
	return 0, false
}

// dots is how densely a page is drawn: as the screen shows it, within what a picture may be.
func (p *Presenter) dots(page int) float64 {
	w, h := p.pages.Size(page)
	return within(p.density, w, h)
}

func within(density, w, h float64) float64 { return min(density, most*25.4/max(w, h, 1)) }

// Fit says how densely the screen shows a page.
func (p *Presenter) Fit(density float64) {
	if density == p.density {
		return
	}
	first := p.density == 0
	p.density = density
	if first {
		p.picture()
		return
	}
	p.later.Do(p.picture)
}

// Turn goes that many pages on.
func (p *Presenter) Turn(by int) { p.Page(p.page + by) }

// Page goes to a page, from 0.
func (p *Presenter) Page(i int) {
	if p.pages == nil {
		return
	}
	i = max(0, min(i, p.pages.Count()-1))
	if i == p.page {
		return
	}
	p.page = i
	p.render()
	p.picture()
}

// Zoom makes the page larger or smaller; 0 shows all of it.
func (p *Presenter) Zoom(by int) {
	zoom := p.zoom
	switch {
	case by > 0:
		zoom *= zoomStep
	case by < 0:
		zoom /= zoomStep
	default:
		zoom = 1
	}
	if zoom = max(1, min(zoom, zoomMost)); zoom < 1.01 {
		zoom = 1
	}
	if zoom != p.zoom {
		p.zoom = zoom
		p.render()
	}
}

// askPrinters asks which printers there are once the page is on its way to the screen: it is what the officer waits for.
func (p *Presenter) askPrinters() {
	if !p.asked {
		p.asked = true
		p.readPrinters()
	}
}

func (p *Presenter) readPrinters() {
	p.Threads.Go(func() {
		ctx := context.Background()
		printers, err := p.Desk.Printers(ctx)
		station, _, failed := p.Desk.Settings(ctx)
		p.Threads.OnUI(func() {
			p.printers, p.noone = printers, ""
			if err != nil {
				p.noone = kit.SayError(err)
			} else if len(printers) == 0 {
				p.noone = kit.SayError(dossier.Invalid("printer", "printer.none"))
			}
			if failed == nil {
				p.station = station
			}
			if !slices.ContainsFunc(printers, func(x dossier.Printer) bool { return x.Name == p.printer }) {
				p.printer = ""
			}
			p.render()
		})
	})
}

// Text and Pick take what is asked at the side.
func (p *Presenter) Text(_, typed string) {
	p.copies, p.wrongN = typed, ""
	p.render()
}

// Pick takes a choice.
func (p *Presenter) Pick(field, value string) {
	switch field {
	case "printer":
		p.printer = value
		p.render()
	case "paper":
		if value != p.paper {
			p.paper = value
			p.draw()
		}
	}
}

// Keep makes the printer and the paper chosen the station's own.
func (p *Presenter) Keep() {
	if !p.differs() {
		return
	}
	printer, paper := p.at(), p.station.Paper
	if p.folds() {
		if paper = ""; p.chosenPaper() == dossier.PaperA4 {
			paper = dossier.PaperA4
		}
	}
	p.Threads.Go(func() {
		err := p.Desk.ChoosePrinter(context.Background(), printer, paper)
		p.Threads.OnUI(func() {
			if err != nil {
				p.told = &Note{kit.Bad, kit.SayError(err)}
				p.render()
				return
			}
			p.told = &Note{kit.Good, "Từ nay trạm in tại máy in này, với khổ giấy này."}
			p.readPrinters()
		})
	})
}

// folds tells whether the form is one that may be put two on a sheet.
func (p *Presenter) folds() bool { return p.drawn != nil && p.drawn.Info.Size == dossier.PaperA5 }

// chosenPaper is what an A5 form is printed on.
func (p *Presenter) chosenPaper() string {
	switch {
	case p.paper != "":
		return p.paper
	case p.drawn != nil && p.drawn.Wide && p.folds():
		return dossier.PaperA4
	}
	return dossier.PaperA5
}

// at is the printer that would print now.
func (p *Presenter) at() string {
	if p.printer == "" && len(p.printers) > 0 {
		return p.printers[0].Name
	}
	return p.printer
}

func (p *Presenter) differs() bool {
	if len(p.printers) > 0 && p.at() != p.printers[0].Name {
		return true
	}
	return p.folds() && (p.chosenPaper() == dossier.PaperA4) != (p.station.Paper == dossier.PaperA4)
}

// Print is F9.
func (p *Presenter) Print() {
	copies, err := strconv.Atoi(p.copies)
	if err != nil || copies < 1 || copies > desk.MaxCopies {
		p.wrongN = kit.SayError(dossier.Invalid("copies", "print.copies"))
		p.render()
		p.view.Focus("copies")
		return
	}
	p.begin(&desk.Where{Printer: p.printer, Copies: copies})
}

// Save keeps the PDF in the folder of papers.
func (p *Presenter) Save() { p.begin(nil) }

// begin prints, or keeps the PDF where to is nil.
func (p *Presenter) begin(to *desk.Where) {
	if !p.canPrint() {
		return
	}
	p.told = nil
	src, paper := p.src, p.paper
	var run *kit.Running
	mine := func() bool { return run != nil && p.run == run }
	run = p.Begin(kit.PrintJob{Title: src.Title,
		Print: func(ctx context.Context, done func(n, of int)) (desk.Printing, error) {
			if to != nil {
				return src.Print(ctx, paper, *to, done)
			}
			path, err := src.File(ctx)
			if err != nil {
				return desk.Printing{}, err
			}
			return src.Print(ctx, paper, desk.Where{File: path}, done)
		},
		Each: func(s kit.PrintState) {
			if !mine() {
				return
			}
			p.render()
			if !s.Going && p.Shown() { // what F9 would print now is a reprint
				p.readPrinters()
				p.draw()
			}
		},
		Seen: func() bool { return mine() && p.Shown() },
		Open: func() { p.Again(src, run) }})
	p.run = run
	p.render()
}

// Stop gives the printing up.
func (p *Presenter) Stop() {
	if p.run != nil {
		p.run.Stop()
	}
}

func (p *Presenter) going() bool { return p.run != nil && p.run.State().Going }

func (p *Presenter) canPrint() bool { return p.drawn != nil && p.wrong == "" && !p.going() }

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Alt:
		return false
	case e.Ctrl:
		switch e.Key {
		case "+", "=":
			p.Zoom(+1)
		case "-":
			p.Zoom(-1)
		case "0":
			p.Zoom(0)
		case "S":
			p.Save()
		case "O":
			if p.run == nil || p.run.State().Path == "" {
				return false
			}
			p.File(p.run.State().Path)
		default:
			return false
		}
	case e.Key == "F9":
		p.Print()
	case e.Key == "F4":
		p.Stop()
	case e.Key == "F6":
		p.Keep()
	case e.Key == "Next":
		p.Turn(+1)
	case e.Key == "Prior":
		p.Turn(-1)
	case e.Key == "Home":
		p.Page(0)
	case e.Key == "End":
		if p.pages != nil {
			p.Page(p.pages.Count() - 1)
		}
	case e.Key == "Escape":
		p.Back()
	default:
		return false
	}
	return true
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "PageDown PageUp", Does: "Trang sau, trang trước"}, {Key: "Home End", Does: "Trang đầu, trang cuối"},
		{Key: "Ctrl+ dấu cộng, trừ", Does: "Phóng to, thu nhỏ"}, {Key: "Ctrl+0", Does: "Vừa cả trang"}, {Key: "Mũi tên, con lăn", Does: "Dời trang đang phóng to; lật trang"},
		{Key: "F9", Does: "In"}, {Key: "Ctrl+S", Does: "Lưu tệp PDF vào thư mục giấy tờ"}, {Key: "Ctrl+O", Does: "Mở tệp PDF vừa lưu"}, {Key: "F4", Does: "Dừng in"},
		{Key: "F6", Does: "Đặt máy in và khổ giấy đang chọn làm mặc định của trạm"}, {Key: "Esc", Does: "Quay lại; việc in vẫn tiếp tục"}}
}

func (p *Presenter) render() {
	if p.view != nil {
		p.view.Show(p.state())
	}
}

func (p *Presenter) state() State {
	s := State{Title: p.src.Title, Page: p.page, Zoom: p.zoom, Wrong: p.wrong, CanPrint: p.canPrint(), Print: "In", Differs: p.differs(),
		Values: map[string]string{"printer": p.at(), "copies": p.copies, "paper": p.chosenPaper()}, Said: map[string]kit.Said{}}
	if p.run != nil {
		s.Job = p.run.State()
	}
	if p.making {
		s.Drawing = "Đang lập bản in…"
		if p.of > 1 {
			s.Drawing = fmt.Sprintf("Đang lập bản in %d/%d…", p.n, p.of)
		}
	} else if p.pages != nil {
		s.Drawing = fmt.Sprintf("Đang vẽ trang %d…", p.page+1)
	}
	if p.pages != nil {
		s.Pages = p.pages.Count()
		if s.Pages > 0 {
			s.W, s.H = p.pages.Size(p.page)
		}
		if have, ok := p.pictures[p.page]; ok {
			s.Image = have.image
			if !p.making {
				s.Drawing = ""
			}
		}
	}
	if p.wrongN != "" {
		s.Said["copies"] = kit.Said{Text: p.wrongN}
	}
	if needs := p.needs(); needs != "" {
		s.Said["printer"] = kit.Said{Text: "Máy in " + p.at() + " không báo là nhận khổ " + needs + ".", Warn: true}
	}
	if p.told != nil {
		s.Notes = append(s.Notes, *p.told)
	}
	if d := p.drawn; d != nil {
		s.Code, s.Title, s.Skipped = d.Info.Code, d.Info.Title, d.Skipped
		s.Facts = p.facts(s)
		if d.Info.Unseen {
			s.Notes = append(s.Notes, Note{kit.Warn, "Mẫu này chưa được đối chiếu với bản chính thức, nên trên giấy có dòng chữ mờ “chưa đối chiếu”. Người quản trị xác nhận sau khi đối chiếu."})
		}
		switch {
		case d.Reprints > 0 && d.Sheets > 1:
			first := fmt.Sprintf("Trong đó %d bản in lại", d.Reprints)
			if d.Reprints == d.Sheets {
				first, s.Print = fmt.Sprintf("Cả %d bản đều là bản in lại", d.Sheets), "In lại"
			}
			s.Notes = append(s.Notes, Note{kit.Info, first + ": giấy đã gửi in hoặc lưu tệp trước đây, nay ghi “bản in lại”."})
		case d.Nth > 0:
			s.Notes = append(s.Notes, Note{kit.Info, fmt.Sprintf("Giấy này đã gửi in hoặc lưu tệp %d lần. Bản tiếp theo ghi “bản in lại lần %d”.", d.Nth, d.Nth)})
			s.Print = "In lại"
		}
	}
	s.Questions = p.questions()
	return s
}

// facts are the size and number of what is to be printed.
func (p *Presenter) facts(s State) []string {
	d := p.drawn
	paper := "Khổ " + d.Paper
	switch {
	case d.Wide && p.folds():
		paper = "Khổ A4 ngang, hai trang A5 trên một tờ, cắt đôi"
	case d.Wide:
		paper += " ngang"
	}
	out := []string{fmt.Sprintf("%s · %d trang", paper, s.Pages)}
	if d.Sheets > 1 || d.Info.Book {
		out = append(out, fmt.Sprintf("%d hồ sơ, theo thứ tự số", d.Sheets))
	}
	return out
}

func (p *Presenter) questions() []kit.Section {
	var rows [][]kit.Field
	if len(p.printers) == 0 {
		if p.noone != "" {
			rows = append(rows, []kit.Field{{Key: "none", Kind: kit.Note, Hint: p.noone}})
		}
	} else {
		var options []kit.Option
		for _, one := range p.printers {
			options = append(options, kit.Option{Value: one.Name, Title: one.Name, Sub: p.about(one)})
		}
		rows = append(rows, []kit.Field{{Key: "printer", Kind: kit.Pick, Label: "Máy in", Columns: 1, Options: options}})
	}
	if p.folds() {
		rows = append(rows, []kit.Field{{Key: "paper", Kind: kit.Pick, Label: "Khổ giấy", Columns: 1, Options: []kit.Option{
			{Value: dossier.PaperA5, Title: "A5 – khổ của mẫu"}, {Value: dossier.PaperA4, Title: "A4 – hai trang A5 trên một tờ, cắt đôi"}}}})
	}
	if len(p.printers) > 0 {
		rows = append(rows, []kit.Field{{Key: "copies", Kind: kit.Figure, Label: "Số bản (1 đến 20)", Min: 140}, {Key: "gap", Kind: kit.Note, Weight: 1}})
	}
	return []kit.Section{{Rows: rows}}
}

// about is what is known of a printer: whose choice it is, and why it would not print now.
func (p *Presenter) about(one dossier.Printer) string {
	var out []string
	switch {
	case one.Name == p.station.Printer:
		out = append(out, "Máy in của trạm")
	case one.Default:
		out = append(out, "Mặc định")
	}
	if why := kit.PrinterWords(one); why != "" {
		out = append(out, why)
	}
	return strings.Join(out, ". ")
}

// needs is the paper the printer chosen does not say it takes, "" where nothing is known against it.
func (p *Presenter) needs() string {
	if p.drawn == nil {
		return ""
	}
	for _, one := range p.printers {
		if one.Name == p.at() && len(one.Papers) > 0 && !slices.Contains(one.Papers, p.drawn.Paper) {
			return p.drawn.Paper
		}
	}
	return ""
}
