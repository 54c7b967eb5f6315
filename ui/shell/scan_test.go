package shell

import (
	"testing"

	"fyne.io/fyne/v2"

	"tiepnhan/dossier"
)

// A reader is used whatever stands on the screen: what only says something gives way, a question is not answered by a scan.
func TestScanDoesNothingBehindAQuestion(t *testing.T) {
	h := lived(t, big)
	number := h.store.IDs()[0]
	kept, err := h.desk.Look(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	h.press("F1")
	h.settle()
	h.s.code(kept.Dossier.Number)
	h.settle()
	if h.s.now != h.s.course || h.window.Canvas().Overlays().Top() != nil {
		t.Error("the receipt scanned over the keys did not open its dossier alone")
	}
	lost := false
	h.press("F2")
	h.s.ask("Bắt đầu phiếu mới?", "Phiếu đang nhập sẽ bị xóa.", "Xóa", func() { lost = true })
	h.settle()
	h.s.code(kept.Dossier.Number)
	h.s.card("001099000001|012345678|Nguyễn Văn Mẫu|01011999|Nam|Số 1 Phố Mẫu|15042021")
	h.settle()
	if h.s.now != h.s.reception || h.window.Canvas().Overlays().Top() == nil || lost {
		t.Error("a scan went past a question")
	}
	h.press(fyne.KeyEscape)
	h.settle()
	h.s.code(kept.Dossier.Number)
	h.settle()
	if h.s.now != h.s.course {
		t.Error("after the answer a scan does nothing")
	}
}

// A card scanned on the list finds what its holder asked for when there was only the old number.
func TestCardScannedOnTheListFindsTheOldNumberToo(t *testing.T) {
	h := lived(t, big)
	in := h.desk.NewIntake()
	in.Procedure, in.Papers = "lock-eid", []dossier.Paper{{Key: "tk03", Originals: 1}}
	in.Requester.Person = dossier.Person{Name: "Nguyễn Văn Mẫu", OldNumber: "987654321", Born: dossier.Date{Year: 1999, Month: 1, Day: 1}, Sex: "Nam", Address: "Thôn Mẫu"}
	kept, err := h.desk.Receive(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	h.press("F3")
	h.settle()
	h.s.card("001099000077|987654321|Nguyễn Văn Mẫu|01011999|Nam|Số 1 Phố Mẫu|15042021")
	h.settle()
	if row, ok := h.s.rows.Row(0); !ok || row.ID != kept.ID {
		t.Errorf("found %q", row.Number)
	}
}
