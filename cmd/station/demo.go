package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// demo plays a day of a made-up station on the real parts: its own store, forms and line, and an upstream on loopback. Only the clock
// is played too.
func demo(c *call) error {
	out := c.flags.String("out", "", "")
	if _, err := c.parse(0); err != nil || *out == "" {
		return c.usage()
	}
	dir, err := filepath.Abs(*out)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return dossier.Invalid("out", "station.folder", "folder", dir)
	}
	if had, err := os.ReadDir(dir); err != nil || len(had) > 0 {
		return dossier.Invalid("out", "demo.not-empty", "folder", dir)
	}
	p := &play{ctx: c.ctx, out: c.stdout, numbers: map[string]string{}}
	p.at.set("2026-11-16 07:30")
	if c.json {
		p.out = io.Discard
	}
	outcome, err := p.day(dir)
	if err != nil {
		return err
	}
	return c.out(outcome, func(w io.Writer) {
		fmt.Fprintf(w, "\nMột ngày đã xong: %d hồ sơ, %d lượt từ chối, %d giấy tờ đã in, %d diễn biến, cấp trên giữ đủ.\nGiấy tờ ở %s\n",
			outcome.Dossiers, outcome.Refusals, outcome.Papers, outcome.Entries, dir)
	})
}

// outcome is what the day came to.
type outcome struct {
	Dossiers int `json:"dossiers"`
	Refusals int `json:"refusals"`
	Papers   int `json:"papers"`
	Entries  int `json:"entries"`
	Late     int `json:"late"`
	Unsent   int `json:"unsent"`
	Faults   int `json:"faults"`
}

// play is the day as it goes.
type play struct {
	ctx     context.Context
	out     io.Writer
	at      moving
	w       *world
	dir     string            // of the papers
	numbers map[string]string // by the names the play gives its dossiers
	result  outcome
}

func mustTime(s string) time.Time {
	t, err := parseTime(s)
	if err != nil {
		panic(err)
	}
	return t
}

// moving is the clock of the play, read by the upstream too.
type moving struct{ at atomic.Pointer[time.Time] }

func (m *moving) now() time.Time { return *m.at.Load() }

func (m *moving) set(s string) {
	t := mustTime(s)
	m.at.Store(&t)
}

func (p *play) say(format string, args ...any) {
	fmt.Fprintf(p.out, "%s  %s\n", p.at.now().In(dossier.Hanoi).Format("02/01 15:04"), fmt.Sprintf(format, args...))
}

func (p *play) day(dir string) (o outcome, err error) {
	w, err := openWorld(p.ctx, filepath.Join(dir, "tram"), nil, toSetUp, p.at.now)
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	p.w, p.dir = w, dir
	w.desk.Built = time.Time{}
	settings := sampleSettings()
	w.desk.Officer = settings.Officers[0].ID
	if err := w.desk.SetUp(p.ctx, settings); err != nil {
		return o, err
	}
	up, err := startUpstream(p.ctx, filepath.Join(dir, "cap-tren"), p.at.now)
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, up.close()) }()
	defer func() { err = errors.Join(err, up.close()) }()
	ticket, err := up.ticket(settings)
	if err != nil {
		return o, err
	}
	if _, err := w.desk.Enrol(p.ctx, ticket); err != nil {
		return o, err
	}
	p.say("Trạm mẫu đã ghép nối với %s; đường truyền bị ngắt.", settings.Upstreams[0].Name)
	if err := up.cut(); err != nil {
		return o, err
	}
	for _, scene := range scenes() {
		p.at.set(scene.at)
		if err := scene.play(p); err != nil {
			return o, fmt.Errorf("demo, %s: %w", scene.at, err)
		}
	}
	if _, err := w.desk.Send(p.ctx, nil); err == nil {
		return o, errors.New("demo: something was sent while the line was cut")
	} else {
		p.say("Bấm gửi khi chưa có đường truyền: %s", firstSentence(err))
	}
	p.at.set("2026-11-20 16:30")
	if err := up.mend(); err != nil {
		return o, err
	}
	if err := p.send(); err != nil {
		return o, err
	}
	p.at.set("2026-11-20 16:45")
	if err := up.decide(p.numbers["khóa-1"], dossier.Decision{Approved: true, Document: "01/TB-MAU", Date: dossier.DateOf(p.at.now())}); err != nil {
		return o, err
	}
	if err := up.decide(p.numbers["khóa-2"], dossier.Decision{Document: "02/TB-MAU", Date: dossier.DateOf(p.at.now()), Why: "Không xác định được chủ thể."}); err != nil {
		return o, err
	}
	p.say("Cấp trên ghi kết quả phê duyệt của hai hồ sơ.")
	if err := p.send(); err != nil {
		return o, err
	}
	for _, name := range []string{"khóa-1", "khóa-2"} {
		if err := p.do(dossier.Notified, name, &dossier.Notify{To: "Cơ quan điều tra Mẫu", How: "điện thoại"}); err != nil {
			return o, err
		}
	}
	if err := p.do(dossier.HandedBack, "khóa-1", &dossier.HandBack{To: "Phạm Thử Nam"}); err != nil {
		return o, err
	}
	if err := p.close(); err != nil {
		return o, err
	}
	if err := p.send(); err != nil {
		return o, err
	}
	return p.reckon(up)
}

// reckon closes the day: everything verified on both sides, counted.
func (p *play) reckon(up *loopback) (outcome, error) {
	check, err := p.w.store.Verify(p.ctx)
	if err != nil {
		return p.result, err
	}
	faults, err := up.verify()
	if err != nil {
		return p.result, err
	}
	queue, err := p.w.desk.Queue(p.ctx)
	if err != nil {
		return p.result, err
	}
	p.result.Entries, p.result.Unsent, p.result.Faults = check.Entries, queue.Entries, len(check.Faults)+len(faults)
	for _, f := range append(check.Faults, faults...) {
		p.say("Sai lệch: %s", f)
	}
	if p.result.Faults > 0 || p.result.Unsent > 0 {
		return p.result, dossier.Invalid("", "verify.faults", "count", fmt.Sprint(p.result.Faults+p.result.Unsent))
	}
	return p.result, nil
}

func (p *play) send() error {
	sent, err := p.w.desk.Send(p.ctx, nil)
	if err != nil {
		return err
	}
	if sent.Pushed == 0 {
		p.say("Không có gì mới để gửi; nhận về %d diễn biến.", sent.Pulled)
	} else {
		p.say("Đã gửi về Công an tỉnh Mẫu: %d diễn biến, biên nhận %s; nhận về %d.", sent.Pushed, sent.Receipt.Number, sent.Pulled)
	}
	return nil
}

func (p *play) receive(name string, in desk.Intake) error {
	in.ID = newID()
	d, err := p.w.desk.Receive(p.ctx, in)
	if err != nil {
		return err
	}
	p.numbers[name] = d.Number
	p.result.Dossiers++
	if err := p.print("receipt", d); err != nil {
		return err
	}
	p.say("Tiếp nhận  %s  %s — %s; hẹn trả %s", d.Number, d.Intake.Title, d.Intake.Requester.Name(), cli.Moment(d.Due.At))
	return nil
}

func (p *play) refuse(in desk.Intake, why string) error {
	in.ID = newID()
	if _, err := p.w.desk.Receive(p.ctx, in); err == nil {
		return errors.New("demo: what must be refused was received")
	}
	d, err := p.w.desk.Refuse(p.ctx, in, why)
	if err != nil {
		return err
	}
	if err := p.print("refusal", d); err != nil {
		return err
	}
	p.result.Refusals++
	p.say("Từ chối    %s  %s — %s: %s", d.Number, d.Intake.Title, d.Intake.Requester.Name(), why)
	return nil
}

func (p *play) do(verb dossier.Kind, name string, body any) error {
	d, err := p.w.desk.Find(p.ctx, p.numbers[name])
	if err != nil {
		return err
	}
	if d, err = p.w.desk.Do(p.ctx, verb, d.ID, body); err != nil {
		return err
	}
	if verb == dossier.Rescheduled {
		p.result.Late++
	}
	form := formAfter[verb]
	if verb == dossier.Decided && d.Decision != nil && !d.Decision.Approved {
		form = "refusal-answer"
	}
	if form != "" {
		if err := p.print(form, d); err != nil {
			return err
		}
	}
	p.say("%s  %s — %s", verb.Title(), d.Number, d.Status)
	return nil
}

// formAfter is the paper an act leaves behind.
var formAfter = map[dossier.Kind]string{dossier.AskedPapers: "supplement", dossier.Rescheduled: "apology", dossier.Stopped: "stop"}

// print makes a PDF and never goes to a printer: a play must not use up anybody's paper.
func (p *play) print(form string, d dossier.Dossier) error {
	file := filepath.Join(p.dir, d.Number+"-"+form+".pdf")
	if _, err := p.w.desk.Print(p.ctx, desk.Order{Form: form, Dossiers: []dossier.ID{d.ID}, Paper: dossier.PaperA5}, desk.Where{File: file}, nil); err != nil {
		return fmt.Errorf("print %s of %s: %w", form, d.Number, err)
	}
	p.result.Papers++
	return nil
}

// close prints what ends a day: the control slips in one job, the papers that follow a decision, the registers.
func (p *play) close() error {
	from, to := dossier.Date{Year: 2026, Month: 11, Day: 16}, dossier.DateOf(p.at.now())
	for name, form := range map[string]string{"khóa-1": "result-notice", "khóa-2": "refusal-answer", "thẻ-1": "tk03", "mức2-1": "tk01", "tổ-chức-1": "tk02"} {
		d, err := p.w.desk.Find(p.ctx, p.numbers[name])
		if err == nil {
			err = p.print(form, d)
		}
		if err != nil {
			return err
		}
	}
	all, err := p.w.desk.OfDay(p.ctx, from, to)
	if err != nil {
		return err
	}
	slips, err := p.w.desk.Print(p.ctx, desk.Order{Form: "control-slip", Dossiers: all}, desk.Where{File: filepath.Join(p.dir, "phieu-kiem-soat.pdf")}, nil)
	if err != nil {
		return err
	}
	p.result.Papers++
	for _, form := range []string{"intake-register", "tracking-register", "archive-list", "archive-cover"} {
		order := desk.BookOrder{Form: form, From: from, To: to}
		if _, err := p.w.desk.PrintBook(p.ctx, order, desk.Where{File: filepath.Join(p.dir, form+".pdf")}); err != nil {
			return err
		}
		p.result.Papers++
		if form == "archive-cover" {
			continue
		}
		if _, err := p.w.desk.ExportBook(p.ctx, order, dossier.BookXLSX, filepath.Join(p.dir, form+".xlsx")); err != nil {
			return err
		}
	}
	p.say("In phiếu kiểm soát của %d hồ sơ, sổ tiếp nhận, sổ theo dõi, danh mục nộp lưu.", slips.Sheets)
	return p.closeDay()
}

// closeDay closes the day, signed by the officer and the head of the unit, and prints its report.
func (p *play) closeDay() error {
	seen, err := p.w.desk.DayReport(p.ctx)
	if err != nil {
		return err
	}
	closed, err := p.w.desk.CloseDay(p.ctx, desk.CloseOrder{Seen: seen.Hash, Checked: sampleSettings().Units[0].Head})
	if err != nil {
		return err
	}
	if _, err := p.w.desk.PrintDay(p.ctx, closed.ID, desk.Where{File: filepath.Join(p.dir, "bao-cao-chot-ngay.pdf")}); err != nil {
		return err
	}
	p.result.Papers++
	p.say("Chốt ngày lần thứ %d: %d thao tác; mã đối chiếu %s.", closed.Nth, closed.Report.Acts(), closed.Mark())
	return nil
}

func firstSentence(err error) string {
	var ps dossier.Problems
	if errors.As(err, &ps) && len(ps) > 0 {
		return cli.Sentence(ps[0])
	}
	return err.Error()
}
