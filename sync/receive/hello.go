package receive

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Hello answers what upstream holds of the asking PC's station, signed over the question, with the latest receipt for the PC's own journal.
// Codes: message.bad, line.unknown-device, line.revoked.
func (u *Upstream) Hello(ctx context.Context, peer ed25519.PublicKey, question []byte) ([]byte, error) {
	d, err := admitted(ctx, u.read, peer)
	if err != nil {
		return nil, told("answer hello", err)
	}
	if _, err := wire.ParseHello(question); err != nil {
		return nil, dossier.Invalid("", "message.bad")
	}
	answer := wire.HelloAnswer{Name: u.Name, At: u.Now(), Chains: []wire.Held{}}
	err = u.look(ctx, "answer hello", func(tx *sql.Tx) error {
		chains, err := chainsOf(ctx, tx, d.station)
		if err != nil {
			return err
		}
		for _, c := range chains {
			answer.Chains = append(answer.Chains, c.Held)
			if c.Device != d.id {
				continue
			}
			r, err := latestReceipt(ctx, tx, c, d.name)
			if err == nil {
				answer.Receipt = &r
			} else if !none(err) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer.Sign(question, u.key), nil
}

// look reads at one moment: what it sees belongs together.
func (u *Upstream) look(ctx context.Context, doing string, do func(*sql.Tx) error) error {
	tx, err := u.read.BeginTx(ctx, nil)
	if err != nil {
		return told(doing, err)
	}
	return told(doing, errors.Join(do(tx), undo(tx)))
}
