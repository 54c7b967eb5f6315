package dossier

import (
	"slices"
	"time"
)

// Role is what a person may do here. Roles bind the program, not who holds the store's key: that is what the journal and the inspector are for.
type Role string

const (
	RoleReception Role = "reception"
	RoleChief     Role = "chief"
	RoleKeeper    Role = "keeper"
	RoleInspector Role = "inspector"
)

// Roles are all of them, in the order they are offered.
var Roles = []Role{RoleReception, RoleChief, RoleKeeper, RoleInspector}

// Title is the Vietnamese name of a role.
func (r Role) Title() string {
	switch r {
	case RoleReception:
		return "Cán bộ tiếp nhận"
	case RoleChief:
		return "Chỉ huy đơn vị"
	case RoleKeeper:
		return "Người quản trị"
	case RoleInspector:
		return "Người kiểm tra"
	}
	return string(r)
}

// Known tells whether this version knows the role. An unknown one may do nothing.
func (r Role) Known() bool { return slices.Contains(Roles, r) }

// Deed is something a role allows or does not: each act on a dossier under its own kind, and these.
type Deed string

const (
	DeedStation     Deed = "station"      // where we are: the station's settings, forms and procedures
	DeedLook        Deed = "look"         // lists, dossiers, the course of one
	DeedReveal      Deed = "reveal"       // a personal number whole; it is a trace
	DeedPrint       Deed = "print"        // forms of a dossier, the report of a day
	DeedPrintBook   Deed = "print-book"   // registers, on paper
	DeedExport      Deed = "export"       // registers and the audit as files: many persons at once
	DeedFigures     Deed = "figures"      // counts without names
	DeedDraft       Deed = "draft"        // keep what is being typed
	DeedConfirmDate Deed = "confirm-date" // say which day it is
	DeedCloseDay    Deed = "close-day"
	DeedSend        Deed = "send"  // exchange with upstream, by line or stick
	DeedPacks       Deed = "packs" // see which rules upstream issued
	DeedEnrol       Deed = "enrol" // pair this PC with upstream
	DeedSettings    Deed = "settings"
	DeedPrinter     Deed = "printer" // how this PC prints and shows: its printer, the size of its letters
	DeedForms       Deed = "forms"   // the keeper's word on a form, the columns of a register
	DeedPurge       Deed = "purge"   // forget contents, by a recorded decision
	DeedBackup      Deed = "backup"
	DeedVerify      Deed = "verify" // prove journals and backups
	DeedRestore     Deed = "restore"
	DeedUsers       Deed = "users"         // admit, remove, change roles, reset passwords
	DeedRecovery    Deed = "recovery-code" // print a new recovery sheet
	DeedAudit       Deed = "audit"         // see who did what
	DeedIncident    Deed = "incident"      // the report of the worst day
	DeedDiagnose    Deed = "diagnose"      // versions and counts, nothing personal
	DeedOwnPassword Deed = "own-password"
)

// may is the one table of who may do what. The chief may do everything, because in a commune the chief is often the only one there; what
// must not be done alone asks for a second person besides. The keeper keeps the program and sees no dossier. The inspector sees everything
// and changes nothing.
var may = map[Deed][]Role{
	Deed(Received):    {RoleReception},
	Deed(Refused):     {RoleReception},
	Deed(AskedPapers): {RoleReception},
	Deed(AddedPapers): {RoleReception},
	Deed(HandedOver):  {RoleReception},
	Deed(Forwarded):   {RoleReception},
	Deed(Performed):   {RoleReception},
	Deed(Decided):     {RoleReception}, // writes down what the authority above decided
	Deed(Rescheduled): {RoleReception},
	Deed(Notified):    {RoleReception},
	Deed(HandedBack):  {RoleReception},
	Deed(Withdrawn):   {RoleReception},
	Deed(Stopped):     {RoleReception},
	Deed(Corrected):   {RoleReception},
	Deed(Annulled):    {}, // received twice or wrongly: the chief, with a reason
	Deed(Resolved):    {}, // two PCs did what cannot both stand: the chief

	DeedStation:     {RoleReception, RoleKeeper, RoleInspector},
	DeedLook:        {RoleReception, RoleInspector},
	DeedReveal:      {RoleReception, RoleInspector},
	DeedPrint:       {RoleReception, RoleInspector},
	DeedPrintBook:   {RoleReception, RoleInspector},
	DeedExport:      {RoleInspector},
	DeedFigures:     {RoleReception, RoleKeeper, RoleInspector},
	DeedDraft:       {RoleReception},
	DeedConfirmDate: {RoleReception, RoleKeeper},
	DeedCloseDay:    {RoleReception},
	DeedSend:        {RoleReception, RoleKeeper},
	DeedPacks:       {RoleReception, RoleKeeper, RoleInspector},
	DeedEnrol:       {RoleKeeper},
	DeedSettings:    {RoleKeeper},
	DeedPrinter:     {RoleReception, RoleKeeper, RoleInspector},
	DeedForms:       {RoleKeeper},
	DeedPurge:       {}, // only by the chief's recorded decision
	DeedBackup:      {RoleReception, RoleKeeper},
	DeedVerify:      {RoleReception, RoleKeeper, RoleInspector},
	DeedRestore:     {RoleKeeper},
	DeedUsers:       {RoleKeeper},
	DeedRecovery:    {RoleKeeper},
	DeedAudit:       {RoleInspector},
	DeedIncident:    {RoleInspector},
	DeedDiagnose:    {RoleReception, RoleKeeper, RoleInspector},
	DeedOwnPassword: {RoleReception, RoleKeeper, RoleInspector},
}

// May tells whether a role allows a deed. What is in no table nobody may do.
func May(role Role, deed Deed) bool {
	roles, known := may[deed]
	return known && (role == RoleChief || slices.Contains(roles, role))
}

// Allows refuses what the role does not. Code: role.not-allowed (role).
func (r Role) Allows(deed Deed) error {
	if May(r, deed) {
		return nil
	}
	return Invalid("", "role.not-allowed", "role", r.Title())
}

// Who signs in is named by OfficerID in all of these. What was typed as a name is never kept where nobody has it: people type their password
// into the wrong line.

// UserAdmission is the body of a UserAdmitted event: a person may sign in on the PC in whose journal it stands.
type UserAdmission struct {
	User  OfficerID `json:"user"`
	Name  string    `json:"name"`
	Title string    `json:"title,omitempty"` // chức vụ
	Role  Role      `json:"role"`
	From  time.Time `json:"from,omitzero"` // when the role begins to hold; zero is at once

	Confirmed OfficerID `json:"confirmed,omitempty"` // who else stands for it
}

// Check looks at an admission that is to be made. Codes: user.name, user.full-name, role.unknown, text.too-long and those of CheckPersonName.
func (a UserAdmission) Check() error {
	ps := checkUser(a.User)
	if Clean(a.Name) == "" {
		ps = append(ps, Invalid("full-name", "user.full-name")...)
	} else {
		ps = append(ps, CheckPersonName("full-name", Clean(a.Name))...)
	}
	ps = append(ps, CheckText("title", Clean(a.Title), MaxLine)...)
	return append(ps, checkRole(a.Role)...).Err()
}

// UserRemoval is the body of a UserRemoved event: that person may sign in no longer, and the store's key was changed.
type UserRemoval struct {
	User OfficerID `json:"user"`
	Why  string    `json:"why"`
}

// Check looks at a removal that is to be made. Codes: user.name, user.why, text.too-long.
func (r UserRemoval) Check() error {
	ps := checkUser(r.User)
	if Clean(r.Why) == "" {
		ps = append(ps, Invalid("why", "user.why")...)
	}
	return append(ps, CheckText("why", Clean(r.Why), MaxText)...).Err()
}

// RoleChange is the body of a UserRole event.
type RoleChange struct {
	User OfficerID `json:"user"`
	Was  Role      `json:"was"`
	Role Role      `json:"role"`
	From time.Time `json:"from,omitzero"` // Was holds until then; zero is at once

	Confirmed OfficerID `json:"confirmed,omitempty"` // who else stands for it
}

// Check looks at a change that is to be made. Codes: user.name, role.unknown, role.same.
func (c RoleChange) Check() error {
	ps := append(checkUser(c.User), checkRole(c.Role)...)
	if c.Was == c.Role {
		ps = append(ps, Invalid("role", "role.same")...)
	}
	return ps.Err()
}

// How a way in was opened.
const (
	ByPassword = "password" // one's own
	ByRecovery = "recovery" // the recovery sheet
	ByOther    = "other"    // somebody who may, in person
)

// PasswordSet is the body of a PasswordReset event: a user has another password, or there is another recovery sheet (no user).
type PasswordSet struct {
	User OfficerID `json:"user,omitempty"`
	How  string    `json:"how"` // ByPassword, ByRecovery, ByOther
}

// SignIn is the body of a TraceSignedIn event.
type SignIn struct {
	How string `json:"how"` // ByPassword, ByRecovery
}

// SignInFailure is the body of a TraceSignInFailed event, written by the next who signs in: before that nothing can be written.
type SignInFailure struct {
	User  OfficerID `json:"user,omitempty"` // empty for names nobody has
	Times int       `json:"times"`
}

// Why somebody left the desk.
const (
	LeftByHand  = "hand"  // signed out or locked on purpose
	LeftShift   = "shift" // another took over
	LeftIdle    = "idle"
	LeftSuspend = "suspend"
	LeftClosed  = "closed" // the program was closed
)

// Leaving is the body of TraceSignedOut and TraceLocked events.
type Leaving struct {
	Why string `json:"why"`
}

// checkUser looks at a sign-in name: one cleaned word or more, at most MaxOfficerID bytes.
func checkUser(id OfficerID) Problems {
	if s := string(id); s == "" || Clean(s) != s || len(s) > MaxOfficerID {
		return Invalid("user", "user.name")
	}
	return nil
}

func checkRole(r Role) Problems {
	if !r.Known() {
		return Invalid("role", "role.unknown")
	}
	return nil
}
