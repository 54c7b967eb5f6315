package reception

import (
	"slices"
	"strconv"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// questions are what the form asks, in the order of the paper: they follow from the procedure and who asks, and from nothing else.
func (p *Presenter) questions() []kit.Section {
	out := []kit.Section{p.askProcedure()}
	out = append(out, p.askRequester()...)
	if s := p.askGround(); len(s.Rows) > 0 {
		out = append(out, s)
	}
	if p.theCase() != nil {
		out = append(out, kit.Section{Title: "Giấy tờ", Rows: [][]kit.Field{{{Key: "papers", Kind: kit.Custom}}}})
	}
	if s := p.askNational(); len(s.Rows) > 0 {
		out = append(out, s)
	}
	out = append(out, p.askChannel())
	if p.byHand {
		out = append(out, askWhen())
	}
	return out
}

func (p *Presenter) askProcedure() kit.Section {
	var options []kit.Option
	for i, one := range p.offered {
		key := ""
		if i < 9 {
			key = "Ctrl+" + strconv.Itoa(i+1)
		}
		options = append(options, kit.Option{Value: one.Key, Title: one.Title, Key: key})
	}
	return kit.Section{Title: "Thủ tục", Rows: [][]kit.Field{{{Key: "procedure", Kind: kit.Pick, Options: options, Columns: 2}}}}
}

// KindTitles are who may ask, as short as a button.
var KindTitles = map[dossier.RequesterKind]string{dossier.Citizen: "Công dân", dossier.Agency: "Cơ quan có thẩm quyền",
	dossier.Organization: "Tổ chức", dossier.Foreigner: "Người nước ngoài"}

func (p *Presenter) askRequester() []kit.Section {
	first := kit.Section{Title: "Người đề nghị"}
	if kinds := p.kinds(); len(kinds) > 1 {
		var options []kit.Option
		for _, k := range kinds {
			options = append(options, kit.Option{Value: string(k), Title: KindTitles[k]})
		}
		first.Rows = append(first.Rows, []kit.Field{{Key: "requester.kind", Label: "Đối tượng", Kind: kit.Pick, Options: options}})
	} else if len(kinds) == 1 && p.procedure() != nil && kinds[0] != dossier.Organization {
		first.Rows = append(first.Rows, []kit.Field{{Key: "refer", Kind: kit.Note,
			Help: "Chỉ nhận đề nghị của " + kinds[0].Title() + ". " + p.procedure().Refer}})
	}
	if cases := p.cases(); len(cases) > 1 {
		var options []kit.Option
		for _, c := range cases {
			options = append(options, kit.Option{Value: c.Key, Title: c.Title})
		}
		first.Rows = append(first.Rows, []kit.Field{{Key: "case", Label: "Trường hợp", Kind: kit.Pick, Options: options, Columns: 1}})
	}
	first.Rows = append(first.Rows, []kit.Field{{Key: "like", Kind: kit.Custom}})
	switch p.in.Requester.Kind {
	case dossier.Agency:
		first.Title = "Cơ quan đề nghị"
		first.Rows = append(first.Rows, []kit.Field{{Key: "secret", Kind: kit.Custom}})
		first.Rows = append(first.Rows, agency()...)
		return []kit.Section{first,
			{Title: "Người đến nộp", Rows: bearer(p.in.Channel == dossier.AtDesk || p.in.Channel == "")},
			{Title: "Người, tổ chức bị đề nghị", Rows: p.subject()}}
	case dossier.Organization:
		first.Title = "Tổ chức đề nghị"
		first.Rows = append(first.Rows, organization()...)
		director := bearer(true)
		director[1] = slices.Insert(director[1], 1, kit.Field{Key: "person.passport", Label: "Hộ chiếu (nếu có)", Min: 150})
		return []kit.Section{first, {Title: "Người đại diện", Rows: director}}
	}
	first.Rows = append(first.Rows, p.person()...)
	if p.minor() {
		return []kit.Section{first, {Title: "Người đại diện (người đề nghị dưới 14 tuổi)", Rows: representative()}}
	}
	first.Rows = append(first.Rows, []kit.Field{{Key: "ward", Kind: kit.Custom}})
	if p.in.Represented {
		return []kit.Section{first, {Title: "Người đại diện, người giám hộ", Rows: representative()}}
	}
	return []kit.Section{first}
}

var sexes = []kit.Option{{Value: dossier.Male, Title: dossier.Male}, {Value: dossier.Female, Title: dossier.Female}}

func (p *Presenter) person() [][]kit.Field {
	number := kit.Field{Key: "person.number", Label: "Số định danh cá nhân", Kind: kit.Figure, Need: true, Min: 165, Hint: "12 chữ số"}
	if p.in.Requester.Kind == dossier.Foreigner {
		number = kit.Field{Key: "person.passport", Label: "Số hộ chiếu", Need: true, Min: 190}
	}
	proc := p.procedure()
	phone := kit.Field{Key: "person.phone", Label: "Điện thoại", Min: 130, Weight: 1}
	if proc != nil && proc.Form == "tk01" {
		phone.Label, phone.Need = "Điện thoại chính chủ", !p.represented()
	}
	third := []kit.Field{{Key: "person.address", Label: "Nơi cư trú", Need: true, Min: 200, Weight: 1}}
	if p.in.Requester.Kind != dossier.Foreigner && otherNumber(p.in.Requester.Person) {
		third = append(third, kit.Field{Key: "person.old-number", Label: "CMND (nếu có)", Kind: kit.Figure, Min: 130, Hint: "9 chữ số"})
	}
	out := [][]kit.Field{
		{number, {Key: "person.name", Label: "Họ và tên", Need: true, Weight: 1}},
		{{Key: "person.born", Label: "Ngày sinh", Kind: kit.Date, Need: true, Min: 165}, {Key: "person.sex", Label: "Giới tính", Kind: kit.Pick, Options: sexes}, phone},
		third,
	}
	if proc != nil && proc.Form == "tk01" {
		out = append(out, []kit.Field{{Key: "person.email", Label: "Thư điện tử (nếu có)", Weight: 1}})
	}
	return out
}

func representative() [][]kit.Field {
	return [][]kit.Field{
		{{Key: "representative.number", Label: "Số định danh cá nhân", Kind: kit.Figure, Need: true, Min: 165, Hint: "12 chữ số"},
			{Key: "representative.name", Label: "Họ và tên", Need: true, Weight: 1}},
		{{Key: "representative.phone", Label: "Điện thoại chính chủ", Need: true, Min: 165},
			{Key: "relation", Label: "Quan hệ với người được đại diện", Need: true, Weight: 1, Hint: "cha, mẹ, người giám hộ…"}},
	}
}

func agency() [][]kit.Field {
	return [][]kit.Field{
		{{Key: "agency.name", Label: "Tên cơ quan", Need: true, Weight: 1}},
		{{Key: "agency.document", Label: "Số, ký hiệu văn bản đề nghị", Need: true, Min: 150, Weight: 1},
			{Key: "agency.document-date", Label: "Ngày văn bản", Kind: kit.Date, Need: true, Min: 165}},
		{{Key: "agency.address", Label: "Địa chỉ", Need: true, Min: 200, Weight: 1}, {Key: "agency.phone", Label: "Điện thoại", Min: 165}},
	}
}

func organization() [][]kit.Field {
	return [][]kit.Field{
		{{Key: "agency.name", Label: "Tên cơ quan, tổ chức", Need: true, Weight: 1}},
		{{Key: "agency.code", Label: "Mã định danh, mã số doanh nghiệp hoặc mã số thuế", Need: true, Min: 200, Weight: 1},
			{Key: "agency.phone", Label: "Điện thoại", Min: 165}},
		{{Key: "agency.address", Label: "Địa chỉ trụ sở", Need: true, Weight: 1}},
	}
}

// bearer is whoever stands at the desk for an agency or organization.
func bearer(need bool) [][]kit.Field {
	return [][]kit.Field{
		{{Key: "person.number", Label: "Số định danh cá nhân", Kind: kit.Figure, Min: 165, Hint: "12 chữ số"},
			{Key: "person.name", Label: "Họ và tên", Need: need, Weight: 1}},
		{{Key: "agency.position", Label: "Chức vụ", Min: 150, Weight: 1}, {Key: "person.phone", Label: "Điện thoại", Min: 165}},
	}
}

func (p *Presenter) subject() [][]kit.Field {
	account := p.in.Procedure == "lock-account" || p.in.Procedure == "unlock-account"
	var out [][]kit.Field
	if account {
		out = append(out, []kit.Field{{Key: "subject.kind", Kind: kit.Pick, Options: []kit.Option{
			{Value: "person", Title: "Cá nhân"}, {Value: "office", Title: "Tổ chức"}}}})
		if p.aboutOffice() {
			return append(out, []kit.Field{{Key: "subject-org.name", Label: "Tên tổ chức", Need: true, Min: 200, Weight: 1},
				{Key: "subject-org.code", Label: "Mã định danh", Need: true, Min: 180}})
		}
	}
	born := []kit.Field{{Key: "subject.born", Label: "Ngày sinh", Kind: kit.Date, Min: 165},
		{Key: "subject.sex", Label: "Giới tính", Kind: kit.Pick, Options: sexes}}
	address := kit.Field{Key: "subject.address", Label: "Nơi cư trú", Min: 130, Weight: 1}
	out = append(out, []kit.Field{
		{Key: "subject.number", Label: "Số định danh cá nhân", Kind: kit.Figure, Need: !account, Min: 165, Hint: "12 chữ số"},
		{Key: "subject.name", Label: "Họ và tên", Need: true, Weight: 1}})
	if !otherNumber(p.in.Subject) {
		return append(out, append(born, address))
	}
	old := kit.Field{Key: "subject.old-number", Label: "Hoặc số CMND", Kind: kit.Figure, Min: 130, Hint: "9 chữ số"}
	if account { // of foreigners too
		return append(out, append(born, old, kit.Field{Key: "subject.passport", Label: "Hoặc số hộ chiếu", Min: 110, Weight: 1}), []kit.Field{address})
	}
	return append(out, append(born, old), []kit.Field{address})
}

// otherNumber tells whether it is asked what other number somebody has: nobody with a personal number needs another one, but what a card
// gave is there to be seen and corrected.
func otherNumber(who dossier.Person) bool {
	return len(who.Number) != 12 || who.OldNumber != "" || who.Passport != ""
}

func (p *Presenter) askGround() kit.Section {
	s := kit.Section{Title: "Căn cứ và lý do"}
	c := p.theCase()
	if c == nil {
		return s
	}
	switch {
	case len(c.Grounds) > 1:
		var options []kit.Option
		for _, g := range c.Grounds {
			options = append(options, kit.Option{Value: g.Key, Title: g.Wording, Sub: g.Citation})
		}
		s.Rows = append(s.Rows, []kit.Field{{Key: "ground", Label: "Căn cứ", Need: true, Kind: kit.Pick, Options: options, Columns: 1}})
	case len(c.Grounds) == 1:
		s.Rows = append(s.Rows, []kit.Field{{Key: "the-ground", Label: "Căn cứ", Kind: kit.Note, Hint: c.Grounds[0].Wording + " (" + c.Grounds[0].Citation + ")"}})
	}
	if proc := p.procedure(); proc != nil && proc.Form == "tk03" {
		row := []kit.Field{{Key: "reason", Label: "Lý do đề nghị", Min: 200, Weight: 1}}
		if p.in.Requester.Kind == dossier.Agency && (proc.Key == "lock-account" || proc.Key == "lock-eid") {
			row = append(row, kit.Field{Key: "term", Label: "Thời hạn khóa (nếu văn bản nêu)", Min: 220})
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

var channelTitles = map[dossier.Channel]string{dossier.AtDesk: "Trực tiếp", dossier.Online: "Trực tuyến", dossier.ByPost: "Bưu chính"}

func (p *Presenter) askChannel() kit.Section {
	s := kit.Section{Title: "Hình thức nộp"}
	var row []kit.Field
	if channels := p.channels(); len(channels) > 1 {
		var options []kit.Option
		for _, c := range channels {
			options = append(options, kit.Option{Value: string(c), Title: channelTitles[c]})
		}
		row = append(row, kit.Field{Key: "channel", Label: "Nộp hồ sơ", Kind: kit.Pick, Options: options})
	}
	row = append(row, kit.Field{Key: "sets", Label: "Số bộ", Kind: kit.Figure, Min: 70})
	code := kit.Field{Key: "national-code", Label: "Mã hồ sơ trên hệ thống quốc gia (nếu có)", Min: 100, Weight: 1}
	if p.in.Channel == dossier.Online {
		code.Label, code.Need = "Mã hồ sơ trên hệ thống quốc gia", true
	}
	s.Rows = append(s.Rows, append(row, code), []kit.Field{{Key: "note", Label: "Ghi chú", Weight: 1}})
	if !p.byHand {
		s.Rows = append(s.Rows, []kit.Field{{Key: "when", Kind: kit.Custom}})
	}
	return s
}

// Answers on the national system.
const (
	answerDone  = "done"
	answerLater = "later"
)

// nationalVerb is what the desk can have done in the national system by the time it keeps the dossier: a citizen's own card locked or
// unlocked at once, or a request for an account entered there, which is its forwarding. An agency's request is weighed first.
func (p *Presenter) nationalVerb() dossier.Kind {
	c, proc := p.theCase(), p.procedure()
	switch {
	case c == nil || proc == nil:
		return ""
	case c.AtOnce():
		return dossier.Performed
	case proc.Form == "tk01" || proc.Form == "tk02":
		return dossier.Forwarded
	}
	return ""
}

// answers are the two words there are for it, done and not.
func (p *Presenter) answers() (done, later string) {
	switch {
	case p.nationalVerb() == dossier.Forwarded:
		return "Đã chuyển", "Chưa chuyển"
	case p.in.Procedure == "unlock-eid":
		return "Đã mở khóa xong", "Sẽ thực hiện sau"
	}
	return "Đã khóa xong", "Sẽ thực hiện sau"
}

// askNational asks what was done in the national system. Nothing is chosen beforehand: only what the officer says is kept.
func (p *Presenter) askNational() kit.Section {
	s := kit.Section{Title: "Xử lý trên hệ thống quốc gia"}
	if p.nationalVerb() == "" || p.slip == slipAsk || p.slip == slipRefuse {
		return s
	}
	done, later := p.answers()
	s.Rows = append(s.Rows, []kit.Field{{Key: "answer", Kind: kit.Pick, Columns: 2, Options: []kit.Option{
		{Value: answerDone, Title: done, Key: "Ctrl+D"}, {Value: answerLater, Title: later, Key: "Ctrl+U"}}}})
	if p.answer == answerDone && p.byHand {
		s.Rows = append(s.Rows, []kit.Field{{Key: "done-day", Label: "Thực hiện ngày", Kind: kit.Date, Min: 170},
			{Key: "done-time", Label: "Giờ", Min: 100, Hint: "15:30"}},
			[]kit.Field{{Key: "done-rule", Kind: kit.Note, Help: "Để trống nếu thực hiện ngay lúc tiếp nhận. Ghi đúng ngày, giờ trên hệ thống quốc gia."}})
	}
	if p.answer == answerDone {
		s.Rows = append(s.Rows, []kit.Field{{Key: "reference", Label: "Số tham chiếu trên hệ thống quốc gia (nếu có)", Weight: 1}})
	}
	return s
}

// askWhen asks when it was received, for what was taken down by hand while the PC could not be used.
func askWhen() kit.Section {
	return kit.Section{Title: "Thời điểm tiếp nhận", Rows: [][]kit.Field{
		{{Key: "when-rule", Kind: kit.Note, Help: "Chỉ dùng khi đã tiếp nhận bằng tay lúc mất điện hoặc hỏng máy, không quá 7 ngày. Ghi đúng ngày, giờ trên giấy đã viết cho người nộp; số hồ sơ và hẹn trả tính từ lúc đó."}},
		{{Key: "received-day", Label: "Ngày đã tiếp nhận", Kind: kit.Date, Need: true, Min: 170},
			{Key: "received-time", Label: "Giờ", Need: true, Min: 100, Hint: "15:30"}},
		{{Key: "when", Kind: kit.Custom}}}}
}

// slot is where a field of text is kept; nil for what is no text.
func (p *Presenter) slot(field string) *string {
	switch field {
	case "reference":
		return &p.reference
	case "answer":
		return &p.answer
	case "received-time":
		return &p.hour
	case "done-time":
		return &p.doneHour
	}
	return text(&p.in, field)
}

// text is where an intake keeps a field of text; nil for what is none.
func text(in *desk.Intake, field string) *string {
	r := &in.Requester
	switch field {
	case "person.name":
		return &r.Person.Name
	case "person.number":
		return &r.Person.Number
	case "person.old-number":
		return &r.Person.OldNumber
	case "person.passport":
		return &r.Person.Passport
	case "person.address":
		return &r.Person.Address
	case "person.phone":
		return &r.Person.Phone
	case "person.email":
		return &r.Person.Email
	case "person.sex":
		return &r.Person.Sex
	case "representative.name":
		return &r.Representative.Name
	case "representative.number":
		return &r.Representative.Number
	case "representative.phone":
		return &r.Representative.Phone
	case "relation":
		return &r.Relation
	case "agency.name":
		return &r.Agency.Name
	case "agency.code":
		return &r.Agency.Code
	case "agency.document":
		return &r.Agency.Document
	case "agency.position":
		return &r.Agency.Position
	case "agency.address":
		return &r.Agency.Address
	case "agency.phone":
		return &r.Agency.Phone
	case "subject.name":
		return &in.Subject.Name
	case "subject.number":
		return &in.Subject.Number
	case "subject.old-number":
		return &in.Subject.OldNumber
	case "subject.passport":
		return &in.Subject.Passport
	case "subject.sex":
		return &in.Subject.Sex
	case "subject.address":
		return &in.Subject.Address
	case "subject-org.name":
		return &in.SubjectOrg.Name
	case "subject-org.code":
		return &in.SubjectOrg.Code
	case "reason":
		return &in.Reason
	case "term":
		return &in.Term
	case "national-code":
		return &in.NationalCode
	case "note":
		return &in.Note
	case "ground":
		return &in.Ground
	case "case":
		return &in.Case
	case "procedure":
		return &in.Procedure
	}
	return nil
}

func (p *Presenter) day(field string) *dossier.Date {
	switch field {
	case "person.born":
		return &p.in.Requester.Person.Born
	case "subject.born":
		return &p.in.Subject.Born
	case "agency.document-date":
		return &p.in.Requester.Agency.DocumentDate
	case "received-day":
		return &p.received
	case "done-day":
		return &p.doneDay
	}
	return nil
}

var textFields = []string{"person.name", "person.number", "person.old-number", "person.passport", "person.address", "person.phone", "person.email", "person.sex",
	"representative.name", "representative.number", "representative.phone", "relation", "agency.name", "agency.code", "agency.document",
	"agency.position", "agency.address", "agency.phone", "subject.name", "subject.number", "subject.old-number", "subject.passport", "subject.sex",
	"subject.address", "subject-org.name", "subject-org.code", "reason", "term", "national-code", "note", "ground", "case", "procedure"}

var dayFields = []string{"person.born", "subject.born", "agency.document-date", "received-day", "done-day"}

func (p *Presenter) values() map[string]string {
	out := map[string]string{"requester.kind": string(p.in.Requester.Kind), "channel": string(p.in.Channel), "sets": p.sets, "subject.kind": "person",
		"answer": p.answer, "reference": p.reference, "received-time": p.hour, "done-time": p.doneHour}
	if p.aboutOffice() {
		out["subject.kind"] = "office"
	}
	for _, f := range textFields {
		out[f] = *text(&p.in, f)
	}
	for _, f := range dayFields {
		out[f] = p.days[f]
	}
	return out
}

func (p *Presenter) procedure() *dossier.Procedure {
	for _, one := range p.offered {
		if one.Key == p.in.Procedure {
			return one
		}
	}
	return nil
}

// kinds are who may ask for the chosen procedure; a citizen before one is chosen.
func (p *Presenter) kinds() []dossier.RequesterKind {
	proc := p.procedure()
	if proc == nil {
		return nil
	}
	var out []dossier.RequesterKind
	for _, k := range dossier.RequesterKinds {
		if slices.ContainsFunc(proc.Cases, func(c dossier.Case) bool { return c.Allows(k) }) {
			out = append(out, k)
		}
	}
	return out
}

func (p *Presenter) cases() []*dossier.Case {
	proc := p.procedure()
	if proc == nil {
		return nil
	}
	var out []*dossier.Case
	for i := range proc.Cases {
		if proc.Cases[i].Allows(p.in.Requester.Kind) {
			out = append(out, &proc.Cases[i])
		}
	}
	return out
}

func (p *Presenter) theCase() *dossier.Case {
	cases := p.cases()
	for _, c := range cases {
		if c.Key == p.in.Case {
			return c
		}
	}
	if len(cases) > 0 {
		return cases[0]
	}
	return nil
}

// channels are the ways in that any case for this requester accepts.
func (p *Presenter) channels() []dossier.Channel {
	c := p.theCase()
	if c == nil {
		return nil
	}
	return c.Channels
}

// fit changes what no longer goes with the procedure or requester; what was typed stays.
func (p *Presenter) fit() {
	if kinds := p.kinds(); slices.Contains(kinds, p.kind) {
		p.in.Requester.Kind = p.kind
	} else if len(kinds) > 0 && !slices.Contains(kinds, p.in.Requester.Kind) {
		p.in.Requester.Kind = kinds[0]
	}
	c := p.theCase()
	if c == nil {
		p.in.Case, p.in.Ground = "", ""
		return
	}
	p.in.Case = c.Key
	if !slices.Contains(c.Channels, p.in.Channel) {
		p.in.Channel = c.Channels[0]
	}
	if !slices.ContainsFunc(c.Grounds, func(g dossier.Ground) bool { return g.Key == p.in.Ground }) {
		p.in.Ground = ""
	}
	if len(c.Grounds) == 1 {
		p.in.Ground = c.Grounds[0].Key
	}
	p.in.Papers = slices.DeleteFunc(slices.Clone(p.in.Papers), func(g dossier.Paper) bool {
		return !slices.ContainsFunc(c.Papers, func(r dossier.PaperRule) bool { return r.Key == g.Key })
	})
	if p.allPapers { // F8 came before it was known which they are
		p.allPapers = false
		p.tickAll(c)
	}
	if asks := string(p.nationalVerb()) + p.in.Procedure; p.answered != asks { // what was said of locking is not said of unlocking
		p.answered, p.answer, p.reference = asks, "", ""
		p.doneDay, p.doneHour, p.days["done-day"] = dossier.Date{}, "", ""
		delete(p.dayWrong, "done-day")
	}
}

// minor tells whether the person is under 14 on the day of reception: then a representative comes with them. Who is not born yet is a slip
// of the pen, not a child.
func (p *Presenter) minor() bool {
	born, today := p.in.Requester.Person.Born, p.receptionDay()
	return p.ofPerson() && !born.IsZero() && !today.IsZero() && !today.Before(born) &&
		today.Before(dossier.Date{Year: born.Year + 14, Month: born.Month, Day: born.Day})
}

// ofPerson tells whether a person asks for themselves, or somebody for them.
func (p *Presenter) ofPerson() bool {
	return p.in.Requester.Kind == dossier.Citizen || p.in.Requester.Kind == dossier.Foreigner
}

// represented tells whether somebody speaks for the person: for a child always, for a ward when the officer says so.
func (p *Presenter) represented() bool { return p.minor() || p.ofPerson() && p.in.Represented }

func (p *Presenter) receptionDay() dossier.Date {
	if p.byHand && !p.received.IsZero() {
		return p.received
	}
	return p.today
}

func (p *Presenter) aboutOffice() bool {
	return p.in.SubjectOrg != dossier.Office{} || p.subjectOffice
}
