package store

import (
	"context"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// named keeps a dossier of somebody of that name.
func named(t testing.TB, s *Store, i int, change func(*dossier.Receive)) dossier.Dossier {
	t.Helper()
	d, err := begin(s, context.Background(), storetest.DossierID(i), dossier.IntakeSeries, storetest.Day(i), "",
		func(number string) (dossier.Event, error) {
			in := dossier.Receive{Number: number, Procedure: "unlock-account", Title: "Mở khóa", ReceivedAt: storetest.Day(i).At(8, 0),
				Requester: dossier.Requester{Kind: dossier.Citizen}}
			change(&in)
			e := storetest.Act(i, storetest.DossierID(i), dossier.Received, in)
			return e, nil
		})
	must(t, err)
	return d
}

func find(t testing.TB, s *Store, q string) []string {
	t.Helper()
	rows, err := s.List(context.Background(), dossier.Query{Text: q})
	must(t, err)
	n, err := s.Count(context.Background(), dossier.Query{Text: q})
	must(t, err)
	if n != len(rows) {
		t.Errorf("%q: %d rows, count %d", q, len(rows), n)
	}
	var out []string
	for _, r := range rows {
		out = append(out, r.Number[len(r.Number)-4:])
	}
	return out
}

func TestSearchFindsWhatAnOfficerTypes(t *testing.T) {
	s := newStore(t, 1)
	named(t, s, 1, func(in *dossier.Receive) {
		in.Requester.Person = dossier.Person{Name: "Đặng Thị Ừ", Number: "097190000011", OldNumber: "099123456", Phone: "0999.123 456"}
		in.NationalCode = "G01.899.108-261121-0077"
	})
	named(t, s, 2, func(in *dossier.Receive) {
		in.Requester = dossier.Requester{Kind: dossier.Agency, Person: dossier.Person{Name: "Nguyễn Văn Ý"},
			Agency: dossier.Office{Name: "Tòa án nhân dân khu vực 2 Mẫu", Code: "H02.11", Phone: "02999000111"}}
		in.Subject = dossier.Person{Name: norm.NFD.String("Hoàng Quốc Đạt"), Number: "098088000022", Passport: "C1234567"}
	})
	named(t, s, 3, func(in *dossier.Receive) {
		in.Requester.Person = dossier.Person{Name: "K'Bríp"}
		in.Requester.Representative = dossier.Person{Name: "Lê Nghiêng", Number: "099077000033"}
		in.SubjectOrg = dossier.Office{Name: "Công ty TNHH \"Mẫu & Thử\" 30/4"}
	})
	all := []string{"0003", "0002", "0001"}
	for q, want := range map[string][]string{
		"": all, "  \t": all, "mau": all, "MAU-260105": all, "0002": {"0002"}, "mau-260105-0002": {"0002"}, "260105-0003": {"0003"},
		"đặng": {"0001"}, "dang": {"0001"}, "DANG THI U": {"0001"}, "Ừ": {"0001"}, "thị đặng": {"0001"}, "dan": {"0002", "0001"}, // dân, Đặng

		"097190000011": {"0001"}, "097190": {"0001"}, "0971 9000 0011": {"0001"}, "099123456": {"0001"},
		"0999123456": {"0001"}, "0999 123 456": {"0001"}, "0999.123.456": {"0001"}, "0999123": {"0001"}, "456": {"0001"},
		"G01.899.108-261121-0077": {"0001"}, "0077": {"0001"}, "g01 899": {"0001"},
		"đạt": {"0002"}, "dat": {"0002"}, norm.NFD.String("Đạt"): {"0002"}, "hoang dat": {"0002"}, "nguyen y": {"0002"}, "toa an": {"0002"},
		"H02": {"0002"}, "02999000111": {"0002"}, "c12345": {"0002"}, "khu vuc 2": {"0002"},
		"kbrip": nil, "k'brip": {"0003"}, "k brip": {"0003"}, "brip": {"0003"}, "nghieng": {"0003"}, "nghi": {"0003"}, "nghieng le": {"0003"},
		"099077": {"0003"}, "mẫu thử": {"0003"}, "tnhh 30": {"0003"},
		"xyz": nil, "dang xyz": nil, "'": nil, "😀": nil, "-": nil, "\x00": nil, "...": nil,
	} {
		if got := find(t, s, q); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", q, got, want)
		}
	}
	verified(t, s)
}

// What is typed is looked for; it is never a command to the index.
// An officer typed the end of a number and annulled the dossier of somebody whose personal number begins so.
func TestFourFiguresAreTheEndOfANumberBeforeTheyAreAnythingElse(t *testing.T) {
	s := newStore(t, 1)
	for i := range 3 {
		named(t, s, i+1, func(in *dossier.Receive) {
			in.Requester.Person = dossier.Person{Name: "Lê Thử", Number: "000190000011"}
		})
	}
	if got := find(t, s, "0001"); !slices.Equal(got, []string{"0001"}) {
		t.Errorf("0001: %v", got)
	}
	if got := find(t, s, "00019"); !slices.Equal(got, []string{"0003", "0002", "0001"}) {
		t.Errorf("the beginning of a personal number: %v", got)
	}
	if got := find(t, s, "1900"); got != nil {
		t.Errorf("what begins nothing: %v", got)
	}
}

func TestHostileSearchIsOnlyText(t *testing.T) {
	s := newStore(t, 1)
	named(t, s, 1, func(in *dossier.Receive) { in.Requester.Person.Name = "An Near Or Not" })
	for _, q := range []string{`"`, `""`, `"an`, `an"`, `an OR xyz`, `an NOT near`, `NEAR(an near, 2)`, `words:an`, `an*`, `^an`, `an + near`, `{words}:an`,
		`-an`, `an AND`, `(an`, `an)`, `an' OR 1=1 --`, `'; DROP TABLE search; --`, `*`, `^`, `a:b`, "an\x00near", strings.Repeat("an ", 10_000),
		strings.Repeat("x", 1<<20), strings.Repeat(`"`, 1<<16), "an\xff\xfe", "\u202ean", "ａｎ"} {
		if _, err := s.List(context.Background(), dossier.Query{Text: q}); err != nil {
			t.Errorf("%.40q: %v", q, err)
		}
		if _, err := s.Count(context.Background(), dossier.Query{Text: q}); err != nil {
			t.Errorf("%.40q: %v", q, err)
		}
		if _, err := s.Find(context.Background(), q); dossier.Code(err) != "dossier.unknown" {
			t.Errorf("%.40q: %v", q, err)
		}
	}
	for q, want := range map[string]int{`an OR xyz`: 0, `an NOT near`: 1, `"an near"`: 1, `words:an`: 0, `an*`: 1, `-an`: 1} {
		if got := find(t, s, q); len(got) != want {
			t.Errorf("%q finds %d, want %d", q, len(got), want)
		}
	}
}

func TestCorrectionMovesTheDossierInTheSearch(t *testing.T) {
	s := newStore(t, 1)
	d := named(t, s, 1, func(in *dossier.Receive) { in.Requester.Person.Name = "Trần Mẫu Sai" })
	who := dossier.Requester{Kind: dossier.Citizen, Person: dossier.Person{Name: "Phạm Thị Đúng"}}
	code := "G01.1"
	_, err := perform(s, 100, d.ID, dossier.Corrected, dossier.Correct{Requester: &who, NationalCode: &code, Why: "ghi sai tên"})
	must(t, err)
	if got := find(t, s, "sai"); got != nil {
		t.Errorf("the wrong name still finds %v", got)
	}
	if got := find(t, s, "pham dung"); len(got) != 1 {
		t.Error("the right name finds nothing")
	}
	if found, err := s.Find(context.Background(), " g01 "); dossier.Code(err) != "dossier.unknown" {
		t.Error(found.Number, err)
	}
	for _, typed := range []string{" G01.1 ", " g01.1 "} {
		if found, err := s.Find(context.Background(), typed); err != nil || found.ID != d.ID {
			t.Error(found.Number, err)
		}
	}
	verified(t, s)
}

func TestPagesOfTheListAreWhole(t *testing.T) {
	s := newStore(t, 1)
	for i := range 120 {
		_, err := receive(s, i)
		must(t, err)
	}
	ctx := context.Background()
	for _, text := range []string{"", "mau"} {
		seen := 0
		last := "MAU-260105-9999"
		for offset := 0; ; offset += 50 {
			rows, err := s.List(ctx, dossier.Query{Text: text, Offset: offset})
			must(t, err)
			for _, r := range rows {
				if r.Number >= last {
					t.Fatalf("%q: %s after %s", text, r.Number, last)
				}
				last = r.Number
			}
			if seen += len(rows); len(rows) < 50 {
				break
			}
		}
		if n, err := s.Count(ctx, dossier.Query{Text: text}); seen != 120 || n != 120 || err != nil {
			t.Errorf("%q: %d seen, count %d, %v", text, seen, n, err)
		}
		for _, q := range []dossier.Query{{Text: text, Offset: 120}, {Text: text, Offset: 1 << 40}} {
			if rows, err := s.List(ctx, q); len(rows) != 0 || err != nil {
				t.Errorf("%+v: %d %v", q, len(rows), err)
			}
		}
		if rows, err := s.List(ctx, dossier.Query{Text: text, Limit: 3, Offset: -5}); len(rows) != 3 || rows[0].Number != "MAU-260105-0120" || err != nil {
			t.Errorf("%d rows %v", len(rows), err)
		}
	}
}

func TestAnnulledGivesWayToTheOneThatStands(t *testing.T) {
	s := newStore(t, 1)
	ctx := context.Background()
	code := func(in *dossier.Receive) { in.NationalCode = "G01.2" }
	first := named(t, s, 1, code)
	second := named(t, s, 2, code)
	_, err := s.Find(ctx, "G01.2")
	wantCode(t, err, "dossier.ambiguous")
	_, err = perform(s, 100, first.ID, dossier.Annulled, dossier.Reason{Why: "nhận trùng"})
	must(t, err)
	if d, err := s.Find(ctx, "G01.2"); err != nil || d.ID != second.ID {
		t.Error(d.Number, err)
	}
	if d, err := s.Find(ctx, first.Number); err != nil || d.Status != dossier.StatusAnnulled {
		t.Error(d.Status, err)
	}
	for _, none := range []string{"", " ", "MAU-260105-0003", "x"} {
		_, err := s.Find(ctx, none)
		wantCode(t, err, "dossier.unknown")
	}
	_, err = s.Summary(ctx, dossier.ID{})
	wantCode(t, err, "dossier.unknown")
}

// A clock that jumps moves nothing in the list (I13).
func TestClockDoesNotOrderTheList(t *testing.T) {
	s := newStore(t, 1)
	for i, year := range []int{2026, 2009, 2031} {
		day := dossier.Date{Year: year, Month: 1, Day: 5}
		_, err := begin(s, context.Background(), storetest.DossierID(i), dossier.IntakeSeries, day, "", func(number string) (dossier.Event, error) {
			e := storetest.Reception(i, number)
			e.At = day.At(8, 0)
			return e, nil
		})
		must(t, err)
	}
	rows, err := s.List(context.Background(), dossier.Query{})
	must(t, err)
	var got []string
	for _, r := range rows {
		got = append(got, r.Number)
	}
	if want := []string{"MAU-310105-0001", "MAU-090105-0001", "MAU-260105-0001"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

// One card carries two numbers: what was received under the old one is found by a scan as well, and nobody else's.
func TestScannedCardFindsWhatWasReceivedUnderEitherNumber(t *testing.T) {
	s := newStore(t, 1)
	for i, who := range []dossier.Person{{Name: "Nguyễn Văn Mẫu", OldNumber: "099123456"}, {Name: "Trần Thị Thử", Number: "097190000012"},
		{Name: "Nguyễn Văn Mẫu", Number: "097190000011", OldNumber: "099123456"}, {Name: "Nguyễn Văn Mẫu", Number: "097190000011"}} {
		named(t, s, i+1, func(in *dossier.Receive) { in.Requester.Person = who })
	}
	card := dossier.Card{Number: "097190000011", OldNumber: "099123456"}
	if got := find(t, s, card.Numbers()); !slices.Equal(got, []string{"0004", "0003", "0001"}) {
		t.Errorf("found %v", got)
	}
	if got := find(t, s, dossier.Card{Number: "097190000012"}.Numbers()); !slices.Equal(got, []string{"0002"}) {
		t.Errorf("a card with one number: %v", got)
	}
	for _, q := range []dossier.Query{{Sort: dossier.SortName}, {Sort: dossier.SortBurns}, {Sort: dossier.SortOldest}, {View: dossier.ViewToDo}} {
		q.Text = card.Numbers()
		rows, err := s.List(context.Background(), q)
		must(t, err)
		n, err := s.Count(context.Background(), q)
		must(t, err)
		if len(rows) != 3 || n != 3 {
			t.Errorf("%+v: %d rows, count %d", q, len(rows), n)
		}
	}
	for _, odd := range []string{"|", " | | ", `" | "`, "||||||||||||||||||||"} {
		find(t, s, odd)
	}
}
