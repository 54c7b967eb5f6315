package course

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// verb is one act offered here: its key, what it asks, and what it becomes.
type verb struct {
	kind   dossier.Kind
	key    string // with Ctrl
	title  string
	say    string // on the button of its form
	look   kit.Look
	wide   bool
	fields func(p *Presenter) []kit.Section
	begin  func(p *Presenter) map[string]string                          // what is filled in already
	change func(p *Presenter, v map[string]string, field string)         // what follows from a field just changed
	warn   func(p *Presenter, v map[string]string) (field, words string) // to look at, stopping nothing
	cards  func(p *Presenter) []Card                                     // acts to choose from
	body   func(p *Presenter, v map[string]string) (any, dossier.Problems)
	said   map[string]string // where a problem of the desk's field is said
}

// verbs are all acts of this screen. Their keys never move.
var verbs = []verb{
	{kind: dossier.AskedPapers, key: "1", title: "Yêu cầu bổ sung", say: "Ghi yêu cầu", fields: askPapers, body: askPapersBody},
	{kind: dossier.AddedPapers, key: "2", title: "Nhận bổ sung", say: "Nhận bổ sung", fields: addPapers, begin: addPapersBegin, body: addPapersBody},
	{kind: dossier.Forwarded, key: "3", title: "Chuyển cơ quan có thẩm quyền", say: "Ghi đã chuyển", fields: func(p *Presenter) []kit.Section {
		return rows(
			note("help", "Ghi việc đã chuyển đề nghị trên hệ thống quốc gia. Đây không phải là gửi dữ liệu về cấp trên."),
			long("to", "Nơi nhận", true),
			[]kit.Field{{Key: "reference", Label: "Mã tham chiếu trên hệ thống quốc gia"}}, moment())
	}, begin: func(p *Presenter) map[string]string { return map[string]string{"to": p.o.Procedure.Authority} },
		body: func(p *Presenter, v map[string]string) (any, dossier.Problems) {
			at, ps := when(p, v)
			return &dossier.Forward{To: v["to"], Reference: v["reference"], At: at}, ps
		}},
	{kind: dossier.Performed, key: "4", title: "Thực hiện ngay", say: "Ghi thực hiện", fields: func(p *Presenter) []kit.Section {
		return rows([]kit.Field{{Key: "result", Label: "Kết quả"}}, []kit.Field{{Key: "reference", Label: "Mã tham chiếu trên hệ thống quốc gia"}}, moment())
	}, begin: func(p *Presenter) map[string]string {
		return map[string]string{"result": map[string]string{"lock-eid": "Đã khóa căn cước điện tử", "unlock-eid": "Đã mở khóa căn cước điện tử"}[p.o.Procedure.Key]}
	}, body: func(p *Presenter, v map[string]string) (any, dossier.Problems) {
		at, ps := when(p, v)
		return &dossier.Perform{At: at, Reference: v["reference"], Result: v["result"]}, ps
	}},
	{kind: dossier.Decided, key: "5", title: "Ghi kết quả phê duyệt", say: "Ghi kết quả", fields: decide, begin: func(p *Presenter) map[string]string {
		return map[string]string{"approved": "yes", "by": p.o.Procedure.Authority, "date": dossier.DateOf(p.Now()).String()}
	}, body: decideBody},
	{kind: dossier.Notified, key: "6", title: "Thông báo", say: "Ghi thông báo", fields: notify, begin: notifyBegin, change: notifyChange, body: notifyBody},
	{kind: dossier.HandedBack, key: "7", title: "Trả kết quả", say: "Ghi đã trả", fields: handBack, begin: func(p *Presenter) map[string]string {
		return map[string]string{"to": p.o.Dossier.Intake.Requester.Person.Name}
	}, warn: handBackWarn, body: handBackBody},
	{kind: dossier.HandedOver, key: "8", title: "Bàn giao hồ sơ", say: "Ghi bàn giao", fields: handOver, begin: func(p *Presenter) map[string]string {
		return map[string]string{"from": p.officer}
	}, change: func(_ *Presenter, v map[string]string, field string) {
		if field == "ready" && v["ready"] != other {
			v["to"] = v["ready"]
		}
	}, body: func(_ *Presenter, v map[string]string) (any, dossier.Problems) {
		return &dossier.HandOver{From: v["from"], To: v["to"], Note: v["note"]}, nil
	}},
	{kind: dossier.Rescheduled, key: "H", title: "Xin lỗi và hẹn lại", say: "Ghi hẹn lại", fields: reschedule, begin: rescheduleBegin, change: rescheduleChange,
		body: rescheduleBody, said: map[string]string{"due": "due-day", "from": "from-day", "to": "to-day"}},
	{kind: dossier.Withdrawn, key: "9", title: "Rút hồ sơ", say: "Ghi rút hồ sơ", fields: reason("Lý do rút"), body: reasonBody},
	{kind: dossier.Stopped, key: "0", title: "Dừng giải quyết", say: "Ghi dừng", look: kit.Danger, fields: reason("Lý do dừng"), body: reasonBody},
	{kind: dossier.Corrected, key: "D", title: "Đính chính", say: "Xem lại nội dung sửa", wide: true, fields: correct, begin: correctBegin, body: correctBody},
	{kind: dossier.Resolved, key: "T", title: "Xử lý trùng thao tác", say: "Ghi xử lý", wide: true, fields: resolve, cards: disputeCards, body: resolveBody},
	{kind: dossier.Annulled, key: "Delete", title: "Hủy hồ sơ (nhầm, trùng)", say: "Hủy hồ sơ", look: kit.Danger,
		fields: func(*Presenter) []kit.Section {
			return rows(note("help", "Chỉ hủy khi tiếp nhận trùng hoặc nhầm, theo ý kiến của Trưởng Công an. Số hồ sơ vẫn giữ, ghi “đã hủy”."),
				[]kit.Field{{Key: "why", Kind: kit.Lines, Need: true, Label: "Lý do hủy"}},
				[]kit.Field{{Key: "chief", Need: true, Label: "Theo ý kiến của Trưởng Công an", Hint: "Họ và tên"}})
		}, begin: func(p *Presenter) map[string]string { return map[string]string{"chief": p.head} }, body: annulBody},
}

func verbOf(kind dossier.Kind) *verb {
	for i := range verbs {
		if verbs[i].kind == kind {
			return &verbs[i]
		}
	}
	return nil
}

// Cap is how the key of a verb is shown.
func (v *verb) Cap() string {
	if v.key == "Delete" {
		return "Ctrl+Del"
	}
	return "Ctrl+" + v.key
}

// fieldsOf are the keys of what its form asks now, in order.
func (v *verb) fieldsOf(p *Presenter) []string {
	var out []string
	for _, s := range v.fields(p) {
		for _, r := range s.Rows {
			for _, f := range r {
				if f.Kind != kit.Note {
					out = append(out, f.Key)
				}
			}
		}
	}
	return out
}

// place is which of these fields a problem of the desk is said at, "" for none of them.
func (v *verb) place(field string, shown []string) string {
	if to, ok := v.said[field]; ok {
		field = to
	}
	if slices.Contains(shown, field) {
		return field
	}
	if field == "papers" {
		if i := slices.IndexFunc(shown, func(k string) bool { return strings.HasPrefix(k, "n.") || k == "other" }); i >= 0 {
			return shown[i]
		}
	}
	return ""
}

// rows is a form of one section; an empty row is left out.
func rows(r ...[]kit.Field) []kit.Section {
	return []kit.Section{{Rows: slices.DeleteFunc(r, func(f []kit.Field) bool { return f == nil })}}
}

func note(key, words string) []kit.Field {
	return []kit.Field{{Key: key, Kind: kit.Note, Hint: words}}
}

// long is a paragraph that is seen whole, and that Enter leaves: names of authorities have eighty letters. The view makes its entry.
func long(key, label string, need bool) []kit.Field {
	return []kit.Field{{Key: key, Kind: kit.Custom, Label: label, Need: need, Weight: 1}}
}

// other is the option that opens a field for words of one's own.
const other = "other"

func options(titles ...string) []kit.Option {
	var out []kit.Option
	for _, t := range titles {
		out = append(out, kit.Option{Value: t, Title: t})
	}
	return out
}

func reason(label string) func(*Presenter) []kit.Section {
	return func(*Presenter) []kit.Section {
		return rows([]kit.Field{{Key: "why", Kind: kit.Lines, Need: true, Label: label}}, moment())
	}
}

func reasonBody(p *Presenter, v map[string]string) (any, dossier.Problems) {
	at, ps := when(p, v)
	return &dossier.Reason{Why: v["why"], At: at}, ps
}

// annulBody keeps whose word it was in the reason: the chief's alone annuls.
func annulBody(_ *Presenter, v map[string]string) (any, dossier.Problems) {
	var ps dossier.Problems
	why, chief := dossier.CleanMultiline(v["why"]), dossier.Clean(v["chief"])
	if why == "" {
		ps = append(ps, dossier.Invalid("why", "reason.missing")...)
	}
	if chief == "" {
		ps = append(ps, dossier.Invalid("chief", "annul.chief-missing")...)
	}
	return &dossier.Reason{Why: why + "\nTheo ý kiến của Trưởng Công an: " + chief + "."}, ps
}

// moment asks when an act took place that is written down later.
func moment() []kit.Field {
	return []kit.Field{{Key: "at-day", Kind: kit.Date, Label: "Thực hiện ngày", Min: 135}, {Key: "at", Label: "Giờ (để trống: bây giờ)", Hint: "15:30", Min: 100, Weight: 1}}
}

// when is the moment typed in the two fields of moment; zero is now.
func when(p *Presenter, v map[string]string) (time.Time, dossier.Problems) {
	return momentOf(v, "at-day", "at", dossier.DateOf(p.Now()))
}

// momentOf is a day and an hour as typed; zero without an hour, which another day must have.
func momentOf(v map[string]string, dayKey, hourKey string, today dossier.Date) (time.Time, dossier.Problems) {
	clock := strings.TrimSpace(v[hourKey])
	day := today
	if v[dayKey] != "" {
		d, err := dossier.ParseDate(v[dayKey])
		if err != nil || !d.Valid() {
			return time.Time{}, dossier.Invalid(dayKey, "date.format")
		}
		if d != today && clock == "" {
			return time.Time{}, dossier.Invalid(hourKey, "ui.at-missing")
		}
		day = d
	}
	if clock == "" {
		return time.Time{}, nil
	}
	hour, err := dossier.ParseClock(clock)
	if err != nil {
		return time.Time{}, dossier.Invalid(hourKey, "ui.at-missing")
	}
	return day.At(int(hour)/60, int(hour)%60), nil
}

func askPapers(p *Presenter) []kit.Section {
	var warning []kit.Field
	if n := p.o.Dossier.Supplements; n > 0 {
		warning = note("help", fmt.Sprintf("Hồ sơ đã được yêu cầu bổ sung %d lần. Từ lần thứ hai, hệ thống quốc gia đánh giá hồ sơ là quá hạn.", n))
	}
	var list []kit.Field
	if rules := p.o.Case.Papers; len(rules) > 0 {
		var all []kit.Option
		for _, r := range rules {
			all = append(all, kit.Option{Value: r.Key, Title: r.Title})
		}
		list = []kit.Field{{Key: "papers", Kind: kit.Ticks, Label: "Giấy tờ phải nộp bổ sung hoặc nộp lại", Options: all}}
	}
	return rows(warning, []kit.Field{{Key: "why", Kind: kit.Lines, Need: true, Label: "Nội dung cần bổ sung và lý do"}}, list,
		[]kit.Field{{Key: "other", Label: "Giấy tờ khác"}}, moment())
}

func askPapersBody(p *Presenter, v map[string]string) (any, dossier.Problems) {
	at, ps := when(p, v)
	b := &dossier.AskPapers{Why: v["why"], At: at}
	ticked := strings.Split(v["papers"], ",")
	for _, r := range p.o.Case.Papers {
		if slices.Contains(ticked, r.Key) {
			b.Papers = append(b.Papers, dossier.Paper{Key: r.Key, Title: r.Title, Originals: r.Originals, Copies: r.Copies})
		}
	}
	if title := dossier.Clean(v["other"]); title != "" {
		b.Papers = append(b.Papers, dossier.Paper{Title: title, Originals: 1})
	}
	return b, ps
}

// toCome are the papers that may come in later: what was asked for and what the case wants, each once.
func (p *Presenter) toCome() []paperRow {
	var out []dossier.Paper
	if a := p.o.Dossier.Asked; a != nil {
		out = slices.Clone(a.Papers)
	}
	for _, r := range p.o.Case.Papers {
		if !slices.ContainsFunc(out, func(g dossier.Paper) bool { return g.Key == r.Key }) {
			out = append(out, dossier.Paper{Key: r.Key, Title: r.Title})
		}
	}
	return paperRows(out)
}

// paperRow is one paper that is counted. Its key names the paper and not its place: another PC's paper may come between while one types.
type paperRow struct {
	dossier.Paper
	key string
}

func paperRows(papers []dossier.Paper) []paperRow {
	var out []paperRow
	for _, g := range papers {
		key := "n." + g.Key + " " + g.Title
		for slices.ContainsFunc(out, func(r paperRow) bool { return r.key == key }) {
			key += "+"
		}
		out = append(out, paperRow{g, key})
	}
	return out
}

// counted is a row for one paper with its originals and copies.
func counted(key, title string) []kit.Field {
	return append([]kit.Field{{Key: key + ".title", Kind: kit.Note, Hint: title, Min: 100, Weight: 1}}, figures(key)...)
}

func figures(key string) []kit.Field {
	return []kit.Field{{Key: key + ".o", Kind: kit.Figure, Label: "Bản chính", Min: 90}, {Key: key + ".c", Kind: kit.Figure, Label: "Bản sao", Min: 90}}
}

// counts are what was typed in a row of counted; nothing is none.
func counts(v map[string]string, key string) (originals, copies int, ps dossier.Problems) {
	number := func(field string) int {
		text := dossier.Clean(v[field])
		if text == "" {
			return 0
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 99 {
			ps = append(ps, dossier.Invalid(field, "papers.count")...)
		}
		return n
	}
	originals, copies = number(key+".o"), number(key+".c")
	return originals, copies, ps
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func addPapers(p *Presenter) []kit.Section {
	r := [][]kit.Field{note("help", "Thời gian chờ bổ sung không tính vào thời hạn; ngày hẹn trả được tính lại khi lưu.")}
	for _, g := range p.toCome() {
		row := counted(g.key, g.Title)
		r = append(r, row[:1], row[1:])
	}
	return rows(append(r, []kit.Field{{Key: "other", Label: "Giấy tờ khác"}}, figures("other"), moment())...)
}

func addPapersBegin(p *Presenter) map[string]string {
	out := map[string]string{}
	for _, g := range p.toCome() {
		out[g.key+".o"], out[g.key+".c"] = number(g.Originals), number(g.Copies)
	}
	return out
}

func addPapersBody(p *Presenter, v map[string]string) (any, dossier.Problems) {
	at, ps := when(p, v)
	b := &dossier.AddPapers{At: at}
	add := func(g dossier.Paper, key string) {
		var wrong dossier.Problems
		if g.Originals, g.Copies, wrong = counts(v, key); g.Originals+g.Copies > 0 {
			b.Papers = append(b.Papers, g)
		}
		ps = append(ps, wrong...)
	}
	for _, g := range p.toCome() {
		add(g.Paper, g.key)
	}
	if title := dossier.Clean(v["other"]); title != "" {
		had := len(b.Papers)
		if add(dossier.Paper{Title: title}, "other"); len(b.Papers) == had {
			ps = append(ps, dossier.Invalid("other.o", "papers.count")...)
		}
	}
	return b, ps
}

func decide(p *Presenter) []kit.Section {
	var why []kit.Field
	if p.typed()["approved"] == "no" {
		why = []kit.Field{{Key: "why", Kind: kit.Lines, Need: true, Label: "Lý do từ chối"}}
	}
	return rows(
		[]kit.Field{{Key: "approved", Kind: kit.Pick, Label: "Kết quả", Need: true, Options: []kit.Option{{Value: "yes", Title: "Đồng ý"}, {Value: "no", Title: "Từ chối"}}}},
		[]kit.Field{{Key: "document", Label: "Số văn bản hoặc mã", Need: true, Min: 120, Weight: 1}, {Key: "date", Kind: kit.Date, Label: "Ngày văn bản", Need: true, Min: 135}},
		long("by", "Cơ quan phê duyệt", true), why, moment())
}

func decideBody(p *Presenter, v map[string]string) (any, dossier.Problems) {
	at, ps := when(p, v)
	d, err := dossier.ParseDate(v["date"])
	if err != nil || !d.Valid() {
		ps = append(ps, dossier.Invalid("date", "date.format")...)
	}
	b := &dossier.Decision{Approved: v["approved"] != "no", Document: v["document"], Date: d, By: v["by"], At: at}
	if !b.Approved {
		b.Why = v["why"]
	}
	return b, ps
}

// who are the people and offices of a dossier by name, the one it is about before those who asked for it.
func (p *Presenter) who() []kit.Option {
	in := p.o.Dossier.Intake
	var out []kit.Option
	for _, x := range [][2]string{{in.Requester.Name(), "Bên đề nghị"}, {in.Requester.Person.Name, "Người đến nộp"}, {in.Requester.Representative.Name, "Người đại diện"},
		{in.Subject.Name, "Người bị đề nghị"}, {in.SubjectOrg.Name, "Tổ chức bị đề nghị"}} {
		if x[0] != "" && !slices.ContainsFunc(out, func(o kit.Option) bool { return o.Value == x[0] }) {
			out = append(out, kit.Option{Value: x[0], Title: x[0], Sub: x[1]})
		}
	}
	return out
}

// ways are how a notice is given, as a sentence has it.
var ways = []kit.Option{{Value: "điện thoại", Title: "Điện thoại"}, {Value: "văn bản", Title: "Văn bản"}, {Value: "tin nhắn VNeID", Title: "Tin nhắn VNeID"},
	{Value: "tin nhắn SMS", Title: "Tin nhắn SMS"}, {Value: "thư điện tử", Title: "Thư điện tử"}, {Value: "trực tiếp", Title: "Trực tiếp"}, {Value: other, Title: "Khác"}}

func notify(p *Presenter) []kit.Section {
	var whom []kit.Field
	if all := p.who(); len(all) > 1 {
		whom = []kit.Field{{Key: "whom", Kind: kit.Pick, Label: "Báo cho", Options: all, Columns: 1}}
	}
	var own []kit.Field
	if p.typed()["how"] == other {
		own = []kit.Field{{Key: "how-other", Label: "Hình thức khác", Need: true}}
	}
	return rows(whom, long("to", "Người được thông báo", true), []kit.Field{{Key: "how", Kind: kit.Pick, Label: "Hình thức", Need: true, Options: ways, Columns: 2}}, own,
		[]kit.Field{{Key: "note", Kind: kit.Lines, Label: "Nội dung"}})
}

func notifyBegin(p *Presenter) map[string]string {
	in := p.o.Dossier.Intake
	out := map[string]string{"to": in.Requester.Name(), "whom": in.Requester.Name()}
	if in.Requester.Person.Phone+in.Requester.Agency.Phone != "" {
		out["how"] = ways[0].Value
	}
	return out
}

func notifyChange(_ *Presenter, v map[string]string, field string) {
	if field == "whom" {
		v["to"] = v["whom"]
	}
}

func notifyBody(_ *Presenter, v map[string]string) (any, dossier.Problems) {
	how := v["how"]
	if how == other {
		if how = dossier.Clean(v["how-other"]); how == "" {
			return nil, dossier.Invalid("how-other", "notify.how-missing")
		}
	}
	return &dossier.Notify{To: v["to"], How: how, Note: v["note"]}, nil
}

func handBack(p *Presenter) []kit.Section {
	var own []kit.Field
	if p.typed()["paper"] == other {
		own = []kit.Field{{Key: "paper-other", Label: "Giấy tờ khác"}}
	}
	shown := append(options("Thẻ căn cước", "Căn cước điện tử (VNeID)", "Giấy giới thiệu", "Giấy ủy quyền", "Hộ chiếu"), kit.Option{Value: other, Title: "Khác"})
	return rows([]kit.Field{{Key: "to", Label: "Người nhận kết quả", Need: true}},
		[]kit.Field{{Key: "paper", Kind: kit.Pick, Label: "Giấy tờ người nhận xuất trình", Options: shown, Columns: 2}}, own,
		[]kit.Field{{Key: "number", Label: "Số giấy tờ (nếu ghi)"}}, []kit.Field{{Key: "note", Label: "Ghi chú"}})
}

// handBackWarn: who comes for it in place of those who asked shows a paper that allows it.
func handBackWarn(p *Presenter, v map[string]string) (field, words string) {
	to := dossier.Fold(dossier.Clean(v["to"]))
	in := p.o.Dossier.Intake
	for _, name := range []string{in.Requester.Person.Name, in.Requester.Representative.Name} {
		if to == "" || name != "" && to == dossier.Fold(name) {
			return "", ""
		}
	}
	return "to", assets.Word("return.other-person", nil)
}

func handBackBody(_ *Presenter, v map[string]string) (any, dossier.Problems) {
	paper := v["paper"]
	if paper == other {
		paper = v["paper-other"]
	}
	if n := dossier.Clean(v["number"]); n != "" {
		paper = join(" số ", dossier.Clean(paper), n)
	}
	return &dossier.HandBack{To: v["to"], Paper: paper, Note: v["note"]}, nil
}

// takers are whom a dossier may be handed over to: the other officers, the head, and who else has a step in the procedure.
func (p *Presenter) takers() []kit.Option {
	var out []kit.Option
	add := func(name, sub string) {
		if name != "" && name != p.typed()["from"] && !slices.ContainsFunc(out, func(o kit.Option) bool { return o.Value == name }) {
			out = append(out, kit.Option{Value: name, Title: name, Sub: sub})
		}
	}
	for _, o := range p.settings.Officers {
		add(o.Name, o.Title)
	}
	add(p.head, "Trưởng Công an")
	for _, s := range p.o.Case.Steps {
		if s.By != dossier.ByRequester {
			add(s.Who, "Bước "+s.Mark)
		}
	}
	return append(out, kit.Option{Value: other, Title: "Nơi khác"})
}

func handOver(p *Presenter) []kit.Section {
	return rows([]kit.Field{{Key: "from", Label: "Người giao", Need: true}},
		[]kit.Field{{Key: "ready", Kind: kit.Pick, Label: "Giao cho", Options: p.takers(), Columns: 1}},
		long("to", "Người nhận", true), []kit.Field{{Key: "note", Label: "Ghi chú"}})
}
