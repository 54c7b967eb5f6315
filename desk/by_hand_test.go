package desk_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/forms/book"
	"tiepnhan/store/storetest"
)

// The power was out from nine to four: what was received and done by hand at nine was done then, on every paper, and is not late.
func TestWhatWasDoneAtOnceByHandWasDoneThen(t *testing.T) {
	s := openStation(t)
	nine := dossier.Date{Year: 2026, Month: 11, Day: 20}.At(9, 0)
	s.clock = nine.Add(7 * time.Hour)
	ctx := t.Context()
	for name, c := range map[string]struct {
		body any
		at   time.Time
	}{
		"nothing said":     {&dossier.Perform{Reference: "HT-1"}, nine},
		"another moment":   {&dossier.Perform{At: nine.Add(20 * time.Minute)}, nine.Add(20 * time.Minute)},
		"papers asked for": {&dossier.AskPapers{Why: "Thiếu chữ ký."}, nine},
	} {
		in := s.asks("Nguyễn Văn Mẫu", "001099000001")
		in.ReceivedAt = nine
		verb := dossier.Performed
		if name == "papers asked for" {
			verb = dossier.AskedPapers
		}
		d, err := s.ReceiveAnd(ctx, in, verb, c.body)
		s.must(err)
		if got := d.Course[1].When(); !got.Equal(c.at) || d.Late(s.clock) || !d.Course[1].At.After(nine.Add(time.Hour)) {
			t.Errorf("%s: took place at %v, late %v, written at %v", name, got, d.Late(s.clock), d.Course[1].At)
		}
		if verb == dossier.Performed && (!d.Done.At.Equal(c.at) || !d.EndedAt.Equal(c.at)) {
			t.Errorf("%s: done %v, ended %v", name, d.Done.At, d.EndedAt)
		}
		s.restart()
		rows := s.report().Rows
		if last := rows[len(rows)-1]; !last.At.Equal(c.at) || last.Written.Before(nine.Add(time.Hour)) {
			t.Errorf("%s: the day says %v, written %v", name, last.At, last.Written)
		}
	}
	day := dossier.DateOf(nine)
	var out bytes.Buffer
	_, err := book.Write(ctx, dossier.Book{Key: "intake-register", From: day, To: day, Settings: storetest.Settings(1), Now: s.clock, Calendar: s.Calendar,
		Rows: func(yield func(dossier.Dossier) error) error { return s.Store.Between(ctx, day, day, yield) }}, dossier.FormInfo{Key: "intake-register", Title: "Sổ"}, dossier.BookCSV, &out)
	s.must(err)
	if strings.Contains(strings.ToLower(out.String()), "quá hạn") {
		t.Errorf("the register calls it late:\n%s", out.String())
	}
	f, err := s.Figures(ctx, day, day, nil)
	if s.must(err); f.Total.OnTime != 2 || f.Total.Late != 0 || f.Total.OpenLate != 0 {
		t.Errorf("%+v", f.Total)
	}
}

func TestMomentOfWhatWasDoneAtOnceHasBounds(t *testing.T) {
	s := openStation(t)
	nine := dossier.Date{Year: 2026, Month: 11, Day: 20}.At(9, 0)
	s.clock = nine.Add(7 * time.Hour)
	for name, at := range map[string]time.Time{"before it was received": nine.Add(-time.Minute), "in the future": nine.Add(8 * time.Hour)} {
		in := s.asks("Nguyễn Văn Mẫu", "001099000001")
		in.ReceivedAt = nine
		if d, err := s.ReceiveAnd(t.Context(), in, dossier.Performed, &dossier.Perform{At: at}); dossier.Code(err) != "act.time" {
			t.Errorf("%s: kept as %s, %v", name, d.Number, err)
		}
	}
	in := s.asks("Nguyễn Văn Mẫu", "001099000001") // now
	if d, err := s.ReceiveAnd(t.Context(), in, dossier.Performed, &dossier.Perform{}); err != nil || d.Done.At.Before(nine.Add(6*time.Hour)) {
		t.Errorf("done now: %+v, %v", d.Done, err)
	}
}
