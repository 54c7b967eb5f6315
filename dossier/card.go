package dossier

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxCardText is the most bytes of scanned text that are looked at; no card carries a hundredth of it.
const MaxCardText = 64 << 10

// maxCardFields leaves room beyond the eleven the new card may have.
const maxCardFields = 32

// Card is what the QR of an identity card says: of the chip card of 2021–2024 (thẻ căn cước công dân) or of the one since 1/7/2024
// (thẻ căn cước).
type Card struct {
	Number       string   `json:"number"`
	OldNumber    string   `json:"old-number,omitempty"` // CMND, where the card names one
	Name         string   `json:"name"`
	Born         Date     `json:"born,omitzero"`
	Sex          string   `json:"sex,omitempty"` // Male, Female or "" when it could not be read
	Address      string   `json:"address,omitempty"`
	AddressLabel string   `json:"address-label"` // "Nơi thường trú" or "Nơi cư trú", as the card calls it
	Issued       Date     `json:"issued,omitzero"`
	Kind         string   `json:"kind,omitempty"`     // what the law calls the card; "" when the date of issue could not be read
	Extra        []string `json:"extra,omitempty"`    // fields after the seventh, as they are: their order was never published
	Plain        bool     `json:"plain,omitempty"`    // the reader lost the Vietnamese letters: Name and Address must be typed by hand
	Warnings     Problems `json:"warnings,omitempty"` // to look at before keeping; none holds anything up
}

// NewCards is the first day of the new card (Luật Căn cước 26/2023/QH15).
var NewCards = Date{2024, 7, 1}

const (
	chipCard = "thẻ căn cước công dân"
	newCard  = "thẻ căn cước"
)

// ReadCard reads the QR text of an identity card as a reader typed it; each \b in it took back the letter before, as the Backspace of an input
// method does. It wants no clock: whether a date lies in the future is for CheckBorn to say. Beside an error the card holds what could be
// read; when its Number is empty, that is nothing.
//
// Codes: card.foreign (not a card at all), card.receipt (number: it is one of our dossier numbers), card.unreadable (a card read in
// part), card.date (what was read). Warnings: card.telex, card.plain, card.letters, card.odd (words), card.sex, card.issued,
// card.old-number, and those of CheckCitizenNumber.
func ReadCard(text string) (Card, error) {
	if len(text) > MaxCardText {
		return Card{}, Invalid("", "card.foreign")
	}
	text, how := settle(text)
	var field []string
	for _, f := range strings.Split(norm.NFC.String(text), "|") {
		field = append(field, Clean(f))
	}
	if len(field[0]) != 12 || !allDigits(field[0]) {
		if IsDossierNumber(text) {
			return Card{}, Invalid("", "card.receipt", "number", strings.ToUpper(Clean(text)))
		}
		return Card{}, Invalid("", "card.foreign")
	}
	if len(field) < 6 || len(field) > maxCardFields {
		return Card{}, Invalid("", "card.unreadable")
	}
	if isCardDate(field[2]) && !isCardDate(field[3]) { // cards seen without the place of the CMND
		field = append([]string{field[0], ""}, field[1:]...)
	}
	if len(field) == 6 { // cut off before the date of issue
		field = append(field, "")
	}
	c := Card{Number: field[0], OldNumber: field[1], Name: field[2], Sex: cardSex(field[4]), Address: field[5], Extra: field[7:]}
	if c.Name == "" || !isCardDate(field[3]) {
		return Card{}, Invalid("", "card.unreadable")
	}
	if len(c.Extra) == 0 {
		c.Extra = nil
	}
	var ps Problems
	c.Born, ps = cardDate("born", field[3], ps)
	c.Issued, ps = cardDate("issued", field[6], ps)
	c.AddressLabel = "Nơi cư trú"
	switch {
	case !c.Issued.IsZero() && c.Issued.Before(NewCards):
		c.Kind, c.AddressLabel = chipCard, "Nơi thường trú"
	case !c.Issued.IsZero() || len(c.Extra) > 0:
		c.Kind = newCard
	}
	c.look(field[4], how)
	return c, ps.Err()
}

// look finds what is odd about a card that could be read.
func (c *Card) look(sex string, how typing) {
	warn := func(field, code string) { c.Warnings = append(c.Warnings, Warning(field, code)) }
	altered, odd := c.typed(how, sex)
	if c.OldNumber != "" && CheckOldNumber(c.OldNumber) != nil {
		warn("old-number", "card.old-number")
	}
	c.Warnings = append(c.Warnings, CheckCitizenNumber(c.Number, c.Born, c.Sex)...)
	switch {
	case c.Sex == "":
		warn("sex", "card.sex")
	case !c.Issued.IsZero() && c.Issued.Before(c.Born):
		warn("issued", "card.issued")
	}
	lost := strings.ContainsAny(c.Name+c.Address, "?\uFFFD") || strangers(c.Name, " -.'’ʼ,") != ""
	switch {
	case altered:
		c.Plain = true
		warn("name", "card.telex")
	case lost:
		c.Plain = true
		warn("name", "card.letters")
	case isASCII(c.Name) && isASCII(c.Address) && isASCII(sex):
		c.Plain = true
		warn("name", "card.plain")
	case len(odd) > 0:
		c.Warnings = append(c.Warnings, Warning("name", "card.odd", "words", strings.Join(odd, ", ")))
	}
}

var cardDateShape = regexp.MustCompile(`^([0-9]{8}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}|(19|20)[0-9]{2})$`)

// isCardDate tells whether the field has the shape of a date, in the calendar or not, or of a year alone.
func isCardDate(s string) bool { return cardDateShape.MatchString(s) }

// cardDate reads ddMMyyyy or dd/MM/yyyy. A card may come without a date of issue; never with one that is not in the calendar.
func cardDate(field, s string, ps Problems) (Date, Problems) {
	if s == "" {
		return Date{}, ps
	}
	if d, err := ParseDate(s); err == nil && d.Valid() {
		return d, ps
	}
	return Date{}, append(ps, Invalid(field, "card.date", "read", cut(s, 20))...)
}

// cardSex knows the two words also without marks, and as an input method leaves them.
func cardSex(s string) string {
	switch strings.TrimRight(Fold(s), "wxf0123456789") {
	case "nam":
		return Male
	case "nu":
		return Female
	}
	return ""
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
