package dossier

import (
	"strconv"
	"time"
)

// ApologyFrom is from when on an apology with a new date may be offered: the beginning of the station's working day before the day of the
// appointment, for it is to be sent no later than one day before the time is up (Nghị định 61/2018/NĐ-CP Điều 19, as stations practise
// it) and is no way to move an appointment at will. The zero time where there is no appointment.
func ApologyFrom(cal *Calendar, hours Hours, due Due) time.Time {
	if due.At.IsZero() {
		return time.Time{}
	}
	day := DateOf(due.At).AddDays(-1)
	for !hours.counts(cal, day) {
		day = day.AddDays(-1)
	}
	return hours.periods(cal, day)[0][0].on(day)
}

// ProposeAgain is the appointment an apology proposes: the limit of whoever's turn it is begins anew, and ends at least a working day
// after the appointment in force. Codes: those of Reckon.
func ProposeAgain(limit Limit, cal *Calendar, hours Hours, due Due, now time.Time) (Due, error) {
	day := Limit{N: 1, Unit: WorkingDays}
	if !limit.Valid() || limit.Unit == AtOnce {
		limit = day
	}
	again, err := Reckon(limit, cal, hours, now)
	if err != nil || again.At.After(due.At) {
		return again, err
	}
	return Reckon(day, cal, hours, due.At)
}

// CheckAppointment looks at an appointment chosen by hand: the desk must be open then, its last minute included. Codes:
// calendar.unknown-year, reschedule.day-off, reschedule.hour, each on the field due.
func CheckAppointment(cal *Calendar, hours Hours, at time.Time) Problems {
	day := DateOf(at)
	if !cal.Known(day.Year) {
		return Invalid("due", "calendar.unknown-year", "year", strconv.Itoa(day.Year))
	}
	open := hours.periods(cal, day)
	if open == nil {
		return Invalid("due", "reschedule.day-off", "day", day.String())
	}
	from, to := open[0][0], open[len(open)-1][1]
	if at.Before(from.on(day)) || at.After(to.on(day)) {
		return Invalid("due", "reschedule.hour", "from", from.String(), "to", to.String())
	}
	return nil
}

// ApologyReason is a reason for an apology that comes up again and again.
type ApologyReason struct {
	Key    string
	Title  string // to choose it by
	Times  bool   // it says from when to when
	Theirs bool   // it is the authority's, so that it is none of a dossier that was not forwarded

	text string
}

// ApologyReasons are all of them, the commonest first: the national system fails for hours and days (Công điện 111/CĐ-TTg 17/7/2025),
// and what it holds up is to be said as it was.
var ApologyReasons = []ApologyReason{
	{Key: "system", Title: "Hệ thống quốc gia gián đoạn", Times: true, text: "Hệ thống quốc gia gián đoạn "},
	{Key: "line", Title: "Đường truyền của đơn vị gián đoạn", Times: true, text: "Đường truyền của đơn vị gián đoạn "},
	{Key: "authority", Title: "Cơ quan có thẩm quyền chưa trả lời", Theirs: true, text: "Cơ quan có thẩm quyền chưa có văn bản trả lời."},
	{Key: "verify", Title: "Cần xác minh thêm thông tin", text: "Thông tin của hồ sơ cần được xác minh thêm."},
	{Key: "many", Title: "Số lượng hồ sơ tăng đột biến", text: "Số lượng hồ sơ tăng đột biến, đơn vị chưa kịp giải quyết."},
}

// FindApologyReason is the reason of that key; ok is false for one of the officer's own.
func FindApologyReason(key string) (r ApologyReason, ok bool) {
	for _, r := range ApologyReasons {
		if r.Key == key {
			return r, true
		}
	}
	return ApologyReason{}, false
}

// Say is the sentence, with … for a beginning that is not known and "đến nay" without an end.
func (r ApologyReason) Say(from, to time.Time) string {
	if !r.Times {
		return r.text
	}
	say := func(t time.Time) string { return t.In(Hanoi).Format("15:04 ngày 02/01/2006") }
	begin, end := "…", "nay"
	if !from.IsZero() {
		begin = say(from)
	}
	if !to.IsZero() {
		end = say(to)
	}
	return r.text + "từ " + begin + " đến " + end + "."
}

// Check looks at the times of a reason that has them. Codes: apology.from-missing, apology.future, apology.order, each on from or to.
func (r ApologyReason) Check(from, to, now time.Time) Problems {
	switch {
	case !r.Times:
		return nil
	case from.IsZero():
		return Invalid("from", "apology.from-missing")
	case from.After(now):
		return Invalid("from", "apology.future")
	case to.After(now):
		return Invalid("to", "apology.future")
	case !to.IsZero() && !to.After(from):
		return Invalid("to", "apology.order")
	}
	return nil
}
