package main

import (
	"fmt"
	"io"

	"tiepnhan/sync/receive"
)

// restored is said after the folder was put back from a backup.
func restored(c *call) error {
	if _, err := c.parse(0); err != nil {
		return err
	}
	return c.with(func(u *receive.Upstream) error {
		n, err := u.Restored(c.ctx)
		if err != nil {
			return err
		}
		return c.out(map[string]int{"stations": n}, func(w io.Writer) {
			fmt.Fprintf(w, "Đã mở nhật ký mới cho %d trạm. Phần còn thiếu sẽ do các trạm gửi lại ở lần kết nối tới.\n", n)
		})
	})
}

// rotate announces new keys, or uses them.
func rotate(c *call) error {
	finish := c.flags.Bool("finish", false, "")
	force := c.flags.Bool("force", false, "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	if *force && !*finish {
		return c.usage()
	}
	return c.with(func(u *receive.Upstream) error {
		if *finish {
			if err := u.FinishRotation(c.ctx, *force); err != nil {
				return err
			}
			return c.out(map[string]bool{"finished": true}, func(w io.Writer) { fmt.Fprintln(w, "Đã dùng khóa mới.") })
		}
		r, err := u.Rotate(c.ctx)
		if err != nil {
			return err
		}
		return c.out(r, func(w io.Writer) {
			fmt.Fprintf(w, "Đã công bố khóa mới (SHA-256 %s).\n", r.Next)
			for _, p := range r.Waiting {
				fmt.Fprintf(w, "Chưa nhận: %s, quầy %d\n", p.Station, p.Desk)
			}
			if len(r.Waiting) == 0 {
				fmt.Fprintln(w, "Mọi máy đã nhận; có thể chạy upstream rotate -finish.")
			}
			fmt.Fprintln(w, "Trước khi chạy -finish, hãy sao lưu thư mục dữ liệu: bản sao cũ hơn không có khóa mới, khôi phục từ bản đó thì từng máy phải ghép nối lại.")
		})
	})
}
