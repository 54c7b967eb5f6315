package shell

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// ask puts a question before something is lost. The button that loses nothing has the focus.
func (s *Shell) ask(title, text, yes string, do func()) { s.question(title, text, yes, do) }

func (s *Shell) question(title, text, yes string, do func()) *kit.Dialog {
	d := kit.NewDialog(title, 460, kit.NewParagraph(text), yes, "Giữ lại", kit.Danger)
	d.OnNo = d.Close
	d.OnYes = func() {
		d.Close()
		do()
	}
	d.Show(s.canvas, s.router, nil)
	return d
}

// say tells something that belongs to no field.
func (s *Shell) say(tone kit.Tone, title, text string) {
	if s.canvas == nil {
		return
	}
	d := kit.NewDialog(title, 480, kit.Notice(tone, text), "Đã hiểu", "", kit.Primary)
	d.OnYes, d.OnNo = d.Close, d.Close
	d.Show(s.canvas, s.router, nil)
}

// help is F1: the keys of the screen shown and, beside them so that all is in sight on a low screen, those of all.
func (s *Shell) help() {
	if s.canvas == nil {
		return
	}
	lines := func(width float32, hints []kit.Hint) *fyne.Container {
		var rows []fyne.CanvasObject
		for _, h := range hints {
			rows = append(rows, kit.Row(14, kit.Cell{Object: kit.Strong(h.Key), Min: width}, kit.Cell{Object: kit.NewParagraph(h.Does), Min: 100, Weight: 1}))
		}
		return kit.Column(5, rows...)
	}
	body, width := lines(190, s.now.keys()), float32(620)
	if s.now != s.setup { // there is no way out of it yet
		other := kit.Column(5, kit.Caption("Ở mọi màn hình"), lines(120, s.everywhere()))
		if 920*theme.TextSize()/15 < s.canvas.Size().Width {
			body = kit.Row(24, kit.Cell{Object: body, Min: 300, Weight: 3}, kit.Cell{Object: other, Min: 250, Weight: 2})
			width = 920
		} else { // not side by side with large texts: it scrolls
			body = kit.Column(18, body, other)
		}
	}
	d := kit.NewDialog("Các phím của màn hình này", width, body, "Đóng", "", kit.Primary)
	d.OnYes, d.OnNo = d.Close, d.Close
	d.Show(s.canvas, s.router, nil)
}

// askDate asks once which day it is; whatever could not go on without it goes on after the answer.
func (s *Shell) askDate(err error, again func()) {
	if again != nil {
		s.again = append(s.again, again)
	}
	if s.clock || s.canvas == nil {
		return
	}
	s.clock = true
	s.tell()
	typed := struct {
		text string
		day  dossier.Date
		err  error
		hour string
	}{hour: s.cfg.Now().In(dossier.Hanoi).Format("15:04")}
	busy := false
	form := kit.NewForm(true)
	form.Ask([]kit.Section{{Rows: [][]kit.Field{{{Key: "date", Kind: kit.Date, Need: true, Label: "Hôm nay là ngày", Min: 170},
		{Key: "hour", Need: true, Label: "Bây giờ là", Hint: "giờ:phút", Min: 120}}}}})
	d := kit.NewDialog("Xác nhận ngày hôm nay", 500, kit.Column(10, kit.Notice(kit.Warn, kit.SayError(err)), form.Body()), "Xác nhận", "", kit.Primary)
	wrong := func(field, text string) {
		form.Fill(map[string]string{"date": typed.text, "hour": typed.hour}, map[string]kit.Said{field: {Text: text}})
		form.Focus(field)
	}
	form.Fill(map[string]string{"hour": typed.hour}, nil)
	form.OnText = func(_, text string) { typed.hour = text }
	form.OnGrow = d.Grow
	form.OnDay = func(_, text string, day dossier.Date, err error) { typed.text, typed.day, typed.err = text, day, err }
	d.OnYes = func() {
		switch {
		case busy:
			return
		case typed.err != nil:
			wrong("date", kit.SayError(typed.err))
			return
		case typed.day.IsZero():
			wrong("date", assets.Word("ui.date-missing", nil))
			return
		}
		hour, err := dossier.ParseClock(typed.hour)
		if err != nil {
			wrong("hour", kit.SayError(err))
			return
		}
		busy = true
		day := typed.day
		s.threads.Go(func() {
			err := s.cfg.Desk.ConfirmDate(context.Background(), day, hour)
			s.threads.OnUI(func() {
				busy = false
				if err != nil {
					wrong("date", kit.SayError(err))
					return
				}
				d.Close()
				s.clock = false
				waiting := s.again
				s.again = nil
				for _, f := range waiting {
					f()
				}
				s.readStation()
			})
		})
	}
	form.OnLast = d.Yes
	d.Show(s.canvas, s.router, nil)
	form.Focus("date")
}
