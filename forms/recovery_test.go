package forms

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/dossier"
)

func recoverySample() Recovery {
	return Recovery{Unit: dossier.Unit{Upper: "CÔNG AN TỈNH MẪU", Name: "CÔNG AN XÃ THỬ NGHIỆM", Place: "Thử Nghiệm"}, Made: at(23, 9, 5),
		Code: "012342-678909-000011-720885-110000-999999-000000-345675"}
}

// keepToLookAt puts a PDF in the folder TIEPNHAN_SHOTS names, if it does.
func keepToLookAt(t *testing.T, name string, pdf []byte) {
	t.Helper()
	if folder := os.Getenv("TIEPNHAN_SHOTS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, name+".pdf"), pdf, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRecoverySheetHasEveryGroupAndACodeToScan(t *testing.T) {
	r := recoverySample()
	doc, err := drawRecovery(r)
	if err != nil {
		t.Fatal(err)
	}
	golden := doc.Golden()
	compareGolden(t, "recovery", golden)
	if len(doc.Pages()) != 1 {
		t.Errorf("%d pages", len(doc.Pages()))
	}
	if !strings.Contains(golden, fmt.Sprintf("%q", r.Code)) {
		t.Error("the QR code is not of the code")
	}
	pdf, err := RecoveryPDF(r)
	if err != nil {
		t.Fatal(err)
	}
	keepToLookAt(t, "recovery", pdf)
	said := strings.Join(strings.Fields(strings.Join(pdfText(t, pdf), " ")), " ")
	for _, want := range append(strings.Split(r.Code, "-"), "PHIẾU KHÔI PHỤC", "CÔNG AN XÃ THỬ NGHIỆM", "09 giờ 05 phút, ngày 23 tháng 11 năm 2026",
		"NGƯỜI GIỮ PHIẾU", "CHỈ HUY ĐƠN VỊ", "niêm phong", "F8") {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(said, "BM.") || strings.Contains(golden, "watermark") {
		t.Error("a sheet of ours carries an official code, or a mark that there is an official one to compare it with")
	}
}

func TestRecoverySheetOfAStationWithoutANameHasALineForIt(t *testing.T) {
	r := recoverySample()
	r.Unit = dossier.Unit{}
	doc, err := drawRecovery(r)
	if err != nil {
		t.Fatal(err)
	}
	compareGolden(t, "recovery-nameless", doc.Golden())
	pdf, err := RecoveryPDF(r)
	if err != nil {
		t.Fatal(err)
	}
	keepToLookAt(t, "recovery-nameless", pdf)
	if !strings.Contains(strings.Join(pdfText(t, pdf), " "), "Đơn vị:") || len(doc.Pages()) != 1 {
		t.Error("nowhere to write the unit's name, or more than a page")
	}
}

func TestRecoverySheetStaysOnAPageUnderLongNames(t *testing.T) {
	r := recoverySample()
	r.Unit = dossier.Unit{Upper: "CÔNG AN THÀNH PHỐ BÌNH MẪU – THỬ NGHIỆM", Name: "CÔNG AN ĐẶC KHU BÌNH MẪU ĐÔNG – THỬ NGHIỆM HẠ", Place: "Đặc khu Bình Mẫu Đông – Thử Nghiệm Hạ"}
	doc, err := drawRecovery(r)
	if err != nil || len(doc.Pages()) != 1 {
		t.Fatalf("%v, %d pages", err, len(doc.Pages()))
	}
	r.Code = strings.Repeat("x", 5000)
	if _, err := RecoveryPDF(r); dossier.Code(err) != "form.too-long" {
		t.Errorf("a code no QR code can hold: %v", err)
	}
}
