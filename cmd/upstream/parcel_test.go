package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/exchange"
	"tiepnhan/sync/receive"
	"tiepnhan/sync/wire"
)

// A keeper at upstream serves a station that has no line, with verbs and a stick alone.
func TestStationWithoutALineIsServedByStick(t *testing.T) {
	data, stick := filepath.Join(t.TempDir(), "kho"), t.TempDir()
	if status, _, errs := callUpstream("init", "-data", data, "-name", "Công an tỉnh Mẫu", "-address", "https://127.0.0.1:8443"); status != cli.OK {
		t.Fatal(errs)
	}
	file := filepath.Join(t.TempDir(), "phieu.txt")
	if status, _, errs := callUpstream("ticket", "-data", data, "-station", "Công an xã Thử Nghiệm", "-out", file); status != cli.OK {
		t.Fatal(errs)
	}
	ticket, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// A file that is there stays; the ticket, which can be seen only once, is shown all the same.
	if status, out, errs := callUpstream("ticket", "-data", data, "-station", "Công an xã Thử Nghiệm", "-out", file); status != cli.No || !strings.Contains(errs, "parcel.file") || !strings.Contains(out, "TN1.") {
		t.Errorf("%d %s %s", status, out, errs)
	}
	for _, ending := range []string{".png", ".PDF"} {
		name := filepath.Join(t.TempDir(), "phieu"+ending)
		if status, _, errs := callUpstream("ticket", "-data", data, "-station", "Công an xã Thử Nghiệm", "-desk", "3", "-out", name); status != cli.OK {
			t.Fatal(errs)
		}
		b, err := os.ReadFile(name)
		if err != nil || !strings.HasPrefix(string(b), map[string]string{".png": "\x89PNG", ".PDF": "%PDF"}[ending]) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s, err := store.Create(t.Context(), t.TempDir(), store.Options{Now: at, NoReserve: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Record(t.Context(), storetest.SettingsEvent(1)); err != nil {
		t.Fatal(err)
	}
	c := exchange.New(s)
	if status, _, errs := callUpstream("enrol", stick, "-data", data); status != cli.No || !strings.Contains(errs, "parcel.no-ask") {
		t.Errorf("an empty stick: %d %s", status, errs)
	}
	if _, err := c.EnrolAsk(t.Context(), wire.SystemDisk{}, stick, string(ticket)); err != nil {
		t.Fatal(err)
	}
	var enrolled []receive.EnrolledPC
	ask(t, &enrolled, "enrol", stick, "-data", data)
	if _, err := c.EnrolTake(t.Context(), stick); err != nil || len(enrolled) != 1 {
		t.Fatal(err, enrolled)
	}
	if _, err := c.Export(t.Context(), wire.SystemDisk{}, stick, at(), nil); err != nil {
		t.Fatal(err)
	}
	var in dossier.Imported
	ask(t, &in, "import", stick, "-data", data)
	if in.Taken == 0 || len(in.Parcels) != 1 || in.Parcels[0].Problem != nil {
		t.Fatalf("imported %+v", in)
	}
	sheet := filepath.Join(t.TempDir(), "giao-nhan.pdf")
	var out dossier.Exported
	ask(t, &out, "export", stick, "-data", data, "-station", "Công an xã Thử Nghiệm", "-sheet", sheet)
	if b, err := os.ReadFile(sheet); err != nil || !strings.HasPrefix(string(b), "%PDF") || len(out.Parcels) != 1 {
		t.Errorf("exported %+v, %v", out, err)
	}
	if got, err := c.Import(t.Context(), stick, nil); err != nil || got.Receipts != 1 || s.Own().Receipt == nil {
		t.Errorf("home: %+v, %v", got, err)
	}
	if status, _, errs := callUpstream("import", t.TempDir(), "-data", data); status != cli.No || !strings.Contains(errs, "parcel.none") {
		t.Errorf("an empty stick: %d %s", status, errs)
	}
	if status, _, errs := callUpstream("export", stick, "-data", data, "-station", "Không có"); status != cli.No || !strings.Contains(errs, "upstream.no-station") {
		t.Errorf("a station nobody knows: %d %s", status, errs)
	}
}
