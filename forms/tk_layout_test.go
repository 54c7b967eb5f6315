package forms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// tkLayout is a small good text of a form.
const tkLayout = `{"form":"tk03","title":"Phiếu","rows":[
{"kind":"to","label":"Kính gửi: ","value":"unit"},
{"kind":"line","label":"Họ tên:","value":"person.name","lines":2},
{"kind":"boxes","label":"Số:","value":"person.number","count":12},
{"kind":"choice","label":"Đề nghị:","options":[{"label":"Khóa","value":"act.lock"},{"label":"Mở"}],"for":["citizen"]},
{"kind":"text","label":"Tôi cam đoan.\nTôi ký.","hidden":true},
{"kind":"signatures","options":[{"label":"NGƯỜI ĐỀ NGHỊ","how":"(Ký)","value":"signer"}]}]}`

func TestCheckTextSaysEveryFaultWhereItStands(t *testing.T) {
	if err := CheckText(TK03, []byte(tkLayout)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, field, code string }{
		{tkLayout, ``, "", "layout.broken"},
		{tkLayout, `null`, "", "layout.no-object"},
		{tkLayout, `[]`, "", "layout.no-object"},
		{tkLayout, `"x"`, "", "layout.no-object"},
		{tkLayout, `{}`, "form", "layout.other-form"},
		{`]}`, `]}{}`, "", "layout.broken"},
		{`"form":"tk03",`, `"form":"tk03"`, "", "layout.broken"},
		{`"form":"tk03"`, `"form":"tk01"`, "form", "layout.other-form"},
		{`"form":"tk03"`, `"form":3`, "form", "layout.wrong-type"},
		{`"title":"Phiếu"`, `"title":""`, "title", "layout.no-label"},
		{`"title":"Phiếu"`, `"title":null`, "title", "layout.wrong-type"},
		{`"title":"Phiếu"`, `"Title":"Phiếu"`, "Title", "layout.unknown-field"},
		{`"title":"Phiếu"`, `"title":"Phiếu","title":"Phiếu"`, "title", "layout.twice"},
		{`"title":"Phiếu"`, `"title":"Phiếu","note":"` + strings.Repeat("x", mostNote+1) + `"`, "note", "text.too-long"},
		{`"title":"Phiếu"`, `"title":"Phiếu","source":["x"]`, "source", "layout.wrong-type"},
		{`"title":"Phiếu"`, `"title":"Phie\u0302\u0301u"`, "title", "layout.unclean"},
		{`"title":"Phiếu"`, `"title":"Phiếu \u202e"`, "title", "layout.unclean"},
		{`"title":"Phiếu"`, `"title":" Phiếu"`, "title", "layout.unclean"},
		{`"title":"Phiếu"`, `"title":"Phiếu 😀"`, "title", "layout.letter"},
		{`"title":"Phiếu"`, `"title":"\ud800"`, "title", "layout.unclean"},
		{`"kind":"line"`, `"kind":"lines"`, "rows.1.kind", "layout.kind"},
		{`"kind":"line",`, ``, "rows.1.kind", "layout.kind"},
		{`"kind":"line"`, `"kind":7`, "rows.1.kind", "layout.kind"},
		{`"label":"Họ tên:"`, `"labl":"Họ tên:"`, "rows.1.labl", "layout.unknown-field"},
		{`"label":"Họ tên:"`, `"label":"Họ  tên:"`, "rows.1.label", "layout.unclean"},
		{`"label":"Họ tên:"`, `"label":"Họ\ntên:"`, "rows.1.label", "layout.unclean"},
		{`"label":"Họ tên:"`, `"label":"` + strings.Repeat("ệ", mostLabel+1) + `"`, "rows.1.label", "text.too-long"},
		{`"label":"Kính gửi: "`, `"label":" "`, "rows.0.label", "layout.no-label"},
		{`"label":"Họ tên:"`, `"label":"字"`, "rows.1.label", "layout.letter"},
		{`"value":"person.name"`, `"value":"person.nam"`, "rows.1.value", "layout.value"},
		{`"value":"person.name"`, `"value":"act.lock"`, "rows.1.value", "layout.value"},
		{`"lines":2`, `"lines":11`, "rows.1.lines", "layout.lines"},
		{`"lines":2`, `"lines":-1`, "rows.1.lines", "layout.lines"},
		{`"lines":2`, `"lines":1.5`, "rows.1.lines", "layout.wrong-type"},
		{`"lines":2`, `"lines":"2"`, "rows.1.lines", "layout.wrong-type"},
		{`"lines":2`, `"count":2`, "rows.1.count", "layout.unknown-field"},
		{`"lines":2`, `"lines":2,"lines":3`, "rows.1.lines", "layout.twice"},
		{`"count":12`, `"count":0`, "rows.2.count", "layout.count"},
		{`"count":12`, `"count":25`, "rows.2.count", "layout.count"},
		{`,"count":12`, ``, "rows.2.count", "layout.count"},
		{`"count":12`, `"count":99999999999999999999`, "rows.2.count", "layout.wrong-type"},
		{`"value":"act.lock"`, `"value":"act.look"`, "rows.3.options.0.value", "layout.value"},
		{`"label":"Mở"`, `"label":""`, "rows.3.options.1.label", "layout.no-label"},
		{`"label":"Mở"`, `"label":"Mở","how":"x"`, "rows.3.options.1.how", "layout.unknown-field"},
		{`{"label":"Mở"}`, `"Mở"`, "rows.3.options.1", "layout.no-object"},
		{`{"label":"Mở"}`, `null`, "rows.3.options.1", "layout.no-object"},
		{`"options":[{"label":"Khóa","value":"act.lock"},{"label":"Mở"}],`, `"options":[],`, "rows.3.options", "layout.options"},
		{`"options":[{"label":"Khóa","value":"act.lock"},{"label":"Mở"}],`, ``, "rows.3.options", "layout.options"},
		{`"options":[{"label":"Khóa","value":"act.lock"},{"label":"Mở"}],`, `"options":[` + strings.Repeat(`{"label":"x"},`, mostOptions) + `{"label":"x"}],`, "rows.3.options", "layout.options"},
		{`"for":["citizen"]`, `"for":["citizen","everybody"]`, "rows.3.for.1", "layout.for"},
		{`"for":["citizen"]`, `"for":"citizen"`, "rows.3.for", "layout.wrong-type"},
		{`"hidden":true`, `"hidden":"true"`, "rows.4.hidden", "layout.wrong-type"},
		{`"label":"Tôi cam đoan.\nTôi ký."`, `"label":""`, "rows.4.label", "layout.no-label"},
		{`"label":"Tôi cam đoan.\nTôi ký."`, `"label":"Tôi.\n\n\nKý."`, "rows.4.label", "layout.unclean"},
		{`"how":"(Ký)"`, `"how":"` + strings.Repeat("x", mostHow+1) + `"`, "rows.5.options.0.how", "text.too-long"},
		{`{"kind":"to","label":"Kính gửi: ","value":"unit"}`, `null`, "rows.0", "layout.no-object"},
		{`{"kind":"to","label":"Kính gửi: ","value":"unit"}`, `[1]`, "rows.0", "layout.no-object"},
		{`"title":"Phiếu"`, "\"title\":\"Phi\xff\"", "", "layout.not-utf8"},
		{`"form"`, "\ufeff\"form\"", "", "layout.broken"},
	} {
		if !strings.Contains(tkLayout, c.old) {
			t.Errorf("the text has no %q", c.old)
			continue
		}
		err := CheckText(TK03, []byte(strings.Replace(tkLayout, c.old, c.new, 1)))
		var faults dossier.Problems
		errors.As(err, &faults)
		if !slices.ContainsFunc(faults, func(p dossier.Problem) bool { return p.Field == c.field && p.Code == c.code }) {
			t.Errorf("%s instead of %s: %v, want %s: %s", c.new, c.old, err, c.field, c.code)
		}
		for _, p := range faults {
			if words := assets.Word(p.Code, p.Args); strings.ContainsAny(words, "{") && !strings.Contains(words, "{ }") {
				t.Errorf("%s: words with a hole: %s", p.Code, words)
			}
		}
	}
}

func TestCheckTextHasLimits(t *testing.T) {
	row := `{"kind":"line","label":"x"}`
	text := func(rows ...string) []byte {
		return []byte(`{"form":"tk03","title":"x","rows":[` + strings.Join(rows, ",") + `]}`)
	}
	for _, c := range []struct {
		text        []byte
		field, code string
	}{
		{text(), "rows", "layout.rows"},
		{text(slices.Repeat([]string{row}, mostRows)...), "", ""},
		{text(slices.Repeat([]string{row}, mostRows+1)...), "rows", "layout.rows"},
		{text(`{"kind":"line","hidden":true}`, `{"kind":"date","hidden":true}`), "rows", "layout.all-hidden"},
		{append(text(row), bytes.Repeat([]byte(" "), mostText)...), "", "layout.too-large"},
		{text(slices.Repeat([]string{`{"kind":"text","label":"` + strings.Repeat("&", 900) + `"}`}, 20)...), "", "layout.too-large"}, // as long as JSON writes it in the journal
		{text(slices.Repeat([]string{`{"kind":"text","label":"` + strings.Repeat("x ", 499) + `x"}`}, 45)...), "rows", "layout.no-room"},
	} {
		err := CheckText(TK03, c.text)
		var faults dossier.Problems
		errors.As(err, &faults)
		if c.code == "" && err != nil || c.code != "" && (len(faults) != 1 || faults[0].Field != c.field || faults[0].Code != c.code) {
			t.Errorf("%.80s (%d bytes): %v, want %s: %s", c.text, len(c.text), err, c.field, c.code)
		}
	}
}

func TestCheckTextSaysAllFaultsAtOnce(t *testing.T) {
	bad := strings.NewReplacer(`"count":12`, `"count":99`, `"lines":2`, `"lines":99`, `"title":"Phiếu"`, `"title":""`).Replace(tkLayout)
	var got []string
	for _, p := range CheckText(TK03, []byte(bad)).(dossier.Problems) {
		got = append(got, p.Field)
	}
	if want := []string{"title", "rows.1.lines", "rows.2.count"}; !slices.Equal(got, want) {
		t.Errorf("faults at %q, want %q", got, want)
	}
}

// tkAnyLayout is some good text of a form.
func tkAnyLayout(t *rapid.T, form string) []byte {
	words := rapid.SampledFrom([]string{"Họ, chữ đệm và tên:", "x", string([]rune(string(letters))[:140]), "NGUYỄNđặngThượngỨng" + strings.Repeat("ẴỘ", 60), "Số "})
	row := func() map[string]any {
		kind := rapid.SampledFrom(slices.Sorted(func(yield func(string) bool) {
			for k := range rowKinds {
				if !yield(k) {
					return
				}
			}
		})).Draw(t, "kind")
		how := rowKinds[kind]
		r := map[string]any{"kind": kind}
		value := func(knows func(string) bool) string {
			all := append(sorted(lineValues), append(sorted(dateValues), sorted(tickValues)...)...)
			return rapid.SampledFrom(slices.DeleteFunc(append(all, ""), func(v string) bool { return !knows(v) })).Draw(t, "value")
		}
		for _, f := range how.fields {
			switch f {
			case "label":
				r[f] = words.Draw(t, "label")
			case "value":
				r[f] = value(how.knows)
			case "count":
				r[f] = rapid.IntRange(1, mostBoxes).Draw(t, "count")
			case "lines":
				r[f] = rapid.IntRange(0, mostLines).Draw(t, "lines")
			case "options":
				var options []map[string]any
				for range rapid.IntRange(how.least, how.most).Draw(t, "options") {
					o := map[string]any{"label": words.Draw(t, "option"), "value": value(how.optionKnows)}
					if slices.Contains(how.option, "how") {
						o["how"] = "(Ký, ghi rõ họ tên)"
					}
					options = append(options, o)
				}
				r[f] = options
			}
		}
		return r
	}
	var rows []map[string]any
	for range rapid.IntRange(1, 25).Draw(t, "rows") {
		rows = append(rows, row())
	}
	out, err := json.Marshal(map[string]any{"form": form, "title": words.Draw(t, "title"), "note": rapid.SampledFrom([]string{"", "ban hành", strings.Repeat("W", mostNote), strings.Repeat("…", mostNote)}).Draw(t, "note"), "rows": rows})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTKOfAnyGoodTextStaysOnThePage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.SampledFrom([]string{TK01, TK02, TK03}).Draw(t, "form")
		text := tkAnyLayout(t, form)
		if err := CheckText(form, text); err != nil {
			if dossier.Code(err) != "layout.no-room" {
				t.Fatalf("%v\n%s", err, text)
			}
			return
		}
		s := tkBlank(form)
		switch rapid.IntRange(0, 3).Draw(t, "whose") {
		case 1:
			s = tkSheet(form, tkLong("", dossier.Citizen))
		case 2:
			s = tkSheet(form, tkLong("", dossier.Agency))
		case 3:
			s = tkSheet(form, tkChild(""))
		}
		asksFor(&s)
		s.Layouts = []dossier.KeptLayout{tkKept(form, text, false, 1)}
		if fault, _ := faultsOf(s); fault != "" {
			t.Fatalf("%s\n%s", fault, text)
		}
	})
}

// Two reasons side by side were higher than a page, and the form of whoever gave long ones could not be printed (seed 764434558810).
func TestTKPairOfLongValuesGoesOverThePage(t *testing.T) {
	for _, before := range []int{0, 3, 9, 12, 13, 14, 20} { // lines above it
		rows := slices.Concat(slices.Repeat([]string{`{"kind":"line","label":"Họ tên:","value":"person.number"}`}, before),
			[]string{`{"kind":"pair","options":[{"label":"Lý do:","value":"request.reason"},{"label":"Cũng là:","value":"request.reason"}]}`, `{"kind":"line","label":"Hết"}`})
		text := []byte(`{"form":"tk03","title":"Phiếu","rows":[` + strings.Join(rows, ",") + `]}`)
		if err := CheckText(TK03, text); err != nil {
			t.Fatal(err)
		}
		s := tkSheet(TK03, tkLong("", dossier.Citizen))
		asksFor(&s)
		s.Layouts = []dossier.KeptLayout{tkKept(TK03, text, false, 1)}
		fault, doc := faultsOf(s)
		if fault != "" {
			t.Errorf("below %d lines: %s", before, fault)
			continue
		}
		said := squeezed(doc)
		if reason := strings.Join(strings.Fields(paper.Clean(letterLongest)), ""); strings.Count(said, "Lýdo:"+reason) != 1 || strings.Count(said, "Cũnglà:"+reason) != 1 || !strings.Contains(said, "Hết") {
			t.Errorf("below %d lines something is left out or out of order:\n%s", before, said)
		}
	}
}

// A row that fills a page to its foot was kept, and then could not be printed for a dossier whose foot has more lines.
func TestTKThatIsKeptIsPrintedAboveAnyFoot(t *testing.T) {
	kept, refused := 0, 0
	for long := range mostOptions + 1 {
		options := slices.Concat(slices.Repeat([]string{`{"label":"` + strings.Repeat("W", 140) + `"}`}, long), slices.Repeat([]string{`{"label":"` + strings.Repeat("W", 105) + `"}`}, mostOptions-long))
		text := []byte(`{"form":"tk03","title":"Phiếu","rows":[{"kind":"choice","label":"x","options":[` + strings.Join(options, ",") + `]}]}`)
		if err := CheckText(TK03, text); err != nil {
			refused++
			continue
		}
		kept++
		s := tkSheet(TK03, tkLong("", dossier.Citizen))
		asksFor(&s)
		s.Nth, s.Dossier.Intake.NationalCode = 99, strings.Repeat("W", 50)
		s.Layouts = []dossier.KeptLayout{tkKept(TK03, text, false, 1)}
		if fault, _ := faultsOf(s); fault != "" {
			t.Errorf("with %d long options: %s", long, fault)
		}
	}
	if kept == 0 || refused == 0 {
		t.Errorf("%d were kept and %d refused", kept, refused)
	}
}

// squeezed is all the text of the rows as it was drawn, without blanks, the numbers of the pages and the mark that lies under them.
func squeezed(doc *paper.Doc) string {
	var out strings.Builder
	for page, marks := range doc.Pages() {
		for _, m := range marks {
			if m, ok := m.(paper.Text); ok && (page == 0 || m.S != fmt.Sprint(page+1)) {
				out.WriteString(strings.Join(strings.Fields(m.S), ""))
			}
		}
	}
	return out.String()
}

// What is kept is drawn, what is refused is not, and nothing comes to an end: for texts that are broken in any way.
func TestCheckTextAndPrintingAgreeOnAnyText(t *testing.T) {
	seeds := []string{tkLayout, tkLayout, tkLayout, `{"rows":[{"kind":[]}]}`, `{"form":"tk03","title":"x","rows":[{"kind":"signatures","options":[null,{}]}]}`, `{"rows":{}}`,
		strings.Repeat(`{"rows":[`, 5000), `{"form":"tk03","title":"x","rows":[{"kind":"date","value":"unit"}]}`, string(tkEdited(t, TK03, "Khóa", "Khóa"))}
	good, bad := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(rapid.SampledFrom(seeds).Draw(t, "seed"))
		for range rapid.IntRange(0, 4).Draw(t, "changes") {
			at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
			from := rapid.IntRange(0, len(text)-1).Draw(t, "from")
			piece := text[from:min(len(text), from+rapid.IntRange(1, 40).Draw(t, "long"))]
			switch rapid.IntRange(0, 3).Draw(t, "change") {
			case 0:
				text = slices.Concat(text[:at], []byte{rapid.Byte().Draw(t, "byte")}, text[at+1:])
			case 1:
				text = slices.Concat(text[:at], text[min(len(text), at+len(piece)):], []byte(" "))
			case 2:
				text = slices.Concat(text[:at], piece, text[at:])
			case 3:
				text = slices.Concat(text[:at], []byte(rapid.SampledFrom([]string{"{", "}", "[", "]", ",", `"`, ":", "0", "-1", "1e9", "null", `"x":1,`}).Draw(t, "sign")), text[at:])
			}
		}
		kept := CheckText(TK03, text)
		var faults dossier.Problems
		if kept != nil && !errors.As(kept, &faults) {
			t.Fatalf("an error people are not told of: %v", kept)
		}
		s := tkBlank(TK03)
		s.Layouts = []dossier.KeptLayout{tkKept(TK03, text, true, 1)}
		_, drawn := Render(context.Background(), []dossier.Sheet{s}, nil)
		if (kept == nil) != (drawn == nil) && dossier.Code(kept) != "layout.no-room" {
			t.Fatalf("kept: %v, drawn: %v\n%s", kept, drawn, text)
		}
		if kept == nil {
			good++
		} else {
			bad++
		}
	})
	if good == 0 || bad == 0 {
		t.Errorf("%d good and %d bad texts were tried", good, bad)
	}
}

// Each Vietnamese letter can stand in a text, whatever the row.
func TestTKPrintsEveryLetter(t *testing.T) {
	all := []rune(string(letters))
	for at := 0; at < len(all); at += 80 {
		some := strings.TrimSpace(dossier.Clean(string(all[at:min(at+80, len(all))])))
		text := fmt.Sprintf(`{"form":"tk03","title":%[1]q,"rows":[{"kind":"line","label":%[1]q},{"kind":"text","label":%[1]q},{"kind":"choice","options":[{"label":%[1]q}]},{"kind":"items","options":[{"label":%[1]q}]},{"kind":"boxes","label":%[1]q,"count":3},{"kind":"pair","options":[{"label":%[1]q},{"label":%[1]q}]},{"kind":"signatures","options":[{"label":%[1]q}]}]}`, some)
		if err := CheckText(TK03, []byte(text)); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		s := tkBlank(TK03)
		s.Layouts = []dossier.KeptLayout{tkKept(TK03, []byte(text), true, 1)}
		if fault, _ := faultsOf(s); fault != "" {
			t.Fatal(fault)
		}
	}
}
