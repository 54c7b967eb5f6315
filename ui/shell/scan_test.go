package shell

import (
	"testing"

	"fyne.io/fyne/v2"
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
