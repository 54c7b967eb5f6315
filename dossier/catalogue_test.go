package dossier

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/text/unicode/norm"
)

func shippedCatalogue(t testing.TB) *Catalogue {
	t.Helper()
	c, err := LoadCatalogue(os.DirFS("../assets/catalogue"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func day(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func keysOf(ps []*Procedure) string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Key)
	}
	return strings.Join(out, " ")
}

func TestEachLevelOffersWhatItHadOnThatDay(t *testing.T) {
	c := shippedCatalogue(t)
	four := "lock-account unlock-account lock-eid unlock-eid"
	for _, v := range []struct {
		level Level
		day   string
		want  string
	}{
		{Commune, "30/06/2024", ""},
		{Commune, "01/07/2024", four + " issue-level2"},
		{Commune, "30/06/2025", four + " issue-level2"},
		{Commune, "01/07/2025", four + " issue-level2 issue-organization"},
		{Commune, "21/11/2026", four + " issue-level2 issue-organization"},
		{District, "31/07/2024", four + " issue-level2 issue-organization"},
		{District, "28/02/2025", four + " issue-level2 issue-organization"},
		{District, "01/03/2025", ""}, // the procedures stood until 30/6/2025, the units did not
		{District, "30/06/2025", ""},
		{District, "21/11/2026", ""},
		{Province, "31/07/2024", four + " issue-level2 issue-organization issue-level2-foreigner"},
		{Province, "21/11/2026", four + " issue-level2 issue-organization issue-level2-foreigner"},
		{"ministry", "21/11/2026", ""},
	} {
		if got := keysOf(c.Offered(v.level, day(t, v.day))); got != v.want {
			t.Errorf("%s on %s: %s", v.level, v.day, got)
		}
	}
}

// Officers know a procedure by its place; a new edition must not move it.
func TestOrderIsTheSameAtEveryLevelAndInEveryEdition(t *testing.T) {
	c := shippedCatalogue(t)
	order := []string{"lock-account", "unlock-account", "lock-eid", "unlock-eid", "issue-level2", "issue-organization", "issue-level2-foreigner"}
	for _, level := range []Level{Commune, District, Province} {
		for _, d := range []string{"01/08/2024", "01/04/2025", "01/07/2025", "21/11/2026"} {
			last := -1
			for _, p := range c.Offered(level, day(t, d)) {
				at := slices.Index(order, p.Key)
				if at <= last {
					t.Errorf("%s on %s: %s stands out of order", level, d, p.Key)
				}
				last = at
			}
		}
	}
}

func TestFindSaysWhyThereIsNone(t *testing.T) {
	c := shippedCatalogue(t)
	for _, v := range []struct {
		key   string
		level Level
		day   string
		code  string
		args  map[string]string
	}{
		{"lock-everything", Commune, "21/11/2026", "procedure.unknown", map[string]string{"key": "lock-everything"}},
		{"", Commune, "21/11/2026", "procedure.unknown", nil},
		{"issue-level2-foreigner", Commune, "21/11/2026", "procedure.other-level", map[string]string{"executor": "Cơ quan quản lý xuất nhập cảnh Công an tỉnh, thành phố trực thuộc Trung ương"}},
		{"issue-organization", Commune, "30/06/2025", "procedure.not-in-force", map[string]string{"from": "01/07/2025", "until": "nay", "day": "30/06/2025"}},
		{"lock-eid", Commune, "30/06/2024", "procedure.not-in-force", map[string]string{"from": "01/07/2024", "until": "30/06/2025"}},
		{"lock-account", District, "01/03/2025", "procedure.not-in-force", map[string]string{"until": "28/02/2025"}},
		{"lock-account", District, "21/11/2026", "procedure.not-in-force", map[string]string{"until": "28/02/2025"}},
		{"lock-account", Commune, "01/01/2009", "procedure.not-in-force", map[string]string{"from": "01/07/2024"}},
	} {
		_, err := c.Find(v.key, v.level, day(t, v.day))
		if Code(err) != v.code {
			t.Errorf("%s at %s on %s: %v", v.key, v.level, v.day, err)
			continue
		}
		for k, want := range v.args {
			if got := err.(Problems)[0].Args[k]; got != want {
				t.Errorf("%s at %s on %s: %s is %q, want %q", v.key, v.level, v.day, k, got, want)
			}
		}
	}
	p, err := c.Find("lock-eid", Commune, day(t, "01/07/2025"))
	if err != nil || p.From != (Date{2025, 7, 1}) {
		t.Errorf("the edition of its first day: %v, %v", p, err)
	}
}

func TestFindNamesTheEditionNearestToTheDay(t *testing.T) {
	edition := func(from, until Date) *Procedure {
		return &Procedure{Key: "a", Level: Commune, Title: from.String(), From: from, Until: until}
	}
	c := &Catalogue{procedures: []*Procedure{edition(Date{2024, 7, 1}, Date{2024, 12, 31}), edition(Date{2025, 7, 1}, Date{2025, 12, 31})}}
	for asked, want := range map[string]string{"01/01/2024": "01/07/2024", "01/03/2025": "01/07/2024", "01/01/2026": "01/07/2025"} {
		_, err := c.Find("a", Commune, day(t, asked))
		if Code(err) != "procedure.not-in-force" || err.(Problems)[0].Args["title"] != want {
			t.Errorf("on %s: %v, want the edition of %s", asked, err, want)
		}
	}
}

// Who may ask, how, and how long it takes: domain table of the law, at every level and in every edition.
func TestCasesAreThoseOfTheLaw(t *testing.T) {
	wd := func(n int) Limit { return Limit{n, WorkingDays} }
	type row struct {
		who      RequesterKind
		channels string
		limit    Limit
		own      Limit
		papers   string
		grounds  string
	}
	agencyLock := func(papers, ground string) row { return row{Agency, "desk post", wd(3), wd(1), papers, ground} }
	want := map[string]map[string]row{
		"lock-account":   {"agency": agencyLock("tk03", "ACC_AGENCY")},
		"unlock-account": {"agency": agencyLock("tk03", "ACC_AGENCY")},
		"lock-eid": {"agency": agencyLock("tk03|request-letter", "CC_LOCK_DD"),
			"citizen": {Citizen, "desk online", Limit{Unit: AtOnce}, Limit{}, "tk03", "CC_LOCK_A"}},
		"unlock-eid": {"agency": agencyLock("tk03|request-letter", "CC_UNLOCK_D"),
			"citizen": {Citizen, "desk online", Limit{Unit: AtOnce}, Limit{}, "tk03", "CC_UNLOCK_A"}},
		"issue-level2": {"card-valid": {Citizen, "desk", wd(3), Limit{}, "tk01", ""}, "no-card": {Citizen, "desk", wd(7), Limit{}, "tk01", ""}},
		"issue-organization": {"data-present": {Organization, "desk post online", wd(3), Limit{}, "tk02", ""},
			"needs-verification": {Organization, "desk post online", Limit{15, CalendarDays}, Limit{}, "tk02", ""}},
		"issue-level2-foreigner": {"in-database": {Foreigner, "desk", wd(3), Limit{}, "tk01", ""},
			"not-in-database": {Foreigner, "desk", wd(7), Limit{}, "tk01", ""}},
	}
	for _, p := range shippedCatalogue(t).Procedures() {
		if len(p.Cases) != len(want[p.Key]) {
			t.Errorf("%s of %s: %d cases", p.Key, p.Level, len(p.Cases))
		}
		for _, c := range p.Cases {
			got := row{limit: c.Limit, own: c.Own, grounds: strings.Join(c.GroundKeys, " ")}
			if len(c.Requesters) == 1 {
				got.who = c.Requesters[0]
			}
			var channels, papers []string
			for _, ch := range c.Channels {
				channels = append(channels, string(ch))
			}
			any := " "
			for _, paper := range c.Papers {
				papers = append(papers, paper.Key)
				if paper.AnyOf != "" {
					any = "|"
				}
				if paper.Originals != 1 || paper.Copies != 0 || !paper.Required {
					t.Errorf("%s: %+v", p.Key, paper)
				}
			}
			got.channels, got.papers = strings.Join(channels, " "), strings.Join(papers, any)
			if got != want[p.Key][c.Key] {
				t.Errorf("%s of %s from %s, %s:\n got %+v\nwant %+v", p.Key, p.Level, p.From, c.Key, got, want[p.Key][c.Key])
			}
			for i, g := range c.Grounds {
				if g.Key != c.GroundKeys[i] || g.Automatic || g.List != p.Key {
					t.Errorf("%s: ground %+v", p.Key, g)
				}
			}
		}
	}
}

// The way of a lock is from the station to the Ministry's ID authority; the province is nowhere on it, and never decides.
func TestTheMinistryDecidesAndNobodyBetween(t *testing.T) {
	for _, p := range shippedCatalogue(t).Procedures() {
		if p.Authority != "Cục Cảnh sát quản lý hành chính về trật tự xã hội, Bộ Công an" || p.Fee != "Không" {
			t.Errorf("%s of %s: %s, %s", p.Key, p.Level, p.Authority, p.Fee)
		}
		b, err := json.Marshal(p.Cases)
		if err != nil {
			t.Fatal(err)
		}
		if p.Level != Province && (strings.Contains(string(b), "Phòng Cảnh sát") || strings.Contains(string(b), "PC06")) {
			t.Errorf("%s of %s names the province", p.Key, p.Level)
		}
		if p.Level == Commune && (strings.Contains(string(b), "cấp huyện") || strings.Contains(p.Executor, "huyện")) {
			t.Errorf("%s of the commune names the district", p.Key)
		}
		for _, c := range p.Cases {
			if c.Own.IsZero() {
				continue
			}
			var clocks []string
			for _, s := range c.Steps {
				if !s.Limit.IsZero() {
					clocks = append(clocks, string(s.By)+" "+s.Limit.String())
				}
			}
			if got := strings.Join(clocks, ", "); got != "station 1 ngày làm việc, authority 2 ngày làm việc" {
				t.Errorf("%s of %s: %s", p.Key, p.Level, got)
			}
		}
	}
}

// Only codes that were read for that very level are carried; the gaps between them are guesses and stay empty.
func TestNationalCodesAreOnlyThoseThatWereRead(t *testing.T) {
	read := map[string]string{"unlock-account": "3.000275", "unlock-eid": "3.000277", "issue-organization": "2.001777"}
	for _, p := range shippedCatalogue(t).Procedures() {
		want := ""
		if p.Level == Province {
			want = read[p.Key]
		}
		if p.Code != want {
			t.Errorf("%s of %s: %q, want %q", p.Key, p.Level, p.Code, want)
		}
	}
}

func TestGroundsStandAsTheLawListsThem(t *testing.T) {
	c := shippedCatalogue(t)
	for key, want := range map[string]string{
		"lock-eid":       "CC_LOCK_A CC_LOCK_B* CC_LOCK_C* CC_LOCK_D* CC_LOCK_DD",
		"unlock-eid":     "CC_UNLOCK_A CC_UNLOCK_B* CC_UNLOCK_C* CC_UNLOCK_D CC_UNLOCK_AUTO*",
		"lock-account":   "ACC_CIT_EID_LOCKED* ACC_CIT_CARD_EXPIRED* ACC_FOR_REQUEST* ACC_FOR_VIOLATE* ACC_FOR_PASSPORT_EXPIRED* ACC_FOR_RESIDENCE_EXPIRED* ACC_FOR_DEAD* ACC_ORG_REQUEST* ACC_ORG_VIOLATE* ACC_ORG_DISSOLVED* ACC_AGENCY",
		"unlock-account": "ACC_UNLOCK_AUTO* ACC_AGENCY",
		"issue-level2":   "",
	} {
		p, err := c.Find(key, Commune, Date{2026, 11, 21})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, g := range p.Grounds {
			s := g.Key
			if g.Automatic {
				s += "*"
			}
			got = append(got, s)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v", key, got)
		}
	}
}

// People paste, search and print these texts: they must be NFC, without stray spaces or control characters.
func TestEveryTextOfTheDataIsClean(t *testing.T) {
	files := map[string]bool{}
	for _, dir := range []string{"catalogue", "calendar"} {
		entries, err := os.ReadDir("../assets/" + dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			files[dir+"/"+e.Name()] = true
		}
	}
	files["words/due.json"] = true
	if len(files) < 12 {
		t.Fatalf("only %d files", len(files))
	}
	for name := range files {
		b, err := os.ReadFile("../assets/" + name)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		eachText(v, func(s string) {
			if !norm.NFC.IsNormalString(s) || strings.TrimSpace(s) != s || strings.Contains(s, "  ") || strings.ContainsAny(s, "\n\t\u00a0\u200b\ufeff") {
				t.Errorf("%s: %q", name, s)
			}
		})
	}
}

func eachText(v any, do func(string)) {
	switch v := v.(type) {
	case string:
		do(v)
	case []any:
		for _, x := range v {
			eachText(x, do)
		}
	case map[string]any:
		for _, x := range v {
			eachText(x, do)
		}
	}
}

// Each of our codes has its sentence, and each sentence fills from what the code carries.
func TestEveryCodeHasASentenceThatFills(t *testing.T) {
	b, err := os.ReadFile("../assets/words/due.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(b, &words); err != nil {
		t.Fatal(err)
	}
	c, cal, today := shippedCatalogue(t), shippedCalendar(t), Date{2026, 11, 21}
	lock, err := c.Find("lock-account", Commune, today)
	if err != nil {
		t.Fatal(err)
	}
	_, unknown := c.Find("nothing", Commune, today)
	_, otherLevel := c.Find("issue-level2-foreigner", Commune, today)
	_, notInForce := c.Find("lock-account", District, today)
	_, requester := lock.CaseFor(Citizen, AtDesk, "")
	_, channel := lock.CaseFor(Agency, Online, "")
	_, which := lock.CaseFor(Agency, AtDesk, "citizen")
	_, year := Reckon(Limit{1, WorkingDays}, cal, DefaultHours, Date{2009, 1, 1}.At(9, 0))
	cutoff := DefaultHours
	cutoff.Cutoff = 1
	shown := map[string]bool{}
	for _, err := range []error{unknown, otherLevel, notInForce, requester, channel, which, year, Hours{}.Check(), cutoff.Check()} {
		p := err.(Problems)[0]
		s, ok := words[p.Code]
		if !ok {
			t.Errorf("%s has no sentence", p.Code)
		}
		for k, v := range p.Args {
			if v == "" {
				t.Errorf("%s: %s is empty", p.Code, k)
			}
			s = strings.ReplaceAll(s, "{"+k+"}", v)
		}
		if strings.ContainsAny(s, "{}") {
			t.Errorf("%s is left unfilled: %s", p.Code, s)
		}
		shown[p.Code] = true
	}
	for code := range maps.Keys(words) {
		if !shown[code] {
			t.Errorf("nothing says %s", code)
		}
	}
}

// Each rule broken on purpose must be caught.
func TestCatalogueRefusesWhatTheLawDoesNotAllow(t *testing.T) {
	const file = "../assets/catalogue/10-commune-2024.json"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	grounds, err := os.ReadFile("../assets/catalogue/00-grounds.json")
	if err != nil {
		t.Fatal(err)
	}
	load := func(data string) error {
		_, err := LoadCatalogue(fstest.MapFS{"00.json": {Data: grounds}, "10.json": {Data: []byte(data)}})
		return err
	}
	if err := load(string(b)); err != nil {
		t.Fatal(err)
	}
	n2 := `(?s)("limit": \{\s+"n": )2,`
	for name, edit := range map[string][2]string{
		"steps longer than the whole":       {n2, `${1}3,`},
		"step in other days":                {`(?s)("limit": \{\s+"n": 2,\s+"unit": )"working-day"`, `${1}"day"`},
		"own limit not that of its steps":   {`(?s)("own": \{\s+"n": )1,`, `${1}2,`},
		"no limit":                          {`(?s)"limit": \{\s+"n": 3,`, `"limit": {"n": 0,`},
		"unknown unit":                      {`"unit": "at-once"`, `"unit": "soon"`},
		"unknown requester":                 {`(?s)"requesters": \[\s+"agency"`, `"requesters": ["king"`},
		"requester twice":                   {`(?s)"requesters": \[\s+"agency"`, `"requesters": ["agency","agency"`},
		"nobody may ask":                    {`(?s)"requesters": \[\s+"agency"\s+\]`, `"requesters": []`},
		"unknown channel":                   {`"online"`, `"pigeon"`},
		"ground of another list":            {`"CC_LOCK_DD"`, `"CC_UNLOCK_D"`},
		"ground of the system at the desk":  {`"CC_LOCK_DD"`, `"CC_LOCK_D"`},
		"unknown level":                     {`"level": "commune"`, `"level": "village"`},
		"ends before it begins":             {`"until": "2025-06-30"`, `"until": "2024-06-30"`},
		"no such day":                       {`"from": "2024-07-01"`, `"from": "2024-02-30"`},
		"same edition twice":                {`"key": "unlock-account"`, `"key": "lock-account"`},
		"case twice":                        {`"key": "no-card"`, `"key": "card-valid"`},
		"bad key":                           {`"key": "lock-eid"`, `"key": "Lock EID"`},
		"unknown form":                      {`"refusal"`, `"BM.03"`},
		"form of the requester not printed": {`"form": "tk01"`, `"form": "tk02"`},
		"no fee said":                       {`"fee": "Không"`, `"fee": ""`},
		"no evidence":                       {`"evidence": "inferred"`, `"evidence": "hearsay"`},
		"no paper at all of a kind":         {`"originals": 1`, `"originals": 0`},
		"paper less than none":              {`"originals": 1`, `"originals": -1, "copies": 2`},
		"choice of one":                     {`(?s)"key": "request-letter",(.+?)"any-of": "request"`, `"key": "request-letter",${1}"any-of": "other"`},
		"paper twice":                       {`"key": "request-letter"`, `"key": "tk03"`},
		"unknown doer":                      {`"by": "authority"`, `"by": "province"`},
		"step twice":                        {`"mark": "B2"`, `"mark": "B1"`},
		"a word we do not know":             {`"executor"`, `"executer"`},
		"limit as text":                     {`(?s)"limit": \{\s+"n": 3,`, `"limit": {"n": "3",`},
	} {
		re := regexp.MustCompile(edit[0])
		if !re.MatchString(string(b)) {
			t.Errorf("%s: nothing to break", name)
			continue
		}
		if err := load(re.ReplaceAllString(string(b), edit[1])); err == nil {
			t.Errorf("%s: was read", name)
		}
	}
	if err := load(string(b) + `{}`); err == nil {
		t.Error("a second value was read")
	}
	if err := load(`{"procedures":[null]}`); err == nil {
		t.Error("a null procedure was read")
	}
	if err := load(`{"about":"nothing"}`); err == nil {
		t.Error("no procedures were read")
	}
	if _, err := LoadCatalogue(fstest.MapFS{"00.json": {Data: grounds}, "10.json": {Data: b}, "20.json": {Data: b}}); err == nil {
		t.Error("two editions at one time were read")
	}
	seed := `{"decision":"1","published":"2024-08-01","part":1,"level":"commune","no":1,"title":"x","executor":"y","field":"z","key":"lock-eid"}`
	if _, err := LoadCatalogue(fstest.MapFS{"00.json": {Data: grounds}, "10.json": {Data: b}, "90.json": {Data: []byte(`{"seed":[` + seed + `]}`)}}); err == nil {
		t.Error("a published row without its procedure was read")
	}
}

// The list of decision 3000/QĐ-CAT-PV01 against our data, row by row, both ways.
func TestSeedCatalogueIsCarriedWhole(t *testing.T) {
	c := shippedCatalogue(t)
	rows := c.Seed()
	published := readSeed3000(t)
	if len(published) != 18 || len(rows) != 18 {
		t.Fatalf("%d rows published, %d carried", len(published), len(rows))
	}
	for i, want := range published {
		got := rows[i]
		if got.Decision != "3000/QĐ-CAT-PV01" || got.Published != (Date{2024, 7, 31}) {
			t.Errorf("row %d: %s of %s", i, got.Decision, got.Published)
		}
		want.Decision, want.Published, want.Key = got.Decision, got.Published, got.Key
		if got != want {
			t.Errorf("row %d:\n got %+v\nwant %+v", i, got, want)
		}
	}
	for _, level := range []Level{Commune, District, Province} {
		for _, p := range c.Offered(level, Date{2024, 7, 31}) {
			n := 0
			for _, r := range rows {
				if r.Key == p.Key && r.Level == p.Level && r.Title == p.Title && r.Executor == p.Executor && r.Field == p.Field {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%s of %s stands in %d rows", p.Key, p.Level, n)
			}
		}
	}
}

// readSeed3000 reads the published list: a line that begins with a tab is a cell, any other goes on with the last one.
func readSeed3000(t *testing.T) []SeedRow {
	b, err := os.ReadFile("testdata/qd-3000-cat-pv01-danh-muc.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []SeedRow
	var cells []string
	part, level := 0, Level("")
	flush := func() {
		for i := 0; i < len(cells); i++ {
			switch {
			case strings.HasSuffix(cells[i], "cấp tỉnh"):
				level = Province
			case strings.HasSuffix(cells[i], "cấp huyện") && strings.HasPrefix(cells[i], "B."):
				level = District
			case strings.HasSuffix(cells[i], "cấp xã") && strings.HasPrefix(cells[i], "C."):
				level = Commune
			}
			if no, err := strconv.Atoi(cells[i]); err == nil {
				out = append(out, SeedRow{Part: part, Level: level, No: no, Title: cells[i+1], Executor: cells[i+2], Field: cells[i+3], Note: cells[i+4]})
				i += 4
			}
		}
		cells = nil
	}
	for _, line := range strings.Split(norm.NFC.String(string(b)), "\n") {
		text := strings.Join(strings.Fields(line), " ")
		switch {
		case strings.HasPrefix(text, "1. Thủ tục"), strings.HasPrefix(text, "2. Thủ tục"):
			flush()
			part++
		case strings.HasPrefix(line, "\t"):
			cells = append(cells, text)
		case text != "" && len(cells) > 0:
			cells[len(cells)-1] += " " + text
		}
	}
	flush()
	return out
}
