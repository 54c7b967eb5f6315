package dossier

// Correction is what a correction in force changed: the intake before it and after it.
type Correction struct{ Before, After Receive }

// Corrections are those of a dossier by their events. One whose body was purged changes nothing that could be shown.
func (d Dossier) Corrections() map[EventID]Correction {
	out := map[EventID]Correction{}
	var as Dossier
	for _, s := range d.Course {
		if s.Effect != Applied {
			continue
		}
		body := decode(Entry{Event: s.Event, Purged: s.Purged})
		before := as.Intake
		as.apply(s.Event, body)
		if _, ok := body.(*Correct); ok {
			out[s.ID] = Correction{Before: before, After: as.Intake}
		}
	}
	return out
}
