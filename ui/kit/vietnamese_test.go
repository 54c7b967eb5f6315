package kit

import (
	"testing"

	"fyne.io/fyne/v2/lang"
	"golang.org/x/text/unicode/norm"
)

func TestFyneSpeaksVietnamese(t *testing.T) {
	if err := SpeakVietnamese(); err != nil {
		t.Fatal(err)
	}
	if len(baseWords) != 39 {
		t.Errorf("%d of Fyne's 39 captions", len(baseWords))
	}
	for key, want := range baseWords {
		if s, ok := want.(string); ok {
			if got := lang.X(key, key); got != s {
				t.Errorf("%s is said %q, want %q", key, got, s)
			}
			if !norm.NFC.IsNormalString(s) {
				t.Errorf("%s is not NFC", key)
			}
		}
	}
	if got := lang.X("file.name", "Name"); got != "Tên" {
		t.Errorf("file.name is said %q", got)
	}
}
