package waiting

import (
	"fmt"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// overnight is longer than a desk is closed between two working days: one that was silent for so long is worth a look.
const overnight = 16 * time.Hour

// Sister is what is known of another desk of the station, in words.
type Sister struct {
	Tone kit.Tone // Info or Warn
	Text string
}

// What the words for sisters mean, and what is to be done about one that is silent or whose clock is wrong.
const (
	knownMeans = "Máy này có đủ thao tác của quầy đó đến giờ ghi trên."
	askLook    = "Nếu quầy đó đang làm việc, vui lòng kiểm tra mạng nội bộ hoặc chuyển bằng USB."
	askClock   = "Quầy chưa rõ giờ: vui lòng kiểm tra ngày giờ của cả hai máy."
)

// others are the station's other desks, and what to read below them; none on a PC that is alone.
func (p *Presenter) others(now time.Time) (all []Sister, notes []string) {
	var knows, look, clock bool
	for _, s := range p.sisters {
		one := Sister{kit.Info, fmt.Sprintf("Quầy số %d: ", s.Desk)}
		switch {
		case !s.Heard:
			one.Tone, look = kit.Warn, true
			one.Text += "chưa nhận được tin lần nào."
		case s.Until.IsZero():
			one.Tone, clock = kit.Warn, true
			one.Text += "đã nhận tin, chưa rõ giờ."
		default:
			knows = true
			at := s.Until.In(dossier.Hanoi)
			one.Text += "đã cập nhật đến " + at.Format("15:04")
			if dossier.DateOf(at) != dossier.DateOf(now) {
				one.Text += at.Format(" ngày 02/01/2006")
			}
			one.Text += "."
			if now.Sub(at) > overnight {
				one.Tone, look = kit.Warn, true
			}
		}
		all = append(all, one)
	}
	for _, note := range []struct {
		due  bool
		text string
	}{{knows, knownMeans}, {look, askLook}, {clock, askClock}} {
		if note.due {
			notes = append(notes, note.text)
		}
	}
	return all, notes
}

// deskOf is where a sister sits; 0 for a PC that is not of the station any more.
func (p *Presenter) deskOf(device dossier.DeviceID) int {
	for _, s := range p.sisters {
		if s.Device == device {
			return s.Desk
		}
	}
	return 0
}
