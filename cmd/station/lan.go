package main

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/sync/exchange"
)

// lan lets the PCs of the station know what each of them received, over the station's own network, whether or not there is a line upward.
type lan struct {
	store *store.Store
	peers *exchange.Peers
	door  atomic.Bool // it is to be open, and is not
}

// newLAN is told of what came by heard, and of what went wrong by failed, from anywhere. What a sister hands on of upstream's rules holds at
// once, as if it had come from above.
func newLAN(w *world, heard func(dossier.Sent), failed func(error)) *lan {
	l, c := &lan{store: w.store}, exchange.New(w.store)
	c.Idle = 5 * time.Second // a sister is near: who is that slow is not there
	c.Known = w.known
	l.peers = &exchange.Peers{Client: c, Typed: l.typed, Fault: failed, Heard: func(sent dossier.Sent) {
		if err := w.takePacks(context.Background()); err != nil {
			failed(err)
		}
		heard(sent)
	}}
	return l
}

// shut tells whether sisters cannot come in, though this PC would let them.
func (l *lan) shut() bool { return l.door.Load() }

// typed are the addresses the keeper typed in, for networks that carry no beacons.
func (l *lan) typed(ctx context.Context) []string {
	s, _, err := l.store.Settings(ctx)
	if err != nil {
		return nil // the next round reads them again
	}
	return s.LAN
}

// enrolledEvery is how often is looked whether this PC has been enrolled: before, it has no sisters, and opens no port.
const enrolledEvery = 5 * time.Second

// run serves sisters and looks for them until ctx ends.
func (l *lan) run(ctx context.Context) {
	for {
		if _, ok, err := l.store.Upstream(ctx); err == nil && ok {
			break
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(enrolledEvery):
		}
	}
	var all sync.WaitGroup
	defer all.Wait()
	if door, err := listenDoor(); err != nil { // without one this PC still asks its sisters
		l.fault(err)
	} else {
		all.Go(func() { l.fault(l.peers.Serve(ctx, door)) })
	}
	l.peers.Run(ctx)
}

// fault says what keeps sisters from coming in.
func (l *lan) fault(err error) {
	if err != nil {
		l.door.Store(true)
		l.peers.Fault(err)
	}
}

// listenDoor is openDoor; tests put failures here.
var listenDoor = openDoor

// openDoor listens where sisters look, or where this PC has room: then they find it by its beacons.
func openDoor() (net.Listener, error) {
	door, err := net.Listen("tcp", fmt.Sprintf(":%d", exchange.LANPort))
	if err != nil {
		door, err = net.Listen("tcp", ":0")
	}
	if err != nil {
		return nil, fmt.Errorf("listen for sister PCs: %w", err)
	}
	return door, nil
}
