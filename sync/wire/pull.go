package wire

import (
	"fmt"

	"tiepnhan/dossier"
)

// Pull asks for the entries of a chain after that sequence number, in one envelope. With Parked it asks for what came of the asking PC's
// own chain and fits nowhere, ending with that head.
type Pull struct {
	dossier.Chain
	After  uint64        `json:"after"`
	Parked *dossier.Hash `json:"parked,omitempty"`
}

// Encode is the message.
func (p Pull) Encode() []byte { return encode(p) }

// ParsePull reads a Pull.
func ParsePull(b []byte) (Pull, error) {
	var p Pull
	if err := decode(b, &p); err != nil {
		return Pull{}, fmt.Errorf("pull: %w", err)
	}
	if p.After > maxSeq {
		return Pull{}, fmt.Errorf("pull: %w: after %d", ErrBad, p.After)
	}
	return p, nil
}

// EncodeReceipt is the answer to a push.
func EncodeReceipt(r dossier.Receipt) []byte { return encode(r) }

// ParseReceipt reads the answer to a push. Whose word it is, SignedBy tells.
func ParseReceipt(b []byte) (dossier.Receipt, error) {
	var r dossier.Receipt
	if err := decode(b, &r); err != nil {
		return dossier.Receipt{}, fmt.Errorf("receipt: %w", err)
	}
	return r, nil
}
