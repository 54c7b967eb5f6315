package course

import (
	"maps"
	"slices"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Change is one field as it was and as a correction leaves it.
type Change struct {
	Label, Before, After string
	number               bool // a personal number
}

// spot is one field of a reception that can be corrected. Its key is the field's name in problems of the desk.
type spot struct {
	key   string
	label string
	at    func(*dossier.Receive) *string
	day   func(*dossier.Receive) *dossier.Date
}

var spots = slices.Concat(
	office("agency", func(r *dossier.Receive) *dossier.Office { return &r.Requester.Agency }),
	person("person", func(r *dossier.Receive) *dossier.Person { return &r.Requester.Person }),
	person("representative", func(r *dossier.Receive) *dossier.Person { return &r.Requester.Representative }),
	[]spot{{key: "relation", label: "Quan hệ với người được đại diện", at: func(r *dossier.Receive) *string { return &r.Requester.Relation }}},
	person("subject", func(r *dossier.Receive) *dossier.Person { return &r.Subject }),
	office("subject-org", func(r *dossier.Receive) *dossier.Office { return &r.SubjectOrg }),
	[]spot{
		{key: "ground", label: "Căn cứ", at: func(r *dossier.Receive) *string { return &r.Ground }},
		{key: "reason", label: "Lý do đề nghị", at: func(r *dossier.Receive) *string { return &r.Reason }},
		{key: "term", label: "Thời hạn khóa", at: func(r *dossier.Receive) *string { return &r.Term }},
		{key: "return-place", label: "Nơi trả kết quả", at: func(r *dossier.Receive) *string { return &r.ReturnPlace }},
		{key: "national-code", label: "Mã hồ sơ trên hệ thống quốc gia", at: func(r *dossier.Receive) *string { return &r.NationalCode }},
		{key: "note", label: "Ghi chú", at: func(r *dossier.Receive) *string { return &r.Note }},
	})

func person(prefix string, of func(*dossier.Receive) *dossier.Person) []spot {
	text := func(key, label string, at func(*dossier.Person) *string) spot {
		return spot{key: prefix + "." + key, label: label, at: func(r *dossier.Receive) *string { return at(of(r)) }}
	}
	return []spot{
		text("name", "Họ và tên", func(p *dossier.Person) *string { return &p.Name }),
		text("number", "Số định danh cá nhân", func(p *dossier.Person) *string { return &p.Number }),
		text("passport", "Số hộ chiếu", func(p *dossier.Person) *string { return &p.Passport }),
		{key: prefix + ".born", label: "Ngày sinh", day: func(r *dossier.Receive) *dossier.Date { return &of(r).Born }},
		text("sex", "Giới tính", func(p *dossier.Person) *string { return &p.Sex }),
		text("address", "Nơi cư trú", func(p *dossier.Person) *string { return &p.Address }),
		text("phone", "Điện thoại", func(p *dossier.Person) *string { return &p.Phone }),
		text("email", "Thư điện tử", func(p *dossier.Person) *string { return &p.Email }),
	}
}

func office(prefix string, of func(*dossier.Receive) *dossier.Office) []spot {
	text := func(key, label string, at func(*dossier.Office) *string) spot {
		return spot{key: prefix + "." + key, label: label, at: func(r *dossier.Receive) *string { return at(of(r)) }}
	}
	return []spot{
		text("name", "Tên cơ quan, tổ chức", func(o *dossier.Office) *string { return &o.Name }),
		text("code", "Mã định danh, mã số", func(o *dossier.Office) *string { return &o.Code }),
		text("document", "Số, ký hiệu văn bản", func(o *dossier.Office) *string { return &o.Document }),
		{key: prefix + ".document-date", label: "Ngày văn bản", day: func(r *dossier.Receive) *dossier.Date { return &of(r).DocumentDate }},
		text("address", "Địa chỉ", func(o *dossier.Office) *string { return &o.Address }),
		text("phone", "Điện thoại cơ quan", func(o *dossier.Office) *string { return &o.Phone }),
		text("position", "Chức vụ", func(o *dossier.Office) *string { return &o.Position }),
	}
}

func (s spot) get(r *dossier.Receive) string {
	if s.day != nil {
		return s.day(r).String()
	}
	return *s.at(r)
}

// whose tells the fields of several people apart.
func whose(key string, kind dossier.RequesterKind) string {
	switch prefix, _, _ := strings.Cut(key, "."); {
	case prefix == "representative":
		return "người đại diện"
	case prefix == "subject":
		return "người bị đề nghị"
	case prefix == "subject-org":
		return "tổ chức bị đề nghị"
	case prefix == "person" && kind == dossier.Agency:
		return "người đến nộp"
	case prefix == "person" && kind == dossier.Organization:
		return "người đại diện"
	}
	return ""
}

// changesOf is what differs between two states of an intake, in the order of the form.
func changesOf(before, after dossier.Receive, procedure *dossier.Procedure) []Change {
	var out []Change
	for _, s := range spots {
		c := Change{Label: s.label, Before: s.get(&before), After: s.get(&after), number: isNumber(s.key)}
		if c.Before == c.After {
			continue
		}
		if s.key == "ground" {
			c.Before, c.After = groundWords(c.Before, procedure), groundWords(c.After, procedure)
		}
		if who := whose(s.key, after.Requester.Kind); who != "" {
			c.Label += " (" + who + ")"
		}
		out = append(out, c)
	}
	list := func(papers []dossier.Paper) string {
		var all []string
		for _, g := range papers {
			all = append(all, paperWords(g))
		}
		return strings.Join(all, "; ")
	}
	if b, a := list(before.Papers), list(after.Papers); b != a {
		out = append(out, Change{Label: "Giấy tờ đã nhận", Before: b, After: a})
	}
	return out
}

// correct asks for the fields of this dossier, in the order of the paper.
func correct(p *Presenter) []kit.Section {
	in, v := p.o.Dossier.Intake, p.typed()
	line := func(key, label string, need bool, least float32) kit.Field {
		return kit.Field{Key: key, Label: label, Need: need, Min: least, Weight: 1}
	}
	day := func(key, label string, need bool) kit.Field {
		return kit.Field{Key: key, Label: label, Kind: kit.Date, Need: need, Min: 150}
	}
	figure := func(key string, need bool) kit.Field {
		return kit.Field{Key: key, Label: "Số định danh cá nhân", Kind: kit.Figure, Need: need, Min: 190}
	}
	sex := func(key string) kit.Field {
		return kit.Field{Key: key, Label: "Giới tính", Kind: kit.Pick, Options: options(dossier.Male, dossier.Female)}
	}
	var out []kit.Section
	switch in.Requester.Kind {
	case dossier.Agency, dossier.Organization:
		first := kit.Section{Title: "Cơ quan đề nghị", Rows: [][]kit.Field{long("agency.name", "Tên cơ quan, tổ chức", true)}}
		bearer := kit.Section{Title: "Người đến nộp"}
		if in.Requester.Kind == dossier.Agency {
			first.Rows = append(first.Rows, []kit.Field{line("agency.document", "Số, ký hiệu văn bản", true, 150), day("agency.document-date", "Ngày văn bản", true)})
		} else {
			first.Title, bearer.Title = "Tổ chức đề nghị", "Người đại diện"
			first.Rows = append(first.Rows, []kit.Field{line("agency.code", "Mã định danh, mã số", true, 150)})
		}
		first.Rows = append(first.Rows, long("agency.address", "Địa chỉ", true), []kit.Field{line("agency.phone", "Điện thoại", false, 150)})
		bearer.Rows = [][]kit.Field{{line("person.name", "Họ và tên", false, 180), figure("person.number", false)},
			{line("agency.position", "Chức vụ", false, 150), line("person.phone", "Điện thoại", false, 150)}}
		out = append(out, first, bearer)
	default:
		first := kit.Section{Title: "Người đề nghị"}
		id := figure("person.number", true)
		if in.Requester.Kind == dossier.Foreigner {
			id = line("person.passport", "Số hộ chiếu", true, 150)
		}
		first.Rows = [][]kit.Field{{line("person.name", "Họ và tên", true, 180), id}, {day("person.born", "Ngày sinh", true), sex("person.sex"), line("person.phone", "Điện thoại", false, 130)},
			long("person.address", "Nơi cư trú", true), {line("person.email", "Thư điện tử", false, 150)}}
		out = append(out, first)
		if p.represented(v) {
			out = append(out, kit.Section{Title: "Người đại diện", Rows: [][]kit.Field{{line("representative.name", "Họ và tên", false, 180), figure("representative.number", false)},
				{line("representative.phone", "Điện thoại", false, 150), line("relation", "Quan hệ với người được đại diện", false, 150)}}})
		}
	}
	if in.Requester.Kind == dossier.Agency {
		about := kit.Section{Title: "Người bị đề nghị", Rows: [][]kit.Field{{line("subject.name", "Họ và tên", true, 180), figure("subject.number", false)},
			{day("subject.born", "Ngày sinh", false), sex("subject.sex"), line("subject.passport", "Số hộ chiếu", false, 130)}, long("subject.address", "Nơi cư trú", false)}}
		if in.SubjectOrg != (dossier.Office{}) {
			about = kit.Section{Title: "Tổ chức bị đề nghị", Rows: [][]kit.Field{long("subject-org.name", "Tên tổ chức", true), {line("subject-org.code", "Mã định danh", true, 150)}}}
		}
		out = append(out, about)
	}
	content := kit.Section{Title: "Nội dung đề nghị"}
	if grounds := p.o.Case.Grounds; len(grounds) > 1 {
		var all []kit.Option
		for _, g := range grounds {
			all = append(all, kit.Option{Value: g.Key, Title: g.Wording, Sub: g.Citation})
		}
		content.Rows = append(content.Rows, []kit.Field{{Key: "ground", Kind: kit.Pick, Need: true, Label: "Căn cứ", Options: all, Columns: 1}})
	}
	if p.o.Procedure.Form == "tk03" || in.Reason+in.Term != "" {
		content.Rows = append(content.Rows, []kit.Field{{Key: "reason", Kind: kit.Lines, Label: "Lý do đề nghị"}})
		if in.Requester.Kind == dossier.Agency {
			content.Rows = append(content.Rows, []kit.Field{line("term", "Thời hạn khóa", false, 150)})
		}
	}
	content.Rows = append(content.Rows, long("return-place", "Nơi trả kết quả", false), []kit.Field{line("national-code", "Mã hồ sơ trên hệ thống quốc gia", false, 150)},
		[]kit.Field{{Key: "note", Kind: kit.Lines, Label: "Ghi chú"}})
	list := kit.Section{Title: "Giấy tờ đã nhận"}
	for _, g := range p.held() {
		list.Rows = append(list.Rows, counted(g.key, g.Title))
	}
	out = append(out, content)
	if list.Rows != nil {
		out = append(out, list)
	}
	return append(out, kit.Section{Title: "Lý do", Rows: [][]kit.Field{{{Key: "why", Kind: kit.Lines, Need: true, Label: "Lý do đính chính"}}}})
}

// represented tells whether a representative is asked for: there is one, or the day of birth as typed makes a child of the person.
func (p *Presenter) represented(v map[string]string) bool {
	in := p.o.Dossier.Intake
	if in.Requester.Representative != (dossier.Person{}) {
		return true
	}
	born, err := dossier.ParseDate(v["person.born"])
	day := dossier.DateOf(in.ReceivedAt)
	return err == nil && born.Valid() && !day.Before(born) && day.Before(dossier.Date{Year: born.Year + 14, Month: born.Month, Day: born.Day})
}

// held are the papers that can be counted anew: those handed in, and what else the case knows.
func (p *Presenter) held() []paperRow {
	out := slices.Clone(p.o.Dossier.Intake.Papers)
	for _, r := range p.o.Case.Papers {
		if !slices.ContainsFunc(out, func(g dossier.Paper) bool { return g.Key == r.Key }) {
			out = append(out, dossier.Paper{Key: r.Key, Title: r.Title})
		}
	}
	return paperRows(out)
}

func correctBegin(p *Presenter) map[string]string {
	in := p.o.Dossier.Intake
	out := map[string]string{}
	for _, s := range spots {
		out[s.key] = s.get(&in)
	}
	for _, g := range p.held() {
		out[g.key+".o"], out[g.key+".c"] = number(g.Originals), number(g.Copies)
	}
	if wish := p.o.Summary.SentBack; wish != "" {
		out["why"] = "Theo yêu cầu của " + p.Upstream() + ": " + wish
	}
	return out
}

// correctBody puts what was changed on top of what the dossier is now: what another PC mended meanwhile stays mended.
func correctBody(p *Presenter, v map[string]string) (any, dossier.Problems) {
	before := p.o.Dossier.Intake
	after := before
	var ps dossier.Problems
	touched := func(key string) bool { return p.sheets.changed(p.id, dossier.Corrected, key) }
	for _, s := range spots {
		switch {
		case !touched(s.key):
		case s.day == nil:
			*s.at(&after) = v[s.key]
		case v[s.key] == "":
			*s.day(&after) = dossier.Date{}
		default:
			day, err := dossier.ParseDate(v[s.key])
			if err != nil || !day.Valid() {
				ps = append(ps, dossier.Invalid(s.key, "date.format")...)
				continue
			}
			*s.day(&after) = day
		}
	}
	b := &dossier.Correct{Why: v["why"]}
	if dossier.CleanMultiline(b.Why) == "" {
		ps = append(ps, dossier.Invalid("why", "reason.missing")...)
	}
	if after.Requester != before.Requester {
		b.Requester = &after.Requester
	}
	if after.Subject != before.Subject {
		b.Subject = &after.Subject
	}
	if after.SubjectOrg != before.SubjectOrg {
		b.SubjectOrg = &after.SubjectOrg
	}
	for key, to := range map[string]**string{"ground": &b.Ground, "reason": &b.Reason, "term": &b.Term, "return-place": &b.ReturnPlace,
		"national-code": &b.NationalCode, "note": &b.Note} {
		if touched(key) {
			*to = new(v[key])
		}
	}
	if slices.ContainsFunc(slices.Collect(maps.Keys(v)), func(key string) bool { return strings.HasPrefix(key, "n.") && touched(key) }) {
		b.Papers = []dossier.Paper{}
		for _, g := range p.held() {
			if touched(g.key+".o") || touched(g.key+".c") {
				var wrong dossier.Problems
				g.Originals, g.Copies, wrong = counts(v, g.key)
				ps = append(ps, wrong...)
			}
			if g.Originals+g.Copies > 0 {
				b.Papers = append(b.Papers, g.Paper)
			}
		}
	}
	if ps == nil && len(p.changes(b)) == 0 {
		ps = dossier.Invalid("", "correct.nothing")
	}
	return b, ps
}

// changes are what a correction would change now.
func (p *Presenter) changes(b *dossier.Correct) []Change {
	before := p.o.Dossier.Intake
	after := before
	set(&after.Requester, b.Requester)
	set(&after.Subject, b.Subject)
	set(&after.SubjectOrg, b.SubjectOrg)
	set(&after.Ground, b.Ground)
	set(&after.Reason, b.Reason)
	set(&after.Term, b.Term)
	set(&after.ReturnPlace, b.ReturnPlace)
	set(&after.NationalCode, b.NationalCode)
	set(&after.Note, b.Note)
	if b.Papers != nil {
		after.Papers = b.Papers
	}
	return changesOf(before, after, p.o.Procedure)
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
