//go:build !windows

package spool_test

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

	"tiepnhan/dossier"
	"tiepnhan/forms/spool"
)

// printService is a CUPS of the test's own: its own socket, queues and printers, which are the shell script below.
type printService struct {
	t    *testing.T
	dir  string
	sock string
	cmd  *exec.Cmd
	*spool.Spool
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

func startService(t *testing.T, settings ...string) *printService {
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
	s := &printService{t: t, dir: dir, sock: filepath.Join(dir, "sock")}
	s.Spool = spool.At(s.sock)
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
	s.write("cupsd.conf", `Listen `+s.sock+`
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
		s.stop()
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(dir, "error_log"))
			t.Logf("cupsd: %s\n%s", said.String(), log[max(0, len(log)-6000):])
		}
	})
	s.until("the print service answers", func() bool {
		_, err := s.Printers(t.Context())
		return err == nil
	})
	return s
}

func (s *printService) write(name, text string, mode os.FileMode) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), mode); err != nil {
		s.t.Fatal(err)
	}
}

func (s *printService) stop() {
	if s.cmd.ProcessState != nil {
		return
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	end := time.AfterFunc(10*time.Second, func() { s.cmd.Process.Kill() })
	defer end.Stop()
	s.cmd.Wait()
}

// until asks again and again what is to come true.
func (s *printService) until(what string, holds func() bool) {
	s.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); !holds(); <-tick.C {
		if time.Now().After(end) {
			s.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// administer does what a keeper does to a queue.
func (s *printService) administer(op goipp.Op, queue string, attrs ...goipp.Attribute) {
	s.t.Helper()
	s.administerWith(op, queue, nil, attrs...)
}

func (s *printService) administerWith(op goipp.Op, queue string, ppd []byte, attrs ...goipp.Attribute) {
	s.t.Helper()
	q := goipp.NewRequest(goipp.DefaultVersion, op, 7)
	q.Operation.Add(goipp.MakeAttribute("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
	q.Operation.Add(goipp.MakeAttribute("attributes-natural-language", goipp.TagLanguage, goipp.String("en")))
	q.Operation.Add(goipp.MakeAttribute("printer-uri", goipp.TagURI, goipp.String("ipp://localhost/"+where(op)+url.PathEscape(queue))))
	q.Operation.Add(goipp.MakeAttribute("requesting-user-name", goipp.TagName, goipp.String("root")))
	for _, a := range attrs {
		q.Printer.Add(a)
	}
	if a := s.raw(q, ppd...); a.Code >= 0x100 {
		s.t.Fatalf("%v of %s: %v", op, queue, goipp.Status(a.Code))
	}
}

func where(op goipp.Op) string {
	if op == goipp.OpCupsAddModifyClass {
		return "classes/"
	}
	return "printers/"
}

// raw puts a question as it is.
func (s *printService) raw(q *goipp.Message, document ...byte) (a goipp.Message) {
	s.t.Helper()
	body, err := q.EncodeBytes()
	if err != nil {
		s.t.Fatal(err)
	}
	line := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", s.sock)
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

// printer adds a queue whose printer does as its address says.
func (s *printService) printer(name, does string, attrs ...goipp.Attribute) {
	s.t.Helper()
	s.administer(goipp.OpCupsAddModifyPrinter, name, append([]goipp.Attribute{
		goipp.MakeAttribute("device-uri", goipp.TagURI, goipp.String("paper:/"+does)),
		goipp.MakeAttribute("printer-is-accepting-jobs", goipp.TagBoolean, goipp.Boolean(true)),
		goipp.MakeAttribute("printer-state", goipp.TagEnum, goipp.Integer(3)),
	}, attrs...)...)
}

// pdf is a document one can tell from others.
func pdf(text string) []byte { return []byte("%PDF-1.4\n% " + text + "\n%%EOF\n") }

func a5(printer string) dossier.PrintJob {
	return dossier.PrintJob{Printer: printer, Title: "BM.01 6001", PDF: pdf(printer), Paper: dossier.PaperA5, Copies: 1}
}

func (s *printService) print(job dossier.PrintJob) string {
	s.t.Helper()
	id, err := s.Print(s.t.Context(), job)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

func (s *printService) state(printer, id string) dossier.JobState {
	s.t.Helper()
	state, err := s.Job(s.t.Context(), printer, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return state
}

// reaches waits for a state and gives the phases seen on the way, each once.
func (s *printService) reaches(printer, id string, want func(dossier.JobState) bool) (seen []dossier.JobPhase, last dossier.JobState) {
	s.t.Helper()
	s.until("job "+id+" is as wanted", func() bool {
		last = s.state(printer, id)
		if len(seen) == 0 || seen[len(seen)-1] != last.Phase {
			seen = append(seen, last.Phase)
		}
		if last.Phase.Ended() && !want(last) {
			s.t.Fatalf("the job ended as %+v", last)
		}
		return want(last)
	})
	return seen, last
}

// refill lets the waiting printer go on.
func (s *printService) refill() {
	s.t.Helper()
	f, err := os.OpenFile(filepath.Join(s.dir, "out/pipe"), os.O_WRONLY, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("\n"); err != nil {
		s.t.Fatal(err)
	}
}

// came is what came out of the printer for a job, and what the printer was told: title, copies, options.
func (s *printService) came(id string) (document []byte, said []string) {
	document, err := os.ReadFile(filepath.Join(s.dir, "out", id+".pdf"))
	if err != nil {
		return nil, nil
	}
	text, err := os.ReadFile(filepath.Join(s.dir, "out", id+".said"))
	if err != nil {
		s.t.Fatal(err)
	}
	return document, strings.Split(string(text), "\n")
}

func done(s dossier.JobState) bool { return s.Phase == dossier.JobDone }
func over(s dossier.JobState) bool { return s.Phase.Ended() }
