//go:build !windows

package spool

import (
	"strings"
	"time"

	"github.com/OpenPrinting/goipp"

	"tiepnhan/dossier"
)

// job-state of RFC 8011 §5.3.7 and printer-state of §5.4.11.
const (
	jobPending    = 3
	jobHeld       = 4
	jobProcessing = 5
	jobStopped    = 6
	jobCanceled   = 7
	jobAborted    = 8
	jobCompleted  = 9

	printerStopped = 5
)

// jobState reads what the spooler says of a job. Only "completed", and without errors, is done.
func jobState(job goipp.Attributes) dossier.JobState {
	n, _ := number(job, "job-state")
	why := texts(job, "job-state-reasons")
	code := reason(texts(job, "job-printer-state-reasons"))
	detail := short(text(job, "job-printer-state-message"))
	switch n {
	case jobPending, jobHeld:
		switch {
		case code != "":
		case begun(job):
			code = "printer.retry"
		case n == jobHeld:
			code = "printer.held"
		}
		return dossier.JobState{Phase: dossier.JobQueued, Code: code, Detail: detail}
	case jobProcessing, jobStopped:
		if code == "" && n == jobStopped {
			code = "printer.stopped"
		}
		if code == "" && unanswered(job) {
			code = "printer.offline"
		}
		return dossier.JobState{Phase: dossier.JobPrinting, Code: code, Detail: detail}
	case jobCompleted:
		if has(why, "job-completed-with-errors") {
			return ended(true, "printer.failed", detail)
		}
		return dossier.JobState{Phase: dossier.JobDone}
	case jobCanceled:
		return ended(begun(job), "printer.cancelled", detail)
	case jobAborted:
		if code == "" {
			code = "printer.failed"
		}
		return ended(begun(job), code, detail)
	}
	return dossier.JobState{Phase: dossier.JobUnknown, Detail: detail}
}

// begun is false only when the spooler says that it never started: a missing time proves nothing.
func begun(job goipp.Attributes) bool {
	pages, _ := number(job, "job-impressions-completed")
	sheets, _ := number(job, "job-media-sheets-completed")
	started := values(job, "time-at-processing")
	return pages > 0 || sheets > 0 || len(started) != 1 || started[0].T != goipp.TagNoValue
}

// connecting is how long a printer may take to answer before it counts as switched off.
const connecting = 5 * time.Second

// unanswered tells that the job has been looking for its printer for longer than one that is on needs. A backend says
// "connecting-to-device" at the beginning of every job, and for ever when the cable is out.
func unanswered(job goipp.Attributes) bool {
	now, ok := number(job, "job-printer-up-time")
	since, began := number(job, "time-at-processing")
	return ok && began && has(texts(job, "job-printer-state-reasons"), "connecting-to-device") &&
		time.Duration(now-since)*time.Second >= connecting
}

// obstacle is why a printer would not print now.
func obstacle(printer goipp.Attributes) string {
	if !truth(printer, "printer-is-accepting-jobs", true) {
		return "printer.refused"
	}
	if code := reason(texts(printer, "printer-state-reasons")); code != "" {
		return code
	}
	if n, _ := number(printer, "printer-state"); n == printerStopped {
		return "printer.stopped"
	}
	return ""
}

// reasons are the printer-state-reasons of RFC 8011 §5.4.12 and CUPS that keep paper from coming out, the one to mend first foremost. Drivers
// say "-warning" and even "-report" of an empty tray, so how grave they find it does not count; low toner is none of them.
var reasons = []struct{ keyword, code string }{
	{"media-jam", "printer.jam"},
	{"door-open", "printer.door"},
	{"cover-open", "printer.door"},
	{"interlock-open", "printer.door"},
	{"media-empty", "printer.paper-out"},
	{"media-needed", "printer.paper-out"},
	{"input-tray-missing", "printer.paper-out"},
	{"toner-empty", "printer.toner"},
	{"marker-supply-empty", "printer.toner"},
	{"offline", "printer.offline"},
	{"shutdown", "printer.offline"},
	{"timed-out", "printer.offline"},
	{"paused", "printer.stopped"},
}

// reason is the code of what the printer says of itself; "" when nothing holds it up.
func reason(said []string) string {
	for _, r := range reasons {
		if has(said, r.keyword) {
			return r.code
		}
	}
	return ""
}

// has tells whether a keyword is among those said, with or without its severity.
func has(said []string, keyword string) bool {
	for _, s := range said {
		for _, severity := range []string{"-error", "-warning", "-report"} {
			s = strings.TrimSuffix(s, severity)
		}
		if s == keyword {
			return true
		}
	}
	return false
}
