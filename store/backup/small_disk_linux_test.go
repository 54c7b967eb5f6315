package backup

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"tiepnhan/dossier"
)

// disk is a folder on a disk of that size. Only root can make one.
func disk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("no small disk to try on: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

func TestAFullAReadOnlyAndAPulledOutStickAreSaidInWords(t *testing.T) {
	s := newStation(t, 30)
	full := disk(t, "1m")
	_, err := s.vault.Make(t.Context(), Stick(full), false, nil)
	wantCode(t, err, "backup.full")
	room := disk(t, "200m")
	must(t, os.WriteFile(filepath.Join(room, "x"), make([]byte, 150<<20), 0o600)) // less is left than the store would want
	_, err = s.vault.Make(t.Context(), dossier.BackupPlace{Kind: dossier.PlaceSecond, Path: room}, false, nil)
	wantCode(t, err, "backup.full")
	for _, folder := range []string{filepath.Join(full, StickFolder), room} {
		left, err := os.ReadDir(folder)
		must(t, err)
		for _, e := range left {
			if e.Name() != "x" {
				t.Errorf("left %s", e.Name())
			}
		}
	}
	protected := disk(t, "200m")
	must(t, os.Mkdir(filepath.Join(protected, StickFolder), 0o700))
	must(t, syscall.Mount("", protected, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	_, err = s.vault.Make(t.Context(), Stick(protected), false, nil)
	wantCode(t, err, "backup.read-only")
	wantCode(t, look(Stick(protected), s.vault.ours).Trouble, "backup.read-only")
	pulled := disk(t, "200m")
	n := 0
	s.vault.at = func(step string) error {
		if step == "write" {
			if n++; n == 2 {
				return syscall.Unmount(pulled, syscall.MNT_DETACH)
			}
		}
		if step == "flush" {
			return syscall.EIO
		}
		return nil
	}
	_, err = s.vault.Make(t.Context(), Stick(pulled), false, nil)
	wantCode(t, err, "backup.gone")
	s.vault.at = func(string) error { return nil }
	// The store's own disk: what stands there stays, and the store goes on.
	s.receive(1)
	s.sound()
}
