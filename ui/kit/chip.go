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

// ShortTitle is a procedure's name for a column; one we do not know keeps its own.
func ShortTitle(key, title string) string {
	if s, ok := map[string]string{"lock-account": "Khóa tài khoản", "unlock-account": "Mở khóa tài khoản", "lock-eid": "Khóa căn cước điện tử",
		"unlock-eid": "Mở khóa căn cước điện tử", "issue-level2": "Cấp tài khoản mức 02", "issue-organization": "Cấp tài khoản tổ chức",
		"issue-level2-foreigner": "Cấp tài khoản, người nước ngoài"}[key]; ok {
		return s
	}
	return title
}

// Late tells whether somebody waits longer than was promised. While papers are asked for, the clock stands still.
func Late(s dossier.Summary, now time.Time) bool {
	if s.Due.IsZero() || s.Status.Ended() || s.Status == dossier.StatusDone || s.Status == dossier.StatusAsked {
		return false
	}
	return now.After(s.Due)
}

// SentWords say what upstream has of a dossier, and no more than that. Forwarding, the legal step, is never called sending.
func SentWords(s dossier.Summary, upstream string) (words string, tone Tone) {
	switch {
	case s.SentBack != "":
		return "Cấp trên yêu cầu sửa", Bad
	case s.Unsent > 0:
		return "Chờ gửi", Warn
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
	words := Middle(7, Cell{Object: Marked(l.chip.Sign, text), Min: SignSize() + 8 + text.Width()})
	return widget.NewSimpleRenderer(container.New(&pad{}, back, container.New(&pad{3, 9, 3, 9}, words)))
}
