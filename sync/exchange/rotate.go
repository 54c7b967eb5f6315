package exchange

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// newKeys are the keys this PC changes to, kept before anybody hears of them: whatever is sealed to them must be readable after any crash.
type newKeys struct {
	Seed     []byte          `json:"seed"` // Ed25519
	Identity string          `json:"identity"`
	Event    dossier.EventID `json:"event"` // the KeySet that says so
	At       time.Time       `json:"at"`
}

func (k newKeys) signing() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(k.Seed) }

// nextKeys are those being changed to, nil if none are.
func (c *Client) nextKeys(ctx context.Context) (*newKeys, error) {
	secret, err := c.Store.Secret(ctx, nextSecret)
	if err != nil {
		return nil, fmt.Errorf("read the next keys: %w", err)
	}
	if secret == nil {
		return nil, nil
	}
	var k newKeys
	if err := json.Unmarshal(secret, &k); err != nil || len(k.Seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("read the next keys: damaged")
	}
	return &k, nil
}

// Rotate changes this PC's keys. The journal says which come next, under the key that is known; when upstream has signed for that, a new life
// begins under them. It may be cut off anywhere and called again. Codes: those of Send, and keys.not-receipted.
func (c *Client) Rotate(ctx context.Context) (dossier.Sent, error) {
	var sent dossier.Sent
	if err := c.take(ctx); err != nil {
		return sent, err
	}
	defer c.give()
	if _, ok, err := c.Store.Upstream(ctx); err != nil {
		return sent, fmt.Errorf("read upstream: %w", err)
	} else if !ok {
		return sent, dossier.Invalid("", "line.not-enrolled")
	}
	return sent, c.rotate(ctx, func(dossier.SendStep) {}, &sent)
}

func (c *Client) rotate(ctx context.Context, told func(dossier.SendStep), sent *dossier.Sent) error {
	next, err := c.begin(ctx)
	if err != nil {
		return err
	}
	if !publicOf(next.signing()).Equal(publicOf(c.Store.SigningKey())) {
		identity, err := wire.ParseIdentity(next.Identity)
		if err != nil {
			return err
		}
		body, err := json.Marshal(dossier.NewKey{Key: publicOf(next.signing()), Recipient: identity.Recipient()})
		if err != nil {
			return fmt.Errorf("name the next keys: %w", err)
		}
		// One that is already kept is not added again.
		if err := c.Store.Record(ctx, dossier.Event{ID: next.Event, Kind: dossier.KeySet, At: next.At, Body: body}); err != nil {
			return fmt.Errorf("name the next keys: %w", err)
		}
		said := c.Store.Own().Head
		if err := c.send(ctx, told, sent); err != nil {
			return err
		}
		own := c.Store.Own()
		if own.Receipt == nil || own.Chain == said.Chain && own.Receipt.Seq < said.Seq {
			return dossier.Invalid("", "keys.not-receipted")
		}
		healed, err := c.Store.Rotate(ctx, next.signing())
		if err != nil {
			return fmt.Errorf("begin a life under the new key: %w", err)
		}
		sent.Healed = append(sent.Healed, healed)
	}
	if err := c.changeIdentity(ctx, next.Identity); err != nil {
		return err
	}
	return c.send(ctx, told, sent)
}

// begin makes the next keys, or goes on with those that were begun.
func (c *Client) begin(ctx context.Context) (newKeys, error) {
	begun, err := c.nextKeys(ctx)
	if err != nil {
		return newKeys{}, err
	}
	if begun != nil {
		now, err := c.Store.Secret(ctx, IdentitySecret)
		if err != nil {
			return newKeys{}, fmt.Errorf("read the key that opens envelopes: %w", err)
		}
		if !publicOf(begun.signing()).Equal(publicOf(c.Store.SigningKey())) || string(now) != begun.Identity {
			return *begun, nil
		}
	}
	return c.freshKeys(ctx)
}

// freshKeys makes the next keys anew, and keeps them.
func (c *Client) freshKeys(ctx context.Context) (newKeys, error) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return newKeys{}, fmt.Errorf("make a key: %w", err)
	}
	identity, err := wire.NewIdentity()
	if err != nil {
		return newKeys{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return newKeys{}, fmt.Errorf("make an id: %w", err)
	}
	next := newKeys{Seed: key.Seed(), Identity: identity.Secret(), Event: dossier.EventID(id), At: time.Now().UTC().Truncate(time.Millisecond)}
	secret, err := json.Marshal(next)
	if err != nil {
		return newKeys{}, fmt.Errorf("keep the next keys: %w", err)
	}
	if err := c.Store.KeepSecret(ctx, nextSecret, secret); err != nil {
		return newKeys{}, fmt.Errorf("keep the next keys: %w", err)
	}
	return next, nil
}

// mostFormer is how many keys that open envelopes are kept after they were left: one a year for a PC's whole life.
const mostFormer = 16

func (c *Client) keepFormer(ctx context.Context, left string) error {
	kept, err := c.Store.Secret(ctx, formerSecret)
	if err != nil {
		return fmt.Errorf("read the keys that opened envelopes: %w", err)
	}
	all := []string{left}
	for _, one := range strings.Fields(string(kept)) {
		if one != left && len(all) < mostFormer {
			all = append(all, one)
		}
	}
	if err := c.Store.KeepSecret(ctx, formerSecret, []byte(strings.Join(all, "\n"))); err != nil {
		return fmt.Errorf("keep the key that opens envelopes: %w", err)
	}
	return nil
}

// changeIdentity makes the key that opens envelopes the new one; what was sealed to the one before can still be read.
func (c *Client) changeIdentity(ctx context.Context, next string) error {
	now, err := c.Store.Secret(ctx, IdentitySecret)
	if err != nil {
		return fmt.Errorf("read the key that opens envelopes: %w", err)
	}
	if string(now) == next {
		return nil
	}
	if now != nil {
		if err := c.keepFormer(ctx, string(now)); err != nil {
			return err
		}
	}
	if err := c.Store.KeepSecret(ctx, IdentitySecret, []byte(next)); err != nil {
		return fmt.Errorf("keep the key that opens envelopes: %w", err)
	}
	return nil
}
