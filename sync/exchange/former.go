package exchange

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"tiepnhan/dossier"
)

// Where one side's disk was put back to before a change of keys, the two sides know different keys of this PC. What a key that is known can
// prove is mended here; a key that was left opens nothing, and is for a person: see docs/adr/0007.

// under is this PC's file under another of its keys.
type under struct {
	Store
	key ed25519.PrivateKey
}

func (u under) SigningKey() ed25519.PrivateKey { return u.key }

// as is this client, speaking with another key of this PC's.
func (c *Client) as(key ed25519.PrivateKey) *Client {
	other := *c
	other.Store = under{c.Store, key}
	return &other
}

// introduce makes an upstream that was restored to before this PC changed its keys know the one it has now. The latest former key that
// upstream still knows speaks once more and hands over the lives under it: their journal names the key that follows, and so on to the
// last. It is false where upstream knows none of them.
func (c *Client) introduce(ctx context.Context, told func(dossier.SendStep), sent *dossier.Sent) (bool, error) {
	keys, err := c.Store.FormerKeys(ctx)
	if err != nil {
		return false, fmt.Errorf("read former keys: %w", err)
	}
	for i := len(keys) - 1; i >= 0; i-- {
		err := c.as(keys[i]).handOver(ctx, told, sent)
		if dossier.Code(err) == "line.unknown-device" {
			continue
		}
		for _, later := range keys[i+1:] {
			if err == nil {
				err = c.as(later).handOver(ctx, told, sent)
			}
		}
		return err == nil, err
	}
	return false, nil
}

// handOver gives upstream back what it lost of its own words, then the lives that were written under the key this client speaks with.
func (c *Client) handOver(ctx context.Context, told func(dossier.SendStep), sent *dossier.Sent) error {
	return c.above(ctx, told, sent, func(v *visit, up *upward) error {
		v.handed = map[dossier.Head]bool{}
		err := v.greet(ctx)
		if dossier.Code(err) == "line.unknown-device" {
			back, failed := up.comeBack(ctx)
			if !back && lost(failed) {
				return failed
			}
			if back {
				err = v.greet(ctx)
			}
		}
		for again := err == nil; again; {
			if again, err = v.handBack(ctx); err == nil && again {
				err = v.greet(ctx)
			}
			again = again && err == nil
		}
		if err != nil {
			return err
		}
		v.healing()
		lives, err := c.Store.Lives(ctx)
		if err != nil {
			return fmt.Errorf("read own lives: %w", err)
		}
		for _, life := range lives {
			if !publicOf(c.Store.SigningKey()).Equal(ed25519.PublicKey(life.Owner)) {
				continue
			}
			if err := v.pushChain(ctx, life, nil); err != nil && !outdated(err) {
				return err
			}
		}
		return nil
	})
}

// catchUp goes on to the keys that were being changed to when this disk's image was made, if upstream knows them by now. It is false where
// there are none, or they were left too.
func (c *Client) catchUp(ctx context.Context, told func(dossier.SendStep), sent *dossier.Sent) (bool, error) {
	next, err := c.nextKeys(ctx)
	if err != nil || next == nil || publicOf(next.signing()).Equal(publicOf(c.Store.SigningKey())) {
		return false, err
	}
	err = c.as(next.signing()).above(ctx, told, sent, func(v *visit, _ *upward) error { return v.greet(ctx) })
	switch code := dossier.Code(err); {
	case code == "line.unknown-device" || code == "line.former-key":
		return false, nil
	case err != nil:
		return false, err
	}
	healed, err := c.Store.Rotate(ctx, next.signing())
	if err != nil {
		return false, fmt.Errorf("begin a life under the new key: %w", err)
	}
	sent.Healed = append(sent.Healed, healed)
	return true, c.changeIdentity(ctx, next.Identity)
}

// agree changes the keys once more where this PC's journal names others as its last than it has: a change was cut off, or it was made by a
// later state of this disk, and only the journal came back. Until then its sisters would seal to a key that nobody has.
func (c *Client) agree(ctx context.Context, told func(dossier.SendStep), sent *dossier.Sent) error {
	roster, err := c.Store.Roster(ctx)
	if err != nil {
		return fmt.Errorf("read the roster: %w", err)
	}
	own := c.Store.Own().Device
	for _, a := range roster {
		if a.Device == own && !a.Key.Equal(publicOf(c.Store.SigningKey())) {
			return c.rotate(ctx, told, sent)
		}
	}
	return nil
}
