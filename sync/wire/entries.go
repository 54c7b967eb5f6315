package wire

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"tiepnhan/dossier"
)

// Entries travel in columns, which pack better than rows: first all headers, then all salts, then all bodies. A header travels
// without the hash of its content, which the reader computes from salt and body; of a purged entry it travels in the salt's place.
//
//	per entry: 0 (kept) or 1 (purged), then the header's bytes without Content
//	per entry: 16 bytes of salt, or 32 of Content
//	per kept entry: length as a shortest uvarint, and the body

// Where dossier.Entry.Header has its Content.
const (
	contentAt  = 33
	contentEnd = contentAt + 32
	fixedEnd   = contentEnd + 8 // then kind, officer and bases, each after its length
)

func appendEntries(b []byte, entries []dossier.Entry) []byte {
	for _, e := range entries {
		header := e.Header()
		b = append(b, flag(e.Purged))
		b = append(append(b, header[:contentAt]...), header[contentEnd:]...)
	}
	for _, e := range entries {
		if e.Purged {
			b = append(b, e.Content[:]...)
		} else {
			b = append(b, e.Salt[:]...)
		}
	}
	for _, e := range entries {
		if !e.Purged {
			b = append(binary.AppendUvarint(b, uint64(len(e.Body))), e.Body...)
		}
	}
	return b
}

func flag(purged bool) byte {
	if purged {
		return 1
	}
	return 0
}

// unpackedSize is at least what appendEntries adds for the entry.
func unpackedSize(e dossier.Entry) int {
	return 1 + fixedEnd + 3 + len(e.Kind) + len(e.By) + 16*len(e.Bases) + 32 + binary.MaxVarintLen32 + len(e.Body)
}

// parseEntries reads that many entries and nothing after them. The bodies share b's memory.
func parseEntries(b []byte, count int) ([]dossier.Entry, error) {
	bad := func(what string) ([]dossier.Entry, error) { return nil, fmt.Errorf("entries: %w: %s", ErrBad, what) }
	headers := make([][]byte, count)
	purged := make([]bool, count)
	for i := range count {
		if len(b) == 0 || b[0] > 1 {
			return bad("flag")
		}
		purged[i] = b[0] == 1
		b = b[1:]
		n := headerLength(b)
		if n == 0 {
			return bad("header")
		}
		h := make([]byte, 0, n+32)
		h = append(append(append(h, b[:contentAt]...), make([]byte, 32)...), b[contentAt:n]...)
		headers[i], b = h, b[n:]
	}
	salts := make([][16]byte, count)
	for i := range count {
		if purged[i] {
			if len(b) < 32 {
				return bad("content hash")
			}
			copy(headers[i][contentAt:], b[:32])
			b = b[32:]
			continue
		}
		if len(b) < 16 {
			return bad("salt")
		}
		b = b[copy(salts[i][:], b):]
	}
	out := make([]dossier.Entry, count)
	for i := range count {
		var body []byte
		if !purged[i] {
			size, n := binary.Uvarint(b)
			if n <= 0 || n > 1 && b[n-1] == 0 || size > dossier.MaxBody || size > uint64(len(b)-n) {
				return bad("body length")
			}
			body, b = b[n:n+int(size):n+int(size)], b[n+int(size):]
			content := sha256.New()
			content.Write(salts[i][:])
			content.Write(body)
			content.Sum(headers[i][contentAt:contentAt])
		}
		e, err := dossier.ParseEntry(headers[i], salts[i], body, purged[i])
		if err != nil {
			return nil, fmt.Errorf("entries: %w: %w", ErrBad, err)
		}
		out[i] = e
	}
	if len(b) > 0 {
		return bad("bytes after the last entry")
	}
	return out, nil
}

// headerLength is how many bytes the header without Content at the start of b has; 0 if it is cut off.
func headerLength(b []byte) int {
	n := fixedEnd - 32
	for _, unit := range []int{1, 1, 16} { // kind, officer, bases
		if len(b) <= n {
			return 0
		}
		n += 1 + unit*int(b[n])
	}
	if len(b) < n {
		return 0
	}
	return n
}
