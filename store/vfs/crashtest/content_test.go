package crashtest

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

func TestContentIsWhatAFileHoldsAndCopiesDoNotMeet(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	type pair struct {
		is   Content
		want []byte
	}
	all := []*pair{{}}
	for range 3000 {
		p := all[r.IntN(len(all))]
		switch r.IntN(6) {
		case 0:
			size := r.IntN(100_000)
			p.is.cut(int64(size))
			p.want = append(p.want[:min(size, len(p.want)):min(size, len(p.want))], make([]byte, max(0, size-len(p.want)))...)
		case 1:
			all = append(all, &pair{p.is.Copy(), bytes.Clone(p.want)})
			if len(all) > 5 {
				all = all[1:]
			}
		case 2:
			*p = pair{ContentOf(p.want), p.want}
		default:
			off, data := r.IntN(120_000), make([]byte, r.IntN(40_000))
			for i := range data {
				data[i] = byte(r.IntN(256))
			}
			p.is.write(data, int64(off))
			if end := off + len(data); end > len(p.want) {
				p.want = append(p.want, make([]byte, end-len(p.want))...)
			}
			copy(p.want[off:], data)
		}
		off, buf := r.IntN(130_000), make([]byte, 5000)
		n := p.is.read(buf, int64(off))
		if part := p.want[min(off, len(p.want)):min(off+5000, len(p.want))]; !bytes.Equal(buf[:n], part) {
			t.Fatalf("at %d there are %d bytes, not these %d", off, n, len(part))
		}
		for i, p := range all {
			if !bytes.Equal(p.is.Bytes(), p.want) {
				t.Fatalf("copy %d holds something else", i)
			}
		}
	}
}
