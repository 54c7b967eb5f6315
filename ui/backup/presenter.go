// Package backup is where backups are looked at, made, proved, and put in the place of what there is: after it was said what would be missing, and
// not by one person alone.
package backup

import (
	"context"
	"errors"
	"slices"
	"strings"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	BackupPlaces(ctx context.Context) ([]dossier.BackupPlace, error)
	BackUp(ctx context.Context, place dossier.BackupPlace, prove bool, told func(dossier.BackupStep)) (dossier.Backup, error)
	ProveBackup(ctx context.Context, path string, told func(dossier.BackupStep)) (dossier.Backup, error)
	MissingFrom(ctx context.Context, path string) (dossier.Missing, error)
	MayRestore(ctx context.Context, path string, c desk.Confirm) (dossier.OfficerID, error)
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string) // "" is the list
}

// World is what surrounds this screen.
type World struct {
	Desk     Desk
	Threads  kit.Threads
	Trouble  func(err error, again func()) bool
	May      func(dossier.Deed) bool // of who is signed in: what is not for them is not offered
	Upstream func() string
	Ask      func(title, text, yes string, do func())
	Second   func(lead string, try func(desk.Confirm) error, done func(desk.Confirm, error)) // a second person's word
	Restore  func(path string, c desk.Confirm) error                                         // closes the desk, unless it fails before; nil where that cannot be
	Changed  func()                                                                          // a backup was made
	Back     func()
}

// Mode is what is being done.
type Mode int

const (
	Looking  Mode = iota
	Choosing      // a file, by its name
	Weighing      // what would be missing
)

// Alert is a word over the page.
type Alert struct {
	Tone kit.Tone
	Text string
}

// State is all that the screen shows.
type State struct {
	Rows [][]kit.TableCell
	Read bool
	At   int

	Mode      Mode
	Questions []kit.Section // where to put one, or which file
	Values    map[string]string
	Said      map[string]kit.Said
	Which     string // the backup chosen
	About     string // and what is known of it
	Alert     *Alert

	Title    string
	Lead     string
	Lines    []Alert // what would be missing, each with its sign
	Lost     string  // the dossiers nobody else holds
	Going    string  // what goes on, in words; "" while nothing does
	Share    float32 // of the whole; below 0 while it is not known
	CanStop  bool
	Stopping bool
	CanMake  bool
	CanProve bool
	CanBack  bool // something can be restored
}

type row struct {
	place string // its kind
	dossier.Backup
}

// Presenter knows the backups. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view   View
	places []dossier.BackupPlace
	rows   []row
	read   bool
	at     int
	to     string // the path of the place to put one in
	turn   int

	mode    Mode
	file    string
	said    kit.Said
	alert   *Alert
	missing dossier.Missing

	doing    string // "" nothing, else what
	step     dossier.BackupStep
	stop     context.CancelFunc
	stopping bool
	round    int // goes up when the window locks: what was begun before asks nobody
}

// What goes on.
const (
	making    = "make"
	proving   = "prove"
	weighing  = "weigh"
	asking    = "ask"
	restoring = "restore"
)

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter { return &Presenter{World: w} }

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// Refresh reads where backups are. What is being done goes on.
func (p *Presenter) Refresh() {
	p.turn++
	turn := p.turn
	p.Threads.Go(func() {
		places, err := p.Desk.BackupPlaces(context.Background())
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			if p.read = true; err != nil {
				p.fail(err, p.Refresh)
				return
			}
			p.take(places)
			p.render()
		})
	})
}

// take takes in where backups are; the one chosen stays chosen.
func (p *Presenter) take(places []dossier.BackupPlace) {
	was, had := p.chosen()
	p.places, p.rows, p.at = places, nil, 0
	for _, place := range places {
		for _, b := range place.Backups {
			p.rows = append(p.rows, row{place.Kind, b})
		}
	}
	slices.SortStableFunc(p.rows, func(a, b row) int { return b.Made.Compare(a.Made) })
	for i, r := range p.rows {
		if had && r.Path == was.Path {
			p.at = i
		}
	}
	if _, ok := p.place(); !ok {
		p.to = usual(places)
	}
}

// usual is where a backup goes unless somebody says otherwise: out of this PC, if it can.
func usual(places []dossier.BackupPlace) string {
	for _, kind := range []string{dossier.PlaceSecond, dossier.PlaceStick, dossier.PlaceOwn} {
		for _, place := range places {
			if place.Kind == kind && place.Trouble == nil {
				return place.Path
			}
		}
	}
	return ""
}

func (p *Presenter) place() (dossier.BackupPlace, bool) {
	for _, one := range p.places {
		if one.Path == p.to {
			return one, true
		}
	}
	return dossier.BackupPlace{}, false
}

func (p *Presenter) chosen() (row, bool) {
	if p.at < len(p.rows) {
		return p.rows[p.at], true
	}
	return row{}, false
}

func (p *Presenter) fail(err error, again func()) {
	if p.Trouble == nil || len(kit.Problems(err)) > 0 || !p.Trouble(err, again) {
		p.alert = &Alert{kit.Bad, kit.SayError(err)}
	}
	p.render()
}

// Select shows backup i.
func (p *Presenter) Select(i int) {
	if i < 0 || i >= len(p.rows) || i == p.at || p.doing != "" {
		return
	}
	if p.mode != Looking { // it was about another one
		p.mode = Looking
	}
	p.at, p.alert = i, nil
	p.render()
}

// Text takes what is typed or chosen.
func (p *Presenter) Text(field, typed string) {
	switch {
	case p.doing != "":
	case field == "to":
		p.to = typed
	default:
		p.file, p.said = typed, kit.Said{}
	}
	p.render()
}

// away does something slow that can be stopped. What it comes back with is told to who began it.
func (p *Presenter) away(doing string, work func(ctx context.Context, told func(dossier.BackupStep)) (tell func())) {
	ctx, stop := context.WithCancel(context.Background())
	round := p.round
	p.doing, p.stop, p.step, p.stopping, p.alert = doing, stop, dossier.BackupStep{}, false, nil
	p.render()
	p.Threads.Go(func() {
		tell := work(ctx, func(step dossier.BackupStep) {
			p.Threads.OnUI(func() {
				if p.doing == doing {
					p.step = step
					p.render()
				}
			})
		})
		p.Threads.OnUI(func() {
			stop()
			p.doing, p.stop, p.stopping = "", nil, false
			if round == p.round || doing == making || doing == proving {
				tell()
			}
			p.render()
		})
	})
}

// Make is F6: a backup into the place that is chosen, proved.
func (p *Presenter) Make() {
	place, ok := p.place()
	if p.doing != "" || p.mode != Looking || !ok || !p.May(dossier.DeedBackup) {
		return
	}
	if place.Trouble != nil {
		p.fail(place.Trouble, nil)
		return
	}
	p.away(making, func(ctx context.Context, told func(dossier.BackupStep)) func() {
		b, err := p.Desk.BackUp(ctx, place, true, told)
		return p.ended(ctx, err, func() { p.made(b) })
	})
}

func (p *Presenter) made(b dossier.Backup) {
	p.alert = &Alert{kit.Good, assets.Word("keep.made", nil)}
	p.rows = append([]row{{Backup: b}}, p.rows...) // so that it is the one chosen when they are read again
	p.at = 0
}

// Prove is F4: the backup that is chosen is restored into a scratch file and compared.
func (p *Presenter) Prove() {
	b, ok := p.chosen()
	if p.doing != "" || p.mode != Looking || !ok || !p.May(dossier.DeedVerify) {
		return
	}
	p.away(proving, func(ctx context.Context, told func(dossier.BackupStep)) func() {
		_, err := p.Desk.ProveBackup(ctx, b.Path, told)
		return p.ended(ctx, err, func() {
			p.alert = &Alert{kit.Good, assets.Word("keep.proved", map[string]string{"made": kit.Short(b.Made)})}
		})
	})
}

// ended says what became of a backup or a proof; done what is said where it went well.
func (p *Presenter) ended(ctx context.Context, err error, done func()) func() {
	stopped := ctx.Err() != nil
	return func() {
		switch {
		case stopped && err != nil:
			p.alert = &Alert{kit.Info, assets.Word("keep.stopped", nil)}
		case err != nil:
			p.alert = &Alert{kit.Bad, kit.SayError(err)}
		default:
			done()
		}
		p.Refresh()
		if p.Changed != nil {
			p.Changed()
		}
	}
}

// Stop ends what goes on.
func (p *Presenter) Stop() {
	if p.stop == nil || p.stopping || p.doing == restoring {
		return
	}
	p.stopping = true
	p.stop()
	p.render()
}

// Choose is Ctrl+O: a file by its name, from a stick of another PC or a copy that was kept elsewhere.
func (p *Presenter) Choose() {
	if p.doing != "" || p.mode == Choosing || !p.mayRestore() {
		return
	}
	p.mode, p.alert, p.said = Choosing, nil, kit.Said{}
	p.render()
	p.focus("file")
}

func (p *Presenter) mayRestore() bool { return p.Restore != nil && p.May(dossier.DeedRestore) }

// Weigh is F8: what would be missing if the backup that is chosen took the place of what there is. Nothing is done yet.
func (p *Presenter) Weigh() {
	b, ok := p.chosen()
	if p.doing == "" && p.mode == Looking && ok && p.mayRestore() {
		p.weigh(b.Path)
	}
}

func (p *Presenter) weigh(path string) {
	p.away(weighing, func(ctx context.Context, _ func(dossier.BackupStep)) func() {
		m, err := p.Desk.MissingFrom(ctx, path)
		stopped := ctx.Err() != nil
		return func() {
			switch {
			case err == nil:
				if m.Backup.Path == "" {
					m.Backup.Path = path
				}
				p.missing, p.mode = m, Weighing
				p.render()
				p.focus("go")
			case stopped:
			case p.mode == Choosing:
				p.said = kit.Said{Text: kit.SayError(err)}
				p.render()
				p.focus("file")
			default:
				p.fail(err, func() { p.weigh(path) })
			}
		}
	})
}

// Go is F9: on to the next step.
func (p *Presenter) Go() {
	switch {
	case p.doing != "" || p.mode == Looking:
	case p.mode == Choosing:
		path := strings.Trim(strings.TrimSpace(p.file), `"`) // Windows copies a path in quotes
		if path == "" {
			p.said = kit.Said{Text: assets.Word("keep.file-missing", nil)}
			p.render()
			p.focus("file")
			return
		}
		p.weigh(path)
	default:
		p.permit()
	}
}

// permit asks whether it may be done now. Nobody alone may at once: a second person stands for it, or it is announced.
func (p *Presenter) permit() {
	path := p.missing.Backup.Path
	p.away(asking, func(ctx context.Context, _ func(dossier.BackupStep)) func() {
		_, err := p.Desk.MayRestore(ctx, path, desk.Confirm{})
		return func() {
			if dossier.Code(err) != "confirm.needed" {
				p.permitted(path, desk.Confirm{}, err)
				return
			}
			round := p.round
			p.Second(kit.SayError(err), func(c desk.Confirm) error {
				_, err := p.Desk.MayRestore(context.Background(), path, c)
				return err
			}, func(c desk.Confirm, err error) {
				if round == p.round {
					p.permitted(path, c, err)
				}
			})
		}
	})
}

func (p *Presenter) permitted(path string, c desk.Confirm, err error) {
	switch {
	case dossier.Code(err) == "confirm.announced":
		p.alert = &Alert{kit.Info, kit.SayError(err)}
		p.render()
	case errors.Is(err, context.Canceled):
	case err != nil:
		p.fail(err, p.permit)
	default:
		p.Ask("Khôi phục dữ liệu", lastQuestion(p.missing), "Khôi phục", func() { p.restore(path, c) })
	}
}

func (p *Presenter) restore(path string, c desk.Confirm) {
	p.away(restoring, func(context.Context, func(dossier.BackupStep)) func() {
		err := p.Restore(path, c)
		return func() {
			if err != nil {
				p.fail(err, nil)
			}
		}
	})
}

// Leave is Esc: it stops what goes on, or leads back.
func (p *Presenter) Leave() {
	switch {
	case p.doing != "":
		p.Stop()
	case p.mode == Looking:
		p.Back()
	default:
		p.mode, p.alert, p.said = Looking, nil, kit.Said{}
		p.render()
		p.focus("")
	}
}

// Locked ends what leads to a restore: whoever comes back begins anew. A backup goes on.
func (p *Presenter) Locked() {
	p.round++
	p.mode, p.alert, p.said, p.file = Looking, nil, kit.Said{}, ""
	p.render()
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Alt || e.Shift:
		return false
	case e.Ctrl && e.Key == "O":
		p.Choose()
	case e.Ctrl:
		return false
	case e.Key == "F4":
		p.Prove()
	case e.Key == "F6":
		p.Make()
	case e.Key == "F8":
		p.Weigh()
	case e.Key == "F9":
		p.Go()
	case e.Key == "Insert":
		p.Refresh()
	case e.Key == "Escape":
		p.Leave()
	default:
		return false
	}
	return true
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "F6", Does: "Sao lưu ngay vào nơi đang chọn, rồi thử khôi phục bản đó"}, {Key: "F4", Does: "Thử khôi phục bản đang chọn; dữ liệu hiện có không thay đổi"},
		{Key: "F8", Does: "Khôi phục từ bản đang chọn: xem trước sẽ thiếu gì"}, {Key: "Ctrl+O", Does: "Khôi phục từ tệp khác"}, {Key: "F9", Does: "Tiếp tục"},
		{Key: "Insert", Does: "Đọc lại các nơi sao lưu, sau khi cắm USB"}, {Key: "Mũi tên", Does: "Chọn bản sao lưu, chọn nơi"}, {Key: "Esc", Does: "Dừng việc đang làm; quay lại"}}
}

func (p *Presenter) focus(field string) {
	if p.view != nil {
		p.view.Focus(field)
	}
}

func (p *Presenter) render() {
	if p.view == nil {
		return
	}
	s := State{Read: p.read, At: p.at, Mode: p.mode, Alert: p.alert, Values: map[string]string{"to": p.to, "file": p.file}, Share: -1,
		CanStop: p.doing != "" && p.doing != restoring, Stopping: p.stopping, Going: p.going(), Title: p.title(), Lead: p.lead()}
	if p.said.Text != "" {
		s.Said = map[string]kit.Said{"file": p.said}
	}
	if p.step.All > 0 {
		s.Share = min(1, float32(p.step.Done)/float32(p.step.All))
	}
	for _, r := range p.rows {
		s.Rows = append(s.Rows, cells(r))
	}
	b, ok := p.chosen()
	place, put := p.place()
	idle := p.doing == ""
	s.CanMake = idle && put && place.Trouble == nil && p.May(dossier.DeedBackup)
	s.CanProve = idle && ok && p.May(dossier.DeedVerify)
	s.CanBack = idle && p.mayRestore()
	switch p.mode {
	case Looking:
		if len(p.places) > 0 && p.May(dossier.DeedBackup) {
			s.Questions = []kit.Section{{Title: "Sao lưu vào", Rows: [][]kit.Field{{{Key: "to", Kind: kit.Pick, Columns: 1, Options: p.options()}}}}}
		}
		if ok {
			s.Which, s.About = kit.Moment(b.Made), about(b.Backup)
		}
	case Choosing:
		s.Questions = []kit.Section{{Rows: [][]kit.Field{{{Key: "file", Label: "Tệp sao lưu", Need: true, Hint: `E:\TiepNhan-sao-luu\…`, Min: 200,
			Help: "Nhập cả đường dẫn, hoặc chép từ Windows (Shift + chuột phải, Copy as path) rồi Ctrl+V."}}}}}
	case Weighing:
		s.Which, s.About, s.Lines, s.Lost = kit.Moment(p.missing.Backup.Made), about(p.missing.Backup), p.lines(), lost(p.missing)
	}
	p.view.Show(s)
}
