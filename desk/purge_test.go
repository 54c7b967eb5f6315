package desk_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
)

func decision() dossier.Purge {
	return dossier.Purge{Document: "5/QĐ-CAX", Date: dossier.Date{Year: 2026, Month: 11, Day: 20}, By: "Trưởng Công an Mẫu", Why: "Hết hạn lưu"}
}

func (s *station) purges(id dossier.ID, p dossier.Purge, want string) {
	s.t.Helper()
	if err := s.Purge(s.t.Context(), id, p); dossier.Code(err) != want || (err == nil) != (want == "") {
		s.t.Errorf("want %q: %v", want, err)
	}
}

func (s *station) annul(id dossier.ID) dossier.Dossier {
	s.t.Helper()
	d, err := s.Do(s.t.Context(), dossier.Annulled, id, &dossier.Reason{Why: "nhầm"})
	s.must(err)
	return d
}

func TestOnlyWhatHasEndedIsForgotten(t *testing.T) {
	s := openStation(t)
	open := s.receive(time.Time{}, false)
	s.purges(open.ID, decision(), "purge.open")
	s.purges(dossier.ID{9}, decision(), "dossier.unknown")

	pc := s.sister()
	disputed := s.receive(time.Time{}, false)
	pc.did(disputed.ID, dossier.Withdrawn, dossier.Reason{Why: "thôi"}, disputed.Heads[0])
	pc.did(disputed.ID, dossier.Stopped, dossier.Reason{Why: "dừng"}, disputed.Heads[0])
	if row, err := s.store.Summary(t.Context(), disputed.ID); err != nil || !row.Disputed {
		t.Fatalf("%+v %v", row, err)
	}
	s.purges(disputed.ID, decision(), "purge.open")

	wanted := s.receive(time.Time{}, true)
	pc.did(dossier.ID{}, dossier.SentBack, dossier.SendBack{Event: wanted.Heads[0], Why: "thiếu lý do"})
	if row, err := s.store.Summary(t.Context(), wanted.ID); err != nil || row.SentBack == "" {
		t.Fatalf("%+v %v", row, err)
	}
	s.purges(wanted.ID, decision(), "purge.open")

	refused := s.receive(time.Time{}, true)
	s.purges(refused.ID, decision(), "")
	s.purges(refused.ID, decision(), "purge.again")
}

func TestAPurgeSaysByWhoseDecision(t *testing.T) {
	s := openStation(t)
	d := s.receive(time.Time{}, true)
	for want, spoil := range map[string]func(*dossier.Purge){
		"purge.document": func(p *dossier.Purge) { p.Document = " \u200b" },
		"purge.by":       func(p *dossier.Purge) { p.By = "" },
		"purge.why":      func(p *dossier.Purge) { p.Why = "\n" },
		"purge.date":     func(p *dossier.Purge) { p.Date = dossier.Date{} },
	} {
		p := decision()
		spoil(&p)
		s.purges(d.ID, p, want)
	}
	tomorrow := decision()
	tomorrow.Date = dossier.DateOf(s.clock).AddDays(1)
	s.purges(d.ID, tomorrow, "purge.date")
	if err := s.Purge(t.Context(), d.ID, dossier.Purge{}); strings.Count(err.Error(), "purge.") != 4 {
		t.Errorf("what is missing is said one by one: %v", err)
	}
	if kept, err := s.store.Dossier(t.Context(), d.ID); err != nil || kept.Course[0].Purged {
		t.Errorf("a refused purge forgot: %v", err)
	}
	named := decision()
	named.Events = []dossier.EventID{{7}} // what is forgotten is the dossier's, whatever the caller says
	s.purges(d.ID, named, "")
	if kept, err := s.store.Dossier(t.Context(), d.ID); err != nil || !kept.Course[0].Purged {
		t.Errorf("not forgotten: %v", err)
	}
}

// What was said is in no file any more; that it happened, its number and the days that were signed stay.
func TestAfterAPurgeTheNumberAndTheSignedDaysStand(t *testing.T) {
	const canary = "Lê Thị Chim Yến"
	s := openStation(t)
	in := s.asks(canary, "001099000009")
	in.Requester.Person.Phone = "0912345678"
	d := s.annul(s.keep(in).ID)
	other := s.receive(time.Time{}, false)
	day := s.close()
	late := s.annul(s.keep(s.asks(canary, "001099000009")).ID) // of the day that is still open
	s.purges(d.ID, decision(), "")
	s.purges(late.ID, decision(), "")

	for _, id := range []dossier.ID{d.ID, late.ID} {
		have, err := s.store.Dossier(t.Context(), id)
		s.must(err)
		if have.Number == "" || have.Status != dossier.StatusAnnulled || len(have.Course) != 2 || have.Intake.Requester.Name() != "" {
			t.Errorf("%+v", have)
		}
		if found, err := s.store.Find(t.Context(), have.Number); err != nil || found.ID != id {
			t.Errorf("%s is not found: %v", have.Number, err)
		}
		if _, err := s.Open(t.Context(), id); err != nil {
			t.Error(err)
		}
	}
	rows, err := s.List(t.Context(), dossier.Query{})
	s.must(err)
	numbers := map[string]bool{}
	for _, row := range rows {
		numbers[row.Number] = true
	}
	if !numbers[d.Number] || !numbers[other.Number] || !numbers[late.Number] || len(rows) != 3 {
		t.Errorf("list: %v", numbers)
	}
	var book []string
	friday := dossier.DateOf(s.clock)
	s.must(s.store.Between(t.Context(), friday, friday, func(d dossier.Dossier) error {
		book = append(book, d.Number)
		return nil
	}))
	if strings.Join(book, " ") != d.Number+" "+other.Number+" "+late.Number {
		t.Errorf("registers: %v", book)
	}

	again, err := s.ClosedDay(t.Context(), day.ID)
	if err != nil || len(again.Rows) != 3 || again.Rows[0].Number != d.Number || again.Rows[0].Name != "" || !again.Rows[0].Purged || again.Rows[2].Purged {
		t.Errorf("the signed day: %v %+v", err, again.Rows)
	}
	if now := s.report(); len(now.Report.Series) != 1 || now.Report.Series[0].Count != 1 || now.Report.Series[0].Lost != 0 {
		t.Errorf("the numbers of the open day: %+v", now.Report.Series)
	}
	if next := s.receive(time.Time{}, false); numbers[next.Number] {
		t.Errorf("%s is given twice", next.Number)
	}
	s.restart()
	check, err := s.store.Verify(t.Context())
	if err != nil || len(check.Faults) > 0 {
		t.Errorf("%v %v", check.Faults, err)
	}
	s.must(s.store.Close())
	err = filepath.WalkDir(s.dir, func(path string, f os.DirEntry, err error) error {
		if err != nil || f.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, said := range []string{canary, dossier.Fold(canary), "001099000009", "0912345678"} {
			if bytes.Contains(b, []byte(said)) {
				t.Errorf("%s still holds %q", path, said)
			}
		}
		return err
	})
	s.must(err)
}

// A repeated key of a dossier that is forgotten opens no second one.
func TestTheSameFormAfterAPurgeIsStillOneDossier(t *testing.T) {
	s := openStation(t)
	in := s.asks("Nguyễn Văn Mẫu", "001099000001")
	in.ID = s.id()
	d := s.annul(s.keep(in).ID)
	s.purges(d.ID, decision(), "")
	if again, err := s.Receive(t.Context(), in); err != nil || again.Number != d.Number || len(again.Course) != 2 {
		t.Errorf("%v %+v", err, again)
	}
	if _, err := s.Do(t.Context(), dossier.Performed, d.ID, &dossier.Perform{}); err == nil {
		t.Error("what is forgotten was worked on")
	}
}
