//go:build !linux

package store

import (
	"os/exec"
	"testing"
)

func smallDisk(t *testing.T, _ string) string {
	t.Skip("no small disk to try on")
	return ""
}

// oddName is the name of a folder with all that a name may hold here.
const oddName = "dữ liệu #1 %20"

func writeProtect(*testing.T, string) {}

func asNobody(*exec.Cmd) {}
