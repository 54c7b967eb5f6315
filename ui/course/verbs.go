package course

import (
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
	fields func(p *Presenter) [][]kit.Field
	begin  func(p *Presenter) map[string]string // what is filled in already
	body   func(p *Presenter, v map[string]string) (any, dossier.Problems)
}

func reason(label string) func(*Presenter) [][]kit.Field {
	return func(*Presenter) [][]kit.Field {
		return [][]kit.Field{{{Key: "why", Kind: kit.Lines, Need: true, Label: label}}}
	}
}

func reasonBody(_ *Presenter, v map[string]string) (any, dossier.Problems) {
	return &dossier.Reason{Why: v["why"]}, nil
}

func moment(p *Presenter) []kit.Field {
	return []kit.Field{{Key: "at-day", Kind: kit.Date, Label: "Ngày", Min: 135}, {Key: "at", Label: "Giờ (để trống: bây giờ)", Hint: "15:30", Min: 100, Weight: 1}}
}

// when is the moment typed in the two fields of moment; zero is now.
func when(p *Presenter, v map[string]string) (time.Time, dossier.Problems) {
	clock := strings.TrimSpace(v["at"])
	day := dossier.DateOf(p.Now())
	if v["at-day"] != "" {
		d, err := dossier.ParseDate(v["at-day"])
		if err != nil {
			return time.Time{}, dossier.Invalid("at-day", "date.format")
		}
		if d != day && clock == "" {
			return time.Time{}, dossier.Invalid("at", "ui.at-missing")
		}
		day = d
	}
	if clock == "" {
		return time.Time{}, nil
	}
	hour, err := dossier.ParseClock(clock)
	if err != nil {
		return time.Time{}, dossier.Invalid("at", "ui.at-missing")
	}
	return day.At(int(hour)/60, int(hour)%60), nil
}

// verbs in the order of a dossier's life. The keys never move: which of them work is what changes.
var verbs = []verb{
	{kind: dossier.AskedPapers, key: "1", title: "Yêu cầu bổ sung giấy tờ", say: "Ghi yêu cầu bổ sung",
		fields: reason("Giấy tờ cần bổ sung và lý do"),
		body: func(_ *Presenter, v map[string]string) (any, dossier.Problems) {
			return &dossier.AskPapers{Why: v["why"]}, nil
		}},
	{kind: dossier.AddedPapers, key: "2", title: "Nhận giấy tờ bổ sung", say: "Ghi nhận bổ sung", fields: func(p *Presenter) [][]kit.Field {
		var out [][]kit.Field
		if len(p.rules) > 0 {
			var options []kit.Option
			for _, r := range p.rules {
				options = append(options, kit.Option{Value: r.Key, Title: r.Title})
			}
			out = append(out, []kit.Field{{Key: "papers", Kind: kit.Ticks, Label: "Giấy tờ vừa nhận", Options: options}})
		}
		return append(out, []kit.Field{{Key: "other", Label: "Giấy tờ khác", Min: 120, Weight: 1}, {Key: "copies", Kind: kit.Figure, Label: "Số bản", Min: 70}})
	}, begin: func(*Presenter) map[string]string { return map[string]string{"copies": "1"} },
		body: func(p *Presenter, v map[string]string) (any, dossier.Problems) {
			b := &dossier.AddPapers{}
			for _, r := range p.rules {
				for _, key := range strings.Split(v["papers"], ",") {
					if key == r.Key {
						b.Papers = append(b.Papers, dossier.Paper{Key: r.Key, Title: r.Title, Originals: r.Originals, Copies: r.Copies})
					}
				}
			}
			if other := dossier.Clean(v["other"]); other != "" {
				n, err := strconv.Atoi(v["copies"])
				if err != nil || n < 1 || n > 99 {
					return nil, dossier.Invalid("copies", "papers.count")
				}
				b.Papers = append(b.Papers, dossier.Paper{Title: other, Copies: n})
			}
			return b, nil
		}},
	{kind: dossier.Forwarded, key: "3", title: "Chuyển cơ quan có thẩm quyền", say: "Ghi đã chuyển", fields: func(p *Presenter) [][]kit.Field {
		return [][]kit.Field{
			{{Key: "help", Kind: kit.Note, Hint: "Ghi việc đã chuyển đề nghị trên hệ thống quốc gia. Đây không phải là gửi dữ liệu về cấp trên."}},
			{{Key: "to", Label: "Nơi nhận", Need: true}},
			{{Key: "reference", Label: "Mã tham chiếu trên hệ thống quốc gia"}}, moment(p)}
	}, begin: func(p *Presenter) map[string]string { return map[string]string{"to": p.authority} },
		body: func(p *Presenter, v map[string]string) (any, dossier.Problems) {
			at, ps := when(p, v)
			return &dossier.Forward{To: v["to"], Reference: dossier.Clean(v["reference"]), At: at}, ps
		}},
	{kind: dossier.Performed, key: "4", title: "Thực hiện ngay", say: "Ghi đã thực hiện", fields: func(p *Presenter) [][]kit.Field {
		return [][]kit.Field{{{Key: "result", Label: "Kết quả"}}, {{Key: "reference", Label: "Mã tham chiếu trên hệ thống quốc gia"}}, moment(p)}
	}, body: func(p *Presenter, v map[string]string) (any, dossier.Problems) {
		at, ps := when(p, v)
		return &dossier.Perform{At: at, Reference: dossier.Clean(v["reference"]), Result: dossier.Clean(v["result"])}, ps
	}},
	{kind: dossier.Decided, key: "5", title: "Ghi kết quả phê duyệt", say: "Ghi kết quả", fields: func(p *Presenter) [][]kit.Field {
		out := [][]kit.Field{
			{{Key: "approved", Kind: kit.Pick, Label: "Kết quả", Need: true, Options: []kit.Option{{Value: "yes", Title: "Đồng ý"}, {Value: "no", Title: "Từ chối"}}}},
			{{Key: "document", Label: "Số văn bản hoặc mã", Need: true, Min: 120, Weight: 1}, {Key: "date", Kind: kit.Date, Label: "Ngày văn bản", Need: true, Min: 135}},
			{{Key: "by", Label: "Cơ quan phê duyệt", Need: true}}}
		if p.forms[dossier.Decided]["approved"] == "no" {
			out = append(out, []kit.Field{{Key: "why", Kind: kit.Lines, Need: true, Label: "Lý do từ chối"}})
		}
		return out
	}, begin: func(p *Presenter) map[string]string {
		return map[string]string{"approved": "yes", "by": p.authority, "date": dossier.DateOf(p.Now()).String()}
	}, body: func(p *Presenter, v map[string]string) (any, dossier.Problems) {
		d, err := dossier.ParseDate(v["date"])
		if err != nil {
			return nil, dossier.Invalid("date", "date.format")
		}
		b := &dossier.Decision{Approved: v["approved"] != "no", Document: v["document"], Date: d, By: v["by"]}
		if !b.Approved {
			b.Why = v["why"]
		}
		return b, nil
	}},
	{kind: dossier.Notified, key: "6", title: "Thông báo", say: "Ghi đã thông báo", fields: func(*Presenter) [][]kit.Field {
		return [][]kit.Field{{{Key: "to", Label: "Người được thông báo", Need: true}}, {{Key: "how", Label: "Hình thức", Hint: "Điện thoại, văn bản …"}},
			{{Key: "note", Label: "Nội dung"}}}
	}, begin: func(p *Presenter) map[string]string {
		return map[string]string{"to": p.o.Dossier.Intake.Requester.Name()}
	}, body: func(_ *Presenter, v map[string]string) (any, dossier.Problems) {
		return &dossier.Notify{To: v["to"], How: dossier.Clean(v["how"]), Note: dossier.Clean(v["note"])}, nil
	}},
	{kind: dossier.HandedBack, key: "7", title: "Trả kết quả", say: "Ghi đã trả kết quả", fields: func(*Presenter) [][]kit.Field {
		return [][]kit.Field{{{Key: "to", Label: "Người nhận kết quả", Need: true}}, {{Key: "paper", Label: "Giấy tờ người nhận xuất trình"}}, {{Key: "note", Label: "Ghi chú"}}}
	}, begin: func(p *Presenter) map[string]string {
		return map[string]string{"to": p.o.Dossier.Intake.Requester.Person.Name}
	}, body: func(_ *Presenter, v map[string]string) (any, dossier.Problems) {
		return &dossier.HandBack{To: v["to"], Paper: dossier.Clean(v["paper"]), Note: dossier.Clean(v["note"])}, nil
	}},
	{kind: dossier.HandedOver, key: "8", title: "Bàn giao hồ sơ", say: "Ghi bàn giao", fields: func(*Presenter) [][]kit.Field {
		return [][]kit.Field{{{Key: "from", Label: "Người giao", Need: true}}, {{Key: "to", Label: "Người nhận", Need: true}}, {{Key: "note", Label: "Ghi chú"}}}
	}, begin: func(p *Presenter) map[string]string { return map[string]string{"from": p.officer} },
		body: func(_ *Presenter, v map[string]string) (any, dossier.Problems) {
			return &dossier.HandOver{From: v["from"], To: v["to"], Note: dossier.Clean(v["note"])}, nil
		}},
	{kind: dossier.Withdrawn, key: "9", title: "Công dân rút hồ sơ", say: "Ghi rút hồ sơ", fields: reason("Lý do rút"), body: reasonBody},
	{kind: dossier.Stopped, key: "0", title: "Dừng giải quyết", say: "Ghi dừng giải quyết", look: kit.Danger, fields: reason("Lý do dừng"), body: reasonBody},
	{kind: dossier.Annulled, key: "Delete", title: "Hủy hồ sơ (nhầm, trùng)", say: "Hủy hồ sơ", look: kit.Danger,
		fields: func(*Presenter) [][]kit.Field {
			return [][]kit.Field{{{Key: "help", Kind: kit.Note, Hint: "Chỉ hủy khi tiếp nhận trùng hoặc nhầm, theo ý kiến của Trưởng công an. Số hồ sơ vẫn giữ, ghi “đã hủy”."}},
				{{Key: "why", Kind: kit.Lines, Need: true, Label: "Lý do hủy"}}}
		}, body: reasonBody},
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

// forbidden says why a verb cannot be done now, "" if it can, and whether it is the status alone that does not allow it.
func (p *Presenter) forbidden(v *verb) (why string, byStatus bool) {
	if err := p.o.Dossier.Allowed(v.kind); err != nil {
		return kit.SayError(err), dossier.Code(err) == "act.not-allowed"
	}
	if v.kind == dossier.Performed && p.known && !p.atOnce {
		return assets.Word("perform.not-at-once", nil), false
	}
	return "", false
}
