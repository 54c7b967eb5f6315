package wire

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// ErrOtherKey is returned when the other side shows an Ed25519 key of our kind that is not the pinned one.
var ErrOtherKey = errors.New("the other side has another key")

// ErrNotOurs is returned when the other side shows a certificate that no program of ours makes: a captive portal, or a proxy with its
// own root.
var ErrNotOurs = errors.New("the other side is not one of ours")

// certificate is a self-signed one that only carries the key. Its dates cover every clock: a PC at 2009 or 2099 still gets through.
func certificate(key ed25519.PrivateKey) (tls.Certificate, error) {
	t := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "tiepnhan"},
		NotBefore:    time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), // RFC 5280 4.1.2.5: no well-defined expiration date
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// PeerKey is the key the other side has proved to hold, as TLS 1.3 makes it do. Errors: ErrNotOurs.
func PeerKey(s *tls.ConnectionState) (ed25519.PublicKey, error) {
	if s == nil || s.Version < tls.VersionTLS13 || len(s.PeerCertificates) == 0 {
		return nil, ErrNotOurs
	}
	key, ok := s.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	if !ok {
		return nil, ErrNotOurs
	}
	return key, nil
}

// ClientTLS talks to the holder of the key that pinned accepts, and to nobody else, whatever name, issuer and dates its certificate has.
func ClientTLS(own ed25519.PrivateKey, pinned func(ed25519.PublicKey) bool) (*tls.Config, error) {
	c, err := certificate(own)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:         tls.VersionTLS13,
		Certificates:       []tls.Certificate{c},
		InsecureSkipVerify: true, // VerifyConnection below is stricter: one key
		VerifyConnection: func(s tls.ConnectionState) error {
			key, err := PeerKey(&s)
			if err != nil {
				return err
			}
			if !pinned(key) {
				return ErrOtherKey
			}
			return nil
		},
	}, nil
}

// ServerTLS lets in whoever proves to hold some Ed25519 key; which keys may do what is for the handler to say, for a PC that enrols is
// not known yet.
func ServerTLS(own ed25519.PrivateKey) (*tls.Config, error) {
	c, err := certificate(own)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:             tls.VersionTLS13,
		Certificates:           []tls.Certificate{c},
		ClientAuth:             tls.RequireAnyClientCert,
		SessionTicketsDisabled: true, // each connection proves its key anew, so that a revocation holds at once
		NextProtos:             []string{"http/1.1"},
		VerifyConnection: func(s tls.ConnectionState) error {
			_, err := PeerKey(&s)
			return err
		},
	}, nil
}
