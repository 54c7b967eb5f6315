package preview

import (
	"fmt"
	"reflect"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/ui/kit"
)

// Screen is the view: the page at the left, what it is and where it goes at the right.
type Screen struct {
	p     *Presenter
	root  *fyne.Container
	sheet *sheet
	foot  *kit.Paragraph
	wrong *fyne.Container
	left  *fyne.Container
	body  *fyne.Container
	side  *kit.Scroll
	form  *kit.Form
	job   *fyne.Container
	under *fyne.Container

	print, save, stop, open, keep *kit.Button

	was   State
	fresh bool
}

// NewScreen builds the screen of a presenter and attaches it.
func NewScreen(p *Presenter) *Screen {
	s := &Screen{p: p, sheet: newSheet(), foot: kit.Caption(""), wrong: kit.Column(0), body: kit.Column(10), form: kit.NewForm(true), job: kit.Column(0), fresh: true}
	s.sheet.onFit, s.sheet.onTurn, s.sheet.onZoom = p.Fit, p.Turn, p.Zoom
	s.foot.Align = fyne.TextAlignCenter
	s.side = kit.NewScroll(s.body)
	s.form.OnGrow = s.side.Relayout
	s.form.OnText, s.form.OnPick = p.Text, p.Pick
	s.form.OnFocus = func(key string) { s.side.Reveal(s.form.Object(key)) }
	s.print = kit.NewButton("In", "F9", kit.Primary, p.Print)
	s.save = kit.NewButton("Lưu tệp PDF", "Ctrl+S", kit.Plain, p.Save)
	s.stop = kit.NewButton("Dừng", "F4", kit.Danger, p.Stop)
	s.open = kit.NewButton("Mở tệp PDF", "Ctrl+O", kit.Plain, func() { p.File(s.was.Job.Path) })
	s.keep = kit.NewButton("Đặt làm mặc định", "F6", kit.Plain, p.Keep)
	back := kit.NewButton("Quay lại", "Esc", kit.Plain, func() { p.Back() })
	half := func(b *kit.Button) kit.Cell { return kit.Cell{Object: b, Min: 1, Weight: 1} }
	s.under = kit.Column(8, s.job, s.open, kit.Row(8, half(s.print), half(s.stop)), kit.Row(8, kit.Cell{Object: s.save, Min: 1, Weight: 4}, kit.Cell{Object: back, Min: 1, Weight: 3}))
	s.left = kit.Frame(s.wrong, kit.Pad(3, 0, 0, 0, s.foot), s.sheet, 0)
	right := kit.Frame(nil, kit.Pad(0, kit.ScrollRoom, 0, 4, s.under), s.side, 10)
	s.root = kit.Pad(8, 2, 8, 10, kit.Split(s.left, kit.Pad(0, 0, 0, 8, right), 0.32, 330, 410))
	p.Attach(s)
	return s
}

// Content is what goes in the window.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// Focus is for the presenter.
func (s *Screen) Focus(field string) {
	if field != "" {
		s.form.Focus(field)
		return
	}
	if c := kit.CanvasOf(s.sheet); c != nil {
		c.Focus(s.sheet)
	}
}

// Room is for the presenter.
func (s *Screen) Room() Room { return s.sheet.room() }

// Show is for the presenter.
func (s *Screen) Show(state State) {
	was := s.was
	s.was = state
	s.sheet.set(state.W, state.H, state.Zoom, state.Page, state.Image, state.Drawing)
	foot := " " // its room is there from the beginning: the page must not jump
	if state.Pages > 0 {
		foot = fmt.Sprintf("Trang %d/%d", state.Page+1, state.Pages)
		if state.Zoom != 1 {
			foot += fmt.Sprintf(" · phóng %d %%", int(state.Zoom*100+0.5))
		}
		if state.Image != nil && state.Drawing != "" {
			foot += " · " + state.Drawing
		}
	}
	again := s.fresh
	if s.foot.Text() != foot {
		s.foot.SetText(foot)
	}
	if state.Wrong != was.Wrong {
		s.wrong.Objects = nil
		if state.Wrong != "" {
			s.wrong.Objects = []fyne.CanvasObject{kit.Pad(0, 0, 10, 0, kit.Notice(kit.Bad, state.Wrong))}
		}
		again = true
	}
	if hide := state.Wrong != ""; s.sheet.Hidden != hide {
		s.sheet.Hidden = hide
	}
	s.form.Ask(state.Questions)
	s.form.Fill(state.Values, state.Said)
	s.print.Set(state.Print)
	s.print.SetEnabled(state.CanPrint)
	s.save.SetEnabled(state.CanPrint)
	for _, one := range []struct {
		b    *kit.Button
		hide bool
	}{{s.stop, !state.Job.Going}, {s.open, state.Job.Path == ""}, {s.keep, !state.Differs}} {
		if one.b.Hidden != one.hide {
			one.b.Hidden, again = one.hide, true
		}
	}
	if state.Job != was.Job {
		s.job.Objects = nil
		if state.Job.Text != "" {
			s.job.Objects = []fyne.CanvasObject{kit.Notice(state.Job.Tone, state.Job.Text)}
		}
		again = true
	}
	if s.fresh || !reflect.DeepEqual(words(state), words(was)) {
		s.body.Objects = s.about(state)
		s.side.Relayout()
		again = true
	}
	s.fresh = false
	if again {
		kit.Relayout(s.root)
	}
}

// words are what the upper right says, so that a letter typed does not build it again.
func words(s State) any {
	return []any{s.Code, s.Title, s.Facts, s.Notes, skipped(s), s.Differs, len(s.Questions[0].Rows)}
}

func skipped(s State) []string {
	var out []string
	for i, one := range s.Skipped {
		if i == skippedShown {
			return append(out, fmt.Sprintf("… và %d hồ sơ khác", len(s.Skipped)-i))
		}
		out = append(out, one.Number+": "+strings.ReplaceAll(kit.SayError(one.Why), "\n", " "))
	}
	return out
}

const skippedShown = 12

func (s *Screen) about(state State) []fyne.CanvasObject {
	title := kit.Strong(state.Title)
	title.SizeName = theme.SizeNameSubHeadingText
	var head []fyne.CanvasObject
	if state.Code != "" {
		code := kit.Strong(state.Code)
		code.Color = kit.Accent
		head = append(head, code)
	}
	head = append(head, title)
	for _, f := range state.Facts {
		head = append(head, kit.Caption(f))
	}
	all := []fyne.CanvasObject{kit.Panel("", head...)}
	for _, n := range state.Notes {
		all = append(all, kit.Notice(n.Tone, n.Text))
	}
	if list := skipped(state); len(list) > 0 {
		lines := []fyne.CanvasObject{kit.NewParagraph(fmt.Sprintf("%d hồ sơ không có giấy này:", len(state.Skipped)))}
		for _, one := range list {
			lines = append(lines, kit.Caption(one))
		}
		all = append(all, kit.Panel("Bỏ qua", lines...))
	}
	if len(state.Questions[0].Rows) > 0 {
		where := []fyne.CanvasObject{s.form.Body()}
		if state.Differs {
			where = append(where, s.keep)
		}
		all = append(all, kit.Panel("Nơi in", where...))
	}
	return all
}
