package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// encode is the one form of a message. All our messages can be marshalled, so there is no error to hand on.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("wire: message of type %T: %v", v, err)) // a type of ours that JSON has no form for: a bug, not input
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// maxParts bounds the commas of a message: a list of a million bytes of "{}," would decode to a hundred times as many.
const maxParts = 32 * MaxChains

// decode reads a message and refuses all but its one form: unknown or repeated fields, other spellings of a value, white space.
func decode(b []byte, v any) error {
	if n := bytes.Count(b, []byte(",")); n > maxParts {
		return fmt.Errorf("%w: message of %d parts", ErrBad, n)
	}
	return decodeUpTo(b, MaxMessage, v)
}

func decodeUpTo(b []byte, most int, v any) error {
	if len(b) > most {
		return fmt.Errorf("%w: message of %d bytes", ErrBad, len(b))
	}
	if !utf8.Valid(b) {
		return fmt.Errorf("%w: message is not UTF-8", ErrBad)
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%w: %w", ErrBad, err)
	}
	if !bytes.Equal(encode(v), b) {
		return fmt.Errorf("%w: message not in its one form", ErrBad)
	}
	return nil
}
