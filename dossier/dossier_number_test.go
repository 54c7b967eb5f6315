package dossier

import (
	"strings"
	"testing"
)

func TestNumbersReadBackAsTheyWereWritten(t *testing.T) {
	day := Date{2026, 11, 21}
	for _, x := range []struct{ number, want, tail string }{
		{FormatNumber("CAX.MAU", day, 1), "CAX.MAU-261121-0001", "0001"},
		{FormatNumber("1", day, 8999), "1-261121-8999", "8999"},
		{FormatRefusal("CAX.MAU", day, 1), "CAX.MAU-261121-TC01", "TC01"},
		{FormatRefusal(strings.Repeat("Z", 35), day, 899), strings.Repeat("Z", 35) + "-261121-TC899", "TC899"},
	} {
		prefix, back, tail, err := ParseNumber(" " + strings.ToLower(x.number) + "\r\n")
		if x.number != x.want || err != nil || back != day || tail != x.tail || prefix+"-261121-"+tail != x.want {
			t.Errorf("%s: %s %v %s %v", x.number, prefix, back, tail, err)
		}
	}
}

func TestWhatIsNoNumberIsRefused(t *testing.T) {
	for _, s := range []string{"", "-", "CAX-261121-", "CAX-261121-001", "CAX-261121-00001", "CAX-261121-0000", "CAX-261121-TC00",
		"CAX-261121-TC1", "CAX-261131-0001", "CAX-261321-0001", "-261121-0001", "C_X-261121-0001", "XÃ-261121-0001",
		strings.Repeat("Z", 36) + "-261121-0001", strings.Repeat("-", 1<<20), "001099000001|x", "CAX-261121-0001-0002"} {
		if _, _, _, err := ParseNumber(s); Code(err) != "number.format" || IsDossierNumber(s) {
			t.Errorf("%.40q: %v", s, err)
		}
	}
}

func TestNoTwoDesksAndNoTwoLivesShareANumber(t *testing.T) {
	for name, of := range map[string]func(int) ([]Block, error){"intakes": Blocks, "refusals": RefusalBlocks} {
		owner := map[int]Block{}
		for desk := 1; desk <= Desks; desk++ {
			bs, err := of(desk)
			if err != nil || len(bs) != 3 {
				t.Fatalf("%s, desk %d: %v %v", name, desk, bs, err)
			}
			for _, b := range bs {
				last := 0
				for n, err := b.Next(0); err == nil; n, err = b.Next(n) {
					if other, taken := owner[n]; taken {
						t.Fatalf("%s: %d is of %v and %v", name, n, other, b)
					}
					if last != 0 && n != last+1 {
						t.Fatalf("%s: %d follows %d", name, n, last)
					}
					owner[n], last = b, n
				}
				if _, err := b.Next(last); Code(err) != "number.full" || last != b.Last {
					t.Errorf("%s %v ends at %d: %v", name, b, last, err)
				}
			}
		}
	}
	if bs, _ := Blocks(1); bs[0] != (Block{1, 999}) || bs[1] != (Block{1001, 1999}) || bs[2] != (Block{2001, 2999}) {
		t.Errorf("desk 1: %v", bs)
	}
	if bs, _ := Blocks(3); bs[0] != (Block{6001, 6999}) || bs[2] != (Block{8001, 8999}) {
		t.Errorf("desk 3: %v", bs)
	}
	if bs, _ := RefusalBlocks(2); bs[0] != (Block{301, 399}) {
		t.Errorf("refusals of desk 2: %v", bs)
	}
	if _, err := (Block{1, 999}).Next(1001); err == nil || Code(err) != "" {
		t.Errorf("a number of another block: %v", err)
	}
	for _, desk := range []int{-1, 0, 4} {
		if _, err := Blocks(desk); Code(err) != "desk.range" {
			t.Errorf("desk %d: %v", desk, err)
		}
	}
}

func TestPrefixIsOfCapitalsFiguresAndPeriods(t *testing.T) {
	for prefix, ok := range map[string]bool{"H56.22.17": true, "000.17.22.H56": true, strings.Repeat("A", 35): true,
		"": false, strings.Repeat("A", 36): false, "xa": false, "XÃ": false, "A-B": false, "A B": false, "A\n": false} {
		if err := CheckPrefix(prefix); (err == nil) != ok {
			t.Errorf("%q: %v", prefix, err)
		}
	}
}
