package dossier

// Printer is a printer this PC can reach.
type Printer struct {
	Name    string   `json:"name"` // what the spooler calls it
	Default bool     `json:"default,omitempty"`
	Code    string   `json:"code,omitempty"`   // why it would not print now, a code with words; empty when it would
	Papers  []string `json:"papers,omitempty"` // PaperA4, PaperA5: what it says it takes; empty when it does not say
}

// PrintJob is a document for a printer.
type PrintJob struct {
	Printer string
	Title   string // names no person: it is shown in the spooler's list
	PDF     []byte
	Paper   string // PaperA4 or PaperA5, the size of every page
	Wide    bool   // the pages lie on their side
	Copies  int    // 1 to 20
}

// JobPhase is how far a job has come.
type JobPhase string

const (
	JobQueued   JobPhase = "queued"   // the spooler has it
	JobPrinting JobPhase = "printing" // the printer has it
	JobDone     JobPhase = "done"     // the spooler says that the printer took all of it
	JobFailed   JobPhase = "failed"   // given up or cancelled; pages may have come out
	JobRefused  JobPhase = "refused"  // ended before the printer had any of it
	JobUnknown  JobPhase = "unknown"  // the spooler no longer knows the job
)

// Ended tells whether nothing more will be heard of the job.
func (p JobPhase) Ended() bool { return p != JobQueued && p != JobPrinting }

// JobState is what the spooler says of a job.
type JobState struct {
	Phase  JobPhase `json:"phase"`
	Code   string   `json:"code,omitempty"`   // why it waits or failed, a code with words: "printer.paper-out"
	Detail string   `json:"detail,omitempty"` // the spooler's own words, for whoever is asked for help
}
