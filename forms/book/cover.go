package book

import (
	"context"
	"fmt"
	"io"
	"strings"

	"tiepnhan/forms/paper"
)

// field is the field of administration of every procedure at the desk.
const field = "Định danh và xác thực điện tử"

// writeCover writes the cover of what is handed to the archive: one page, upright, with lines for what the archive fills in. How long the
// dossiers are to be kept has not been found in any law (domain, 11), so that line stays empty too.
func (l *ledger) writeCover(ctx context.Context, to io.Writer) error {
	d, err := l.drawCover(ctx)
	if err != nil {
		return err
	}
	pdf, err := d.PDF()
	if err == nil {
		_, err = to.Write(pdf)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", l.Key, err)
	}
	return nil
}

func (l *ledger) drawCover(ctx context.Context) (*paper.Doc, error) {
	unit, err := l.unit(l.To)
	if err != nil {
		return nil, err
	}
	var first, last string
	if err := l.read(ctx, func(e *entry, stands bool) error {
		if stands {
			if last = e.number().text; first == "" {
				first = last
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	return l.cover(unit.Upper, unit.Name, first, last), nil
}

// cover draws the cover. Its texts get smaller until they fit.
func (l *ledger) cover(upper, unit, first, last string) *paper.Doc {
	const (
		left, right, top = 30.0, 190.0, 20.0
		width            = right - left
		frame            = 6.0
	)
	d := paper.New(paper.A4, l.name(), l.Now)
	d.Page()
	if l.info.Unseen {
		d.Watermark("chưa đối chiếu")
	}
	d.Rect(paper.Box{X: left - frame, Y: top - frame, W: width + 2*frame, H: 297 - 2*top + 2*frame}, 0.5)
	d.Rect(paper.Box{X: left - frame + 1.2, Y: top - frame + 1.2, W: width + 2*frame - 2.4, H: 297 - 2*top + 2*frame - 2.4}, 0.2)
	y := top + 4
	centred := func(lines int, size float64, face paper.Face, text string) paper.Paragraph {
		p := paper.Fit(width, lines, 5, paper.Style{Size: size, Leading: 1.2, Align: paper.Center}, paper.Span{Face: face, Text: text})
		y = p.Draw(d, left, y)
		return p
	}
	centred(2, 13, paper.Regular, upper)
	long := centred(2, 14, paper.Bold, unit).LastWidth() * 0.42
	d.Line(105+5-long/2, y+0.8, 105+5+long/2, y+0.8, 0.3)
	y = 88
	centred(1, 30, paper.Bold, "HỒ SƠ LƯU")
	y += 4
	centred(3, 15, paper.Bold, "HỒ SƠ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH")
	centred(2, 14, paper.Regular, "Lĩnh vực: "+field)
	y += 2
	centred(1, 14, paper.Bold, l.years())
	centred(1, 13, paper.Italic, "("+strings.ToLower(period(l.From, l.To)[:1])+period(l.From, l.To)[1:]+")")

	y = 182
	row := func(label, value string) {
		y += 10
		w := d.Text(left+4, y, paper.Font{Size: 13}, paper.Left, label)
		if value == "" {
			d.Dots(left+6+w, right-4, y)
			return
		}
		p := paper.Fit(width-10-w, 1, 5, paper.Style{Size: 13, Leading: 1}, paper.Span{Face: paper.Bold, Text: value})
		p.Draw(d, left+6+w, y-p.LastBase())
	}
	row("Số lượng:", fmt.Sprintf("%d hồ sơ", l.rows))
	row("Từ số:", first)
	row("Đến số:", last)
	row("Thời hạn bảo quản:", "")
	row("Số tờ:", "")
	y += 6
	row("Kho số:", "")
	row("Giá, hộp số:", "")
	row("Hồ sơ số:", "")
	return d
}

// years are the years the cover is of.
func (l *ledger) years() string {
	if l.From.Year == l.To.Year {
		return fmt.Sprintf("Năm %d", l.To.Year)
	}
	return fmt.Sprintf("Năm %d – %d", l.From.Year, l.To.Year)
}
