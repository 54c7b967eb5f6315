package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"tiepnhan/dossier"
)

// A parcel is what one exporter put on a stick for one reader:
//
//	TIEPNHAN/                                            made at the top of the stick
//	  <kind>-<maker>-<yyyymmdd-hhmmss>-<random>/         the names are for people: what lies inside decides
//	    index.tnp                                        64 bytes of Ed25519 signature, then Parcel in its one form
//	    0001.cxe 0002.cxe …                              envelopes, the very bytes of the line
//
// The index is given its name last: a folder without one is a parcel that was never finished, and counts as nothing. A reader opens
// only the files an index names, and an index can name nothing but 0001.cxe, 0002.cxe … in the order in which they follow one another.
// Times and kinds in folder names decide nothing.

// What a stick may hold.
const (
	ParcelFolder = "TIEPNHAN"
	IndexName    = "index.tnp"

	MaxFiles   = 10_000  // envelopes of one parcel
	MaxIndex   = 4 << 20 // bytes of an index
	MaxParcels = 2_000   // folders that are looked at on one stick

	maxAdmission = 4 << 10 // bytes of one
)

// ParcelKind is whose parcel for whom.
type ParcelKind string

const (
	ParcelUp     ParcelKind = "up"     // a PC's for upstream
	ParcelDown   ParcelKind = "down"   // upstream's for a PC
	ParcelSister ParcelKind = "sister" // a PC's for another of its station
)

// parcelVersion is what is written; those of before, which had no Admission, are read as well.
const parcelVersion = 2

// maxIndexParts bounds the commas of an index: a list of four million bytes of "{}," would decode to hundreds of megabytes.
const maxIndexParts = 8*MaxFiles + 32*MaxChains

// maxName is the most bytes of a unit's name in an index.
const maxName = 400

// Parcel is the index of one. What it says of chains is what its maker held when it was made; it may have lain in a drawer for months.
type Parcel struct {
	Version  int               `json:"version"`
	Kind     ParcelKind        `json:"kind"`
	ID       Nonce             `json:"id"`
	At       time.Time         `json:"at"`    // the maker's clock, to the second, for people
	Maker    []byte            `json:"maker"` // Ed25519 public key; who holds it is the reader's to know
	From     string            `json:"from"`  // for people, as To
	To       string            `json:"to"`
	For      Addressee         `json:"for"`
	Own      *dossier.Chain    `json:"own,omitempty"` // the life its maker writes, of a PC
	Chains   []Held            `json:"chains"`        // what its maker holds, as in a hello
	Current  *dossier.Chain    `json:"current,omitempty"`
	Frozen   bool              `json:"frozen,omitempty"`
	Parked   []dossier.Head    `json:"parked,omitempty"` // these three of upstream's, as in an answer to hello
	Receipts []dossier.Receipt `json:"receipts,omitempty"`
	Files    []ParcelFile      `json:"files"`

	Admission []byte `json:"admission,omitempty"` // of a PC's for upstream: who made it, should upstream have forgotten; see Admission
	Vouched   []byte `json:"vouched,omitempty"`   // where that names a key its maker has left: Vouch
}

// Addressee is whom a parcel is for: both keys, so that nobody else takes it for his.
type Addressee struct {
	Recipient dossier.Hash `json:"recipient"` // ID of the key that opens the envelopes
	Key       dossier.Hash `json:"key"`       // KeyHash of the key that signs
}

// ParcelFile is one envelope of a parcel.
type ParcelFile struct {
	dossier.Chain
	First uint64       `json:"first"`
	Last  uint64       `json:"last"`
	Name  string       `json:"name"`
	Size  int          `json:"size"`
	Sum   dossier.Hash `json:"sum"` // SHA-256 of the file
}

// Entries is how many entries the file holds.
func (f ParcelFile) Entries() int { return int(f.Last - f.First + 1) }

// Held is what the maker of the parcel held of a chain.
func (p Parcel) Held(c dossier.Chain) (Held, bool) {
	return HelloAnswer{Chains: p.Chains}.Chain(c)
}

// Told is what people are told of a parcel. who knows the writers of journals.
func (p Parcel) Told(folder string, index dossier.ParcelFile, who func(dossier.Chain) (dossier.Writer, int)) dossier.Parcel {
	out := dossier.Parcel{Folder: folder, From: p.From, To: p.To, At: p.At, Index: index, Receipts: len(p.Receipts)}
	at := map[dossier.Chain]int{}
	for _, f := range p.Files {
		out.Files = append(out.Files, dossier.ParcelFile{Name: f.Name, Size: f.Size, Sum: f.Sum})
		i, known := at[f.Chain]
		if !known {
			i, at[f.Chain] = len(out.Journals), len(out.Journals)
			j := dossier.ParcelJournal{Chain: f.Chain, First: f.First, Last: f.Last}
			j.Writer, j.Desk = who(f.Chain)
			out.Journals = append(out.Journals, j)
		}
		j := &out.Journals[i]
		j.First, j.Last, j.Entries = min(j.First, f.First), max(j.Last, f.Last), j.Entries+f.Entries()
	}
	return out
}

// FileName is the name of the i-th envelope, from 0.
func FileName(i int) string { return fmt.Sprintf("%04d.cxe", i+1) }

var (
	parcelDomain = []byte("tiepnhan/parcel/1\x00")
	makerDomain  = []byte("tiepnhan/parcel-maker/1\x00")
)

// Vouch is the word of a key that a PC has left on the one it signs its parcels with.
func Vouch(former ed25519.PrivateKey, maker ed25519.PublicKey) []byte {
	return ed25519.Sign(former, append(bytes.Clone(makerDomain), maker...))
}

// MadeBy tells whether who made the parcel holds that key.
func (p Parcel) MadeBy(key ed25519.PublicKey) bool {
	return key.Equal(ed25519.PublicKey(p.Maker)) || len(key) == ed25519.PublicKeySize && ed25519.Verify(key, append(bytes.Clone(makerDomain), p.Maker...), p.Vouched)
}

// Sign gives the index's bytes; version, maker and time take their one form.
func (p Parcel) Sign(key ed25519.PrivateKey) []byte {
	p.Version, p.Maker, p.At = parcelVersion, key.Public().(ed25519.PublicKey), p.At.UTC().Truncate(time.Second)
	if p.Chains == nil {
		p.Chains = []Held{}
	}
	if p.Files == nil {
		p.Files = []ParcelFile{}
	}
	body := encode(p)
	return append(ed25519.Sign(key, append(bytes.Clone(parcelDomain), body...)), body...)
}

// ErrNewer is returned for a parcel of a version this program does not know.
var ErrNewer = fmt.Errorf("%w: of a newer program", ErrBad)

// OpenParcel reads an index and refuses one its maker did not sign.
func OpenParcel(b []byte) (Parcel, error) {
	bad := func(what string) (Parcel, error) { return Parcel{}, fmt.Errorf("parcel: %w: %s", ErrBad, what) }
	if len(b) < ed25519.SignatureSize || len(b) > MaxIndex {
		return bad("size")
	}
	signature, body := b[:ed25519.SignatureSize], b[ed25519.SignatureSize:]
	var what struct {
		Version int    `json:"version"`
		Maker   []byte `json:"maker"`
	}
	if json.Unmarshal(body, &what) != nil || len(what.Maker) != ed25519.PublicKeySize ||
		!ed25519.Verify(what.Maker, append(bytes.Clone(parcelDomain), body...), signature) {
		return bad("signature")
	}
	if what.Version > parcelVersion {
		return Parcel{}, fmt.Errorf("parcel: %w", ErrNewer)
	}
	if bytes.Count(body, []byte(",")) > maxIndexParts {
		return bad("too many parts")
	}
	var p Parcel
	if err := decodeUpTo(body, MaxIndex, &p); err != nil {
		return Parcel{}, fmt.Errorf("parcel: %w", err)
	}
	switch {
	case p.Version < 1:
		return bad("version")
	case p.Kind != ParcelUp && p.Kind != ParcelDown && p.Kind != ParcelSister, (p.Own == nil) != (p.Kind == ParcelDown):
		return bad("kind")
	case !isName(p.From) || !isName(p.To):
		return bad("names")
	case len(p.Files) > MaxFiles:
		return bad("too many files")
	case len(p.Receipts) > MaxChains || len(p.Parked) > MaxProbes || len(p.Admission) > maxAdmission || len(p.Vouched) > ed25519.SignatureSize:
		return bad("too much")
	}
	for i, f := range p.Files {
		if f.Name != FileName(i) || f.Size <= headerSize+ed25519.SignatureSize || f.Size > MaxEnvelope || f.First == 0 || f.Last > maxSeq ||
			f.Last < f.First || f.Last-f.First >= MaxEntries {
			return bad("file " + FileName(i))
		}
	}
	return p, checkChains(p.Chains)
}

// isName tells whether a text can stand in a line on a screen as somebody's name.
func isName(s string) bool { return len(s) <= maxName && utf8.ValidString(s) && dossier.Clean(s) == s }
