package desk_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/forms/book"
	"tiepnhan/store/storetest"
)

// lives writes dossiers of any course into the store: acts that may follow one another, with moments before and after every appointment.
func (s *station) lives(r *rand.Rand, n int, day dossier.Date) {
	s.t.Helper()
	ctx := context.Background()
	moment := func() time.Time { return day.At(8, 0).Add(time.Duration(r.IntN(9*24*60)) * time.Minute) }
	due := func() dossier.Due { return dossier.Due{At: moment(), Limit: "3 ngày làm việc"} }
	event := func(id dossier.ID, k dossier.Kind, body any) (dossier.Event, error) {
		b, err := json.Marshal(body)
		return dossier.Event{ID: s.id(), Dossier: id, Kind: k, By: "mau", At: s.clock, Body: b}, err
	}
	for range n {
		in := storetest.Receive(r.IntN(400), "")
		in.ReceivedAt, in.Due, in.OwnDue, in.NationalCode = day.At(8, 0), due(), dossier.Due{}, ""
		if r.IntN(2) == 0 {
			in.OwnDue = due()
		}
		o := dossier.Opening{ID: s.id(), Series: dossier.IntakeSeries, Day: day}
		first := dossier.Received
		if r.IntN(12) == 0 {
			o.Series, first = dossier.RefusalSeries, dossier.Refused
		}
		_, err := s.store.Receive(ctx, o, func(number string) ([]dossier.Event, error) {
			in.Number = number
			var body any = in
			if first == dossier.Refused {
				body = dossier.Refuse{Receive: in, Why: "Không thuộc thẩm quyền"}
			}
			e, err := event(o.ID, first, body)
			return []dossier.Event{e}, err
		})
		s.must(err)
		for range r.IntN(7) {
			_, err := s.store.Act(ctx, o.ID, func(have dossier.Dossier) (dossier.Event, error) {
				bodies := map[dossier.Kind]any{dossier.AskedPapers: dossier.AskPapers{Why: "thiếu", At: moment()},
					dossier.AddedPapers: dossier.AddPapers{Due: due(), OwnDue: due(), At: moment()}, dossier.Forwarded: dossier.Forward{To: "C06", At: moment()},
					dossier.Decided: dossier.Decision{Approved: true, Document: "1", Date: day, By: "C06", At: moment()}, dossier.Performed: dossier.Perform{At: moment()},
					dossier.Rescheduled: dossier.Reschedule{Due: due(), Why: "hệ thống gián đoạn"}, dossier.HandedBack: dossier.HandBack{To: "Nguyễn Văn Mẫu"},
					dossier.Withdrawn: dossier.Reason{Why: "rút", At: moment()}, dossier.Annulled: dossier.Reason{Why: "nhầm", At: moment()}}
				often := []dossier.Kind{dossier.AskedPapers, dossier.AskedPapers, dossier.AddedPapers, dossier.AddedPapers, dossier.Forwarded, dossier.Decided,
					dossier.Performed, dossier.Rescheduled, dossier.HandedBack, dossier.Withdrawn, dossier.Annulled}
				for {
					k := often[r.IntN(len(often))]
					if have.Allowed(k) == nil {
						return event(o.ID, k, bodies[k])
					}
					if have.Status.Ended() {
						return event(o.ID, dossier.Notified, dossier.Notify{To: "x", How: "y"})
					}
				}
			})
			if have, found := s.store.Dossier(ctx, o.ID); found == nil && have.Status == dossier.StatusAnnulled {
				break
			}
			s.must(err)
		}
	}
}

// Work list, its counts, the day's report, the figures and the registers agree about which dossiers are late, whatever happened to them.
func TestLateMeansOneThingEverywhere(t *testing.T) {
	compared := map[string]int{}
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 31))
		s := openStation(t)
		ctx, day := context.Background(), dossier.Date{Year: 2026, Month: 11, Day: 20}
		s.lives(r, 60, day)
		for _, hours := range []int{5, 30, 70, 120, 200, 400} {
			s.clock = day.At(8, 0).Add(time.Duration(hours)*time.Hour + 30*time.Second)
			rows, err := s.List(ctx, dossier.Query{View: dossier.ViewLate, Limit: 1000})
			s.must(err)
			late := map[dossier.ID]bool{}
			for _, row := range rows {
				late[row.ID] = true
				compared["asked"] += b2i(row.Status == dossier.StatusAsked)
			}
			running, own, missed := 0, 0, 0
			var texts string
			s.must(s.Store.Between(ctx, day, day, func(d dossier.Dossier) error {
				now := s.clock
				open := !d.Status.Ended() && d.Status != dossier.StatusDone
				whole, step := open && d.Late(now), open && d.Forward == nil && d.OwnLate(now)
				if late[d.ID] != (whole || step) {
					t.Errorf("seed %d, %d h: %s is %q, late %v, own step %v; in the work list %v", seed, hours, d.Number, d.Status, whole, step, late[d.ID])
				}
				running, own, missed = running+b2i(whole), own+b2i(step), missed+b2i(!open && d.Late(now) && (d.Status == dossier.StatusDone || d.Status == dossier.StatusReturned))
				return nil
			}))
			counts, err := s.Counts(ctx)
			s.must(err)
			report := s.report().Report
			figures, err := s.Figures(ctx, day, day, nil)
			s.must(err)
			var out bytes.Buffer
			_, err = book.Write(ctx, dossier.Book{Key: "intake-register", From: day, To: day, Settings: storetest.Settings(1), Now: s.clock, Calendar: s.Calendar,
				Rows: func(yield func(dossier.Dossier) error) error { return s.Store.Between(ctx, day, day, yield) }}, dossier.FormInfo{Key: "intake-register", Title: "Sổ"}, dossier.BookCSV, &out)
			s.must(err)
			table := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(out.Bytes(), []byte("\ufeff"))))
			table.Comma = ';'
			lines, err := table.ReadAll()
			s.must(err)
			open, ended := 0, 0
			for _, line := range lines[1:] {
				text := strings.Join(line, "|")
				open, ended = open+strings.Count(text, ", quá hạn"), ended+strings.Count(text, "Quá hạn")
			}
			texts = fmt.Sprintf("%d in the list, %d counted; whole %d, reported %d, in figures %d, in the register %d; own %d, reported %d; ended late %d, in figures %d, in the register %d",
				len(rows), counts[dossier.ViewLate], running, report.Late, figures.Total.OpenLate, open, own, report.OwnLate, missed, figures.Total.Late, ended)
			if counts[dossier.ViewLate] != len(rows) || report.Late != running || figures.Total.OpenLate != running || open != running || report.OwnLate != own ||
				figures.Total.Late != missed || ended != missed {
				t.Errorf("seed %d, %d h: %s", seed, hours, texts)
			}
			compared["late"], compared["own"], compared["ended"] = compared["late"]+running, compared["own"]+own, compared["ended"]+missed
		}
	}
	for _, what := range []string{"asked", "late", "own", "ended"} {
		if compared[what] < 10 {
			t.Errorf("%d of %s: nothing was compared", compared[what], what)
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
