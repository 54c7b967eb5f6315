package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tiepnhan/dossier"
	"tiepnhan/sync/receive"
)

// pack issues procedures or days off to stations.
func pack(c *call) error {
	kind := c.flags.String("kind", "", "")
	version := c.flags.Int("version", 0, "")
	from := c.flags.String("from", "", "")
	title := c.flags.String("title", "", "")
	station := c.flags.String("station", "", "")
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	day, err := dossier.ParseDate(*from)
	if err != nil {
		return dossier.Invalid("from", "pack.from")
	}
	files, err := packed(words[0])
	if err != nil {
		return err
	}
	p := dossier.Pack{Kind: dossier.PackKind(*kind), Version: *version, From: day, Title: dossier.Clean(*title), Files: files}
	var stations []string
	if *station != "" {
		stations = append(stations, dossier.Clean(*station))
	}
	return c.with(func(u *receive.Upstream) error {
		told, err := u.Issue(c.ctx, p, stations...)
		if err != nil {
			return err
		}
		return c.out(map[string]any{"kind": p.Kind, "version": p.Version, "stations": told}, func(w io.Writer) {
			if len(told) == 0 {
				fmt.Fprintf(w, "Không có trạm nào cần phiên bản %d: chưa có trạm, hoặc các trạm đã được ban hành từ trước.\n", p.Version)
				return
			}
			fmt.Fprintf(w, "Đã ban hành phiên bản %d cho %d trạm. Các trạm nhận ở lần kết nối tới và áp dụng từ ngày %s.\n", p.Version, len(told), p.From)
		})
	})
}

// packed is a zip archive, or the .json files of a folder made into one. Code: pack.file.
func packed(path string) ([]byte, error) {
	bad := dossier.Invalid("files", "pack.file", "path", path)
	info, err := os.Stat(path)
	if err != nil {
		return nil, bad
	}
	if !info.IsDir() {
		if info.Size() > dossier.MaxPack {
			return nil, dossier.Invalid("files", "pack.size", "max", fmt.Sprintf("%d KB", dossier.MaxPack>>10))
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, bad
		}
		return b, nil
	}
	entries, err := os.ReadDir(path) // in the order of their names
	if err != nil {
		return nil, bad
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".json" {
			continue
		}
		b, err := os.ReadFile(filepath.Join(path, e.Name()))
		if err != nil {
			return nil, bad
		}
		w, err := z.Create(e.Name())
		if err == nil {
			_, err = w.Write(b)
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", e.Name(), err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack %s: %w", path, err)
	}
	return out.Bytes(), nil
}
