//go:build !windows

package spool

import (
	"testing"

	"github.com/OpenPrinting/goipp"

	"tiepnhan/dossier"
)

// said is a job as a spooler says it.
func said(state int, more ...goipp.Attribute) goipp.Attributes {
	return append(goipp.Attributes{goipp.MakeAttribute("job-state", goipp.TagEnum, goipp.Integer(state))}, more...)
}

var (
	never    = goipp.MakeAttribute("time-at-processing", goipp.TagNoValue, goipp.Void{})
	once     = goipp.MakeAttribute("time-at-processing", goipp.TagInteger, goipp.Integer(1000))
	oneSheet = goipp.MakeAttribute("job-media-sheets-completed", goipp.TagInteger, goipp.Integer(1))
	onePage  = goipp.MakeAttribute("job-impressions-completed", goipp.TagInteger, goipp.Integer(1))
)

func why(name, keyword string) goipp.Attribute {
	return goipp.MakeAttribute(name, goipp.TagKeyword, goipp.String(keyword))
}

func TestTheSpoolersWordsMeanNoMoreThanTheySay(t *testing.T) {
	for _, c := range []struct {
		about string
		job   goipp.Attributes
		want  dossier.JobState
	}{
		{"pending", said(3, never), dossier.JobState{Phase: dossier.JobQueued}},
		{"held", said(4, never), dossier.JobState{Phase: dossier.JobQueued, Code: "printer.held"}},
		{"held after a try", said(4, once), dossier.JobState{Phase: dossier.JobQueued, Code: "printer.retry"}},
		{"processing", said(5, once), dossier.JobState{Phase: dossier.JobPrinting}},
		{"stopped", said(6, once), dossier.JobState{Phase: dossier.JobPrinting, Code: "printer.stopped"}},
		{"completed", said(9, once), dossier.JobState{Phase: dossier.JobDone}},
		{"completed, with warnings", said(9, once, why("job-state-reasons", "job-completed-with-warnings")), dossier.JobState{Phase: dossier.JobDone}},
		{"completed, with errors", said(9, once, why("job-state-reasons", "job-completed-with-errors")), dossier.JobState{Phase: dossier.JobFailed, Code: "printer.failed"}},
		{"aborted", said(8, once), dossier.JobState{Phase: dossier.JobFailed, Code: "printer.failed"}},
		{"aborted, unplugged", said(8, once, why("job-printer-state-reasons", "offline-error")), dossier.JobState{Phase: dossier.JobFailed, Code: "printer.offline"}},
		{"aborted before it began", said(8, never), dossier.JobState{Phase: dossier.JobRefused, Code: "printer.failed"}},
		{"cancelled", said(7, once), dossier.JobState{Phase: dossier.JobFailed, Code: "printer.cancelled"}},
		{"cancelled before it began", said(7, never), dossier.JobState{Phase: dossier.JobRefused, Code: "printer.cancelled"}},
		{"cancelled, when is not said", said(7), dossier.JobState{Phase: dossier.JobFailed, Code: "printer.cancelled"}},
		{"cancelled, never begun, yet a sheet came", said(7, never, oneSheet), dossier.JobState{Phase: dossier.JobFailed, Code: "printer.cancelled"}},
		{"cancelled, never begun, yet a page came", said(7, never, onePage), dossier.JobState{Phase: dossier.JobFailed, Code: "printer.cancelled"}},
		{"a state nobody has heard of", said(10, once), dossier.JobState{Phase: dossier.JobUnknown}},
		{"no state", nil, dossier.JobState{Phase: dossier.JobUnknown}},
		{"a state that is a word", goipp.Attributes{why("job-state", "completed")}, dossier.JobState{Phase: dossier.JobUnknown}},
	} {
		if got := jobState(c.job); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.about, got, c.want)
		}
	}
}

func FuzzNoAnswerBreaksTheReader(f *testing.F) {
	m := goipp.NewResponse(goipp.DefaultVersion, goipp.StatusOk, 1)
	m.Job = said(9, once, oneSheet, why("job-state-reasons", "none"))
	m.Printer = goipp.Attributes{why("printer-state-reasons", "media-empty"), why("media-supported", mediaA4)}
	seed, err := m.EncodeBytes()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var a goipp.Message
		if a.DecodeBytes(raw) != nil {
			return
		}
		state := jobState(a.Job)
		if n, ok := number(a.Job, "job-state"); state.Phase == dossier.JobDone && (!ok || n != 9) {
			t.Errorf("done by job-state %d", n)
		}
		obstacle(a.Printer)
		papers(a.Printer)
		if len(short(text(a.Job, "job-printer-state-message"))) > 160 {
			t.Error("a detail too long")
		}
	})
}
