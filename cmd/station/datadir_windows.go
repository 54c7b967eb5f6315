package main

import (
	"os"
	"path/filepath"
)

// defaultData is the local, not the roaming, profile: a station's file belongs to this PC.
func defaultData() string { return filepath.Join(os.Getenv("LOCALAPPDATA"), "TiepNhan") }
