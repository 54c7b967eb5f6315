package exchange

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"strconv"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Enrol introduces this PC to the upstream that issued the ticket, and pins it. A PC that has been introduced takes another ticket of the
// same upstream: so it is let in again, and pins again, where one side's disk was put back to before a change of keys. It may be repeated
// with the same ticket until it succeeds: the same PC gets the same answer. Codes: ticket.format, ticket.other-key, ticket.wrong, ticket.used,
// ticket.expired, ticket.locked, ticket.desk-taken, enrol.already, enrol.device-known, and those of the line.
func (c *Client) Enrol(ctx context.Context, text string) (dossier.Upstream, error) {
	if err := c.take(ctx); err != nil {
		return dossier.Upstream{}, err
	}
	defer c.give()
	t, err := wire.ParseTicket(text)
	if err != nil {
		return dossier.Upstream{}, err
	}
	if _, err := c.mayEnrol(ctx, t); err != nil {
		return dossier.Upstream{}, err
	}
	question, err := c.asks(ctx, t)
	if err != nil {
		return dossier.Upstream{}, err
	}
	l, err := c.open(ctx, t.Address, true, func(key ed25519.PublicKey) bool { return wire.KeyHash(key) == t.Key })
	if err != nil {
		return dossier.Upstream{}, err
	}
	defer l.close()
	b, err := l.post(ctx, wire.PathEnrol, question, sha256.Size+wire.MaxMessage)
	if dossier.Code(err) == "line.wrong-key" { // than the ticket's: nobody is paired with it yet
		err = dossier.Invalid("ticket", "ticket.other-key")
	}
	if err != nil {
		return dossier.Upstream{}, err
	}
	a, err := wire.OpenEnrolAnswer(b, t, question)
	if err != nil {
		return dossier.Upstream{}, garbled(b)
	}
	return c.pin(ctx, t, a, garbled(b))
}

// mayEnrol tells whether a ticket may be used here, and whether this PC has been introduced before. Then it must be a ticket of the same
// upstream, under a key that upstream has or had by its own journal, and not the one used last. Code: enrol.already.
func (c *Client) mayEnrol(ctx context.Context, t wire.Ticket) (again bool, err error) {
	u, ok, err := c.Store.Upstream(ctx)
	if err != nil {
		return false, fmt.Errorf("read upstream: %w", err)
	}
	if !ok {
		return false, nil
	}
	used, err := c.Store.Secret(ctx, ticketSecret)
	if err != nil {
		return false, fmt.Errorf("read the last ticket: %w", err)
	}
	chains, err := c.Store.Chains(ctx)
	if err != nil {
		return false, fmt.Errorf("read chains: %w", err)
	}
	its := wire.KeyHash(u.Key) == t.Key
	for _, s := range chains {
		its = its || s.Device == u.Chain.Device && wire.KeyHash(s.Owner) == t.Key
	}
	if !its || string(used) == ticketName(t) {
		return false, dossier.Invalid("ticket", "enrol.already", "name", u.Name)
	}
	return true, nil
}

func ticketName(t wire.Ticket) string { return strconv.FormatUint(uint64(t.Number), 10) }

// pin keeps what an answer that proved itself says of upstream; foreign is what to say of one for another PC. Who is let in again has keys
// that one side had forgotten: those it was changing to are not gone on with.
func (c *Client) pin(ctx context.Context, t wire.Ticket, a wire.EnrolAnswer, foreign error) (dossier.Upstream, error) {
	none := dossier.Upstream{}
	again, err := c.mayEnrol(ctx, t)
	if err != nil {
		return none, err
	}
	if len(a.Admission) > 0 {
		if w, err := wire.OpenAdmission(a.Admission, a.Key); err != nil || w.Device != c.Store.Own().Device {
			return none, foreign
		}
		if err := c.Store.KeepSecret(ctx, AdmissionSecret, a.Admission); err != nil {
			return none, fmt.Errorf("keep the admission: %w", err)
		}
	}
	if again {
		if _, err := c.freshKeys(ctx); err != nil {
			return none, err
		}
	}
	u := dossier.Upstream{Name: a.Name, Address: "https://" + t.Address, Key: ed25519.PublicKey(a.Key), Recipient: a.Recipient, Chain: a.Chain,
		Station: a.Station, Desk: a.Desk, Before: a.Before}
	if u.Before > 0 {
		u.Since = dossier.DateOf(a.At)
	}
	if err := c.Store.Enrol(ctx, u); err != nil {
		return none, fmt.Errorf("keep upstream: %w", err)
	}
	if err := c.Store.KeepSecret(ctx, ticketSecret, []byte(ticketName(t))); err != nil {
		return none, fmt.Errorf("keep the last ticket: %w", err)
	}
	return u, nil
}

// asks is the question of enrolment. It names the PC's first journal, which all its lives rest on: the one that is written may be a later one, where
// a backup was restored before.
func (c *Client) asks(ctx context.Context, t wire.Ticket) ([]byte, error) {
	identity, err := c.firstIdentity(ctx)
	if err != nil {
		return nil, err
	}
	lives, err := c.Store.Lives(ctx)
	if err != nil {
		return nil, fmt.Errorf("read own lives: %w", err)
	}
	first := lives[0]
	e := wire.Enrol{Ticket: t.Number, Nonce: wire.NewNonce(), Chain: first.Genesis, Key: publicOf(c.Store.SigningKey()), Recipient: identity.Recipient()}
	if !bytes.Equal(first.Owner, e.Key) {
		e.First = first.Owner
	}
	return e.Prove(t.Secret, t.Key), nil
}

// firstIdentity is the key that opens what is sealed to this PC. It is kept before upstream hears of it: whatever upstream seals to it
// must be readable after any crash.
func (c *Client) firstIdentity(ctx context.Context) (wire.Identity, error) {
	secret, err := c.Store.Secret(ctx, IdentitySecret)
	if err != nil {
		return wire.Identity{}, fmt.Errorf("read the key that opens envelopes: %w", err)
	}
	if secret != nil {
		return wire.ParseIdentity(string(secret))
	}
	identity, err := wire.NewIdentity()
	if err != nil {
		return wire.Identity{}, err
	}
	if err := c.Store.KeepSecret(ctx, IdentitySecret, []byte(identity.Secret())); err != nil {
		return wire.Identity{}, fmt.Errorf("keep the key that opens envelopes: %w", err)
	}
	return identity, nil
}
