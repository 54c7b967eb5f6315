package dossier

import "testing"

// A station that took its upstream's name away is not left with "Đã gửi về" nobody.
func TestUpstreamWithoutANameIsCalledUpstream(t *testing.T) {
	day := Date{2026, 11, 20}
	for want, s := range map[string]Settings{"cấp trên": {Upstreams: []UpstreamTerm{{Name: "Công an tỉnh Mẫu"}, {From: day, Name: " "}}}, "Công an tỉnh Mẫu": {Upstreams: []UpstreamTerm{{Name: "Công an tỉnh Mẫu"}}}} {
		if got := s.UpstreamOn(day); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
