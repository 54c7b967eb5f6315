package exchange

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Enrol introduces this PC to the upstream that issued the ticket, and pins it. It may be repeated with the same ticket until it
// succeeds: the same PC gets the same answer. Codes: ticket.format, ticket.wrong, ticket.used, ticket.expired, ticket.locked,
// ticket.desk-taken, enrol.already, enrol.device-known, and those of the line.
func (c *Client) Enrol(ctx context.Context, text string) (dossier.Upstream, error) {
	if err := c.take(ctx); err != nil {
		return dossier.Upstream{}, err
	}
	defer c.give()
	t, err := wire.ParseTicket(text)
	if err != nil {
		return dossier.Upstream{}, err
	}
	if u, ok, err := c.Store.Upstream(ctx); err != nil {
		return dossier.Upstream{}, fmt.Errorf("read upstream: %w", err)
	} else if ok {
		return dossier.Upstream{}, dossier.Invalid("ticket", "enrol.already", "name", u.Name)
	}
	identity, err := c.firstIdentity(ctx)
	if err != nil {
		return dossier.Upstream{}, err
	}
	l, err := c.open(ctx, t.Address, true, func(key ed25519.PublicKey) bool { return wire.KeyHash(key) == t.Key })
	if err != nil {
		return dossier.Upstream{}, err
	}
	defer l.close()
	question := wire.Enrol{Ticket: t.Number, Nonce: wire.NewNonce(), Chain: c.Store.Own().Genesis,
		Key: c.Store.SigningKey().Public().(ed25519.PublicKey), Recipient: identity.Recipient()}.Prove(t.Secret, t.Key)
	b, err := l.post(ctx, wire.PathEnrol, question, sha256.Size+wire.MaxMessage)
	if err != nil {
		return dossier.Upstream{}, err
	}
	a, err := wire.OpenEnrolAnswer(b, t, question)
	if err != nil {
		return dossier.Upstream{}, garbled(b)
	}
	if len(a.Admission) > 0 {
		if w, err := wire.OpenAdmission(a.Admission, a.Key); err != nil || w.Device != c.Store.Own().Device {
			return dossier.Upstream{}, garbled(b)
		}
		if err := c.Store.KeepSecret(ctx, AdmissionSecret, a.Admission); err != nil {
			return dossier.Upstream{}, fmt.Errorf("keep the admission: %w", err)
		}
	}
	u := dossier.Upstream{Name: a.Name, Address: "https://" + t.Address, Key: ed25519.PublicKey(a.Key), Recipient: a.Recipient, Chain: a.Chain,
		Station: a.Station, Desk: a.Desk}
	if err := c.Store.Enrol(ctx, u); err != nil {
		return dossier.Upstream{}, fmt.Errorf("keep upstream: %w", err)
	}
	return u, nil
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
