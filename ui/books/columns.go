package books

import (
	"context"
	"slices"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Column is one column a register can have.
type Column struct {
	Key   string
	Own   string // its title unless the keeper gives another
	Title string // the keeper's, "" for its own
	On    bool
}

// Name is the title that stands on the paper.
func (c Column) Name() string {
	if c.Title == "" {
		return c.Own
	}
	return c.Title
}

// MostTitle is how many letters a column's title may have.
const MostTitle = 60

// book is what the keeper makes of a register: as it is on the screen, as it is kept, and as the register comes.
type book struct {
	columns, kept, own []Column
	at                 int
}

func (b *book) changed() bool { return !slices.Equal(b.columns, b.kept) }

// arrange are the chosen columns in their order, and behind them those left out.
func arrange(chosen, all []dossier.BookColumn) []Column {
	var out []Column
	own := map[string]string{}
	for _, c := range all {
		own[c.Key] = c.Title
	}
	for _, c := range chosen {
		if title, ok := own[c.Key]; ok {
			one := Column{Key: c.Key, Own: title, On: true}
			if c.Title != title {
				one.Title = c.Title
			}
			out = append(out, one)
			delete(own, c.Key)
		}
	}
	for _, c := range all {
		if _, left := own[c.Key]; left {
			out = append(out, Column{Key: c.Key, Own: c.Title})
		}
	}
	return out
}

// take follows what is kept, unless the keeper is at work on it.
func (p *Presenter) take(form string, fresh *book) {
	have := p.books[form]
	switch {
	case have == nil:
	case have.changed():
		have.kept, have.own = fresh.kept, fresh.own
		return
	case have.at < len(fresh.columns):
		fresh.at = have.at
	}
	p.books[form] = fresh
}

func (p *Presenter) book() *book {
	if b := p.books[p.form]; b != nil {
		return b
	}
	return &book{}
}

// Select takes which column the keeper looks at.
func (p *Presenter) Select(i int) {
	if b := p.book(); i != b.at && i >= 0 && i < len(b.columns) {
		b.at = i
		p.render()
	}
}

// Tick puts a column in or leaves it out.
func (p *Presenter) Tick(i int) {
	if b := p.book(); i >= 0 && i < len(b.columns) {
		b.at = i
		b.columns[i].On = !b.columns[i].On
		p.columnsChanged()
	}
}

// Move moves the column up (-1) or down (+1).
func (p *Presenter) Move(by int) {
	b := p.book()
	to := b.at + by
	if len(b.columns) == 0 || to < 0 || to >= len(b.columns) {
		return
	}
	b.columns[b.at], b.columns[to] = b.columns[to], b.columns[b.at]
	b.at = to
	p.columnsChanged()
}

// Title takes the keeper's title of the column; nothing, or its own, is its own.
func (p *Presenter) Title(text string) {
	b := p.book()
	if b.at >= len(b.columns) {
		return
	}
	if c := &b.columns[b.at]; text == c.Own {
		c.Title = ""
	} else {
		c.Title = text
	}
	p.columnsChanged()
}

func (p *Presenter) columnsChanged() {
	delete(p.said, "columns")
	p.settle()
}

// Default brings back the columns the register comes with.
func (p *Presenter) Default() {
	b := p.book()
	if len(b.columns) == 0 {
		return
	}
	b.columns = slices.Clone(b.own)
	p.columnsChanged()
}

// KeepColumns is Ctrl+S.
func (p *Presenter) KeepColumns() {
	if p.busy != "" || len(p.book().columns) == 0 {
		return
	}
	if wrong := p.checkColumns(); len(wrong) > 0 {
		p.wrong(wrong)
		return
	}
	p.said, p.alert, p.path, p.busy = map[string]kit.Said{}, nil, "", "Đang lưu…"
	p.render()
	save := p.saving()
	p.Threads.Go(func() {
		err := save(context.Background())
		p.Threads.OnUI(func() {
			p.busy = ""
			if err != nil {
				p.refused(err, p.KeepColumns)
				return
			}
			p.alert = &Alert{kit.Good, "Đã lưu các cột của sổ."}
			p.render()
		})
	})
}

// saving keeps the columns as they are now on the screen, if the keeper has changed them. It runs away from the screen.
func (p *Presenter) saving() func(context.Context) error {
	b, form := p.book(), p.form
	if !b.changed() {
		return func(context.Context) error { return nil }
	}
	now, order := slices.Clone(b.columns), b.order()
	return func(ctx context.Context) error {
		err := p.Desk.ChooseColumns(ctx, form, order)
		if err == nil {
			p.Threads.OnUI(func() {
				b.kept = now
				p.turn++ // what is being read now may be older
			})
		}
		return err
	}
}

// order are the chosen columns as the desk keeps them: none where they are those the register comes with.
func (b *book) order() []dossier.BookColumn {
	if slices.Equal(b.columns, b.own) {
		return nil
	}
	var out []dossier.BookColumn
	for _, c := range b.columns {
		if c.On {
			out = append(out, dossier.BookColumn{Key: c.Key, Title: dossier.Clean(c.Title)})
		}
	}
	return out
}

func (p *Presenter) checkColumns() []said {
	b := p.book()
	on := false
	for i, c := range b.columns {
		if ps := dossier.CheckText("columns", dossier.Clean(c.Title), MostTitle); len(ps) > 0 {
			b.at = i // the column it is said of is the one to be seen
			return []said{{"columns", kit.Say(ps[0])}}
		}
		on = on || c.On
	}
	if len(b.columns) > 0 && !on {
		return []said{{"columns", "Chọn ít nhất một cột."}}
	}
	return nil
}
