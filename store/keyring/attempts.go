package keyring

import (
	"encoding/hex"
	"encoding/json"
	"path/filepath"
	"strconv"
	"time"

	"tiepnhan/dossier"
)

// How many wrong passwords are free, and how long one waits after more: 30 s, then twice as long each time, up to 15 minutes. A wait stands
// in the way of guessing at the desk only; whoever has the files guesses elsewhere, against argon2id and this PC's secret.
const (
	freePerName = 5
	freeOverall = 15 // of all names together, so that nobody tries one password on every name
	firstWait   = 30 * time.Second
	longestWait = 15 * time.Minute
	maxNames    = 2 * MaxUsers // names whose attempts are remembered, real ones and others
)

// attemptsName is where attempts are counted: by the hashes of the names as in the ring, real ones and others alike.
const attemptsName = "dang-nhap.json"

const maxAttempts = 64 << 10

// tally are the attempts as they are written.
type tally struct {
	Ring  ID               `json:"ring"`
	All   count            `json:"all"`
	Names map[string]count `json:"names"`
}

// count are failures in a row. Wait is what is still to be waited, in seconds of this PC's running: no clock time is written, so no clock
// that is set forward ends it. A restart begins it again.
type count struct {
	Failures int `json:"failures"`
	Wait     int `json:"wait"`
	Untold   int `json:"untold,omitempty"` // failures since somebody signed in; of All those of names that made room
}

// Failed are wrong passwords since somebody last signed in here, for whoever keeps the journal: while nobody is signed in nothing can be
// written there.
type Failed struct {
	User  ID // zero for all names nobody has
	Times int
}

// waiting is a count as this process has met it, and until when it waits.
type waiting struct {
	failures int
	until    time.Duration // of Uptime
}

const overall = "" // the key of All in Ring.waits

// Wait is how long somebody of that name cannot try yet, zero when they can. Code: as of Open.
func (r *Ring) Wait(name string) (time.Duration, error) {
	unlock, err := r.lockToRead()
	if err != nil {
		return 0, err
	}
	defer unlock()
	f, err := r.load()
	if err != nil {
		return 0, err
	}
	who := hex.EncodeToString(f.hash(name))
	t := r.tally(f)
	left := max(r.left(overall), r.left(who))
	if c := t.Names[who]; left == 0 && (c.Wait > 0 || t.All.Wait > 0) { // it was waited for: no restart begins it again
		t.All.Wait = 0
		if c.Wait = 0; c.Failures > 0 {
			t.Names[who] = c
		}
		r.keepTally(t)
	}
	return left, nil
}

// attempt refuses a name that has to wait, else counts an attempt as failed. after is what to say when it does fail.
func (r *Ring) attempt(name string) (f *file, who []byte, after, err error) {
	unlock, err := r.lockToRead()
	if err != nil {
		return nil, nil, nil, err
	}
	defer unlock()
	if f, err = r.load(); err != nil {
		return nil, nil, nil, err
	}
	who = f.hash(name)
	if e, known := f.user(who); known && !r.here(f, e) || !known && !r.anyHere(f) {
		return nil, nil, nil, dossier.Invalid("", "safe.other-pc")
	}
	key := hex.EncodeToString(who)
	t := r.tally(f)
	if left := max(r.left(overall), r.left(key)); left > 0 {
		return nil, nil, nil, dossier.Invalid("", "safe.wait", "seconds", seconds(left))
	}
	t.room(f, key)
	one, all := t.Names[key], t.All
	one.fail(freePerName)
	all.fail(freeOverall)
	all.Untold = t.All.Untold // it is told of the name
	t.Names[key], t.All = one, all
	if !r.keepTally(t) && one.Wait == 0 { // a restart would forget it: nothing is free
		one.Wait = int(firstWait / time.Second)
		t.Names[key] = one
	}
	r.meet(key, one)
	r.meet(overall, all)
	if r.opts.counted != nil {
		r.opts.counted()
	}
	if wait := max(r.left(key), r.left(overall)); wait > 0 {
		return f, who, dossier.Invalid("password", "safe.wrong-wait", "seconds", seconds(wait)), nil
	}
	left := min(freePerName-one.Failures, freeOverall-all.Failures)
	return f, who, dossier.Invalid("password", "safe.wrong", "left", strconv.Itoa(left)), nil
}

// succeeded forgets the failures of who signed in, and tells all that were not told yet.
func (r *Ring) succeeded(who []byte) (failed []Failed) {
	r.recount(func(f *file, t *tally) {
		times := map[ID]int{{}: t.All.Untold}
		for key, c := range t.Names {
			if key == hex.EncodeToString(who) {
				c = count{Untold: c.Untold - 1} // the last one was none
			}
			times[f.idOf(key)] += max(c.Untold, 0)
			if c.Untold = 0; c == (count{}) {
				delete(t.Names, key)
			} else {
				t.Names[key] = c
			}
		}
		t.All = count{}
		for _, id := range append([]ID{{}}, f.ids()...) {
			if n := times[id]; n > 0 {
				failed = append(failed, Failed{id, n})
			}
		}
	})
	return failed
}

// forgive lets whose password was reset try at once.
func (r *Ring) forgive(who []byte) {
	r.recount(func(_ *file, t *tally) {
		key := hex.EncodeToString(who)
		if c, ok := t.Names[key]; ok {
			t.Names[key] = count{Untold: c.Untold}
		}
		t.All = count{Untold: t.All.Untold}
	})
}

func (r *Ring) recount(do func(*file, *tally)) {
	unlock, err := r.lockToRead()
	if err != nil {
		return
	}
	defer unlock()
	f, err := r.load()
	if err != nil {
		return
	}
	t := r.tally(f)
	do(f, &t)
	r.meet(overall, t.All)
	for key := range r.waits {
		if key != overall {
			r.meet(key, t.Names[key])
		}
	}
	r.keepTally(t)
}

// idOf is the user whose attempts are counted under a key, zero for names nobody has.
func (f *file) idOf(key string) ID {
	name, err := hex.DecodeString(key)
	e, ok := f.user(name)
	if err != nil || !ok {
		return ID{}
	}
	return e.ID
}

func (f *file) ids() []ID {
	var out []ID
	for _, e := range f.Users {
		out = append(out, e.ID)
	}
	return out
}

func (r *Ring) anyHere(f *file) bool {
	for _, e := range f.Users {
		if r.here(f, e) {
			return true
		}
	}
	return false
}

// fail counts one more.
func (c *count) fail(free int) {
	c.Failures++
	c.Untold++
	c.Wait = 0
	if over := c.Failures - free; over >= 0 {
		c.Wait = int(min(firstWait<<min(over, 10), longestWait) / time.Second)
	}
}

// sane is a count as we could have written it.
func (c count) sane() count {
	return count{min(max(c.Failures, 0), 1<<20), min(max(c.Wait, 0), int(longestWait/time.Second)), min(max(c.Untold, 0), 1<<20)}
}

// tally reads the attempts so far. A file that cannot be read, or is another ring's, is as if all free ones were used up: nobody is locked
// out by a lost sector, and nobody gains by spoiling it.
func (r *Ring) tally(f *file) tally {
	t := tally{Ring: f.Ring, Names: map[string]count{}}
	var kept tally
	switch data, err := readLimited(filepath.Join(r.dir, attemptsName), maxAttempts); {
	case r.unkept != nil:
		t = *r.unkept
	case isMissing(err):
	case err != nil || json.Unmarshal(data, &kept) != nil || kept.Ring != f.Ring || kept.Names == nil || len(kept.Names) > maxNames:
		t.All = count{Failures: freeOverall, Wait: int(firstWait / time.Second)}
	default:
		t = kept
	}
	t.All = t.All.sane()
	r.meet(overall, t.All)
	for key, c := range t.Names {
		t.Names[key] = c.sane()
		r.meet(key, t.Names[key])
	}
	for key := range r.waits {
		if _, ok := t.Names[key]; !ok && key != overall { // forgiven by another process
			delete(r.waits, key)
		}
	}
	return t
}

// meet begins a wait this process has not met: after a start, and where another process counted.
func (r *Ring) meet(key string, c count) {
	if have, ok := r.waits[key]; ok && have.failures == c.Failures && c.Wait > 0 {
		return
	}
	r.waits[key] = waiting{c.Failures, r.opts.Uptime() + time.Duration(c.Wait)*time.Second}
}

func (r *Ring) left(key string) time.Duration { return max(r.waits[key].until-r.opts.Uptime(), 0) }

// room makes room for one more name: names nobody has go first, then those with the fewest failures.
func (t *tally) room(f *file, key string) {
	if _, ok := t.Names[key]; ok || len(t.Names) < maxNames {
		return
	}
	least := ""
	for k, c := range t.Names {
		if f.idOf(k).IsZero() && (least == "" || c.Failures < t.Names[least].Failures) {
			least = k
		}
	}
	t.All.Untold += t.Names[least].Untold
	delete(t.Names, least)
}

// keepTally writes the attempts and tells whether they are durable. Where they cannot be written, as on a full disk, they count in this
// process: the officer can still read.
func (r *Ring) keepTally(t tally) bool {
	data, err := json.Marshal(t)
	if err == nil {
		err = r.opts.disk.save(r.dir, attemptsName, append(data, '\n'))
	}
	r.unkept = nil
	if err != nil {
		r.unkept = &t
	}
	return err == nil
}

// seconds are rounded up, so that who waits that long need not wait again.
func seconds(d time.Duration) string { return strconv.Itoa(int((d + time.Second - 1) / time.Second)) }
