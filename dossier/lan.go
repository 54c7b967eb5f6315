package dossier

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// LANPort is where the PCs of a station look for each other, unless an address names another port.
const LANPort = 47218

// MaxLAN is how many addresses may be typed: a station has three desks, and a PC may have more than one network.
const MaxLAN = 8

// ParseLAN reads the addresses of a station's other PCs as they are typed, with spaces, commas or semicolons between them: a name or an IP
// address, with a port or without. Each comes back once, as host:port.
func ParseLAN(typed string) ([]string, error) {
	var out []string
	var ps Problems
	for _, one := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;\u00a0", r) }) {
		address, ok := lanAddress(one)
		switch {
		case !ok:
			ps = append(ps, Invalid("lan", "lan.address", "address", one)...)
		case !slices.Contains(out, address):
			out = append(out, address)
		}
	}
	if len(out) > MaxLAN {
		ps = append(ps, Invalid("lan", "lan.many", "max", strconv.Itoa(MaxLAN))...)
	}
	if len(ps) > 0 {
		return nil, ps[:1]
	}
	return out, nil
}

// lanAddress is one address as host:port.
func lanAddress(typed string) (string, bool) {
	bare := typed
	if strings.HasPrefix(typed, "[") && strings.HasSuffix(typed, "]") { // IPv6 without a port
		bare = typed[1 : len(typed)-1]
	}
	if ip, err := netip.ParseAddr(bare); err == nil {
		return net.JoinHostPort(ip.String(), strconv.Itoa(LANPort)), usable(ip)
	}
	host, port, err := net.SplitHostPort(typed)
	if err != nil {
		host, port = typed, strconv.Itoa(LANPort)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", false
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return net.JoinHostPort(ip.String(), port), usable(ip)
	}
	return net.JoinHostPort(strings.ToLower(host), port), isHost(host)
}

// usable tells whether a PC can be called at that address.
func usable(ip netip.Addr) bool { return !ip.IsUnspecified() && !ip.IsMulticast() }

// isHost tells whether it can be the name of a PC. What ends in figures is an IP address that is wrong.
func isHost(name string) bool {
	labels := strings.Split(strings.TrimSuffix(name, "."), ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || strings.Trim(strings.ToLower(l), "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return len(name) <= 253 && strings.Trim(labels[len(labels)-1], "0123456789") != ""
}
