// Upstream is the receiving unit's server and the keeper's verbs beside it. All verbs work while it serves.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"tiepnhan/cmd/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, time.Now, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// verb is one thing the program does.
type verb struct {
	name  string
	usage string
	about string // in Vietnamese
	run   func(c *call) error
}

func verbs() []verb {
	return []verb{
		{"init", "init -data THƯ-MỤC -name TÊN -address ĐỊA-CHỈ [-key TỆP]", "lập kho của đơn vị cấp trên; -key: mã hóa bằng khóa trong TỆP, chưa có thì tạo", create},
		{"encrypt", "encrypt -data THƯ-MỤC -key TỆP", "mã hóa kho đang có bằng khóa trong TỆP, chưa có thì tạo", encrypt},
		{"serve", "serve -data THƯ-MỤC [-listen ĐỊA-CHỈ]", "nhận hồ sơ từ các trạm", serve},
		{"ticket", "ticket -data THƯ-MỤC -station TÊN [-desk SỐ [-again]] [-address ĐỊA-CHỈ] [-out TỆP]",
			"cấp phiếu ghép nối cho một máy của trạm; TỆP .pdf hoặc .png có mã QR, khác là văn bản; -again: ghép nối lại đúng máy đang ở quầy đó", ticket},
		{"enrol", "enrol THƯ-MỤC -data THƯ-MỤC", "trả lời các yêu cầu ghép nối trên USB", enrolFrom},
		{"export", "export THƯ-MỤC -data THƯ-MỤC [-station TÊN] [-sheet TỆP]", "xuất ra USB biên nhận và quyết định cho các máy của trạm", exportTo},
		{"import", "import THƯ-MỤC -data THƯ-MỤC", "nhận hồ sơ từ USB của các trạm", importFrom},
		{"written", "written -data THƯ-MỤC -station TÊN -desk SỐ [-device MÃ] [-n SỐ]", "các diễn biến mới nhất của một máy, kèm số thứ tự để chọn -seq khi thu hồi", written},
		{"revoke", "revoke -data THƯ-MỤC -station TÊN -desk SỐ [-device MÃ] [-seq SỐ] [-why LÝ-DO]",
			"thu hồi quyền gửi của một máy; sau số -seq, mọi diễn biến của máy phải chờ xem xét", revoke},
		{"thaw", "thaw -data THƯ-MỤC -station TÊN -desk SỐ [-device MÃ]", "mở lại một máy bị tạm dừng vì có hai bản dữ liệu", thaw},
		{"parked", "parked -data THƯ-MỤC", "các diễn biến đang chờ xem xét", parked},
		{"release", "release MÃ -data THƯ-MỤC -why LÝ-DO", "cho nhận một diễn biến đang chờ", release},
		{"alarms", "alarms -data THƯ-MỤC [-station TÊN]", "các cảnh báo, mới nhất trước", alarms},
		{"list", "list -data THƯ-MỤC [-station TÊN] [-n SỐ]", "danh sách hồ sơ, mới nhất trước", list},
		{"show", "show SỐ -data THƯ-MỤC", "một hồ sơ và diễn biến", show},
		{"decide", "decide SỐ -data THƯ-MỤC (-approve | -refuse) -document SỐ-VB -date NGÀY [-reason LÝ-DO] [-by CƠ-QUAN]",
			"ghi kết quả phê duyệt để trạm nhận về", decide},
		{"pack", "pack ĐƯỜNG-DẪN -data THƯ-MỤC -kind (catalogue | calendar) -version SỐ -from NGÀY -title NỘI-DUNG [-station TÊN]",
			"ban hành thủ tục hoặc lịch nghỉ cho các trạm, từ thư mục hoặc tệp .zip", pack},
		{"restored", "restored -data THƯ-MỤC", "khai báo kho vừa được khôi phục từ bản sao lưu", restored},
		{"rotate", "rotate -data THƯ-MỤC [-finish [-force]]", "đổi khóa: công bố khóa mới; -finish: dùng khóa mới", rotate},
		{"verify", "verify -data THƯ-MỤC", "kiểm tra mọi nhật ký và biên nhận", verify},
	}
}

// run is the program: the world comes in, the exit status goes out.
func run(ctx context.Context, now func() time.Time, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		help(stderr)
		return cli.Usage
	}
	for _, v := range verbs() {
		if v.name == args[0] {
			return cli.Report(v.run(newCall(ctx, v, now, args[1:], stdout, stderr)), stderr)
		}
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		help(stdout)
		return cli.OK
	}
	help(stderr)
	return cli.Usage
}

func help(w io.Writer) {
	fmt.Fprintln(w, "Cách dùng:")
	for _, v := range verbs() {
		fmt.Fprintf(w, "  upstream %s\n      %s\n", v.usage, v.about)
	}
	fmt.Fprintln(w, "Thêm -json để in JSON; khi kho được mã hóa, -key TỆP để chỉ tệp khóa.")
}
