package main

import (
	"fmt"
	"io"

	"tiepnhan/dossier"
)

// purge forgets what was said of a dossier, by the chief's recorded decision.
func purge(c *call) error {
	document := c.flags.String("document", "", "")
	date := c.flags.String("date", "", "")
	by := c.flags.String("by", "", "")
	why := c.flags.String("why", "", "")
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	day, _ := dossier.ParseDate(*date) // none is said with all else that is missing
	return c.with(toWrite, func(w *world) error {
		d, err := w.desk.Find(c.ctx, words[0])
		if err != nil {
			return err
		}
		p := dossier.Purge{Document: *document, Date: day, By: *by, Why: *why}
		if err := w.desk.Purge(c.ctx, d.ID, p); err != nil {
			return err
		}
		return c.out(map[string]string{"number": d.Number}, func(out io.Writer) {
			fmt.Fprintf(out, "Đã xóa nội dung hồ sơ %s tại máy này theo quyết định %s. Các máy khác và cấp trên xóa khi nhận được. Bản sao lưu, giấy đã in và tệp đã xuất vẫn còn nội dung.\n", d.Number, dossier.Clean(*document))
		})
	})
}
