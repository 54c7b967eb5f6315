package dossier

import "time"

// Backup is one backup of a station's store as it lies in a place. What stands here is read from the head of its file, which is in clear and
// holds nothing of a person.
type Backup struct {
	Path     string
	Made     time.Time
	Bytes    int64
	Own      Head // of this PC's own journal, as the backup holds it
	Events   int  // of all journals
	Dossiers int
	Proved   bool // this PC has restored it into a scratch file and found the same
}

// Kinds of BackupPlace.
const (
	PlaceOwn    = "own"    // a folder beside the store: against a damaged file, not against a lost PC
	PlaceSecond = "second" // the folder the settings name: another disk, a server of the unit
	PlaceStick  = "stick"  // a USB stick that is plugged in
)

// BackupPlace is a folder backups are put in.
type BackupPlace struct {
	Kind    string
	Path    string
	Free    int64    // bytes; negative where nobody can tell
	Trouble error    // why it cannot be used now: Problems; nil when it can
	Backups []Backup // of this station, the newest first
}

// Steps of BackupStep.
const (
	BackupCopies  = "copy"  // out of the store
	BackupWrites  = "write" // to its place, and read back
	BackupProves  = "prove" // restored into a scratch file and compared
	BackupUnpacks = "unpack"
)

// BackupStep is how far a backup or a restore is; All is 0 while nobody can tell.
type BackupStep struct {
	Step      string
	Done, All int64
}

// Missing is what a backup does not hold of what the store holds now: what a restore would leave out.
type Missing struct {
	Backup   Backup
	Readable bool     // the store could be read; where it could not, what follows is empty
	Events   int      // of this PC's own journal after the backup's head, traces included
	Dossiers int      // opened or acted upon by those
	Sent     int      // of those events, how many upstream has receipted: they come back with the first exchange
	Lost     []string // numbers of the dossiers with an act that nobody else holds, in order, at most MissingNamed
	LostAll  int      // how many they are
	Drafts   int      // forms begun and not kept
	Apart    bool     // the backup is of another journal, or not of the past of this one
}

// MissingNamed is how many dossiers Missing names.
const MissingNamed = 20

// Restore is the body of a TraceRestored event, the first a restored store holds of its new life.
type Restore struct {
	Made      time.Time `json:"made"`                // when the backup was made
	Confirmed OfficerID `json:"confirmed,omitempty"` // who else stands for it
}
