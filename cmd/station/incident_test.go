package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/dossier"
)

const number = "001099000001"

func TestShowHidesNumbersUnlessTheyAreAskedFor(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir := sampleDir(t)
	callWith(t, cardRequest, "receive", "-in", "-", "-data", dir).ok(t)
	for _, args := range [][]string{{"show", "MAU.01-261120-0001"}, {"show", "-json", "MAU.01-261120-0001"}, {"list"}, {"list", "-json"}} {
		if said := call1(t, append(args, "-data", dir)...).ok(t); strings.Contains(said.out, number) || args[0] == "show" && !strings.Contains(said.out, "001•••••0001") {
			t.Errorf("%v: %s", args, said.out)
		}
	}
	if said := call1(t, "audit", "-data", dir).ok(t); strings.Contains(said.out, dossier.TraceRevealed.Title()) {
		t.Errorf("nobody has seen it: %s", said.out)
	}
	for _, args := range [][]string{{}, {"-json"}} {
		if said := call1(t, append([]string{"show", "MAU.01-261120-0001", "-reveal", "-data", dir}, args...)...).ok(t); !strings.Contains(said.out, number) {
			t.Errorf("%v: %s", args, said.out)
		}
	}
	said := call1(t, "audit", "-data", dir).ok(t)
	if strings.Count(said.out, dossier.TraceRevealed.Title()) != 2 || strings.Contains(said.out, number) {
		t.Errorf("%s", said.out)
	}
	if said := call1(t, "list", "-q", number, "-data", dir).ok(t); !strings.Contains(said.out, "0001") {
		t.Errorf("it is not found by its number any more: %s", said.out)
	}
}

func TestReportOfTheWorstDayFromTheCommandLine(t *testing.T) {
	at(t, "2026-11-20 09:05")
	dir := sampleDir(t)
	callWith(t, cardRequest, "receive", "-in", "-", "-data", dir).ok(t)
	at(t, "2026-11-20 11:00")
	var got dossier.Incident
	if said := call1(t, "incident", "-what", "lost", "-noticed", "2026-11-20 10:00", "-data", dir, "-json").ok(t); json.Unmarshal([]byte(said.out), &got) != nil {
		t.Fatal(said.out)
	}
	if got.Persons != 1 || got.Dossiers != 1 || got.Store != dossier.StorePlain || len(got.Duties) != 4 || got.Waiting() != 1 {
		t.Errorf("%+v", got)
	}
	out := filepath.Join(t.TempDir(), "su-co.pdf")
	said := call1(t, "incident", "-what", "leaked", "-noticed", "2026-11-20 10:00", "-out", out, "-pc", got.Device.String()[:6], "-data", dir).ok(t)
	if !strings.Contains(said.out, "10:00") || !strings.Contains(said.out, "23/11/2026") || strings.Contains(said.out, "Mẫu") {
		t.Errorf("%s", said.out)
	}
	if pdf, err := os.ReadFile(out); err != nil || !strings.HasPrefix(string(pdf), "%PDF") {
		t.Errorf("%v", err)
	}
	if said := call1(t, "audit", "-data", dir).ok(t); strings.Count(said.out, dossier.TracePrinted.Title()) != 1 {
		t.Errorf("the file is not in the audit: %s", said.out)
	}
	call1(t, "incident", "-what", "fire", "-noticed", "2026-11-20 10:00", "-data", dir).refused(t, "incident.what")
	call1(t, "incident", "-what", "lost", "-noticed", "2026-11-21 10:00", "-data", dir).refused(t, "incident.future")
	call1(t, "incident", "-what", "lost", "-noticed", "2026-11-20 10:00", "-pc", "zz", "-data", dir).refused(t, "incident.pc")
	if said := call1(t, "incident", "-what", "lost", "-noticed", "hôm qua", "-data", dir); said.code != 2 {
		t.Errorf("exit %d", said.code)
	}
}
