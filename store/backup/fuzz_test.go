package backup

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/dossier/dossiertest"
)

// A file that lies where backups are may be anything; its head is read without a key.
func FuzzHead(f *testing.F) {
	h := Head{Format: Format, Made: time.Date(2026, 11, 20, 17, 0, 0, 0, dossier.Hanoi), Size: 4096, Pages: 3, Salt: make([]byte, saltSize), Ring: []byte("{}")}
	h.Census.Own.Device = dossier.DeviceID{1}
	head, err := json.Marshal(h)
	if err != nil {
		f.Fatal(err)
	}
	for _, b := range [][]byte{head, head[:len(head)/2], []byte(`{"Format":99}`), bytes.Repeat([]byte("["), maxHead), nil} {
		f.Add(b)
	}
	path := filepath.Join(f.TempDir(), "mau.sao-luu")
	f.Fuzz(func(t *testing.T, head []byte) {
		if len(head) > maxHead+1 {
			return
		}
		framed := binary.BigEndian.AppendUint32(bytes.Clone(mark), uint32(len(head)))
		framed = append(binary.BigEndian.AppendUint64(framed, 7), make([]byte, len(dossier.Hash{}))...)
		for _, b := range [][]byte{head, append(append(framed, head...), "sealed."...)} {
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			dossiertest.Answered(t, func() {
				got, err := Read(path)
				if err != nil && dossier.Code(err) == "" {
					t.Fatalf("an error without a code: %v", err)
				}
				if err == nil && (got.Format != Format || got.Size == 0 || got.Pages < 1 || len(got.Ring) == 0 || got.name() == "") {
					t.Fatalf("taken: %+v", got)
				}
			})
		}
	})
}
