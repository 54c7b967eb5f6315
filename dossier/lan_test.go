package dossier

import (
	"slices"
	"strings"
	"testing"
)

func TestTypedAddressesOfSisterPCsAreReadWithOrWithoutPort(t *testing.T) {
	for typed, want := range map[string][]string{
		"":                          nil,
		" , ;\n":                    nil,
		"192.168.1.5":               {"192.168.1.5:47218"},
		"192.168.1.5:5000":          {"192.168.1.5:5000"},
		"192.168.1.5, May-Quay-2":   {"192.168.1.5:47218", "may-quay-2:47218"},
		"quay2.tram.local:47218\n":  {"quay2.tram.local:47218"},
		"fd00::5;[fd00::6]:5000":    {"[fd00::5]:47218", "[fd00::6]:5000"},
		"[fd00::5]":                 {"[fd00::5]:47218"},
		"quay2 QUAY2 quay2:47218":   {"quay2:47218"},
		"192.168.1.5\u00a0quay2;;,": {"192.168.1.5:47218", "quay2:47218"},
	} {
		got, err := ParseLAN(typed)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
		again, err := ParseLAN(strings.Join(got, " "))
		if err != nil || !slices.Equal(again, got) {
			t.Errorf("%q read again: %q, %v", typed, again, err)
		}
	}
}

func TestWhatIsNoAddressOfAPCIsRefused(t *testing.T) {
	for _, typed := range []string{"192.168.1", "192.168.1.500", "5000", "192.168.1.5:0", "192.168.1.5:65536", "192.168.1.5:x", "quay2:", ":47218", "máy-2", "-quay", "a..b",
		"0.0.0.0", "224.0.0.1", "[::]:47218", "https://192.168.1.5", "192.168.1.5/24", "a@b", "[fd00::5", strings.Repeat("a", 64)} {
		if got, err := ParseLAN("quay2 " + typed); Code(err) != "lan.address" || got != nil {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	if _, err := ParseLAN("a1x a2x a3x a4x a5x a6x a7x a8x a9x"); Code(err) != "lan.many" {
		t.Error(err)
	}
	s := Settings{LAN: []string{"sai địa chỉ"}}
	if err := s.Check(); err == nil || !strings.Contains(err.Error(), "lan.address") {
		t.Error(err)
	}
}
