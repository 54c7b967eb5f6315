package book

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tiepnhan/dossier"
)

// entry is one dossier as the books see it.
type entry struct {
	*dossier.Dossier
	of        *ledger
	nth       int          // its place in the book, from 1
	day       dossier.Date // of reception
	tail      string       // số thứ tự
	refused   bool         // it is of the series of refused intakes, whatever became of it since
	by        dossier.OfficerID
	crew      []dossier.Officer
	returnAt  time.Time     // when the result was handed over
	handed    *dossier.Step // the last hand-over inside the station
	corrected bool
	purged    bool // what its reception said is forgotten
}

func newEntry(d *dossier.Dossier, l *ledger) *entry {
	e := &entry{Dossier: d, of: l}
	e.tail = d.Number[strings.LastIndexByte(d.Number, '-')+1:]
	e.refused = d.Status == dossier.StatusRefused || strings.HasPrefix(e.tail, "TC")
	switch at := d.Intake.ReceivedAt; {
	case !at.IsZero():
		e.day = dossier.DateOf(at)
	default: // its very reception is disputed: the number is on paper all the same
		if _, day, _, err := dossier.ParseNumber(d.Number); err == nil {
			e.day = day
		}
	}
	for i := range d.Course {
		s := &d.Course[i]
		if s.Effect != dossier.Applied {
			continue
		}
		switch s.Kind {
		case dossier.Received, dossier.Refused:
			e.by, e.crew, e.purged = s.By, s.Crew, e.purged || s.Purged
		case dossier.HandedBack:
			e.returnAt = s.When()
		case dossier.HandedOver:
			e.handed = s
		case dossier.Corrected:
			e.corrected = true
		}
	}
	return e
}

func (e *entry) ordinal() value   { return value{text: e.tail} }
func (e *entry) place() value     { return value{n: e.nth} }
func (e *entry) sets() value      { return value{n: e.Intake.Sets} }
func (e *entry) received() value  { return value{at: e.Intake.ReceivedAt} }
func (e *entry) returned() value  { return value{at: e.returnAt} }
func (e *entry) procedure() value { return value{text: e.Intake.Title} }

// midnight is when its day begins.
func (e *entry) midnight() time.Time {
	if e.day.IsZero() {
		return time.Time{}
	}
	return e.day.At(0, 0)
}

// due is the appointment of the receipt; a later one stands in the note.
func (e *entry) due() value { return value{at: e.Intake.Due.At} }

// number is the national system's, where it has given one.
func (e *entry) number() value {
	if e.Intake.NationalCode != "" {
		return value{text: e.Intake.NationalCode}
	}
	return value{text: e.Dossier.Number}
}

// broken tells whether it ended before it was decided.
func (e *entry) broken() bool {
	return e.Status == dossier.StatusWithdrawn || e.Status == dossier.StatusStopped
}

func (e *entry) ofOffice() bool {
	k := e.Intake.Requester.Kind
	return k == dossier.Agency || k == dossier.Organization
}

// name is who asked, and for a body or a child who came for it.
func (e *entry) name() value {
	r := e.Intake.Requester
	switch {
	case e.ofOffice() && r.Person.Name != "":
		return value{text: r.Agency.Name + "\n(" + r.Person.Name + ")"}
	case r.Representative.Name != "":
		return value{text: r.Name() + "\n(" + join(": ", r.Relation, r.Representative.Name) + ")"}
	}
	return value{text: r.Name()}
}

// identity is the number of who stood at the desk, and for a body its written request.
func (e *entry) identity() value {
	r := e.Intake.Requester
	p := r.Person
	if r.Representative.Name != "" {
		p = r.Representative
	}
	number := p.Number
	switch {
	case number != "":
	case p.Passport != "":
		number = "Hộ chiếu " + p.Passport
	case p.OldNumber != "":
		number = "CMND " + p.OldNumber
	}
	document := ""
	if r.Agency.Document != "" {
		document = "Văn bản số " + r.Agency.Document
		if !r.Agency.DocumentDate.IsZero() {
			document += " ngày " + r.Agency.DocumentDate.String()
		}
	}
	return value{text: join("\n", document, number)}
}

// address is that of the receipt: of the body that asks, else of the person.
func (e *entry) address() value {
	r := e.Intake.Requester
	address, phone := r.Person.Address, r.Person.Phone
	if e.ofOffice() {
		address = r.Agency.Address
		if r.Agency.Phone != "" {
			phone = r.Agency.Phone
		}
	}
	if phone == "" {
		phone = r.Representative.Phone
	}
	return value{text: join("\n", address, phone)}
}

func (e *entry) papers() value {
	var b strings.Builder
	for i, p := range e.Intake.Papers {
		if i > 0 {
			b.WriteByte('\n')
		}
		if len(e.Intake.Papers) > 1 {
			fmt.Fprintf(&b, "%d. ", i+1)
		}
		b.WriteString(p.Title)
		if n := join(", ", numbered(p.Originals, "bản chính"), numbered(p.Copies, "bản sao")); n != "" {
			b.WriteString(" (" + n + ")")
		}
	}
	return value{text: join("\n", b.String(), numbered(e.Intake.Sets, "bộ"))}
}

func numbered(n int, what string) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf("%02d %s", n, what)
}

func (e *entry) channel() value { return value{text: capital(e.Intake.Channel.Title())} }

// capital begins a sentence.
func capital(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}

func (e *entry) officer() value {
	if e.by == "" {
		return value{}
	}
	return value{text: e.of.Settings.OfficerOf(e.crew, e.by).Name}
}

// forwarded is who has it now and since when: the deciding authority, else whoever took it over last.
func (e *entry) forwarded() value {
	if f := e.Forward; f != nil {
		return value{text: join("\n", f.To, atMoment(f.At))}
	}
	if e.handed == nil {
		return value{}
	}
	var h dossier.HandOver
	if e.handed.Purged || json.Unmarshal(e.handed.Body, &h) != nil {
		return value{text: atMoment(e.handed.When())}
	}
	return value{text: join("\n", h.To, atMoment(e.handed.When()))}
}

// authority is who decides: as the decision says, as it was forwarded, else the unit itself.
func (e *entry) authority() value {
	switch {
	case e.Decision != nil && e.Decision.By != "":
		return value{text: e.Decision.By}
	case e.Forward != nil && e.Forward.To != "":
		return value{text: e.Forward.To}
	}
	return value{text: e.Intake.Unit.Name}
}

// delivery is how the result is to reach who asked, by the place the receipt names.
func (e *entry) delivery() value {
	if e.purged {
		return value{}
	}
	place, unit := dossier.Clean(e.Intake.ReturnPlace), e.Intake.Unit
	if place == "" || place == unit.Name || place == unit.Intake {
		return value{text: "Trực tiếp"}
	}
	return value{text: place}
}

// result is what became of it, as BM.02 tells.
func (e *entry) result() value {
	switch e.Status {
	case dossier.StatusRefused:
		return value{text: join(": ", "Từ chối tiếp nhận", e.Why)}
	case dossier.StatusAnnulled:
		return value{text: join(": ", "Đã hủy", e.Why)}
	case dossier.StatusWithdrawn:
		return value{text: "Rút hồ sơ"}
	case dossier.StatusStopped:
		return value{text: "Dừng giải quyết"}
	case dossier.StatusDone, dossier.StatusReturned:
		return value{text: join("\n", e.decided(), e.speed().String())}
	}
	if e.Late(e.of.Now) {
		return value{text: e.Status.String() + ", quá hạn"}
	}
	return value{text: e.Status.String()}
}

// decided is the answer in a few words.
func (e *entry) decided() string {
	switch d := e.Decision; {
	case d != nil:
		word, document := "Chấp thuận", ""
		if !d.Approved {
			word = "Không chấp thuận"
		}
		if d.Document != "" {
			document = "văn bản số " + d.Document
		}
		if !d.Date.IsZero() {
			document = join(" ", document, "ngày "+d.Date.String())
		}
		return join(", ", word, document)
	case e.Done != nil && e.Done.Result != "":
		return e.Done.Result
	case e.Done != nil:
		return "Đã thực hiện"
	}
	return e.Status.String()
}

// note is what BM.02 remarks beside the result.
func (e *entry) note() value {
	return value{text: join("\n", e.reason(), e.appointment(), e.marks())}
}

// remark is the same for BM.06, which has no column for the result.
func (e *entry) remark() value {
	first := ""
	switch {
	case e.Status == dossier.StatusAnnulled:
		first = join(": ", "Đã hủy", e.Why)
	case e.Status == dossier.StatusRefused:
		first = join(": ", "Từ chối tiếp nhận", e.Why)
	case e.Late(e.of.Now):
		first = "Quá hạn"
	}
	return value{text: join("\n", first, e.reason(), e.appointment(), e.marks())}
}

// reason is why it did not take its usual course.
func (e *entry) reason() string {
	switch {
	case e.Status == dossier.StatusWithdrawn:
		return join(": ", "Rút hồ sơ", e.Why)
	case e.Status == dossier.StatusStopped:
		return join(": ", "Dừng giải quyết", e.Why)
	case e.Status == dossier.StatusAsked:
		return join(": ", "Yêu cầu bổ sung", e.Why)
	case e.Status != dossier.StatusAnnulled && e.Decision != nil && !e.Decision.Approved:
		return join(": ", "Không chấp thuận", e.Decision.Why)
	}
	return ""
}

// appointment is the one in force, where it is not that of the receipt.
func (e *entry) appointment() string {
	switch at := e.Dossier.Due.At; {
	case at.IsZero() || at.Equal(e.Intake.Due.At):
		return ""
	case e.Reschedules > 0:
		return "Đã xin lỗi, hẹn lại " + atMoment(at)
	default:
		return "Sau bổ sung, hẹn trả " + atMoment(at)
	}
}

func (e *entry) marks() string {
	var out [4]string
	if e.corrected {
		out[0] = "Có đính chính"
	}
	if len(e.Disputes) > 0 {
		out[1] = "Có thao tác trùng trên hai máy, chưa xử lý"
	}
	if e.Waiting() {
		out[2] = "Có diễn biến chưa đọc được"
	}
	if e.purged {
		out[3] = forgotten
	}
	return join("\n", out[:]...)
}

// forgotten stands where the chief has decided that what was said be forgotten.
const forgotten = "Nội dung đã xóa theo quyết định"

// archiveTitle names a dossier on the archive's list by its matter and whom it is about, and says no more of the person.
func (e *entry) archiveTitle() value {
	return value{text: join(" – ", e.Intake.Title, e.Subject())}
}

// span is from the day of reception to that of the last act for the person.
func (e *entry) span() value {
	end := e.returnAt
	if end.IsZero() {
		end = e.EndedAt
	}
	first, last := onDay(e.Intake.ReceivedAt), onDay(end)
	if first == last || last == "" {
		return value{text: first}
	}
	return value{text: join(" – ", first, last)}
}

func (e *entry) archiveNote() value {
	switch e.Status {
	case dossier.StatusWithdrawn:
		return value{text: "Rút hồ sơ"}
	case dossier.StatusStopped:
		return value{text: "Dừng giải quyết"}
	}
	return value{}
}
