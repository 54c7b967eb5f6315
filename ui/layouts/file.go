package layouts

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// mostFile is more than any form's text has.
const mostFile = 1 << 20

// writeFile writes a file whole or not at all.
func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("write form text: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".mau-*")
	if err != nil {
		return fmt.Errorf("write form text: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write form text: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write form text: %w", err)
	}
	return nil
}

// errLarge is a file that can be no form's text.
var errLarge = errors.New("file is too large")

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read form text: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostFile+1))
	if err == nil && len(data) > mostFile {
		err = errLarge
	}
	if err != nil {
		return nil, fmt.Errorf("read form text: %w", err)
	}
	return data, nil
}
