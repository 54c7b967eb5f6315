package kit

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiepnhan/dossier"
)

// StatusChip is how a status looks: the sign tells it as well as the colour.
func StatusChip(s dossier.Status) *Chip {
	switch s {
	case dossier.StatusReceived:
		return &Chip{RingSign, Accent, Soft}
	case dossier.StatusProcessing:
		return &Chip{DotSign, Accent, Soft}
	case dossier.StatusAsked:
		return &Chip{TriangleSign, Amber, AmberSoft}
	case dossier.StatusDone:
		return &Chip{DiamondSign, Green, GreenSoft}
	case dossier.StatusReturned:
		return &Chip{TickSign, Green, GreenSoft}
	case dossier.StatusRefused, dossier.StatusAnnulled:
		return &Chip{CrossSign, Red, RedSoft}
	}
	return &Chip{SquareSign, Muted, theme.ColorNameBackground}
}

// StatusWords are the national wording, shortened where it is longer than a column.
func StatusWords(s dossier.Status) string {
	switch s {
	case dossier.StatusAsked:
		return "Yêu cầu bổ sung"
	case dossier.StatusWithdrawn:
		return "Công dân rút hồ sơ"
	case dossier.StatusRefused:
		return "Không tiếp nhận"
	}
	return s.String()
}

var shortTitles = map[string]string{"lock-account": "Khóa tài khoản", "unlock-account": "Mở khóa tài khoản", "lock-eid": "Khóa căn cước điện tử",
	"unlock-eid": "Mở khóa căn cước điện tử", "issue-level2": "Cấp tài khoản mức 02", "issue-organization": "Cấp tài khoản tổ chức",
	"issue-level2-foreigner": "Cấp tài khoản, người nước ngoài"}

// ShortTitle is a procedure's name for a column; one we do not know keeps its own.
func ShortTitle(key, title string) string {
	if s, ok := shortTitles[key]; ok {
		return s
	}
	return title
}

// ownStep tells whether what burns is the station's own step, forwarding, and not yet the appointment.
func ownStep(s dossier.Summary) bool {
	return !s.Forwarded && !s.OwnDue.IsZero() && s.Burns.Equal(s.OwnDue) && !s.Burns.Equal(s.Due) && !s.Burns.Equal(s.LateAfter)
}

// BurnWords say which clock of a dossier runs out next, and when: the station's own step ("Chuyển …") until it has forwarded, else the
// appointment ("Hẹn trả …"); where papers were asked for too late, both. Bad is past, Warn is today, Info is later; nothing where no clock runs.
func BurnWords(s dossier.Summary, now time.Time) (words string, tone Tone) {
	if s.Burns.IsZero() {
		return "", Info
	}
	step, late := "Hẹn trả", "Quá hạn trả"
	if ownStep(s) {
		step, late = "Chuyển trước", "Quá hạn chuyển"
	}
	if now.After(s.Burns) {
		if s.Status == dossier.StatusAsked { // the clock stands, and stood too late
			return late + ", chờ bổ sung", Bad
		}
		return late + " " + Span(s.Burns, now), Bad
	}
	at, today := s.Burns.In(dossier.Hanoi), dossier.DateOf(now)
	switch dossier.DateOf(at) {
	case today:
		return step + at.Format(" 15:04 hôm nay"), Warn
	case today.AddDays(1):
		return step + at.Format(" 15:04 ngày mai"), Info
	}
	day := at.Format(" 02/01")
	if at.Year() != today.Year {
		day = at.Format(" 02/01/2006")
	}
	return step + day + ", còn " + Span(now, at), Info
}

// BurnChip is how BurnWords look: what is past and what is due today differ in shape and colour; what has time stays plain.
func BurnChip(t Tone) *Chip {
	switch t {
	case Bad:
		return &Chip{BangSign, Red, RedSoft}
	case Warn:
		return &Chip{ClockSign, Amber, AmberSoft}
	}
	return nil
}

// Span is the time between two moments in its largest unit: whole minutes and hours, and from a day on the days between their dates, as people
// count them.
func Span(from, to time.Time) string {
	switch d := to.Sub(from); {
	case d < time.Minute:
		return "dưới 1 phút"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " phút"
	case d < 24*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + " giờ"
	}
	noon := func(t time.Time) time.Time { return dossier.DateOf(t).At(12, 0) }
	return strconv.Itoa(int(noon(to).Sub(noon(from))/(24*time.Hour))) + " ngày"
}

// SentWords say what upstream has of a dossier, and no more than that. Forwarding, the legal step, is never called sending.
func SentWords(s dossier.Summary, upstream string) (words string, tone Tone) {
	switch {
	case s.SentBack != "":
		return "Cấp trên yêu cầu sửa", Bad
	case s.Unsent > 0:
		return "Chờ gửi", Warn
	case s.Elsewhere: // its receipts are there
		return "Do máy khác gửi", Info
	}
	return "Đã gửi về " + upstream, Good
}

// Ink is the text colour of a tone.
func (t Tone) Ink() fyne.ThemeColorName { c, _, _ := t.colors(); return c }

// Ago is how long something waits, in words.
func Ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "vừa xong"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " phút"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + " giờ"
	}
	return strconv.Itoa(int(d/(24*time.Hour))) + " ngày"
}

// ChipLabel is a chip outside a table.
type ChipLabel struct {
	widget.BaseWidget
	chip Chip
	text string
}

// NewChipLabel is one.
func NewChipLabel(c *Chip, text string) *ChipLabel {
	l := &ChipLabel{chip: *c, text: text}
	l.ExtendBaseWidget(l)
	return l
}

// CreateRenderer is for Fyne.
func (l *ChipLabel) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(colorOf(l.chip.Soft))
	back.StrokeColor, back.StrokeWidth, back.CornerRadius = colorOf(l.chip.Color), 0.7, 4
	text := Caption(l.text)
	text.Color = l.chip.Color
	words := container.New(&chipWords{text}, Marked(l.chip.Sign, text))
	return widget.NewSimpleRenderer(container.New(&pad{}, back, container.New(&pad{3, 9, 3, 9}, words)))
}

// HeightFor is for our layouts: words too long for their place go on below.
func (l *ChipLabel) HeightFor(width float32) float32 {
	return max(l.MinSize().Height, Caption(l.text).HeightFor(width-2*9-SignSize()-8)+2*3)
}

// chipWords are a sign and words on one line, as wide as they are.
type chipWords struct{ text *Paragraph }

func (l *chipWords) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := SignSize() + 8 + l.text.Width()
	return fyne.NewSize(width, heightFor(objects[0], width))
}

func (l *chipWords) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
}
