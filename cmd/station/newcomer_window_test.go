//go:build e2e

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"image"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
)

// The pace of somebody who has never seen the program, to the slow side everywhere. It is a model, not a person: the keystroke-level model
// (Card, Moran, Newell: The keystroke-level model for user performance time with interactive systems, CACM 23, 1980, 396–410) with its times
// for one who types random letters, for one who types codes, and for the thought before a key that means something; and 200 words a minute
// over every word that is shown (Brysbaert, J. Mem. Lang. 109, 2019, finds 238), each Vietnamese syllable a word.
const (
	perLetter  = 500 * time.Millisecond
	perKey     = 750 * time.Millisecond // each key of a chord
	perThought = 1350 * time.Millisecond
	perWord    = time.Minute / 200
)

// newcomer presses what the screen says, and is timed as the model says.
type newcomer struct {
	*display
	words, letters, keys, chords int
	waited                       time.Duration // for the program
}

func (n *newcomer) reads(said ...string) {
	for _, s := range said {
		n.words += len(strings.Fields(s))
	}
}

// press thinks and presses keys as the screen writes them: "Ctrl+3", "F9", "Enter".
func (n *newcomer) press(key string) {
	n.t.Helper()
	var names []string
	for _, k := range strings.Split(key, "+") {
		switch {
		case k == "Ctrl":
			k = "Control"
		case k == "Enter":
			k = "Return"
		case len(k) == 1:
			k = strings.ToLower(k)
		}
		names = append(names, k)
	}
	n.key(names...)
	n.chords++
	n.keys += len(names)
}

func (n *newcomer) types(text string) {
	n.write(text)
	n.letters += len([]rune(text))
}

// waits is until, on the program's account.
func (n *newcomer) waits(what string, holds func() bool) {
	n.t.Helper()
	begun := time.Now()
	n.until(what, holds)
	n.waited += time.Since(begun)
}

// takes is how long all that takes by the model, without the program's own part.
func (n *newcomer) takes() time.Duration {
	return time.Duration(n.words)*perWord + time.Duration(n.letters)*perLetter + time.Duration(n.keys)*perKey + time.Duration(n.chords)*perThought
}

func (n *newcomer) row(what string) string {
	return fmt.Sprintf("| %s | %d | %d | %d | %.0f s | %.1f s |\n", what, n.words, n.chords, n.letters, n.takes().Seconds(), n.waited.Seconds())
}

// guideStrip is where the guide's bar stands in the practice window: it looks different at each step.
var guideStrip = image.Rect(0, 66, screenWidth, 112)

func (n *newcomer) bar() []byte {
	img := n.picture()
	var b []byte
	for y := guideStrip.Min.Y; y < guideStrip.Max.Y; y++ {
		b = append(b, img.Pix[img.PixOffset(0, y):img.PixOffset(screenWidth, y)]...)
	}
	return b
}

var keysSaid = regexp.MustCompile(`Ctrl\+[A-Z0-9]|F[0-9]+|Enter`)

var inCode = regexp.MustCompile(`^[a-z0-9.]*$`) // names of fields, which nobody reads

// wordsIn are the sentences in a declaration of the program's source: what that part of the screen says.
func wordsIn(t *testing.T, file, decl string) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", "ui", file), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	collect := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				if !inCode.MatchString(text) {
					out = append(out, text)
				}
			}
			return true
		})
	}
	for _, d := range tree.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name == decl {
				collect(d)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && v.Names[0].Name == decl {
					collect(v)
				}
			}
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s in %s says nothing", decl, file)
	}
	return out
}

// keyBeside is the key of the button with those words.
func keyBeside(t *testing.T, all []string, words string) string {
	t.Helper()
	for i, s := range all {
		if s == words && i+1 < len(all) && keysSaid.FindString(all[i+1]) == all[i+1] {
			return all[i+1]
		}
	}
	t.Fatalf("no key beside %q in %q", words, all)
	return ""
}

// TestWindowNewcomerReceivesTheFirstDossierInTwoMinutes sets up an empty folder by keys alone, opens the practice window the way the screen
// offers it, and does what the guide's bar says and nothing else, to the receipt and to the end.
func TestWindowNewcomerReceivesTheFirstDossierInTwoMinutes(t *testing.T) {
	s := &station{t: t, data: filepath.Join(t.TempDir(), "tram"), home: t.TempDir()}
	d := newDisplay(t)
	t.Cleanup(s.close)
	shot := shots(t, d)
	s.open(d)
	d.settled()

	n := &newcomer{display: d}
	begun := time.Now()
	s.setPassword(d, shot)
	n.waited = time.Since(begun)
	for _, of := range []string{"lead", "questions"} {
		n.reads(wordsIn(t, "gate/words.go", of)...)
	}
	n.letters, n.chords, n.keys = 2*len(chiefPassword)+6, 5, 6 // the password twice and one group; Tab, F9, Ctrl+S, F9, F9
	table := n.row("mật khẩu đầu tiên, phiếu khôi phục")

	n = &newcomer{display: d}
	n.reads(wordsIn(t, "setup/view.go", "draw")...)
	n.reads(wordsIn(t, "setup/presenter.go", "questions")...)
	for _, field := range []string{"mau", "xa thu", "thu", "0900", "mau", "tinh", "", "le thu"} {
		if field == "" {
			n.settled() // two Tabs at once are one held down
		}
		n.types(field)
		n.press("Tab")
	}
	shot("60-newcomer-setup")
	n.press("F9")
	if n.takes() > 2*time.Minute {
		t.Errorf("by the model the first set-up takes %v", n.takes())
	}
	n.waits("the station is set up", func() bool { return s.officer() == "le thu" })
	shot("61-newcomer-welcome")
	table += n.row("thiết lập lần đầu, từ thư mục trống")

	n = &newcomer{display: d}
	welcome, buttons, steps := wordsIn(t, "shell/practice.go", "makeWelcome"), wordsIn(t, "shell/guide_bar.go", "newGuideBar"), wordsIn(t, "shell/guide.go", "stepWords")
	n.reads(welcome...)
	n.press(keyBeside(t, welcome, "Bắt đầu: tập thử một hồ sơ mẫu"))
	n.waits("the practice window is there", func() bool { return d.focusTop() == 2 })
	practice := &station{t: t, data: filepath.Join(s.data, practiceFolder)}
	kept := func() dossier.Summary {
		var rows []dossier.Summary
		if err := json.Unmarshal(practice.run("station", "list", "-json", "-data", practice.data), &rows); err != nil {
			t.Fatal(err)
		}
		if len(rows) != 1 {
			return dossier.Summary{}
		}
		return rows[0]
	}
	const theEnd = "đóng cửa sổ"
	receipt := ""
	for i, words := range steps {
		shot(fmt.Sprintf("62-newcomer-step-%d", i+1))
		n.reads(words)
		if strings.Contains(words, theEnd) {
			break
		}
		order, _, _ := strings.Cut(words, " là ") // what follows says what else could be pressed
		keys := keysSaid.FindAllString(order, -1)
		if len(keys) == 0 {
			keys = []string{keyBeside(t, buttons, "Điền người mẫu")}
			n.reads("Điền người mẫu", keys[0])
		}
		was := n.bar()
		for k, key := range keys {
			if k > 0 {
				n.settled()
			}
			n.press(key)
		}
		n.waits("the guide goes on from: "+words, func() bool { return !bytes.Equal(was, n.bar()) })
		if strings.Contains(words, "gõ vài chữ của tên") {
			n.types("mau")
			n.settled() // the list is what was looked for
		}
		if strings.Contains(words, "lập giấy tiếp nhận") {
			n.waits("the receipt is made", func() bool {
				receipt = filepath.Join(practice.data, "giay-to", kept().Number+"-receipt.pdf")
				_, err := os.Stat(receipt)
				return err == nil
			})
			table += n.row("hồ sơ đầu tiên đã lưu, giấy tiếp nhận đã lập (tập thử)")
		}
	}
	table += n.row("… tìm lại, mở ra và xem giấy sẽ in, hết các bước")
	if n.takes() > 2*time.Minute {
		t.Errorf("by the model a newcomer needs %v", n.takes())
	}
	if r := kept(); r.Name != "Nguyễn Văn Mẫu" || r.Procedure != "lock-eid" || r.Status != dossier.StatusDone {
		t.Errorf("kept %+v", r)
	}
	pdf, err := os.ReadFile(receipt)
	if err != nil {
		t.Fatal(err)
	}
	text := string(pdfText(t, pdf))
	for _, want := range []string{"GIẤY TIẾP NHẬN HỒ SƠ", "Nguyễn Văn Mẫu"} {
		if !strings.Contains(text, want) {
			t.Errorf("the receipt does not say %q:\n%s", want, text)
		}
	}

	n.press(keyBeside(t, buttons, "Điền người mẫu")) // now it says: close
	n.waits("what was made up is thrown away", func() bool { _, err := os.Stat(receipt); return err != nil })
	if rows := s.rows(); len(rows) != 0 {
		t.Errorf("the station itself heard of it: %+v", rows)
	}
	t.Log("\n| việc | chữ đọc | lần nhấn | chữ gõ | theo mô hình | chờ chương trình |\n|---|---|---|---|---|---|\n" + table)
	if *out != "" {
		if err := os.WriteFile(filepath.Join(*out, "newcomer.md"), []byte(table), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
