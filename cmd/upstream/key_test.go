package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/sync/receive"
)

func refused(t *testing.T, code string, args ...string) {
	t.Helper()
	if status, out, errs := callUpstream(args...); status == cli.OK || !strings.Contains(errs, code) {
		t.Errorf("upstream %s: %d %s %s, want %s", strings.Join(args, " "), status, out, errs, code)
	}
}

// An encrypted store opens with its key alone, says nothing on the disk, and a wrong key harms nothing.
func TestAnEncryptedStoreOpensWithItsKeyAlone(t *testing.T) {
	const name = "Công an tỉnh Bí Mật Thử"
	for _, later := range []bool{false, true} {
		dir, key := filepath.Join(t.TempDir(), "tinh"), filepath.Join(t.TempDir(), "khoa")
		args := []string{"init", "-data", dir, "-name", name, "-address", "https://127.0.0.1:9443"}
		if later {
			if status, _, errs := callUpstream(args...); status != cli.OK {
				t.Fatal(errs)
			}
			refused(t, "upstream.not-encrypted", "list", "-data", dir, "-key", key)
			args = []string{"encrypt", "-data", dir}
		}
		if status, _, errs := callUpstream(append(args, "-key", key)...); status != cli.OK {
			t.Fatal(errs)
		}
		if status, out, errs := callUpstream("ticket", "-data", dir, "-station", "Công an xã Kín", "-key", key); status != cli.OK || out == "" {
			t.Fatal(errs)
		}
		other := filepath.Join(t.TempDir(), "khoa-khac")
		if err := os.WriteFile(other, []byte(strings.Repeat("ab", keySize)), 0o600); err != nil {
			t.Fatal(err)
		}
		before := files(t, dir)
		refused(t, "upstream.key-needed", "list", "-data", dir)
		refused(t, "upstream.wrong-key", "list", "-data", dir, "-key", other)
		refused(t, "upstream.key-file", "list", "-data", dir, "-key", filepath.Join(dir, receive.FileName))
		refused(t, "upstream.key-file", "list", "-data", dir, "-key", filepath.Join(t.TempDir(), "none"))
		for path, b := range files(t, dir) {
			if !bytes.Equal(b, before[path]) {
				t.Errorf("%s was written with a wrong key", path)
			}
			for _, word := range []string{name, "Công an xã Kín", "CREATE TABLE"} {
				if bytes.Contains(b, []byte(word)) {
					t.Errorf("%s holds %q in clear", path, word)
				}
			}
		}
		if status, _, errs := callUpstream("verify", "-data", dir, "-key", key); status != cli.OK {
			t.Error(errs)
		}
	}
}

func TestAKeyIsNotKeptBesideItsStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tinh")
	refused(t, "upstream.key-beside", "init", "-data", dir, "-name", "Công an tỉnh Mẫu", "-address", "https://127.0.0.1:9443", "-key", filepath.Join(dir, "khoa"))
	if _, err := os.Stat(dir); err == nil {
		t.Error("the folder was made all the same")
	}
}

func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(e.Name(), "-shm") { // who reads leaves marks there
			out[e.Name()] = b
		}
	}
	return out
}
