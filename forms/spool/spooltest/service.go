//go:build !windows

// Package spooltest is a print service of a test's own: the real CUPS, with queues and printers made up by the test.
package spooltest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/OpenPrinting/goipp"
)

// Service is a CUPS of the test's own: its own socket, queues and printers, which are the shell script below.
type Service struct {
	Dir  string
	Sock string // as CUPS_SERVER names it
	t    testing.TB
	cmd  *exec.Cmd
}

// backend is every printer of the tests; the address says which. One that waits opens a pipe and goes on when the test has opened it too.
const backend = `#!/bin/sh
[ $# -eq 0 ] && exit 0
out=%[1]s
keep() {
	[ $# -ge 6 ] && cat "$6" >"$out/$1.part" || cat >"$out/$1.part"
	printf '%%s\n%%s\n%%s\n' "$3" "$4" "$5" >"$out/$1.said"
	mv "$out/$1.part" "$out/$1.pdf"
}
case "$DEVICE_URI" in
paper:/takes) keep "$@" ;;
paper:/breaks) echo "ERROR: đứt dây" >&2; exit 1 ;;
paper:/*)
	echo "STATE: +${DEVICE_URI#paper:/}" >&2
	read -r _ <"$out/pipe"
	echo "STATE: -${DEVICE_URI#paper:/}" >&2
	keep "$@" ;;
esac
`

// Start starts one and ends it with the test. settings are lines of cupsd.conf. Without CUPS on this machine the test is skipped.
func Start(t testing.TB, settings ...string) *Service {
	t.Helper()
	program, err := exec.LookPath("cupsd")
	if err != nil {
		if _, err = os.Stat("/usr/sbin/cupsd"); err != nil {
			t.Skip("no cupsd: install cups-daemon")
		}
		program = "/usr/sbin/cupsd"
	}
	dir, err := os.MkdirTemp("", "cups") // a short name: a socket's may have 107 letters
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // printers run as another user
		t.Fatal(err)
	}
	s := &Service{t: t, Dir: dir, Sock: filepath.Join(dir, "sock")}
	for _, d := range []string{"etc", "state", "cache", "spool", "spool/tmp", "bin", "bin/backend", "out"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range []string{"filter", "daemon", "cgi-bin", "notifier"} {
		if err := os.Symlink(filepath.Join("/usr/lib/cups", d), filepath.Join(dir, "bin", d)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "out/pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	// Mode 0700: of root, CUPS runs such a printer as root; of anyone else, as themselves.
	s.write("bin/backend/paper", fmt.Sprintf(backend, filepath.Join(dir, "out")), 0o700)
	files := fmt.Sprintf(`ServerRoot %[1]s/etc
StateDir %[1]s/state
CacheDir %[1]s/cache
RequestRoot %[1]s/spool
TempDir %[1]s/spool/tmp
ServerBin %[1]s/bin
AccessLog %[1]s/access_log
ErrorLog %[1]s/error_log
PageLog %[1]s/page_log
FileDevice Yes
`, dir)
	if os.Getuid() == 0 {
		files += "User nobody\nGroup nogroup\nSystemGroup root\n"
	}
	s.write("cups-files.conf", files, 0o644)
	s.write("cupsd.conf", `Listen `+s.Sock+`
LogLevel debug
Browsing No
WebInterface No
DefaultAuthType None
ErrorPolicy abort-job
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
`+strings.Join(settings, "\n")+"\n", 0o644)
	s.cmd = exec.Command(program, "-f", "-c", filepath.Join(dir, "cupsd.conf"), "-s", filepath.Join(dir, "cups-files.conf"))
	var said bytes.Buffer
	s.cmd.Stderr = &said
	if err := s.cmd.Start(); err != nil {
		t.Skipf("cupsd does not start: %v", err)
	}
	t.Cleanup(func() {
		s.Stop()
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(dir, "error_log"))
			t.Logf("cupsd: %s\n%s", said.String(), log[max(0, len(log)-6000):])
		}
	})
	s.Until("the print service answers", func() bool {
		c, err := net.Dial("unix", s.Sock)
		if err != nil {
			return false
		}
		c.Close()
		return true
	})
	return s
}

func (s *Service) write(name, text string, mode os.FileMode) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.Dir, name), []byte(text), mode); err != nil {
		s.t.Fatal(err)
	}
}

// Stop ends it.
func (s *Service) Stop() {
	if s.cmd.ProcessState != nil {
		return
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	end := time.AfterFunc(10*time.Second, func() { s.cmd.Process.Kill() })
	defer end.Stop()
	s.cmd.Wait()
}

// Until asks again and again what is to come true.
func (s *Service) Until(what string, holds func() bool) {
	s.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); !holds(); <-tick.C {
		if time.Now().After(end) {
			s.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// Administer does what a keeper does to a queue.
func (s *Service) Administer(op goipp.Op, queue string, attrs ...goipp.Attribute) {
	s.t.Helper()
	s.AdministerWith(op, queue, nil, attrs...)
}

// AdministerWith is Administer with a description of the printer (PPD).
func (s *Service) AdministerWith(op goipp.Op, queue string, ppd []byte, attrs ...goipp.Attribute) {
	s.t.Helper()
	q := goipp.NewRequest(goipp.DefaultVersion, op, 7)
	q.Operation.Add(goipp.MakeAttribute("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
	q.Operation.Add(goipp.MakeAttribute("attributes-natural-language", goipp.TagLanguage, goipp.String("en")))
	q.Operation.Add(goipp.MakeAttribute("printer-uri", goipp.TagURI, goipp.String("ipp://localhost/"+where(op)+url.PathEscape(queue))))
	q.Operation.Add(goipp.MakeAttribute("requesting-user-name", goipp.TagName, goipp.String("root")))
	for _, a := range attrs {
		q.Printer.Add(a)
	}
	if a := s.Raw(q, ppd...); a.Code >= 0x100 {
		s.t.Fatalf("%v of %s: %v", op, queue, goipp.Status(a.Code))
	}
}

func where(op goipp.Op) string {
	if op == goipp.OpCupsAddModifyClass {
		return "classes/"
	}
	return "printers/"
}

// Raw puts a question as it is.
func (s *Service) Raw(q *goipp.Message, document ...byte) (a goipp.Message) {
	s.t.Helper()
	body, err := q.EncodeBytes()
	if err != nil {
		s.t.Fatal(err)
	}
	line := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", s.Sock)
	}}
	reply, err := (&http.Client{Transport: line}).Post("http://localhost/admin/", goipp.ContentType, bytes.NewReader(append(body, document...)))
	if err != nil {
		s.t.Fatal(err)
	}
	defer reply.Body.Close()
	if err := a.Decode(reply.Body); err != nil {
		s.t.Fatalf("%s: %v", reply.Status, err)
	}
	return a
}

// Printer adds a queue whose printer does as its address says.
func (s *Service) Printer(name, does string, attrs ...goipp.Attribute) {
	s.t.Helper()
	s.Administer(goipp.OpCupsAddModifyPrinter, name, append([]goipp.Attribute{
		goipp.MakeAttribute("device-uri", goipp.TagURI, goipp.String("paper:/"+does)),
		goipp.MakeAttribute("printer-is-accepting-jobs", goipp.TagBoolean, goipp.Boolean(true)),
		goipp.MakeAttribute("printer-state", goipp.TagEnum, goipp.Integer(3)),
	}, attrs...)...)
}

// Default makes a queue the one that is used when none is named.
func (s *Service) Default(queue string) {
	s.t.Helper()
	s.Administer(goipp.OpCupsSetDefault, queue)
}

// Refill lets the waiting printer go on.
func (s *Service) Refill() {
	s.t.Helper()
	f, err := os.OpenFile(filepath.Join(s.Dir, "out/pipe"), os.O_WRONLY, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("\n"); err != nil {
		s.t.Fatal(err)
	}
}

// Came is what came out of the printer for a job, and what the printer was told: title, copies, options.
func (s *Service) Came(id string) (document []byte, said []string) {
	document, err := os.ReadFile(filepath.Join(s.Dir, "out", id+".pdf"))
	if err != nil {
		return nil, nil
	}
	text, err := os.ReadFile(filepath.Join(s.Dir, "out", id+".said"))
	if err != nil {
		s.t.Fatal(err)
	}
	return document, strings.Split(string(text), "\n")
}
