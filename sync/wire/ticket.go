package wire

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tiepnhan/dossier"
)

// TicketLife and TicketTries end a ticket, by upstream's clock and count.
const (
	TicketLife  = 72 * time.Hour
	TicketTries = 10
)

// Secret is known to whoever was given the ticket.
type Secret [16]byte

// TicketNumber tells upstream which ticket is meant.
type TicketNumber uint32

// Ticket admits one PC to one desk of a station, once.
type Ticket struct {
	Address string // host:port
	Key     dossier.Hash
	Number  TicketNumber
	Secret  Secret
	Until   time.Time // upstream's clock, to the second; shown to people, decided by upstream
	Desk    int
	Station string
}

// NewSecret makes the random parts of a ticket.
func NewSecret() (TicketNumber, Secret) {
	var s Secret
	var n [4]byte
	rand.Read(s[:])
	rand.Read(n[:])
	return TicketNumber(binary.BigEndian.Uint32(n[:])), s
}

const ticketPrefix = "TN1."

// Digits and letters without I, L, O and U, which are misread (Crockford's alphabet). A QR code packs them as alphanumeric.
var ticketLetters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// Text is the ticket to type, paste or print as a QR code: in groups of five, with a checksum that finds a slip of the pen.
func (t Ticket) Text() string {
	plain := ticketLetters.EncodeToString(t.bytes())
	var b strings.Builder
	b.WriteString(ticketPrefix)
	for i, r := range plain {
		if i > 0 && i%5 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (t Ticket) bytes() []byte {
	b := append([]byte(nil), t.Key[:]...)
	b = append(b, t.Secret[:]...)
	b = binary.BigEndian.AppendUint32(b, uint32(t.Number))
	b = binary.BigEndian.AppendUint32(b, uint32(t.Until.Unix()))
	b = append(b, byte(t.Desk))
	b = append(append(b, byte(len(t.Address))), t.Address...)
	b = append(append(b, byte(len(t.Station))), t.Station...)
	sum := sha256.Sum256(b)
	return append(b, sum[:4]...)
}

// Check tells whether the ticket can be written down. Codes: ticket.address, ticket.station, desk.range.
func (t Ticket) Check() error {
	var ps dossier.Problems
	if len(t.Address) > 255 || checkAddress(t.Address) != nil {
		ps = append(ps, dossier.Invalid("address", "ticket.address")...)
	}
	if t.Station == "" || len(t.Station) > 255 || dossier.Clean(t.Station) != t.Station || !utf8.ValidString(t.Station) {
		ps = append(ps, dossier.Invalid("station", "ticket.station")...)
	}
	if t.Desk < 1 || t.Desk > dossier.Desks {
		ps = append(ps, dossier.Invalid("desk", "desk.range", "max", strconv.Itoa(dossier.Desks))...)
	}
	return ps.Err()
}

// ParseTicket reads a ticket however it was typed: in any case, with spaces, line breaks, dashes and what cannot be seen anywhere, O for 0, I and L for 1.
// Code: ticket.format.
func ParseTicket(text string) (Ticket, error) {
	bad := dossier.Invalid("ticket", "ticket.format")
	if len(text) > 4096 {
		return Ticket{}, bad
	}
	plain := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf, unicode.Zl, unicode.Zp) { // other programs put their own in
			return -1
		}
		return r
	}, strings.ToUpper(text))
	plain, ok := strings.CutPrefix(plain, ticketPrefix)
	if !ok {
		return Ticket{}, bad
	}
	plain = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(plain)
	b, err := ticketLetters.DecodeString(plain)
	if err != nil || len(b) < 32+16+4+4+1+1+1+4 || ticketLetters.EncodeToString(b) != plain {
		return Ticket{}, bad
	}
	var t Ticket
	rest := b
	rest = rest[copy(t.Key[:], rest):]
	rest = rest[copy(t.Secret[:], rest):]
	t.Number = TicketNumber(binary.BigEndian.Uint32(rest))
	t.Until = time.Unix(int64(binary.BigEndian.Uint32(rest[4:])), 0).UTC()
	t.Desk = int(rest[8])
	rest = rest[9:]
	for _, to := range []*string{&t.Address, &t.Station} {
		if len(rest) == 0 || len(rest) <= int(rest[0]) {
			return Ticket{}, bad
		}
		n := 1 + int(rest[0])
		*to, rest = string(rest[1:n]), rest[n:]
	}
	if !bytes.Equal(t.bytes(), b) || t.Check() != nil {
		return Ticket{}, bad
	}
	return t, nil
}

// CheckAddress reads an address people give, https://host:port or host:port, and gives host:port. Code: ticket.address.
func CheckAddress(s string) (string, error) {
	s = strings.TrimSuffix(strings.TrimPrefix(dossier.Clean(s), "https://"), "/")
	if err := checkAddress(s); err != nil {
		return "", dossier.Invalid("address", "ticket.address")
	}
	return s, nil
}

func checkAddress(s string) error {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(port)
	if err != nil || n < 1 || n > 65535 || strconv.Itoa(n) != port || host == "" {
		return fmt.Errorf("address %q", s)
	}
	u, err := url.Parse("https://" + s)
	if err != nil || u.Host != s || u.User != nil || u.Path != "" {
		return fmt.Errorf("address %q", s)
	}
	for _, r := range s {
		if r <= ' ' || r > '~' {
			return fmt.Errorf("address %q", s)
		}
	}
	return nil
}
