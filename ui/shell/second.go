package shell

import (
	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// second asks a second person for their word on what must not be done alone: their own name and password, which go to try, away from the
// screen. What is wrong with the two is said at its field and asked again; everything else that try comes back with goes to done, once.
// Whoever is asked may say no: then done is not called. A window that locks forgets what was typed.
func (s *Shell) second(lead string, try func(desk.Confirm) error, done func(desk.Confirm, error)) {
	values, busy := map[string]string{}, false
	said := map[string]kit.Said{}
	form := kit.NewForm(true)
	var secrets *kit.Secrets
	show := func() {
		form.Fill(values, said)
		secrets.Fill(values, said, false)
	}
	take := func(field, text string) {
		if busy {
			show()
			return
		}
		values[field] = text
		delete(said, field)
		if caution := kit.SecretCaution(text); caution != "" && field == "password" {
			said[field] = kit.Said{Text: caution, Warn: true}
		}
		show()
	}
	secrets = kit.NewSecrets(form, take)
	form.OnText = take
	form.Ask(secrets.Place([]kit.Section{{Rows: [][]kit.Field{
		{{Key: "by", Label: "Tên đăng nhập của người xác nhận", Need: true}},
		{{Key: "password", Kind: kit.Custom, Label: "Mật khẩu của người xác nhận", Need: true}}}}}))
	d := kit.NewDialog("Người thứ hai xác nhận", 500, kit.Column(10, kit.NewParagraph(lead), form.Body()), "Xác nhận", "Thôi", kit.Primary)
	gone := false
	shut := func() {
		if !gone {
			gone, s.asked = true, nil
			clear(values)
			show()
			d.Close()
		}
	}
	form.OnGrow = d.Grow
	d.OnNo = func() {
		if !busy {
			shut()
		}
	}
	wrong := func(field, text string) {
		said[field] = kit.Said{Text: text}
		show()
		form.Focus(field)
		if field == "password" {
			secrets.SelectAll(field)
		}
	}
	d.OnYes = func() {
		c := desk.Confirm{By: dossier.OfficerID(dossier.Clean(values["by"])), Password: values["password"]}
		switch {
		case busy:
			return
		case c.By == "":
			wrong("by", assets.Word("name.missing", nil))
			return
		case c.Password == "":
			wrong("password", assets.Word("gate.password-missing", nil))
			return
		}
		busy = true
		s.threads.Go(func() {
			err := try(c)
			s.threads.OnUI(func() {
				busy = false
				switch code := dossier.Code(err); code {
				case "confirm.self", "confirm.role", "confirm.needed":
					if !gone {
						wrong("by", kit.SayError(err))
						return
					}
				case "safe.wrong", "safe.wrong-wait", "safe.wait", "safe.unknown":
					if !gone {
						wrong("password", kit.SayError(err))
						return
					}
				}
				shut()
				done(c, err)
			})
		})
	}
	form.OnLast = d.Yes
	s.asked = shut
	d.Show(s.canvas, s.router, nil)
	form.Focus("by")
}

// askUnlocked is ask about what nobody who comes back to a locked desk is to be led to.
func (s *Shell) askUnlocked(title, text, yes string, do func()) {
	d := s.question(title, text, yes, func() {
		s.asked = nil
		do()
	})
	no := d.OnNo
	d.OnNo = func() {
		s.asked = nil
		no()
	}
	s.asked = d.Close
}
