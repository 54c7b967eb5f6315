package forms

import (
	"os"
	"testing"

	"tiepnhan/dossier"
)

func TestLookSlips(t *testing.T) {
	put := func(name string, s dossier.Sheet) {
		pdf, err := Render(t.Context(), []dossier.Sheet{s}, nil)
		if err != nil {
			t.Error(name, err)
			return
		}
		os.WriteFile("/tmp/slips/"+name+".pdf", pdf, 0o600)
	}
	put("x1", in2025(agency()))
	put("x2", controlSamples["done"]())
	put("x3", controlSample(handingOver(at(23, 9, 0), "Bộ phận tiếp nhận", "Tổ nghiệp vụ", pens["names"](1500)), forwarding(at(24, 8, 0))))
	a := sheetOf(ControlSlip, lockIntake(), doing{kind: dossier.Annulled, body: dossier.Reason{Why: "Nhận trùng"}, at: at(24, 8, 0)})
	a.Paper, a.Nth = dossier.PaperA4, 2
	put("x4", a)
}
