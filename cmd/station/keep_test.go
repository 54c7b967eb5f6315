package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// slowVault makes backups that take until they are let go or ended.
type slowVault struct {
	desk.Vault
	begun chan string
	free  chan struct{}
}

func newSlowVault() *slowVault {
	return &slowVault{begun: make(chan string, 8), free: make(chan struct{})}
}

func (v *slowVault) hold(ctx context.Context, what string) error {
	v.begun <- what
	select {
	case <-v.free:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (v *slowVault) Make(ctx context.Context, _ dossier.BackupPlace, _ bool, _ func(dossier.BackupStep)) (dossier.Backup, error) {
	return dossier.Backup{}, v.hold(ctx, "make")
}

func (v *slowVault) Prove(ctx context.Context, _ string, _ func(dossier.BackupStep)) (dossier.Backup, error) {
	return dossier.Backup{}, v.hold(ctx, "prove")
}

func TestBackupsAreMadeWhileNobodyIsAtTheDesk(t *testing.T) {
	k := newKeeper(&desk.Desk{Vault: newSlowVault()})
	defer k.wait()
	tries := 0
	k.auto = func(_ context.Context, closing bool, _ func(dossier.BackupStep)) error {
		if tries++; closing {
			t.Error("as if the window were closed")
		}
		return errors.New("disk")
	}
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for n, x := range []struct {
		after, since time.Duration
		locked       bool
		want         bool
	}{
		{0, 0, false, false},
		{time.Minute, quietFor - time.Second, false, false},
		{time.Minute, quietFor, false, true},
		{time.Minute, 3 * time.Minute, false, false}, // it has looked just now, and what failed would fail again
		{keepAgain, time.Second, false, false},       // somebody is back
		{time.Second, time.Second, true, true},       // and has locked
		{keepAgain - time.Second, time.Hour, true, false},
		{time.Second, time.Hour, true, true},
	} {
		now = now.Add(x.after)
		got, err := k.look(now, func(context.Context) (time.Duration, bool) { return x.since, x.locked })
		if got != x.want || (err != nil) != x.want {
			t.Errorf("%d: %v, %v", n, got, err)
		}
	}
	if tries != 3 {
		t.Errorf("%d times", tries)
	}
}

func TestAProgramThatClosesEndsWhatIsBeingMadeAndWaitsForIt(t *testing.T) {
	v := newSlowVault()
	d := &desk.Desk{Vault: v}
	k := newKeeper(d)
	ended := make(chan error, 2)
	go func() {
		_, err := d.Vault.Make(t.Context(), dossier.BackupPlace{}, true, nil)
		ended <- err
	}()
	<-v.begun
	go func() {
		_, err := d.Vault.Prove(t.Context(), "x", nil)
		ended <- err
	}()
	<-v.begun
	k.wait()
	for range 2 {
		select {
		case err := <-ended:
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("it goes on")
		}
	}
	if _, err := d.Vault.Make(t.Context(), dossier.BackupPlace{}, true, nil); !errors.Is(err, context.Canceled) || len(v.begun) != 0 {
		t.Errorf("one more is begun: %v", err)
	}
	if err := k.last(t.Context(), nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if made, _ := k.look(time.Now(), func(context.Context) (time.Duration, bool) { return time.Hour, true }); made {
		t.Error("one more is begun by itself")
	}
	k.run(nil, nil, nil) // ends at once
}

func TestWhoeverBeganABackupCanStopItAlone(t *testing.T) {
	v := newSlowVault()
	d := &desk.Desk{Vault: v}
	k := newKeeper(d)
	defer k.wait()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := d.Vault.Make(ctx, dossier.BackupPlace{}, true, nil)
		ended <- err
	}()
	<-v.begun
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(v.free)
	if _, err := d.Vault.Make(t.Context(), dossier.BackupPlace{}, true, nil); err != nil {
		t.Errorf("the keeper has ended with it: %v", err)
	}
}

func TestTheLastBackupCanBeSkipped(t *testing.T) {
	v := newSlowVault()
	d := &desk.Desk{Vault: v}
	k := newKeeper(d)
	defer k.wait()
	k.auto = func(ctx context.Context, closing bool, _ func(dossier.BackupStep)) error {
		if !closing {
			t.Error("proved, while somebody waits for the window to close")
		}
		_, err := d.Vault.Make(ctx, dossier.BackupPlace{}, false, nil)
		return err
	}
	ctx, skip := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- k.last(ctx, nil) }()
	<-v.begun
	skip()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
