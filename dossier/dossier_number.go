package dossier

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A dossier's number is <prefix>-YYMMDD-NNNN; that of a refused intake is <prefix>-YYMMDD-TCnn (từ chối), of a series of its own,
// so that the register of receptions has no gaps. The date is the day of reception (TT 01/2018/TT-VPCP Điều 19 has the shape).

// MaxPrefix is the most letters of a number's prefix.
const MaxPrefix = 35

// Block is a run of numbers that one PC gives in one of its lives on one day.
type Block struct{ First, Last int }

// Desks is how many PCs of one unit can give numbers.
const Desks = 3

// Blocks are the three runs of dossier numbers of a desk: 0001–0999, 1001–1999 and 2001–2999 for desk 1; those of desk 2 begin
// with 3001, of desk 3 with 6001. A restored or replaced PC takes the next run for the rest of that day, so that no two ever give
// the same number. Code: desk.range.
func Blocks(desk int) ([]Block, error) { return blocks(desk, 1000) }

// RefusalBlocks are the same for refused intakes, a tenth as wide: TC01–TC99, TC101–TC199 and TC201–TC299 for desk 1; those of
// desk 2 begin with TC301, of desk 3 with TC601. Code: desk.range.
func RefusalBlocks(desk int) ([]Block, error) { return blocks(desk, 100) }

func blocks(desk, width int) ([]Block, error) {
	if desk < 1 || desk > Desks {
		return nil, Invalid("desk", "desk.range", "max", strconv.Itoa(Desks))
	}
	out := make([]Block, 3)
	for i := range out {
		start := (3*(desk-1) + i) * width
		out[i] = Block{start + 1, start + width - 1}
	}
	return out, nil
}

// Next is the number after last, the last one given of this block (0 when none was): none is skipped. Code: number.full.
func (b Block) Next(last int) (int, error) {
	switch {
	case last == 0:
		return b.First, nil
	case !b.Has(last):
		return 0, fmt.Errorf("next number: %d is not of block %d–%d", last, b.First, b.Last)
	case last == b.Last:
		return 0, Invalid("", "number.full", "last", strconv.Itoa(b.Last))
	}
	return last + 1, nil
}

// Has tells whether the number is of this block.
func (b Block) Has(n int) bool { return n >= b.First && n <= b.Last }

// FormatNumber is the number of a received dossier; n is of Blocks.
func FormatNumber(prefix string, day Date, n int) string {
	return fmt.Sprintf("%s-%s-%04d", prefix, numberDay(day), n)
}

// FormatRefusal is the number of a refused intake; n is of RefusalBlocks.
func FormatRefusal(prefix string, day Date, n int) string {
	return fmt.Sprintf("%s-%s-TC%02d", prefix, numberDay(day), n)
}

func numberDay(d Date) string { return fmt.Sprintf("%02d%02d%02d", d.Year%100, d.Month, d.Day) }

var numberShape = regexp.MustCompile(`^([A-Z0-9.]{1,35})-([0-9]{2})([0-9]{2})([0-9]{2})-([0-9]{4}|TC[0-9]{2,3})$`)

// ParseNumber takes a dossier number apart; small letters and blanks around it do not matter. tail is what stands after the date:
// it is the số thứ tự of the registers. Code: number.format.
func ParseNumber(s string) (prefix string, day Date, tail string, err error) {
	bad := func() (string, Date, string, error) { return "", Date{}, "", Invalid("number", "number.format") }
	if len(s) > 4*MaxPrefix {
		return bad()
	}
	m := numberShape.FindStringSubmatch(strings.ToUpper(Clean(s)))
	if m == nil {
		return bad()
	}
	figures := func(s string) int {
		n, _ := strconv.Atoi(s) // of the shape it is
		return n
	}
	day = Date{2000 + figures(m[2]), time.Month(figures(m[3])), figures(m[4])}
	if !day.Valid() || figures(strings.TrimPrefix(m[5], "TC")) == 0 {
		return bad()
	}
	return m[1], day, m[5], nil
}

// IsDossierNumber tells whether the text can be one of our numbers, as the QR of a receipt carries it.
func IsDossierNumber(s string) bool {
	_, _, _, err := ParseNumber(s)
	return err == nil
}

// CheckPrefix refuses a prefix that is not 1 to 35 of A–Z and 0–9, with single periods between them. Code: prefix.format.
func CheckPrefix(prefix string) error {
	if len(prefix) > 35 || !prefixShape.MatchString(prefix) {
		return Invalid("prefix", "prefix.format")
	}
	return nil
}

var prefixShape = regexp.MustCompile(`^[A-Z0-9]+(\.[A-Z0-9]+)*$`)
