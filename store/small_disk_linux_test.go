package store

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// oddName is the name of a folder with all that a name may hold here.
const oddName = "dữ liệu #1 %20?"

// smallDisk is a folder on a disk of that size. Only root can make one.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("no small disk to try on: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// writeProtect makes the disk one that cannot be written, until the test ends.
func writeProtect(t *testing.T, dir string) {
	t.Helper()
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
}

// asNobody runs the program as somebody without rights, where we are somebody with all of them.
func asNobody(c *exec.Cmd) {
	if os.Getuid() == 0 {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
}
