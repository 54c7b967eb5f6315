package layouts

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Edit is the text of one form being edited.
type Edit struct {
	Form    string
	Name    string
	Title   string
	Said    map[string]kit.Said // of the title, and of the row shown: label, count, option.0 …
	Rows    []Row
	At      int
	Detail  Detail
	Checked bool
	Changed bool
	Dropped bool // changes were dropped and can be had back
	Alert   *Alert
	File    string // where the text is written to and read from
}

// Row is one row of a form as the list shows it.
type Row struct {
	Kind, Text string
	On         bool // it stands on the paper
	Wrong      bool
}

// Detail is what can be changed in the row shown.
type Detail struct {
	Kind     string
	HasLabel bool
	Breaks   bool // its label may have several lines
	Label    string
	HasCount bool
	Count    string
	Options  []string
	Option   string // what one of them is called
	For      string // it stands on the paper of these alone, "" for all
}

// Of a row's boxes no paper has room for more.
const mostBoxes = 200

// kinds are the rows of forms in words; one of a kind not named here can be moved and taken off the paper.
var kinds = map[string]string{"to": "Nơi nhận", "heading": "Đề mục", "line": "Dòng điền", "pair": "Hai mục một dòng", "boxes": "Ô chữ số", "date": "Ngày tháng",
	"choice": "Ô đánh dấu", "items": "Danh sách ô", "text": "Đoạn văn", "place-date": "Nơi, ngày ký", "signatures": "Chữ ký"}

// people are those a row may be meant for alone.
var people = map[string]string{"citizen": "công dân", "foreigner": "người nước ngoài", "agency": "cơ quan", "organization": "tổ chức", "child": "người có người đại diện"}

var optionWords = map[string]string{"pair": "Mục", "signatures": "Người ký"}

// labelled are the kinds whose rows have words of their own.
var labelled = []string{"to", "heading", "line", "boxes", "date", "choice", "items", "text"}

// forWhom says for whom a row stands on the paper: forms have one part for citizens and another for agencies.
func forWhom(r *row) string {
	var who, out []string
	if json.Unmarshal(r.doc.values["for"], &who) != nil {
		return ""
	}
	for _, one := range who {
		out = append(out, cmp.Or(people[one], one))
	}
	return strings.Join(out, ", ")
}

func kindWords(kind string) string {
	if words, ok := kinds[kind]; ok {
		return words
	}
	return kind
}

// editor is a text in work.
type editor struct {
	form    string
	text    *text
	base    string // as it is kept
	marked  bool   // kept as compared with the official paper
	checked bool   // as the box is ticked now
	touched bool   // the text was changed: whether it was compared must be said anew
	at      int
	edited  map[*object]bool
	said    map[*row]map[string]string
	title   string // what is wrong with the title
	alert   *Alert
	dropped []byte
	file    string
}

func newEditor(form string, t *text, marked bool, file string) *editor {
	return &editor{form: form, text: t, base: string(t.bytes()), marked: marked, checked: marked, file: file, edited: map[*object]bool{}, said: map[*row]map[string]string{}}
}

func (e *editor) dirty() bool { return string(e.text.bytes()) != e.base }

func (e *editor) changed() bool { return e.dirty() || e.checked != e.marked }

// known takes what is kept of the comparing.
func (e *editor) known(marked bool) {
	if e.checked == e.marked {
		e.checked = marked
	}
	e.marked = marked
}

// touch follows every change of the text.
func (e *editor) touch(o *object) {
	e.alert, e.dropped = nil, nil
	if o != nil {
		e.edited[o] = true
	}
	if !e.touched {
		e.touched, e.checked = true, false
	}
}

// use takes another text whole.
func (e *editor) use(t *text) {
	e.text, e.at, e.title = t, min(e.at, max(0, len(t.rows)-1)), ""
	e.edited, e.said = map[*object]bool{}, map[*row]map[string]string{}
	if e.dirty() {
		e.touched, e.checked = true, false
	} else {
		e.touched, e.checked = false, e.marked
	}
}

// Edit is F4: the text of the form the list stands at.
func (p *Presenter) Edit() {
	f, ok := p.current()
	if !ok || p.busy || p.asking != "" {
		return
	}
	if !f.Data {
		p.say(kit.Info, "Mẫu này có bố cục cố định trong chương trình, không sửa nội dung tại máy.")
		return
	}
	p.busy, p.alert = true, nil
	p.render()
	p.Threads.Go(func() {
		data, err := p.Desk.FormText(context.Background(), f.Key)
		var fresh *text
		if err == nil {
			fresh, err = readText(data)
		}
		p.Threads.OnUI(func() {
			p.busy = false
			if err != nil {
				p.fail(err, p.Edit)
				return
			}
			p.begin(f, fresh)
			p.render()
			p.focus("rows")
		})
	})
}

// begin opens the editor: with what was typed and not kept, if there is any.
func (p *Presenter) begin(f dossier.FormInfo, fresh *text) {
	p.edit = f.Key
	have := p.drafts[f.Key]
	if have == nil || !have.changed() {
		p.drafts[f.Key] = newEditor(f.Key, fresh, f.Checked, filepath.Join(p.Folder(), "mau-"+f.Key+".json"))
		return
	}
	have.alert = &Alert{kit.Info, "Còn nội dung đang sửa dở từ lần trước, chưa lưu."}
	if base := string(fresh.bytes()); base != have.base {
		have.base = base
		have.alert = &Alert{kit.Warn, "Nội dung mẫu này đã được lưu lại từ nơi khác trong khi đang sửa. Nếu lưu, nội dung đang sửa sẽ thay nội dung đó."}
	}
	have.known(f.Checked)
}

// Close is Esc: back to the list. What was typed is there when the form is opened again.
func (p *Presenter) Close() {
	if !p.busy {
		p.edit = ""
		p.render()
		p.focus("")
	}
}

// now is the editor that is open, nil if none is or it is at work.
func (p *Presenter) now() *editor {
	if p.busy || p.edit == "" {
		return nil
	}
	return p.drafts[p.edit]
}

func (e *editor) row() *row {
	if e.at < 0 || e.at >= len(e.text.rows) {
		return nil
	}
	return e.text.rows[e.at]
}

// Row takes which row the keeper looks at.
func (p *Presenter) Row(i int) {
	if e := p.now(); e != nil && i != e.at && i >= 0 && i < len(e.text.rows) {
		e.at = i
		p.render()
	}
}

// Next goes to the row behind; from the label it stays in the label.
func (p *Presenter) Next(by int) {
	if e := p.now(); e != nil {
		p.Row(e.at + by)
	}
}

// Move moves the row up (-1) or down (+1).
func (p *Presenter) Move(by int) {
	e := p.now()
	if e == nil || e.row() == nil || e.at+by < 0 || e.at+by >= len(e.text.rows) {
		return
	}
	rows := e.text.rows
	rows[e.at], rows[e.at+by] = rows[e.at+by], rows[e.at]
	e.at += by
	e.touch(nil)
	p.render()
}

// Hide takes a row off the paper, or brings it back.
func (p *Presenter) Hide(i int) {
	if e := p.now(); e != nil && i >= 0 && i < len(e.text.rows) {
		e.at = i
		r := e.row()
		r.hide(!r.hidden())
		e.touch(nil)
		p.render()
	}
}

// Text takes what is typed: title, label, count or option.N of the row shown.
func (p *Presenter) Text(field, typed string) {
	e := p.now()
	if e == nil {
		p.render()
		return
	}
	r := e.row()
	var o *object
	key := "label"
	switch n, option := strings.CutPrefix(field, "option."); {
	case field == "title":
		o, key, e.title = e.text.doc, "title", ""
	case r == nil:
		return
	case field == "label":
		o = r.doc
	case field == "count":
		r.count = typed
	case option:
		if i, err := strconv.Atoi(n); err == nil && i >= 0 && i < len(r.options) {
			o = r.options[i]
		}
	}
	if o != nil {
		if o.text(key) == typed {
			return
		}
		o.setText(key, typed)
	}
	delete(e.said[r], field)
	e.touch(o)
	p.render()
}

// Checked takes the keeper's word on the text as it is now.
func (p *Presenter) Checked(on bool) {
	if e := p.now(); e != nil {
		e.checked, e.alert = on, nil
		p.render()
	}
}

// Drop takes back all changes; called again, it brings them back.
func (p *Presenter) Drop() {
	e := p.now()
	if e == nil {
		return
	}
	if e.dropped != nil {
		if t, err := readText(e.dropped); err == nil {
			e.use(t)
		}
		e.dropped, e.alert = nil, nil
		p.render()
		return
	}
	if !e.changed() {
		return
	}
	old, dirty := e.text.bytes(), e.dirty()
	if t, err := readText([]byte(e.base)); err == nil {
		e.use(t)
	}
	e.checked, e.alert = e.marked, &Alert{kit.Info, "Đã bỏ các thay đổi chưa lưu."}
	if dirty {
		e.dropped = old
		e.alert.Text += " Nhấn “Lấy lại thay đổi” nếu bỏ nhầm."
	}
	p.render()
}

// Try is Ctrl+P: a blank of what is kept.
func (p *Presenter) Try() {
	e := p.now()
	switch {
	case e == nil:
	case e.dirty():
		e.alert = &Alert{kit.Warn, "Bản xem là nội dung đã lưu. Nhấn F9 để lưu trước khi xem."}
		p.render()
	default:
		p.PreviewBlank(e.form)
	}
}

// Save is F9.
func (p *Presenter) Save() {
	e := p.now()
	if e == nil {
		return
	}
	e.tidy()
	if !e.changed() {
		e.alert = &Alert{kit.Info, "Không có thay đổi nào để lưu."}
		p.render()
		return
	}
	if !e.check() {
		p.showWrong(e)
		return
	}
	dirty, data, checked := e.dirty(), e.text.bytes(), e.checked
	p.busy, e.alert, e.dropped = true, nil, nil
	p.render()
	p.Threads.Go(func() {
		var err error
		if dirty {
			err = p.Desk.KeepFormText(context.Background(), e.form, data, checked)
		} else {
			err = p.Desk.MarkChecked(context.Background(), e.form, checked)
		}
		p.Threads.OnUI(func() {
			p.busy = false
			if err != nil {
				p.refused(e, err)
				return
			}
			e.base, e.marked, e.touched = string(data), checked, false
			e.alert = &Alert{kit.Good, "Đã lưu. Hồ sơ tiếp nhận từ bây giờ dùng nội dung này; hồ sơ trước giữ nội dung cũ."}
			if !dirty {
				e.alert.Text = "Đã lưu."
			}
			p.reread(nil)
			p.render()
		})
	})
}

// tidy cleans what was typed, and leaves all else as it is. A blank at the end of a label stays: what is filled in follows it.
func (e *editor) tidy() {
	clean := func(o *object, key string, several bool) {
		if o == nil || !e.edited[o] || !o.has(key) {
			return
		}
		was := o.text(key)
		now := dossier.Clean(was)
		if several {
			now = dossier.CleanMultiline(was)
		}
		if now != "" && strings.HasSuffix(was, " ") {
			now += " "
		}
		o.setText(key, now)
	}
	clean(e.text.doc, "title", false)
	for _, r := range e.text.rows {
		clean(r.doc, "label", r.kind() == "text")
		for _, o := range r.options {
			clean(o, "label", false)
		}
	}
}

// check looks at what the desk would only refuse as a whole.
func (e *editor) check() bool {
	e.title, e.said = "", map[*row]map[string]string{}
	if strings.TrimSpace(e.text.doc.text("title")) == "" {
		e.title = "Nhập tên mẫu."
	}
	for _, r := range e.text.rows {
		if n, err := strconv.Atoi(r.count); r.boxes && (err != nil || n < 1 || n > mostBoxes) {
			e.say(r, "count", fmt.Sprintf("Nhập số ô, từ 1 đến %d.", mostBoxes))
		}
	}
	return e.title == "" && len(e.said) == 0
}

func (e *editor) say(r *row, field, text string) {
	if e.said[r] == nil {
		e.said[r] = map[string]string{}
	}
	if e.said[r][field] == "" {
		e.said[r][field] = text
	}
}

// rowNumber finds the row a problem is said of: rows.3, rows[3].label, row 3.
var rowNumber = regexp.MustCompile(`^rows?\W?(\d+)`)

// refused says each problem at its row; what belongs to none is said above.
func (p *Presenter) refused(e *editor, err error) {
	if p.Trouble != nil && p.Trouble(err, p.Save) {
		p.render()
		return
	}
	e.title, e.said = "", map[*row]map[string]string{}
	var loose []string
	for _, one := range kit.Problems(err) {
		at := -1
		if m := rowNumber.FindStringSubmatch(one.Field); m != nil {
			at, _ = strconv.Atoi(m[1])
		}
		switch {
		case at >= 0 && at < len(e.text.rows):
			e.say(e.text.rows[at], fieldOf(e.text.rows[at], one.Field), kit.Say(one))
		case one.Field == "title" && e.title == "":
			e.title = kit.Say(one)
		default:
			loose = append(loose, kit.Say(one))
		}
	}
	e.alert = nil
	if len(kit.Problems(err)) == 0 {
		loose = []string{kit.SayError(err)}
	}
	if len(loose) > 0 {
		e.alert = &Alert{kit.Bad, strings.Join(loose, "\n")}
	}
	p.showWrong(e)
}

var optionNumber = regexp.MustCompile(`options?\W?(\d+)`)

// fieldOf is where in the row a problem is shown.
func fieldOf(r *row, field string) string {
	if m := optionNumber.FindStringSubmatch(field); m != nil {
		if i, _ := strconv.Atoi(m[1]); i < len(r.options) {
			return "option." + m[1]
		}
	}
	if strings.HasSuffix(field, "count") && r.boxes {
		return "count"
	}
	return "label"
}

// showWrong goes to the first thing that is wrong.
func (p *Presenter) showWrong(e *editor) {
	field := ""
	for i, r := range e.text.rows {
		if said := e.said[r]; len(said) > 0 {
			e.at, field = i, "label"
			if said["label"] == "" {
				field = first(said)
			}
			break
		}
	}
	if e.title != "" {
		field = "title"
	}
	p.render()
	if field != "" {
		p.focus(field)
	}
}

func first(said map[string]string) string {
	out := ""
	for field := range said {
		if out == "" || len(field) < len(out) || len(field) == len(out) && field < out {
			out = field
		}
	}
	return out
}

// Export is Ctrl+E: the text as it is on the screen goes into a file, to be changed with another program.
func (p *Presenter) Export() {
	e := p.now()
	if e == nil {
		return
	}
	data := e.text.bytes()
	p.busy = true
	p.render()
	p.Threads.Go(func() {
		err := writeFile(e.file, data)
		p.Threads.OnUI(func() {
			p.busy = false
			e.alert = &Alert{kit.Good, "Đã xuất nội dung mẫu ra tệp " + e.file + ". Sửa tệp này bằng chương trình khác, lưu lại, rồi nhấn “Nhập từ tệp”."}
			if err != nil {
				e.alert = &Alert{kit.Bad, "Chưa ghi được tệp " + e.file + ". Vui lòng kiểm tra ổ đĩa còn chỗ, thư mục có quyền ghi và tệp không mở trong chương trình khác."}
			}
			p.render()
		})
	})
}

// Import is Ctrl+I: the text in the file takes the place of that on the screen, which can be had back.
func (p *Presenter) Import() {
	e := p.now()
	if e == nil {
		return
	}
	p.busy = true
	p.render()
	p.Threads.Go(func() {
		data, err := readFile(e.file)
		var t *text
		if err == nil {
			t, err = readText(data)
		}
		p.Threads.OnUI(func() {
			p.busy = false
			if words := e.unfit(t, data, err); words != "" {
				e.alert = &Alert{kit.Bad, words}
				p.render()
				return
			}
			old, dirty := e.text.bytes(), e.dirty()
			e.dropped = nil
			e.use(t)
			e.alert = &Alert{kit.Good, "Đã nhập nội dung từ tệp " + e.file + ". Kiểm tra rồi nhấn F9 để lưu."}
			if !e.dirty() {
				e.alert = &Alert{kit.Info, "Nội dung trong tệp " + e.file + " giống nội dung đã lưu."}
			}
			if dirty && string(old) != string(e.text.bytes()) {
				e.dropped = old
			}
			p.render()
			p.focus("rows")
		})
	})
}

// unfit says why a file cannot be used, "" if it can.
func (e *editor) unfit(t *text, data []byte, err error) string {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "Không có tệp " + e.file + ". Nhấn “Xuất ra tệp” để có tệp này, hoặc chép tệp vào đúng chỗ đó với đúng tên đó."
	case errors.As(err, &syntax):
		line := 1 + strings.Count(string(data[:min(int(syntax.Offset), len(data))]), "\n")
		return fmt.Sprintf("Tệp %s viết sai ở dòng %d nên chưa đọc được (thiếu hoặc thừa dấu ngoặc, dấu phẩy, dấu nháy). Vui lòng sửa dòng đó rồi nhập lại.", e.file, line)
	case errors.Is(err, errShape), errors.Is(err, errLarge):
		return "Tệp " + e.file + " không phải nội dung biểu mẫu, hoặc không lưu ở dạng UTF-8. Nhấn “Xuất ra tệp” để có tệp đúng dạng."
	case err != nil:
		return "Chưa đọc được tệp " + e.file + ". Vui lòng kiểm tra quyền đọc tệp rồi thử lại."
	case t.doc.text("form") != e.text.doc.text("form"):
		return "Tệp " + e.file + " là nội dung của mẫu khác (" + t.doc.text("form") + ")."
	}
	return ""
}

func (p *Presenter) editKey(e kit.Event) bool {
	switch {
	case e.Alt && !e.Ctrl && e.Key == "Up":
		p.Move(-1)
	case e.Alt && !e.Ctrl && e.Key == "Down":
		p.Move(+1)
	case e.Alt:
		return false
	case e.Ctrl && e.Key == "Up":
		p.Next(-1)
	case e.Ctrl && e.Key == "Down":
		p.Next(+1)
	case e.Key == "F9" && !e.Ctrl:
		p.Save()
	case e.Key == "Escape":
		p.Close()
	case e.Ctrl && e.Key == "H":
		if now := p.now(); now != nil {
			p.Hide(now.at)
		}
	case e.Ctrl && e.Key == "P":
		p.Try()
	case e.Ctrl && e.Key == "E":
		p.Export()
	case e.Ctrl && e.Key == "I":
		p.Import()
	default:
		return false
	}
	return true
}

var editKeys = []kit.Hint{{Key: "Mũi tên, hoặc Ctrl+mũi tên", Does: "Dòng trước, dòng sau"}, {Key: "Enter", Does: "Sửa chữ của dòng đang chọn; Enter lần nữa: dòng tiếp theo"},
	{Key: "Dấu cách, hoặc Ctrl+H", Does: "Bỏ dòng khỏi mẫu in, lấy lại dòng đã bỏ"}, {Key: "Alt+mũi tên lên, xuống", Does: "Đưa dòng lên trên, xuống dưới"},
	{Key: "F9", Does: "Lưu nội dung"}, {Key: "Ctrl+P", Does: "Xem mẫu trắng theo nội dung đã lưu"}, {Key: "Ctrl+E", Does: "Xuất nội dung ra tệp để sửa bằng chương trình khác"},
	{Key: "Ctrl+I", Does: "Nhập nội dung từ tệp đó"}, {Key: "Esc", Does: "Về danh sách; chữ đã gõ vẫn giữ"}}

func (e *editor) state(f FormLine) *Edit {
	name := f.Code
	if name == "" {
		name = f.Title
	}
	s := &Edit{Form: e.form, Name: name, Title: e.text.doc.text("title"), Said: map[string]kit.Said{}, At: e.at, Checked: e.checked, Changed: e.changed(),
		Dropped: e.dropped != nil, Alert: e.alert, File: e.file}
	for _, r := range e.text.rows {
		s.Rows = append(s.Rows, Row{kindWords(r.kind()), r.summary(), !r.hidden(), len(e.said[r]) > 0})
	}
	if e.title != "" {
		s.Said["title"] = kit.Said{Text: e.title}
	}
	if r := e.row(); r != nil {
		for field, words := range e.said[r] {
			s.Said[field] = kit.Said{Text: words}
		}
		s.Detail = Detail{Kind: kindWords(r.kind()), HasLabel: r.doc.has("label") || slices.Contains(labelled, r.kind()), Breaks: r.kind() == "text",
			Label: r.doc.text("label"), HasCount: r.boxes, Count: r.count, For: forWhom(r),
			Option: cmp.Or(optionWords[r.kind()], "Ô đánh dấu")}
		for _, o := range r.options {
			s.Detail.Options = append(s.Detail.Options, o.text("label"))
		}
	}
	return s
}
