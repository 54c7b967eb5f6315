package receive

import (
	"bytes"
	"context"
	"crypto/ed25519"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Push is TakeFrom for what comes over the line. There a PC speaks for itself; an envelope of somebody else's comes on a stick.
func (u *Upstream) Push(ctx context.Context, peer ed25519.PublicKey, body []byte) ([]byte, error) {
	e, err := wire.Read(bytes.NewReader(body))
	if err != nil {
		return nil, dossier.Invalid("", "envelope.bad")
	}
	if !e.Sender.Equal(peer) {
		return nil, dossier.Invalid("", "envelope.sender")
	}
	r, err := u.TakeFrom(ctx, e, true)
	if err != nil {
		return nil, err
	}
	return wire.EncodeReceipt(r), nil
}
