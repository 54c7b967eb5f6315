package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

const (
	quietFor  = 2 * time.Minute  // nobody has touched the window for so long: now a backup troubles nobody
	keepAgain = 15 * time.Minute // from one look at what is due to the next
	keepLooks = 30 * time.Second
	keepAtEnd = 20 * time.Second // how long a window that is closed waits for its last backup
)

// keeper makes backups when nobody is at the desk. It stands between the desk and its vault, so that a program that closes ends what is being
// made, whoever began it, and lets it come to its end before the store is closed. Its methods may be called from anywhere.
type keeper struct {
	desk.Vault
	auto func(ctx context.Context, closing bool, told func(dossier.BackupStep)) error

	ctx  context.Context
	stop context.CancelFunc
	mu   sync.Mutex
	busy sync.WaitGroup

	looked time.Time // when it last looked at what is due
}

// newKeeper puts itself between a desk and its vault.
func newKeeper(d *desk.Desk) *keeper {
	k := &keeper{Vault: d.Vault, auto: d.AutoBackup}
	k.ctx, k.stop = context.WithCancel(context.Background())
	d.Vault = k
	return k
}

// begin is the start of something with a backup; end must be called after it, unless the keeper has ended already.
func (k *keeper) begin(ctx context.Context) (_ context.Context, end func(), err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.ctx.Err(); err != nil {
		return nil, nil, err
	}
	k.busy.Add(1)
	ctx, cancel := context.WithCancel(ctx)
	done := context.AfterFunc(k.ctx, cancel)
	return ctx, func() {
		done()
		cancel()
		k.busy.Done()
	}, nil
}

// Make is the vault's, ended with the keeper.
func (k *keeper) Make(ctx context.Context, place dossier.BackupPlace, prove bool, told func(dossier.BackupStep)) (dossier.Backup, error) {
	ctx, end, err := k.begin(ctx)
	if err != nil {
		return dossier.Backup{}, err
	}
	defer end()
	return k.Vault.Make(ctx, place, prove, told)
}

// Prove is the vault's, ended with the keeper.
func (k *keeper) Prove(ctx context.Context, path string, told func(dossier.BackupStep)) (dossier.Backup, error) {
	ctx, end, err := k.begin(ctx)
	if err != nil {
		return dossier.Backup{}, err
	}
	defer end()
	return k.Vault.Prove(ctx, path, told)
}

// Missing is the vault's, ended with the keeper.
func (k *keeper) Missing(ctx context.Context, path string) (dossier.Missing, error) {
	ctx, end, err := k.begin(ctx)
	if err != nil {
		return dossier.Missing{}, err
	}
	defer end()
	return k.Vault.Missing(ctx, path)
}

// run looks at every tick whether anybody is at the desk, and lets what is due be made while nobody is, until the keeper ends. quiet tells how
// long nobody has touched the window and whether it is locked; tried hears what came of each time.
func (k *keeper) run(ticks <-chan time.Time, quiet func(context.Context) (since time.Duration, locked bool), tried func(error)) {
	for {
		select {
		case <-k.ctx.Done():
			return
		case now := <-ticks:
			if made, err := k.look(now, quiet); made && k.ctx.Err() == nil {
				tried(err)
			}
		}
	}
}

// look makes what is due if nobody is at the desk and it has not looked for a while.
func (k *keeper) look(now time.Time, quiet func(context.Context) (since time.Duration, locked bool)) (made bool, err error) {
	if !k.looked.IsZero() && now.Sub(k.looked) < keepAgain {
		return false, nil
	}
	if since, locked := quiet(k.ctx); since < quietFor && !locked {
		return false, nil
	}
	ctx, end, err := k.begin(k.ctx)
	if err != nil {
		return false, err
	}
	defer end()
	k.looked = now
	return true, k.auto(ctx, false, nil)
}

// wait ends what is being made and lets it come to its end. Nothing is begun afterwards.
func (k *keeper) wait() {
	k.mu.Lock()
	k.stop()
	k.mu.Unlock()
	k.busy.Wait()
}

// last makes the backup of a window that is closed, as far as it comes in its time; stop ends it before.
func (k *keeper) last(stop context.Context, told func(dossier.BackupStep)) error {
	ctx, end, err := k.begin(stop)
	if err != nil {
		return err
	}
	defer end()
	ctx, cancel := context.WithTimeout(ctx, keepAtEnd)
	defer cancel()
	err = k.auto(ctx, true, told)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil // the next one is due at once
	}
	return err
}
