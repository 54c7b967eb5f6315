//go:build !windows

package backup

import (
	"path/filepath"
	"syscall"
	"testing"
)

func TestAPipeIsNotWaitedFor(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "x"+Extension)
	must(t, syscall.Mkfifo(pipe, 0o600))
	_, err := Read(pipe)
	wantCode(t, err, "backup.foreign")
}
