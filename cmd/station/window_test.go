//go:build e2e

package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
	"tiepnhan/store"
)

var out = flag.String("out", "", "where screenshots and papers are left")

const (
	card   = "001099000001|012345678|Nguyễn Văn Mẫu|01011999|Nam|Số 1 Phố Mẫu, Phường Mẫu, Quận Mẫu, Hà Nội|15042021"
	readAs = 8 * time.Millisecond // between two letters of a card reader
)

// station is the real program over one data folder, with an upstream that can be turned on and off.
type station struct {
	t        testing.TB
	data     string
	upstream string
	address  string
	printers string // the print service's address; empty for none
	home     string // of who sits there, where the program behind a password keeps this PC's secret; empty for the tests' own
	password string // of chiefName
	window   *exec.Cmd
	server   *exec.Cmd
}

func binary(t testing.TB, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "bin", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%s is not built: run make build", path)
	}
	return path
}

// newStation sets up a sample station and introduces it to an upstream on loopback, which is then turned off.
func newStation(t testing.TB) *station {
	t.Helper()
	s := &station{t: t, data: filepath.Join(t.TempDir(), "tram"), upstream: filepath.Join(t.TempDir(), "tinh")}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = l.Addr().String()
	l.Close()
	s.run("station", "setup", "-sample", "-data", s.data)
	s.run("upstream", "init", "-data", s.upstream, "-name", "Công an tỉnh Mẫu", "-address", "https://"+s.address)
	ticket := struct{ Ticket string }{}
	if err := json.Unmarshal(s.run("upstream", "ticket", "-data", s.upstream, "-station", "Công an xã Thử Nghiệm", "-json"), &ticket); err != nil {
		t.Fatal(err)
	}
	s.turnOn()
	s.run("station", "enrol", ticket.Ticket, "-data", s.data)
	s.turnOff()
	t.Cleanup(s.close)
	return s
}

func (s *station) run(program string, args ...string) []byte {
	s.t.Helper()
	if program == "station" && s.password != "" {
		args = append(args, "-user", chiefName, "-password-stdin")
	}
	cmd := exec.Command(binary(s.t, program), args...)
	cmd.Env, cmd.Stdin = s.env(), strings.NewReader(s.password+"\n")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	b, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, stderr.String())
	}
	return b
}

// env is the surroundings of its programs.
func (s *station) env() []string {
	if s.home == "" {
		return os.Environ()
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		s.t.Fatal(err)
	}
	return append(os.Environ(), "HOME="+s.home, "XDG_CONFIG_HOME="+filepath.Join(s.home, "config"), "XDG_CACHE_HOME="+cache)
}

// opened is the station beside its window.
func (s *station) opened(mode openMode) *world {
	s.t.Helper()
	var key *safe
	if s.password != "" {
		before := machineSecret
		defer func() { machineSecret = before }()
		machineSecret = func() (string, error) { return filepath.Join(s.home, "config", "tiepnhan", "may.khoa"), nil }
		var err error
		if key, err = unlock(s.data, chiefName, s.password); err != nil {
			s.t.Fatal(err)
		}
	}
	w, err := openWorld(s.t.Context(), s.data, key, mode, clock)
	if err != nil {
		s.t.Fatal(err)
	}
	return w
}

func (s *station) turnOn() {
	s.t.Helper()
	s.server = exec.Command(binary(s.t, "upstream"), "serve", "-data", s.upstream, "-listen", s.address)
	said, err := s.server.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.server.Start(); err != nil {
		s.t.Fatal(err)
	}
	if _, err := bufio.NewReader(said).ReadString('\n'); err != nil {
		s.t.Fatalf("upstream did not say where it listens: %v", err)
	}
}

func (s *station) turnOff() {
	if s.server != nil {
		s.server.Process.Signal(syscall.SIGTERM)
		s.server.Wait()
		s.server = nil
	}
}

// open starts the window on a display.
func (s *station) open(d *display) {
	s.t.Helper()
	s.window = exec.Command(binary(s.t, "station"), "-data", s.data)
	s.window.Env = append(s.env(), "DISPLAY="+d.name, "FYNE_DISABLE_DPI_DETECTION=1", "FYNE_SCALE=1", "LANG=C.UTF-8",
		"CUPS_SERVER="+cmp.Or(s.printers, filepath.Join(s.data, "no-print-service")))
	s.window.Stderr = os.Stderr
	if err := s.window.Start(); err != nil {
		s.t.Fatal(err)
	}
	d.focus()
}

// kill is the power cut.
func (s *station) kill() {
	if s.window != nil {
		s.window.Process.Kill()
		s.window.Wait()
		s.window = nil
	}
}

func (s *station) close() { s.kill(); s.turnOff() }

// rows are read beside the open window, as a keeper's script would.
func (s *station) rows() []dossier.Summary {
	s.t.Helper()
	var rows []dossier.Summary
	if err := json.Unmarshal(s.run("station", "list", "-json", "-data", s.data), &rows); err != nil {
		s.t.Fatal(err)
	}
	return rows
}

// shots keeps screenshots under running names.
func shots(t *testing.T, d *display) func(name string) {
	dir := *out
	if dir == "" {
		dir = filepath.Join(os.TempDir(), "tiepnhan-window")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Logf("screenshots and papers in %s", dir)
	return func(name string) { t.Helper(); d.settled(); d.save(filepath.Join(dir, name+".png")) }
}

func TestWindowReceivesPrintsAndSends(t *testing.T) {
	d := newDisplay(t)
	s := newStation(t)
	shot := shots(t, d)
	s.open(d)
	shot("1-opened")

	d.key("Control", "3") // Khóa căn cước điện tử
	d.scan(card, readAs)
	shot("2-scanned")
	d.key("F8") // all papers
	d.key("F9") // keep and print
	d.until("the dossier is kept", func() bool { return len(s.rows()) == 1 })
	kept := s.rows()[0]
	if kept.Name != "Nguyễn Văn Mẫu" || kept.Procedure != "lock-eid" || kept.Status != dossier.StatusReceived || kept.Unsent == 0 {
		t.Fatalf("kept %+v", kept)
	}
	pdf := filepath.Join(s.data, "giay-to", kept.Number+"-receipt.pdf")
	d.until("the receipt is out", func() bool { _, err := os.Stat(pdf); return err == nil })
	shot("3-kept")
	paper, err := os.ReadFile(pdf)
	if err != nil {
		t.Fatal(err)
	}
	text := pdfText(t, paper)
	for _, want := range []string{"GIẤY TIẾP NHẬN HỒ SƠ", "VÀ HẸN TRẢ KẾT QUẢ", kept.Number, "Nguyễn Văn Mẫu", "CÔNG AN XÃ THỬ NGHIỆM", "Liên 2"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the receipt does not say %q:\n%s", want, text)
		}
	}
	if *out != "" && os.WriteFile(filepath.Join(*out, filepath.Base(pdf)), paper, 0o600) != nil {
		t.Fatal("the receipt could not be copied")
	}

	// The program writes alone, and says so to whoever tries.
	second := exec.Command(binary(t, "station"), "do", "withdraw", kept.Number, "-data", s.data)
	if said, err := second.CombinedOutput(); err == nil || !strings.Contains(string(said), "[data: station.open]") {
		t.Errorf("a second writer: %v, %s", err, said)
	}

	d.key("F5") // send, with upstream off
	shot("4-no-line")
	if r := s.rows()[0]; r.Unsent == 0 {
		t.Fatal("it is said to be sent while upstream was off")
	}
	s.turnOn()
	d.key("F5")
	d.until("upstream's receipt covers it", func() bool { return s.rows()[0].Unsent == 0 })
	d.key("F3") // the list
	shot("5-sent")

	// A decision comes back and shows at the desk.
	s.run("upstream", "decide", kept.Number, "-approve", "-document", "12/TB-C06",
		"-date", dossier.DateOf(time.Now()).ISO(), "-data", s.upstream)
	d.key("F5")
	d.until("the decision is at the desk", func() bool { return s.rows()[0].Status == dossier.StatusDone })
	shot("6-decided")
	d.key("Down")
	d.key("Return")
	shot("7-course")
	d.key("F7")
	shot("8-waiting")
	d.key("F1")
	shot("9-keys")
}

// pdfText is what another program reads from a PDF.
func pdfText(t testing.TB, pdf []byte) []byte {
	t.Helper()
	read := exec.Command("pdftotext", "-layout", "-", "-")
	read.Stdin = bytes.NewReader(pdf)
	text, err := read.Output()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The power goes between F9 and the next thing anybody does.
func TestWindowKilledAfterF9HasTheDossierOnce(t *testing.T) {
	d := newDisplay(t)
	s := newStation(t)
	s.open(d)
	d.settled()
	d.key("Control", "3")
	d.scan(card, readAs)
	d.settled() // which papers there are is known
	d.key("F8")
	d.key("F9")
	d.until("the dossier is kept", func() bool { return len(s.rows()) == 1 })
	s.kill()
	d.until("the window is gone", func() bool { return d.colours() <= 12 })
	s.open(d)
	d.settled()
	if rows := s.rows(); len(rows) != 1 {
		t.Fatalf("after the power cut: %d dossiers", len(rows))
	}
	d.key("F9") // the form is empty; nothing must come of it
	d.settled()
	if rows := s.rows(); len(rows) != 1 {
		t.Fatalf("F9 after the power cut made %d dossiers", len(rows))
	}
	s.kill()
	s.run("station", "verify", "-data", s.data)
}

// What was typed and not yet kept comes back.
func TestWindowKilledInMidFormComesBackToIt(t *testing.T) {
	d := newDisplay(t)
	s := newStation(t)
	s.open(d)
	d.settled()
	d.key("Control", "3")
	d.scan(card, readAs)
	d.until("the draft is kept", func() bool { return s.hasDraft() })
	s.kill()
	d.until("the window is gone", func() bool { return d.colours() <= 12 })
	s.open(d)
	d.settled()
	d.key("F8")
	d.key("F9")
	d.until("the dossier is kept", func() bool { return len(s.rows()) == 1 })
	if r := s.rows()[0]; r.Name != "Nguyễn Văn Mẫu" {
		t.Errorf("kept %+v", r)
	}
}

// A new PC: nothing but an empty folder, and a keyboard. Then the icon is pressed a second time.
func TestWindowSetsUpAnEmptyFolderByKeysAlone(t *testing.T) {
	d := newDisplay(t)
	s := &station{t: t, data: filepath.Join(t.TempDir(), "tram"), home: t.TempDir()}
	t.Cleanup(s.close)
	shot := shots(t, d)
	s.open(d)
	d.settled()
	s.setPassword(d, shot)
	for _, field := range []string{"ma u", "xa thu", "thu", "0900", "mau", "tinh"} {
		d.write(field)
		d.key("Tab")
	}
	d.settled()  // two Tabs at once are one held down
	d.key("Tab") // this is desk 1
	d.write("le thu")
	shot("10-setup")
	d.key("F9")
	d.until("the station is set up", func() bool { return s.officer() == "le thu" })
	d.settled() // the reception screen follows
	d.key("Control", "3")
	d.scan(card, readAs)
	d.settled() // which papers there are is known
	d.key("F8")
	d.key("F9")
	d.until("the first dossier is kept", func() bool { return len(s.rows()) == 1 })

	second := exec.Command(binary(t, "station"), "-data", s.data)
	second.Env = append(os.Environ(), "DISPLAY="+d.name, "FYNE_DISABLE_DPI_DETECTION=1", "FYNE_SCALE=1", "LANG=C.UTF-8")
	if err := second.Start(); err != nil {
		t.Fatal(err)
	}
	d.until("it says why it does not open", func() bool { return d.focusTop() == 2 })
	shot("11-second")
	d.key("Escape")
	if err := second.Wait(); err == nil || second.ProcessState.ExitCode() != cli.No {
		t.Errorf("a second window on the same folder: %v", err)
	}
	if err := s.window.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.window.Wait(); err != nil {
		t.Errorf("signed out: %v", err)
	}
	s.window = nil
	s.run("station", "verify", "-data", s.data)
}

// officer is who was named when the station was set up, "" before.
func (s *station) officer() string {
	s.t.Helper()
	w := s.opened(toRead)
	defer w.close()
	set, ok, err := w.desk.Settings(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	if !ok {
		return ""
	}
	return set.Officers[0].Name
}

// hasDraft looks whether the form is in the file, name and all.
func (s *station) hasDraft() bool {
	s.t.Helper()
	w := s.opened(toRead)
	defer w.close()
	in, found, err := w.desk.Draft(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return found && in.Requester.Person.Name == "Nguyễn Văn Mẫu" && in.Procedure == "lock-eid"
}

func createStore(b *testing.B, dir string) *store.Store {
	b.Helper()
	s, err := store.Create(b.Context(), dir, store.Options{NoReserve: true})
	if err != nil {
		b.Fatal(err)
	}
	return s
}
