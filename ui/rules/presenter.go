// Package rules shows what the desk works by: a page per procedure with its papers, time limits and legal text, the calendar, and what is
// known to change.
package rules

import (
	"context"
	"fmt"
	"strings"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Rules(ctx context.Context) (desk.Rules, error)
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string)
}

// World is what surrounds this screen.
type World struct {
	Desk    Desk
	Threads kit.Threads
	Trouble func(err error, again func()) bool
	Begin   func(procedure string) // receives a dossier of it
	Back    func()
}

// State is all that the screen shows.
type State struct {
	Pages []Entry
	At    int
	Page  Page
	Wrong string
}

// Entry is one page in the list.
type Entry struct{ Title, Sub string }

// Page is one page to read.
type Page struct {
	Title, Sub string
	Procedure  string // it can be begun
	Parts      []Part
}

// Part is a panel of a page.
type Part struct {
	Title string
	Lines []Line
}

// Line is one thing a part says.
type Line struct {
	Label string // before it, "" for none
	Text  string
	Small string   // below: a source, a citation
	Mark  kit.Tone // how it is meant
	Shown bool     // Mark is shown
}

// Presenter knows the pages. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view  View
	rules desk.Rules
	pages []Page
	subs  []string
	at    int
	turn  int
	wrong string
	want  string // the procedure to show once it is known
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter { return &Presenter{World: w} }

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// Refresh reads the rules of today.
func (p *Presenter) Refresh() {
	p.turn++
	turn := p.turn
	p.Threads.Go(func() {
		r, err := p.Desk.Rules(context.Background())
		p.Threads.OnUI(func() {
			if turn != p.turn {
				return
			}
			p.wrong = ""
			if err != nil {
				if p.Trouble == nil || !p.Trouble(err, p.Refresh) {
					p.wrong = kit.SayError(err)
				}
				p.render()
				return
			}
			p.rules = r
			p.write()
			p.render()
		})
	})
}

// Open shows the page of a procedure, once it is known.
func (p *Presenter) Open(procedure string) {
	p.want = procedure
	p.choose()
	p.render()
}

func (p *Presenter) choose() {
	for i, one := range p.pages {
		if p.want != "" && one.Procedure == p.want {
			p.at, p.want = i, ""
		}
	}
}

// Select shows page i.
func (p *Presenter) Select(i int) {
	if i >= 0 && i < len(p.pages) {
		p.at = i
		p.render()
	}
}

// Start begins a dossier of the procedure shown.
func (p *Presenter) Start() {
	if p.at < len(p.pages) && p.pages[p.at].Procedure != "" {
		p.Begin(p.pages[p.at].Procedure)
	}
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Alt || e.Ctrl:
		return false
	case e.Key == "F9":
		p.Start()
	case e.Key == "Escape":
		p.Back()
	case e.Key == "Next": // Fyne's name for PageDown
		p.view.Focus("PageDown")
	case e.Key == "Prior":
		p.view.Focus("PageUp")
	default:
		return false
	}
	return true
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "Mũi tên lên, xuống", Does: "Chọn thủ tục, lịch"}, {Key: "PageUp, PageDown", Does: "Cuộn trang đang đọc"},
		{Key: "F9", Does: "Tiếp nhận hồ sơ của thủ tục đang đọc"}, {Key: "Esc", Does: "Quay lại"}}
}

func (p *Presenter) render() {
	if p.view == nil {
		return
	}
	s := State{At: p.at, Wrong: p.wrong}
	for i, one := range p.pages {
		s.Pages = append(s.Pages, Entry{kit.ShortTitle(one.Procedure, one.Title), p.subs[i]})
	}
	if p.at < len(p.pages) {
		s.Page = p.pages[p.at]
	}
	p.view.Show(s)
}

// write makes all pages.
func (p *Presenter) write() {
	p.pages, p.subs = nil, nil
	add := func(page Page, sub string) { p.pages, p.subs = append(p.pages, page), append(p.subs, sub) }
	for _, one := range p.rules.Offered {
		add(procedurePage(one), limits(one))
	}
	for _, y := range p.rules.Years {
		sub := "Nhà nước đã công bố"
		if !y.Official {
			sub = "Dự kiến, chưa công bố"
		}
		add(yearPage(y, p.rules), sub)
	}
	add(p.changes(), "Thủ tục, lịch nghỉ")
	p.at = min(p.at, len(p.pages)-1)
	p.choose()
}

// limits are how long the cases of a procedure take, each once.
func limits(p *dossier.Procedure) string {
	var out []string
	for _, c := range p.Cases {
		words := c.Limit.String()
		if c.AtOnce() {
			words = "giải quyết ngay"
		}
		if len(out) == 0 || out[len(out)-1] != words {
			out = append(out, words)
		}
	}
	return strings.Join(out, "; ")
}

func validity(p *dossier.Procedure) string {
	out := "Áp dụng từ " + p.From.String()
	if last := p.Last(); !last.IsZero() {
		out += " đến hết " + last.String()
	}
	return out + "."
}

func procedurePage(p *dossier.Procedure) Page {
	page := Page{Title: p.Title, Sub: validity(p), Procedure: p.Key}
	who := Part{Title: "Ai đề nghị, nộp ở đâu"}
	who.Lines = append(who.Lines, Line{Label: "Nơi thực hiện", Text: p.Executor}, Line{Label: "Thẩm quyền", Text: p.Authority}, Line{Label: "Lệ phí", Text: p.Fee})
	if p.Conditions != "Không" {
		who.Lines = append(who.Lines, Line{Label: "Điều kiện", Text: p.Conditions})
	}
	who.Lines = append(who.Lines, Line{Label: "Không thuộc thủ tục này", Text: p.Refer})
	page.Parts = append(page.Parts, who)
	for i := range p.Cases {
		page.Parts = append(page.Parts, casePart(&p.Cases[i]))
	}
	if len(p.Grounds) > 0 {
		g := Part{Title: "Các trường hợp luật quy định"}
		for _, one := range p.Grounds {
			text := one.Wording
			if one.Automatic {
				text += " (hệ thống tự thực hiện, không nhập tại đây)"
			}
			g.Lines = append(g.Lines, Line{Text: text, Small: one.Citation + trust(one.Evidence)})
		}
		page.Parts = append(page.Parts, g)
	}
	legal := Part{Title: "Căn cứ pháp lý"}
	for _, one := range p.Legal {
		legal.Lines = append(legal.Lines, Line{Text: one})
	}
	for _, one := range p.Published {
		legal.Lines = append(legal.Lines, Line{Label: "Công bố", Text: one})
	}
	if p.Code != "" {
		legal.Lines = append(legal.Lines, Line{Label: "Mã thủ tục", Text: p.Code})
	}
	legal.Lines = append(legal.Lines, Line{Label: "Nguồn", Text: p.Source + trust(p.Evidence)})
	page.Parts = append(page.Parts, legal)
	notes := Part{Title: "Ghi chú khi áp dụng"}
	for _, n := range p.Notes {
		notes.Lines = append(notes.Lines, Line{Text: n})
	}
	if len(p.Notes) > 0 {
		page.Parts = append(page.Parts, notes)
	}
	return page
}

// trust says how sure we are, where we are not.
func trust(e dossier.Evidence) string {
	switch e {
	case dossier.Inferred:
		return " (suy ra từ văn bản khác, chưa đối chiếu)"
	case dossier.FromMemory:
		return " (chưa đối chiếu văn bản)"
	}
	return ""
}

func casePart(c *dossier.Case) Part {
	part := Part{Title: c.Title}
	var who, how []string
	for _, r := range c.Requesters {
		who = append(who, r.Title())
	}
	for _, ch := range c.Channels {
		how = append(how, ch.Title())
	}
	limit := c.Limit.String()
	if !c.Own.IsZero() {
		limit += "; trong đó đơn vị chuyển đi trong " + c.Own.String()
	}
	part.Lines = append(part.Lines, Line{Label: "Đối tượng", Text: strings.Join(who, "; ")}, Line{Label: "Cách nộp", Text: strings.Join(how, "; ")},
		Line{Label: "Thời hạn", Text: limit})
	for i, r := range c.Papers {
		label := ""
		if i == 0 {
			label = "Giấy tờ nộp"
		}
		part.Lines = append(part.Lines, Line{Label: label, Text: r.Title, Small: wanted(r)})
	}
	for i, r := range c.Shown {
		label := ""
		if i == 0 {
			label = "Giấy tờ xuất trình"
		}
		part.Lines = append(part.Lines, Line{Label: label, Text: r.Title, Small: "đối chiếu rồi trả lại ngay"})
	}
	for _, s := range c.Steps {
		small := s.Who
		if t := s.Limit.String(); t != "" {
			small += "; " + t
		} else if s.Time != "" {
			small += "; " + s.Time
		}
		if s.Summary {
			small += "; tóm lược, không phải nguyên văn"
		}
		part.Lines = append(part.Lines, Line{Label: "Bước " + strings.TrimPrefix(s.Mark, "B"), Text: s.Text, Small: small})
	}
	part.Lines = append(part.Lines, Line{Label: "Kết quả", Text: c.Result})
	return part
}

func wanted(r dossier.PaperRule) string {
	var parts []string
	if r.Originals > 0 {
		parts = append(parts, fmt.Sprintf("%d bản chính", r.Originals))
	}
	if r.Copies > 0 {
		parts = append(parts, fmt.Sprintf("%d bản sao", r.Copies))
	}
	switch {
	case r.AnyOf != "":
		parts = append(parts, "chỉ cần một trong các giấy tờ này")
	case !r.Required:
		parts = append(parts, "nếu có")
	}
	return strings.Join(parts, ", ")
}

func yearPage(y dossier.YearDays, r desk.Rules) Page {
	page := Page{Title: fmt.Sprintf("Lịch nghỉ năm %d", y.Year), Sub: "Nhà nước đã công bố. Ngày hẹn trả được tính theo lịch này."}
	if !y.Official {
		page.Sub = "Lịch dự kiến: Nhà nước chưa công bố. Ngày hẹn trả rơi vào năm này được ghi là dự kiến."
	}
	off := Part{Title: "Ngày nghỉ"}
	for _, d := range y.Off {
		off.Lines = append(off.Lines, Line{Label: days(d), Text: d.Name, Small: strings.Trim(trust(d.Evidence), " ()")})
	}
	worked := Part{Title: "Ngày nghỉ cuối tuần phải làm bù"}
	for _, d := range y.Worked {
		worked.Lines = append(worked.Lines, Line{Label: days(d), Text: d.Name, Small: strings.Trim(trust(d.Evidence), " ()")})
	}
	page.Parts = append(page.Parts, off)
	if len(worked.Lines) > 0 {
		page.Parts = append(page.Parts, worked)
	}
	h := r.Hours
	desk := Part{Title: "Giờ làm việc của đơn vị", Lines: []Line{
		{Label: "Buổi sáng", Text: h.Morning[0].String() + " – " + h.Morning[1].String()},
		{Label: "Buổi chiều", Text: h.Afternoon[0].String() + " – " + h.Afternoon[1].String()},
		{Label: "Sáng thứ Bảy", Text: saturday(h)}, {Label: "Thứ Bảy làm bù", Text: yes(h.SwapSaturdays, "tính là ngày làm việc", "không tính là ngày làm việc")}}}
	if h.Cutoff != 0 {
		desk.Lines = append(desk.Lines, Line{Label: "Giờ chốt nhận", Text: "từ " + h.Cutoff.String() + " tính là nhận ngày làm việc sau"})
	}
	page.Parts = append(page.Parts, desk, Part{Title: "Nguồn", Lines: []Line{{Text: y.Source}}})
	return page
}

func yes(is bool, a, b string) string {
	if is {
		return a
	}
	return b
}

func saturday(h dossier.Hours) string {
	switch {
	case h.SaturdayMorning && h.SaturdayCounts:
		return "có tiếp nhận, tính là ngày làm việc"
	case h.SaturdayMorning:
		return "có tiếp nhận, không tính là ngày làm việc"
	}
	return "không tiếp nhận"
}

func days(d dossier.NamedDays) string {
	if d.From == d.To {
		return d.From.String()
	}
	return d.From.String()[:5] + " – " + d.To.String()
}

// changes are what is known to begin or to end.
func (p *Presenter) changes() Page {
	page := Page{Title: "Sắp thay đổi", Sub: "Những gì chương trình đã biết sẽ khác đi từ một ngày nào đó."}
	next := Part{Title: "Thủ tục"}
	for _, one := range p.rules.Coming {
		next.Lines = append(next.Lines, Line{Label: "Từ " + one.From.String(), Text: one.Title, Small: strings.Join(one.Published, "; ")})
	}
	for _, one := range p.rules.Offered {
		if last := one.Last(); !last.IsZero() {
			next.Lines = append(next.Lines, Line{Label: "Đến hết " + last.String(), Text: one.Title + " hết hiệu lực"})
		}
	}
	if len(next.Lines) == 0 {
		next.Lines = []Line{{Text: "Chưa có thủ tục nào được báo sẽ thay đổi."}}
	}
	year := Part{Title: "Lịch nghỉ"}
	for _, y := range p.rules.Years {
		if !y.Official && y.Year >= p.rules.Today.Year {
			year.Lines = append(year.Lines, Line{Label: fmt.Sprint(y.Year), Text: "Mới là dự kiến. Khi Nhà nước công bố, cần nhận lịch mới từ cấp trên hoặc cập nhật chương trình.", Mark: kit.Warn, Shown: true})
		}
	}
	if p.rules.Unknown > 0 {
		year.Lines = append(year.Lines, Line{Label: fmt.Sprint(p.rules.Unknown), Text: "Chưa có lịch. Hồ sơ có ngày hẹn trả sang năm này chưa tiếp nhận được cho đến khi nhận lịch mới từ cấp trên hoặc cập nhật chương trình.", Mark: kit.Warn, Shown: true})
	}
	page.Parts = []Part{next, year}
	if len(p.rules.Packs) > 0 {
		page.Parts = append(page.Parts, issued(p.rules.Packs, p.rules.Today))
	}
	return page
}

// issued are upstream's packs, with what became of each here.
func issued(packs []dossier.KeptPack, today dossier.Date) Part {
	part := Part{Title: "Cấp trên đã ban hành"}
	reached := map[dossier.PackKind]bool{} // the one in force: those behind it were replaced
	for _, k := range packs {
		name := "Bộ thủ tục"
		if k.Kind == dossier.PackCalendar {
			name = "Lịch nghỉ"
		}
		line := Line{Label: fmt.Sprintf("%s, bản %d", name, k.Version), Text: k.Title, Small: "Áp dụng từ " + k.From.String() + ". Bản trước, đã thay thế."}
		switch {
		case k.Refused != "":
			line.Mark, line.Shown = kit.Warn, true
			line.Small = "Không đọc được hoặc không đúng quy tắc nên không dùng; vẫn áp dụng bản trước. Vui lòng báo cấp trên ban hành lại."
		case !reached[k.Kind] && today.Before(k.From):
			line.Mark, line.Shown = kit.Info, true
			line.Small = "Đã nhận. Áp dụng từ " + k.From.String() + "; đến hết ngày trước đó vẫn theo bản đang áp dụng."
		case k.InForce:
			line.Mark, line.Shown = kit.Good, true
			line.Small = "Áp dụng từ " + k.From.String() + ". Đang áp dụng. Ngày hẹn đã in không thay đổi."
			reached[k.Kind] = true
		}
		part.Lines = append(part.Lines, line)
	}
	return part
}
