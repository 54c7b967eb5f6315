package dossier

import "time"

// Parcel is what was put on a stick (USB) for one reader, as people are told of it and as the hand-over sheet lists it.
type Parcel struct {
	Folder   string          `json:"folder"` // where on the stick, with slashes
	From     string          `json:"from"`
	To       string          `json:"to"`
	At       time.Time       `json:"at"` // by its maker's clock
	Index    ParcelFile      `json:"index"`
	Files    []ParcelFile    `json:"files"`
	Journals []ParcelJournal `json:"journals"`
	Receipts int             `json:"receipts"` // upstream's, that it carries
}

// Entries is how many entries a parcel carries.
func (p Parcel) Entries() int {
	n := 0
	for _, j := range p.Journals {
		n += j.Entries
	}
	return n
}

// ParcelFile is one file of a parcel.
type ParcelFile struct {
	Name string `json:"name"`
	Size int    `json:"size"`
	Sum  Hash   `json:"sha256"`
}

// ParcelJournal is what a parcel carries of one journal.
type ParcelJournal struct {
	Chain
	Writer  Writer `json:"writer"`
	Desk    int    `json:"desk,omitempty"` // of a PC, where that is known
	First   uint64 `json:"first"`
	Last    uint64 `json:"last"`
	Entries int    `json:"entries"`
}

// Writer is whose journal it is, as whoever made the parcel sees it.
type Writer string

const (
	WriterSelf     Writer = "self"
	WriterSister   Writer = "sister" // another PC of the station
	WriterPC       Writer = "pc"     // a PC of the station, as upstream sees it
	WriterUpstream Writer = "upstream"
)

// Exported is what was put on a stick, read back as it was written. It is "đã xuất", never "đã gửi": only a receipt makes it that (I3).
type Exported struct {
	Dir     string   `json:"dir"`
	Parcels []Parcel `json:"parcels"`
}

// Imported is what came of a stick.
type Imported struct {
	Parcels  []ImportedParcel `json:"parcels"`
	Taken    int              `json:"taken"`    // entries that were new here
	Receipts int              `json:"receipts"` // receipts that were news
	Healed   []Healing        `json:"healed,omitempty"`
	Problem  Problems         `json:"problem,omitempty"` // of the stick as a whole
}

// ImportedParcel is one that was found, and what came of it.
type ImportedParcel struct {
	Parcel
	Done    int      `json:"done"`              // files of it that are kept here now
	Taken   int      `json:"taken"`             // entries that were new here
	Problem Problems `json:"problem,omitempty"` // why not all of it, or none; nil when all is well
}

// ParcelSheet is the sheet that goes with a stick from hand to hand.
type ParcelSheet struct {
	Exported
	Unit Unit      `json:"unit"` // who hands over, for the head of the sheet
	By   string    `json:"by"`   // whose hand, may be empty
	At   time.Time `json:"at"`
}
