package shell

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/waiting"
)

// segment is one part of the status line. Long ones give way first.
type segment struct {
	text  string
	color fyne.ThemeColorName
	give  bool // may be cut: the first of those, then the others
	sign  *kit.Sign
}

var tick, dot, triangle = kit.TickSign, kit.DotSign, kit.TriangleSign

// segments are what the status line says: only what is known, and of sending only what receipts cover.
func segments(station desk.Station, known bool, kept string, clock bool, w waiting.Status, print, saved *segment) []segment {
	var out []segment
	if known {
		out = append(out, segment{fmt.Sprintf("Quầy %d · %s · %s", station.Desk, station.Officer.Name, station.Unit.Name), kit.Ink, true, nil})
	}
	if clock {
		out = append(out, segment{"Đồng hồ máy chưa đúng, chờ xác nhận ngày", kit.Red, false, &triangle})
	}
	if kept != "" {
		out = append(out, segment{"Đã lưu tại máy " + kept, kit.Green, false, &tick})
	}
	if print != nil {
		out = append(out, *print)
	}
	if saved != nil {
		out = append(out, *saved)
	}
	if !w.Known {
		return out
	}
	if w.Waiting == 0 {
		out = append(out, segment{"Không có gì chờ gửi", kit.Muted, false, nil})
	} else {
		out = append(out, segment{fmt.Sprintf("Chờ gửi: %d", w.Waiting), kit.Amber, false, &dot})
	}
	switch {
	case !w.Enrolled:
		out = append(out, segment{"Chưa ghép nối cấp trên", kit.Muted, false, nil})
	case w.Receipt != nil:
		out = append(out, segment{fmt.Sprintf("Đã gửi về %s lúc %s (%s)", w.Upstream, w.Receipt.At.In(dossier.Hanoi).Format("15:04 02/01"), w.Receipt.Number),
			kit.Muted, true, nil})
	default:
		out = append(out, segment{waiting.ReceiptWords(w.Upstream, nil), kit.Muted, true, nil})
	}
	switch {
	case w.Sending:
		words := "Đang gửi…"
		if w.Progress.Phase == "push" && w.Progress.Of > 0 {
			words = fmt.Sprintf("Đang gửi %d/%d", w.Progress.Done, w.Progress.Of)
		}
		out = append(out, segment{words, kit.Accent, false, nil})
	case w.Line == waiting.Reached:
		out = append(out, segment{"Có kết nối lúc " + w.Tried.In(dossier.Hanoi).Format("15:04"), kit.Green, false, &tick})
	case w.Line == waiting.Refused:
		out = append(out, segment{"Lượt gửi " + w.Tried.In(dossier.Hanoi).Format("15:04") + " chưa được", kit.Amber, false, &triangle})
	case w.Line == waiting.Broken:
		out = append(out, segment{"Mất kết nối lúc " + w.Tried.In(dossier.Hanoi).Format("15:04"), kit.Amber, false, &triangle})
	}
	return out
}

// savedWords are what the foot of the window says of backups: nothing while they are in order.
func savedWords(s desk.BackupState) *segment {
	switch {
	case s.Lacking:
		return &segment{"Quá 7 ngày chưa sao lưu ra ngoài", kit.Amber, true, &triangle}
	case s.FailedAt != "":
		return &segment{"Lần sao lưu trước chưa được", kit.Amber, true, &triangle}
	}
	return nil
}

// statusLine is one line at the foot of the window, cut to fit.
type statusLine struct {
	widget.BaseWidget
	parts []segment
}

func newStatusLine() *statusLine {
	l := &statusLine{}
	l.ExtendBaseWidget(l)
	return l
}

func (l *statusLine) set(parts []segment) {
	l.parts = parts
	l.Refresh()
}

func (l *statusLine) CreateRenderer() fyne.WidgetRenderer { return &statusRenderer{l: l} }

type statusRenderer struct {
	l       *statusLine
	objects []fyne.CanvasObject
}

const (
	statusGap, statusPad, signGap = 26, 14, 6
	leastSegment                  = 130
)

func (r *statusRenderer) MinSize() fyne.Size {
	return fyne.NewSize(300, fyne.MeasureText("Ặg", r.size(), fyne.TextStyle{}).Height+11)
}

func (r *statusRenderer) theme(name fyne.ThemeColorName) *canvas.Rectangle {
	return canvas.NewRectangle(fyne.CurrentApp().Settings().Theme().Color(name, theme.VariantLight))
}

func (r *statusRenderer) size() float32 {
	return fyne.CurrentApp().Settings().Theme().Size(theme.SizeNameCaptionText)
}

func (r *statusRenderer) Layout(size fyne.Size) {
	rule := r.theme(kit.Hairline)
	rule.Resize(fyne.NewSize(size.Width, 1))
	r.objects = []fyne.CanvasObject{rule}
	widths, over := make([]float32, len(r.l.parts)), statusPad*2-size.Width
	for i, p := range r.l.parts {
		widths[i] = fyne.MeasureText(p.text, r.size(), fyne.TextStyle{}).Width + 1
		if p.sign != nil {
			over += kit.SignSize() + signGap
		}
		over += widths[i] + statusGap
	}
	over -= statusGap
	for _, warns := range []bool{false, true} { // what warns gives way last
		for i, p := range r.l.parts {
			if p.give && over > 0 && warns == (p.sign == &triangle) {
				cut := min(over, max(0, widths[i]-leastSegment))
				widths[i] -= cut
				over -= cut
			}
		}
	}
	x := float32(statusPad)
	for i, p := range r.l.parts {
		if i > 0 {
			bar := r.theme(kit.Hairline)
			bar.Move(fyne.NewPos(x-statusGap/2, 8))
			bar.Resize(fyne.NewSize(1, size.Height-15))
			r.objects = append(r.objects, bar)
		}
		if p.sign != nil {
			side := kit.SignSize()
			r.objects = append(r.objects, p.sign.Draw(x, (size.Height-side)/2, side, p.color)...)
			x += side + signGap
		}
		t := canvas.NewText(kit.Cut(p.text, widths[i], r.size(), fyne.TextStyle{}), fyne.CurrentApp().Settings().Theme().Color(p.color, theme.VariantLight))
		t.TextSize = r.size()
		s := t.MinSize()
		t.Move(fyne.NewPos(x, (size.Height-s.Height)/2))
		t.Resize(s)
		r.objects = append(r.objects, t)
		x += widths[i] + statusGap
	}
}

func (r *statusRenderer) Refresh() {
	r.Layout(r.l.Size())
	canvas.Refresh(r.l)
}

func (r *statusRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *statusRenderer) Destroy()                     {}
