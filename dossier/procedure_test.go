package dossier

import (
	"strings"
	"testing"
)

func TestCitizenMayNotLockAnAccountButIsToldWhatTheyMay(t *testing.T) {
	c := shippedCatalogue(t)
	for key, own := range map[string]string{"lock-account": "Khóa căn cước điện tử", "unlock-account": "Mở khóa căn cước điện tử"} {
		for _, level := range []Level{Commune, Province} {
			p, err := c.Find(key, level, Date{2026, 11, 21})
			if err != nil {
				t.Fatal(err)
			}
			_, err = p.CaseFor(Citizen, AtDesk, "")
			if Code(err) != "requester.not-allowed" {
				t.Fatalf("%s: %v", key, err)
			}
			args := err.(Problems)[0].Args
			if !strings.Contains(args["allowed"], "cơ quan tiến hành tố tụng") || !strings.Contains(args["refer"], own) {
				t.Errorf("%s: %v", key, args)
			}
		}
	}
}

func TestCaseIsFoundByWhoAsksAndHow(t *testing.T) {
	c := shippedCatalogue(t)
	for _, v := range []struct {
		procedure string
		who       RequesterKind
		channel   Channel
		key       string
		want      string // key of the case, or a code
	}{
		{"lock-account", Agency, AtDesk, "", "agency"},
		{"lock-account", Agency, ByPost, "agency", "agency"},
		{"lock-account", Agency, Online, "", "channel.not-allowed"},
		{"lock-account", Organization, AtDesk, "", "requester.not-allowed"},
		{"lock-eid", Citizen, AtDesk, "", "citizen"},
		{"lock-eid", Citizen, Online, "", "citizen"},
		{"lock-eid", Citizen, ByPost, "", "channel.not-allowed"},
		{"lock-eid", Agency, AtDesk, "", "agency"},
		{"lock-eid", Agency, Online, "", "channel.not-allowed"},
		{"lock-eid", Agency, AtDesk, "citizen", "case.unknown"},
		{"lock-eid", Foreigner, AtDesk, "", "requester.not-allowed"},
		{"issue-level2", Citizen, AtDesk, "", "card-valid"},
		{"issue-level2", Citizen, AtDesk, "no-card", "no-card"},
		{"issue-level2", Citizen, Online, "no-card", "channel.not-allowed"},
		{"issue-level2", Citizen, AtDesk, "no-such", "case.unknown"},
		{"issue-level2", "", AtDesk, "", "requester.not-allowed"},
		{"issue-level2", Citizen, "", "", "channel.not-allowed"},
		{"issue-organization", Organization, Online, "needs-verification", "needs-verification"},
		{"issue-organization", Citizen, AtDesk, "", "requester.not-allowed"},
	} {
		p, err := c.Find(v.procedure, Commune, Date{2026, 11, 21})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		which, err := p.CaseFor(v.who, v.channel, v.key)
		if err != nil {
			got = Code(err)
		} else {
			got = which.Key
		}
		if got != v.want {
			t.Errorf("%s, %s, %s, %q: %s, want %s", v.procedure, v.who, v.channel, v.key, got, v.want)
		}
	}
}

func TestEveryCaseCanBeReached(t *testing.T) {
	for _, p := range shippedCatalogue(t).Procedures() {
		for i := range p.Cases {
			want := &p.Cases[i]
			for _, who := range want.Requesters {
				for _, ch := range want.Channels {
					if got, err := p.CaseFor(who, ch, want.Key); err != nil || got != want {
						t.Errorf("%s of %s, %s: %v", p.Key, p.Level, want.Key, err)
					}
				}
			}
		}
	}
}

func TestPapersThatAreLackingAreNamed(t *testing.T) {
	eid, err := shippedCatalogue(t).Find("lock-eid", Commune, Date{2026, 11, 21})
	if err != nil {
		t.Fatal(err)
	}
	agency, err := eid.CaseFor(Agency, AtDesk, "")
	if err != nil {
		t.Fatal(err)
	}
	two := &Case{Papers: []PaperRule{{Key: "a", Originals: 1, Copies: 2, Required: true}, {Key: "b", Copies: 1}}}
	for _, v := range []struct {
		name   string
		c      *Case
		papers []Paper
		want   string
	}{
		{"nothing of a choice", agency, nil, "tk03"},
		{"first of a choice", agency, []Paper{{Key: "tk03", Originals: 1}}, ""},
		{"second of a choice", agency, []Paper{{Key: "request-letter", Originals: 1}}, ""},
		{"both of a choice", agency, []Paper{{Key: "request-letter", Originals: 1}, {Key: "tk03", Originals: 1}}, ""},
		{"a copy where the original is owed", agency, []Paper{{Key: "request-letter", Copies: 1}}, "tk03"},
		{"something else", agency, []Paper{{Key: "photo", Originals: 3}}, "tk03"},
		{"optional left out", two, []Paper{{Key: "a", Originals: 1, Copies: 2}}, ""},
		{"copies in two rows", two, []Paper{{Key: "a", Originals: 1, Copies: 1}, {Key: "a", Copies: 1}}, ""},
		{"too few copies", two, []Paper{{Key: "a", Originals: 1, Copies: 1}, {Key: "b", Copies: 1}}, "a"},
		{"nothing", two, nil, "a"},
	} {
		var got []string
		for _, rule := range v.c.Lacking(v.papers) {
			got = append(got, rule.Key)
		}
		if strings.Join(got, " ") != v.want {
			t.Errorf("%s: %v, want %q", v.name, got, v.want)
		}
	}
}

func TestLastDayIsTheEarlierOfBothEnds(t *testing.T) {
	a, b := Date{2025, 2, 28}, Date{2025, 6, 30}
	for _, v := range []struct{ until, level, want Date }{
		{Date{}, Date{}, Date{}}, {a, Date{}, a}, {Date{}, a, a}, {a, b, a}, {b, a, a},
	} {
		p := Procedure{Until: v.until, LevelEnds: v.level}
		if got := p.Last(); got != v.want {
			t.Errorf("%s and %s: %s", v.until, v.level, got)
		}
	}
}
