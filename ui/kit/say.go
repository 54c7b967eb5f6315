package kit

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
)

// Say is a problem in Vietnamese.
func Say(p dossier.Problem) string { return assets.Word(p.Code, p.Args) }

// Noticed hears of what is shown and has no code, for the program's log. It is set before the first window.
var Noticed = func(error) {}

// SayError is an error in Vietnamese: each problem's sentence; for what has no code, that it did not work and that nothing typed is lost.
func SayError(err error) string {
	var ps dossier.Problems
	if !errors.As(err, &ps) {
		Noticed(err)
		return assets.Word("ui.failed", map[string]string{"detail": err.Error()})
	}
	var all []string
	for _, p := range ps {
		all = append(all, Say(p))
	}
	return strings.Join(all, "\n")
}

// SayHealed is what was put right with a journal, in one sentence.
func SayHealed(h dossier.Healing) string {
	switch h.What {
	case dossier.HealedUpstream:
		return assets.Word("healed.upstream", map[string]string{"count": strconv.FormatUint(h.Lost, 10)})
	case dossier.HealedBehind:
		return assets.Word("healed.behind", nil)
	case dossier.HealedRestored:
		return assets.Word("healed.restored", nil)
	case dossier.HealedRotated:
		return assets.Word("healed.rotated", nil)
	}
	return assets.Word("healed.forked", nil)
}

// SayIssued is what upstream has issued, in one sentence.
func SayIssued(k dossier.KeptPack) string {
	args := map[string]string{"kind": "Bộ thủ tục", "version": strconv.Itoa(k.Version), "from": k.From.String(), "title": k.Title}
	if k.Kind == dossier.PackCalendar {
		args["kind"] = "Lịch nghỉ"
	}
	if k.Refused != "" {
		return assets.Word("pack.unusable", args)
	}
	return assets.Word("pack.came", args)
}

// Problems are those of an error, nil if it is of another kind.
func Problems(err error) dossier.Problems {
	var ps dossier.Problems
	errors.As(err, &ps)
	return ps
}

// Hint is one key of a screen and what it does.
type Hint struct{ Key, Does string }

var weekdays = [...]string{"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"}

// Moment is a time as one would say it: 17:00 thứ Tư, 25/11/2026; nothing for none.
func Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(dossier.Hanoi)
	return t.Format("15:04 ") + weekdays[t.Weekday()] + t.Format(", 02/01/2006")
}

// Short is a time as a table says it: 25/11/2026 17:00.
func Short(t time.Time) string { return t.In(dossier.Hanoi).Format("02/01/2006 15:04") }
