package wire

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tiepnhan/dossier"
)

// Enrolment by stick is the same question and answer as on the line, as two small files in ParcelFolder:
//
//	<hash>.ask     64 bytes of Ed25519 signature by the key that asks (on the line TLS shows that it is held), then the question
//	<hash>.answer  the answer
//
// Both are proved with the ticket's secret over the whole question, so neither can be exchanged for another.
const (
	askEnding    = ".ask"
	answerEnding = ".answer"
	maxNotes     = 200 // of one ending, that are looked at on one stick
)

var askDomain = []byte("tiepnhan/enrol-ask/1\x00")

// WriteAsk puts the question of enrolment onto a stick. Codes: parcel.folder, parcel.no-folder, parcel.full, parcel.not-writable, parcel.differs.
func WriteAsk(disk Disk, dir string, question []byte, key ed25519.PrivateKey) (file string, err error) {
	b := append(ed25519.Sign(key, append(bytes.Clone(askDomain), question...)), question...)
	return writeNote(disk, dir, noteName(question)+askEnding, b)
}

// WriteEnrolAnswer puts the answer to a question beside it. Codes: those of WriteAsk.
func WriteEnrolAnswer(disk Disk, dir string, question, answer []byte) (file string, err error) {
	return writeNote(disk, dir, noteName(question)+answerEnding, answer)
}

func noteName(question []byte) string {
	sum := dossier.Hash(sha256.Sum256(question))
	return "ghep-noi-" + sum.String()[:12]
}

// Ask is a question found on a stick.
type Ask struct {
	File     string
	Question []byte
	Key      ed25519.PublicKey // who asks, and signed it
	Err      dossier.Problems  // parcel.ask-damaged
}

// Asks are the questions on a stick. Code: parcel.folder.
func Asks(ctx context.Context, dir string) ([]Ask, error) {
	var out []Ask
	err := eachNote(ctx, dir, askEnding, func(file string, b []byte) {
		a := Ask{File: file, Err: dossier.Invalid("", "parcel.ask-damaged", "file", file)}
		if len(b) > ed25519.SignatureSize {
			question := b[ed25519.SignatureSize:]
			if e, err := ParseEnrol(question); err == nil && ed25519.Verify(e.Key, append(bytes.Clone(askDomain), question...), b[:ed25519.SignatureSize]) {
				a = Ask{File: file, Question: question, Key: e.Key}
			}
		}
		out = append(out, a)
	})
	return out, err
}

// EnrolAnswers are the answers on a stick, whosever they are. Code: parcel.folder.
func EnrolAnswers(ctx context.Context, dir string) ([][]byte, error) {
	var out [][]byte
	err := eachNote(ctx, dir, answerEnding, func(_ string, b []byte) { out = append(out, b) })
	return out, err
}

// eachNote reads the small files with an ending in a folder and in its ParcelFolder.
func eachNote(ctx context.Context, dir, ending string, do func(file string, b []byte)) error {
	for _, at := range []string{dir, filepath.Join(dir, ParcelFolder)} {
		root, err := os.OpenRoot(at)
		if err != nil && at == dir {
			return dossier.Invalid("folder", "parcel.folder", "folder", dir)
		}
		if err != nil {
			continue
		}
		err = func() error {
			defer root.Close()
			d, err := root.Open(".")
			if err != nil {
				return err
			}
			defer d.Close()
			names, err := d.Readdirnames(maxInFolder)
			if len(names) == 0 && err != nil {
				return nil // an empty one, or a stick that was pulled out
			}
			names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasSuffix(strings.ToLower(name), ending) })
			slices.Sort(names)
			for _, name := range names[:min(len(names), maxNotes)] {
				if err := ctx.Err(); err != nil {
					return err
				}
				if b, err := readPlain(root, name, ed25519.SignatureSize+sha256.Size+MaxMessage); err == nil {
					do(dossier.Clean(name), b) // for people
				}
			}
			return nil
		}()
		if err != nil {
			return err
		}
	}
	return nil
}

// writeNote puts one small file into ParcelFolder under a name that is there only when it is whole, over one of that name. It was read
// back as it was written.
func writeNote(disk Disk, dir, name string, b []byte) (string, error) {
	dir, err := top(dir)
	if err != nil {
		return "", err
	}
	at := filepath.Join(dir, ParcelFolder)
	if err := os.MkdirAll(at, 0o777); err != nil {
		return "", writeFailure(err)
	}
	draft, whole := filepath.Join(at, temporary(name)), filepath.Join(at, name)
	if err := os.Remove(draft); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", writeFailure(err)
	}
	if err := writeWhole(disk, at, name, b); err != nil {
		return "", writeFailure(err)
	}
	var back bytes.Buffer
	if err := disk.ReadBack(draft, &back); err != nil || !bytes.Equal(back.Bytes(), b) {
		_ = os.Remove(draft) // it is no note; the stick may be gone
		return "", dossier.Invalid("folder", "parcel.differs")
	}
	if err := errors.Join(disk.Rename(draft, whole), disk.Flush(at)); err != nil {
		return "", writeFailure(fmt.Errorf("write %s: %w", name, err))
	}
	return ParcelFolder + "/" + name, nil
}
