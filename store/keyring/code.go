package keyring

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"tiepnhan/dossier"
)

// Code is the recovery code: 128 random bits, printed once and kept nowhere.
//
// It is written in figures alone, because Telex and VNI turn typed letters into others, and figures are read aloud without spelling. Each of
// the eight groups of six is a multiple of eleven, so a figure that was mistyped or swapped with its neighbour is known at once, and in
// which group.
type Code [16]byte

const (
	groups    = 8
	groupSize = 6
	check     = 11
)

// String is the code as it is printed: 012345-678901-….
func (c Code) String() string {
	var out []string
	for i := range groups {
		out = append(out, fmt.Sprintf("%0*d", groupSize, check*int(binary.BigEndian.Uint16(c[2*i:]))))
	}
	return strings.Join(out, "-")
}

// Format keeps to String in every verb, so that a stray %x shows no other form of it.
func (c Code) Format(f fmt.State, _ rune) { fmt.Fprint(f, c.String()) }

// ParseCode reads a code as people type it: spaces, hyphens and points between the figures do not count, and the letters O, I and L are the
// figures they look like. Codes: safe.code-letter (letter), safe.code-length (have, want), safe.code-group (group, as typed).
func ParseCode(typed string) (Code, error) {
	var figures []byte
	for _, r := range typed {
		switch {
		case r >= '0' && r <= '9':
			figures = append(figures, byte(r))
		case r >= '０' && r <= '９': // full width
			figures = append(figures, byte(r-'０'+'0'))
		case strings.ContainsRune("oO", r):
			figures = append(figures, '0')
		case strings.ContainsRune("iIlL|", r):
			figures = append(figures, '1')
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), unicode.Is(unicode.Cf, r), strings.ContainsRune(".,;:_−", r):
		default:
			return Code{}, dossier.Invalid("code", "safe.code-letter", "letter", string(r))
		}
		if len(figures) > 4*groups*groupSize {
			break
		}
	}
	if len(figures) != groups*groupSize {
		return Code{}, dossier.Invalid("code", "safe.code-length", "have", strconv.Itoa(len(figures)), "want", strconv.Itoa(groups*groupSize))
	}
	defer clear(figures)
	var c Code
	for i := range groups {
		n := 0
		for _, d := range figures[i*groupSize : (i+1)*groupSize] {
			n = 10*n + int(d-'0')
		}
		if n%check != 0 || n/check > 0xFFFF {
			return Code{}, dossier.Invalid("code", "safe.code-group", "group", strconv.Itoa(i+1))
		}
		binary.BigEndian.PutUint16(c[2*i:], uint16(n/check))
	}
	return c, nil
}
