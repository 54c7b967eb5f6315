package desk

import "testing"

func TestOfABatchThoseAlreadyPrintedAreCounted(t *testing.T) {
	d, _, _, first := onPaper(t, done)
	second, err := d.Receive(t.Context(), citizenLocksCard())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Print(t.Context(), receiptOf(second.ID), Where{}, nil); err != nil {
		t.Fatal(err)
	}
	drawn, err := d.Draw(t.Context(), receiptOf(first, second.ID), nil)
	if err != nil || drawn.Sheets != 2 || drawn.Reprints != 1 || drawn.Nth != 0 {
		t.Errorf("%+v, %v", drawn, err)
	}
}
