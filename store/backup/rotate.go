package backup

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"tiepnhan/dossier"
)

// What a place keeps: the newest, and the last of each of that many days, weeks and months that have one.
const (
	newest = 3
	days   = 7
	weeks  = 5
	months = 12
)

// kept tells which backups of one place stay, by their place in the list, the newest first. A week and a month are spoken for by the newest one
// that was proved, if any was. The newest and the newest proved one always stay.
func kept(all []found) map[int]bool {
	stay := map[int]bool{}
	for _, span := range []struct {
		most   int
		proved bool // rather one that was proved
		name   func(time.Time) string
	}{
		{days, false, func(t time.Time) string { return t.Format("2006-01-02") }},
		{weeks, true, func(t time.Time) string {
			year, week := t.ISOWeek()
			return strconv.Itoa(year) + "-" + strconv.Itoa(week)
		}},
		{months, true, func(t time.Time) string { return t.Format("2006-01") }},
	} {
		speaks, order := map[string]int{}, []string{}
		for i, f := range all {
			name := span.name(f.Made.In(dossier.Hanoi))
			had, ok := speaks[name]
			if !ok {
				order = append(order, name)
			}
			if !ok || span.proved && f.proved && !all[had].proved {
				speaks[name] = i
			}
		}
		for _, name := range order[:min(span.most, len(order))] {
			stay[speaks[name]] = true
		}
	}
	for i := range min(newest, len(all)) {
		stay[i] = true
	}
	for i, f := range all {
		if f.proved {
			stay[i] = true
			break
		}
	}
	return stay
}

// rotate removes from a place what is not kept, the oldest first, and what crashes left of this PC's. What cannot be removed now is removed
// another time.
func rotate(folder string, device dossier.DeviceID) {
	all, err := list(folder, func(h Head) bool { return h.Census.Own.Device == device })
	if err != nil {
		return
	}
	stay := kept(all)
	for i := len(all) - 1; i >= 0; i-- {
		if !stay[i] && os.Remove(all[i].path) == nil {
			_ = os.Remove(all[i].path + proof)
		}
	}
	sweep(folder, device)
}

// sweep removes what crashes left in a folder: files of this PC that have not got their names, and notes without their backup.
func sweep(folder string, device dossier.DeviceID) {
	d, err := os.Open(folder)
	if err != nil {
		return
	}
	defer d.Close()
	for n := 0; n < maxNames; {
		entries, err := d.ReadDir(512)
		n += len(entries)
		for _, e := range entries {
			name := e.Name()
			if !strings.HasPrefix(name, "TiepNhan-") || !strings.Contains(name, "-"+device.String()[:8]+"-") {
				continue
			}
			path := folder + string(os.PathSeparator) + name
			of, isNote := strings.CutSuffix(path, Extension+proof)
			if isNote {
				_, err := os.Lstat(of + Extension)
				isNote = errors.Is(err, fs.ErrNotExist)
			}
			if isNote || strings.HasSuffix(name, Extension+partial) || strings.HasSuffix(name, Extension+proof+partial) {
				_ = os.Remove(path)
			}
		}
		if err != nil {
			return
		}
	}
}
