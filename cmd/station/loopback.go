package main

import (
	"context"
	"errors"
	"net"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/sync/receive"
)

// loopback is an upstream on this PC whose line can be cut and mended.
type loopback struct {
	ctx      context.Context
	upstream *receive.Upstream
	listener net.Listener
	address  string
	hangUp   context.CancelFunc
	done     chan error
}

func startUpstream(ctx context.Context, dir string, now func() time.Time) (*loopback, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	up := &loopback{ctx: ctx, listener: l, address: l.Addr().String()}
	if up.upstream, err = receive.Create(ctx, dir, "Công an tỉnh Mẫu", "https://"+up.address, receive.World{Now: now, Word: assets.Word}); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	up.serve(l)
	return up, nil
}

func (up *loopback) serve(l net.Listener) {
	ctx, hangUp := context.WithCancel(up.ctx)
	done := make(chan error, 1)
	go func() { done <- up.upstream.Serve(ctx, l) }()
	up.hangUp, up.done = hangUp, done
}

// cut ends the line; what upstream holds stays.
func (up *loopback) cut() error {
	if up.hangUp == nil {
		return nil
	}
	up.hangUp()
	up.hangUp = nil
	return <-up.done
}

// mend opens the line again at the same address.
func (up *loopback) mend() error {
	l, err := net.Listen("tcp", up.address)
	if err != nil {
		return err
	}
	up.serve(l)
	return nil
}

func (up *loopback) ticket(s dossier.Settings) (string, error) {
	t, err := up.upstream.Ticket(up.ctx, "Công an xã Thử Nghiệm", s.Desk, "")
	if err != nil {
		return "", err
	}
	return t.Text(), nil
}

func (up *loopback) decide(number string, d dossier.Decision) error {
	_, _, err := up.upstream.Decide(up.ctx, number, d)
	return err
}

func (up *loopback) verify() ([]string, error) {
	check, err := up.upstream.Verify(up.ctx)
	return check.Faults, err
}

func (up *loopback) close() error { return errors.Join(up.cut(), up.upstream.Close()) }
