package exchange

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"tiepnhan/dossier"
)

// LANPort is where PCs of a station look for each other: beacons over UDP, and the calls over TCP unless another program has it there.
const LANPort = dossier.LANPort

// How often things happen on the station's network by themselves.
const (
	beaconEvery = 15 * time.Second
	visitEvery  = time.Minute
	lookEvery   = time.Second // whether something new was written here
	rosterEvery = 10 * time.Second
	pokeEvery   = 5 * time.Second // an exchange because of a beacon: anybody can send one
)

// A beacon says nothing that can be read by whoever does not know the station's PCs already.
//
//	"TNLN" 1; SHA-256 of "tiepnhan/beacon/1" and the device; TCP port: 2 bytes, big-endian
const beaconSize = 5 + sha256.Size + 2

var beaconMagic = []byte("TNLN\x01")

func beaconName(device dossier.DeviceID) dossier.Hash {
	return sha256.Sum256(append([]byte("tiepnhan/beacon/1\x00"), device[:]...))
}

func beacon(device dossier.DeviceID, port int) []byte {
	name := beaconName(device)
	b := append(append(make([]byte, 0, beaconSize), beaconMagic...), name[:]...)
	return binary.BigEndian.AppendUint16(b, uint16(port))
}

// parseBeacon reads a beacon; ok is false for anything else.
func parseBeacon(b []byte) (name dossier.Hash, port int, ok bool) {
	if len(b) != beaconSize || !bytes.HasPrefix(b, beaconMagic) {
		return name, 0, false
	}
	b = b[len(beaconMagic):]
	port = int(binary.BigEndian.Uint16(b[len(name):]))
	return dossier.Hash(b[:len(name)]), port, port > 0
}

// portNumber is where this PC serves; 0 while it does not.
type portNumber struct{ atomic.Int64 }

func (p *portNumber) set(port int) { p.Store(int64(port)) }

// neighbours are the addresses sisters were heard from, a few of each: a beacon proves nothing, the call to it does.
type neighbours struct {
	mu   sync.Mutex
	at   map[dossier.DeviceID][]string // the latest first, before them where she answered
	good map[dossier.DeviceID]string   // where she answered the last time she was called; no beacon takes its place
}

const mostAddresses = 3

// place is where somebody may be: a sister at the first of her addresses that answers, or whoever is at an address that was typed.
type place struct {
	of        dossier.DeviceID // zero for any of the station
	addresses []string
}

func first(address string, before []string) []string {
	return append([]string{address}, slices.DeleteFunc(slices.Clone(before), func(a string) bool { return a == address })...)
}

// heard is true for an address that is new.
func (n *neighbours) heard(device dossier.DeviceID, address string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.at == nil {
		n.at, n.good = map[dossier.DeviceID][]string{}, map[dossier.DeviceID]string{}
	}
	had := n.at[device]
	known := slices.Contains(had, address)
	now := first(address, had)
	if good := n.good[device]; good != "" {
		now = first(good, now)
	}
	n.at[device] = now[:min(len(now), mostAddresses)]
	return !known
}

// tried keeps whether a sister answered where she was heard from.
func (n *neighbours) tried(device dossier.DeviceID, address string, answered bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case answered && slices.Contains(n.at[device], address):
		n.good[device], n.at[device] = address, first(address, n.at[device])
	case !answered && n.good[device] == address:
		delete(n.good, device)
	}
}

func (n *neighbours) all() (out []place) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for device, addresses := range n.at {
		out = append(out, place{device, slices.Clone(addresses)})
	}
	return out
}

// Exchange makes one exchange with the sister at an address, host:port. Codes: those of the line, lan.address, lan.stranger.
func (p *Peers) Exchange(ctx context.Context, address string) (dossier.Sent, error) {
	return p.exchange(ctx, address, dossier.DeviceID{})
}

// exchange is Exchange with that sister only; with any for zero.
func (p *Peers) exchange(ctx context.Context, address string, of dossier.DeviceID) (dossier.Sent, error) {
	var sent dossier.Sent
	c := p.Client
	host, port, err := net.SplitHostPort(address)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || host == "" || n < 1 || n > 65535 {
		return sent, dossier.Invalid("lan", "lan.address", "address", address)
	}
	u, ok, err := c.Store.Upstream(ctx)
	if err != nil {
		return sent, fmt.Errorf("read upstream: %w", err)
	}
	if !ok {
		return sent, dossier.Invalid("", "line.not-enrolled")
	}
	identities, err := c.identities(ctx)
	if err != nil {
		return sent, err
	}
	roster, err := c.roster(ctx)
	if err != nil {
		return sent, err
	}
	s := &sister{}
	s.line, err = c.open(ctx, address, false, func(key ed25519.PublicKey) bool {
		for _, a := range roster {
			if a.Key.Equal(key) && (of.IsZero() || a.Device == of) {
				s.shown(a)
				return true
			}
		}
		return false
	})
	if err != nil {
		return sent, err
	}
	defer s.line.close()
	began := c.Known.now()
	v := visit{store: c.Store, other: s, u: u, identities: identities, roster: roster, settled: c.settled,
		told: func(dossier.SendStep) {}, sent: &sent}
	err = v.run(ctx)
	c.Known.heard(ctx, s.is().Device, began, v.answer.Chains)
	if code := dossier.Code(err); code == "line.wrong-key" || code == "line.unknown-device" {
		err = dossier.Invalid("", "lan.stranger")
	}
	return sent, err
}

// Poke makes an exchange with all sisters at once.
func (p *Peers) Poke() {
	select {
	case p.wake() <- struct{}{}:
	default: // it will look anyway
	}
}

func (p *Peers) wake() chan struct{} {
	p.once.Do(func() { p.woken = make(chan struct{}, 1) })
	return p.woken
}

// Run finds sisters and makes an exchange with each every minute, and at once when something new was written here or a new one was heard.
// It ends with ctx, and all that it began with it. Where beacons cannot be had, only the typed addresses are tried.
func (p *Peers) Run(ctx context.Context) {
	listen := p.Listen
	if listen == nil {
		listen = func() (net.PacketConn, error) { return listenBeacons(LANPort) }
	}
	var all sync.WaitGroup
	defer all.Wait()
	if conn, err := listen(); err == nil {
		defer conn.Close() // before all is waited for: who hears is waiting for the next packet
		came := make(chan struct{}, 1)
		all.Go(func() { p.hear(ctx, conn, came) })
		all.Go(func() { p.shout(ctx, conn, came) })
	}
	look, visit := time.NewTicker(lookEvery), time.NewTicker(visitEvery)
	defer look.Stop()
	defer visit.Stop()
	var told dossier.Head
	for {
		told = p.Client.Store.Own().Head
		p.round(ctx)
		for waiting := true; waiting; {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
				waiting = p.Client.Store.Own().Head == told
			case <-visit.C:
				waiting = false
			case <-p.wake():
				waiting = false
			}
		}
	}
}

// round makes an exchange with each sister that is known of, all at a time. Of several addresses of one the first that answers is taken.
func (p *Peers) round(ctx context.Context) {
	places := p.seen.all()
	if p.Typed != nil {
		for _, a := range p.Typed(ctx) {
			places = append(places, place{addresses: []string{a}})
		}
	}
	var all sync.WaitGroup
	for _, at := range places {
		all.Go(func() {
			for _, a := range at.addresses {
				sent, err := p.exchange(ctx, a, at.of)
				p.heard(sent)
				if !at.of.IsZero() {
					p.seen.tried(at.of, a, err == nil)
				}
				if err == nil || ctx.Err() != nil {
					return
				}
				if dossier.Code(err) == "" && !errors.Is(err, context.Canceled) && p.Fault != nil {
					p.Fault(err)
				}
			}
		})
	}
	all.Wait()
}

// hear takes beacons in, and tells when a sister came that was not known of. It reads one packet at a time and keeps nothing of whoever is not a PC of the station.
func (p *Peers) hear(ctx context.Context, conn net.PacketConn, came chan<- struct{}) {
	b := make([]byte, beaconSize+1)
	var names map[dossier.Hash]dossier.DeviceID
	var read, poked time.Time
	for ctx.Err() == nil {
		n, from, err := conn.ReadFrom(b)
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			// On Windows a packet that is too long, or one of ours that nobody took, is an error of the next read.
			select {
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
			continue
		}
		name, port, ok := parseBeacon(b[:n])
		at, udp := from.(*net.UDPAddr)
		if !ok || !udp || name == beaconName(p.Client.Store.Own().Device) {
			continue
		}
		if names == nil || time.Since(read) > rosterEvery { // however many packets come
			roster, err := p.Client.Store.Roster(ctx)
			if err != nil {
				continue // it comes again
			}
			names, read = map[dossier.Hash]dossier.DeviceID{}, time.Now()
			for _, a := range roster {
				names[beaconName(a.Device)] = a.Device
			}
		}
		device, ok := names[name]
		if ok && p.seen.heard(device, net.JoinHostPort(at.IP.String(), strconv.Itoa(port))) && time.Since(poked) > pokeEvery {
			poked = time.Now()
			p.Poke()
			select {
			case came <- struct{}{}:
			default:
			}
		}
	}
}

// shout sends beacons while this PC serves, and one at once for a sister that came: she has not heard the last.
func (p *Peers) shout(ctx context.Context, conn net.PacketConn, came <-chan struct{}) {
	send := p.Shout
	if send == nil {
		send = broadcast
	}
	for {
		wait := lookEvery
		if port := int(p.port.Load()); port > 0 {
			_ = send(conn, beacon(p.Client.Store.Own().Device, port)) // a network that is down comes up again
			wait = beaconEvery
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-came:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// listenBeacons opens the port on all of this PC's networks.
func listenBeacons(port int) (net.PacketConn, error) {
	conn, err := net.ListenPacket("udp4", ":"+strconv.Itoa(port))
	if err != nil {
		return nil, fmt.Errorf("listen for sister PCs: %w", err)
	}
	return conn, nil
}

// broadcast sends a packet on each network this PC is on. Go lets a UDP socket broadcast by itself.
func broadcast(conn net.PacketConn, packet []byte) error {
	networks, err := net.Interfaces()
	if err != nil {
		return fmt.Errorf("list networks: %w", err)
	}
	var all error
	for _, n := range networks {
		if n.Flags&(net.FlagUp|net.FlagBroadcast) != net.FlagUp|net.FlagBroadcast || n.Flags&net.FlagLoopback != 0 {
			continue
		}
		addresses, err := n.Addrs()
		if err != nil {
			all = errors.Join(all, err)
			continue
		}
		for _, a := range addresses {
			if to := lastOf(a); to != nil {
				if _, err := conn.WriteTo(packet, &net.UDPAddr{IP: to, Port: LANPort}); err != nil {
					all = errors.Join(all, err)
				}
			}
		}
	}
	return all
}

// lastOf is the broadcast address of an IPv4 network, nil for any other.
func lastOf(a net.Addr) net.IP {
	n, ok := a.(*net.IPNet)
	if !ok {
		return nil
	}
	ip, mask := n.IP.To4(), n.Mask
	if ip == nil || len(mask) != net.IPv4len && len(mask) != net.IPv6len {
		return nil
	}
	mask = mask[len(mask)-net.IPv4len:]
	if ones, _ := mask.Size(); ones > 30 {
		return nil // a point-to-point link has none
	}
	out := make(net.IP, net.IPv4len)
	for i := range out {
		out[i] = ip[i] | ^mask[i]
	}
	return out
}
