package forms

import (
	"io/fs"
	"slices"
	"strings"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// The forms in which people ask (Mẫu TK01–TK03 of Nghị định 69/2024/NĐ-CP), filled from the dossier or blank. Nobody of ours has seen their
// official layout: what stands on them is data, see layout. They are the applicant's own papers: at their head stands the State alone, or the
// agency that asks, and of ours there is only a small line at the foot.

// formOf is the form each procedure asks for (Nghị định 69/2024/NĐ-CP; the catalogue says the same at every level).
var formOf = map[string]string{
	"lock-account": TK03, "unlock-account": TK03, "lock-eid": TK03, "unlock-eid": TK03,
	"issue-level2": TK01, "issue-level2-foreigner": TK01,
	"issue-organization": TK02,
}

// needsProcedure: the dossier's procedure asks for this form. One whose intake was refused has it too. Codes: form.other-procedure,
// form.content-purged.
func needsProcedure(s *sheet) error {
	switch {
	case s.in.ReceivedAt.IsZero():
		return dossier.Invalid("form", "form.content-purged")
	case formOf[s.in.Procedure] != s.Form:
		return dossier.Invalid("form", "form.other-procedure", "number", s.Dossier.Number, "title", s.form.Title)
	}
	return nil
}

// drawLayout draws a form whose text is data. Codes: form.layout-bad, form.no-text, form.too-long.
func drawLayout(s *sheet) error {
	text, err := s.layoutText()
	if err != nil {
		return err
	}
	lay, faults := readLayout(s.Form, text)
	if faults != nil {
		return dossier.Invalid("form", "form.layout-bad", "title", s.form.Title, "field", or(faults[0].Field, "đầu tệp"), "fault", assets.Word(faults[0].Code, faults[0].Args))
	}
	return s.laidOut(lay)
}

func (s *sheet) laidOut(lay *layout) error {
	var rows []layoutRow
	for _, r := range lay.Rows {
		if !r.Hidden && s.standsFor(r.For) {
			rows = append(rows, r)
		}
	}
	l := &letter{sheet: s, frame: s.frame(), title: lay.Title}
	l.ofApplicant(lay.Note, slices.ContainsFunc(rows, func(r layoutRow) bool { return r.Kind == "place-date" }))
	l.foot, l.blocks = s.noted(), s.rowBlocks(rows)
	return l.draw()
}

// ofApplicant is the heading of an applicant's own paper: the State alone, or an agency and its document.
func (l *letter) ofApplicant(note string, dated bool) {
	l.heading.code = strings.TrimSpace(l.form.Code + " " + note)
	for l.frame.code > 4.5 && (paper.Font{Size: l.frame.code}).Width(paper.Clean(l.heading.code)) > l.frame.width() {
		l.frame.code -= 0.25
	}
	req := l.in.Requester
	if l.isBlank() || req.Kind != dossier.Agency {
		return
	}
	l.heading.unit.Name, l.heading.number = strings.ToUpper(paper.Clean(req.Agency.Name)), req.Agency.Document
	if !dated {
		l.heading.date = placeAndDate("....................", req.Agency.DocumentDate)
	}
}

// rowBlocks are the blocks of those rows.
func (s *sheet) rowBlocks(rows []layoutRow) []block {
	var out []block
	for i, r := range rows {
		blocks := rowKinds[r.Kind].blocks(s, r)
		if i > 0 && r.Kind == "signatures" && rows[i-1].Kind == "place-date" { // the date stands above who signs, on the same page
			blocks[0].(*signatures).dated = s.placeAndDate()
			out = out[:len(out)-1]
		}
		if i+1 < len(rows) && rows[i+1].Kind == "heading" {
			if b, ok := blocks[len(blocks)-1].(interface{ loosen(lines float64) }); ok {
				b.loosen(0.3)
			}
		}
		out = append(out, blocks...)
	}
	return out
}

// noted is what the desk notes on an applicant's paper, so that it is found again; nothing on a blank.
func (s *sheet) noted() string {
	var parts []string
	if s.Dossier.Number != "" {
		parts = append(parts, "Mã hồ sơ: "+paper.Clean(s.dossierCode()))
	}
	if mark := s.reprint(); mark != "" {
		parts = append(parts, mark)
	}
	return strings.Join(parts, ". ")
}

// standsFor tells whether a row for those stands on this sheet. A blank is for whom a desk hands one out to: a citizen, who may have come with a
// child, and of TK02 an organization. An agency brings its own.
func (s *sheet) standsFor(who []string) bool {
	if len(who) == 0 {
		return true
	}
	req := s.in.Requester
	kind := string(req.Kind)
	stands := req.Representative.Name != "" && (req.Kind == dossier.Citizen || req.Kind == dossier.Foreigner)
	if s.isBlank() {
		kind, stands = string(dossier.Citizen), true
		if s.Form == TK02 {
			kind, stands = string(dossier.Organization), false
		}
	}
	return slices.Contains(who, kind) || stands && slices.Contains(who, forChild)
}

// layoutText is the text in force for this sheet: the keeper's, or the one the program came with.
func (s *sheet) layoutText() ([]byte, error) {
	if s.text != nil {
		return s.text, nil
	}
	return shippedText(s.Form)
}

func shippedText(form string) ([]byte, error) {
	text, err := fs.ReadFile(assets.Layouts, "forms/layouts/"+form+".json")
	if err != nil {
		return nil, dossier.Invalid("form", "form.no-text", "form", form)
	}
	return text, nil
}
