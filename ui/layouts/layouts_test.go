package layouts

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// sample is a made-up form with things no editor knows of.
const sample = `{"form":"tk03","title":"Phiếu đề nghị khóa, mở khóa","law":{"no":1.50,"<&>":["x",null]},"rows":[
{"kind":"line","label":"Kính gửi: ","value":"to","later":[1,2]},
{"kind":"heading","label":"I. Người đề nghị"},
{"kind":"boxes","label":"Số định danh cá nhân","value":"subject.number","count":12},
{"kind":"choice","label":"Nội dung đề nghị","options":[{"label":"Khóa","value":"act.lock"},{"label":"Mở khóa","value":"act.unlock","x":true}]},
{"kind":"text","label":"Tôi cam đoan những nội dung khai trên là đúng sự thật và hoàn toàn chịu trách nhiệm trước pháp luật về nội dung đã khai."},
{"kind":"signatures","left":"Người đề nghị"},
{"kind":"strange","wide":1e2}]}`

// paper is the tests' paper with a text of its own.
type paper struct {
	*uitest.Paper
	text string
	seen []string
}

func (p *paper) Text(string) ([]byte, error) { return []byte(p.text), nil }

func (p *paper) CheckText(form string, text []byte) error {
	p.seen = append(p.seen, string(text))
	return p.Paper.CheckText(form, text)
}

type room struct {
	t       *testing.T
	store   *uitest.Store
	paper   *paper
	threads *uitest.Threads
	desk    *desk.Desk
	folder  string
	p       *Presenter
	s       *Screen
	w       fyne.Window
	looked  []string
	trouble string
}

func open(t *testing.T) *room { return openAt(t, fyne.NewSize(1024, 540), 1) }

func openAt(t *testing.T, size fyne.Size, scale float32) *room {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(scale))
	set := uitest.Station()
	r := &room{t: t, store: uitest.NewStore(&set), threads: &uitest.Threads{}, folder: t.TempDir()}
	r.paper = &paper{Paper: &uitest.Paper{}, text: sample}
	var err error
	if r.desk, err = uitest.NewDesk(r.store, &uitest.Line{Store: r.store, Is: true}, r.paper.Paper, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	r.desk.Paper = r.paper
	r.p = New(World{Desk: r.desk, Threads: r.threads.Kit(), PreviewBlank: func(form string) { r.looked = append(r.looked, form) },
		Trouble: func(err error, _ func()) bool { return r.trouble != "" && dossier.Code(err) == r.trouble },
		Folder:  func() string { return r.folder }})
	r.s = NewScreen(r.p)
	r.w = test.NewTempWindow(t, r.s.Content())
	r.w.SetPadded(false)
	r.w.Resize(size)
	r.p.Refresh()
	r.threads.Run()
	return r
}

func (r *room) combo(e kit.Event) {
	e.Down = true
	if !r.p.Key(e) && !e.Ctrl && !e.Alt {
		c := r.w.Canvas()
		switch {
		case e.Key == fyne.KeyTab:
			c.FocusNext()
		case c.Focused() != nil:
			c.Focused().TypedKey(&fyne.KeyEvent{Name: e.Key})
		}
	}
	r.threads.Run()
}

func (r *room) press(keys ...fyne.KeyName) {
	for _, k := range keys {
		r.combo(kit.Event{Key: k})
	}
}

func (r *room) ctrl(k fyne.KeyName) { r.combo(kit.Event{Key: k, Ctrl: true}) }

func (r *room) alt(k fyne.KeyName) { r.combo(kit.Event{Key: k, Alt: true}) }

func (r *room) write(text string) { test.Type(r.w.Canvas().Focused(), text) }

// at goes to a form in the list.
func (r *room) at(form string) FormLine {
	r.t.Helper()
	i := slices.IndexFunc(r.s.was.Forms, func(f FormLine) bool { return f.Key == form })
	if i < 0 {
		r.t.Fatalf("no form %s in %+v", form, r.s.was.Forms)
	}
	r.p.Select(i)
	return r.s.was.Forms[i]
}

// edit opens the editor of a form.
func (r *room) edit(form string) *Edit {
	r.t.Helper()
	r.at(form)
	r.press("F4")
	if r.s.was.Edit == nil {
		r.t.Fatalf("no editor: %+v", r.s.was.Alert)
	}
	return r.s.was.Edit
}

func (r *room) rows() string {
	var out []string
	for _, row := range r.s.was.Edit.Rows {
		mark := "+"
		if !row.On {
			mark = "-"
		}
		words := []rune(row.Text)
		out = append(out, mark+row.Kind+":"+string(words[:min(8, len(words))]))
	}
	return strings.Join(out, " ")
}

// kept is the text the desk gives out now.
func (r *room) kept() map[string]any {
	r.t.Helper()
	data, err := r.desk.FormText(r.t.Context(), "tk03")
	if err != nil {
		r.t.Fatal(err)
	}
	return decode(r.t, data)
}

func decode(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return out
}

func (r *room) keptRow(i int) map[string]any { return r.kept()["rows"].([]any)[i].(map[string]any) }

func TestListSaysWhatWasCompared(t *testing.T) {
	r := open(t)
	s := r.s.was
	if len(s.Forms) != len(uitest.Infos) || !s.Read {
		t.Fatalf("%+v", s)
	}
	if words, _ := standing(r.at("receipt")); words != "Theo mẫu đang dùng" { // nobody has said that he compared it
		t.Error(words)
	}
	r.ctrl("K")
	r.press("F9")
	if words, _ := standing(r.at("receipt")); words != "Đã đối chiếu" {
		t.Error(words)
	}
	if words, _ := standing(r.at("intake-register")); words != "Chưa đối chiếu" {
		t.Error(words)
	}
}

func TestWordOnAFormIsAskedForAndCanBeTakenBack(t *testing.T) {
	r := open(t)
	r.at("tk01")
	r.ctrl("K")
	if c := r.s.was.Confirm; c == nil || !strings.Contains(c.Name, "Mẫu TK01") || !strings.Contains(c.Text, "“chưa đối chiếu”") {
		t.Fatalf("%+v", c)
	}
	if r.w.Canvas().Focused() != fyne.Focusable(r.s.no) {
		t.Error("Enter would confirm")
	}
	r.press("Escape")
	if r.s.was.Confirm != nil || !r.at("tk01").Unseen {
		t.Error("Esc gave the word")
	}
	r.ctrl("K")
	r.press("F9")
	if r.s.was.Confirm != nil || r.at("tk01").Unseen || !r.at("intake-register").Unseen {
		t.Errorf("%+v", r.s.was)
	}
	r.at("tk01")
	r.ctrl("K")
	if c := r.s.was.Confirm; c.Title != "Bỏ đánh dấu đã đối chiếu" {
		t.Errorf("%+v", c)
	}
	r.press("F9")
	if !r.at("tk01").Unseen {
		t.Error("the word cannot be taken back")
	}
	r.at("receipt") // built after those in use: there is no word to take back
	r.ctrl("K")
	if c := r.s.was.Confirm; c.Say != "Đã đối chiếu" || strings.Contains(c.Text, "dấu mờ") {
		t.Errorf("%+v", c)
	}
	r.press("F9")
	if f := r.at("receipt"); !f.Checked {
		t.Errorf("%+v", f)
	}
	r.ctrl("K")
	r.press("F9")
	if f := r.at("receipt"); f.Checked || f.Unseen || r.s.was.Alert != nil && strings.Contains(r.s.was.Alert.Text, "lại in dấu mờ") {
		t.Errorf("%+v, %+v", f, r.s.was.Alert)
	}
}

func TestAnotherFormTakesNobodysWord(t *testing.T) {
	r := open(t)
	r.at("tk01")
	r.ctrl("K")
	r.at("tk03")
	if r.s.was.Confirm != nil {
		t.Error("the question stands though another form is chosen")
	}
	r.press("F9")
	if !r.at("tk01").Unseen || !r.at("tk03").Unseen {
		t.Error("a word was kept that nobody gave")
	}
}

func TestBlankIsShownOnlyWhereThereIsOne(t *testing.T) {
	r := open(t)
	r.at("tk03")
	r.ctrl("P")
	r.at("receipt")
	r.ctrl("P")
	if !slices.Equal(r.looked, []string{"tk03"}) || r.s.was.Alert == nil {
		t.Errorf("%v, %+v", r.looked, r.s.was.Alert)
	}
	r.press("F4")
	if r.s.was.Edit != nil || r.s.was.Alert == nil {
		t.Error("a form without data is edited")
	}
}

func TestUnknownThingsSurviveAndTheUntouchedIsNotKept(t *testing.T) {
	r := open(t)
	r.edit("tk03")
	r.press("F9")
	if a := r.s.was.Edit.Alert; a == nil || a.Tone != kit.Info || len(r.paper.seen) != 0 {
		t.Errorf("%+v, %d", a, len(r.paper.seen))
	}
	r.p.Text("title", "Phiếu mẫu <thử> & sửa")
	r.press("F9")
	if len(r.paper.seen) != 1 {
		t.Fatalf("%+v", r.s.was.Edit.Alert)
	}
	want := decode(t, []byte(sample))
	want["title"] = "Phiếu mẫu <thử> & sửa"
	got, _ := json.Marshal(decode(t, []byte(r.paper.seen[0])))
	if all, _ := json.Marshal(want); !bytes.Equal(got, all) {
		t.Errorf("%s\nwant\n%s", got, all)
	}
	for _, exact := range []string{`"no": 1.50`, `"wide": 1e2`, "<thử> & sửa", `"<&>"`} {
		if !strings.Contains(r.paper.seen[0], exact) {
			t.Errorf("%s is written otherwise in %s", exact, r.paper.seen[0])
		}
	}
	if at := strings.Index(r.paper.seen[0], `"law"`); at < 0 || at > strings.Index(r.paper.seen[0], `"rows"`) {
		t.Error("the order of keys changed")
	}
}

func TestRowsAreWrittenMovedTakenOffAndBroughtBack(t *testing.T) {
	r := open(t)
	e := r.edit("tk03")
	if r.rows() != "+Dòng điền:Kính gửi +Đề mục:I. Người +Ô chữ số:Số định  +Ô đánh dấu:Nội dung +Đoạn văn:Tôi cam  +Chữ ký: +strange:" || e.Checked || e.Changed {
		t.Fatalf("%s %+v", r.rows(), e)
	}
	if r.w.Canvas().Focused() != fyne.Focusable(r.s.edit.table) {
		t.Fatalf("focus at %T", r.w.Canvas().Focused())
	}
	r.press("Down", "Return")
	r.write("A")
	r.press("Return") // to the next row, still in the label
	r.write("B")
	r.ctrl("Up")
	if e := r.s.was.Edit; e.Rows[1].Text != "AI. Người đề nghị" || e.Rows[2].Text != "BSố định danh cá nhân" || e.At != 1 {
		t.Errorf("%+v", e.Rows)
	}
	r.ctrl("Down")
	r.p.Text("count", "9")
	r.alt("Down")
	r.p.Row(2)
	if d := r.s.was.Edit.Detail; len(d.Options) != 2 || d.Options[1] != "Mở khóa" {
		t.Fatalf("%+v", d)
	}
	r.p.Text("option.1", "Mở  khóa lại ")
	r.p.Row(4)
	r.press("Escape", "F4")
	r.ctrl("H")
	r.w.Canvas().Focus(r.s.edit.table)
	r.press("Up", "Space", "Space")
	if got := r.rows(); got != "+Dòng điền:Kính gửi +Đề mục:AI. Ngườ +Ô đánh dấu:Nội dung +Ô chữ số:BSố định -Đoạn văn:Tôi cam  +Chữ ký: +strange:" {
		t.Error(got)
	}
	r.press("F9")
	if e := r.s.was.Edit; e.Changed || e.Alert.Tone != kit.Good {
		t.Fatalf("%+v", e.Alert)
	}
	if row := r.keptRow(3); row["count"] != 9.0 || row["label"] != "BSố định danh cá nhân" || row["value"] != "subject.number" {
		t.Error(row)
	}
	if o := r.keptRow(2)["options"].([]any)[1].(map[string]any); o["label"] != "Mở khóa lại " || o["x"] != true {
		t.Error(o)
	}
	if row := r.keptRow(4); row["hidden"] != true {
		t.Error(row)
	}
	if row := r.keptRow(0); row["label"] != "Kính gửi: " {
		t.Errorf("the blank that stands before what is filled in is gone: %q", row["label"])
	}
	r.p.Hide(4)
	r.press("F9")
	if _, there := r.keptRow(4)["hidden"]; there {
		t.Error("a row cannot be brought back")
	}
}

func TestEscLosesNothingTyped(t *testing.T) {
	r := open(t)
	r.edit("tk03")
	r.p.Text("label", "Kính gửi Trưởng Công an: ")
	r.press("Escape")
	if r.s.was.Edit != nil || !r.at("tk03").Editing || !slices.Equal(r.p.Editing(), []string{"Mẫu TK03"}) {
		t.Fatalf("%+v", r.s.was)
	}
	r.edit("tk01")
	if e := r.s.was.Edit; e.Changed || e.Rows[0].Text != "Kính gửi:" {
		t.Errorf("%+v", e)
	}
	r.press("Escape")
	if r.at("tk01").Editing {
		t.Error("looking is called editing")
	}
	r.p.Refresh()
	r.threads.Run()
	if e := r.edit("tk03"); e.Rows[0].Text != "Kính gửi Trưởng Công an:" || !e.Changed || e.Alert == nil {
		t.Errorf("%+v", e)
	}
}

func TestDroppedChangesCanBeHadBack(t *testing.T) {
	r := open(t)
	r.edit("tk03")
	r.p.Text("label", "Kính gửi Trưởng Công an: ")
	r.p.Drop()
	if e := r.s.was.Edit; e.Changed || !e.Dropped || e.Rows[0].Text != "Kính gửi:" {
		t.Fatalf("%+v", e)
	}
	r.p.Drop()
	if e := r.s.was.Edit; !e.Changed || e.Dropped || e.Rows[0].Text != "Kính gửi Trưởng Công an:" {
		t.Fatalf("%+v", e)
	}
	r.p.Drop()
	r.p.Text("label", "Khác")
	if e := r.s.was.Edit; e.Dropped {
		t.Error("new letters would be overwritten by the old")
	}
}

func TestChangedTextMustBeComparedAnew(t *testing.T) {
	r := open(t)
	r.at("tk03")
	r.ctrl("K")
	r.press("F9")
	if e := r.edit("tk03"); !e.Checked {
		t.Fatal("the box does not say what is kept")
	}
	r.p.Text("label", "Nơi nhận: ")
	if r.s.was.Edit.Checked {
		t.Error("a text nobody has compared is called compared")
	}
	r.press("F9", "Escape")
	if !r.at("tk03").Unseen {
		t.Error("it is kept as compared")
	}
	r.edit("tk03")
	r.p.Checked(true)
	r.press("F9")
	if len(r.paper.seen) != 1 {
		t.Error("the word alone kept the text again")
	}
	r.press("Escape")
	if r.at("tk03").Unseen {
		t.Error("the word is not kept")
	}
}

func TestProblemsStandAtTheirRow(t *testing.T) {
	r := open(t)
	r.edit("tk03")
	r.p.Text("label", "x")
	r.paper.Bad = append(append(dossier.Invalid("rows[3].options[1].label", "text.too-long", "max", "5", "have", "7"), dossier.Invalid("rows.2", "form.too-long", "number", "1")...),
		dossier.Invalid("", "form.unknown", "form", "tk03")...)
	r.press("F9")
	e := r.s.was.Edit
	if e.At != 2 || !e.Rows[2].Wrong || !e.Rows[3].Wrong || e.Rows[0].Wrong || e.Said["label"].Text == "" || e.Alert == nil || !e.Changed {
		t.Fatalf("%+v", e)
	}
	if r.w.Canvas().Focused() != fyne.Focusable(r.s.edit.label) {
		t.Errorf("focus at %T", r.w.Canvas().Focused())
	}
	r.p.Row(3)
	if e := r.s.was.Edit; e.Said["option.1"].Text == "" || e.Said["label"].Text != "" {
		t.Errorf("%+v", e.Said)
	}
	r.p.Text("option.1", "Mở")
	if e := r.s.was.Edit; e.Rows[3].Wrong || !e.Rows[2].Wrong {
		t.Error("what was mended is still called wrong, or what was not is not")
	}
	r.alt("Up") // said of the row, not of its place
	if e := r.s.was.Edit; !e.Rows[3].Wrong || e.Rows[2].Wrong {
		t.Error("the word did not move with its row")
	}
	r.paper.Bad = dossier.Invalid("title", "text.too-long", "max", "5", "have", "7")
	r.press("F9")
	if e := r.s.was.Edit; e.Said["title"].Text == "" || e.Alert != nil {
		t.Errorf("%+v", e)
	}
	r.paper.Bad = dossier.Invalid("rows[99]", "text.too-long", "max", "5", "have", "7")
	r.press("F9")
	if e := r.s.was.Edit; e.Alert == nil || e.Alert.Tone != kit.Bad {
		t.Errorf("%+v", e)
	}
	r.paper.Bad = nil
	r.press("F9")
	if e := r.s.was.Edit; e.Changed || e.Alert.Tone != kit.Good || e.Rows[2].Wrong {
		t.Errorf("%+v", e)
	}
}

func TestCountAndTitleMustBe(t *testing.T) {
	r := open(t)
	r.edit("tk03")
	r.p.Row(2)
	for _, bad := range []string{"", "0", "000", "201", "99999999999999999999"} {
		r.p.Text("count", bad)
		r.p.Row(0)
		r.press("F9")
		if e := r.s.was.Edit; e.At != 2 || e.Said["count"].Text == "" || e.Detail.Count != bad || len(r.paper.seen) != 0 {
			t.Errorf("%q: %+v", bad, e)
		}
	}
	r.p.Text("count", "9")
	r.p.Text("title", "  ")
	r.press("F9")
	if e := r.s.was.Edit; e.Said["title"].Text == "" || len(r.paper.seen) != 0 {
		t.Errorf("%+v", e)
	}
}

func TestTextGoesOutToAFileAndComesBack(t *testing.T) {
	r := open(t)
	r.edit("tk03")
	path := filepath.Join(r.folder, "mau-tk03.json")
	r.ctrl("I")
	if a := r.s.was.Edit.Alert; a == nil || a.Tone != kit.Bad || !strings.Contains(a.Text, path) {
		t.Errorf("%+v", a)
	}
	r.p.Text("label", "Nơi nhận: ")
	r.ctrl("E")
	if a := r.s.was.Edit.Alert; a == nil || a.Tone != kit.Good || !strings.Contains(a.Text, path) {
		t.Fatalf("%+v", a)
	}
	data, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(data), "Nơi nhận: ") {
		t.Fatalf("%v in %s", err, data)
	}
	left, _ := os.ReadDir(r.folder)
	if len(left) != 1 {
		t.Errorf("%v", left)
	}
	data = []byte("\ufeff" + strings.Replace(string(data), "Khóa", "Tạm khóa", 1)) // as a plain editor keeps it
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	r.p.Text("label", "Đang gõ: ")
	r.ctrl("I")
	if e := r.s.was.Edit; !strings.Contains(e.Rows[3].Text, "Tạm khóa") || e.Rows[0].Text != "Nơi nhận:" || !e.Dropped || !e.Changed || e.Checked {
		t.Fatalf("%+v", e)
	}
	r.p.Drop()
	if e := r.s.was.Edit; e.Rows[0].Text != "Đang gõ:" {
		t.Errorf("what was typed before is lost: %+v", e.Rows)
	}
	r.ctrl("I")
	r.press("F9")
	if got := r.keptRow(0)["label"]; got != "Nơi nhận: " {
		t.Error(got)
	}
}

func TestFilesThatAreNoTextChangeNothing(t *testing.T) {
	r := open(t)
	r.edit("tk03")
	path := filepath.Join(r.folder, "mau-tk03.json")
	for name, one := range map[string]struct{ data, want string }{
		"empty":          {"", "dòng 1"},
		"comma":          {"{\n\"title\":\"x\",\n\"rows\":[}\n", "dòng 3"},
		"cut":            {sample[:100], "viết sai"},
		"no object":      {"[1]", "không phải nội dung"},
		"null":           {"null", "không phải nội dung"},
		"no rows":        {`{"form":"tk03","title":"x"}`, "không phải nội dung"},
		"rows of text":   {`{"form":"tk03","rows":["x"]}`, "không phải nội dung"},
		"a row of none":  {`{"form":"tk03","rows":[null]}`, "không phải nội dung"},
		"another form":   {`{"form":"tk01","rows":[]}`, "tk01"},
		"another coding": {"{\"form\":\"tk03\",\"title\":\"\xff\xfe\",\"rows\":[]}", "UTF-8"},
		"far too large":  {`{"form":"tk03","rows":[],"x":"` + strings.Repeat("x", mostFile) + `"}`, "không phải nội dung"},
		"very deep":      {strings.Repeat("[", 100000), "viết sai"},
	} {
		if err := os.WriteFile(path, []byte(one.data), 0o600); err != nil {
			t.Fatal(err)
		}
		r.ctrl("I")
		if e := r.s.was.Edit; e.Changed || e.Alert == nil || e.Alert.Tone != kit.Bad || !strings.Contains(e.Alert.Text, one.want) {
			t.Errorf("%s: %+v", name, e.Alert)
		}
	}
	if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
		t.Fatal(err)
	}
	for _, key := range []fyne.KeyName{"I", "E"} {
		r.ctrl(key)
		if a := r.s.was.Edit.Alert; a == nil || a.Tone != kit.Bad {
			t.Errorf("Ctrl+%s with a folder in its place: %+v", key, a)
		}
	}
}

func TestEmptyAndOddTextsAreShown(t *testing.T) {
	for _, text := range []string{`{"rows":[]}`, `{"title":7,"rows":[{}]}`, `{"rows":[{"kind":1,"label":null,"count":"12","options":7,"hidden":"x"}]}`,
		`{"rows":[{"kind":"choice","options":[null]},{"kind":"boxes","count":1.5}]}`, `{"rows":[{"kind":"line","label":"a","label":"b"}]}`} {
		r := open(t)
		r.paper.text = text
		e := r.edit("tk03")
		if e.Changed {
			t.Errorf("%s is called changed", text)
		}
		for i := range e.Rows {
			r.p.Row(i)
			r.p.Hide(i)
			r.p.Move(1)
		}
		r.p.Text("title", "x")
		r.p.Text("label", "y")
		r.p.Text("count", "3")
		r.p.Text("option.5", "z")
		r.press("F9")
		for _, kept := range r.paper.seen {
			decode(t, []byte(kept))
			if strings.Contains(text, `"12"`) && !strings.Contains(kept, `"12"`) {
				t.Errorf("%s became %s", text, kept)
			}
		}
	}
}

func TestTextKeptElsewhereMeanwhileIsSaid(t *testing.T) {
	r := open(t)
	r.edit("tk03")
	r.p.Text("label", "Của tôi: ")
	r.press("Escape")
	other := strings.Replace(sample, "Kính gửi", "Của người khác", 1)
	if err := r.desk.KeepFormText(t.Context(), "tk03", []byte(other), false); err != nil {
		t.Fatal(err)
	}
	if e := r.edit("tk03"); e.Alert == nil || e.Alert.Tone != kit.Warn || e.Rows[0].Text != "Của tôi:" {
		t.Errorf("%+v", e)
	}
	r.p.Drop()
	if e := r.s.was.Edit; e.Rows[0].Text != "Của người khác:" {
		t.Errorf("%+v", e.Rows)
	}
}

func TestPreviewShowsOnlyWhatIsKept(t *testing.T) {
	r := open(t)
	r.edit("tk03")
	r.ctrl("P")
	r.p.Text("label", "x")
	r.ctrl("P")
	if !slices.Equal(r.looked, []string{"tk03"}) || r.s.was.Edit.Alert == nil {
		t.Error(r.looked)
	}
}

func TestFaultsAreSaidAndNothingTypedIsLost(t *testing.T) {
	r := open(t)
	r.edit("tk03")
	r.p.Text("label", "x")
	r.store.Before = func(string) error { return uitest.ErrDisk }
	r.press("F9")
	if e := r.s.was.Edit; e.Alert == nil || e.Alert.Tone != kit.Bad || !e.Changed || e.Detail.Label != "x" {
		t.Errorf("%+v", e)
	}
	r.press("Escape")
	r.ctrl("K")
	r.press("F9")
	if s := r.s.was; s.Alert == nil || s.Alert.Tone != kit.Bad || s.Confirm == nil || s.Busy {
		t.Errorf("%+v", s)
	}
	r.press("Escape")
	r.at("tk01")
	r.press("F4")
	if s := r.s.was; s.Edit != nil || s.Alert == nil {
		t.Errorf("%+v", s)
	}
	r.trouble = "settings.missing"
	r.store.Before = func(string) error { return dossier.Invalid("", "settings.missing") }
	r.at("tk03")
	r.p.Refresh()
	r.threads.Run()
	if s := r.s.was; s.Alert != nil {
		t.Error("what the window says is said here again")
	}
}

func TestWhileItIsKeptNothingElseHappens(t *testing.T) {
	r := open(t)
	r.edit("tk03")
	r.p.Text("label", "x")
	r.p.Key(kit.Event{Key: "F9", Down: true})
	r.p.Text("label", "xy")
	r.p.Move(1)
	r.p.Drop()
	r.p.Key(kit.Event{Key: "Escape", Down: true})
	r.p.Key(kit.Event{Key: "F9", Down: true})
	if s := r.s.was; !s.Busy || s.Edit == nil {
		t.Errorf("%+v", s)
	}
	r.threads.Run()
	if got := r.keptRow(0)["label"]; got != "x" || len(r.paper.seen) != 1 || r.s.was.Edit.Changed {
		t.Errorf("%v, kept %d times", got, len(r.paper.seen))
	}
}

func TestNothingIsDoneBeforeTheFormsAreRead(t *testing.T) {
	r := open(t)
	p := New(r.p.World)
	s := NewScreen(p)
	p.Edit()
	p.Mark()
	p.Confirm()
	p.Blank()
	p.Save()
	p.Hide(0)
	p.Text("label", "x")
	r.threads.Run()
	if s.was.Read || s.was.Edit != nil || s.was.Busy || len(r.looked) != 0 {
		t.Errorf("%+v", s.was)
	}
}

func TestEverythingIsReachedByTab(t *testing.T) {
	r := open(t)
	reach := func(want ...fyne.Focusable) {
		t.Helper()
		seen := map[fyne.Focusable]bool{}
		for range 40 {
			seen[r.w.Canvas().Focused()] = true
			r.press(fyne.KeyTab)
		}
		for i, f := range want {
			if !seen[f] {
				t.Errorf("%d: %T is not reached", i, f)
			}
		}
	}
	r.at("tk03")
	reach(r.s.table, r.s.work, r.s.blank, r.s.mark)
	r.ctrl("K")
	reach(r.s.yes, r.s.no)
	r.press("Escape")
	r.edit("tk03")
	r.p.Text("label", "x")
	e := r.s.edit
	reach(e.table, e.label, e.check, e.save, e.try, e.drop, e.out, e.in, e.hide, e.down)
}

func TestScreenFitsTheSmallestWindow(t *testing.T) {
	r := open(t)
	fits := func() {
		t.Helper()
		if m := r.s.Content().MinSize(); m.Width > 1000 || m.Height > 500 { // 600 less the head of the window and the status line
			t.Errorf("wants %v", m)
		}
	}
	fits()
	r.at("tk03")
	r.ctrl("K")
	fits()
	r.press("Escape")
	r.edit("tk03")
	r.p.Text("label", "x")
	r.ctrl("I")
	fits()
}

func TestPictures(t *testing.T) {
	type look struct {
		size  fyne.Size
		scale float32
	}
	sizes := map[string]look{"1024": {fyne.NewSize(1024, 532), 1}}
	if os.Getenv("TIEPNHAN_SHOTS") != "" {
		sizes["1280"], sizes["200"] = look{fyne.NewSize(1280, 732), 1}, look{fyne.NewSize(1280, 700), 2}
	}
	for name, one := range sizes {
		r := openAt(t, one.size, one.scale)
		shoot := func(what string) {
			if err := uitest.Shoot("layouts-"+what+"-"+name, r.w.Canvas().Capture()); err != nil {
				t.Fatal(err)
			}
		}
		shoot("1-list")
		r.at("tk03")
		shoot("2-data")
		r.ctrl("K")
		shoot("3-confirm")
		r.press("F9")
		shoot("4-confirmed")
		r.edit("tk03")
		r.press("Down", "Down", "Down")
		shoot("5-edit")
		r.press("Down", "Return")
		r.write("Tôi ")
		r.p.Hide(5)
		r.p.Row(2)
		r.p.Text("count", "0")
		r.press("F9")
		shoot("6-wrong")
		r.p.Text("count", "9")
		r.ctrl("E")
		shoot("7-exported")
		r.press("F9")
		shoot("8-saved")
	}
}

// TestRowsOfTheShippedFormsAreNamedInWords opens every form's text as the program comes with it.
func TestRowsOfTheShippedFormsAreNamedInWords(t *testing.T) {
	files, err := filepath.Glob("../../assets/forms/layouts/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v %v", files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		shipped, err := readText(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range shipped.rows {
			if kinds[row.kind()] == "" || strings.Contains(forWhom(row), "citizen") {
				t.Errorf("%s: the keeper reads %q, for %q", file, kindWords(row.kind()), forWhom(row))
			}
		}
	}
}
