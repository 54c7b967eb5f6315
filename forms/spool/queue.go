package spool

import (
	"sync"
	"time"

	"tiepnhan/dossier"
)

// What Windows' spooler says, JOB_INFO_1 and PRINTER_INFO_2. Windows takes a job off the queue once it is printed, and in the same way when
// it is deleted, so what was last seen of a job says how it ended.
const (
	winJobPaused       = 0x1
	winJobError        = 0x2
	winJobDeleting     = 0x4
	winJobPrinting     = 0x10
	winJobOffline      = 0x20
	winJobPaperOut     = 0x40
	winJobPrinted      = 0x80
	winJobDeleted      = 0x100
	winJobBlocked      = 0x200
	winJobIntervention = 0x400
	winJobComplete     = 0x1000

	winJobTrouble = winJobPaused | winJobError | winJobOffline | winJobPaperOut | winJobBlocked | winJobIntervention

	winPaused       = 0x1
	winError        = 0x2
	winDeletion     = 0x4
	winJam          = 0x8
	winPaperOut     = 0x10
	winManualFeed   = 0x20
	winPaperProblem = 0x40
	winOffline      = 0x80
	winBinFull      = 0x800
	winNotAvailable = 0x1000
	winNoToner      = 0x40000
	winIntervention = 0x100000
	winDoorOpen     = 0x400000

	winWorkOffline = 0x400 // of the attributes
)

// winPrinter is a printer as Windows says it.
type winPrinter struct{ status, attributes uint32 }

// winReasons are in the order in which they have to be mended.
var winReasons = []struct {
	bits uint32
	code string
}{
	{winJam, "printer.jam"},
	{winDoorOpen, "printer.door"},
	{winPaperOut | winManualFeed | winPaperProblem, "printer.paper-out"},
	{winNoToner, "printer.toner"},
	{winOffline | winNotAvailable, "printer.offline"},
	{winDeletion, "printer.refused"},
	{winPaused | winError | winBinFull | winIntervention, "printer.stopped"},
}

// obstacle is why the printer would not print now.
func (p winPrinter) obstacle() string {
	for _, r := range winReasons {
		if p.status&r.bits != 0 {
			return r.code
		}
	}
	if p.attributes&winWorkOffline != 0 {
		return "printer.offline"
	}
	return ""
}

// winJob is what has been seen of a job.
type winJob struct {
	sync.Mutex // held while Windows is asked, which may take long where the printer is far away

	ours    bool   // this program gave it, all of it
	last    uint32 // its status when it was last seen
	begun   bool   // the printer has had some of it, as far as was seen
	printed bool   // the spooler said so
	given   string // the code of why we took it back; "" if we did not
	gone    bool   // it was off the queue when last asked for
	stuck   bool   // something was wrong with the printer when the job was last seen

	now   func() time.Time // nil is the PC's clock
	since time.Time        // when it was first seen
	idle  time.Duration    // how long after that it was seen to have printed nothing
}

// present is a job on the queue.
func (j *winJob) present(status, pages uint32, text string, p winPrinter) dossier.JobState {
	j.last, j.gone = status, false
	j.begun = j.begun || pages > 0 || status&(winJobPrinting|winJobPrinted|winJobComplete) != 0
	// A job that has been printed is deleted by Windows itself; one that has only been sent is deleted by somebody.
	j.stuck = p.obstacle() != ""
	j.wait()
	sent := status&winJobComplete != 0 && status&(winJobDeleting|winJobDeleted) == 0
	if (sent || status&winJobPrinted != 0) && status&winJobTrouble == 0 && j.given == "" {
		j.printed = true
		return dossier.JobState{Phase: dossier.JobDone}
	}
	s := dossier.JobState{Phase: dossier.JobQueued, Detail: short(text)}
	if status&winJobPrinting != 0 {
		s.Phase = dossier.JobPrinting
	}
	switch code := p.obstacle(); {
	case j.given != "" || status&(winJobDeleting|winJobDeleted) != 0:
		s.Code = "printer.cancelled"
	case status&winJobPaperOut != 0:
		s.Code = "printer.paper-out"
	case code != "":
		s.Code = code
	case status&winJobOffline != 0:
		s.Code = "printer.offline"
	case status&(winJobError|winJobBlocked|winJobIntervention) != 0:
		s.Code = "printer.stopped"
	case status&winJobPaused != 0:
		s.Code = "printer.held"
	}
	return s
}

// wait counts how long the job has been seen to do nothing.
func (j *winJob) wait() {
	now := time.Now()
	if j.now != nil {
		now = j.now()
	}
	if j.since.IsZero() {
		j.since = now
	}
	if !j.begun {
		j.idle = now.Sub(j.since)
	}
}

// quick is less time than anybody needs to find a job on the queue and delete it.
const quick = 2 * time.Second

// absent is a job no longer on the queue. It is done if it was seen to print, or was off before anybody could have deleted it, and nothing was
// wrong with it or its printer when it was last seen: Windows drops printed jobs and says no more. Where something was wrong it may have been
// mended or deleted since, and one that only waited may have been printed or deleted; nobody knows which.
func (j *winJob) absent() dossier.JobState {
	j.gone = true
	switch {
	case j.printed:
		return dossier.JobState{Phase: dossier.JobDone}
	case j.given != "":
		return ended(j.begun, j.given, "")
	case j.last&(winJobDeleting|winJobDeleted) != 0:
		return ended(true, "printer.cancelled", "") // by someone else, who did not look first
	case !j.ours, j.last&winJobTrouble != 0, j.stuck, !j.begun && j.idle >= quick:
		return dossier.JobState{Phase: dossier.JobUnknown}
	}
	return dossier.JobState{Phase: dossier.JobDone}
}
