// Station is the desktop program of a commune police station's reception desk. Started without a verb it opens its window; with one it
// does that one thing without a window, for keepers and scripts.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"unicode/utf8"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
)

// Version is set when a release is built.
var Version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// verb is one thing the program does without a window.
type verb struct {
	name  string
	usage string
	about string // in Vietnamese
	run   func(c *call) error
}

var verbs = []verb{
	{"due", "due -procedure KHÓA -requester LOẠI -received GIỜ [-case TH] [-channel CÁCH] [-level CẤP]", "tính ngày hẹn trả và lý do", due},
	{"scan", "scan CHUỖI", "đọc chuỗi mã QR trên thẻ", scan},
	{"setup", "setup (-sample | -in TỆP)", "thiết lập đơn vị", setup},
	{"protect", "protect -user TÊN -password-stdin", "đặt mật khẩu cho dữ liệu của trạm và mã hóa; in ra mã khôi phục", protect},
	{"receive", "receive -in TỆP [-confirm TÊN]", "tiếp nhận một hồ sơ", takeIn},
	{"refuse", "refuse -in TỆP -why LÝ-DO", "từ chối tiếp nhận", refuse},
	{"list", "list [-q CHUỖI] [-n SỐ]", "danh sách hồ sơ, mới nhất trước", list},
	{"show", "show SỐ [-reveal]", "một hồ sơ và diễn biến; -reveal: hiện đủ số định danh, việc này được ghi vào nhật ký", show},
	{"do", "do VIỆC SỐ [-in TỆP]", "một việc trên hồ sơ: " + verbWords(), do},
	{"purge", "purge SỐ -document SỐ-QĐ -date NGÀY -by TÊN -why LÝ-DO", "xóa nội dung một hồ sơ đã kết thúc theo quyết định của trưởng đơn vị", purge},
	{"forms", "forms [-text MẪU | -keep MẪU -in TỆP [-checked] | -check MẪU | -uncheck MẪU]", "các biểu mẫu, sửa nội dung, đánh dấu đã đối chiếu", formsOfSet},
	{"print", "print -form MẪU [-set BỘ] [-paper A4|A5] (-dossier SỐ | -from NGÀY -to NGÀY | -blank) (-out TỆP | -printer MÁY [-copies SỐ])", "in biểu mẫu ra PDF hoặc ra máy in", printForm},
	{"printers", "printers", "các máy in", printers},
	{"register", "register -book SỔ [-set BỘ] -from NGÀY -to NGÀY [-format pdf|xlsx|csv] [-confirm TÊN] (-out TỆP | -printer MÁY [-copies SỐ])", "sổ tiếp nhận, sổ theo dõi, danh mục nộp lưu", register},
	{"day", "day [-list | -close -checked TÊN [-closed TÊN] [-note GHI-CHÚ] | -print LẦN (-out TỆP | -printer MÁY [-copies SỐ])]", "báo cáo ngày, chốt ngày, in báo cáo đã chốt (LẦN 0: chưa chốt)", day},
	{"enrol", "enrol (PHIẾU | -request THƯ-MỤC PHIẾU | -answer THƯ-MỤC)", "ghép nối với cấp trên bằng phiếu ghép nối, qua mạng hoặc bằng hai tệp trên USB", enrolBy},
	{"export", "export THƯ-MỤC [-sheet TỆP]", "xuất ra USB phần cấp trên và máy khác của trạm còn thiếu; -sheet: phiếu giao nhận (PDF)", exportTo},
	{"import", "import THƯ-MỤC", "nhận từ USB biên nhận, quyết định và phần của máy khác", importFrom},
	{"sync", "sync", "gửi về cấp trên và nhận quyết định", syncNow},
	{"rotate", "rotate", "đổi khóa của máy này; bản sao lưu và bản chép ổ đĩa cũ không còn gửi, nhận được", rotate},
	{"status", "status", "tình trạng của máy này", status},
	{"audit", "audit [-from NGÀY] [-to NGÀY] [-who TÊN] [-n SỐ] [-out TỆP]", "ai đã làm gì, mới nhất trước; -out: ghi ra tệp CSV kèm mã băm", audit},
	{"diagnose", "diagnose [-out TỆP]", "báo cáo kỹ thuật cho người quản trị máy: phiên bản, dung lượng, số lượng, lỗi gần nhất; không có thông tin của ai", diagnose},
	{"incident", "incident -what lost|leaked|misused -noticed \"NĂM-THÁNG-NGÀY GIỜ:PHÚT\" [-pc MÃ] [-out TỆP]", "báo cáo sự cố: có gì trên máy, báo ai trong 72 giờ, làm gì ngay; -out: ghi ra PDF", incident},
	{"verify", "verify [-backup TỆP]", "kiểm tra toàn bộ dữ liệu; -backup: thử khôi phục một bản sao lưu và so khớp", verify},
	{"backup", "backup [-to THƯ-MỤC] | -list", "sao lưu và thử khôi phục ngay; -list: các bản sao lưu đang có", backUp},
	{"restore", "restore TỆP [-yes] [-confirm TÊN] [-code-stdin]", "khôi phục từ bản sao lưu; không có -yes: chỉ cho biết sẽ thiếu gì. Đầu vào chuẩn, mỗi thứ một dòng: mật khẩu, mật khẩu của TÊN, mã khôi phục", restoreBackup},
	{"demo", "demo -out THƯ-MỤC", "diễn một ngày của một trạm mẫu", demo},
	{"version", "version", "phiên bản", version},
}

func verbWords() string {
	var out []string
	for _, v := range dossier.Verbs {
		if v != dossier.Received && v != dossier.Refused {
			out = append(out, string(v))
		}
	}
	return strings.Join(out, " ")
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") && !slices.Contains([]string{"-h", "-help", "--help"}, args[0]) {
		return cli.Report(window(ctx, args, stderr), stderr)
	}
	for _, v := range verbs {
		if v.name == args[0] {
			c := newCall(ctx, v, stdin, stdout, stderr)
			c.args = args[1:]
			return cli.Report(v.run(c), stderr)
		}
	}
	if args[0] == "help" || strings.HasPrefix(args[0], "-") {
		help(stdout)
		return cli.OK
	}
	help(stderr)
	return cli.Usage
}

func help(w io.Writer) {
	fmt.Fprintln(w, "Cách dùng: station [-data THƯ-MỤC]            mở cửa sổ")
	fmt.Fprintln(w, "           station -practice [-data THƯ-MỤC]  mở cửa sổ tập thử: trạm mẫu, đóng lại là xóa hết")
	for _, v := range verbs {
		if utf8.RuneCountInString(v.usage) > 78 {
			fmt.Fprintf(w, "  station %s\n          %-78s %s\n", v.usage, "", v.about)
			continue
		}
		fmt.Fprintf(w, "  station %-78s %s\n", v.usage, v.about)
	}
	fmt.Fprintln(w, "Thêm -data THƯ-MỤC để chỉ nơi giữ dữ liệu, -json để in JSON; khi dữ liệu có mật khẩu: -user TÊN -password-stdin,")
	fmt.Fprintln(w, "mật khẩu là dòng đầu của đầu vào chuẩn.")
}
