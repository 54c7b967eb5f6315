package book

import (
	"fmt"

	"tiepnhan/dossier"
)

// pace is how the work on a dossier stands to its appointment.
type pace uint8

const (
	unknown pace = iota
	early
	onTime
	late
)

// String is the word of the control slip and of the national evaluation.
func (p pace) String() string {
	return [...]string{"", "Trước hạn", "Đúng hạn", "Quá hạn"}[p]
}

// speed is that of finished work: on time on the very day of the appointment, early before it. It asks the dossier alone, so that
// registers, screens and evaluation never differ.
func (e *entry) speed() pace {
	switch {
	case e.Intake.Due.At.IsZero() || e.EndedAt.IsZero():
		return unknown
	case e.Late(e.of.Now):
		return late
	case e.Early():
		return early
	}
	return onTime
}

// totals are the figures at the end of a book. A dossier that was annulled counts as nothing else.
type totals struct {
	received, refused, annulled  int
	early, onTime, late, undated int // finished
	broken                       int // withdrawn or stopped
	open, openLate               int
	listed                       int // rows of the book
}

// count counts a dossier, and whether it is a row of the book.
func (t *totals) count(e *entry, stands bool) {
	if stands {
		t.listed++
	}
	switch {
	case e.Status == dossier.StatusAnnulled:
		t.annulled++
		return
	case e.refused:
		t.refused++
		return
	}
	t.received++
	switch {
	case e.broken():
		t.broken++
	case e.Status != dossier.StatusDone && e.Status != dossier.StatusReturned:
		t.open++
		if e.Late(e.of.Now) {
			t.openLate++
		}
	default:
		switch e.speed() {
		case early:
			t.early++
		case onTime:
			t.onTime++
		case late:
			t.late++
		default:
			t.undated++
		}
	}
}

func (t *totals) done() int { return t.early + t.onTime + t.late + t.undated }

// lines are the sentences at the end of a book.
func (t *totals) lines(l *ledger) []string {
	if l.Key == archiveList {
		out := []string{fmt.Sprintf("Mục lục này gồm %d hồ sơ.", t.listed)}
		if t.received+t.refused+t.annulled > t.listed {
			out = append(out, fmt.Sprintf("Không ghi vào mục lục: %d hồ sơ chưa kết thúc, %d lượt từ chối tiếp nhận, %d hồ sơ đã hủy.",
				t.received-t.listed, t.refused, t.annulled))
		}
		return out
	}
	first := fmt.Sprintf("Tổng số: tiếp nhận %d hồ sơ", t.received)
	if l.Key == intakeRegister {
		first += fmt.Sprintf("; từ chối tiếp nhận %d", t.refused)
	}
	first += fmt.Sprintf("; đã hủy %d (không tính vào số đã tiếp nhận).", t.annulled)
	done := fmt.Sprintf("Đã giải quyết: %d hồ sơ (trước hạn %d, đúng hạn %d, quá hạn %d", t.done(), t.early, t.onTime, t.late)
	if t.undated > 0 {
		done += fmt.Sprintf(", không có hạn %d", t.undated)
	}
	return []string{first, done + fmt.Sprintf("); rút hoặc dừng giải quyết: %d; đang giải quyết: %d (quá hạn %d).", t.broken, t.open, t.openLate)}
}
