package dossier

import "time"

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
