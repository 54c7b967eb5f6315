package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/exchange"
)

// at is the moment upstream's tests happen at.
func at() time.Time { return time.Date(2026, 11, 20, 16, 30, 0, 0, dossier.Hanoi) }

// callUpstream runs the program and gives its exit status and what it wrote.
func callUpstream(args ...string) (status int, out, errs string) {
	var stdout, stderr bytes.Buffer
	status = run(context.Background(), at, args, &stdout, &stderr)
	return status, stdout.String(), stderr.String()
}

// ask runs a verb that must succeed and reads its JSON.
func ask(t testing.TB, to any, args ...string) {
	t.Helper()
	status, out, errs := callUpstream(append(args, "-json")...)
	if status != cli.OK {
		t.Fatalf("upstream %s: %d %s", strings.Join(args, " "), status, errs)
	}
	if err := json.Unmarshal([]byte(out), to); err != nil {
		t.Fatalf("upstream %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

// server is "upstream serve" as it runs; stop ends it as SIGTERM would.
type server struct {
	address string
	stop    func() (status int, errs string)
}

func startServer(t testing.TB, dir, listen string) *server {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	stdout, w := io.Pipe()
	var stderr bytes.Buffer
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, at, []string{"serve", "-data", dir, "-listen", listen, "-json"}, w, &stderr)
		w.Close()
	}()
	var said struct{ Address string }
	if err := json.NewDecoder(stdout).Decode(&said); err != nil {
		t.Fatalf("serve: %v; %s", err, stderr.String())
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	s := &server{address: strings.TrimPrefix(said.Address, "https://")}
	stopped := false
	s.stop = func() (int, string) {
		if stopped {
			return cli.OK, ""
		}
		stopped = true
		cancel()
		return <-status, stderr.String()
	}
	t.Cleanup(func() { s.stop() })
	return s
}

func newUpstream(t testing.TB) (dir string, s *server) {
	t.Helper()
	dir = t.TempDir()
	var made map[string]string
	ask(t, &made, "init", "-data", dir, "-name", "Công an tỉnh Mẫu", "-address", "https://127.0.0.1:8443")
	return dir, startServer(t, dir, "127.0.0.1:0")
}

// newStation is a station on its real store.
func newStation(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Create(context.Background(), t.TempDir(), store.Options{Now: at, NoReserve: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Record(context.Background(), storetest.SettingsEvent(1)); err != nil {
		t.Fatal(err)
	}
	return s
}

// reception opens dossier i at the station, and gives its number.
func reception(t testing.TB, s *store.Store, i int) string {
	t.Helper()
	o := dossier.Opening{ID: storetest.DossierID(i), Series: dossier.IntakeSeries, Day: storetest.Day(i)}
	d, err := s.Receive(context.Background(), o, func(number string) ([]dossier.Event, error) {
		return []dossier.Event{storetest.Reception(i, number)}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return d.Number
}

func enrol(t testing.TB, dir string, up *server, s *store.Store, station string) *exchange.Client {
	t.Helper()
	var ticket struct{ Ticket string }
	ask(t, &ticket, "ticket", "-data", dir, "-station", station, "-address", up.address)
	c := exchange.New(s)
	if _, err := c.Enrol(context.Background(), ticket.Ticket); err != nil {
		t.Fatal(err)
	}
	return c
}

// From the desk to the signed receipt and back with the decision, on the real store, the real server and the real line.
func TestRequestReachesUpstreamAndItsDecisionComesBack(t *testing.T) {
	ctx := context.Background()
	dir, up := newUpstream(t)
	s := newStation(t)
	c := enrol(t, dir, up, s, "Công an xã Mẫu")
	number := reception(t, s, 1)
	second := reception(t, s, 2)
	if row, err := s.Summary(ctx, storetest.DossierID(1)); err != nil || row.Unsent == 0 {
		t.Fatalf("%+v, %v", row, err)
	}
	if status, errs := up.stop(); status != cli.OK || errs != "" {
		t.Errorf("stopped with %d %s", status, errs)
	}
	if _, err := c.Send(ctx, nil); dossier.Code(err) != "line.down" {
		t.Errorf("without upstream: %v", err)
	}
	startServer(t, dir, up.address)
	sent, err := c.Send(ctx, nil)
	if err != nil || sent.Pushed != 4 || sent.Receipt == nil || sent.Receipt.Number != "BN-261120-0001" {
		t.Fatalf("%+v, %v", sent, err)
	}
	if row, err := s.Summary(ctx, storetest.DossierID(1)); err != nil || row.Unsent != 0 {
		t.Errorf("%+v, %v", row, err)
	}
	var rows []struct {
		Number, Station, Name string
		Status                dossier.Status
	}
	ask(t, &rows, "list", "-data", dir)
	if len(rows) != 2 || rows[0].Number != second || rows[1].Number != number || rows[1].Station != "Công an xã Mẫu" || rows[1].Name == "" {
		t.Errorf("%+v", rows)
	}
	var decided struct {
		Status   dossier.Status
		Recorded bool
		Decision dossier.Decision
	}
	args := []string{"decide", number, "-data", dir, "-approve", "-document", "01/TB-MAU", "-date", "20/11/2026"}
	ask(t, &decided, args...)
	if decided.Status != dossier.StatusDone || !decided.Recorded || !strings.HasPrefix(decided.Decision.By, "Cục Cảnh sát") {
		t.Errorf("%+v", decided)
	}
	if ask(t, &decided, args...); decided.Recorded {
		t.Error("recorded twice")
	}
	if sent, err = c.Send(ctx, nil); err != nil || sent.Pulled != 1 || sent.Pushed != 0 {
		t.Errorf("%+v, %v", sent, err)
	}
	if sent, err = c.Send(ctx, nil); err != nil || sent.Pulled != 0 {
		t.Errorf("%+v, %v", sent, err)
	}
	d, err := s.Find(ctx, number)
	if err != nil || d.Status != dossier.StatusDone || d.Decision == nil || d.Decision.Document != "01/TB-MAU" || len(d.Course) != 2 {
		t.Errorf("%+v, %v", d, err)
	}
	var shown struct {
		Course []struct{ Kind dossier.Kind }
	}
	ask(t, &shown, "show", "-data", dir, number)
	if len(shown.Course) != 2 || shown.Course[1].Kind != dossier.Decided {
		t.Errorf("%+v", shown)
	}
	var check dossier.StoreCheck
	ask(t, &check, "verify", "-data", dir)
	if check.Entries != 6 || check.Receipts != 1 || len(check.Faults) != 0 {
		t.Errorf("%+v", check)
	}
	if check, err := s.Verify(ctx); err != nil || len(check.Faults) != 0 {
		t.Errorf("%+v, %v", check, err)
	}
}

func TestPoisonIsShownAtTheDesk(t *testing.T) {
	ctx := context.Background()
	dir, up := newUpstream(t)
	s := newStation(t)
	c := enrol(t, dir, up, s, "Công an xã Mẫu")
	reception(t, s, 1)
	if _, err := s.Act(ctx, storetest.DossierID(1), func(d dossier.Dossier) (dossier.Event, error) {
		return dossier.Event{ID: storetest.EventID(900), Dossier: d.ID, Kind: dossier.HandedOver, By: "mau", At: at(), Body: []byte(`[7]`)}, nil
	}); err != nil {
		t.Fatal(err)
	}
	if sent, err := c.Send(ctx, nil); err != nil || sent.Pushed != 4 {
		t.Fatalf("%+v, %v", sent, err)
	}
	if _, err := c.Send(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if row, err := s.Summary(ctx, storetest.DossierID(1)); err != nil || !strings.Contains(row.SentBack, "Bàn giao hồ sơ") {
		t.Errorf("%+v, %v", row, err)
	}
}

func TestCallsNobodyUnderstandsEndWithTwo(t *testing.T) {
	for _, args := range [][]string{nil, {"unknown"}, {"init"}, {"list"}, {"list", "-data", "x", "-n", "0"}, {"show", "-data", "x"}, {"show", "-data", "x", "1", "2"},
		{"decide", "1", "-data", "x"}, {"decide", "1", "-data", "x", "-approve", "-refuse"}, {"verify", "-data", "x", "-what"}, {"serve"}} {
		if status, out, errs := callUpstream(args...); status != cli.Usage || out != "" || !strings.Contains(errs, "Cách dùng") {
			t.Errorf("%v: %d %q %q", args, status, out, errs)
		}
	}
	if status, out, _ := callUpstream("help"); status != cli.OK || !strings.Contains(out, "upstream decide") {
		t.Errorf("help: %d %q", status, out)
	}
}

func TestRefusalsEndWithOneAndAReasonInVietnamese(t *testing.T) {
	dir := t.TempDir()
	var made map[string]string
	ask(t, &made, "init", "-data", dir, "-name", "Công an tỉnh Mẫu", "-address", "127.0.0.1:8443")
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for code, args := range map[string][]string{
		"upstream.exists":     {"init", "-data", dir, "-name", "X", "-address", "a:1"},
		"upstream.name":       {"init", "-data", t.TempDir(), "-name", " ", "-address", "a:1"},
		"ticket.address":      {"init", "-data", t.TempDir(), "-name", "X", "-address", "http://a"},
		"upstream.folder":     {"init", "-data", file, "-name", "X", "-address", "a:1"},
		"upstream.no-store":   {"list", "-data", t.TempDir()},
		"ticket.station":      {"ticket", "-data", dir},
		"desk.range":          {"ticket", "-data", dir, "-station", "X", "-desk", "4"},
		"upstream.no-station": {"list", "-data", dir, "-station", "X"},
		"upstream.no-device":  {"revoke", "-data", dir, "-station", "X", "-desk", "1"},
		"upstream.no-dossier": {"show", "MAU-1", "-data", dir},
		"date.format":         {"decide", "MAU-1", "-data", dir, "-approve", "-document", "1", "-date", "32/13/2026"},
		"upstream.listen":     {"serve", "-data", dir, "-listen", "256.0.0.1:1"},
	} {
		status, out, errs := callUpstream(args...)
		if status != cli.No || out != "" || !strings.HasSuffix(errs, code+"]\n") || strings.Contains(errs, "chưa xác định") {
			t.Errorf("%s: %d %q %q", code, status, out, errs)
		}
	}
}

func TestDecisionRefusedNeedsItsReason(t *testing.T) {
	dir, up := newUpstream(t)
	s := newStation(t)
	c := enrol(t, dir, up, s, "Công an xã Mẫu")
	number := reception(t, s, 1)
	if _, err := c.Send(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	args := []string{"decide", number, "-data", dir, "-refuse", "-document", "02/TB-MAU", "-date", "2026-11-20"}
	if status, _, _ := callUpstream(args...); status != cli.No {
		t.Errorf("status %d", status)
	}
	status, out, errs := callUpstream(append(args, "-reason", "Không xác định được chủ thể.")...)
	if status != cli.OK || !strings.Contains(out, "không đồng ý (Không xác định được chủ thể.)") {
		t.Errorf("%d %q %q", status, out, errs)
	}
	if status, out, _ := callUpstream("list", "-data", dir); status != cli.OK || !strings.Contains(out, number) {
		t.Errorf("%d %q", status, out)
	}
	status, out, _ = callUpstream("revoke", "-data", dir, "-station", "Công an xã Mẫu", "-desk", "1")
	if status != cli.OK || !strings.Contains(out, "Đã thu hồi") {
		t.Errorf("%d %q", status, out)
	}
	if _, err := c.Send(context.Background(), nil); dossier.Code(err) != "line.revoked" {
		t.Errorf("got %v", err)
	}
}

func TestVerifySpeaksForPeopleToo(t *testing.T) {
	dir, up := newUpstream(t)
	s := newStation(t)
	c := enrol(t, dir, up, s, "Công an xã Mẫu")
	reception(t, s, 1)
	if _, err := c.Send(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	status, out, _ := callUpstream("verify", "-data", dir)
	if status != cli.OK || out != "Đã kiểm tra 2 nhật ký, 4 diễn biến, 1 hồ sơ, 1 biên nhận.\n" {
		t.Errorf("%d %q", status, out)
	}
}
