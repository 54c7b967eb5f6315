package keyring

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// running is a process whose monotonic clock the test holds.
type running struct {
	up time.Duration
	*Ring
}

func start(t *testing.T, dir string) *running {
	t.Helper()
	p := &running{up: time.Hour}
	o := options()
	o.Uptime = func() time.Duration { return p.up }
	p.Ring = reopen(t, dir, o)
	return p
}

const wrongPass = "mật khẩu này sai mất rồi"

func (p *running) fail(t *testing.T, name string, times int) {
	t.Helper()
	for range times {
		if _, err := p.Unlock(name, wrongPass); err == nil {
			t.Fatal("a wrong password opened")
		}
	}
}

func (p *running) wait(t *testing.T, name string) time.Duration {
	t.Helper()
	d, err := p.Wait(name)
	must(t, err)
	return d
}

func TestFiveWrongPasswordsAreFreeThenWaitsGrow(t *testing.T) {
	dir, _, _, code := station(t)
	p := start(t, dir)
	for _, want := range []string{"4", "3", "2", "1"} {
		_, err := p.Unlock(chief, wrongPass)
		wantCode(t, err, "safe.wrong")
		if got := fmt.Sprint(err); got != "password: safe.wrong left="+want {
			t.Error(got)
		}
	}
	for i, want := range []time.Duration{30, 60, 120, 240, 480, 900, 900, 900} {
		_, err := p.Unlock(chief, wrongPass)
		wantCode(t, err, "safe.wrong-wait")
		if got := p.wait(t, chief); got != want*time.Second {
			t.Errorf("wait %d is %v, want %v s", i, got, want)
		}
		p.up += want*time.Second - time.Millisecond
		for range 3 { // not counted, and not looked at
			_, err = p.Unlock(chief, chiefPass)
			wantCode(t, err, "safe.wait")
		}
		p.up += time.Millisecond
	}
	if got := p.wait(t, other); got != 0 {
		t.Errorf("another user waits %v", got)
	}
	p.fail(t, chief, 1)
	if _, err := p.Recover(code.String()); err != nil {
		t.Errorf("the recovery sheet has to wait: %v", err)
	}
	p.up += longestWait
	if _, err := p.Unlock(chief, chiefPass); err != nil {
		t.Fatal(err)
	}
	p.fail(t, chief, 4) // five are free again
	if got := p.wait(t, chief); got != 0 {
		t.Errorf("after a success one waits %v", got)
	}
}

func TestAttemptIsCountedBeforeThePasswordIsLookedAt(t *testing.T) {
	dir, _, _, _ := station(t)
	for i := range 6 {
		p := start(t, dir)
		p.opts.counted = func() { panic(errCut) } // the process is killed
		func() {
			defer func() {
				if got := recover(); got != nil && got != errCut {
					panic(got)
				}
			}()
			_, err := p.Unlock(chief, chiefPass)
			if i < 5 {
				t.Errorf("attempt %d was not counted: %v", i, err)
			}
			wantCode(t, err, "safe.wait")
		}()
	}
	if got := start(t, dir).wait(t, chief); got != firstWait {
		t.Errorf("after five killed attempts one waits %v", got)
	}
}

func TestWaitSurvivesRestartAndNoClockEndsIt(t *testing.T) {
	dir, _, _, _ := station(t)
	p := start(t, dir)
	p.fail(t, chief, 5)
	p.up += 20 * time.Second
	if got := p.wait(t, chief); got != 10*time.Second {
		t.Errorf("%v left", got)
	}
	p = start(t, dir) // whatever any clock says now: nothing of it is asked
	if got := p.wait(t, chief); got != firstWait {
		t.Errorf("after a restart %v left", got)
	}
	p.up += 29 * time.Second
	_, err := p.Unlock(chief, chiefPass)
	wantCode(t, err, "safe.wait")
	p.up += time.Second
	if got := p.wait(t, chief); got != 0 {
		t.Errorf("%v left", got)
	}
	p = start(t, dir) // what was waited for is not waited for again
	if got := p.wait(t, chief); got != 0 {
		t.Errorf("after it was waited for and a restart, %v left", got)
	}
	p.fail(t, chief, 1)
	if got := p.wait(t, chief); got != 2*firstWait {
		t.Errorf("the next wait is %v", got)
	}
}

func TestOtherProcessesWaitToo(t *testing.T) {
	dir, _, _, _ := station(t)
	a, b := start(t, dir), start(t, dir)
	b.up = 5 * time.Minute
	a.fail(t, chief, 3)
	b.fail(t, chief, 2)
	for _, p := range []*running{a, b} {
		if got := p.wait(t, chief); got != firstWait {
			t.Errorf("waits %v", got)
		}
	}
	a.up, b.up = a.up+firstWait, b.up+firstWait
	if _, err := a.Unlock(chief, chiefPass); err != nil {
		t.Fatal(err)
	}
	b.fail(t, chief, 4)
	if got := b.wait(t, chief); got != 0 {
		t.Errorf("a success elsewhere is not seen: %v", got)
	}
}

func TestGuessingManyNamesWaitsToo(t *testing.T) {
	dir, _, _, _ := station(t)
	p := start(t, dir)
	p.fail(t, other, 4)
	for i := range freeOverall - 4 {
		if got := p.wait(t, chief); got != 0 {
			t.Fatalf("after %d guesses everybody waits %v", i, got)
		}
		p.fail(t, fmt.Sprintf("ai-do-%d", i), 1)
	}
	_, err := p.Unlock(chief, chiefPass)
	wantCode(t, err, "safe.wait")
	for i := range 300 { // many more: the file stays small, and real users' counts stay
		p.up += longestWait
		p.fail(t, fmt.Sprintf("ai-khac-%d", i), 1)
	}
	if info, err := os.Stat(filepath.Join(dir, attemptsName)); err != nil || info.Size() > maxAttempts/2 {
		t.Errorf("%v %v", info.Size(), err)
	}
	p.up += longestWait
	p.fail(t, other, 1)
	p.up += firstWait - 1
	_, err = p.Unlock(other, otherPass)
	wantCode(t, err, "safe.wait")
	p.up += longestWait
	if _, err := p.Unlock(chief, chiefPass); err != nil {
		t.Fatal(err)
	}
	p.fail(t, "lại một tên", 1)
	if got := p.wait(t, chief); got != 0 {
		t.Errorf("a success did not end the common wait: %v", got)
	}
	if got := p.wait(t, other); got != 0 {
		t.Errorf("waited for long ago: %v", got)
	}
	p.fail(t, other, 1)
	if got := p.wait(t, other); got != 2*firstWait {
		t.Errorf("one's success forgave another: %v", got)
	}
}

func TestResetPasswordNeedNotWait(t *testing.T) {
	dir, _, u, _ := station(t)
	p := start(t, dir)
	p.fail(t, other, 6-1)
	must(t, p.SetPassword(u.Keys, other, newPass))
	if _, err := p.Unlock(other, newPass); err != nil {
		t.Error(err)
	}
}

func TestSpoiledAttemptsGainNothingAndLockNobodyOut(t *testing.T) {
	dir, _, _, _ := station(t)
	path := filepath.Join(dir, attemptsName)
	elsewhere, _, _, _ := station(t)
	start(t, elsewhere).fail(t, chief, 1)
	foreign, err := os.ReadFile(filepath.Join(elsewhere, attemptsName))
	must(t, err)
	for what, data := range map[string][]byte{
		"empty": nil, "zeros": make([]byte, 300), "no JSON": []byte("}{"), "null": []byte("null"), "another ring's": foreign,
		"huge": make([]byte, 1<<20), "text": []byte(`{"names":"x"}`),
	} {
		must(t, os.WriteFile(path, data, 0o600))
		p := start(t, dir)
		_, err := p.Unlock(chief, chiefPass)
		wantCode(t, err, "safe.wait")
		if got := p.wait(t, chief); got != firstWait {
			t.Errorf("%s: waits %v", what, got)
		}
		p.up += firstWait
		if _, err := p.Unlock(chief, chiefPass); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	f, err := start(t, dir).load()
	must(t, err)
	must(t, os.WriteFile(path, []byte(`{"ring":"`+f.Ring.String()+`","all":{"failures":-5,"wait":99999999999},"names":{"":{"failures":-1,"wait":-1}}}`), 0o600))
	p := start(t, dir)
	if got := p.wait(t, chief); got > longestWait {
		t.Errorf("waits %v", got)
	}
	p.up += longestWait
	if _, err := p.Unlock(chief, chiefPass); err != nil {
		t.Error(err)
	}
}

func TestCountThatCannotBeKeptCountsMeanwhile(t *testing.T) {
	dir, _, _, _ := station(t)
	p := start(t, dir)
	p.fail(t, chief, 2)
	full := true
	p.opts.disk.before = func(string, string) error {
		if full {
			return errors.New("disk full")
		}
		return nil
	}
	p.fail(t, chief, 1)
	if got := p.wait(t, chief); got != firstWait {
		t.Errorf("waits %v", got)
	}
	p.up += firstWait
	p.fail(t, chief, 1)
	full = false
	p.up += firstWait
	p.fail(t, chief, 1)
	if got := start(t, dir).wait(t, chief); got != firstWait {
		t.Errorf("the five were not all kept: waits %v", got)
	}
}

func TestFailuresAreToldToTheNextWhoSignsIn(t *testing.T) {
	dir, _, u, _ := station(t)
	p := start(t, dir)
	p.fail(t, chief, 2)
	p.fail(t, other, 3)
	for i := range 7 { // some in a process that ends
		p.fail(t, fmt.Sprintf("ai-do-%d", i), 1)
	}
	must(t, p.SetPassword(u.Keys, other, newPass)) // forgiven, but told
	id, _, err := p.Has(other)
	must(t, err)
	p = start(t, dir)
	got, err := p.Unlock(chief, chiefPass)
	must(t, err)
	if want := fmt.Sprint([]Failed{{ID{}, 7}, {u.User, 2}, {id, 3}}); fmt.Sprint(got.Failed) != want {
		t.Errorf("told %v, want %v", got.Failed, want)
	}
	for range 2 {
		if got, err = p.Unlock(other, newPass); err != nil || got.Failed != nil {
			t.Errorf("told again: %v %v", got.Failed, err)
		}
	}
	for i := range 2 * maxNames {
		p.up += longestWait
		p.fail(t, fmt.Sprintf("ai-khac-%d", i), 1)
	}
	p.up += longestWait
	if got, err = p.Unlock(chief, chiefPass); err != nil || fmt.Sprint(got.Failed) != fmt.Sprint([]Failed{{ID{}, 2 * maxNames}}) {
		t.Errorf("of many: %v %v", got.Failed, err)
	}
}
