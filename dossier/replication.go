package dossier

import (
	"crypto/ed25519"
	"time"
)

// Limits of what travels in one event.
const (
	MaxPurge    = 1000    // events one purge names
	MaxPack     = 1 << 20 // bytes of a pack's files, unpacked
	MaxPackFile = 256 << 10
)

// What was healed, and why a journal began a new life.
const (
	HealedForked   = "forked"   // another continuation of this journal is held above: a disk image was put back and worked on
	HealedBehind   = "behind"   // more of this journal is held above than here: an older copy was put back
	HealedRestored = "restored" // the program restored a backup
	HealedRotated  = "rotated"  // the key was changed
	HealedUpstream = "upstream" // upstream holds less than its receipts said: what it lost was sent again
)

// Healing is the body of a Healed event, the first thing a journal's new life says after what it took along. For HealedUpstream there is
// no new life, only the record of it.
type Healing struct {
	What  string `json:"what"`
	At    Head   `json:"at"`             // where the life before was left; for HealedUpstream, what upstream still held
	Taken int    `json:"taken"`          // entries of the life before that stand in this one again, under their own ids
	Lost  uint64 `json:"lost,omitempty"` // entries upstream had lost
}

// Admission is the body of an Admitted event in upstream's journal: a PC of the station. All of them together, less those revoked, are
// the station's roster: whose chains count, and who may talk to whom over the station's own network.
type Admission struct {
	Device    DeviceID          `json:"device"`
	Desk      int               `json:"desk"`
	Key       ed25519.PublicKey `json:"key"`             // its TLS certificate, its journal
	Recipient string            `json:"recipient"`       // what is sealed to it is sealed to this
	Chain     Genesis           `json:"chain"`           // its first journal
	First     ed25519.PublicKey `json:"first,omitempty"` // the key of that, where the PC has another now
}

// Owner is the key of the PC's first journal.
func (a Admission) Owner() ed25519.PublicKey {
	if len(a.First) > 0 {
		return a.First
	}
	return a.Key
}

// Revocation is the body of a Revoked event in upstream's journal: a PC that was stolen or replaced. What stands in its chain after Head
// waits in sight at upstream until a person releases it.
type Revocation struct {
	Device DeviceID `json:"device"`
	Last   Head     `json:"last"` // the last accepted entry
	Why    string   `json:"why"`
}

// NewKey is the body of a KeySet event: the keys the author of this chain will use from its next life on.
type NewKey struct {
	Key       ed25519.PublicKey `json:"key"`
	Recipient string            `json:"recipient"`
}

// Release is the body of a Released event in upstream's journal: an entry that waited in sight was let through by a person; it stands in
// upstream's journal under its own id.
type Release struct {
	Event  EventID  `json:"event"`
	Device DeviceID `json:"device"`
	Why    string   `json:"why"`
}

// Purge is the body of a Purged event: by the chief's decision nobody keeps salt and body of these events any more. Their headers and
// hashes stay, so that every chain still verifies. Their dossier's number is on paper, and so it is said here: whoever gets no more than
// the headers knows it from this, and does not give it again.
type Purge struct {
	Events   []EventID `json:"events"` // at most MaxPurge
	Number   string    `json:"number,omitempty"`
	Document string    `json:"document"` // the number of the decision
	Date     Date      `json:"date"`
	By       string    `json:"by"` // who decided, name and title
	Why      string    `json:"why"`
}

// May tells whether an event of that kind may lose its body. What settles a dispute, a decision of the authority above and what makes
// the exchange work stay: without their bodies other acts would change their meaning.
func (Purge) May(k Kind) bool {
	switch k {
	case Resolved, Decided, Purged:
		return false
	}
	return k.IsAct() || k.IsTrace()
}

// PackKind is what a pack replaces.
type PackKind string

const (
	PackCatalogue PackKind = "catalogue"
	PackCalendar  PackKind = "calendar"
)

// Pack is the body of a PackIssued event in upstream's journal: procedures or days off that hold from a day on. It is signed as every
// entry of that journal is. A later version of a kind replaces an earlier one whole; what has been printed does not change by it.
type Pack struct {
	Kind    PackKind `json:"kind"`
	Version int      `json:"version"` // grows; an older one than the one in force is refused
	From    Date     `json:"from"`
	Title   string   `json:"title"` // what changed, for people
	Files   []byte   `json:"files"` // a zip archive of JSON files as in assets, at most MaxPack unpacked
}

// KeptPack is a pack that came, with its fate here. One that is neither in force nor refused was replaced, or is to come: From tells.
type KeptPack struct {
	Event EventID   `json:"event"`
	At    time.Time `json:"at"`
	Pack
	InForce bool   `json:"in-force"`          // on the day that was asked for
	Refused string `json:"refused,omitempty"` // the code of why it cannot be used
}

// Rules tells whether this is the pack that is gone by.
func (k KeptPack) Rules() bool { return k.InForce && k.Refused == "" }
