package dossier

import "time"

// What is late is said here and nowhere else: the work list, its counts, the registers, the figures and the day's report all ask clocks.

// clocks are the moments after which a dossier that is being worked on is late: own of the station's own step, which forwarding ends, whole
// of the appointment on the receipt. No apology moves them. Waiting for a citizen's papers stops a clock that has not run out yet, and moves
// it when they come (thời gian chờ bổ sung không tính vào thời hạn); one that had run out before they were asked for stays where it is, or a
// delay could be asked away. Zero where nothing was promised, for a clock that stands, and once the work has ended.
func (d Dossier) clocks() (own, whole time.Time) {
	if !d.running() {
		return own, whole
	}
	if whole = d.lateAfter(); d.forwarded.IsZero() {
		own = d.ownLateAfter()
	}
	if d.Status == StatusAsked && !d.asked.IsZero() {
		if !past(own, d.asked) {
			own = time.Time{}
		}
		if !past(whole, d.asked) {
			whole = time.Time{}
		}
	}
	return own, whole
}

// running tells whether the work has begun and not ended.
func (d Dossier) running() bool {
	return !d.Status.Ended() && d.Status != StatusDone && d.Status != StatusNone
}

// judged tells whether it can have been late at all: what was refused promised nothing, and what was annulled never counted.
func (d Dossier) judged() bool { return d.Status != StatusRefused && d.Status != StatusAnnulled }

// lateAfter and ownLateAfter are the moments the two clocks count to; those of the receipt as long as nothing moved them.
func (d Dossier) lateAfter() time.Time {
	if d.counts.IsZero() {
		return d.Intake.Due.At
	}
	return d.counts
}

func (d Dossier) ownLateAfter() time.Time {
	if d.ownCounts.IsZero() {
		return d.OwnDue.At
	}
	return d.ownCounts
}

// stopped is when the work ended, as far as its time goes: when papers were asked for that never came, or when it was done.
func (d Dossier) stopped() time.Time {
	if !d.asked.IsZero() {
		return d.asked
	}
	return d.EndedAt
}

func past(due, at time.Time) bool { return !due.IsZero() && at.After(due) }

// Late tells whether the appointment is, or was, missed (đánh giá của hệ thống quốc gia: đúng hạn nếu xử lý xong không sau thời điểm hẹn
// trả).
func (d Dossier) Late(now time.Time) bool {
	if d.running() {
		_, whole := d.clocks()
		return past(whole, now)
	}
	return d.judged() && past(d.lateAfter(), d.stopped())
}

// OwnLate tells whether the station's own step is, or was, late; forwarding alone ends it.
func (d Dossier) OwnLate(now time.Time) bool {
	switch {
	case !d.judged():
		return false
	case !d.forwarded.IsZero():
		return past(d.ownLateAfter(), d.forwarded)
	case d.running():
		own, _ := d.clocks()
		return past(own, now)
	}
	return past(d.ownLateAfter(), d.stopped())
}

// Early tells whether the work ended on a day before that of the appointment (trước hạn); done on the day itself it is on time (đúng hạn).
func (d Dossier) Early() bool {
	return d.judged() && !d.running() && early(d.lateAfter(), d.stopped())
}

// OwnEarly tells the same of the station's own step.
func (d Dossier) OwnEarly() bool { return d.judged() && early(d.ownLateAfter(), d.forwarded) }

func early(due, at time.Time) bool {
	return !due.IsZero() && !at.IsZero() && DateOf(at).Before(DateOf(due))
}

// Burns is the moment after which whoever's turn it is is late: the station with its own step before it has forwarded, everybody with the
// appointment. Zero while papers are waited for that were asked for in time, once the work has ended, and where nothing was promised.
func (d Dossier) Burns() time.Time {
	own, whole := d.clocks()
	if !own.IsZero() && (whole.IsZero() || own.Before(whole)) {
		return own
	}
	return whole
}

// Late tells of a dossier being worked on whether its appointment is missed, as Dossier.Late does.
func (s Summary) Late(now time.Time) bool { return !s.Burns.IsZero() && past(s.LateAfter, now) }

// OwnLate tells the same of the station's own step, as long as it has not forwarded.
func (s Summary) OwnLate(now time.Time) bool { return !s.Burns.IsZero() && past(s.OwnDue, now) }
