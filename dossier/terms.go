package dossier

// Level is a level of the police that handles procedures.
type Level string

const (
	Commune  Level = "commune"
	District Level = "district" // ended 28/2/2025
	Province Level = "province"
)

// RequesterKind is who asks.
type RequesterKind string

const (
	Citizen      RequesterKind = "citizen"
	Agency       RequesterKind = "agency" // cơ quan tiến hành tố tụng, cơ quan khác có thẩm quyền
	Organization RequesterKind = "organization"
	Foreigner    RequesterKind = "foreigner"
)

// RequesterKinds are all of them, in the order they are offered.
var RequesterKinds = []RequesterKind{Citizen, Agency, Organization, Foreigner}

// Channel is how a dossier came in; the national numbers are 1 (desk), 2 (online) and 3 (post).
type Channel string

const (
	AtDesk Channel = "desk"
	Online Channel = "online" // the national portal or VNeID
	ByPost Channel = "post"
)

// Status is where a dossier stands: the national list of ten (mã trạng thái hồ sơ), and StatusAnnulled of our own.
type Status int

const (
	StatusNone       Status = 0 // nothing has taken effect yet
	StatusRegistered Status = 1
	StatusReceived   Status = 2
	StatusRefused    Status = 3
	StatusProcessing Status = 4
	StatusAsked      Status = 5 // Yêu cầu bổ sung giấy tờ
	StatusPayment    Status = 6 // never occurs: no procedure here has a fee
	StatusWithdrawn  Status = 7
	StatusStopped    Status = 8
	StatusDone       Status = 9
	StatusReturned   Status = 10
	StatusAnnulled   Status = 90 // received twice or wrongly; the number stays
)

// Statuses are all that can be shown.
var Statuses = []Status{StatusNone, StatusRegistered, StatusReceived, StatusRefused, StatusProcessing, StatusAsked,
	StatusPayment, StatusWithdrawn, StatusStopped, StatusDone, StatusReturned, StatusAnnulled}

// String is the official Vietnamese wording of the national list.
func (s Status) String() string {
	switch s {
	case StatusRegistered:
		return "Mới đăng ký"
	case StatusReceived:
		return "Được tiếp nhận"
	case StatusRefused:
		return "Không được tiếp nhận"
	case StatusProcessing:
		return "Đang xử lý"
	case StatusAsked:
		return "Yêu cầu bổ sung giấy tờ"
	case StatusPayment:
		return "Yêu cầu thực hiện nghĩa vụ tài chính"
	case StatusWithdrawn:
		return "Công dân yêu cầu rút hồ sơ"
	case StatusStopped:
		return "Dừng xử lý"
	case StatusDone:
		return "Đã xử lý xong"
	case StatusReturned:
		return "Đã trả kết quả"
	case StatusAnnulled:
		return "Đã hủy"
	}
	return "Chưa tiếp nhận"
}

// Ended tells whether nothing more is expected of the station.
func (s Status) Ended() bool {
	switch s {
	case StatusRefused, StatusWithdrawn, StatusStopped, StatusReturned, StatusAnnulled:
		return true
	}
	return false
}

// Kind is what happened. Acts change a dossier; traces and station events do not.
type Kind string

const (
	Received    Kind = "receive"
	Refused     Kind = "refuse"
	AskedPapers Kind = "ask-papers"
	AddedPapers Kind = "add-papers"
	HandedOver  Kind = "hand-over"
	Forwarded   Kind = "forward" // the legal step into the national system; it alone stops the station's own clock
	Performed   Kind = "perform" // done at once in the national system
	Decided     Kind = "decide"
	Rescheduled Kind = "reschedule"
	Notified    Kind = "notify"
	HandedBack  Kind = "return"
	Withdrawn   Kind = "withdraw"
	Stopped     Kind = "stop"
	Corrected   Kind = "correct"
	Annulled    Kind = "annul"
	Resolved    Kind = "resolve"
)

// Verbs are the acts on a dossier in the order of its life. Each is also the word of the command line.
var Verbs = []Kind{Received, Refused, AskedPapers, AddedPapers, HandedOver, Forwarded, Performed, Decided, Rescheduled,
	Notified, HandedBack, Withdrawn, Stopped, Corrected, Annulled, Resolved}

const (
	TraceOpened   Kind = "opened"
	TraceLookedUp Kind = "looked-up"
	TracePrinted  Kind = "printed"
	TracePrintEnd Kind = "print-ended" // what became of printings
	TraceSignedIn Kind = "signed-in"
	TraceExported Kind = "exported"

	TraceSignInFailed Kind = "sign-in-failed"
	TraceSignedOut    Kind = "signed-out"
	TraceLocked       Kind = "locked"
	TraceRevealed     Kind = "revealed"    // a personal number was shown whole
	TraceBackedUp     Kind = "backed-up"   // what became of a backup
	TraceRestored     Kind = "restored"    // the store was brought back from a backup
	TraceClockMoved   Kind = "clock-moved" // this PC's clock went back
	TraceAnnounced    Kind = "announced"   // what nobody is there to confirm was announced, to be done later

	StationSet    Kind = "station-set"    // the settings from here on
	DateConfirmed Kind = "date-confirmed" // the officer said which day it is
	Enrolled      Kind = "enrolled"       // upstream admitted this PC
	SentBack      Kind = "sent-back"      // upstream's word on one event of ours, with a reason
	LayoutKept    Kind = "layout-kept"    // the keeper's word on a form
	DayClosed     Kind = "day-closed"     // a day's work of this PC was reported and signed
	Healed        Kind = "healed"         // the journal began a new life, or upstream had lost some of it
	Admitted      Kind = "admitted"       // upstream's word on who is a PC of the station
	Revoked       Kind = "revoked"        // upstream's word on who is no longer
	KeySet        Kind = "key-set"        // the keys of the author's next life
	Released      Kind = "released"       // a person let through what had waited in sight at upstream
	Purged        Kind = "purged"         // the chief decided that bodies be forgotten
	PackIssued    Kind = "pack"           // upstream issued procedures or days off
	UserAdmitted  Kind = "user-admitted"  // a person may sign in on this PC
	UserRemoved   Kind = "user-removed"
	UserRole      Kind = "user-role"
	PasswordReset Kind = "password-reset" // a password or the recovery sheet was replaced
)

// IsAct tells whether events of this kind change a dossier. Only acts are bases, and only acts are replayed.
func (k Kind) IsAct() bool {
	for _, v := range Verbs {
		if k == v {
			return true
		}
	}
	return false
}

// IsTrace tells whether events of this kind only tell who looked at or printed what.
func (k Kind) IsTrace() bool {
	switch k {
	case TraceOpened, TraceLookedUp, TracePrinted, TracePrintEnd, TraceSignedIn, TraceExported, TraceSignInFailed, TraceSignedOut, TraceLocked,
		TraceRevealed, TraceBackedUp, TraceRestored, TraceClockMoved, TraceAnnounced:
		return true
	}
	return false
}

// IsOfStation tells whether events of this kind are about the station or its exchange with upstream, even where they name a dossier.
func (k Kind) IsOfStation() bool {
	switch k {
	case StationSet, DateConfirmed, Enrolled, SentBack, LayoutKept, DayClosed, Healed, Admitted, Revoked, KeySet, Released, Purged, PackIssued,
		UserAdmitted, UserRemoved, UserRole, PasswordReset:
		return true
	}
	return false
}
