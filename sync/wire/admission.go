package wire

import (
	"bytes"
	"crypto/ed25519"
	"fmt"

	"tiepnhan/dossier"
)

// Admission is upstream's signed word that a PC is one of a station's. An upstream that was restored from a backup older than the
// enrolment knows the PC again by it.
type Admission struct {
	dossier.Admission
	Station string          `json:"station"`
	Journal dossier.Genesis `json:"journal"` // upstream's own for the station
}

var admissionDomain = []byte("tiepnhan/admission/1\x00")

// Sign gives the message: 64 bytes of signature, then the admission.
func (a Admission) Sign(key ed25519.PrivateKey) []byte {
	body := encode(a)
	return append(ed25519.Sign(key, append(bytes.Clone(admissionDomain), body...)), body...)
}

// OpenAdmission reads an admission and refuses one that this key did not sign.
func OpenAdmission(b []byte, key ed25519.PublicKey) (Admission, error) {
	if len(b) < ed25519.SignatureSize || len(key) != ed25519.PublicKeySize ||
		!ed25519.Verify(key, append(bytes.Clone(admissionDomain), b[ed25519.SignatureSize:]...), b[:ed25519.SignatureSize]) {
		return Admission{}, fmt.Errorf("admission: %w: signature", ErrBad)
	}
	return ReadAdmission(b)
}

// ReadAdmission reads one without asking who signed it.
func ReadAdmission(b []byte) (Admission, error) {
	var a Admission
	if len(b) < ed25519.SignatureSize {
		return Admission{}, fmt.Errorf("admission: %w: size", ErrBad)
	}
	if err := decode(b[ed25519.SignatureSize:], &a); err != nil {
		return Admission{}, fmt.Errorf("admission: %w", err)
	}
	if _, err := ParseRecipient(a.Recipient); err != nil || len(a.Key) != ed25519.PublicKeySize || a.Device.IsZero() || a.Station == "" {
		return Admission{}, fmt.Errorf("admission: %w: keys and names", ErrBad)
	}
	return a, nil
}
