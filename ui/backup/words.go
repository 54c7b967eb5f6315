package backup

import (
	"fmt"
	"strconv"
	"strings"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

var places = map[string]string{dossier.PlaceOwn: "Máy này", dossier.PlaceSecond: "Nơi thứ hai", dossier.PlaceStick: "USB", "": "Tệp khác"}

// sizeWords is a size as one says it: 1,4 GB.
func sizeWords(n int64) string {
	units := []string{"byte", "KB", "MB", "GB", "TB"}
	v, u := float64(n), 0
	for ; v >= 1000 && u < len(units)-1; u++ {
		v /= 1024
	}
	if u == 0 || v >= 100 {
		return fmt.Sprintf("%.0f %s", v, units[u])
	}
	return strings.Replace(strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0"), ".", ",", 1) + " " + units[u]
}

// thousands is a number with its thousands apart: 12.345.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

func proof(b dossier.Backup) string {
	if b.Proved {
		return "Đã thử khôi phục"
	}
	return "Chưa thử khôi phục"
}

func cells(r row) []kit.TableCell {
	proved := kit.TableCell{Text: proof(r.Backup), Color: kit.Green}
	if !r.Proved {
		proved.Color = kit.Muted
	}
	return []kit.TableCell{{Text: kit.Short(r.Made)}, {Text: places[r.place]}, proved, {Text: thousands(r.Dossiers)}, {Text: sizeWords(r.Bytes), Color: kit.Muted}}
}

// options are the places a backup can be put in, and what is to be known of each.
func (p *Presenter) options() []kit.Option {
	var out []kit.Option
	for _, one := range p.places {
		var known []string
		if one.Kind != dossier.PlaceOwn && one.Trouble == nil {
			known = append(known, one.Path)
		}
		switch {
		case one.Trouble != nil:
			known = append(known, kit.SayError(one.Trouble))
		case one.Kind == dossier.PlaceOwn:
			known = append(known, "chỉ phòng hỏng tệp; mất máy là mất cả bản này")
		case one.Free >= 0:
			known = append(known, "còn trống "+sizeWords(one.Free))
		}
		if one.Trouble == nil && len(one.Backups) == 0 {
			known = append(known, "chưa có bản nào")
		}
		out = append(out, kit.Option{Value: one.Path, Title: places[one.Kind], Sub: strings.Join(known, " · ")})
	}
	return out
}

// about is what is known of a backup beside when it was made.
func about(b dossier.Backup) string {
	return thousands(b.Dossiers) + " hồ sơ, " + thousands(b.Events) + " diễn biến, " + sizeWords(b.Bytes) + "\n" + b.Path
}

func (p *Presenter) title() string {
	switch p.mode {
	case Choosing:
		return "Khôi phục từ tệp khác"
	case Weighing:
		return "Khôi phục từ bản sao lưu"
	}
	return ""
}

func (p *Presenter) lead() string {
	switch p.mode {
	case Choosing:
		return "Dùng tệp sao lưu của chính máy này, cất ở nơi khác."
	case Weighing:
		return "Chưa có gì thay đổi. Vui lòng xem những gì bản này không có:"
	}
	return ""
}

// lines say what a restore would leave out, the worst first.
func (p *Presenter) lines() []Alert {
	m := p.missing
	if !m.Readable {
		return []Alert{{kit.Warn, assets.Word("keep.unreadable", nil)}}
	}
	var out []Alert
	if m.Apart {
		out = append(out, Alert{kit.Bad, assets.Word("keep.apart", nil)})
	}
	if m.LostAll > 0 {
		out = append(out, Alert{kit.Bad, assets.Word("keep.lost", map[string]string{"count": thousands(m.LostAll)})})
	}
	if m.Drafts > 0 {
		out = append(out, Alert{kit.Warn, assets.Word("keep.drafts", map[string]string{"count": thousands(m.Drafts)})})
	}
	if m.Events > 0 {
		out = append(out, Alert{kit.Info, assets.Word("keep.after", map[string]string{"events": thousands(m.Events), "dossiers": thousands(m.Dossiers)})})
	}
	if m.Sent > 0 {
		out = append(out, Alert{kit.Good, assets.Word("keep.comes-back", map[string]string{"count": thousands(m.Sent), "upstream": p.Upstream()})})
	}
	if m.LostAll == 0 && !m.Apart {
		out = append(out, Alert{kit.Good, assets.Word("keep.nothing-lost", nil)})
	}
	return out
}

// lost names the dossiers nobody else holds.
func lost(m dossier.Missing) string {
	text := strings.Join(m.Lost, ", ")
	if more := m.LostAll - len(m.Lost); more > 0 {
		text += fmt.Sprintf(" và %s hồ sơ khác", thousands(more))
	}
	return text
}

// lastQuestion is asked before there is no way back by a key.
func lastQuestion(m dossier.Missing) string {
	text := assets.Word("keep.last", map[string]string{"made": kit.Moment(m.Backup.Made)})
	if m.LostAll > 0 {
		text += "\n\n" + assets.Word("keep.last-lost", map[string]string{"count": thousands(m.LostAll)})
	}
	return text
}

// going says how far what goes on is.
func (p *Presenter) going() string {
	if p.stopping {
		return "Đang dừng…"
	}
	switch p.doing {
	case "":
		return ""
	case weighing:
		return "Đang so với dữ liệu hiện có…"
	case asking:
		return "Đang kiểm tra…"
	case restoring:
		return "Đang khôi phục…"
	}
	switch p.step.Step {
	case dossier.BackupCopies:
		return "Đang chép dữ liệu…"
	case dossier.BackupWrites:
		return "Đang ghi và đọc lại…"
	case dossier.BackupUnpacks:
		return "Đang giải nén…"
	case dossier.BackupProves:
		return "Đang thử khôi phục và đối chiếu…"
	}
	return "Đang chuẩn bị…"
}
