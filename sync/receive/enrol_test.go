package receive

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

func ticketFor(t testing.TB, u *Upstream, station string, desk int) wire.Ticket {
	t.Helper()
	ticket, err := u.Ticket(context.Background(), station, desk, "")
	if err != nil {
		t.Fatal(err)
	}
	return ticket
}

func TestTicketAdmitsOnePCAndAnswersItAgain(t *testing.T) {
	u, c, _ := open(t)
	ticket := ticketFor(t, u, "Trạm Mẫu", 0)
	if read, err := wire.ParseTicket(ticket.Text()); err != nil || read != ticket || ticket.Desk != 1 {
		t.Fatalf("%+v, %v", read, err)
	}
	p, other := newPC(t, u, 1), newPC(t, u, 2)
	a, err := p.enrol(ticket)
	if err != nil || a.Name != "Công an tỉnh Mẫu" || a.Station != "Trạm Mẫu" || a.Desk != 1 || !u.Key().Equal(ed25519.PublicKey(a.Key)) {
		t.Fatalf("%+v, %v", a, err)
	}
	c.set(c.now().Add(200 * time.Hour)) // the answer was lost, and the ticket has expired since
	if again, err := p.enrol(ticket); err != nil || again.Chain != a.Chain || again.Desk != a.Desk {
		t.Errorf("the same PC asks again: %+v, %v", again, err)
	}
	_, err = other.enrol(ticket)
	wantCode(t, err, "ticket.used")
	p.identity = other.identity
	_, err = p.enrol(ticket)
	wantCode(t, err, "ticket.used")
	if err := u.Revoke(context.Background(), PC{Station: "Trạm Mẫu", Desk: 1}, nil, ""); err != nil {
		t.Fatal(err)
	}
	_, err = p.enrol(ticket)
	wantCode(t, err, "line.revoked")
}

// A PC that takes over a desk is told how many sat there before: which numbers they gave that day upstream need not know.
func TestWhoTakesOverADeskIsToldWhoSatThere(t *testing.T) {
	u, _, _ := open(t)
	for before := range 3 {
		ticket := ticketFor(t, u, "Trạm Mẫu", 1)
		p := newPC(t, u, byte(1+before))
		for range 2 { // the first answer may be lost
			if a, err := p.enrol(ticket); err != nil || a.Before != before {
				t.Errorf("%d before: %+v, %v", before, a.Before, err)
			}
		}
		other := newPC(t, u, byte(50+before))
		if a, err := other.enrol(ticketFor(t, u, fmt.Sprint("Trạm ", before), 1)); err != nil || a.Before != 0 {
			t.Errorf("another station: %+v, %v", a.Before, err)
		}
		if err := u.Revoke(context.Background(), PC{Station: "Trạm Mẫu", Desk: 1}, nil, "mất máy"); err != nil {
			t.Fatal(err)
		}
	}
	if a, err := newPC(t, u, 60).enrol(ticketFor(t, u, "Trạm Mẫu", 2)); err != nil || a.Before != 0 {
		t.Errorf("another desk: %+v, %v", a.Before, err)
	}
}

func TestWrongTicketsAreRefused(t *testing.T) {
	u, c, _ := open(t)
	p := newPC(t, u, 1)
	unknown := ticketFor(t, u, "Trạm Mẫu", 1)
	unknown.Number++
	_, err := p.enrol(unknown)
	wantCode(t, err, "ticket.wrong")

	expired := ticketFor(t, u, "Trạm Mẫu", 1)
	c.set(expired.Until.Add(time.Second))
	_, err = p.enrol(expired)
	wantCode(t, err, "ticket.expired")
	c.set(expired.Until)
	if _, err := p.enrol(expired); err != nil {
		t.Errorf("at its last second: %v", err)
	}
	_, err = p.enrol(ticketFor(t, u, "Trạm Mẫu", 2))
	wantCode(t, err, "enrol.device-known")

	for name, question := range map[string][]byte{"nothing": nil, "HTML": []byte("<html>"), "a hello": wire.Hello{Chains: []wire.Held{}}.Encode()} {
		if _, err := u.Enrol(context.Background(), p.Owner(), question); dossier.Code(err) != "message.bad" {
			t.Errorf("%s: %v", name, err)
		}
	}
	q := newPC(t, u, 2)
	ticket := ticketFor(t, u, "Trạm Mẫu", 2)
	question := wire.Enrol{Ticket: ticket.Number, Chain: q.Genesis, Key: q.Owner(), Recipient: q.identity.Recipient()}.Prove(ticket.Secret, ticket.Key)
	_, err = u.Enrol(context.Background(), p.Owner(), question)
	wantCode(t, err, "message.bad") // shown over a connection with another key
}

func TestTicketIsLockedAfterTenWrongTries(t *testing.T) {
	u, _, _ := open(t)
	p := newPC(t, u, 1)
	ticket := ticketFor(t, u, "Trạm Mẫu", 1)
	wrong := ticket
	wrong.Secret[3]++
	for range wire.TicketTries {
		_, err := p.enrol(wrong)
		wantCode(t, err, "ticket.wrong")
	}
	_, err := p.enrol(wrong)
	wantCode(t, err, "ticket.locked")
	_, err = p.enrol(ticket)
	wantCode(t, err, "ticket.locked")

	used := ticketFor(t, u, "Trạm Mẫu", 1)
	if _, err := p.enrol(used); err != nil {
		t.Fatal(err)
	}
	wrong = used
	wrong.Secret[3]++
	for range wire.TicketTries + 1 {
		if _, err := newPC(t, u, 9).enrol(wrong); err == nil {
			t.Fatal("admitted with a wrong secret")
		}
	}
	if _, err := p.enrol(used); err != nil {
		t.Errorf("others' wrong tries locked out the PC that used it: %v", err)
	}
}

func TestDeskNumbersAreGivenOnce(t *testing.T) {
	u, c, _ := open(t)
	first, second := ticketFor(t, u, "Trạm Mẫu", 0), ticketFor(t, u, "Trạm Mẫu", 0)
	if first.Desk != 1 || second.Desk != 2 {
		t.Errorf("desks %d and %d", first.Desk, second.Desk)
	}
	twice := ticketFor(t, u, "Trạm Mẫu", 1) // another ticket for a desk that is only promised
	if _, err := newPC(t, u, 1).enrol(first); err != nil {
		t.Fatal(err)
	}
	_, err := newPC(t, u, 2).enrol(twice)
	wantCode(t, err, "ticket.desk-taken")
	_, err = u.Ticket(context.Background(), "Trạm Mẫu", 1, "")
	wantCode(t, err, "ticket.desk-taken")
	ticketFor(t, u, "Trạm Mẫu", 0)
	_, err = u.Ticket(context.Background(), "Trạm Mẫu", 0, "")
	wantCode(t, err, "ticket.no-desk")
	if other := ticketFor(t, u, "Trạm Khác", 0); other.Desk != 1 {
		t.Errorf("another station's desk %d", other.Desk)
	}
	c.set(c.now().Add(wire.TicketLife + time.Second)) // what was promised and not used is free again
	if again := ticketFor(t, u, "Trạm Mẫu", 0); again.Desk != 2 {
		t.Errorf("desk %d", again.Desk)
	}
	if err := u.Revoke(context.Background(), PC{Station: "Trạm Mẫu", Desk: 1}, nil, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := newPC(t, u, 3).enrol(ticketFor(t, u, "Trạm Mẫu", 1)); err != nil {
		t.Errorf("a PC in the place of a revoked one: %v", err)
	}
}

func TestTicketsAskedForWronglyAreRefused(t *testing.T) {
	u, _, _ := open(t)
	for _, x := range []struct {
		station string
		desk    int
		address string
		code    string
	}{{"", 1, "", "ticket.station"}, {" \n ", 1, "", "ticket.station"}, {"Trạm", 4, "", "desk.range"}, {"Trạm", -1, "", "desk.range"},
		{"Trạm", 1, "nowhere", "ticket.address"}} {
		_, err := u.Ticket(context.Background(), x.station, x.desk, x.address)
		wantCode(t, err, x.code)
	}
	if got, err := u.Ticket(context.Background(), "Trạm", 1, "https://10.0.0.1:9"); err != nil || got.Address != "10.0.0.1:9" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestUpstreamIsMadeOnceAndOpenedWhereItIs(t *testing.T) {
	ctx := context.Background()
	u, c, dir := open(t)
	w := World{Now: c.now}
	_, err := Create(ctx, dir, "Công an tỉnh Khác", "a:1", w)
	wantCode(t, err, "upstream.exists")
	_, err = Create(ctx, t.TempDir(), " ", "a:1", w)
	wantCode(t, err, "upstream.name")
	_, err = Create(ctx, t.TempDir(), "X", "a", w)
	wantCode(t, err, "ticket.address")
	_, err = Open(ctx, t.TempDir(), w)
	wantCode(t, err, "upstream.no-store")
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Create(ctx, file, "X", "a:1", w)
	wantCode(t, err, "upstream.folder")
	empty := t.TempDir()
	if err := os.WriteFile(filepath.Join(empty, FileName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Open(ctx, empty, w)
	wantCode(t, err, "upstream.no-store")
	if err := os.WriteFile(filepath.Join(empty, FileName), []byte("this is not a database, however long it may be ........................................................."), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Open(ctx, empty, w)
	wantCode(t, err, "upstream.damaged")
	odd := filepath.Join(t.TempDir(), "thư mục ?có #dấu % ẩn")
	o, err := Create(ctx, odd, "Mẫu", "a:1", w)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if info, err := os.Stat(filepath.Join(odd, FileName)); err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	beside, err := Open(ctx, dir, w)
	if err != nil || !beside.Key().Equal(u.Key()) || beside.Name != u.Name || beside.Address != u.Address {
		t.Fatalf("%+v, %v", beside, err)
	}
	defer beside.Close()
	if _, err := u.write.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	_, err = Open(ctx, dir, w)
	wantCode(t, err, "upstream.newer")
}
