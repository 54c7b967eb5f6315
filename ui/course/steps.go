package course

import (
	"encoding/json"
	"strings"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Step is one act of the course.
type Step struct {
	Title    string
	When     string // when it took place, as the desk reckoned it
	Kept     string // what the clock said when it was written down, where that is another moment
	Who      string
	Where    string // on which PC
	Sent     string
	SentTone kit.Tone
	Detail   string
	Changes  []Change
	Mark     string // disputed, void …
	Sign     kit.Sign
	MarkTone kit.Tone
	Wish     string // upstream's about this act
}

// writtenLater is how far the clock may be from the moment of an act before both are shown.
const writtenLater = 5 * time.Minute

func (p *Presenter) step(s dossier.Step) Step {
	out := Step{Title: s.Kind.Title(), When: kit.Short(s.When()), Who: p.settings.OfficerOf(s.Crew, s.By).Name, Detail: detail(s), Changes: p.hidden(p.fixes[s.ID]), Wish: p.wishes[s.ID]}
	if !s.Kind.IsAct() {
		out.Title = "Thao tác chưa đọc được"
	}
	if d := s.At.Sub(s.When()); d > writtenLater {
		out.Kept = "Ghi vào máy lúc " + kit.Short(s.At)
	} else if d < -writtenLater {
		out.Kept = "Đồng hồ máy khi ghi: " + kit.Short(s.At)
	}
	switch whence, known := p.o.Whence[s.ID]; {
	case !known:
	case whence.Left:
		out.Where = "Máy này, trước khi khôi phục"
	case whence.Own:
		out.Where = "Máy này"
	case whence.Upstream:
		out.Where, out.Who = "Cấp trên", p.Upstream()
	default:
		out.Where = "Máy khác của trạm"
	}
	own := p.o.Whence[s.ID].Own && !p.o.Whence[s.ID].Left || len(p.o.Whence) == 0
	switch {
	case p.waiting[s.ID]:
		out.Sent, out.SentTone = "Chờ gửi", kit.Warn
	case own && p.certain:
		out.Sent, out.SentTone = "Đã gửi về "+p.Upstream(), kit.Good
	}
	switch s.Effect {
	case dossier.Disputed:
		out.Mark, out.MarkTone, out.Sign = "Trùng thao tác: chưa có hiệu lực", kit.Bad, kit.TwinSign
	case dossier.Held:
		out.Mark, out.MarkTone, out.Sign = "Tạm giữ: chờ xử lý trùng thao tác", kit.Warn, kit.TriangleSign
	case dossier.Waiting:
		out.Mark, out.MarkTone, out.Sign = "Chờ dữ liệu từ máy khác", kit.Warn, kit.RingSign
	case dossier.Void:
		out.Mark, out.MarkTone, out.Sign = "Không có hiệu lực", kit.Bad, kit.CrossSign
	}
	return out
}

// detail is what an act says beyond its name.
func detail(s dossier.Step) string {
	if s.Purged {
		return "Nội dung đã xóa theo quyết định lưu trữ."
	}
	body := dossier.NewBody(s.Kind)
	if body == nil || json.Unmarshal(s.Body, body) != nil {
		return ""
	}
	label := func(l, text string) string {
		if text == "" {
			return ""
		}
		return l + text
	}
	titles := func(papers []dossier.Paper) string {
		var out []string
		for _, g := range papers {
			out = append(out, paperWords(g))
		}
		return strings.Join(out, "; ")
	}
	switch b := body.(type) {
	case *dossier.Receive:
		return label("Hẹn trả: ", kit.Moment(b.Due.At))
	case *dossier.Refuse:
		return b.Why
	case *dossier.AskPapers:
		return join("\n", b.Why, titles(b.Papers))
	case *dossier.AddPapers:
		return join("\n", titles(b.Papers), label("Hẹn trả: ", kit.Moment(b.Due.At)))
	case *dossier.HandOver:
		return join("\n", b.From+" giao "+b.To, b.Note)
	case *dossier.Forward:
		return join("\n", "Đã chuyển "+b.To, label("Mã tham chiếu: ", b.Reference))
	case *dossier.Perform:
		return join("\n", b.Result, label("Mã tham chiếu: ", b.Reference))
	case *dossier.Decision:
		answer := "Đồng ý"
		if !b.Approved {
			answer = "Từ chối: " + b.Why
		}
		return join("\n", answer, join(" ngày ", b.Document, b.Date.String()), b.By)
	case *dossier.Reschedule:
		return join("\n", "Hẹn lại: "+kit.Moment(b.Due.At), b.Why, label("Trưởng Công an cho phép: ", b.Override))
	case *dossier.Notify:
		return join("\n", join(", ", "Báo "+b.To, b.How), b.Note)
	case *dossier.HandBack:
		return join("\n", "Người nhận: "+b.To, label("Giấy tờ: ", b.Paper), b.Note)
	case *dossier.Reason:
		return b.Why
	case *dossier.Correct:
		return label("Lý do: ", b.Why)
	case *dossier.Resolve:
		return label("Lý do: ", b.Why)
	}
	return ""
}
