// Package setup asks once what a station must have decided before the first dossier: who it is, which desk this is, who sits at it.
package setup

import (
	"context"
	"strings"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Desk is what this screen asks of the desk.
type Desk interface {
	SetUp(ctx context.Context, s dossier.Settings) error
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
	Done    func()
	Officer dossier.OfficerID
	Today   func() dossier.Date
}

// State is all that the screen shows.
type State struct {
	Questions []kit.Section
	Values    map[string]string
	Said      map[string]kit.Said
	Wrong     string
	Busy      bool
}

// Presenter takes what is typed. All its methods run on the screen's goroutine.
type Presenter struct {
	World
	view   View
	values map[string]string
	said   map[string]kit.Said
	wrong  string
	busy   bool
}

// New is a presenter; Attach gives it a view.
func New(w World) *Presenter {
	return &Presenter{World: w, values: map[string]string{"unit.level": string(dossier.Commune), "desk": "1", "unit.upper": "CÔNG AN TỈNH ", "unit.name": "CÔNG AN XÃ "}}
}

// Attach gives it a view.
func (p *Presenter) Attach(v View) { p.view = v; p.render() }

var heads = map[dossier.Level][2]string{dossier.Commune: {"CÔNG AN TỈNH ", "CÔNG AN XÃ "}, dossier.Province: {"BỘ CÔNG AN", "CÔNG AN TỈNH "},
	dossier.District: {"CÔNG AN TỈNH ", "CÔNG AN HUYỆN "}}

// Text takes what is typed or chosen.
func (p *Presenter) Text(field, typed string) {
	if p.busy {
		p.render()
		return
	}
	if field == "unit.level" {
		was, is := heads[dossier.Level(p.values[field])], heads[dossier.Level(typed)]
		for i, f := range []string{"unit.upper", "unit.name"} {
			if p.values[f] == was[i] {
				p.values[f] = is[i]
			}
		}
	}
	p.values[field] = typed
	delete(p.said, field)
	p.render()
}

func (p *Presenter) questions() []kit.Section {
	levels := []kit.Option{{Value: string(dossier.Commune), Title: "Cấp xã (xã, phường, đặc khu)"}, {Value: string(dossier.Province), Title: "Cấp tỉnh"}}
	if p.Today().Before(dossier.DistrictPoliceEnded) {
		levels = append(levels, kit.Option{Value: string(dossier.District), Title: "Cấp huyện"})
	}
	return []kit.Section{
		{Title: "Đơn vị", Rows: [][]kit.Field{
			{{Key: "unit.level", Kind: kit.Pick, Label: "Cấp của đơn vị", Need: true, Options: levels}},
			{{Key: "unit.upper", Label: "Cơ quan cấp trên, dòng đầu của giấy tờ", Need: true, Min: 150, Weight: 1},
				{Key: "unit.name", Label: "Tên đơn vị, dòng thứ hai", Need: true, Min: 150, Weight: 1}},
			{{Key: "unit.place", Label: "Địa danh ghi trước ngày tháng", Need: true, Min: 150, Weight: 1, Hint: "ví dụ: Bình Mẫu"},
				{Key: "unit.phone", Label: "Điện thoại giải đáp", Min: 150, Weight: 1}},
			{{Key: "unit.prefix", Label: "Ký hiệu đơn vị trong số hồ sơ", Need: true, Min: 150, Weight: 1, Hint: "ví dụ: MAU.01",
				Help: "Chữ in hoa không dấu, chữ số, dấu chấm; đứng đầu mọi số hồ sơ."},
				{Key: "upstream", Label: "Cấp trên nhận dữ liệu", Min: 150, Weight: 1, Hint: "ví dụ: Công an tỉnh Mẫu"}},
		}},
		{Title: "Máy này và cán bộ", Rows: [][]kit.Field{
			{{Key: "desk", Kind: kit.Pick, Label: "Số quầy của máy này", Need: true,
				Options: []kit.Option{{Value: "1", Title: "Quầy 1"}, {Value: "2", Title: "Quầy 2"}, {Value: "3", Title: "Quầy 3"}}},
				{Key: "officer", Label: "Họ tên cán bộ tiếp nhận", Need: true, Min: 140, Weight: 2}, {Key: "title", Label: "Chức vụ", Min: 120, Weight: 1}},
			{{Key: "unit.head", Label: "Họ tên thủ trưởng đơn vị", Min: 150, Weight: 1, Help: "In dưới chữ ký của các giấy thủ trưởng ký và đóng dấu: phiếu xin lỗi, thông báo, sổ."}},
		}},
	}
}

// settings are what was typed. The two lines at the head of a paper are in capitals (NĐ 30/2020/NĐ-CP Phụ lục I).
func (p *Presenter) settings() dossier.Settings {
	v := func(field string) string { return dossier.Clean(p.values[field]) }
	s := dossier.Settings{
		Units: []dossier.UnitTerm{{Level: dossier.Level(v("unit.level")), Prefix: strings.ToUpper(v("unit.prefix")), Head: v("unit.head"),
			Unit: dossier.Unit{Upper: strings.ToUpper(v("unit.upper")), Name: strings.ToUpper(v("unit.name")), Place: v("unit.place"), Phone: v("unit.phone")}}},
		Desk: int(p.values["desk"][0] - '0'), Officers: []dossier.Officer{{ID: p.Officer, Name: v("officer"), Title: v("title")}},
		Hours: dossier.DefaultHours, FormSet: "police"}
	for _, l := range heads {
		if s.Units[0].Name == strings.TrimSpace(l[1]) {
			s.Units[0].Name = "" // the beginning of a name is none
		}
		if l[0] != "BỘ CÔNG AN" && s.Units[0].Upper == strings.TrimSpace(l[0]) {
			s.Units[0].Upper = ""
		}
	}
	if name := v("upstream"); name != "" {
		s.Upstreams = []dossier.UpstreamTerm{{Level: dossier.Province, Name: name}}
	}
	return s
}

// Keep is F9.
func (p *Presenter) Keep() {
	if p.busy {
		return
	}
	p.busy, p.wrong, p.said = true, "", nil
	p.render()
	s := p.settings()
	p.Threads.Go(func() {
		err := p.Desk.SetUp(context.Background(), s)
		p.Threads.OnUI(func() {
			p.busy = false
			if err == nil {
				p.render()
				p.Done()
				return
			}
			if p.Trouble != nil && p.Trouble(err, p.Keep) {
				p.render()
				return
			}
			p.say(err)
		})
	})
}

func (p *Presenter) say(err error) {
	p.said = map[string]kit.Said{}
	shown, first := map[string]bool{}, ""
	for _, s := range p.questions() {
		for _, r := range s.Rows {
			for _, f := range r {
				shown[f.Key] = true
			}
		}
	}
	ps := kit.Problems(err)
	for _, one := range ps {
		if !shown[one.Field] {
			p.wrong = kit.Say(one)
			continue
		}
		if first == "" {
			first = one.Field
		}
		p.said[one.Field] = kit.Said{Text: kit.Say(one)}
	}
	if len(ps) == 0 {
		p.wrong = kit.SayError(err)
	}
	p.render()
	if first != "" {
		p.view.Focus(first)
	}
}

// Key takes the keys of this screen.
func (p *Presenter) Key(e kit.Event) bool {
	if e.Key == "F9" && !e.Ctrl {
		p.Keep()
		return true
	}
	return false
}

// Keys are the keys of this screen, for F1.
func (p *Presenter) Keys() []kit.Hint {
	return []kit.Hint{{Key: "Tab, Enter", Does: "Sang ô tiếp theo"}, {Key: "Phím mũi tên", Does: "Chọn"}, {Key: "F9", Does: "Lưu thiết lập"}}
}

func (p *Presenter) render() {
	if p.view != nil {
		values := map[string]string{}
		for k, v := range p.values {
			values[k] = v
		}
		p.view.Show(State{Questions: p.questions(), Values: values, Said: p.said, Wrong: p.wrong, Busy: p.busy})
	}
}
