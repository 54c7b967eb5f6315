package dossier

import "time"

// User is somebody who may sign in on this PC, or might once, as its own journal has it.
type User struct {
	ID      OfficerID `json:"id"`
	Name    string    `json:"name"`
	Title   string    `json:"title,omitempty"`
	Role    Role      `json:"role"`             // from From on
	Was     Role      `json:"was,omitempty"`    // before; empty for who may do nothing until then
	From    time.Time `json:"from,omitzero"`    // zero: at once
	Since   time.Time `json:"since"`            // when they were admitted
	LastIn  time.Time `json:"last-in,omitzero"` // when they last signed in
	Reset   time.Time `json:"reset,omitzero"`   // when their password was last set
	Removed time.Time `json:"removed,omitzero"` // zero while they may sign in
}

const (
	// MaxIdle is how long an account may stay unused before it is off.
	MaxIdle = 45 * 24 * time.Hour
	// RoleDelay is how long a change is announced before it holds, where nobody else is there to confirm it.
	RoleDelay = 24 * time.Hour
)

// RoleAt is what they may do at a moment; empty is nothing.
func (u User) RoleAt(t time.Time) Role {
	switch {
	case !u.Removed.IsZero():
		return ""
	case t.Before(u.From):
		return u.Was
	}
	return u.Role
}

// Idle tells whether they have neither signed in nor been given a password for longer than MaxIdle.
func (u User) Idle(t time.Time) bool {
	last := u.Since
	for _, seen := range []time.Time{u.LastIn, u.Reset} {
		if seen.After(last) {
			last = seen
		}
	}
	return t.Sub(last) > MaxIdle
}
