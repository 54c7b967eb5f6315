package forms

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image/png"
	"strings"
	"testing"

	"tiepnhan/dossier"
)

func parcelSample(files ...int) dossier.ParcelSheet {
	out := dossier.ParcelSheet{Unit: dossier.Unit{Upper: "CÔNG AN TỈNH MẪU", Name: "CÔNG AN XÃ THỬ NGHIỆM", Place: "Thử Nghiệm"}, By: "Nguyễn Văn Mẫu", At: at(23, 16, 40)}
	to := []string{"Công an tỉnh Mẫu", "Công an xã Thử Nghiệm, quầy số 2", "Công an xã Thử Nghiệm, quầy số 3"}
	for i, n := range files {
		p := dossier.Parcel{Folder: fmt.Sprintf("TIEPNHAN/up-a1b2c3d4-20250623-164000-0a1b2c%02d", i), From: "Công an xã Thử Nghiệm, quầy số 1", To: to[i%3], At: out.At,
			Index: dossier.ParcelFile{Name: "index.tnp", Size: 4211, Sum: sha256.Sum256([]byte{byte(i)})}}
		for f := range n {
			p.Files = append(p.Files, dossier.ParcelFile{Name: fmt.Sprintf("%04d.cxe", f+1), Size: 10_377 + 977*f, Sum: sha256.Sum256([]byte{byte(i), byte(f), byte(f >> 8)})})
		}
		if n > 0 {
			p.Journals = []dossier.ParcelJournal{{Writer: dossier.WriterSelf, First: 1201, Last: 1200 + uint64(n)*100, Entries: n * 100}}
			p.Receipts = 2
		}
		if i == 1 {
			p.Journals = append(p.Journals, dossier.ParcelJournal{Writer: dossier.WriterSister, Desk: 2, First: 1, Last: 40, Entries: 40})
		}
		out.Parcels = append(out.Parcels, p)
	}
	return out
}

func TestParcelSheetListsEveryFileWithItsSum(t *testing.T) {
	s := parcelSample(3, 2, 0)
	doc, err := drawParcels(s)
	if err != nil {
		t.Fatal(err)
	}
	golden := doc.Golden()
	compareGolden(t, "parcel-three", golden)
	pdf, err := ParcelPDF(s)
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(pdfText(t, pdf), " ")
	for _, p := range s.Parcels {
		for _, f := range append(p.Files, p.Index) {
			for _, group := range strings.Fields(inGroups(f.Sum)) {
				if !strings.Contains(said, group) {
					t.Fatalf("%s: %s is missing", f.Name, group)
				}
			}
		}
	}
	for _, want := range []string{"PHIẾU GIAO NHẬN DỮ LIỆU", "NGƯỜI GIAO", "NGƯỜI NHẬN", "đã xuất", "chỉ có bản kê", "quầy số 2: 40 diễn biến (số 1–40)"} {
		if !strings.Contains(strings.Join(strings.Fields(said), " "), want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(said, "BM.") || strings.Contains(golden, "watermark") {
		t.Error("a form of ours carries an official code, or a mark that there is an official one to compare it with")
	}
}

func TestParcelSheetOfManyFilesNamesTheIndexForTheRest(t *testing.T) {
	pdf, err := ParcelPDF(parcelSample(mostFiles + 901))
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(strings.Fields(strings.Join(pdfText(t, pdf), " ")), " ")
	for _, want := range []string{"0120.cxe", "Còn 901 tệp, từ 0121.cxe đến 1021.cxe; tệp index.tnp"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestTicketHasItsTextItsTermAndACodeToScan(t *testing.T) {
	ticket := Ticket{Text: "TN1." + strings.Repeat("ABCDE-", 28) + "ABCDE", Station: "Công an xã Thử Nghiệm", Upstream: "Công an tỉnh Mẫu", Address: "https://10.0.0.5:8443", Desk: 2,
		Made: at(23, 9, 0), Until: at(26, 9, 0)}
	doc, err := drawTicket(ticket)
	if err != nil {
		t.Fatal(err)
	}
	compareGolden(t, "ticket", doc.Golden())
	if !strings.Contains(doc.Golden(), fmt.Sprintf("%q", ticket.Text)) {
		t.Error("the code is not of the ticket's text")
	}
	pdf, err := TicketPDF(ticket)
	if err != nil {
		t.Fatal(err)
	}
	if said := strings.Join(pdfText(t, pdf), " "); !strings.Contains(strings.Join(strings.Fields(said), " "), "09 giờ 00 phút, ngày 26 tháng 11 năm 2026") {
		t.Error("nothing says until when it holds:\n" + said)
	}
	b, err := TicketPNG(ticket.Text)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil || m.Bounds().Dx() < 200 {
		t.Fatalf("picture: %v, %v", m, err)
	}
	black := 0
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			if r, _, _, _ := m.At(x, y).RGBA(); r == 0 {
				if black++; x < 4*8 || y < 4*8 {
					t.Fatal("the margin is not empty")
				}
			}
		}
	}
	if share := float64(black) / float64(m.Bounds().Dx()*m.Bounds().Dy()); share < 0.2 || share > 0.6 {
		t.Errorf("%.0f %% of it is black", 100*share)
	}
	if _, err := TicketPDF(Ticket{Text: strings.Repeat("x", 5000)}); dossier.Code(err) != "form.too-long" {
		t.Errorf("a text no code can hold: %v", err)
	}
}
