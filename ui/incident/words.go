package incident

import (
	"fmt"
	"strings"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// unchecked marks what nobody has compared with the law's own text.
const unchecked = "chưa đối chiếu"

// deadline says until when somebody is to be told, and how much of that is left.
func deadline(i dossier.Incident, now time.Time) *Alert {
	due := i.Deadline()
	switch {
	case due.IsZero():
		return &Alert{kit.Warn, "Thời hạn thông báo: " + unchecked + "."}
	case now.After(due):
		return &Alert{kit.Bad, "Đã quá hạn thông báo theo luật: " + kit.Moment(due) + "."}
	}
	return &Alert{kit.Warn, "Hạn thông báo theo luật: trước " + kit.Moment(due) + " (còn " + left(now, due) + ")."}
}

// left is a time that runs out, in hours while there are not many.
func left(now, due time.Time) string {
	if d := due.Sub(now); d >= time.Hour && d <= 4*24*time.Hour {
		return fmt.Sprintf("%d giờ", int(d.Hours()))
	}
	return kit.Span(now, due)
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

func joined(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "; ") + "."
}

func some(n int, of string) string {
	if n == 0 {
		return ""
	}
	return thousands(n) + " " + of
}

// stroke is a count in a table.
func stroke(n int) string {
	if n == 0 {
		return "–"
	}
	return thousands(n)
}

// parts are the report as it is read on the screen, in the order of the paper.
func (p *Presenter) parts(i dossier.Incident) []Part {
	return []Part{p.duties(i), steps(i), data(i), elsewhere(i), p.past(i)}
}

func (p *Presenter) duties(i dossier.Incident) Part {
	out := Part{Title: "Phải báo cho ai, trước khi nào", Note: "Nội dung, mẫu thông báo và đơn vị nhận cụ thể: " + unchecked + "."}
	for _, d := range i.Duties {
		whom, source := d.Whom, d.Source
		if whom == "" {
			whom = "nơi nhận: " + unchecked
		}
		if source == "" {
			source = "căn cứ: " + unchecked
		}
		label := "Thời hạn: " + unchecked
		if due := d.Due(i.Noticed); !due.IsZero() {
			label = fmt.Sprintf("Trước %s (%d giờ)", due.In(dossier.Hanoi).Format("15:04 02/01/2006"), d.Hours)
		}
		out.Facts = append(out.Facts, Fact{label, joined(d.What, whom, source)})
	}
	return out
}

func steps(i dossier.Incident) Part {
	out := Part{Title: "Làm ngay (hướng dẫn của chương trình)"}
	for n, step := range i.Steps() {
		out.Facts = append(out.Facts, Fact{fmt.Sprintf("Việc %d", n+1), kit.Say(step)})
	}
	return out
}

func data(i dossier.Incident) Part {
	out := Part{Title: "Dữ liệu trên máy"}
	add := func(label, text string) { out.Facts = append(out.Facts, Fact{label, text}) }
	dossiers := thousands(i.Dossiers) + " hồ sơ"
	if !i.From.IsZero() {
		dossiers += ", tiếp nhận từ " + i.From.String() + " đến " + i.To.String()
	}
	if !i.Own {
		dossiers = "máy đó có thể giữ mọi hồ sơ của trạm đến lần trao đổi dữ liệu cuối, nhiều nhất là " + dossiers
	}
	add("Hồ sơ", joined(dossiers, some(i.Open, "đang giải quyết"), some(i.Agency, "đề nghị của cơ quan có thẩm quyền"), some(i.Purged, "đã xóa nội dung từ trước")))
	unnumbered := ""
	if i.Unnumbered > 0 {
		unnumbered = "trong đó " + thousands(i.Unnumbered) + " người chỉ có họ tên, ngày sinh"
	}
	add("Người khác nhau", joined(thousands(i.Persons)+" người theo số giấy tờ", unnumbered, some(i.Organizations, "tổ chức")))
	var kinds []string
	for n, d := range i.Data {
		title := d.Field.Title()
		if n > 0 {
			title = lower(title)
		}
		kinds = append(kinds, title+" "+thousands(d.Persons))
	}
	if len(kinds) > 0 {
		add("Loại dữ liệu, của bao nhiêu người", joined(kinds...))
	}
	safe := "Chưa rõ: xem trên máy đó."
	switch i.Store {
	case dossier.StoreEncrypted:
		safe = "Đã mã hóa toàn bộ; chỉ mở được bằng mật khẩu trên chính máy này, hoặc bằng phiếu khôi phục."
	case dossier.StorePlain:
		safe = "Chưa mã hóa: ai có máy đều đọc được."
	}
	add("Mã hóa", safe)
	accounts := "Chưa rõ: xem trên máy đó."
	switch {
	case len(i.Users) > 0:
		var names []string
		for _, u := range i.Users {
			names = append(names, string(u))
		}
		accounts = fmt.Sprintf("%d tài khoản: %s.", len(names), strings.Join(names, ", "))
	case i.Own:
		accounts = "Không có: máy mở được không cần mật khẩu."
	}
	add("Tài khoản", accounts)
	backup := "Nhật ký chưa ghi lần sao lưu nào."
	if b := i.Backup; b != nil {
		to := map[string]string{dossier.PlaceOwn: "chính máy đó", dossier.PlaceSecond: "nơi lưu thứ hai", dossier.PlaceStick: "USB"}[b.To]
		if to == "" {
			to = b.To
		}
		backup = kit.Moment(b.At) + ", ở " + to
		if b.Proved {
			backup += ", đã thử khôi phục"
		}
		backup += "."
	}
	add("Bản sao lưu gần nhất", backup)
	return out
}

func elsewhere(i dossier.Incident) Part {
	out := Part{Title: "Phần còn ở nơi khác, phần có thể mất"}
	held := fmt.Sprintf("Đã có biên nhận %s trên %s thao tác của máy", thousands(i.Held), thousands(i.Written))
	if i.Receipt != nil {
		held += ", biên nhận gần nhất số " + i.Receipt.Number + " lúc " + kit.Short(i.Receipt.At)
	}
	out.Facts = append(out.Facts, Fact{"Cấp trên", held + "."})
	missing := "Không có thao tác nào."
	switch {
	case !i.Own:
		missing = "Những gì máy đó ghi sau lần trao đổi dữ liệu cuối; máy này không biết."
	case i.Waiting() > 0:
		missing = thousands(i.Waiting()) + " thao tác"
		if !i.Oldest.IsZero() {
			missing += ", cũ nhất lúc " + kit.Short(i.Oldest)
		}
		missing += "."
	}
	out.Facts = append(out.Facts, Fact{"Chưa có ở cấp trên", missing})
	if i.Sisters > 0 {
		out.Facts = append(out.Facts, Fact{"Máy khác của trạm", fmt.Sprintf("%d máy, có thể đang giữ những gì đã trao đổi qua mạng nội bộ hoặc USB.", i.Sisters)})
	}
	return out
}

func (p *Presenter) past(i dossier.Incident) Part {
	out := Part{Title: "Đã làm trên máy từ " + kit.Moment(i.Since) + " đến lúc lập", None: "Nhật ký không ghi việc đăng nhập, tra cứu, in, xuất nào."}
	line := func(who string, one dossier.IncidentPast) {
		exports := stroke(one.Exports)
		if one.Exports > 0 {
			exports += " (" + thousands(one.Rows) + " dòng)"
		}
		out.Past = append(out.Past, Past{who, stroke(one.SignIns), stroke(one.Failures), stroke(one.Looks), stroke(one.Reveals), stroke(one.Prints), exports})
	}
	for _, one := range i.Past {
		who := p.settings.OfficerOf(i.Crew, one.Who).Name
		if one.Who == "" {
			who = "(tên không có ở máy)"
		}
		line(who, one)
	}
	if len(i.Past) > 1 {
		line("Cộng", i.Total())
	}
	return out
}
