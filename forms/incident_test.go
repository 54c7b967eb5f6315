package forms

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
)

func incidentSample(t *testing.T, what dossier.IncidentKind) dossier.IncidentSheet {
	t.Helper()
	duties, err := dossier.LoadDuties(assets.Duties)
	if err != nil {
		t.Fatal(err)
	}
	noticed := at(23, 9, 5)
	day := func(d int) dossier.Date { return dossier.Date{Year: 2026, Month: 11, Day: d} }
	return dossier.IncidentSheet{Incident: dossier.Incident{What: what, Noticed: noticed, Made: at(23, 9, 40), Device: dossier.DeviceID{0xab, 0xcd, 0xef, 0x12}, Own: true,
		Dossiers: 12_481, Open: 37, Purged: 4, Agency: 118, Persons: 9_730, Unnumbered: 3, Organizations: 52, From: dossier.Date{Year: 2025, Month: 7, Day: 1}, To: day(23),
		Data: []dossier.DataCount{{Field: dossier.DataName, Persons: 9_730}, {Field: dossier.DataNumber, Persons: 9_701}, {Field: dossier.DataOld, Persons: 2_100},
			{Field: dossier.DataPassport, Persons: 26}, {Field: dossier.DataBorn, Persons: 9_690}, {Field: dossier.DataSex, Persons: 9_502}, {Field: dossier.DataAddress, Persons: 9_400},
			{Field: dossier.DataPhone, Persons: 7_214}, {Field: dossier.DataEmail, Persons: 310}},
		Store: dossier.StoreEncrypted, Users: []dossier.OfficerID{"chi-huy", "can-bo-1", "can-bo-2"},
		Backup:  &dossier.IncidentBackup{At: at(22, 17, 2), To: dossier.PlaceStick, Proved: true},
		Written: 48_211, Held: 48_190, Oldest: at(23, 8, 1), Receipt: &dossier.DayReceipt{Number: "000812", At: at(23, 8, 0)}, Sisters: 1,
		Since: noticed.Add(-72 * time.Hour), Past: []dossier.IncidentPast{{Who: "can-bo-1", SignIns: 6, Looks: 214, Reveals: 3, Prints: 96},
			{Who: "chi-huy", SignIns: 2, Looks: 12, Exports: 1, Rows: 412}, {Failures: 7}},
		Duties: dossier.DutiesOn(duties, dossier.DateOf(noticed), true)},
		Settings: dossier.Settings{Desk: 1, Officers: []dossier.Officer{{ID: "can-bo-1", Name: "Trần Thị Thử"}, {ID: "chi-huy", Name: "Lê Thử Trưởng"}},
			Units: []dossier.UnitTerm{{Level: dossier.Commune, Prefix: "MAU", Unit: dossier.Unit{Upper: "CÔNG AN TỈNH MẪU", Name: "CÔNG AN XÃ THỬ NGHIỆM", Place: "Thử Nghiệm"}}}}}
}

func saidByPDF(t *testing.T, pdf []byte) string {
	t.Helper()
	return strings.Join(strings.Fields(strings.Join(pdfText(t, pdf), " ")), " ")
}

func TestIncidentReportSaysWhatWhomAndWhen(t *testing.T) {
	for _, what := range dossier.IncidentKinds {
		s := incidentSample(t, what)
		doc, err := drawIncident(s)
		if err != nil {
			t.Fatal(err)
		}
		compareGolden(t, "incident-"+string(what), doc.Golden())
		var pdf, again bytes.Buffer
		if err := WriteIncident(s, &pdf); err != nil {
			t.Fatal(err)
		}
		if err := WriteIncident(s, &again); err != nil || !bytes.Equal(pdf.Bytes(), again.Bytes()) {
			t.Errorf("%s: the same report is other bytes: %v", what, err)
		}
		keepToLookAt(t, "incident-"+string(what), pdf.Bytes())
		said := saidByPDF(t, pdf.Bytes())
		for _, want := range []string{"BÁO CÁO SỰ CỐ DỮ LIỆU", what.Title(), "09 giờ 05 phút, ngày 23 tháng 11 năm 2026", "09 giờ 05 phút, ngày 26 tháng 11 năm 2026", "9.730 người", "12.481 hồ sơ",
			"khoản 1 Điều 23", "72 giờ", "24 giờ", "chưa đối chiếu", "NGƯỜI LẬP BÁO CÁO", "CHỈ HUY ĐƠN VỊ", "412", "000812", "tên không có"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q is missing", what, want)
			}
		}
		for n, step := range s.Steps() {
			words := strings.Fields(assets.Word(step.Code, step.Args))
			if first := strings.Join(words[:3], " "); !strings.Contains(said, first) {
				t.Errorf("%s: step %d %q is missing", what, n+1, first)
			}
		}
		if len(doc.Pages()) > 3 || strings.Contains(said, "BM.") {
			t.Errorf("%s: %d pages, or an official code", what, len(doc.Pages()))
		}
	}
}

// Before the law came into force nothing is said of it, and what has no source never has a time.
func TestIncidentReportSaysNoLawThatIsNotInForce(t *testing.T) {
	s := incidentSample(t, dossier.IncidentLeaked)
	s.Noticed = time.Date(2025, 12, 31, 23, 0, 0, 0, dossier.Hanoi)
	duties, err := dossier.LoadDuties(assets.Duties)
	if err != nil {
		t.Fatal(err)
	}
	s.Duties = dossier.DutiesOn(duties, dossier.DateOf(s.Noticed), true)
	var pdf bytes.Buffer
	if err := WriteIncident(s, &pdf); err != nil {
		t.Fatal(err)
	}
	if said := saidByPDF(t, pdf.Bytes()); strings.Contains(said, "91/2025") || strings.Contains(said, "116/2025") || strings.Contains(said, "Hạn thông báo") || !strings.Contains(said, "chưa đối chiếu") {
		t.Errorf("%s", said)
	}
}

func TestIncidentReportHoldsTheEmptyAndTheHuge(t *testing.T) {
	empty := incidentSample(t, dossier.IncidentLost)
	empty.Incident = dossier.Incident{What: dossier.IncidentLost, Noticed: at(23, 9, 5), Made: at(23, 9, 5), Store: dossier.StoreUnknown}
	huge := incidentSample(t, dossier.IncidentMisused)
	for n := range 60 {
		id := dossier.OfficerID(fmt.Sprintf("cong.tang.ton.nu.nguyen.phuc.hoang.thi.thu.nghiem.%02d", n))
		huge.Users = append(huge.Users, id)
		huge.Past = append(huge.Past, dossier.IncidentPast{Who: id, SignIns: n + 1, Looks: 1_000_000, Prints: 100_000, Exports: 3, Rows: 9_000_000})
	}
	huge.Settings.Units[0].Unit = dossier.Unit{Upper: "CÔNG AN THÀNH PHỐ BÌNH MẪU – THỬ NGHIỆM", Name: "CÔNG AN ĐẶC KHU BÌNH MẪU ĐÔNG – THỬ NGHIỆM HẠ", Place: "Đặc khu Bình Mẫu Đông"}
	for name, s := range map[string]dossier.IncidentSheet{"empty": empty, "huge": huge} {
		var pdf bytes.Buffer
		if err := WriteIncident(s, &pdf); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		keepToLookAt(t, "incident-"+name, pdf.Bytes())
	}
	if err := WriteIncident(dossier.IncidentSheet{Settings: dossier.Settings{}}, &bytes.Buffer{}); dossier.Code(err) == "" {
		t.Errorf("a station without a unit: %v", err)
	}
}
