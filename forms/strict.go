package forms

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// readStrictly reads one JSON value that a person wrote: a field we do not know, a key that stands twice and anything after the value
// are errors, for each would be a word that is never heard.
func readStrictly(text []byte, into any) error {
	in := json.NewDecoder(bytes.NewReader(text))
	in.DisallowUnknownFields()
	if err := in.Decode(into); err != nil {
		return err
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the end")
	}
	return checkKeys(json.NewDecoder(bytes.NewReader(text)))
}

// checkKeys walks over one value and refuses an object with a key that stands twice.
func checkKeys(in *json.Decoder) error {
	open, err := in.Token()
	if err != nil {
		return err
	}
	delim, nested := open.(json.Delim)
	if !nested {
		return nil
	}
	seen := map[string]bool{}
	for in.More() {
		if delim == '{' {
			token, err := in.Token()
			if err != nil {
				return err
			}
			key, _ := token.(string)
			if seen[key] {
				return fmt.Errorf("key %q stands twice", key)
			}
			seen[key] = true
		}
		if err := checkKeys(in); err != nil {
			return err
		}
	}
	_, err = in.Token()
	return err
}
