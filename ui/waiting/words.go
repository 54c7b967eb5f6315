package waiting

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Cause is why what waits is still here.
type Cause struct {
	Short string // for a column
	Text  string // whole sentences
	Next  string // when it goes next, for a column; "" if nobody knows
	Tone  kit.Tone
}

// PC is what one PC has written and what of it upstream has signed for.
type PC struct {
	Own                    bool
	Name                   string
	Written, Held, Waiting int
	Text                   string
	Fault                  string // what keeps it from exchanging with the others
}

// Past is one attempt in words.
type Past struct {
	Tone       kit.Tone
	When, Text string
}

// Legend is what the words on this screen mean, and what they do not.
const Legend = "“Đã gửi” nghĩa là cấp trên đã ký biên nhận cho thao tác đó; chưa có biên nhận thì luôn là “Chờ gửi”.\n" +
	"“Đã gửi” không phải là “Đã chuyển”. Chuyển hồ sơ là bước giải quyết trên hệ thống quốc gia, ghi riêng trong từng hồ sơ."

// briefs are what went wrong, in a few words. What has none was refused.
var briefs = map[string]string{
	"line.not-enrolled":     "máy này chưa ghép nối",
	"line.down":             "không có đường truyền",
	"line.timeout":          "đường truyền quá chậm hoặc không trả lời",
	"line.portal":           "mạng trả về trang khác",
	"line.wrong-key":        "máy trả lời sai khóa",
	"line.garbled":          "trả lời bị hỏng",
	"line.busy":             "cấp trên đang bận",
	"line.revoked":          "cấp trên đã thu hồi quyền gửi",
	"line.unknown-device":   "cấp trên chưa biết máy này",
	"line.former-key":       "máy này dùng khóa đã đổi",
	"upstream.full":         "ổ đĩa của cấp trên đã đầy",
	"upstream.fault":        "máy chủ của cấp trên gặp lỗi",
	"upstream.older":        "chương trình của cấp trên quá cũ",
	"upstream.went-back":    "cấp trên giữ ít hơn đã ký nhận",
	"upstream.bad-receipt":  "biên nhận không khớp",
	"upstream.bad-envelope": "gói dữ liệu sai chữ ký",
	"line.frozen":           "hai máy đang dùng cùng một bản dữ liệu",
	"journal.forked":        "hai nhật ký khác nhau",
	"journal.unknown":       "cấp trên chưa biết nhật ký này",
	"parked.unread":         "có phần nhật ký chờ cấp trên xem xét",
	"journal.superseded":    "đang đối chiếu nhật ký với cấp trên",
	"journal.restless":      "chưa đối chiếu xong nhật ký với cấp trên",
}

// brief is an error in a few words.
func brief(err error) string {
	problems, others := problemsOf(err)
	switch {
	case len(problems) == 0 && len(others) > 0:
		return "lỗi chưa rõ nguyên nhân"
	case len(problems) > 0 && briefs[problems[0].Code] != "":
		return briefs[problems[0].Code]
	case len(problems) > 0 && strings.HasPrefix(problems[0].Code, "receipt."):
		return briefs["upstream.bad-receipt"]
	case len(problems) > 0 && strings.HasPrefix(problems[0].Code, "store."):
		return "dữ liệu của máy này gặp lỗi"
	}
	return "cấp trên không nhận"
}

// sentences are all that an error says, and what to do about it.
func sentences(err error) string {
	problems, others := problemsOf(err)
	var all []string
	for _, one := range problems {
		all = append(all, kit.Say(one))
	}
	for _, one := range others {
		all = append(all, assets.Word("sending.failed", map[string]string{"detail": one.Error()}))
	}
	return strings.Join(all, "\n")
}

// amount is how much waits.
func (p *Presenter) amount(now time.Time) (words, oldest string) {
	switch {
	case !p.status.Known:
		return "Đang đọc…", ""
	case p.queue.Acts == 0:
		return "Không có gì chờ gửi.", ""
	}
	if at := p.queue.Oldest; !at.IsZero() {
		oldest = "Chờ lâu nhất: " + kit.Ago(now.Sub(at)) + ", từ " + moment(at, now) + "."
	}
	return strconv.Itoa(p.queue.Acts) + " thao tác chờ gửi", oldest
}

// cause is why what waits has not gone yet. It is the same for all: the journal goes up as a whole, in its order.
func (p *Presenter) cause(now time.Time) Cause {
	if !p.status.Known {
		return Cause{}
	}
	if !p.status.Enrolled {
		return Cause{Short: "Chưa ghép nối", Text: "Máy này chưa ghép nối với cấp trên nên chưa gửi được.", Tone: kit.Warn}
	}
	if p.status.Sending {
		return Cause{Short: "Đang gửi", Text: "Đang gửi; chờ biên nhận của cấp trên.", Tone: kit.Info}
	}
	next, soon := p.next(now)
	var c Cause
	switch {
	case len(p.past) > 0 && p.past[0].stopped:
		c = Cause{Short: "Đã dừng", Text: "Cán bộ đã dừng lượt gửi lúc " + moment(p.past[0].at, now) + ".", Tone: kit.Warn}
	case p.failure == nil:
		c = Cause{Short: "Chưa tới lượt", Text: "Chưa tới lượt.", Tone: kit.Info}
	case dossier.Code(p.failure) == "line.busy":
		c = Cause{Short: "Cấp trên bận", Text: "Cấp trên đang bận.", Tone: kit.Warn}
		if next != "" {
			c.Text, c.Next = "Cấp trên đang bận, hẹn lại "+next+".", soon
			return c
		}
	case dossier.Code(p.failure) == "line.frozen": // nothing goes before a person has decided: no next time is named
		return Cause{Short: "Tạm dừng", Text: "Cấp trên tạm dừng nhận vì hai máy đang dùng cùng một bản dữ liệu.", Tone: kit.Bad}
	case dossier.Code(p.failure) == "line.revoked":
		return Cause{Short: "Bị thu hồi", Text: "Cấp trên đã thu hồi quyền gửi của máy này.", Tone: kit.Bad}
	case slices.Contains([]string{"journal.superseded", "journal.restless"}, dossier.Code(p.failure)): // the program goes on by itself
		c = Cause{Short: "Đối chiếu", Text: "Máy này và cấp trên đang đối chiếu nhật ký.", Tone: kit.Warn}
	case p.status.Line == Broken && dossier.Code(p.failure) != "":
		c = Cause{Short: "Mất kết nối", Text: "Mất kết nối từ " + moment(p.since, now) + ": " + brief(p.failure) + ".", Tone: kit.Warn}
	default:
		c = Cause{Short: "Chưa được", Text: "Lượt gửi lúc " + moment(p.status.Tried, now) + " chưa được: " + brief(p.failure) + ".", Tone: kit.Bad}
	}
	if p.queue.Acts == 0 && p.failure == nil {
		c = Cause{Tone: kit.Info}
	}
	if next != "" {
		c.Next = soon
		c.Text = strings.TrimSpace(c.Text + " Chương trình tự gửi " + next + ".")
	} else if p.queue.Acts > 0 && c.Tone != kit.Bad { // what was refused, the alert says what to do about
		c.Text += " Nhấn F5 để gửi."
	}
	return c
}

// next is when the program sends by itself, for a sentence and for a column; "" where it does not.
func (p *Presenter) next(now time.Time) (text, short string) {
	if p.Next == nil {
		return "", ""
	}
	at := p.Next()
	switch {
	case at.IsZero():
		return "", ""
	case at.Sub(now) < time.Minute:
		return "trong chốc lát", "sắp gửi"
	}
	return "lúc " + moment(at, now), moment(at, now)
}

// moment is a time as one would say it today.
func moment(at, now time.Time) string {
	at = at.In(dossier.Hanoi)
	if dossier.DateOf(at) == dossier.DateOf(now) {
		return at.Format("15:04")
	}
	return at.Format("15:04 02/01")
}

// stepWords are how far an exchange is, and the share of it that is done.
func stepWords(s Status) (string, float32) {
	step := s.Progress
	share := float32(-1)
	if step.Of > 0 {
		share = min(1, float32(step.Done)/float32(step.Of))
	}
	switch step.Phase {
	case "push":
		return fmt.Sprintf("Đang gửi: %d/%d diễn biến đã có biên nhận", step.Done, step.Of), share
	case "pull":
		return fmt.Sprintf("Đang nhận về: %d/%d diễn biến", step.Done, step.Of), share
	}
	return "Đang kết nối với " + cmp.Or(s.Upstream, "cấp trên") + "…", share
}

// pcs are the numbers of each PC. None claims more than a receipt that is kept here.
func (p *Presenter) pcs() (out []PC) {
	for _, pc := range p.queue.PCs {
		x := PC{Own: pc.Own, Written: pc.Written, Held: pc.Held, Waiting: pc.Waiting}
		switch {
		case pc.Own && p.queue.Receipt == nil:
			x.Held, x.Waiting = 0, pc.Written
			x.Text = ReceiptWords(p.status.Upstream, nil) + "."
		case pc.Own:
			x.Text = fmt.Sprintf("Cấp trên đã có đến biên nhận số %s, ký lúc %s.", p.queue.Receipt.Number, kit.Short(p.queue.Receipt.At))
		case pc.Held > 0:
			x.Text = "Phần còn chờ do máy đó gửi; máy này cũng gửi hộ khi có đường truyền."
		default:
			x.Text = fmt.Sprintf("Máy này đang giữ bản sao %d thao tác của máy đó; biên nhận của cấp trên nằm ở máy đó.", pc.Written)
		}
		if pc.Own {
			x.Name = fmt.Sprintf("Máy này, quầy số %d", p.desk)
			if p.Shut != nil && p.Shut() {
				x.Fault = "Máy khác của trạm chưa kết nối được tới máy này qua mạng nội bộ; máy này vẫn tự kết nối tới các máy đó. Vui lòng khởi động lại chương trình; nếu vẫn vậy, báo người quản trị."
			}
		} else if desk := p.deskOf(pc.Device); desk > 0 {
			x.Name = fmt.Sprintf("Quầy số %d", desk)
		} else {
			x.Name = "Máy khác của trạm, mã " + pc.Device.String()[:8]
		}
		out = append(out, x)
	}
	return out
}

// outcome says what an attempt came to, never more than receipts cover; nil for one the officer did not ask for and that changed nothing.
func (p *Presenter) outcome(a attempt) *Alert {
	args := map[string]string{"upstream": p.status.Upstream, "count": strconv.Itoa(a.acts), "left": strconv.Itoa(p.status.Waiting)}
	alert := &Alert{Tone: kit.Good}
	left := p.status.Waiting > 0
	switch {
	case a.stopped && left:
		args["count"] = args["left"]
		*alert = Alert{kit.Warn, assets.Word("sending.stopped", args)}
	case a.stopped:
		*alert = Alert{kit.Info, assets.Word("sending.stopped-all", nil)}
	case a.err != nil && a.acts > 0 && left:
		*alert = Alert{kit.Bad, assets.Word("sending.part", args) + " " + sentences(a.err)}
	case a.err != nil && left:
		*alert = Alert{kit.Bad, "Chưa gửi được. " + sentences(a.err)}
	case a.err != nil:
		*alert = Alert{kit.Bad, sentences(a.err)}
	case left && a.acts > 0:
		args["count"] = args["left"]
		*alert = Alert{kit.Warn, assets.Word("ui.still-waiting", args)}
	case a.acts > 0:
		alert.Text = assets.Word("ui.sent-some", args)
	case !a.own && a.pulled == 0:
		return nil
	case left: // written down after this one had begun
		args["count"] = args["left"]
		*alert = Alert{kit.Info, assets.Word("sending.later", args)}
	default:
		alert.Text = assets.Word("ui.sent-nothing", args)
	}
	if a.err != nil && !a.own && !a.stopped {
		alert.Tone = kit.Warn // the program tries again by itself
	}
	if a.pulled > 0 {
		alert.Text += " " + assets.Word("sending.pulled", map[string]string{"count": strconv.Itoa(a.pulled)})
	}
	return alert
}

func (a attempt) words(now time.Time) Past {
	who := "tự gửi"
	if a.own {
		who = "bấm gửi"
	}
	out := Past{Tone: kit.Good, When: moment(a.at, now)}
	did := "không có gì mới để gửi"
	if a.acts > 0 {
		did = fmt.Sprintf("đã gửi %d thao tác", a.acts)
	}
	switch {
	case a.stopped && a.acts == 0:
		out.Tone, did = kit.Info, "đã dừng, chưa gửi được gì"
	case a.stopped:
		out.Tone, did = kit.Info, did+" rồi dừng"
	case a.err != nil && a.acts > 0:
		out.Tone, did = kit.Warn, did+", rồi "+brief(a.err)
	case a.err != nil:
		out.Tone, did = kit.Warn, "chưa được: "+brief(a.err)
	}
	if a.pulled > 0 {
		did += fmt.Sprintf(", nhận về %d", a.pulled)
	}
	out.Text = who + ", " + did
	return out
}

// ReceiptWords are the last receipt in a sentence.
func ReceiptWords(upstream string, r *dossier.Receipt) string {
	if r == nil {
		return "Chưa có biên nhận nào của cấp trên"
	}
	return "Đã gửi về " + upstream + " lúc " + kit.Short(r.At) + " (biên nhận " + r.Number + ")"
}
