//go:build e2e

package main

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"tiepnhan/dossier"
)

// Vietnamese typed through ibus-unikey, as Debian and Ubuntu have it, and a card scanned while it is on. Not part of make test: what ibus hands
// on, and when, is its own affair, and differs from run to run. See make unikey.
func TestUnikeyTypesIntoTheWindow(t *testing.T) {
	for _, need := range []string{"ibus-daemon", "dbus-run-session"} {
		if _, err := exec.LookPath(need); err != nil {
			t.Skipf("%s is not installed", need)
		}
	}
	if _, err := os.Stat("/usr/share/ibus/component/unikey.xml"); err != nil {
		t.Skip("ibus-unikey is not installed")
	}
	d := newDisplay(t)
	s := newStation(t)
	shot := shots(t, d)
	home, err := os.MkdirTemp("", "unikey")
	if err != nil {
		t.Fatal(err)
	}
	const session = `ibus-daemon --xim --replace --panel=disable &
for i in 1 2 3 4 5 6 7 8 9 10; do ibus engine Unikey 2>/dev/null && break; sleep 0.5; done
exec "$0" -data "$1"`
	s.window = exec.Command("dbus-run-session", "--", "sh", "-c", session, binary(t, "station"), s.data)
	s.window.Env = append(os.Environ(), "DISPLAY="+d.name, "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, "config"), "XDG_RUNTIME_DIR="+home,
		"XMODIFIERS=@im=ibus", "FYNE_DISABLE_DPI_DETECTION=1", "FYNE_SCALE=1", "LANG=C.UTF-8", "CUPS_SERVER="+cmp.Or(s.printers, filepath.Join(s.data, "none")))
	s.window.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.window.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-s.window.Process.Pid, syscall.SIGTERM)
		s.window.Wait()
		s.window = nil
		os.RemoveAll(home)
	})
	d.focus()
	d.settled()
	d.key("Control", "3")
	d.settled()
	d.key("Tab") // from the number to the name
	d.settled()
	tick := time.NewTicker(90 * time.Millisecond)
	defer tick.Stop()
	for _, r := range "nguyeenx thij thuwr " {
		if r == ' ' {
			d.key("space")
		} else {
			d.key(string(r))
		}
		<-tick.C
	}
	d.key("Tab")
	d.settled()
	shot("60-unikey")
	typed := ""
	d.until("the draft is kept", func() bool { typed = s.draftName(); return typed != "" })
	if strings.TrimSpace(typed) != "nguyễn thị thử" || !norm.NFC.IsNormalString(typed) {
		t.Errorf("typed through Unikey: %q", typed)
	}

	// What Unikey makes of a reader's typing is read rightly, or known to be odd and said.
	d.scan(card, readAs)
	time.Sleep(2 * time.Second) // ibus composes for longer than the screen takes to be still; nobody answers sooner
	d.settled()
	shot("61-unikey-scan")
	d.key("Return") // to use the card, where that is asked
	d.settled()
	shot("62-unikey-card")
	d.key("Tab")
	d.until("the draft follows", func() bool { return strings.TrimSpace(s.draftName()) != "nguyễn thị thử" })
	if got := s.draftName(); got != "Nguyễn Văn Mẫu" {
		read, _ := dossier.ReadCard(strings.Replace(card, "Nguyễn Văn Mẫu", got, 1))
		if len(read.Warnings) == 0 {
			t.Errorf("a card scanned through Unikey became %q, and nothing is said", got)
		}
	}
}

// draftName is whom the form names so far.
func (s *station) draftName() string {
	s.t.Helper()
	w, err := openWorld(s.t.Context(), s.data, nil, toRead, clock)
	if err != nil {
		s.t.Fatal(err)
	}
	defer w.close()
	in, _, err := w.desk.Draft(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return in.Requester.Person.Name
}
