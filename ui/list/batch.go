package list

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Batch is what is asked before many are printed at once.
type Batch struct {
	Marked    int
	Questions []kit.Section
	Values    map[string]string
	Said      map[string]kit.Said
	Wrong     string
	Busy      bool
}

// batch is what is chosen before many are printed.
type batch struct {
	forms     []dossier.FormInfo
	form, day string
	said      map[string]kit.Said
	wrong     string
	busy      bool
}

// MostMarked is how many dossiers are printed at once.
const MostMarked = 500

// Marked tells whether row i is.
func (p *Presenter) Marked(i int) bool {
	row, ok := p.Row(i)
	_, marked := p.marks[row.ID]
	return ok && marked
}

// Mark marks row i for printing, or takes the mark back.
func (p *Presenter) Mark(i int) {
	row, ok := p.Row(i)
	if !ok || p.top {
		return
	}
	p.note = ""
	if _, marked := p.marks[row.ID]; marked {
		delete(p.marks, row.ID)
	} else if len(p.marks) < MostMarked {
		p.marks[row.ID] = row
	} else {
		p.note = assets.Word("list.mark-most", map[string]string{"most": fmt.Sprint(MostMarked)})
	}
	p.show(false)
}

// MarkAll marks everything of the list shown, in its order, as far as can be printed at once. Marks of before are taken back.
func (p *Presenter) MarkAll() {
	q := p.query()
	q.Limit = MostMarked
	p.Threads.Go(func() {
		rows, err := p.Desk.List(context.Background(), q)
		p.Threads.OnUI(func() {
			now := p.query()
			if now.Text != q.Text || now.View != q.View {
				return
			}
			if err != nil {
				p.fail(err, p.MarkAll)
				return
			}
			p.marks, p.note = map[dossier.ID]dossier.Summary{}, ""
			for _, row := range rows {
				p.marks[row.ID] = row
			}
			if len(rows) == MostMarked && p.count > len(rows) {
				p.note = assets.Word("list.mark-first", map[string]string{"most": fmt.Sprint(MostMarked)})
			}
			p.show(false)
		})
	})
}

// Unmark takes all marks back.
func (p *Presenter) Unmark() {
	p.marks, p.note = map[dossier.ID]dossier.Summary{}, ""
	p.show(false)
}

// Print is F8: asks which form of the dossiers marked, or of a whole day where none is.
func (p *Presenter) Print() {
	if p.batch != nil {
		p.Close()
		return
	}
	p.Threads.Go(func() {
		all, err := p.Desk.Forms(context.Background())
		p.Threads.OnUI(func() {
			if err != nil {
				p.fail(err, p.Print)
				return
			}
			b := &batch{day: dossier.DateOf(p.Now()).String(), said: map[string]kit.Said{}}
			for _, f := range all {
				if !f.Book {
					b.forms = append(b.forms, f)
				}
			}
			slices.SortStableFunc(b.forms, func(a, c dossier.FormInfo) int { return cmp.Compare(first(a), first(c)) })
			if len(b.forms) > 0 {
				b.form = b.forms[0].Key
			}
			p.batch = b
			p.show(false)
			if p.view != nil {
				p.view.FocusPrint("form")
			}
		})
	})
}

func first(f dossier.FormInfo) int {
	if f.Key == "receipt" {
		return 0
	}
	return 1
}

// Close goes back to the rows; the marks stay.
func (p *Presenter) Close() {
	p.batch = nil
	p.show(false)
	if p.view != nil {
		p.view.Focus()
	}
}

// Pick and Day take what is asked before printing.
func (p *Presenter) Pick(_, value string) {
	if p.batch != nil {
		p.batch.form, p.batch.wrong = value, ""
		p.show(false)
	}
}

// Day takes the day as far as it is typed.
func (p *Presenter) Day(typed string) {
	if p.batch != nil {
		p.batch.day, p.batch.wrong = typed, ""
		delete(p.batch.said, "day")
		p.show(false)
	}
}

// PreviewAll shows what will be printed: the dossiers marked, in the order they were received, or all of the day.
func (p *Presenter) PreviewAll() {
	b := p.batch
	if b == nil || b.busy || b.form == "" {
		return
	}
	if len(p.marks) > 0 {
		var rows []dossier.Summary
		for _, row := range p.marks {
			rows = append(rows, row)
		}
		slices.SortFunc(rows, func(a, c dossier.Summary) int {
			return cmp.Or(dossier.DateOf(a.ReceivedAt).At(0, 0).Compare(dossier.DateOf(c.ReceivedAt).At(0, 0)), cmp.Compare(a.Number, c.Number))
		})
		var ids []dossier.ID
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		p.preview(b, ids, fmt.Sprintf("%d hồ sơ", len(ids)))
		return
	}
	day, err := dossier.ParseDate(b.day)
	if err != nil {
		b.said["day"] = kit.Said{Text: kit.SayError(dossier.Invalid("day", "date.format"))}
		p.show(false)
		p.view.FocusPrint("day")
		return
	}
	b.busy = true
	p.show(false)
	p.Threads.Go(func() {
		ids, err := p.Desk.OfDay(context.Background(), day, day)
		p.Threads.OnUI(func() {
			b.busy = false
			switch {
			case p.batch != b:
			case err != nil:
				b.wrong = kit.SayError(err)
				p.show(false)
			case len(ids) == 0:
				b.said["day"] = kit.Said{Text: assets.Word("ui.day-empty", map[string]string{"day": day.String()})}
				p.show(false)
				p.view.FocusPrint("day")
			default:
				p.preview(b, ids, "ngày "+day.String())
			}
		})
	})
}

func (p *Presenter) preview(b *batch, ids []dossier.ID, of string) {
	title := ""
	for _, f := range b.forms {
		if f.Key == b.form {
			if title = f.Code; title == "" {
				title = f.Title
			}
		}
	}
	p.batch = nil
	p.show(false)
	p.Preview(desk.Order{Form: b.form, Dossiers: ids}, title+", "+of)
}

func (p *Presenter) asking() *Batch {
	b := p.batch
	if b == nil {
		return nil
	}
	out := &Batch{Marked: len(p.marks), Values: map[string]string{"form": b.form, "day": b.day}, Said: b.said, Wrong: b.wrong, Busy: b.busy}
	var options []kit.Option
	for _, f := range b.forms {
		options = append(options, kit.Option{Value: f.Key, Title: f.Title, Sub: f.Code})
	}
	var rows [][]kit.Field
	if out.Marked == 0 {
		rows = append(rows, []kit.Field{{Key: "day", Kind: kit.Date, Label: "Cả ngày tiếp nhận", Need: true, Min: 150}, {Key: "help", Kind: kit.Note, Weight: 1,
			Hint: "Muốn chọn từng hồ sơ: nhấn Esc, rồi đánh dấu bằng phím Insert."}})
	}
	rows = append(rows, []kit.Field{{Key: "form", Kind: kit.Pick, Label: "Giấy cần in", Need: true, Columns: 2, Options: options}})
	out.Questions = []kit.Section{{Rows: rows}}
	return out
}
