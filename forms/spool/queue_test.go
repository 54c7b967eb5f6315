package spool

import (
	"testing"
	"time"

	"tiepnhan/dossier"
)

// Each course is what a poll sees of a job on Windows' queue, until it is off it.
func TestAJobOffWindowsQueueEndedAsItWasLastSeen(t *testing.T) {
	type seen struct {
		status, pages uint32
		printer       uint32
		want          dossier.JobPhase
		code          string
	}
	for _, c := range []struct {
		about   string
		foreign bool
		course  []seen
		end     dossier.JobState
	}{
		{"printed between two looks", false, nil, dossier.JobState{Phase: dossier.JobDone}},
		{"of a program before this one", true, nil, dossier.JobState{Phase: dossier.JobUnknown}},
		{"waits, prints, is off", false, []seen{
			{0, 0, 0, dossier.JobQueued, ""},
			{winJobPrinting, 1, 0, dossier.JobPrinting, ""},
		}, dossier.JobState{Phase: dossier.JobDone}},
		{"says that it is printed, then deleted by Windows", true, []seen{
			{winJobPrinting, 1, 0, dossier.JobPrinting, ""},
			{winJobPrinted | winJobDeleted, 2, 0, dossier.JobDone, ""},
		}, dossier.JobState{Phase: dossier.JobDone}},
		{"sent whole to the printer", true, []seen{{winJobComplete, 2, 0, dossier.JobDone, ""}}, dossier.JobState{Phase: dossier.JobDone}},
		{"sent whole, then deleted", false, []seen{
			{winJobComplete | winJobDeleting, 2, 0, dossier.JobQueued, "printer.cancelled"},
		}, dossier.JobState{Phase: dossier.JobFailed, Code: "printer.cancelled"}},
		{"printed in part, and then an error", false, []seen{
			{winJobPrinted | winJobError, 1, 0, dossier.JobQueued, "printer.stopped"},
		}, dossier.JobState{Phase: dossier.JobUnknown}},
		{"no paper, and then off", false, []seen{
			{winJobPrinting | winJobPaperOut, 0, 0, dossier.JobPrinting, "printer.paper-out"},
		}, dossier.JobState{Phase: dossier.JobUnknown}},
		{"no paper, refilled, and then off", false, []seen{
			{winJobPrinting | winJobPaperOut, 0, 0, dossier.JobPrinting, "printer.paper-out"},
			{winJobPrinting, 1, 0, dossier.JobPrinting, ""},
		}, dossier.JobState{Phase: dossier.JobDone}},
		{"the printer's own words are the better ones", false, []seen{
			{winJobPrinting | winJobError, 0, winJam, dossier.JobPrinting, "printer.jam"},
			{winJobError, 0, winDoorOpen | winOffline, dossier.JobQueued, "printer.door"},
			{winJobPrinting, 0, winNoToner, dossier.JobPrinting, "printer.toner"},
			{winJobOffline, 0, 0, dossier.JobQueued, "printer.offline"},
			{winJobBlocked, 0, 0, dossier.JobQueued, "printer.stopped"},
			{winJobPaused, 0, 0, dossier.JobQueued, "printer.held"},
		}, dossier.JobState{Phase: dossier.JobUnknown}},
		{"deleted by someone at the queue", false, []seen{
			{winJobDeleting, 0, 0, dossier.JobQueued, "printer.cancelled"},
		}, dossier.JobState{Phase: dossier.JobFailed, Code: "printer.cancelled"}},
	} {
		j := &winJob{ours: !c.foreign}
		for i, s := range c.course {
			got := j.present(s.status, s.pages, "", winPrinter{status: s.printer})
			if got.Phase != s.want || got.Code != s.code {
				t.Errorf("%s, look %d: %+v", c.about, i+1, got)
			}
		}
		for range 2 {
			if got := j.absent(); got != c.end {
				t.Errorf("%s: ended as %+v", c.about, got)
			}
		}
	}
}

func TestAJobTakenBackOnWindowsWasRefusedOnlyIfItNeverBegan(t *testing.T) {
	for _, c := range []struct {
		status, pages uint32
		want          dossier.JobPhase
	}{
		{winJobPaused, 0, dossier.JobRefused},
		{winJobPaused, 1, dossier.JobFailed},
		{winJobPaused | winJobPrinting, 0, dossier.JobFailed},
	} {
		j := &winJob{ours: true}
		j.present(c.status, c.pages, "", winPrinter{})
		j.given = "printer.cancelled"
		if again := j.present(c.status|winJobPrinted, c.pages, "", winPrinter{}); again.Phase == dossier.JobDone {
			t.Errorf("%+v: done although taken back", c)
		}
		j = &winJob{ours: true}
		j.present(c.status, c.pages, "", winPrinter{})
		j.given = "printer.cancelled"
		if got := j.absent(); got.Phase != c.want || got.Code != "printer.cancelled" {
			t.Errorf("%+v: ended as %+v", c, got)
		}
	}
}

// An officer who deletes a job that does not come out must not be told that it was printed.
func TestAJobDeletedWhileItWaitedIsNotDone(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	done, unknown := dossier.JobState{Phase: dossier.JobDone}, dossier.JobState{Phase: dossier.JobUnknown}
	look := func(j *winJob, after time.Duration, status uint32, p winPrinter) {
		now = now.Add(after)
		j.present(status, 0, "", p)
	}
	waits := &winJob{ours: true, now: clock}
	look(waits, 0, 0, winPrinter{})
	look(waits, time.Second, 0, winPrinter{})
	if got := waits.absent(); got != done {
		t.Errorf("printed within a second or two: %+v", got)
	}
	look(waits, time.Second, 0, winPrinter{})
	if got := waits.absent(); got != unknown {
		t.Errorf("it waited, and is off the queue: %+v", got)
	}
	look(waits, time.Hour, winJobPrinting, winPrinter{})
	if got := waits.absent(); got != done {
		t.Errorf("it waited, printed, and is off the queue: %+v", got)
	}
	for _, p := range []winPrinter{{attributes: winWorkOffline}, {status: winPaperOut}} {
		stuck := &winJob{ours: true, now: clock}
		look(stuck, 0, winJobPrinting, p)
		if got := stuck.absent(); got != unknown {
			t.Errorf("%+v, and off the queue: %+v", p, got)
		}
		look(stuck, 0, winJobPrinting, winPrinter{})
		if got := stuck.absent(); got != done {
			t.Errorf("%+v, mended, printed, and off the queue: %+v", p, got)
		}
	}
}

func TestAPrinterSetToWorkOfflineIsOffline(t *testing.T) {
	if got := (winPrinter{attributes: winWorkOffline}).obstacle(); got != "printer.offline" {
		t.Error(got)
	}
	if got := (winPrinter{}).obstacle(); got != "" {
		t.Error(got)
	}
}
