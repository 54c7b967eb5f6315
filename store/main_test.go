package store

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets the test program be its own victim: see TestNothingShownAsKeptIsLostToKill.
func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		os.Exit(beVictim(dir))
	}
	if dir := os.Getenv(healerDir); dir != "" {
		os.Exit(beHealer(dir))
	}
	if dir := os.Getenv(workerDir); dir != "" {
		os.Exit(beWorker(dir))
	}
	if dir := os.Getenv(strangerDir); dir != "" {
		os.Exit(beStranger(dir))
	}
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		flag.Set("rapid.checks", "40") // each makes a real store; more by hand
	}
	os.Exit(m.Run())
}
