package books

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// said is a word at a field.
type said struct{ field, text string }

// ask is what is wanted, or what is wrong with it.
func (p *Presenter) ask() (desk.BookOrder, []said) {
	var out []said
	for _, one := range []struct {
		day
		field, missing string
	}{{p.from, "from", "Nhập ngày bắt đầu."}, {p.to, "to", "Nhập ngày kết thúc."}} {
		switch {
		case one.err != nil:
			out = append(out, said{one.field, kit.SayError(one.err)})
		case one.date.IsZero():
			out = append(out, said{one.field, one.missing})
		}
	}
	if len(out) == 0 {
		for _, problem := range wrongDays(p.from.date, p.to.date) {
			out = append(out, said{problem.Field, kit.Say(problem)})
		}
	}
	return desk.BookOrder{Form: p.form, From: p.from.date, To: p.to.date}, append(out, p.checkColumns()...)
}

func (p *Presenter) wrong(all []said) {
	p.said, p.alert = map[string]kit.Said{}, nil
	first, loose := "", []string{}
	for _, one := range all {
		if !slices.Contains([]string{"form", "from", "to", "columns"}, one.field) {
			loose = append(loose, one.text)
			continue
		}
		if first == "" {
			first = one.field
		}
		if p.said[one.field].Text == "" {
			p.said[one.field] = kit.Said{Text: one.text}
		}
	}
	if len(loose) > 0 {
		p.alert = &Alert{kit.Bad, strings.Join(loose, "\n")}
	}
	p.render()
	if first != "" {
		p.focus(first)
	}
}

// refused says what the desk answered.
func (p *Presenter) refused(err error, again func()) {
	if p.Trouble != nil && p.Trouble(err, again) {
		p.render()
		return
	}
	var all []said
	for _, one := range kit.Problems(err) {
		text := kit.Say(one)
		if one.Code == "print.folder" {
			text += " Nếu tệp đang mở trong chương trình khác, vui lòng đóng tệp đó trước."
		}
		all = append(all, said{one.Field, text})
	}
	if len(all) == 0 {
		all = []said{{"", kit.SayError(err)}}
	}
	p.wrong(all)
}

// Look is F9: the pages, to be looked at and printed.
func (p *Presenter) Look() {
	o, save, ok := p.begin("Đang chuẩn bị…")
	if !ok {
		return
	}
	p.render()
	p.Threads.Go(func() {
		err := save(context.Background())
		p.Threads.OnUI(func() {
			p.busy = ""
			if err != nil {
				p.refused(err, p.Look)
				return
			}
			p.render()
			p.Preview(o)
		})
	})
}

// Export writes the register as a file: dossier.BookXLSX or BookCSV.
func (p *Presenter) Export(format string) {
	kind := "tệp Excel"
	if format == dossier.BookCSV {
		kind = "tệp CSV"
	}
	o, save, ok := p.begin("Đang lập " + kind + "…")
	if !ok {
		return
	}
	path := filepath.Join(p.Folder(), o.Form+"-"+compact(o.From)+"-"+compact(o.To)+"."+format)
	ended := func(rows int, err error) {
		switch code := dossier.Code(err); {
		case err == nil:
			p.path = path
			p.alert = &Alert{kit.Good, "Đã xuất " + strconv.Itoa(rows) + " dòng ra " + kind + "."}
			if rows == 0 {
				p.alert.Text = "Không có hồ sơ nào ghi vào sổ này trong những ngày đã chọn; " + kind + " chỉ có dòng tiêu đề."
			}
			p.render()
		case code == "confirm.announced":
			p.alert = &Alert{kit.Info, kit.SayError(err)}
			p.render()
		default:
			p.refused(err, func() { p.Export(format) })
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	p.render()
	p.Threads.Go(func() {
		err, rows := save(ctx), 0
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			rows, err = p.Desk.ExportBook(ctx, o, format, path)
		}
		p.Threads.OnUI(func() {
			stopped := ctx.Err() != nil
			stop()
			p.busy, p.stop = "", nil
			switch {
			case err != nil && stopped:
				p.alert = &Alert{kit.Info, "Đã dừng. Không có tệp nào được ghi."}
				p.render()
			case dossier.Code(err) == "confirm.needed":
				p.render()
				rows := 0
				p.Second(kit.SayError(err), func(c desk.Confirm) (err error) {
					o.Confirm = c
					rows, err = p.Desk.ExportBook(context.Background(), o, format, path)
					return err
				}, func(_ desk.Confirm, err error) { ended(rows, err) })
			default:
				ended(rows, err)
			}
		})
	})
}

func compact(d dossier.Date) string { return strings.ReplaceAll(d.ISO(), "-", "") }

// begin checks what is asked and says that the work has begun. save keeps the columns first, so that the pages show what is on the screen.
func (p *Presenter) begin(busy string) (o desk.BookOrder, save func(context.Context) error, ok bool) {
	if p.busy != "" || p.form == "" {
		return o, nil, false
	}
	o, wrong := p.ask()
	if len(wrong) > 0 {
		p.wrong(wrong)
		return o, nil, false
	}
	p.said, p.alert, p.path, p.busy = map[string]kit.Said{}, nil, "", busy
	return o, p.saving(), true
}

// Stop ends what is being made.
func (p *Presenter) Stop() {
	if p.stop != nil {
		p.stop()
		p.busy = "Đang dừng…"
		p.render()
	}
}

// Open is Ctrl+O: the file just written.
func (p *Presenter) Open() {
	if p.path != "" {
		p.File(p.path)
	}
}
