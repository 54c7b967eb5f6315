package forms

import (
	"testing"

	"tiepnhan/dossier"
)

// The slip judges as the registers do: papers asked for when a time had run out already mend no delay, of the step or of the whole.
func TestControlSlipAgreesWithTheRegistersAboutPapersAskedForTooLate(t *testing.T) {
	asked := doing{kind: dossier.AskedPapers, body: dossier.AskPapers{Why: "Thiếu giấy giới thiệu", At: at(27, 9, 0)}, at: at(27, 9, 0)}
	added := doing{kind: dossier.AddedPapers, body: dossier.AddPapers{Due: dossier.Due{At: at(30, 17, 0)}, OwnDue: dossier.Due{At: at(30, 11, 0)}, At: at(28, 9, 0)}, at: at(28, 9, 0)}
	s := controlSample(asked, added, forwarding(at(30, 9, 0)), deciding(at(30, 15, 0), true))
	one, err := open(s)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range one.passages() {
		if p.result != "" {
			got = append(got, p.result)
		}
	}
	same(t, got, []string{"Quá hạn", "Quá hạn"})
	if d := s.Dossier; !d.Late(at(30, 16, 0)) || !d.OwnLate(at(30, 16, 0)) {
		t.Errorf("the registers: late %v, own step %v", d.Late(at(30, 16, 0)), d.OwnLate(at(30, 16, 0)))
	}
}
