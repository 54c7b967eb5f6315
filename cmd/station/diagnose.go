package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// reportKept is how many of the log's last lines stand in a report.
const reportKept = 200

// started is when this process began.
var started = time.Now()

// diagnose is the verb: a report for whoever looks after the PC.
func diagnose(c *call) error {
	to := c.flags.String("out", "", "")
	if _, err := c.parse(0); err != nil {
		return err
	}
	return c.with(toRead, func(w *world) error {
		path, err := careReport(c.ctx, w, *to)
		if err != nil {
			return err
		}
		return c.out(map[string]string{"file": path}, func(out io.Writer) { fmt.Fprintln(out, path) })
	})
}

// careReport writes it, into the folder of the log where no file is named. Codes: those of desk.Diagnose, print.file, print.folder.
func careReport(ctx context.Context, w *world, path string) (string, error) {
	facts, err := w.desk.Diagnose(ctx)
	if err != nil {
		return "", err
	}
	now := clock()
	if path == "" {
		path = filepath.Join(w.dir, careFolder, "chan-doan-"+now.In(dossier.Hanoi).Format("20060102-150405")+".txt")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return "", dossier.Invalid("", "print.folder", "folder", filepath.Dir(path))
		}
	}
	var text strings.Builder
	describe(&text, now, w.dir, facts)
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		return "", errors.Join(dossier.Invalid("", "print.folder", "folder", filepath.Dir(path)), os.Remove(path))
	}
	return path, nil
}

// describe writes what is known of the program, its PC and the station. Nothing of a person, and no path.
func describe(to io.Writer, now time.Time, dir string, d dossier.Diagnosis) {
	out := bufio.NewWriter(to)
	defer out.Flush()
	part := func(title string) { fmt.Fprintf(out, "\n%s\n", title) }
	line := func(name, format string, args ...any) {
		fmt.Fprintf(out, "  %-28s %s\n", name, fmt.Sprintf(format, args...))
	}

	fmt.Fprintf(out, "Báo cáo kỹ thuật, lập lúc %s. Không có tên, số định danh, số điện thoại của ai.\n", cli.Moment(now))
	part("Chương trình")
	line("Phiên bản", "%s (%s, %s/%s)", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if at := built(); !at.IsZero() {
		line("Dựng ngày", "%s", at.Format(time.DateOnly))
	}
	line("Đang chạy", "%s", time.Since(started).Round(time.Second))
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	line("Bộ nhớ của chương trình", "%s", megabytes(int64(mem.Sys)))

	part("Máy")
	name, memory := machine()
	line("Hệ điều hành", "%s", name)
	line("Bộ xử lý", "%d lõi", runtime.NumCPU())
	line("Bộ nhớ", "%s", megabytes(memory))
	if free, err := (wire.SystemDisk{}).Free(dir); err == nil {
		line("Còn trống trên ổ đĩa", "%s", megabytes(int64(free)))
	}
	line("Múi giờ của máy", "%s", now.Local().Format("-07:00"))

	part("Dữ liệu")
	line("Tệp chính, nhật ký ghi", "%s, %s", megabytes(d.Sizes.File), megabytes(d.Sizes.Log))
	line("Trang (trống)", "%d (%d)", d.Sizes.Pages, d.Sizes.Free)
	line("Cấu trúc", "%d.%d", d.Sizes.Truth, d.Sizes.Views)
	line("Hồ sơ, diễn biến", "%d, %d", d.Sizes.Dossiers, d.Sizes.Events)
	line("Nhật ký, biên nhận", "%d, %d", d.Sizes.Chains, d.Sizes.Receipts)
	line("Bản đang nhập dở", "%d", d.Sizes.Drafts)
	line("Quầy, bộ biểu mẫu, cỡ chữ", "%d, %s, %d %%", d.Desk, d.FormSet, max(d.TextSize, 100))
	for _, role := range dossier.Roles {
		if n := d.Users[role]; n > 0 {
			line(role.Title(), "%d người", n)
		}
	}

	part("Trao đổi với cấp trên")
	line("Đã ghép nối", "%s", map[bool]string{true: "có", false: "chưa"}[d.Enrolled])
	line("Chờ gửi", "%d việc, %d diễn biến", d.Acts, d.Entries)
	if !d.Receipt.IsZero() {
		line("Biên nhận gần nhất", "%s", cli.Moment(d.Receipt))
	}
	line("Thủ tục, lịch của cấp trên", "%d, %d", d.Packs[dossier.PackCatalogue], d.Packs[dossier.PackCalendar])

	part("Sao lưu")
	if len(d.Places) == 0 {
		line("Chưa có nơi sao lưu", "")
	}
	for _, place := range d.Places {
		switch newest := newestOf(place); {
		case place.Trouble != nil:
			line(placeName(place), "%s", told(place.Trouble))
		case newest == nil:
			line(placeName(place), "chưa có bản nào, còn trống %s", megabytes(place.Free))
		default:
			line(placeName(place), "%d bản, gần nhất %s, %s, đã thử khôi phục: %v, còn trống %s", len(place.Backups), cli.Moment(newest.Made),
				megabytes(newest.Bytes), newest.Proved, megabytes(place.Free))
		}
	}

	for _, one := range []struct{ title, file string }{{"Lần chương trình bị dừng đột ngột gần nhất", crashFile}, {"Việc chương trình đã ghi, gần nhất ở cuối", logFile}} {
		if lines := tail(filepath.Join(dir, careFolder, one.file), reportKept); len(lines) > 0 {
			part(one.title)
			fmt.Fprintln(out, "  "+strings.Join(lines, "\n  "))
		}
	}
}

func newestOf(place dossier.BackupPlace) *dossier.Backup {
	if len(place.Backups) == 0 {
		return nil
	}
	return &place.Backups[0]
}

func placeName(place dossier.BackupPlace) string {
	name, known := map[string]string{dossier.PlaceOwn: "Thư mục của trạm", dossier.PlaceSecond: "Nơi thứ hai", dossier.PlaceStick: "USB"}[place.Kind]
	if !known {
		return place.Kind
	}
	return name
}

func megabytes(n int64) string {
	if n < 0 {
		return "không rõ"
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

// tail is the last lines of a small file; none where it cannot be read.
func tail(path string, most int) []string {
	const least = 256 << 10
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > least {
		if _, err := f.Seek(-least, io.SeekEnd); err != nil {
			return nil
		}
	}
	b, err := io.ReadAll(io.LimitReader(f, least))
	if err != nil {
		return nil
	}
	lines := slices.Collect(strings.Lines(strings.ToValidUTF8(string(b), "")))
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], "\r\n")
	}
	return lines[max(0, len(lines)-most):]
}
