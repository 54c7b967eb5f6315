package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/dossier"
)

func TestADayIsClosedByScript(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir := sampleDir(t)
	callWith(t, cardRequest, "receive", "-in", "-", "-data", dir).ok(t)
	at(t, "2026-11-20 16:45")
	if got := call1(t, "day", "-data", dir).ok(t); !strings.Contains(got.out, "MAU.01-261120-0001 (1 số)") || !strings.Contains(got.out, "chờ gửi: 1") || !strings.Contains(got.out, "Nguyễn Văn Mẫu") {
		t.Errorf("%s", got.out)
	}
	if got := call1(t, "day", "-list", "-data", dir).ok(t); !strings.Contains(got.out, "Chưa chốt") {
		t.Errorf("%s", got.out)
	}
	call1(t, "day", "-close", "-data", dir).refused(t, "day.checked-missing")
	call1(t, "day", "-close", "-checked", "Trần Văn Mẫu", "-data", dir).refused(t, "day.checked-same")
	var closed dossier.ClosedDay
	got := call1(t, "day", "-close", "-checked", "Nguyễn Thủ Trưởng Mẫu", "-note", "đủ", "-data", dir, "-json").ok(t)
	if err := json.Unmarshal([]byte(got.out), &closed); err != nil || closed.Nth != 1 || closed.Report.Acts() != 1 || closed.Closed != "Trần Văn Mẫu" {
		t.Fatalf("%v: %s", err, got.out)
	}
	call1(t, "day", "-close", "-checked", "Nguyễn Thủ Trưởng Mẫu", "-data", dir).refused(t, "day.nothing")
	if got := call1(t, "day", "-list", "-data", dir).ok(t); !strings.Contains(got.out, closed.Mark()) || !strings.Contains(got.out, "máy này") {
		t.Errorf("%s", got.out)
	}
	var open dossier.Day
	if err := json.Unmarshal([]byte(call1(t, "day", "-data", dir, "-json").ok(t).out), &open); err != nil || open.Nth != 2 || len(open.Rows) != 0 {
		t.Errorf("%v %+v", err, open)
	}
	pdf := filepath.Join(t.TempDir(), "chốt ngày.pdf")
	call1(t, "day", "-print", "1", "-out", pdf, "-data", dir).ok(t)
	text, err := exec.Command("pdftotext", "-layout", pdf, "-").Output()
	if err != nil || !strings.Contains(string(text), "BÁO CÁO CHỐT NGÀY") || !strings.Contains(string(text), closed.Mark()) || !strings.Contains(string(text), "Nguyễn Thủ Trưởng Mẫu") ||
		strings.Contains(string(text), "chưa chốt") {
		t.Errorf("%v: %s", err, text)
	}
	call1(t, "day", "-print", "0", "-out", pdf, "-data", dir).ok(t)
	if text, _ := exec.Command("pdftotext", pdf, "-").Output(); !strings.Contains(string(text), "chưa chốt") {
		t.Errorf("a draft does not say so: %s", text)
	}
	call1(t, "day", "-print", "7", "-out", pdf, "-data", dir).refused(t, "day.unknown")
	call1(t, "verify", "-data", dir).ok(t)
	for _, wrong := range [][]string{{"-list", "-close"}, {"-checked", "A"}, {"-print", "x", "-out", pdf}, {"-print", "1"}, {"-out", pdf}, {"-print", "-1", "-out", pdf}, {"extra"}} {
		if got := call1(t, append([]string{"day", "-data", dir}, wrong...)...); got.code == 0 {
			t.Errorf("%v is understood", wrong)
		}
	}
}
