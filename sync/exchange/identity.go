package exchange

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// opened are the keys that open envelopes, as they were read last: to read one costs as much as to open an envelope with it.
type opened struct {
	mu   sync.Mutex
	read map[string]wire.Identity
}

// parse reads what those secrets hold, and remembers no others.
func (o *opened) parse(secrets []string) ([]wire.Identity, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []wire.Identity
	read := map[string]wire.Identity{}
	for _, s := range secrets {
		i, ok := o.read[s]
		if !ok {
			var err error
			if i, err = wire.ParseIdentity(s); err != nil {
				return nil, err
			}
		}
		out, read[s] = append(out, i), i
	}
	o.read = read
	return out, nil
}

// identities are the keys that open what is sealed to this PC: the one it has now, those before, for what was sealed by who has not heard of a
// change or has forgotten it, and the next while it changes them.
func (c *Client) identities(ctx context.Context) ([]wire.Identity, error) {
	var secrets []string
	for _, name := range []string{IdentitySecret, formerSecret} {
		secret, err := c.Store.Secret(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("read the key that opens envelopes: %w", err)
		}
		secrets = append(secrets, strings.Fields(string(secret))...)
	}
	next, err := c.nextKeys(ctx)
	if err != nil {
		return nil, err
	}
	if next != nil {
		secrets = append(secrets, next.Identity)
	}
	if len(secrets) == 0 {
		return nil, dossier.Invalid("", "line.not-enrolled")
	}
	return c.opened.parse(secrets)
}
