//go:build e2e

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// hand is an officer's hand on the keyboard: it counts what is pressed and how long it takes, the scan of a card apart.
type hand struct {
	*display
	name   string
	keys   int // keys and chords
	typed  int // letters of texts
	scans  int
	begun  time.Time
	result *strings.Builder
}

func (h *hand) begin(name string) {
	h.settled()
	h.name, h.keys, h.typed, h.scans, h.begun = name, 0, 0, 0, time.Now()
}

func (h *hand) press(names ...string) {
	h.key(names...)
	h.keys++
}

// tab goes on to the next field; two Tabs at once would be one held down.
func (h *hand) tab() {
	h.press("Tab")
	h.settled()
}

func (h *hand) text(s string) {
	h.write(s)
	h.typed += len([]rune(s))
}

func (h *hand) read(card string) {
	h.scan(card, readAs)
	h.scans++
}

// ends waits until what was to come of it is kept, and writes the row of the table.
func (h *hand) ends(what string, holds func() bool) {
	h.t.Helper()
	h.until(what, holds)
	fmt.Fprintf(h.result, "| %s | %d | %d | %d | %.1f s |\n", h.name, h.scans, h.keys, h.typed, time.Since(h.begun).Seconds())
}

// Each of the day's main jobs by keys alone in the real window, with an upstream that answers. The table goes into docs/usability.md.
func TestWindowDaysWorkByKeysAlone(t *testing.T) {
	d := newDisplay(t)
	s := newStation(t)
	late := s.receivedLongAgo()
	s.turnOn()
	shot := shots(t, d)
	s.open(d)
	h := &hand{display: d, result: &strings.Builder{}}
	row := func(number string) dossier.Summary {
		for _, r := range s.rows() {
			if r.Number == number {
				return r
			}
		}
		return dossier.Summary{}
	}
	newest := func() dossier.Summary { return s.rows()[0] }

	h.begin("Công dân khóa căn cước điện tử, làm ngay")
	h.press("Control", "3")
	h.read(card)
	h.press("Control", "d")
	h.press("F8")
	h.press("F9")
	h.ends("the card is locked", func() bool { return len(s.rows()) == 2 && newest().Status == dossier.StatusDone })
	if h.keys > 12 {
		t.Errorf("a scanned request takes %d keys beside the scan", h.keys)
	}
	shot("40-at-once")

	h.begin("Trả kết quả hồ sơ đó (quét giấy tiếp nhận)")
	number := newest().Number
	h.scan(number, readAs)
	h.scans++
	h.settled()
	shot("41-scanned-receipt")
	h.press("Control", "7")
	h.settled()
	h.press("F9")
	h.ends("the result is handed over", func() bool { return row(number).Status == dossier.StatusReturned })
	shot("42-returned")

	h.begin("Cơ quan đề nghị khóa tài khoản")
	h.press("F2")
	h.settled()
	h.press("Control", "1")
	for _, field := range []string{"co quan mau", "12cv", "20112026", "so 1 pho mau", "", "", "nguoi nop mau"} {
		h.text(field)
		h.tab()
	}
	shot("43-agency")
	h.tab()
	h.tab()
	h.tab()
	h.text("001099000002")
	h.tab()
	h.text("nguoi bi khoa mau")
	h.press("F8")
	h.settled()
	shot("44-agency-filled")
	h.press("F9")
	h.ends("the request is kept", func() bool { return len(s.rows()) == 3 && newest().Procedure == "lock-account" })
	number = newest().Number

	h.begin("Ghi đã chuyển cơ quan có thẩm quyền")
	h.scan(number, readAs)
	h.scans++
	h.settled()
	h.press("Control", "3")
	h.settled()
	h.press("F9")
	h.ends("it is forwarded", func() bool { return row(number).Forwarded })
	shot("45-forwarded")

	d.key("F5")
	d.until("upstream has it", func() bool { return row(number).Unsent == 0 })
	s.run("upstream", "decide", number, "-approve", "-document", "12/TB-C06", "-date", dossier.DateOf(time.Now()).ISO(), "-data", s.upstream)
	d.key("F5")
	d.until("the decision is here", func() bool { return row(number).Status == dossier.StatusDone })
	h.begin("Trả kết quả cho cơ quan sau khi cấp trên phê duyệt")
	h.scan(number, readAs)
	h.scans++
	h.settled()
	h.press("Control", "7")
	h.settled()
	h.press("F9")
	h.ends("the result is handed over", func() bool { return row(number).Status == dossier.StatusReturned })
	shot("46-agency-returned")

	h.begin("Tiếp nhận và yêu cầu bổ sung giấy tờ")
	h.press("F2")
	h.settled()
	h.press("Control", "5")
	h.read(card)
	h.settled() // the telephone is all that is missing
	h.text("0900000001")
	h.press("Shift", "F4")
	h.settled()
	shot("47-ask-papers")
	h.press("F9")
	h.ends("papers are asked for", func() bool { return len(s.rows()) == 4 && newest().Status == dossier.StatusAsked })

	h.begin("Từ chối tiếp nhận")
	h.settled()
	h.press("Control", "1")
	h.press("F4")
	h.settled()
	shot("48-refuse")
	h.press("F4")
	h.settled()
	h.text("co quan mau")
	h.press("F4")
	h.settled()
	h.text("khong dung tham quyen")
	h.press("F9")
	h.ends("it is refused", func() bool { return newest().Status == dossier.StatusRefused })
	shot("49-refused")

	h.begin("Xin lỗi và hẹn lại hồ sơ quá hạn")
	h.press("F3")
	h.settled()
	h.press("Control", "3") // Quá hạn
	h.settled()
	shot("50-late")
	h.press("Down")
	h.press("Return")
	h.settled()
	h.press("Control", "h")
	h.settled()
	h.tab()
	h.tab() // the ready reasons
	for range 3 {
		h.press("Down")
		h.settled()
	}
	shot("51-apology")
	h.press("F9")
	h.ends("a new day is promised", func() bool { return row(late).Due.After(time.Now()) })
	shot("52-promised")

	h.begin("Chốt ngày")
	h.press("F10")
	h.settled()
	shot("53-day")
	h.press("F9")
	h.settled()
	shot("54-close")
	h.press("F9")
	h.ends("the day is closed", func() bool { return s.closed() == 1 })
	shot("55-closed")

	t.Log("\n| việc | quét | phím | chữ gõ | thời gian |\n|---|---|---|---|---|\n" + h.result.String())
	if *out != "" {
		if err := os.WriteFile(filepath.Join(*out, "usability.md"), []byte(h.result.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// receivedLongAgo keeps a dossier taken down by hand a week ago, which is late by now, and tells its number.
func (s *station) receivedLongAgo() string {
	s.t.Helper()
	w, err := openWorld(s.t.Context(), s.data, nil, toWrite, clock)
	if err != nil {
		s.t.Fatal(err)
	}
	in := agency("lock-account", 1, "khóa")
	in.ID, in.ReceivedAt = newID(), time.Now().Add(time.Minute-desk.MaxBackdated)
	in.Requester.Agency.DocumentDate = dossier.DateOf(in.ReceivedAt)
	kept, err := w.desk.Receive(s.t.Context(), in)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := w.close(); err != nil {
		s.t.Fatal(err)
	}
	return kept.Number
}

// closed is how many days were closed.
func (s *station) closed() int {
	s.t.Helper()
	w, err := openWorld(s.t.Context(), s.data, nil, toRead, clock)
	if err != nil {
		s.t.Fatal(err)
	}
	defer w.close()
	days, err := w.desk.Days(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return len(days)
}
