package book

import (
	"strconv"
	"strings"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

// kind is what a column holds: how it is written on paper, and as what it stands in a table that is reckoned with.
type kind uint8

const (
	text   kind = iota
	date        // a day
	moment      // a day and an hour
	count
)

// value is one cell: text, at or n by the kind of its column. A line end in a text begins a new line of the cell.
type value struct {
	text string
	at   time.Time
	n    int
}

// column is one column of a book.
type column struct {
	key    string
	title  string
	group  string  // stands above it and its neighbours of the same group
	alone  string  // its title without them, if another
	weight float64 // millimetres it would have in letters of 9.5 points
	align  paper.Align
	kind   kind
	value  func(*entry) value // nil for one that is filled by hand
}

// full is the title where no group stands above it.
func (c column) full() string {
	if c.alone != "" {
		return c.alone
	}
	return c.title
}

func (c column) of(e *entry) value {
	if c.value == nil {
		return value{}
	}
	return c.value(e)
}

// written is a value as text.
func (c column) written(v value) string {
	switch c.kind {
	case date:
		return onDay(v.at)
	case moment:
		return atMoment(v.at)
	case count:
		if v.n > 0 {
			return strconv.Itoa(v.n)
		}
		return ""
	}
	return v.text
}

func onDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return string(appendDay(nil, dossier.DateOf(t)))
}

func atMoment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	h, m, _ := t.In(dossier.Hanoi).Clock()
	b := two(append(two(make([]byte, 0, 16), h), ':'), m)
	return string(appendDay(append(b, ' '), dossier.DateOf(t)))
}

// appendDay is Date.String without the price of fmt, which tens of thousands of cells would feel.
func appendDay(b []byte, d dossier.Date) []byte {
	b = append(two(append(two(b, d.Day), '/'), int(d.Month)), '/')
	return two(two(b, d.Year/100), d.Year%100)
}

func two(b []byte, n int) []byte { return append(b, byte('0'+n/10%10), byte('0'+n%10)) }

// catalogue is every column of every book, in its usual order.
//
// BM.06 is the tracking register as a province's system prints it (domain: mẫu số 06 của TT 01/2018/TT-VPCP). Nobody of ours has seen the
// columns of BM.02; these are proposed, and the keeper may choose. The archive's list is from memory of NĐ 30/2020/NĐ-CP, Phụ lục V.
var catalogue = map[string][]column{
	intakeRegister: {
		{key: "ordinal", title: "STT", weight: 14, align: paper.Center, value: (*entry).ordinal},
		{key: "received", title: "Ngày, giờ tiếp nhận", weight: 21.5, align: paper.Center, kind: moment, value: (*entry).received},
		{key: "number", title: "Mã hồ sơ", weight: 42.5, value: (*entry).number},
		{key: "name", title: "Họ tên, tên cơ quan nộp hồ sơ", weight: 31, value: (*entry).name},
		{key: "identity", title: "Số định danh, giấy giới thiệu", weight: 27, value: (*entry).identity},
		{key: "address", title: "Địa chỉ, số điện thoại", weight: 31, value: (*entry).address},
		{key: "procedure", title: "Tên thủ tục", weight: 31, value: (*entry).procedure},
		{key: "papers", title: "Thành phần, số lượng hồ sơ", weight: 40, value: (*entry).papers},
		{key: "channel", title: "Hình thức nộp", weight: 15, align: paper.Center, value: (*entry).channel},
		{key: "officer", title: "Cán bộ tiếp nhận", weight: 21, value: (*entry).officer},
		{key: "due", title: "Ngày hẹn trả", weight: 21.5, align: paper.Center, kind: moment, value: (*entry).due},
		{key: "forwarded", title: "Chuyển xử lý (người nhận, thời gian)", weight: 27, value: (*entry).forwarded},
		{key: "result", title: "Kết quả", weight: 27, value: (*entry).result},
		{key: "returned", title: "Ngày trả", weight: 21.5, align: paper.Center, kind: date, value: (*entry).returned},
		{key: "note", title: "Ghi chú", weight: 24.5, value: (*entry).note},
	},
	trackingRegister: {
		{key: "ordinal", title: "TT", weight: 12, align: paper.Center, value: (*entry).ordinal},
		{key: "number", title: "Mã hồ sơ", weight: 36, value: (*entry).number},
		{key: "procedure", title: "Tên TTHC", weight: 46, value: (*entry).procedure},
		{key: "sets", title: "Số lượng hồ sơ (bộ)", weight: 13, align: paper.Center, kind: count, value: (*entry).sets},
		{key: "name", title: "Tên cá nhân, tổ chức", weight: 36.5, value: (*entry).name},
		{key: "address", title: "Địa chỉ, số điện thoại", weight: 42, value: (*entry).address},
		{key: "authority", title: "Cơ quan chủ trì giải quyết", weight: 28.5, value: (*entry).authority},
		{key: "received", title: "Nhận hồ sơ", group: dates, alone: "Ngày nhận hồ sơ", weight: 19.25, align: paper.Center, kind: date, value: (*entry).received},
		{key: "due", title: "Hẹn trả kết quả", group: dates, alone: "Ngày hẹn trả kết quả", weight: 19.25, align: paper.Center, kind: date, value: (*entry).due},
		{key: "returned", title: "Trả kết quả", group: dates, alone: "Ngày trả kết quả", weight: 19.25, align: paper.Center, kind: date, value: (*entry).returned},
		{key: "delivery", title: "Phương thức nhận kết quả", weight: 21, align: paper.Center, value: (*entry).delivery},
		{key: "signature", title: "Ký nhận", weight: 22, align: paper.Center},
		{key: "note", title: "Ghi chú", weight: 27.25, value: (*entry).remark},
	},
	archiveList: {
		{key: "ordinal", title: "STT", weight: 12, align: paper.Center, kind: count, value: (*entry).place},
		{key: "number", title: "Số, ký hiệu hồ sơ", weight: 40, value: (*entry).number},
		{key: "title", title: "Tiêu đề hồ sơ", weight: 96, value: (*entry).archiveTitle},
		{key: "time", title: "Thời gian tài liệu", weight: 38, align: paper.Center, value: (*entry).span},
		{key: "retention", title: "Thời hạn bảo quản", weight: 26, align: paper.Center},
		{key: "sheets", title: "Số tờ", weight: 14, align: paper.Center},
		{key: "note", title: "Ghi chú", weight: 34, value: (*entry).archiveNote},
	},
	archiveCover: nil,
	figures:      nil,
}

const dates = "Ngày, tháng, năm"

// join puts what is not empty together.
func join(by string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, by)
}
