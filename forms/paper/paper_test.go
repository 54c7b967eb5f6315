package paper

import (
	"bytes"
	"crypto/sha256"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// vietnamese are all 134 letters beyond ASCII: đ, and twelve vowels with or without a mark and a tone, in both cases.
func vietnamese() string {
	var b strings.Builder
	for _, vowel := range "aăâeêioôơuưy" {
		for _, tone := range []string{"", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"} {
			for _, r := range norm.NFC.String(string(vowel) + tone) {
				if r > unicode.MaxASCII {
					b.WriteRune(r)
				}
			}
		}
	}
	b.WriteRune('đ')
	return b.String() + strings.ToUpper(b.String())
}

func TestThereAre134VietnameseLetters(t *testing.T) {
	if n := utf8.RuneCountInString(vietnamese()); n != 134 {
		t.Errorf("%d letters", n)
	}
}

func TestEveryFaceHasEveryLetter(t *testing.T) {
	var ascii strings.Builder
	for r := ' '; r <= '~'; r++ {
		ascii.WriteRune(r)
	}
	// The signs of documents, the letters of Ê Đê, Gia Rai and Ba Na names, some of Europe's.
	all := ascii.String() + vietnamese() + "–—“”‘’…·•«»§°×½№₫€≤≥−□" + "ČčĬĭŎŏŬŭĔĕÑñƀɃ\u0306ʼ" + "ÄäÖöÜüßÇçŁłŠšŽžŘřÅåØøÆæ"
	for f := range faceCount {
		for _, r := range all {
			if l := metricsOf(f).of(r); l.glyph == 0 || l.width == 0 && !unicode.Is(unicode.M, r) {
				t.Errorf("%s: %q (%U) is missing", f, r, r)
			}
		}
	}
}

func TestFacesHaveTheSameLetters(t *testing.T) {
	for f := range faceCount {
		for r := range rune(lastRune + 1) {
			if have := metricsOf(f).of(r).glyph != 0; have != printable(r) {
				t.Errorf("%s: %U is there: %v", f, r, have)
			}
		}
	}
}

// Liberation is a Reserved Font Name (SIL OFL 1.1, condition 3).
func TestCutFacesDoNotCarryTheReservedName(t *testing.T) {
	for f := range faceCount {
		face, err := sfnt.Parse(f.bytes())
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []sfnt.NameID{sfnt.NameIDFamily, sfnt.NameIDFull, sfnt.NameIDPostScript} {
			if name, err := face.Name(nil, id); err != nil || !strings.HasPrefix(name, "TiepNhan") {
				t.Errorf("%s: name %d is %q (%v)", f, id, name, err)
			}
		}
	}
	licence, err := os.ReadFile("../../assets/fonts/OFL.txt")
	if err != nil || !bytes.Contains(licence, []byte("SIL OPEN FONT LICENSE Version 1.1")) {
		t.Errorf("the licence does not lie beside the faces: %v", err)
	}
}

func TestCleanPrintsWhatCanBePrinted(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Nguyễn Văn Mẫu", "Nguyễn Văn Mẫu"},
		{norm.NFD.String("Nguyễn Thị Ưởng Đặng"), "Nguyễn Thị Ưởng Đặng"},
		{"  hai \t\r\n dòng\u00a0\u2003 ", "hai dòng"},
		{"Mẫu 😀😀👍🏽", "Mẫu □"},
		{"a\x00\x1b[31mb", "a□[31mb"},
		{"\u202eanh\u202c \u2066x\u2069 \ufeff", "anh x"},
		{"e\u200d\u0301", "é"},
		{"sổ\u00adsách", "sổsách"},
		{"中文", "□"},
		{"\xff\xfe", "□"},
		{"Y Blŏ Ê̆ban", "Y Blŏ Ê̆ban"},
		{"𝐀", "□"},
		{"01\u201102", "01-02"},
	} {
		if got := Clean(c.in); got != c.want {
			t.Errorf("Clean(%+q) = %+q, want %+q", c.in, got, c.want)
		}
	}
}

func TestCleanOfAnythingCanBePrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.StringOf(rapid.SampledFrom([]rune("aAđƯ \u0301\u0323\u031b\u0302\u200d\u202e\t\x00😀□-")))).Draw(t, "s")
		c := Clean(s)
		for _, r := range c {
			if !printable(r) {
				t.Fatalf("%U is left", r)
			}
		}
		switch {
		case Clean(c) != c:
			t.Fatalf("cleaned again it is %+q", Clean(c))
		case !norm.NFC.IsNormalString(c):
			t.Fatal("not NFC")
		case strings.TrimSpace(c) != c || strings.Contains(c, "  "):
			t.Fatalf("blanks in %q", c)
		}
	})
}

func drawAll(s string) *Doc {
	d := New(A5, "Thử mọi chữ", time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))
	for range 2 {
		d.Page()
		y := 10.0
		for f := range faceCount {
			y = Set(120, Style{Size: 6, Leading: 1.2, Justify: true}, Span{f, s}).Draw(d, 14, y) + 2
		}
	}
	return d
}

func TestSameRecordSameBytes(t *testing.T) {
	before := sha256.Sum256(bytes.Join([][]byte{Regular.bytes(), Bold.bytes(), Italic.bytes()}, nil))
	want, err := drawAll(vietnamese()).PDF()
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 5 {
				if got, err := drawAll(vietnamese()).PDF(); err != nil || !bytes.Equal(got, want) {
					t.Errorf("the bytes differ (%v)", err)
				}
			}
		})
	}
	wait.Wait()
	if sha256.Sum256(bytes.Join([][]byte{Regular.bytes(), Bold.bytes(), Italic.bytes()}, nil)) != before {
		t.Error("drawing has written into the embedded faces")
	}
}

func writeFile(t testing.TB, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// pdfText is the text another program reads from a PDF.
func pdfText(t testing.TB, pdf []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "x.pdf")
	writeFile(t, name, pdf)
	out, err := exec.Command("pdftotext", "-raw", name, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (package poppler-utils): %v", err)
	}
	return string(out)
}

// All of a face's letters beyond ASCII need more than one code page.
func TestEveryLetterIsReadBackFromThePDF(t *testing.T) {
	var words []string
	for r := range rune(lastRune) {
		if printable(r) && r != ' ' && !unicode.Is(unicode.M, r) {
			words = append(words, "x"+string(r)+"x")
		}
	}
	pdf, err := drawAll(strings.Join(words, " ")).PDF()
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]int{}
	for _, w := range strings.Fields(pdfText(t, pdf)) {
		read[w]++
	}
	for _, w := range words {
		if read[w] != 2*int(faceCount) {
			t.Errorf("%s was drawn %d times and read %d times", w, 2*faceCount, read[w])
		}
	}
}

func TestPDFNeverSaysNow(t *testing.T) {
	pdf, err := New(A5, "", time.Time{}).PDF()
	if err != nil || !bytes.Contains(pdf, []byte("/CreationDate (D:19700101")) || !bytes.Contains(pdf, []byte("/ModDate (D:19700101")) {
		t.Errorf("the zero time is written as another (%v)", err)
	}
}

func TestHostileTextDoesNotAbortADocument(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		d := New(A5, s, time.Time{})
		d.Page()
		d.Watermark(s)
		d.Text(10, 10, Font{Regular, 10}, Center, s)
		Set(20, Style{Size: 10, Leading: 1.1, Justify: true}, Span{Bold, s}, Span{Italic, s}).Draw(d, 10, 20)
		if _, err := d.PDF(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestLongTextsAreSetInTime(t *testing.T) {
	start := time.Now()
	for _, s := range []string{strings.Repeat("Ữ", 100_000), strings.Repeat("ữ ", 100_000), "a" + strings.Repeat("\u0301", 100_000)} {
		Set(50, Style{Size: 10, Leading: 1.1}, Span{Regular, s})
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestParagraphKeepsEveryWordWithinItsWidth(t *testing.T) {
	letters := rapid.StringOf(rapid.SampledFrom([]rune(vietnamese() + "abcWMil.,-    \u0306")))
	rapid.Check(t, func(t *rapid.T) {
		var spans []Span
		var all string
		for range rapid.IntRange(1, 4).Draw(t, "spans") {
			s := Span{Face(rapid.IntRange(0, int(faceCount)-1).Draw(t, "face")), letters.Draw(t, "text")}
			spans = append(spans, s)
			all += s.Text
		}
		w := rapid.Float64Range(1, 120).Draw(t, "w")
		style := Style{Size: rapid.Float64Range(4, 14).Draw(t, "size"), Leading: 1.15, Justify: rapid.Bool().Draw(t, "justify")}
		d := New(A5, "", time.Time{})
		d.Page()
		p := Set(w, style, spans...)
		if end := p.Draw(d, 10, 10); end < 10+p.Height()-slack || end > 10+p.Height()+slack {
			t.Fatalf("ends at %f, is %f high", end, p.Height())
		}
		loose := slices.ContainsFunc(spans, func(s Span) bool { // a mark that has no letter before it to begin with
			return slices.ContainsFunc(strings.Fields(s.Text), func(word string) bool {
				r, _ := utf8.DecodeRuneInString(word)
				return unicode.Is(unicode.M, r)
			})
		})
		var drawn strings.Builder
		var baseline, right float64
		for _, m := range d.Pages()[0] {
			text := m.(Text)
			if text.Y == baseline && text.X < right-slack {
				t.Fatalf("%q begins in the text before it", text.S)
			}
			baseline, right = text.Y, text.X+text.W
			drawn.WriteString(text.S)
			base := 0
			for _, r := range text.S {
				if !unicode.Is(unicode.M, r) {
					base++
				}
			}
			if right > 10+w+0.001 && base > 1 {
				t.Fatalf("%q ends %f beyond its width", text.S, right-10-w)
			}
			if r, _ := utf8.DecodeRuneInString(text.S); unicode.Is(unicode.M, r) && !loose {
				t.Fatalf("%+q was cut from its letter", text.S)
			}
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if want, got := squeeze(all), squeeze(drawn.String()); norm.NFC.String(got) != norm.NFC.String(want) {
			t.Fatalf("drawn %q, want %q", got, want)
		}
	})
}

func TestJustifiedLinesEndAtTheEdge(t *testing.T) {
	d := New(A5, "", time.Time{})
	d.Page()
	p := Set(60, Style{Size: 11, Leading: 1.15, Justify: true}, Span{Regular, strings.Repeat("Tiếp nhận hồ sơ và trả kết quả ", 6)})
	p.Draw(d, 10, 10)
	marks := d.Pages()[0]
	for i, m := range marks {
		if end := m.(Text).X + m.(Text).W; i < len(marks)-1 && (end < 69.99 || end > 70.01) {
			t.Errorf("line %d ends at %f", i+1, end)
		}
	}
	if last := marks[len(marks)-1].(Text); last.Space != 0 {
		t.Error("the last line is spread")
	}
}

func TestFitShrinksOnlyAsFarAsItMust(t *testing.T) {
	style := Style{Size: 12, Leading: 1.15}
	if got := Fit(100, 1, 4, style, Span{Regular, "ngắn"}).Style.Size; got != 12 {
		t.Errorf("a short text is set in %g", got)
	}
	long := Fit(50, 1, 4, style, Span{Regular, "một dòng chữ dài hơn năm mươi milimét"})
	if long.Lines() != 1 || long.Style.Size >= 12 || long.Style.Size < 7 {
		t.Errorf("a longer one in %g on %d lines", long.Style.Size, long.Lines())
	}
	if got := Fit(10, 1, 4, style, Span{Regular, strings.Repeat("chữ ", 50)}); got.Style.Size != 4 || got.Lines() < 2 {
		t.Errorf("one that never fits in %g on %d lines", got.Style.Size, got.Lines())
	}
}

func TestQRRunsAreItsModules(t *testing.T) {
	code, err := Encode("MS-261123-0001")
	if err != nil {
		t.Fatal(err)
	}
	size := len(code.dots)
	drawn := make([][]int, size)
	for i := range drawn {
		drawn[i] = make([]int, size)
	}
	QR{Code: code}.runs(func(col, row, cols, rows int) {
		for r := range rows {
			for c := range cols {
				drawn[row+r][col+c]++
			}
		}
	})
	for r := range size {
		for c := range size {
			if want := map[bool]int{true: 1}[code.dots[r][c]]; drawn[r][c] != want {
				t.Fatalf("module %d,%d is drawn %d times, want %d", r, c, drawn[r][c], want)
			}
		}
	}
	for _, bad := range []string{"", strings.Repeat("x", 5000)} {
		if _, err := Encode(bad); err == nil {
			t.Errorf("a QR code of %d bytes", len(bad))
		}
	}
}

func TestGoldenSaysWhatStandsWhere(t *testing.T) {
	d := New(A5, "", time.Time{})
	d.Page()
	d.Watermark("chưa đối chiếu")
	d.Text(22.4, 42, Font{Bold, 11}, Left, "GIẤY  TIẾP NHẬN")
	d.Text(100, 50, Font{Italic, 10.5}, Right, "")
	d.Line(1, 2, 3, 2, 0.2)
	d.Rect(Box{1, 2, 3, 4}, 0.3)
	d.Dots(10, 20, 30)
	d.Dots(20, 10, 30)
	code, err := Encode("MS-1")
	if err != nil {
		t.Fatal(err)
	}
	d.QR(5, 6, 16, code)
	want := `page 1 148x210
watermark "chưa đối chiếu"
text 22.4 42.0 11pt bold "GIẤY TIẾP NHẬN"
line 1.0 2.0 3.0 2.0 0.2mm
rect 1.0 2.0 3.0 4.0 0.3mm
dots 10.0 30.0 to 20.0
qr 5.0 6.0 16.0 "MS-1"
`
	if got := d.Golden(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if _, err := d.PDF(); err != nil {
		t.Error(err)
	}
}
