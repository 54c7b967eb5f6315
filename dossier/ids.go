package dossier

import (
	"encoding/hex"
	"errors"
)

// The identities of the house. All are 16 bytes, written as a lower-case UUID (RFC 9562) in text.
type (
	// EventID names one event for ever; it is the idempotency key. Its time part means nothing: clocks are wrong.
	EventID [16]byte
	// ID names one dossier.
	ID [16]byte
	// DeviceID names one writer of journals: a PC of a station, or upstream in its journal for one station.
	DeviceID [16]byte
	// Incarnation names one unbroken life of a device's journal; a restore opens the next one.
	Incarnation [16]byte
)

// OfficerID is the sign-in name of an officer, at most MaxOfficerID bytes.
type OfficerID string

func (id EventID) String() string     { return uuidText(id) }
func (id ID) String() string          { return uuidText(id) }
func (id DeviceID) String() string    { return uuidText(id) }
func (id Incarnation) String() string { return uuidText(id) }

func (id EventID) IsZero() bool     { return id == EventID{} }
func (id ID) IsZero() bool          { return id == ID{} }
func (id DeviceID) IsZero() bool    { return id == DeviceID{} }
func (id Incarnation) IsZero() bool { return id == Incarnation{} }

func (id EventID) MarshalText() ([]byte, error)     { return []byte(uuidText(id)), nil }
func (id ID) MarshalText() ([]byte, error)          { return []byte(uuidText(id)), nil }
func (id DeviceID) MarshalText() ([]byte, error)    { return []byte(uuidText(id)), nil }
func (id Incarnation) MarshalText() ([]byte, error) { return []byte(uuidText(id)), nil }

func (id *EventID) UnmarshalText(b []byte) error     { return parseUUID((*[16]byte)(id), b) }
func (id *ID) UnmarshalText(b []byte) error          { return parseUUID((*[16]byte)(id), b) }
func (id *DeviceID) UnmarshalText(b []byte) error    { return parseUUID((*[16]byte)(id), b) }
func (id *Incarnation) UnmarshalText(b []byte) error { return parseUUID((*[16]byte)(id), b) }

// ErrBadID is returned for a text that is not a UUID.
var ErrBadID = errors.New("not a UUID")

func uuidText(b [16]byte) string {
	var s [36]byte
	hex.Encode(s[0:8], b[0:4])
	hex.Encode(s[9:13], b[4:6])
	hex.Encode(s[14:18], b[6:8])
	hex.Encode(s[19:23], b[8:10])
	hex.Encode(s[24:36], b[10:16])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return string(s[:])
}

func parseUUID(to *[16]byte, s []byte) error {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return ErrBadID
	}
	plain := append(append(append(append(append(make([]byte, 0, 32), s[0:8]...), s[9:13]...), s[14:18]...), s[19:23]...), s[24:]...)
	if _, err := hex.Decode(to[:], plain); err != nil {
		return ErrBadID
	}
	return nil
}
