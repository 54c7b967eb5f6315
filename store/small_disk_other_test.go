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

func writeProtect(*testing.T, string) {}

func asNobody(*exec.Cmd) {}
