package assets

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed words/*.json
var wordFiles embed.FS

// unknown is said for a code without words of its own: true, and of some use to whoever is asked for help.
const unknown = "Có lỗi chưa xác định được. Vui lòng thử lại; nếu vẫn lỗi, hãy báo người quản trị mã lỗi “{code}”."

// words are read once. That every file is well-formed is for a test to hold; here a bad one only costs its own sentences.
var words = sync.OnceValue(func() map[string]string {
	all, _ := readWords(wordFiles)
	return all
})

// Word is the Vietnamese of a code, with {name} replaced by that argument. For a code without words it is a sentence that names
// the code.
func Word(code string, args map[string]string) string {
	sentence, ok := words()[code]
	if !ok {
		sentence, args = unknown, map[string]string{"code": code}
	}
	var pairs []string
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}

// Codes are all codes that have words, in order.
func Codes() []string { return slices.Sorted(maps.Keys(words())) }

// readWords reads every file words/*.json; the words of a good one are given even beside an error about another. A code in two
// places is an error: one of them would never be said.
func readWords(files fs.FS) (map[string]string, error) {
	names, err := fs.Glob(files, "words/*.json")
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	var faults []string
	for _, name := range names {
		if err := readWordFile(files, name, all); err != nil {
			faults = append(faults, err.Error())
		}
	}
	if faults != nil {
		return all, fmt.Errorf("read words: %s", strings.Join(faults, "; "))
	}
	return all, nil
}

func readWordFile(files fs.FS, name string, all map[string]string) error {
	f, err := files.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	in := json.NewDecoder(f)
	if t, err := in.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("%s: want one object of code and sentence", name)
	}
	for in.More() { // by hand, because Unmarshal keeps the last of two without a word
		code, err := in.Token()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		sentence, err := in.Token()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		c, _ := code.(string)
		s, ok := sentence.(string)
		if !ok {
			return fmt.Errorf("%s: %v: want a sentence", name, code)
		}
		if _, twice := all[c]; twice {
			return fmt.Errorf("%s: %s has words already", name, c)
		}
		all[c] = s
	}
	if _, err := in.Token(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
