package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"tiepnhan/assets"
	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
)

// byName is the kind of a place whose folder was chosen for this once.
const byName = "file"

// backUp makes backups and proves them: beside the store and in the second folder of the settings, or in one that is named; or lists what there are.
func backUp(c *call) error {
	to := c.flags.String("to", "", "")
	list := c.flags.Bool("list", false, "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	if *list {
		if *to != "" {
			return c.usage()
		}
		return c.with(toRead, func(w *world) error { return listBackups(c, w) })
	}
	return c.with(toWrite, func(w *world) error {
		places, err := backupPlaces(c, w, *to)
		if err != nil {
			return err
		}
		made := []dossier.Backup{}
		for _, p := range places {
			b, one := w.desk.BackUp(c.ctx, p, true, c.progress())
			if err = errors.Join(err, one); b.Path != "" {
				made = append(made, b)
			}
		}
		return errors.Join(c.out(made, func(out io.Writer) {
			for _, b := range made {
				fmt.Fprintf(out, "Đã sao lưu: %s (%s, %d hồ sơ, %s).\n", b.Path, size(b.Bytes), b.Dossiers, provedWord(b))
			}
		}), err)
	})
}

// backupPlaces are where a backup is to be put when nobody or somebody said where.
func backupPlaces(c *call, w *world, to string) ([]dossier.BackupPlace, error) {
	all, err := w.desk.BackupPlaces(c.ctx)
	if err != nil {
		return nil, err
	}
	var out []dossier.BackupPlace
	for _, p := range all {
		switch {
		case to == "" && p.Kind != dossier.PlaceStick:
			out = append(out, p)
		case to != "" && filepath.Clean(p.Path) == filepath.Clean(to), to != "" && p.Kind == dossier.PlaceStick && filepath.Dir(p.Path) == filepath.Clean(to):
			return []dossier.BackupPlace{p}, nil
		}
	}
	if to == "" {
		return out, nil
	}
	if to, err = filepath.Abs(to); err != nil {
		return nil, err
	}
	return []dossier.BackupPlace{{Kind: byName, Path: to}}, nil
}

func listBackups(c *call, w *world) error {
	places, err := w.desk.BackupPlaces(c.ctx)
	if err != nil {
		return err
	}
	type row struct {
		Kind    string           `json:"kind"`
		Path    string           `json:"path"`
		Free    int64            `json:"free"`
		Trouble dossier.Problems `json:"trouble,omitempty"`
		Backups []dossier.Backup `json:"backups"`
	}
	rows := []row{}
	for _, p := range places {
		one := row{Kind: p.Kind, Path: p.Path, Free: p.Free, Backups: append([]dossier.Backup{}, p.Backups...)}
		errors.As(p.Trouble, &one.Trouble)
		rows = append(rows, one)
	}
	return c.out(rows, func(out io.Writer) {
		for _, p := range rows {
			fmt.Fprintln(out, p.Path)
			for _, t := range p.Trouble {
				fmt.Fprintln(out, " ", assets.Word(t.Code, t.Args))
			}
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			for _, b := range p.Backups {
				fmt.Fprintf(t, "  %s\t%d hồ sơ\t%s\t%s\t%s\n", cli.Moment(b.Made), b.Dossiers, size(b.Bytes), provedWord(b), filepath.Base(b.Path))
			}
			t.Flush()
			if len(p.Backups) == 0 && len(p.Trouble) == 0 {
				fmt.Fprintln(out, "  Chưa có bản sao lưu nào của trạm này.")
			}
		}
	})
}

func provedWord(b dossier.Backup) string {
	if b.Proved {
		return "đã thử khôi phục, khớp"
	}
	return "chưa thử khôi phục"
}

func size(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", (n+1<<10-1)>>10)
	}
	return fmt.Sprintf("%d MB", n>>20)
}

// verifyBackup restores a backup into a scratch file and compares. That it was done stands in the journal.
func verifyBackup(c *call, file string) error {
	path, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	return c.with(toWrite, func(w *world) error {
		b, err := w.desk.ProveBackup(c.ctx, path, c.progress())
		if err != nil {
			return err
		}
		return c.out(b, func(out io.Writer) {
			fmt.Fprintf(out, "Đã thử khôi phục %s: khớp, %d diễn biến, %d hồ sơ, lập lúc %s.\n", filepath.Base(b.Path), b.Events, b.Dossiers, cli.Moment(b.Made))
		})
	})
}

// steps are what a backup and a restore do, in words.
var steps = map[string]string{dossier.BackupCopies: "Đang sao chép", dossier.BackupWrites: "Đang ghi", dossier.BackupProves: "Đang thử khôi phục",
	dossier.BackupUnpacks: "Đang giải nén"}

// progress says how far it is, once a second, where somebody looks on.
func (c *call) progress() func(dossier.BackupStep) {
	screen, ok := c.stderr.(*os.File)
	if !ok {
		return nil
	}
	if info, err := screen.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	var said time.Time
	return func(s dossier.BackupStep) {
		if time.Since(said) < time.Second {
			return
		}
		said = time.Now()
		if s.All > 0 {
			fmt.Fprintf(screen, "%s… %d%%\n", steps[s.Step], 100*s.Done/s.All)
		} else {
			fmt.Fprintf(screen, "%s…\n", steps[s.Step])
		}
	}
}
