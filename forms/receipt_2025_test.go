package forms

import (
	"fmt"
	"strings"
	"testing"

	"tiepnhan/assets"
	"tiepnhan/dossier"
)

func in2025(s dossier.Sheet) dossier.Sheet {
	s.Set = TT032025
	return s
}

func TestReceipt2025Goldens(t *testing.T) {
	for _, name := range []string{"typical", "agency", "long"} {
		got, err := Golden(in2025(samples[name]()))
		if err != nil {
			t.Fatal(err)
		}
		compareGolden(t, "receipt-2025-"+name, got)
	}
}

// The rows of the template TNTKQ-V5.1 (domain §1.3).
func TestReceipt2025HasEveryRow(t *testing.T) {
	pdf, err := Render(t.Context(), []dossier.Sheet{in2025(agency())}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, page := range pdfText(t, pdf) {
		page = strings.Join(strings.Fields(page), " ")
		at := 0
		for _, want := range []string{"Mẫu số 01", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", copies[i], "Tiếp nhận hồ sơ của: Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu",
			"1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm:", "STT Tên giấy tờ Loại giấy tờ Số lượng",
			"3 Giấy giới thiệu Bản chính, Bản sao 01, 01",
			"2. Số lượng hồ sơ: 01 (bộ)", "3. Thời gian nhận hồ sơ: 08 giờ 05 phút, ngày 23 tháng 11 năm 2026",
			"4. Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 27 tháng 11 năm 2026",
			"5. Đăng ký trả kết quả tại: Bộ phận Tiếp nhận và Trả kết quả, Công an xã Mẫu Sơn", "6. Phí, lệ phí (nếu có): Không",
			"Vào sổ theo dõi hồ sơ, Quyển số: 2026 Số thứ tự: 0001 (nếu có)", "NGƯỜI NỘP HỒ SƠ", "Lê Thị Tiếp Nhận"} {
			n := strings.Index(page[at:], want)
			if n < 0 {
				t.Fatalf("copy %d lacks %q, or in another order:\n%s", i+1, want, page)
			}
			at += n
		}
		for _, other := range []string{"Thành phần hồ sơ nộp gồm", "theo quy định là", "Đăng ký nhận"} {
			if strings.Contains(page, other) {
				t.Errorf("copy %d has a row of the other layout: %s", i+1, other)
			}
		}
	}
}

// The row of fees says "Không" of every dossier: it may as long as no procedure has one.
func TestNoProcedureHasAFee(t *testing.T) {
	catalogue, err := dossier.LoadCatalogue(assets.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, p := range catalogue.Procedures() {
		n++
		if p.Fee != "Không" {
			t.Errorf("%s costs %q", p.Title, p.Fee)
		}
	}
	if n == 0 {
		t.Error("there are no procedures")
	}
}

func TestReceipt2025LiesWell(t *testing.T) {
	for name, sample := range samples {
		if fault, _ := faultsOf(in2025(sample())); fault != "" {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

func TestReceipt2025OfAnAnnulledDossierSaysSo(t *testing.T) {
	s := in2025(sheetOf(Receipt, typicalIntake(), doing{kind: dossier.Annulled, body: dossier.Reason{Why: "Nhận trùng"}, at: at(24, 8, 0)}))
	golden, err := Golden(s)
	if err != nil || strings.Count(golden, fmt.Sprintf("watermark %q", "đã hủy")) != 2 {
		t.Errorf("an annulled receipt looks valid (%v)", err)
	}
}
