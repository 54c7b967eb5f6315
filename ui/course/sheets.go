package course

import (
	"maps"
	"slices"

	"tiepnhan/dossier"
)

// mostSheets is of how many dossiers typed text is kept; an officer answering the telephone looks at one or two others meanwhile.
const mostSheets = 20

// sheets keep what was typed, per dossier and act, so that neither Esc nor another dossier loses it; drafts keep them beyond the end of the
// program. What counts is kept with F9.
type sheets struct {
	all    map[dossier.ID]map[dossier.Kind]*sheet
	recent []dossier.ID // the one used last at the end
}

type sheet struct {
	begun, typed map[string]string
	acts         int  // of its kind that this PC had kept on the dossier when it was begun
	old          bool // it is from before the program was started, and nobody has been told yet
}

func (s *sheet) dirty() bool { return s != nil && !maps.Equal(s.begun, s.typed) }

// open makes the form of an act ready. One with nothing typed in it begins anew: the dossier may have changed since.
func (s *sheets) open(id dossier.ID, kind dossier.Kind, acts int, begin func() map[string]string) {
	if s.all == nil {
		s.all = map[dossier.ID]map[dossier.Kind]*sheet{}
	}
	s.recent = append(slices.DeleteFunc(s.recent, func(x dossier.ID) bool { return x == id }), id)
	if s.all[id] == nil {
		s.all[id] = map[dossier.Kind]*sheet{}
	}
	for len(s.recent) > mostSheets {
		delete(s.all, s.recent[0])
		s.recent = s.recent[1:]
	}
	if !s.all[id][kind].dirty() {
		begun := begin()
		s.all[id][kind] = &sheet{begun: begun, typed: maps.Clone(begun), acts: acts}
	}
}

func (s *sheets) typed(id dossier.ID, kind dossier.Kind) map[string]string {
	if one := s.all[id][kind]; one != nil {
		return one.typed
	}
	return nil
}

// changed tells whether a field is no longer as the form showed it first.
func (s *sheets) changed(id dossier.ID, kind dossier.Kind, field string) bool {
	one := s.all[id][kind]
	return one != nil && one.begun[field] != one.typed[field]
}

// waits tells whether something was typed for an act and not kept.
func (s *sheets) waits(id dossier.ID, kind dossier.Kind) bool { return s.all[id][kind].dirty() }

// drop forgets what was kept.
func (s *sheets) drop(id dossier.ID, kind dossier.Kind) { delete(s.all[id], kind) }
