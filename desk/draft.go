package desk

import (
	"context"
	"encoding/json"

	"tiepnhan/dossier"
)

// IntakeDraft is the name of the draft of the reception form. It is gone in the very step that keeps the dossier.
const IntakeDraft = "intake"

// Form is the reception form as it was left: the intake, and what was written beside it.
type Form struct {
	Intake
	Beside Beside `json:"beside,omitzero"`
}

// Beside is what an officer has written that is no part of the intake yet.
type Beside struct {
	Slip      string            `json:"slip,omitempty"`      // the slip being written: "refuse" or "ask"
	Refuse    string            `json:"refuse,omitempty"`    // why it is refused
	Ask       string            `json:"ask,omitempty"`       // which papers are asked for and why, once changed by hand
	Answer    string            `json:"answer,omitempty"`    // on the national system
	Reference string            `json:"reference,omitempty"` // in it
	Begun     map[string]string `json:"begun,omitempty"`     // dates and times as far as they are typed, by field
}

// Draft is the form as it was left, or a new one.
func (d *Desk) Draft(ctx context.Context) (f Form, found bool, err error) {
	if err := d.may(ctx, dossier.DeedDraft); err != nil {
		return Form{}, false, err
	}
	if found, err = d.draft(ctx, IntakeDraft, &f); !found || f.ID.IsZero() {
		return Form{Intake: d.NewIntake()}, false, err
	}
	return f, true, nil
}

// SaveDraft keeps the form as it stands.
func (d *Desk) SaveDraft(ctx context.Context, f Form) error {
	if err := d.may(ctx, dossier.DeedDraft); err != nil {
		return err
	}
	return d.saveDraft(ctx, IntakeDraft, f)
}

// DropDraft throws the form away.
func (d *Desk) DropDraft(ctx context.Context) error {
	if err := d.may(ctx, dossier.DeedDraft); err != nil {
		return err
	}
	return d.Store.DropDraft(ctx, IntakeDraft)
}

// CourseDraft is the name of the draft of the screen of one dossier: all that was typed there for acts that are not kept.
const CourseDraft = "course"

// Typed is what was typed for an act on a dossier. An act is kept in a step of its own, so a draft may be left of one that is kept: Acts
// tells.
type Typed struct {
	Dossier dossier.ID        `json:"dossier"`
	Kind    dossier.Kind      `json:"kind"`
	Acts    int               `json:"acts"`            // of that kind on it that this PC had kept when it was typed
	Begun   map[string]string `json:"begun,omitempty"` // the fields as they were shown first
	Text    map[string]string `json:"text"`            // and as they are
}

// TypedActs are those left by the screen of one dossier, in the order they were saved in.
func (d *Desk) TypedActs(ctx context.Context) (all []Typed, err error) {
	if err := d.may(ctx, dossier.DeedDraft); err != nil {
		return nil, err
	}
	_, err = d.draft(ctx, CourseDraft, &all)
	return all, err
}

// SaveTypedActs keeps them as they stand, in place of those kept before.
func (d *Desk) SaveTypedActs(ctx context.Context, all []Typed) error {
	if err := d.may(ctx, dossier.DeedDraft); err != nil {
		return err
	}
	if len(all) == 0 {
		return d.Store.DropDraft(ctx, CourseDraft)
	}
	return d.saveDraft(ctx, CourseDraft, all)
}

// draft reads a draft; one that cannot be read, of another program, is none.
func (d *Desk) draft(ctx context.Context, name string, into any) (found bool, err error) {
	b, err := d.Store.Draft(ctx, name)
	return err == nil && b != nil && json.Unmarshal(b, into) == nil, err
}

func (d *Desk) saveDraft(ctx context.Context, name string, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return d.Store.SaveDraft(ctx, name, b)
}

// LastIntake is what was received or refused last on this PC, for the next of the same family or agency; not what was annulled: it may have
// been wrong. Several PCs of a station have each its own last applicant.
func (d *Desk) LastIntake(ctx context.Context) (last dossier.Receive, found bool, err error) {
	if err := d.may(ctx, dossier.DeedLook); err != nil {
		return last, false, err
	}
	rows, err := d.Store.List(ctx, d.timed(dossier.Query{Sort: dossier.SortLatest, Limit: 20}))
	if err != nil {
		return last, false, err
	}
	for _, row := range rows {
		if row.Status == dossier.StatusAnnulled {
			continue
		}
		have, err := d.Store.Dossier(ctx, row.ID)
		if err != nil {
			return last, false, err
		}
		whence, err := d.Store.Whence(ctx, row.ID)
		if err != nil {
			return last, false, err
		}
		if len(have.Course) > 0 && whence[have.Course[0].ID].Own {
			return have.Intake, true, nil
		}
	}
	return last, false, nil
}
