//go:build !windows

package spool_test

import (
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/forms/spool"
	"tiepnhan/forms/spool/spooltest"
)

// printService is a CUPS of the test's own and our way to it.
type printService struct {
	t *testing.T
	*spooltest.Service
	*spool.Spool
}

func startService(t *testing.T, settings ...string) *printService {
	t.Helper()
	service := spooltest.Start(t, settings...)
	return &printService{t, service, spool.At(service.Sock)}
}

// pdf is a document one can tell from others.
func pdf(text string) []byte { return []byte("%PDF-1.4\n% " + text + "\n%%EOF\n") }

func a5(printer string) dossier.PrintJob {
	return dossier.PrintJob{Printer: printer, Title: "BM.01 6001", PDF: pdf(printer), Paper: dossier.PaperA5, Copies: 1}
}

func (s *printService) print(job dossier.PrintJob) string {
	s.t.Helper()
	id, err := s.Print(s.t.Context(), job)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

func (s *printService) state(printer, id string) dossier.JobState {
	s.t.Helper()
	state, err := s.Job(s.t.Context(), printer, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return state
}

// reaches waits for a state and gives the phases seen on the way, each once.
func (s *printService) reaches(printer, id string, want func(dossier.JobState) bool) (seen []dossier.JobPhase, last dossier.JobState) {
	s.t.Helper()
	s.Until("job "+id+" is as wanted", func() bool {
		last = s.state(printer, id)
		if len(seen) == 0 || seen[len(seen)-1] != last.Phase {
			seen = append(seen, last.Phase)
		}
		if last.Phase.Ended() && !want(last) {
			s.t.Fatalf("the job ended as %+v", last)
		}
		return want(last)
	})
	return seen, last
}

func done(s dossier.JobState) bool { return s.Phase == dossier.JobDone }
func over(s dossier.JobState) bool { return s.Phase.Ended() }
