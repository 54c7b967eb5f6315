package dossier

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tiepnhan/dossier/dossiertest"
)

const (
	chipMan   = "001099000001|012345678|Nguyễn Văn Mẫu|01011999|Nam|Số 1 Phố Mẫu, Phường Mẫu, Quận Mẫu, Hà Nội|15042021"
	chipWoman = "001199000002||Trần Thị Thử|02021999|Nữ|Thôn Mẫu, Xã Mẫu, Huyện Mẫu, Hà Nội|16042021"
)

var chipManCard = Card{Number: "001099000001", OldNumber: "012345678", Name: "Nguyễn Văn Mẫu", Born: Date{1999, 1, 1}, Sex: Male,
	Address: "Số 1 Phố Mẫu, Phường Mẫu, Quận Mẫu, Hà Nội", AddressLabel: "Nơi thường trú", Issued: Date{2021, 4, 15},
	Kind: "thẻ căn cước công dân"}

func TestCardIsReadWhateverTheReaderPutsAroundIt(t *testing.T) {
	for name, text := range map[string]string{
		"as it is":             chipMan,
		"CR LF":                chipMan + "\r\n",
		"BOM and Tab":          "\uFEFF" + chipMan + "\t",
		"dates with slashes":   strings.NewReplacer("01011999", "01/01/1999", "15042021", "15/04/2021").Replace(chipMan),
		"NFD":                  norm.NFD.String(chipMan),
		"blanks round a field": strings.ReplaceAll(chipMan, "|", " | "),
		"zero-width space":     strings.ReplaceAll(chipMan, "Văn", "V\u200băn"),
	} {
		c, err := ReadCard(text)
		if err != nil || !reflect.DeepEqual(c, chipManCard) {
			t.Errorf("%s: got %+v, %v", name, c, err)
		}
	}
}

func TestCardWithoutOldNumber(t *testing.T) {
	empty, err := ReadCard(chipWoman)
	if err != nil || empty.OldNumber != "" || empty.Name != "Trần Thị Thử" || empty.Sex != Female || empty.Issued != (Date{2021, 4, 16}) {
		t.Errorf("empty place: %+v, %v", empty, err)
	}
	six, err := ReadCard(strings.Replace(chipWoman, "||", "|", 1))
	if err != nil || !reflect.DeepEqual(six, empty) {
		t.Errorf("six fields: %+v, %v", six, err)
	}
}

func TestNewCardKeepsItsFurtherFields(t *testing.T) {
	text := "001199000002||Trần Thị Thử|02021999|Nữ|Thôn Mẫu, Xã Mẫu, Hà Nội|01072024|Nguyễn Văn Mẫu|Lê Thị Ví Dụ||001199000009"
	c, err := ReadCard(text)
	if err != nil || c.Kind != "thẻ căn cước" || c.AddressLabel != "Nơi cư trú" || len(c.Warnings) != 0 ||
		!reflect.DeepEqual(c.Extra, []string{"Nguyễn Văn Mẫu", "Lê Thị Ví Dụ", "", "001199000009"}) {
		t.Errorf("got %+v, %v", c, err)
	}
	seven := "001199000002|Trần Thị Thử|02021999|Nữ|Thôn Mẫu, Xã Mẫu, Hà Nội|01072024|Lê Thị Ví Dụ"
	c, err = ReadCard(seven)
	if err != nil || c.Name != "Trần Thị Thử" || c.Issued != (Date{2024, 7, 1}) || !reflect.DeepEqual(c.Extra, []string{"Lê Thị Ví Dụ"}) {
		t.Errorf("without the place of the CMND: %+v, %v", c, err)
	}
}

func TestCardIsNamedByItsDateOfIssue(t *testing.T) {
	for issued, kind := range map[string]string{"30062024": "thẻ căn cước công dân", "01072024": "thẻ căn cước", "": ""} {
		c, err := ReadCard(strings.Replace(chipMan, "15042021", issued, 1))
		if err != nil || c.Kind != kind {
			t.Errorf("issued %q: %q, %v", issued, c.Kind, err)
		}
	}
}

func TestCardWithoutDateOfIssue(t *testing.T) {
	six := strings.TrimSuffix(chipMan, "|15042021")
	c, err := ReadCard(six)
	if err != nil || c.Address != chipManCard.Address || !c.Issued.IsZero() || c.Kind != "" {
		t.Errorf("six fields: %+v, %v", c, err)
	}
	c, err = ReadCard(six + "||Lê Thị Ví Dụ") // only the new card has more
	if err != nil || c.Kind != "thẻ căn cước" {
		t.Errorf("with more fields: %+v, %v", c, err)
	}
}

func TestWhatIsNoCardIsSaidToBeNone(t *testing.T) {
	for text, code := range map[string]string{
		"":                               "card.foreign",
		"|":                              "card.foreign",
		"||||||":                         "card.foreign",
		"https://example.invalid/?q=1":   "card.foreign",
		"eyJhbGciOiJub25lIn0.e30.":       "card.foreign",
		"00020101021238540010A00000072":  "card.foreign", // a bank's
		"IDVNM0990000019001099000001<<4": "card.foreign", // the back of the card read by a camera
		"xã.1|012345678|Nguyễn Văn Mẫu":  "card.foreign",
		"１２３４５６７８９０１２|x|x|x|x|x": "card.foreign",
		"\xff\xfe\x00":                  "card.foreign",
		"G99.001-261121-0001":           "card.receipt",
		"g99.001-261121-tc02\r\n":       "card.receipt",
		"001099000001":                  "card.unreadable",
		"001099000001|012345678|Nguyễn": "card.unreadable",
		"001099000001||||||":            "card.unreadable",
		"001099000001||Nguyễn Văn Mẫu|hôm qua|Nam|Hà Nội|15042021": "card.unreadable",
		chipMan + strings.Repeat("|", 60):                          "card.unreadable",
		chipMan + strings.Repeat("Ữ", MaxCardText):                 "card.foreign",
	} {
		c, err := ReadCard(text)
		if Code(err) != code || c.Number != "" {
			t.Errorf("%.40q: %v, %+v; want %s", text, err, c, code)
		}
	}
}

func TestImpossibleDateIsSaidAndTheRestIsRead(t *testing.T) {
	for from, to := range map[string]string{"01011999": "31021999", "15042021": "15132021", "|15042021": "|01010000"} {
		c, err := ReadCard(strings.Replace(chipMan, from, to, 1))
		if Code(err) != "card.date" || c.Name != "Nguyễn Văn Mẫu" || c.Number != "001099000001" {
			t.Errorf("%s: %+v, %v", to, c, err)
		}
	}
	c, err := ReadCard(strings.Replace(chipMan, "01011999", "1999", 1))
	if Code(err) != "card.date" || c.Name != "Nguyễn Văn Mẫu" || !c.Born.IsZero() {
		t.Errorf("a year alone: %+v, %v", c, err)
	}
}

func TestOddCardIsReadWithAWord(t *testing.T) {
	for name, x := range map[string]struct {
		text, code string
		plain      bool
	}{
		"nothing odd":         {chipWoman, "", false},
		"letters lost":        {"001099000001||Nguyen Van Mau|01011999|Nam|So 1 Pho Mau, Phuong Mau, Ha Noi|15042021", "card.plain", true},
		"letters lost, woman": {"001199000002||Tran Thi Thu|02021999|Nu|Thon Mau, Ha Noi|16042021", "card.plain", true},
		"name with no marks":  {"001099000001||Cao Minh Nam|01011999|Nam|Số 1, Hà Nội|15042021", "", false},
		"Telex keys":          {"001199000002||Traanf Thij Thuwr|02021999|Nuwx|Thoon Maaux, Xax Maaux|16042021", "card.telex", true},
		"Telex keys, man":     {"001099000001||Nguyeenx Vawn Maaux|01011999|Nam|Soos 1|15042021", "card.telex", true},
		"VNI keys":            {"001199000002||Tra62n Thi5 Thu73|02021999|Nu74|Tho6n Ma64u|16042021", "card.telex", true},
		"VNI keys, man":       {"001099000001||Nguye64n Va8n Ma64u|01011999|Nam|So61 1|15042021", "card.telex", true},
		"Unikey on, VNI":      {"001199000002||Tran Thi Thu|02021999|Nu|Tổ Á2, Ha Noi|16042021", "card.telex", true},
		"Unikey on, Telex":    {"001099000001||Ksỏ Ưu|01011999|Nam|So 5, Phuong Mau, Gia Lai|15042021", "card.telex", true},
		"question marks":      {"001099000001||Nguy?n V?n M?u|01011999|Nam|S? 1|15042021", "card.letters", true},
		"wrong code page":     {"001099000001||Nguyá»…n VÄƒn Máº«u|01011999|Nam|Sá»‘ 1|15042021", "card.letters", true},
		"highland name":       {"064199000002||Ksor H'Ler|02021999|Nữ|Làng Mẫu, Gia Lai|16042021", "", false},
		"no sex":              {"001099000001||Nguyễn Văn Mẫu|01011999||Số 1, Hà Nội|15042021", "card.sex", false},
		"another sex":         {"001099000001||Nguyễn Văn Mẫu|01011999|Nữ|Số 1, Hà Nội|15042021", "citizen-number.sex", false},
		"another year":        {"001099000001||Nguyễn Văn Mẫu|01011998|Nam|Số 1, Hà Nội|15042021", "citizen-number.birth-year", false},
		"issued before birth": {"001099000001||Nguyễn Văn Mẫu|01011999|Nam|Số 1, Hà Nội|15041998", "card.issued", false},
		"odd CMND":            {"001099000001|12345|Nguyễn Văn Mẫu|01011999|Nam|Số 1, Hà Nội|15042021", "card.old-number", false},
	} {
		c, err := ReadCard(x.text)
		if err != nil || Code(c.Warnings.orNil()) != x.code || c.Plain != x.plain || c.Name == "" || c.Warnings.Err() != nil {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

func (ps Problems) orNil() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

func TestNoErrorOfAForeignCodeRepeatsIt(t *testing.T) {
	_, err := ReadCard("https://example.invalid/?token=secret-of-somebody")
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}

func FuzzReadCard(f *testing.F) {
	for _, s := range []string{"", chipMan, chipWoman, norm.NFD.String(chipMan), strings.Replace(chipWoman, "||", "|", 1),
		chipMan + "|a|b|c|d", "001099000001|||||||||||", "G99.001-261121-0001", "https://example.invalid", "\xff|\x00|\u202e",
		"001099000001||Nguye64n Va8n Ma64u|31021999|Nu74|Tho6n 1|00000000", strings.Repeat("|", 100),
		"001099000001||Nguyee\b\bễn Va\băn Maa\bâu|31121999|Nam|Thôn 1|01012022", strings.Repeat("ễ\b", MaxCardText/4), chipMan + strings.Repeat("|Mẫu", MaxCardText/6)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var c Card
		var err error
		dossiertest.Answered(t, func() { c, err = ReadCard(text) })
		if err != nil && Code(err) == "" {
			t.Fatalf("an error without a code: %v", err)
		}
		if c.Number == "" {
			if err == nil || !reflect.DeepEqual(c, Card{}) {
				t.Fatalf("no number, yet %+v, %v", c, err)
			}
			return
		}
		if len(c.Number) != 12 || c.Name == "" || c.Warnings.Err() != nil {
			t.Fatalf("%+v", c)
		}
		for _, s := range append([]string{c.Name, c.Address, c.OldNumber, c.Sex}, c.Extra...) {
			if !utf8.ValidString(s) || Clean(s) != s {
				t.Fatalf("not clean: %q", s)
			}
		}
	})
}
