package keyring

import (
	"encoding/binary"
	"math"
	"time"

	"golang.org/x/crypto/argon2"
)

// Cost is what trying one password costs, for us and for whoever guesses (argon2id, RFC 9106).
type Cost struct {
	Memory  uint32 `json:"memory"` // KiB
	Time    uint32 `json:"time"`   // passes
	Threads uint8  `json:"threads"`
}

// Floor is the least a password costs, on the slowest PC too.
var Floor = Cost{Memory: 19 << 10, Time: 2, Threads: 1}

// Most is the most a file can ask for: a PC of a station may have 4 GB, and whoever writes a file must not hang it.
var Most = Cost{Memory: 64 << 10, Time: 48, Threads: 4}

// lightCost is for tests, which unlock thousands of times.
var lightCost = Cost{Memory: 8, Time: 1, Threads: 1}

// unlockIn is how long a person waits for the desk to open.
const unlockIn = 700 * time.Millisecond

// Calibrate measures what a password may cost on this PC so that unlocking takes about 0.7 s: never below Floor, never above Most. It takes
// about a quarter of a second, more on a slow PC.
func Calibrate() Cost {
	return calibrate(func(c Cost) time.Duration {
		start := time.Now()
		c.derive([]byte("đo tốc độ"), make([]byte, saltSize))
		return time.Since(start)
	})
}

// calibrate asks how long one pass takes and reckons from there. Memory first, because it is what guessing machines lack.
func calibrate(measure func(Cost) time.Duration) Cost {
	for _, memory := range []uint32{Most.Memory, 32 << 10, Floor.Memory} {
		one := Cost{Memory: memory, Time: 1, Threads: 1}
		pass := max(min(measure(one), measure(one), measure(one)), time.Microsecond) // the fastest: the first finds the memory, any may be disturbed
		passes := math.Round(float64(unlockIn) / float64(pass))
		if passes >= float64(Floor.Time) {
			one.Time = uint32(min(passes, float64(Most.Time)))
			return one
		}
	}
	return Floor
}

// atLeast is the dearer of the two in each respect, within what is bearable.
func (c Cost) atLeast(floor Cost) Cost {
	return Cost{min(max(c.Memory, floor.Memory), Most.Memory), min(max(c.Time, floor.Time), Most.Time), min(max(c.Threads, floor.Threads), Most.Threads)}
}

// bearable tells whether a cost that stands in a file is one we would have written.
func (c Cost) bearable() bool { return c == c.atLeast(Floor) }

func (c Cost) derive(password, salt []byte) []byte {
	return argon2.IDKey(password, salt, c.Time, c.Memory, c.Threads, KeySize)
}

func (c Cost) bytes() []byte {
	out := binary.BigEndian.AppendUint32(nil, c.Memory)
	return append(binary.BigEndian.AppendUint32(out, c.Time), c.Threads)
}
