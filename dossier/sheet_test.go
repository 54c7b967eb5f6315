package dossier

import (
	"encoding/json"
	"testing"
	"time"
)

// said is a word of the keeper on tk03; days count from 1 November 2026, and clock is what the PC showed.
func said(clock, from int, set, text string, checked bool) KeptLayout {
	k := KeptLayout{Layout: Layout{Form: "tk03", Set: set, Checked: checked}, At: novemberDay(clock)}
	if text != "" {
		k.Text = json.RawMessage(text)
	}
	if from != 0 {
		k.From = novemberDay(from)
	}
	return k
}

func novemberDay(n int) time.Time { return time.Date(2026, 11, n, 9, 0, 0, 0, Hanoi) }

func TestADossierKeepsTheTextOfItsDay(t *testing.T) {
	const year = 365
	for name, c := range map[string]struct {
		kept []KeptLayout
		want map[int]string // by the day of the dossier, "!" for compared
	}{
		"nobody said anything": {nil, map[int]string{1: ""}},
		"from its very moment": {[]KeptLayout{said(5, 5, "", "A", false)}, map[int]string{4: "", 5: "A", 6: "A"}},
		"compared later": {[]KeptLayout{said(5, 5, "", "A", false), said(9, 0, "police", "", true)},
			map[int]string{4: "", 5: "A!", 10: "A!"}},
		"compared, and corrected after": {[]KeptLayout{said(5, 0, "police", "", true), said(9, 9, "", "A", false)},
			map[int]string{1: "!", 9: "A"}},
		"taken back":     {[]KeptLayout{said(5, 5, "", "A", true), said(9, 0, "police", "", false)}, map[int]string{5: "A"}},
		"of another set": {[]KeptLayout{said(5, 0, "tt03-2025", "", true)}, map[int]string{6: ""}},
		"of another form": {[]KeptLayout{{Layout: Layout{Form: "tk01", Text: json.RawMessage("A"), Checked: true}, At: novemberDay(5)}},
			map[int]string{6: ""}},
		// The clock's year was 2009, and the officer had said which day it was.
		"a dead battery": {[]KeptLayout{said(-17*year, 5, "", "A", false)}, map[int]string{4: "", 5: "A"}},
		// It was a year ahead, unseen; was put right; and the keeper corrected the text again.
		"a clock that ran ahead": {[]KeptLayout{said(5+year, 5+year, "", "A", false), said(9, 9, "", "B", false)},
			map[int]string{4: "", 9: "B", 4 + year: "B", 6 + year: "B"}},
		"two in one moment":                          {[]KeptLayout{said(5, 5, "", "A", true), said(5, 5, "", "B", false)}, map[int]string{4: "", 5: "B"}},
		"a word from before there was a day with it": {[]KeptLayout{said(5, 0, "", "A", false)}, map[int]string{4: "", 5: "A"}},
	} {
		for day, want := range c.want {
			text, checked := LayoutAt(c.kept, "tk03", "police", novemberDay(day))
			got := string(text)
			if checked {
				got += "!"
			}
			if got != want {
				t.Errorf("%s: on day %d %q, want %q", name, day, got, want)
			}
		}
	}
}

func TestAFormComparedInOneSetStaysSoWhenTheStationTakesAnother(t *testing.T) {
	kept := []KeptLayout{said(5, 5, "", "A", false), said(6, 0, "police", "", true), said(8, 0, "tt03-2025", "", false)}
	if _, checked := LayoutAt(kept, "tk03", "police", novemberDay(7)); !checked {
		t.Error("a reprint of the old set is not compared any more")
	}
	if _, checked := LayoutAt(kept, "tk03", "tt03-2025", novemberDay(9)); checked {
		t.Error("what was compared in one set counts in another")
	}
}
