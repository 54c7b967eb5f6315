package course

import (
	"context"
	"maps"
	"slices"
	"time"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// draftPause is how long the typing rests before it is kept.
const draftPause = time.Second

// drafts keep what is typed in the store as well: a power cut must not lose the half of a correction.
type drafts struct {
	lane   *kit.Lane
	later  *kit.Later
	loaded bool
	kept   bool   // there may be one in the store
	thrown *sheet // by F6, and got back by another F6
}

// left are the sheets with something typed in them, those of the dossier looked at last at the end.
func (s *sheets) left() []desk.Typed {
	var out []desk.Typed
	for _, id := range s.recent {
		for _, kind := range slices.Sorted(maps.Keys(s.all[id])) {
			if one := s.all[id][kind]; one.dirty() {
				out = append(out, desk.Typed{Dossier: id, Kind: kind, Acts: one.acts, Begun: maps.Clone(one.begun), Text: maps.Clone(one.typed)})
			}
		}
	}
	return out
}

// load takes over what a draft has of before the program ended.
func (s *sheets) load(all []desk.Typed) {
	for _, t := range all {
		if verbOf(t.Kind) == nil || t.Text == nil {
			continue
		}
		if s.all == nil {
			s.all = map[dossier.ID]map[dossier.Kind]*sheet{}
		}
		if s.all[t.Dossier] == nil {
			s.all[t.Dossier] = map[dossier.Kind]*sheet{}
			s.recent = append(s.recent, t.Dossier)
		}
		begun := t.Begun
		if begun == nil {
			begun = map[string]string{}
		}
		s.all[t.Dossier][t.Kind] = &sheet{begun: begun, typed: t.Text, acts: t.Acts, old: true}
	}
}

// saveDraft keeps all that is typed. One after the other: an older draft never arrives after a newer one.
func (p *Presenter) saveDraft() {
	p.drafts.later.Drop()
	all := p.sheets.left()
	if len(all) == 0 && !p.drafts.kept {
		return
	}
	p.drafts.kept = len(all) > 0
	p.drafts.lane.Do(func() func() {
		err := p.Desk.SaveTypedActs(context.Background(), all)
		return func() {
			if err != nil && p.alert == nil && len(all) > 0 {
				p.alert = &Alert{Tone: kit.Warn, Text: assets.Word("course.draft-failed", nil)}
				p.render()
			}
		}
	})
}

// Left keeps at once what was typed in a field that is left.
func (p *Presenter) Left(string) {
	if p.drafts.later.Waiting() {
		p.saveDraft()
	}
}

// Flush keeps what was typed since the last draft, when the window is gone.
func (p *Presenter) Flush() error {
	if !p.drafts.later.Waiting() || p.busy {
		return nil
	}
	p.drafts.later.Drop()
	return p.Desk.SaveTypedActs(context.Background(), p.sheets.left())
}

// written is how many acts of a kind this PC has kept on the dossier shown.
func (p *Presenter) written(kind dossier.Kind) (n int) {
	for _, step := range p.o.Dossier.Course {
		if step.Kind == kind && p.o.Whence[step.ID].Own {
			n++
		}
	}
	return n
}

// resume opens the form that was being filled in when the program ended, once, and says so. What was kept after all is forgotten; what the
// dossier has become meanwhile stands in every field that was not touched.
func (p *Presenter) resume() {
	var again []dossier.Kind
	for i := range verbs {
		v := &verbs[i]
		one := p.sheets.all[p.id][v.kind]
		if one == nil || !one.old {
			continue
		}
		one.old = false
		now := map[string]string{}
		if v.begin != nil {
			now = v.begin(p)
		}
		if one.rebase(now); p.written(v.kind) > one.acts || !one.dirty() {
			p.sheets.drop(p.id, v.kind)
			p.drafts.later.Do(p.saveDraft)
			continue
		}
		again = append(again, v.kind)
	}
	defer p.render()
	if len(again) == 0 || p.current != "" {
		return
	}
	v := verbOf(again[0])
	if slices.Contains(again, dossier.Corrected) {
		v = verbOf(dossier.Corrected)
	}
	args := map[string]string{"act": v.title, "why": ""}
	if args["why"], _ = p.forbidden(v); args["why"] != "" {
		p.alert = &Alert{Tone: kit.Warn, Text: assets.Word("course.draft-forbidden", args)}
	} else {
		p.Choose(v.kind)
		p.alert = &Alert{Tone: kit.Info, Text: assets.Word("course.draft-restored", args), Drop: true, Label: "Bỏ nội dung này", Key: "F6"}
	}
}

// rebase puts what was typed on top of what the form would begin with now.
func (s *sheet) rebase(now map[string]string) {
	typed := maps.Clone(now)
	for field, text := range s.typed {
		if text != s.begun[field] {
			typed[field] = text
		}
	}
	s.begun, s.typed = now, typed
}

// Discard is F6: what is typed in the open form is thrown away; pressed again, it is back.
func (p *Presenter) Discard() {
	one := p.sheets.all[p.id][p.current]
	if one == nil || p.busy || p.review != nil {
		return
	}
	switch {
	case one.dirty():
		p.drafts.thrown = &sheet{typed: one.typed, acts: one.acts}
		one.typed = maps.Clone(one.begun)
		p.alert = &Alert{Tone: kit.Info, Text: assets.Word("course.draft-dropped", nil), Drop: true, Label: "Lấy lại", Key: "F6"}
	case p.drafts.thrown != nil:
		one.typed = p.drafts.thrown.typed
		p.drafts.thrown, p.alert = nil, nil
	default:
		return
	}
	p.said = nil
	p.saveDraft()
	p.render()
	p.view.Focus("form")
}
