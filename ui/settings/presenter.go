// Package settings shows what the station has decided about itself and changes it. What heads the papers changes from a day on: dossiers
// received before keep the names of their day.
package settings

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	Station(ctx context.Context) (desk.Station, error)
	Settings(ctx context.Context) (dossier.Settings, bool, error)
	Amend(ctx context.Context, was, now dossier.Settings) error
	Printers(ctx context.Context) ([]dossier.Printer, error)
}

// View is what the presenter shows.
type View interface {
	Show(State)
	Focus(field string)
}

// World is what surrounds this screen.
type World struct {
	Desk    Desk
	Threads kit.Threads
	Trouble func(err error, again func()) bool
	Changed func(s dossier.Settings) // what else is on the screen may be old now
	Folder  func(path string) error  // what is wrong with a second place for backups; nil where there are no backups
	Rules   func()                   // shows procedures and calendar
	Back    func()
}

// State is all that the screen shows.
type State struct {
	Questions []kit.Section
	Values    map[string]string
	Said      map[string]kit.Said
	Alert     *Alert
	Busy      bool
	Dirty     bool // something was changed and is not kept
	Read      bool
}

// Alert is a word above everything.
type Alert struct {
	Tone kit.Tone
	Text string
}

// Presenter takes what is typed. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view     View
	station  desk.Station
	was      dossier.Settings
	printers []dossier.Printer
	values   map[string]string
	begun    map[string]string // values as they were read
	said     map[string]kit.Said
	alert    *Alert
	busy     bool
	read     bool
	turn     int
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter {
	return &Presenter{World: w, values: map[string]string{}, begun: map[string]string{}}
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

// Refresh reads the settings in force. What was typed and not kept stays.
func (p *Presenter) Refresh() {
	if p.Dirty() || p.busy {
		p.render()
		return
	}
	p.turn++
	turn := p.turn
	p.Threads.Go(func() {
		ctx := context.Background()
		station, err := p.Desk.Station(ctx)
		var s dossier.Settings
		if err == nil {
			s, _, err = p.Desk.Settings(ctx)
		}
		printers, noPrinters := p.Desk.Printers(ctx)
		p.Threads.OnUI(func() {
			if turn != p.turn || p.Dirty() {
				return
			}
			if err != nil {
				p.fail(err, p.Refresh)
				return
			}
			first := !p.read
			p.station, p.was, p.printers, p.read, p.said = station, s, printers, true, nil
			if noPrinters != nil {
				p.printers = nil
			}
			p.fill()
			p.render()
			if first {
				p.view.Focus("")
			}
		})
	})
}

func (p *Presenter) fail(err error, again func()) {
	if p.Trouble == nil || !p.Trouble(err, again) {
		p.alert = &Alert{kit.Bad, kit.SayError(err)}
	}
	p.render()
}

// The rules of Saturdays, as one choice.
const (
	saturdayOff    = "off"
	saturdayOpen   = "open"
	saturdayCounts = "counts"
)

// What is chosen where nothing is set.
const (
	usualPrinter = "usual-printer"
	usualPaper   = "usual-paper"
)

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func but(s, nothing string) string {
	if s == nothing {
		return ""
	}
	return s
}

// last is the unit's latest term, which may not have begun yet.
func (p *Presenter) last() dossier.UnitTerm { return p.was.Units[len(p.was.Units)-1] }

func (p *Presenter) upstream() string {
	if n := len(p.was.Upstreams); n > 0 {
		return p.was.Upstreams[n-1].Name
	}
	return ""
}

// fill lays out the settings read.
func (p *Presenter) fill() {
	u, h := p.last(), p.was.Hours
	v := map[string]string{"unit.upper": u.Upper, "unit.name": u.Name, "unit.place": u.Place, "unit.phone": u.Phone, "unit.prefix": u.Prefix, "unit.head": u.Head,
		"unit.intake": u.Intake, "upstream": p.upstream(), "from": p.station.Today.String(), "desk": strconv.Itoa(p.was.Desk), "form-set": p.was.FormSet,
		"printer": or(p.was.Printer, usualPrinter), "paper": or(p.was.Paper, usualPaper), "text-size": "100", "morning.from": h.Morning[0].String(), "morning.to": h.Morning[1].String(),
		"afternoon.from": h.Afternoon[0].String(), "afternoon.to": h.Afternoon[1].String(), "cutoff": h.Cutoff.String(), "saturday": saturdayOff, "swap": "no", "lan": lanTyped(p.was.LAN),
		"backup": p.was.Backup, "lock-twice": "no"}
	if p.was.TextSize > 0 {
		v["text-size"] = strconv.Itoa(p.was.TextSize)
	}
	switch {
	case h.SaturdayCounts:
		v["saturday"] = saturdayCounts
	case h.SaturdayMorning:
		v["saturday"] = saturdayOpen
	}
	if h.SwapSaturdays {
		v["swap"] = "yes"
	}
	if p.was.LockTwice {
		v["lock-twice"] = "yes"
	}
	for i, o := range p.was.Officers {
		v[officerField(i, "name")], v[officerField(i, "title")] = o.Name, o.Title
	}
	p.values, p.begun = v, map[string]string{}
	for k, s := range v {
		p.begun[k] = s
	}
}

// lanTyped are addresses as they are typed: the usual port is not said.
func lanTyped(all []string) string {
	var out []string
	for _, a := range all {
		out = append(out, strings.TrimSuffix(a, ":"+strconv.Itoa(dossier.LANPort)))
	}
	return strings.Join(out, ", ")
}

func officerField(i int, what string) string { return fmt.Sprintf("officer.%d.%s", i, what) }

// Dirty tells whether something was changed and is not kept.
func (p *Presenter) Dirty() bool {
	for k, v := range p.values {
		if v != p.begun[k] {
			return true
		}
	}
	return false
}

func (p *Presenter) questions() []kit.Section {
	if !p.read {
		return nil
	}
	unit := kit.Section{Title: "Đơn vị và cấp trên", Rows: [][]kit.Field{
		{{Key: "unit.upper", Label: "Cơ quan cấp trên, dòng đầu của giấy tờ", Need: true, Min: 150, Weight: 1}, {Key: "unit.name", Label: "Tên đơn vị, dòng thứ hai", Need: true, Min: 150, Weight: 1}},
		{{Key: "unit.place", Label: "Địa danh ghi trước ngày tháng", Need: true, Min: 150, Weight: 1}, {Key: "unit.phone", Label: "Điện thoại giải đáp", Min: 150, Weight: 1}},
		{{Key: "unit.prefix", Label: "Ký hiệu đơn vị trong số hồ sơ", Need: true, Min: 150, Weight: 1}, {Key: "unit.head", Label: "Họ tên thủ trưởng đơn vị", Min: 150, Weight: 1}},
		{{Key: "upstream", Label: "Cấp trên nhận dữ liệu", Min: 150, Weight: 1}, {Key: "unit.intake", Label: "Nơi tiếp nhận, nếu khác đơn vị", Min: 150, Weight: 1}},
		{{Key: "from", Kind: kit.Date, Label: "Áp dụng từ ngày", Need: true, Min: 150}, {Key: "from-help", Kind: kit.Note, Min: 150, Weight: 1,
			Hint: "Khi đổi tên, ký hiệu, thủ trưởng, cấp trên: giấy tờ của hồ sơ tiếp nhận trước ngày này vẫn in như cũ."}},
	}}
	if history := p.history(); history != "" {
		unit.Rows = append(unit.Rows, []kit.Field{{Key: "history", Kind: kit.Note, Label: "Các lần đổi tên", Hint: history}})
	}
	hours := kit.Section{Title: "Giờ làm việc, thứ Bảy", Rows: [][]kit.Field{
		{{Key: "morning.from", Label: "Sáng từ", Hint: "07:30", Min: 90, Weight: 1}, {Key: "morning.to", Label: "đến", Hint: "11:30", Min: 90, Weight: 1},
			{Key: "afternoon.from", Label: "Chiều từ", Hint: "13:30", Min: 90, Weight: 1}, {Key: "afternoon.to", Label: "đến", Hint: "17:00", Min: 90, Weight: 1},
			{Key: "cutoff", Label: "Giờ chốt nhận", Hint: "không", Min: 90, Weight: 1}},
		{{Key: "saturday", Kind: kit.Pick, Label: "Sáng thứ Bảy", Columns: 3, Options: []kit.Option{{Value: saturdayOff, Title: "Không tiếp nhận"},
			{Value: saturdayOpen, Title: "Có tiếp nhận", Sub: "không tính vào thời hạn"}, {Value: saturdayCounts, Title: "Có tiếp nhận", Sub: "tính là ngày làm việc"}}}},
		{{Key: "swap", Kind: kit.Pick, Label: "Ngày thứ Bảy làm bù", Columns: 2, Options: []kit.Option{{Value: "yes", Title: "Tính là ngày làm việc"}, {Value: "no", Title: "Không tính"}}}},
		{{Key: "hours-help", Kind: kit.Note, Hint: "Hồ sơ đến từ giờ chốt nhận trở đi được tính là nhận vào ngày làm việc sau. Ngày hẹn đã in không thay đổi."}},
	}}
	officers := kit.Section{Title: "Cán bộ"}
	for i := range len(p.was.Officers) + 1 {
		name := kit.Field{Key: officerField(i, "name"), Label: "Họ tên", Need: i < len(p.was.Officers), Min: 150, Weight: 3}
		if i == len(p.was.Officers) {
			name.Label = "Thêm cán bộ"
		}
		officers.Rows = append(officers.Rows, []kit.Field{name, {Key: officerField(i, "title"), Label: "Chức vụ", Min: 120, Weight: 2}})
	}
	pc := kit.Section{Title: "Máy này", Rows: [][]kit.Field{
		{{Key: "desk", Kind: kit.Pick, Label: "Số quầy", Columns: 3, Options: []kit.Option{{Value: "1", Title: "Quầy 1"}, {Value: "2", Title: "Quầy 2"}, {Value: "3", Title: "Quầy 3"}}}},
		{{Key: "text-size", Kind: kit.Pick, Label: "Cỡ chữ trên màn hình", Columns: 5, Options: []kit.Option{{Value: "100", Title: "100%"}, {Value: "125", Title: "125%"}, {Value: "150", Title: "150%"},
			{Value: "175", Title: "175%"}, {Value: "200", Title: "200%"}}}},
		{{Key: "printer", Kind: kit.Pick, Label: "Máy in", Columns: 1, Options: p.printerOptions()}},
		{{Key: "paper", Kind: kit.Pick, Label: "Giấy trong máy in", Columns: 2, Options: []kit.Option{{Value: usualPaper, Title: "Đúng khổ của biểu mẫu"},
			{Value: dossier.PaperA4, Title: "Chỉ có A4", Sub: "giấy tờ khổ A5 in hai tờ trên một trang"}}}},
		{{Key: "lan", Label: "Địa chỉ các máy khác trong trạm", Hint: "Để trống: các máy tự tìm thấy nhau", Min: 150, Weight: 1}},
		{{Key: "lan-help", Kind: kit.Note, Hint: "Chỉ cần khi các máy cùng mạng nội bộ mà không tự thấy nhau. Nhập địa chỉ IP hoặc tên máy, cách nhau bằng dấu phẩy, ví dụ 192.168.1.5, may-quay-2. " +
			"Tường lửa cần mở cổng " + strconv.Itoa(dossier.LANPort) + " (TCP, UDP)."}},
	}}
	if p.Folder != nil {
		pc.Rows = append(pc.Rows, []kit.Field{{Key: "backup", Label: "Nơi sao lưu thứ hai", Hint: `D:\sao-luu hoặc \\may-chu\sao-luu`, Min: 150, Weight: 1}},
			[]kit.Field{{Key: "backup-help", Kind: kit.Note, Hint: "Thư mục ở ổ đĩa khác hoặc máy chủ của đơn vị; máy tự sao lưu vào đó. Để trống nếu chỉ sao lưu ra USB."}},
			[]kit.Field{{Key: "lock-twice", Kind: kit.Custom}}) // where there are backups people sign in
	}
	set := kit.Section{Title: "Bộ biểu mẫu", Rows: [][]kit.Field{{{Key: "form-set", Kind: kit.Pick, Columns: 1, Options: []kit.Option{
		{Value: "police", Title: "Bộ biểu mẫu của Công an (BM.01 – BM.06)"}, {Value: "tt01-2018", Title: "Thông tư 01/2018/TT-VPCP"}, {Value: "tt03-2025", Title: "Thông tư 03/2025/TT-VPCP"}}}},
		{{Key: "set-help", Kind: kit.Note, Hint: "Dùng cho hồ sơ tiếp nhận từ nay. Hồ sơ cũ vẫn in theo bộ của ngày tiếp nhận."}}}}
	if p.station.Enrolled {
		pc.Rows[0] = []kit.Field{{Key: "desk-fixed", Kind: kit.Note, Label: "Số quầy", Hint: fmt.Sprintf("Quầy %d, do cấp trên cấp khi ghép nối.", p.was.Desk)}}
	}
	return []kit.Section{unit, officers, hours, pc, set}
}

func (p *Presenter) printerOptions() []kit.Option {
	out := []kit.Option{{Value: usualPrinter, Title: "Máy in mặc định của máy tính"}}
	for _, one := range p.printers {
		out = append(out, kit.Option{Value: one.Name, Title: one.Name, Sub: kit.PrinterWords(one)})
	}
	if chosen := p.was.Printer; chosen != "" && !slices.ContainsFunc(out, func(o kit.Option) bool { return o.Value == chosen }) {
		out = append(out, kit.Option{Value: chosen, Title: chosen, Sub: "hiện không thấy"})
	}
	return out
}

// history is the unit's names so far, where there was more than one.
func (p *Presenter) history() string {
	if len(p.was.Units) < 2 {
		return ""
	}
	var out []string
	for _, u := range slices.Backward(p.was.Units) {
		from := "Từ đầu"
		if !u.From.IsZero() {
			from = "Từ " + u.From.String()
		}
		line := from + ": " + u.Name
		if u.Head != "" {
			line += ", thủ trưởng " + u.Head
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// Text takes what is typed or chosen.
func (p *Presenter) Text(field, typed string) {
	if p.busy || !p.read {
		p.render()
		return
	}
	p.values[field] = typed
	delete(p.said, field)
	p.alert = nil
	p.render()
}

// LockTwice says whether a request to lock wants a second person's word.
func (p *Presenter) LockTwice(on bool) {
	p.Text("lock-twice", map[bool]string{true: "yes", false: "no"}[on])
}

// now is the settings as they are typed.
func (p *Presenter) now() (dossier.Settings, dossier.Problems) {
	var ps dossier.Problems
	v := func(field string) string { return dossier.Clean(p.values[field]) }
	s := p.was
	s.Units, s.Upstreams, s.Officers = slices.Clone(s.Units), slices.Clone(s.Upstreams), slices.Clone(s.Officers)

	unit := p.last()
	unit.Upper, unit.Name, unit.Place, unit.Phone = v("unit.upper"), v("unit.name"), v("unit.place"), v("unit.phone")
	unit.Prefix, unit.Head, unit.Intake = strings.ToUpper(v("unit.prefix")), v("unit.head"), v("unit.intake")
	if unit.Upper != p.last().Upper {
		unit.Upper = strings.ToUpper(unit.Upper) // the head of a paper is in capitals (NĐ 30/2020/NĐ-CP Phụ lục I)
	}
	if unit.Name != p.last().Name {
		unit.Name = strings.ToUpper(unit.Name)
	}
	renamed, other := unit != p.last(), v("upstream") != p.upstream()
	if renamed || other {
		from, err := dossier.ParseDate(p.values["from"])
		if err != nil {
			ps = append(ps, dossier.Invalid("from", "date.format")...)
		}
		if renamed {
			if unit.From = from; from == p.last().From {
				s.Units[len(s.Units)-1] = unit
			} else {
				s.Units = append(s.Units, unit)
			}
		}
		if other {
			up := dossier.UpstreamTerm{From: from, Level: dossier.Province, Name: v("upstream")}
			if n := len(s.Upstreams); n > 0 {
				up.Level = s.Upstreams[n-1].Level
			}
			switch n := len(s.Upstreams); {
			case n == 0:
				up.From = dossier.Date{}
				s.Upstreams = []dossier.UpstreamTerm{up}
			case s.Upstreams[n-1].From == from:
				s.Upstreams[n-1] = up
			default:
				s.Upstreams = append(s.Upstreams, up)
			}
		}
	}
	for i := range len(p.was.Officers) + 1 {
		name, title := v(officerField(i, "name")), v(officerField(i, "title"))
		switch {
		case i < len(p.was.Officers):
			s.Officers[i].Name, s.Officers[i].Title = name, title
			if name == "" {
				ps = append(ps, dossier.Invalid(officerField(i, "name"), "settings.officer-missing")...)
			}
		case name != "":
			s.Officers = append(s.Officers, dossier.Officer{ID: p.newOfficer(), Name: name, Title: title})
		case title != "":
			ps = append(ps, dossier.Invalid(officerField(i, "name"), "settings.officer-missing")...)
		}
	}
	clock := func(field string, to *dossier.Clock) {
		text := v(field)
		if *to = 0; text == "" {
			return
		}
		c, err := dossier.ParseClock(text)
		if err != nil {
			ps = append(ps, dossier.Invalid(field, "clock.format")...)
		}
		*to = c
	}
	clock("morning.from", &s.Hours.Morning[0])
	clock("morning.to", &s.Hours.Morning[1])
	clock("afternoon.from", &s.Hours.Afternoon[0])
	clock("afternoon.to", &s.Hours.Afternoon[1])
	clock("cutoff", &s.Hours.Cutoff)
	s.Hours.SaturdayMorning, s.Hours.SaturdayCounts = p.values["saturday"] != saturdayOff, p.values["saturday"] == saturdayCounts
	s.Hours.SwapSaturdays = p.values["swap"] == "yes"
	s.Desk, _ = strconv.Atoi(p.values["desk"])
	lan, err := dossier.ParseLAN(p.values["lan"])
	ps = append(ps, kit.Problems(err)...)
	s.LAN = lan
	s.Backup = strings.Trim(v("backup"), `"`)
	s.LockTwice = p.values["lock-twice"] == "yes"
	s.FormSet, s.Printer, s.Paper = p.values["form-set"], but(p.values["printer"], usualPrinter), but(p.values["paper"], usualPaper)
	if n, _ := strconv.Atoi(p.values["text-size"]); n != 100 || s.TextSize != 0 {
		s.TextSize = n
	}
	return s, ps
}

// newOfficer is a sign-in name nobody has.
func (p *Presenter) newOfficer() dossier.OfficerID {
	for n := 1; ; n++ {
		id := dossier.OfficerID("canbo" + strconv.Itoa(n))
		if !slices.ContainsFunc(p.was.Officers, func(o dossier.Officer) bool { return o.ID == id }) {
			return id
		}
	}
}

// Keep is F9.
func (p *Presenter) Keep() {
	if p.busy || !p.read {
		return
	}
	if !p.Dirty() {
		p.alert = &Alert{kit.Info, assets.Word("ui.settings-same", nil)}
		p.render()
		return
	}
	s, ps := p.now()
	if len(ps) == 0 {
		if err := s.Check(); err != nil {
			ps = kit.Problems(err)
		}
	}
	if len(ps) > 0 {
		p.wrong(ps)
		return
	}
	p.busy, p.alert, p.said = true, nil, nil
	p.render()
	was := p.was
	p.Threads.Go(func() {
		caution, err := p.lookAt(was, s)
		if err == nil {
			err = p.Desk.Amend(context.Background(), was, s)
		}
		p.Threads.OnUI(func() {
			p.busy = false
			switch ps := kit.Problems(err); {
			case err == nil:
				p.turn++ // what was read before is old
				p.was = s
				p.fill()
				p.alert = &Alert{kit.Good, assets.Word("ui.settings-kept", nil)}
				if caution != "" {
					p.said = map[string]kit.Said{"backup": {Text: caution, Warn: true}}
					p.alert = &Alert{kit.Warn, assets.Word("ui.settings-kept", nil) + "\n" + caution}
				}
				p.Changed(s)
				p.render()
			case len(ps) > 0 && (p.Trouble == nil || !p.Trouble(err, p.Keep)):
				p.wrong(ps)
			default:
				p.fail(err, p.Keep)
			}
		})
	})
}

// lookAt looks at a second place for backups that is new, away from the screen. caution is what is to be known of it though it can be used.
func (p *Presenter) lookAt(was, now dossier.Settings) (caution string, err error) {
	if p.Folder == nil || now.Backup == "" || now.Backup == was.Backup {
		return "", nil
	}
	err = p.Folder(now.Backup)
	if ps := kit.Problems(err); len(ps) > 0 && !slices.ContainsFunc(ps, func(one dossier.Problem) bool { return !one.Warn }) {
		return kit.SayError(err), nil
	}
	return "", err
}

// fieldOf is where a problem of the settings is mended here.
func fieldOf(field string) string {
	switch field {
	case "unit.from", "upstream.from":
		return "from"
	case "hours":
		return "morning.from"
	case "officer":
		return officerField(0, "name")
	}
	return field
}

func (p *Presenter) wrong(ps dossier.Problems) {
	p.said, p.alert = map[string]kit.Said{}, nil
	shown := map[string]int{}
	for _, s := range p.questions() {
		for _, r := range s.Rows {
			for _, f := range r {
				shown[f.Key] = len(shown) + 1
			}
		}
	}
	first, loose := "", []string{}
	for _, one := range ps {
		field := fieldOf(one.Field)
		if shown[field] == 0 {
			loose = append(loose, kit.Say(one))
			continue
		}
		if first == "" || shown[field] < shown[first] {
			first = field
		}
		p.said[field] = kit.Said{Text: kit.Say(one)}
	}
	if len(loose) > 0 {
		p.alert = &Alert{kit.Bad, strings.Join(loose, "\n")}
	}
	p.render()
	if first != "" {
		p.view.Focus(first)
	}
}

// Undo is Ctrl+R: what was typed is put back to what is in force.
func (p *Presenter) Undo() {
	if p.busy || !p.read {
		return
	}
	p.said, p.alert = nil, nil
	p.fill()
	p.turn++
	p.render()
	p.Refresh()
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	switch {
	case e.Alt:
		return false
	case e.Key == "F9" && !e.Ctrl:
		p.Keep()
	case e.Ctrl && e.Key == "R":
		p.Undo()
	case e.Ctrl && e.Key == "L":
		p.Rules()
	case e.Key == "Escape":
		p.Back()
	default:
		return false
	}
	return true
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "Tab, Enter", Does: "Sang ô tiếp theo"}, {Key: "Phím mũi tên", Does: "Chọn"}, {Key: "F9", Does: "Lưu thiết lập"},
		{Key: "Ctrl+R", Does: "Bỏ những gì vừa sửa, trở lại thiết lập đang dùng"}, {Key: "Ctrl+L", Does: "Xem thủ tục và lịch nghỉ"}, {Key: "Esc", Does: "Quay lại; chữ đã gõ vẫn giữ"}}
}

func (p *Presenter) render() {
	if p.view == nil {
		return
	}
	values := map[string]string{}
	for k, v := range p.values {
		values[k] = v
	}
	p.view.Show(State{Questions: p.questions(), Values: values, Said: p.said, Alert: p.alert, Busy: p.busy, Dirty: p.Dirty(), Read: p.read})
}
