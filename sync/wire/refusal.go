package wire

import (
	"fmt"
	"net/http"

	"tiepnhan/dossier"
)

// Refusal is upstream's "no" on the line: the code of a dossier.Problem. It changes nothing on either side.
type Refusal struct {
	Code string `json:"code"`
}

// Refusals are all the codes upstream may answer with, and the HTTP status each travels under. A station believes no other.
var Refusals = map[string]int{
	"line.unknown-device": http.StatusForbidden,
	"line.former-key":     http.StatusForbidden, // this PC has left that key
	"line.revoked":        http.StatusForbidden,
	"line.busy":           http.StatusServiceUnavailable,
	"envelope.bad":        http.StatusBadRequest,
	"envelope.recipient":  http.StatusBadRequest,
	"envelope.sender":     http.StatusForbidden,
	"message.bad":         http.StatusBadRequest,
	"message.too-large":   http.StatusRequestEntityTooLarge,
	"journal.unknown":     http.StatusConflict,
	"journal.gap":         http.StatusConflict,
	"journal.forked":      http.StatusConflict,
	"journal.nothing":     http.StatusConflict,
	"journal.superseded":  http.StatusConflict,  // another life of this PC is continued
	"line.frozen":         http.StatusForbidden, // two copies of this PC are alive
	"ticket.wrong":        http.StatusForbidden,
	"ticket.used":         http.StatusForbidden,
	"ticket.expired":      http.StatusForbidden,
	"ticket.locked":       http.StatusForbidden,
	"ticket.desk-taken":   http.StatusForbidden,
	"enrol.device-known":  http.StatusForbidden,
	"upstream.full":       http.StatusInsufficientStorage,
	"parked.full":         http.StatusInsufficientStorage, // of one PC: what others wrote is taken in all the same
	"upstream.fault":      http.StatusInternalServerError,
}

// Encode is the message.
func (r Refusal) Encode() []byte { return encode(r) }

// ParseRefusal reads a Refusal under that HTTP status.
func ParseRefusal(b []byte, status int) (dossier.Problems, error) {
	var r Refusal
	if err := decode(b, &r); err != nil {
		return nil, fmt.Errorf("refusal: %w", err)
	}
	if known, ok := Refusals[r.Code]; !ok || known != status {
		return nil, fmt.Errorf("refusal: %w: %q under status %d", ErrBad, r.Code, status)
	}
	return dossier.Invalid("", r.Code), nil
}
