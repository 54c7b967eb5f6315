package gate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// way is what is left to do where a station cannot be opened.
type way int

const (
	toLook way = iota
	toRestore
)

// Why is why a station is only looked at.
type Why int

const (
	NewerProgram Why = iota
	NoWriting
	FullDisk
)

// looks are the errors of a station that can still be looked at.
var looks = map[string]Why{"store.newer": NewerProgram, "store.read-only": NoWriting, "store.cannot-open": NoWriting, "station.folder": NoWriting,
	"store.full": FullDisk, "store.upgrade-full": FullDisk}

// lost are those of a station that is not what was kept.
var lost = []string{"store.damaged", "store.damaged-at", "store.views-damaged", "store.wrong-key", "store.gone", "safe.damaged", "safe.cannot-read"}

// Way tells whether the gate knows what is to be done about an error of opening a station.
func Way(err error) (way, bool) {
	code := dossier.Code(err)
	if _, can := looks[code]; can {
		return toLook, true
	}
	return toRestore, slices.Contains(lost, code)
}

// most is how many backups are shown: a choice is read at a glance.
const most = 6

// found is a backup and where it lies.
type found struct {
	dossier.Backup
	kind string
}

// failed shows what can be done about an error, or says it on the page.
func (p *Presenter) failed(err error) {
	where, known := Way(err)
	if !known {
		p.say(err)
		return
	}
	p.from = p.page
	p.said, p.shown = map[string]kit.Said{}, false
	p.alert = &Alert{kit.Bad, kit.SayError(err)}
	if where == toLook {
		p.why, p.page = looks[dossier.Code(err)], PageLook
		p.alert.Tone = kit.Warn
		p.render()
		p.focus("")
		return
	}
	code := dossier.Code(err)
	p.fresh = p.from != PageSignIn || strings.HasPrefix(code, "safe.")
	if p.page = PageBackups; p.asksNew() {
		p.values["password"], p.values["again"] = "", ""
	}
	p.find()
}

// hear takes how far the door is.
func (p *Presenter) hear(step Progress) {
	if !p.busy() {
		return
	}
	p.progress = &step
	if step.Doing != "" {
		p.doing = step.Doing
	}
	p.render()
}

// PutOff is Esc while a file is looked at.
func (p *Presenter) PutOff() {
	if p.busy() && p.progress != nil && p.progress.MayWait {
		p.Door.PutOff()
	}
}

// look opens the station only to be looked at.
func (p *Presenter) look() {
	name, password, why := strings.TrimSpace(p.values["name"]), p.values["password"], p.why
	p.do("Đang mở bản chỉ xem", func() func() {
		err := p.Door.Look(name, password, why)
		return func() {
			if err != nil {
				p.alert = &Alert{kit.Bad, kit.SayError(err)}
				p.render()
				p.focus("")
				return
			}
			p.leave()
		}
	})
}

// canBringBack tells whether a backup may be put on a PC that has nothing yet.
func (p *Presenter) canBringBack() bool { return p.page == PagePassword && p.kind == First }

// BringBack looks for backups to put on this PC.
func (p *Presenter) BringBack() {
	if !p.canBringBack() || p.busy() || p.over {
		return
	}
	p.from, p.fresh = PagePassword, true
	p.values["name"] = ""
	p.turn(PageBackups)
	p.find()
}

// Search looks for backups again, in the place that is typed too.
func (p *Presenter) Search() {
	if p.page != PageBackups || p.busy() || p.over {
		return
	}
	p.find()
}

func (p *Presenter) find() {
	other := strings.TrimSpace(p.values["other"])
	delete(p.said, "other")
	p.do("Đang tìm bản sao lưu", func() func() {
		places, err := p.Door.Backups(other)
		return func() {
			p.take(places, err)
		}
	})
}

// take shows what was found, the newest first, and proposes it.
func (p *Presenter) take(places []dossier.BackupPlace, err error) {
	p.searched, p.backups = true, nil
	var paths []string
	for _, place := range places {
		for _, b := range place.Backups {
			if !slices.Contains(paths, b.Path) {
				paths = append(paths, b.Path)
				p.backups = append(p.backups, found{b, place.Kind})
			}
		}
		if place.Trouble != nil && err == nil && place.Kind == dossier.PlaceSecond {
			err = place.Trouble
		}
	}
	slices.SortStableFunc(p.backups, func(a, b found) int { return b.Made.Compare(a.Made) })
	p.backups = p.backups[:min(len(p.backups), most)]
	if p.chosen() == nil {
		p.values["backup"] = ""
		if len(p.backups) > 0 {
			p.values["backup"] = p.backups[0].Path
		}
	}
	if err != nil {
		p.said["other"] = kit.Said{Text: kit.SayError(err)}
	}
	p.render()
	switch {
	case err != nil:
		p.focus("other")
	case len(p.backups) > 0:
		p.focus("backup")
	default:
		p.focus("other")
	}
}

// chosen is the backup that is ticked; nil for none.
func (p *Presenter) chosen() *found {
	for i, b := range p.backups {
		if b.Path == p.values["backup"] {
			return &p.backups[i]
		}
	}
	return nil
}

// Pick takes the backup that is ticked.
func (p *Presenter) Pick(field, value string) {
	if p.busy() || p.over {
		p.render()
		return
	}
	if p.values[field] != value {
		p.askCode = false
	}
	p.values[field] = value
	delete(p.said, field)
	p.render()
}

// asksCode tells whether the recovery code is a question of the page of backups.
func (p *Presenter) asksCode() bool { return p.asksNew() || p.page == PageBackups && p.askCode }

// asksNew tells whether a password is to be set with the restore. After the recovery sheet it has been said already.
func (p *Presenter) asksNew() bool { return p.page == PageBackups && p.fresh && p.from != PageRecover }

// secrets tells whether there are passwords on the page.
func (p *Presenter) secrets() bool {
	return p.page == PagePassword || p.page == PageSignIn || p.page == PageRecover || p.asksNew()
}

// restore puts the chosen backup in the place of what is there.
func (p *Presenter) restore() {
	b := p.chosen()
	if b == nil {
		if p.said["backup"] = (kit.Said{Text: assets.Word("gate.no-backup", nil)}); len(p.backups) == 0 {
			p.said["other"] = p.said["backup"]
		}
		p.render()
		p.focus("other")
		return
	}
	if p.asksNew() {
		if p.missing() {
			return
		}
	} else if p.askCode && p.codeMissing() {
		return
	}
	r := Restoring{From: b.Path, Name: strings.TrimSpace(p.values["name"]), Password: p.values["password"], Code: strings.TrimSpace(p.values["code"]), New: p.fresh}
	p.alert = &Alert{kit.Info, assets.Word("gate.restoring", nil)}
	p.do("Đang khôi phục", func() func() {
		err := p.Door.Restore(r)
		return func() {
			p.alert = nil
			if err == nil {
				p.leave()
				return
			}
			switch dossier.Code(err) {
			case "backup.old-key", "backup.key":
				p.askCode = !p.asksNew()
			}
			if _, known := Way(err); known {
				p.alert = &Alert{kit.Bad, kit.SayError(err)}
				p.render()
				return
			}
			p.say(err)
			if p.askCode {
				p.focus("code")
			}
		}
	})
}

// codeMissing says that the recovery code is wanted.
func (p *Presenter) codeMissing() bool {
	text := said(p.Door.CheckCode(p.values["code"]))
	if strings.TrimSpace(p.values["code"]) == "" {
		text = assets.Word("gate.code-missing", nil)
	}
	if text == "" {
		return false
	}
	p.said["code"] = kit.Said{Text: text}
	p.render()
	p.focus("code")
	return true
}

// mayAnew tells whether a new station may be begun where one is lost.
func (p *Presenter) mayAnew() bool { return p.page == PageBackups && p.kind != First && p.searched }

// Anew goes to the page that says what a new station means.
func (p *Presenter) Anew() {
	if !p.mayAnew() || p.busy() || p.over {
		return
	}
	p.page, p.said, p.alert = PageAnew, map[string]kit.Said{}, nil
	p.render()
	p.focus("")
}

// anew puts what is there aside, and begins with the first password.
func (p *Presenter) anew() {
	p.do("Đang cất riêng dữ liệu cũ", func() func() {
		err := p.Door.StartAnew()
		return func() {
			if err != nil {
				p.alert = &Alert{kit.Bad, kit.SayError(err)}
				p.render()
				p.focus("")
				return
			}
			p.forget()
			p.kind, p.from, p.fresh = First, PagePassword, false
			p.values["name"] = firstName
			p.turn(PagePassword)
			p.alert = &Alert{kit.Info, assets.Word("gate.put-aside", map[string]string{"folder": p.Door.Aside()})}
			p.render()
		}
	})
}

// options are the backups as they are chosen from.
func (p *Presenter) options() (out []kit.Option) {
	for _, b := range p.backups {
		title := fmt.Sprintf("%s · %s hồ sơ", kit.Moment(b.Made), thousands(b.Dossiers))
		proved := "chưa thử khôi phục"
		if b.Proved {
			proved = "đã thử khôi phục"
		}
		out = append(out, kit.Option{Value: b.Path, Title: title, Sub: fmt.Sprintf("%s; %s · %s", places[b.kind], proved, sizeWords(b.Bytes))})
	}
	return out
}

var places = map[string]string{dossier.PlaceOwn: "Trên máy này", dossier.PlaceSecond: "Nơi sao lưu khác", dossier.PlaceStick: "USB"}

func sizeWords(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KB", max(bytes>>10, 1))
	}
	return strings.Replace(fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20)), ".", ",", 1)
}

// thousands writes a number as it is written here: 12.345.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "." + text[i:]
	}
	return text
}
