package exchange

import (
	"bytes"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/dossier/dossiertest"
)

// Anybody on the station's network can send a packet to the port of beacons.
func FuzzBeacon(f *testing.F) {
	whole := beacon(dossier.DeviceID{1, 2, 3}, LANPort)
	for _, b := range [][]byte{whole, whole[:len(whole)-1], append(bytes.Clone(whole), 0), beacon(dossier.DeviceID{}, 0), []byte("TNLN\x02"), nil} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		dossiertest.Answered(t, func() {
			name, port, ok := parseBeacon(b)
			if ok && (port < 1 || port > 65535 || !bytes.Equal(b, append(append(bytes.Clone(beaconMagic), name[:]...), byte(port>>8), byte(port)))) {
				t.Fatalf("read in a form it is not written in: %x, port %d", b, port)
			}
		})
	})
}
