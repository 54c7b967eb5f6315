package layouts

import (
	"fmt"
	"reflect"

	"fyne.io/fyne/v2"

	"tiepnhan/ui/kit"
)

// editView shows the rows of a form on the left, and what can be changed in the chosen one on the right.
type editView struct {
	p      *Presenter
	root   *fyne.Container
	top    *fyne.Container
	head   *kit.Paragraph
	title  *kit.Form
	table  *kit.TickTable
	up     *kit.Button
	down   *kit.Button
	hide   *kit.Button
	right  *fyne.Container
	scroll *kit.Scroll // the chosen row
	tall   *kit.Scroll // all of it, where letters are too large for two halves
	halves *fyne.Container
	detail *kit.Form
	label  *kit.WrapEntry
	check  *kit.Check
	save   *kit.Button
	try    *kit.Button
	drop   *kit.Button
	out    *kit.Button
	in     *kit.Button
	foot   *fyne.Container
	was    Edit
	busy   bool
	built  bool
}

func newEditView(p *Presenter) *editView {
	v := &editView{p: p, top: kit.Column(10), head: kit.Strong(""), title: kit.NewForm(true), detail: kit.NewForm(true), right: kit.Column(10)}
	v.title.OnText = p.Text
	v.title.OnLast = func() { focus(v.table) }
	v.title.OnGrow = func() {
		kit.Relayout(v.root)
		v.shown().Relayout()
	}
	v.title.OnFocus = func(key string) { v.shown().Reveal(v.title.Object(key)) }
	v.table = kit.NewTickTable(kit.TableColumn{Title: "Loại", Min: 132}, kit.TableColumn{Title: "Chữ trên mẫu", Min: 180, Weight: 1})
	v.table.Row = v.row
	v.table.Ticked = func(i int) bool { return i < len(v.was.Rows) && v.was.Rows[i].On }
	v.table.OnTick, v.table.OnSelect = p.Hide, p.Row
	v.table.OnOpen = func(int) { v.detail.Focus("") }
	v.table.Empty = "Mẫu này chưa có dòng nào."
	v.up = kit.NewButton("Lên trên", "Alt+↑", kit.Plain, func() { p.Move(-1) })
	v.down = kit.NewButton("Xuống dưới", "Alt+↓", kit.Plain, func() { p.Move(+1) })
	v.hide = kit.NewButton("", "Ctrl+H", kit.Plain, func() { p.Hide(v.was.At) })

	v.label = kit.NewWrapEntry(3, func(text string) { p.Text("label", text) })
	v.label.OnEnter = func() { p.Next(+1) }
	v.label.OnFocus = func() { v.shown().Reveal(v.detail.Object("label")) }
	v.detail.OnText = p.Text
	v.scroll = kit.NewScroll(v.right)
	v.detail.OnGrow = func() { v.shown().Relayout() }
	v.detail.OnFocus = func(key string) { v.shown().Reveal(v.detail.Object(key)) }
	v.check = kit.NewCheck("Nội dung này đã đối chiếu với bản chính thức", "")
	v.check.OnTick = p.Checked
	v.save = kit.NewButton("Lưu", "F9", kit.Primary, p.Save)
	v.try = kit.NewButton("Xem thử", "Ctrl+P", kit.Plain, p.Try)
	v.drop = kit.NewButton("", "", kit.Plain, p.Drop)
	v.out = kit.NewButton("Xuất ra tệp", "Ctrl+E", kit.Plain, p.Export)
	v.in = kit.NewButton("Nhập từ tệp", "Ctrl+I", kit.Plain, p.Import)

	wide := func(b *kit.Button) kit.Cell { return kit.Cell{Object: b, Min: 60, Weight: 1} }
	back := kit.NewButton("Về danh sách", "Esc", kit.Plain, p.Close)
	moves := kit.Row(8, wide(v.up), wide(v.down))
	v.foot = kit.Column(8, v.check, v.save, kit.Row(8, wide(v.try), wide(v.drop)))
	left := kit.Frame(kit.Column(10, kit.Middle(10, kit.Cell{Object: v.head, Min: 100, Weight: 1}, kit.Cell{Object: back}), v.top, v.title.Body()), moves, v.table, 10)
	for _, b := range []*kit.Button{back, v.up, v.down, v.save, v.try, v.drop, v.hide, v.out, v.in} {
		b.OnFocus = func() { v.shown().Reveal(b) }
	}
	v.tall = kit.NewScroll(kit.Column(10, left, v.right, v.foot))
	v.halves = kit.Fold(kit.Split(kit.Pad(4, 8, 0, 0, left), kit.Frame(nil, kit.Pad(0, kit.ScrollRoom+4, 0, 4, v.foot), v.scroll, 10), 0.4, 310, 520), v.tall, 560)
	v.root = kit.Pad(12, 2, 12, 14, v.halves)
	return v
}

func (v *editView) shown() *kit.Scroll { return kit.Shown(v.halves, v.tall, v.scroll) }

func (v *editView) row(i int) ([]kit.TableCell, bool) {
	if i >= len(v.was.Rows) {
		return nil, false
	}
	r := v.was.Rows[i]
	kind, words := kit.TableCell{Text: r.Kind, Color: kit.Muted}, kit.TableCell{Text: r.Text}
	if r.Wrong {
		kind.Chip = &kit.Chip{Sign: kit.CrossSign, Color: kit.Red, Soft: kit.RedSoft}
	}
	if !r.On {
		words.Color = kit.Muted
	}
	return []kit.TableCell{{}, kind, words}, true
}

func (v *editView) show(state Edit, busy bool) {
	was, wasBusy := v.was, v.busy
	v.was, v.busy = state, busy
	if state.Form != was.Form {
		v.table.Top()
		v.shown().Top()
	}
	head := state.Name
	if state.Changed {
		head += " – chưa lưu"
	}
	v.head.Set(head, kit.Accent)
	v.title.Ask([]kit.Section{{Rows: [][]kit.Field{{{Key: "title", Kind: kit.Line, Need: true, Label: "Tên mẫu trên giấy"}}}}})
	v.title.Fill(map[string]string{"title": state.Title}, map[string]kit.Said{"title": state.Said["title"]})
	v.table.SetRows(len(state.Rows))
	if len(state.Rows) > 0 && v.table.Selected() != state.At {
		v.table.Select(state.At)
	}
	some := state.At < len(state.Rows)
	v.up.SetEnabled(some && state.At > 0)
	v.down.SetEnabled(some && state.At < len(state.Rows)-1)
	v.hide.SetEnabled(some)
	v.hide.Set("Lấy lại dòng này")
	if on(state) {
		v.hide.Set("Bỏ dòng này")
	}
	v.fields(state)
	v.check.Set(state.Checked, false)
	v.save.SetEnabled(!busy)
	v.try.SetEnabled(!busy)
	v.drop.Set("Bỏ thay đổi")
	if state.Dropped {
		v.drop.Set("Lấy lại thay đổi")
	}
	v.drop.SetEnabled(!busy && (state.Changed || state.Dropped))
	now, before := []any{state.Form, state.Name, state.Changed, state.Alert, state.Detail.Kind, state.At, len(state.Rows), state.Said, state.File, on(state)},
		[]any{was.Form, was.Name, was.Changed, was.Alert, was.Detail.Kind, was.At, len(was.Rows), was.Said, was.File, on(was)}
	if v.built && busy == wasBusy && reflect.DeepEqual(now, before) {
		return
	}
	v.built = true
	v.draw(state, busy)
	kit.Relayout(v.root)
	v.shown().Relayout()
}

// on tells whether the chosen row stands on the paper.
func on(state Edit) bool { return state.At < len(state.Rows) && state.Rows[state.At].On }

// fields asks what can be changed in the chosen row.
func (v *editView) fields(state Edit) {
	d := state.Detail
	var rows [][]kit.Field
	values := map[string]string{"label": d.Label, "count": d.Count}
	if d.HasLabel {
		rows = append(rows, []kit.Field{{Key: "label", Kind: kit.Custom, Label: "Chữ trên mẫu", Object: v.label, Weight: 1}})
	}
	if d.HasCount {
		rows = append(rows, []kit.Field{{Key: "count", Kind: kit.Figure, Need: true, Label: "Số ô", Weight: 1}})
	}
	for i, o := range d.Options {
		key := fmt.Sprintf("option.%d", i)
		rows = append(rows, []kit.Field{{Key: key, Kind: kit.Line, Label: fmt.Sprintf("%s %d", d.Option, i+1), Weight: 1}})
		values[key] = o
	}
	v.detail.Ask([]kit.Section{{Rows: rows}})
	v.detail.Fill(values, state.Said)
	v.label.Breaks = d.Breaks
	v.label.Fill(d.Label, state.Said["label"].Text != "")
}

func (v *editView) draw(state Edit, busy bool) {
	v.top.Objects = nil
	switch {
	case busy:
		v.top.Objects = []fyne.CanvasObject{kit.Notice(kit.Info, "Đang thực hiện…")}
	case state.Alert != nil:
		v.top.Objects = []fyne.CanvasObject{kit.Notice(state.Alert.Tone, state.Alert.Text)}
	}
	for _, b := range []*kit.Button{v.out, v.in} {
		b.SetEnabled(!busy)
	}
	var all []fyne.CanvasObject
	if state.At < len(state.Rows) {
		parts := []fyne.CanvasObject{v.detail.Body()}
		if d := state.Detail; !d.HasLabel && !d.HasCount && len(d.Options) == 0 {
			parts = []fyne.CanvasObject{kit.Caption("Dòng này không có chữ để sửa; có thể đổi chỗ hoặc bỏ khỏi mẫu.")}
		}
		if !on(state) {
			parts = append(parts, kit.Caption("Dòng này đã bỏ, không in trên mẫu."))
		}
		if state.Detail.For != "" {
			parts = append(parts, kit.Caption("Chỉ in khi người đề nghị là: "+state.Detail.For+"."))
		}
		parts = append(parts, v.hide)
		all = append(all, kit.Panel(fmt.Sprintf("Dòng %d – %s", state.At+1, state.Detail.Kind), parts...))
	}
	file := kit.Caption("Tệp: " + state.File)
	v.right.Objects = append(all, kit.Panel("Sửa bằng chương trình khác", v.out, v.in, file))
}

func (v *editView) focus(field string) {
	switch field {
	case "rows", "":
		focus(v.table)
	case "title":
		v.title.Focus("title")
	default:
		if !v.detail.Focus(field) {
			focus(v.table)
		}
	}
}
