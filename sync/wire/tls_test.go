package wire

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"testing"
	"time"
)

// meet lets two sides shake hands over loopback.
func meet(t *testing.T, server, client *tls.Config) (clientErr, serverErr error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	done := make(chan error, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			done <- err
			return
		}
		defer c.Close()
		s := tls.Server(c, server)
		if err := s.Handshake(); err != nil {
			done <- err
			return
		}
		_, err = s.Write([]byte{1})
		done <- err
	}()
	c, err := tls.Dial("tcp", l.Addr().String(), client)
	if err == nil {
		_, err = c.Read(make([]byte, 1)) // TLS 1.3: what the server thinks of our certificate comes after the handshake
		c.Close()
	}
	return err, <-done
}

func only(key ed25519.PublicKey) func(ed25519.PublicKey) bool {
	return func(k ed25519.PublicKey) bool { return key.Equal(k) }
}

func configs(t *testing.T, up, pc *author, pinned ed25519.PublicKey) (server, client *tls.Config) {
	t.Helper()
	server, err := ServerTLS(up.key)
	if err != nil {
		t.Fatal(err)
	}
	client, err = ClientTLS(pc.key, only(pinned))
	if err != nil {
		t.Fatal(err)
	}
	return server, client
}

func TestPinnedKeysMeetWhateverTheClocksSay(t *testing.T) {
	up, pc := newAuthor(1), newAuthor(2)
	server, client := configs(t, up, pc, up.public())
	for _, clocks := range [][2]int{{2026, 2026}, {2009, 2026}, {2026, 2009}, {2099, 1975}} {
		server.Time = func() time.Time { return time.Date(clocks[0], 1, 1, 0, 0, 0, 0, time.UTC) }
		client.Time = func() time.Time { return time.Date(clocks[1], 1, 1, 0, 0, 0, 0, time.UTC) }
		var seen ed25519.PublicKey
		server.VerifyConnection = func(s tls.ConnectionState) (err error) {
			seen, err = PeerKey(&s)
			return err
		}
		if c, s := meet(t, server, client); c != nil || s != nil {
			t.Errorf("%v: %v, %v", clocks, c, s)
		}
		if !seen.Equal(pc.public()) {
			t.Errorf("%v: upstream saw another key", clocks)
		}
	}
}

func TestAnotherKeyIsNotTalkedTo(t *testing.T) {
	up, pc, other := newAuthor(1), newAuthor(2), newAuthor(3)
	server, client := configs(t, up, pc, other.public())
	if c, _ := meet(t, server, client); !errors.Is(c, ErrOtherKey) {
		t.Errorf("got %v", c)
	}
}

func TestCertificateOfTheWebIsNotOurs(t *testing.T) {
	up, pc := newAuthor(1), newAuthor(2)
	_, client := configs(t, up, pc, up.public())
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"wifi.example"}, NotAfter: time.Now().AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	portal := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	if c, _ := meet(t, portal, client); !errors.Is(c, ErrNotOurs) {
		t.Errorf("got %v", c)
	}
	portal.MaxVersion = tls.VersionTLS12
	if c, _ := meet(t, portal, client); c == nil {
		t.Error("talked TLS 1.2")
	}
}

func TestServerLetsNobodyInWithoutAKey(t *testing.T) {
	up, pc := newAuthor(1), newAuthor(2)
	server, client := configs(t, up, pc, up.public())
	client.Certificates = nil
	if c, s := meet(t, server, client); c == nil || s == nil {
		t.Errorf("got %v, %v", c, s)
	}
	if _, err := PeerKey(nil); !errors.Is(err, ErrNotOurs) {
		t.Errorf("a connection without TLS: %v", err)
	}
}
