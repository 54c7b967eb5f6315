package dossier

import "time"

// StoreSizes is how large a store is, and of what. Nothing of it tells of a person.
type StoreSizes struct {
	Truth, Views int   // versions of its tables
	File, Log    int64 // bytes of the main file and of the write-ahead log
	Pages, Free  int64 // of the main file: all, and those that hold nothing
	Events       int64
	Dossiers     int64
	Chains       int64
	Drafts       int64
	Receipts     int64
}

// Diagnosis is what whoever looks after the PCs has to know of a station, and nothing of a person.
type Diagnosis struct {
	Sizes    StoreSizes
	Desk     int
	FormSet  string
	Paper    string
	TextSize int
	Enrolled bool
	Acts     int       // that wait for upstream
	Entries  int       // and all entries that do
	Receipt  time.Time // upstream's latest; zero for none
	Users    map[Role]int
	Packs    map[PackKind]int // versions in force, none for the program's own
	Places   []BackupPlace    // where backups are; their paths are not to be told
}
