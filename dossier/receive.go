package dossier

import (
	"strings"
	"time"
)

// Unit is one edition of a unit's name as it stands at the head of its papers.
type Unit struct {
	Upper  string `json:"upper"`            // CÔNG AN TỈNH …
	Name   string `json:"name"`             // CÔNG AN XÃ …
	Place  string `json:"place"`            // before ", ngày … tháng …"
	Phone  string `json:"phone,omitempty"`  // for questions, printed on slips
	Intake string `json:"intake,omitempty"` // where dossiers are received, if not the unit itself
}

// Person is a citizen or a foreigner.
type Person struct {
	Name      string `json:"name,omitempty"`
	Number    string `json:"number,omitempty"`     // số định danh cá nhân, 12 digits
	OldNumber string `json:"old-number,omitempty"` // CMND, 9 digits
	Passport  string `json:"passport,omitempty"`
	Born      Date   `json:"born,omitzero"`
	Sex       string `json:"sex,omitempty"` // "Nam" or "Nữ"
	Address   string `json:"address,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Email     string `json:"email,omitempty"`
}

// Office is a body that asks: one that conducts proceedings, another competent one, or an organization that wants an account.
type Office struct {
	Name         string `json:"name,omitempty"`
	Code         string `json:"code,omitempty"`     // mã định danh, mã số doanh nghiệp or mã số thuế
	Document     string `json:"document,omitempty"` // number of the written request
	DocumentDate Date   `json:"document-date,omitzero"`
	Position     string `json:"position,omitempty"` // of the person who comes for it
	Address      string `json:"address,omitempty"`
	Phone        string `json:"phone,omitempty"`
}

// Requester is who asks. Person is the citizen, or whoever stands at the desk for the agency or organization.
type Requester struct {
	Kind           RequesterKind `json:"kind"`
	Person         Person        `json:"person,omitzero"`
	Agency         Office        `json:"agency,omitzero"`
	Representative Person        `json:"representative,omitzero"` // of a person under 14 or a ward
	Relation       string        `json:"relation,omitempty"`      // of the representative to the person
}

// Name is who asked, as the receipt names them.
func (r Requester) Name() string {
	if r.Kind == Agency || r.Kind == Organization {
		return r.Agency.Name
	}
	return r.Person.Name
}

// Paper is one kind of paper handed in.
type Paper struct {
	Key       string `json:"key,omitempty"`
	Title     string `json:"title"`
	Originals int    `json:"originals,omitempty"`
	Copies    int    `json:"copies,omitempty"`
}

// Receive is the body of a reception: all that was asked, and all that was promised on the receipt. Names of procedure and
// unit are kept as they read that day, so that a reprint is the same for ever.
type Receive struct {
	Number       string    `json:"number"`
	Procedure    string    `json:"procedure"`
	Title        string    `json:"title"`
	Level        Level     `json:"level"`
	Case         string    `json:"case,omitempty"`
	FormSet      string    `json:"form-set"`
	Unit         Unit      `json:"unit"`
	Requester    Requester `json:"requester"`
	Subject      Person    `json:"subject,omitzero"` // whose account or card it is about, if not the requester's own
	SubjectOrg   Office    `json:"subject-org,omitzero"`
	Ground       string    `json:"ground,omitempty"`
	Reason       string    `json:"reason,omitempty"`
	Term         string    `json:"term,omitempty"` // thời hạn khóa, if the request names one
	Channel      Channel   `json:"channel"`
	Papers       []Paper   `json:"papers,omitempty"`
	Sets         int       `json:"sets"`
	ReceivedAt   time.Time `json:"received-at"`
	Due          Due       `json:"due"`
	OwnDue       Due       `json:"own-due,omitzero"` // the station's own step; zero where the law gives none
	ReturnPlace  string    `json:"return-place,omitempty"`
	NationalCode string    `json:"national-code,omitempty"` // Mã hồ sơ given by the national system
	Note         string    `json:"note,omitempty"`

	Confirmed OfficerID `json:"confirmed,omitempty"` // who else stands for a request to lock, where the station wants that
	Alone     bool      `json:"alone,omitempty"`     // the station wants that, and there was nobody else
}

// CodeKey is the national system's number of a dossier as it is compared: who copies it off a screen writes small letters for capitals. What
// was typed is kept.
func CodeKey(code string) string { return strings.ToUpper(Clean(code)) }

// Refuse is the body of a refused intake (BM.03): the same, and the reason. It promises nothing, so Due stays empty.
type Refuse struct {
	Receive
	Why string `json:"why"`
}

// AskPapers is the body of a request to supplement.
type AskPapers struct {
	Papers []Paper   `json:"papers,omitempty"`
	Why    string    `json:"why"`
	At     time.Time `json:"at,omitzero"`
}

// AddPapers is the body of papers that came in later. The time spent waiting is not counted, so it carries the new appointment.
type AddPapers struct {
	Papers []Paper   `json:"papers,omitempty"`
	Due    Due       `json:"due,omitzero"`
	OwnDue Due       `json:"own-due,omitzero"`
	At     time.Time `json:"at,omitzero"`
}

// HandOver is one block of the control slip (BM.05).
type HandOver struct {
	From string `json:"from"`
	To   string `json:"to"`
	Note string `json:"note,omitempty"`
}

// Forward is the legal step to the deciding authority in the national system.
type Forward struct {
	To        string    `json:"to"`
	At        time.Time `json:"at"`
	Reference string    `json:"reference,omitempty"` // in the national system
}

// Perform is the body of what was done at once in the national system.
type Perform struct {
	At        time.Time `json:"at"`
	Reference string    `json:"reference,omitempty"`
	Result    string    `json:"result,omitempty"`
}

// Decision is the authority's answer. The same number and date recorded twice are one decision.
type Decision struct {
	Approved bool      `json:"approved"`
	Document string    `json:"document"` // number of the document, or the reference in the national system
	Date     Date      `json:"date"`
	By       string    `json:"by"`            // who decided
	Why      string    `json:"why,omitempty"` // must be given when not approved
	At       time.Time `json:"at,omitzero"`   // when it was recorded
}

// Reschedule is the body of an apology with a new date (BM.04). The first date stays the one that counts as late.
type Reschedule struct {
	Due      Due    `json:"due"`
	Why      string `json:"why"`
	Override string `json:"override,omitempty"` // the chief's reason for a second one
}

// Notify is the body of a notice given to the requester or the subject.
type Notify struct {
	To   string `json:"to"`
	How  string `json:"how,omitempty"`
	Note string `json:"note,omitempty"`
}

// HandBack is the body of a result handed over.
type HandBack struct {
	To    string `json:"to"` // who signed for it
	Paper string `json:"paper,omitempty"`
	Note  string `json:"note,omitempty"`
}

// Reason is the body of withdraw, stop and annul.
type Reason struct {
	Why string    `json:"why"`
	At  time.Time `json:"at,omitzero"`
}

// Correct is the body of a correction: the fields of the reception that change. What was printed stays as it was.
type Correct struct {
	Requester    *Requester `json:"requester,omitempty"`
	Subject      *Person    `json:"subject,omitempty"`
	SubjectOrg   *Office    `json:"subject-org,omitempty"`
	Ground       *string    `json:"ground,omitempty"`
	Reason       *string    `json:"reason,omitempty"`
	Term         *string    `json:"term,omitempty"`
	Papers       []Paper    `json:"papers,omitempty"`
	ReturnPlace  *string    `json:"return-place,omitempty"`
	NationalCode *string    `json:"national-code,omitempty"`
	Note         *string    `json:"note,omitempty"`
	Why          string     `json:"why"`
}

// Resolve ends a dispute: it names the acts that exclude one another and which of them stands (none if empty).
type Resolve struct {
	Names []EventID `json:"names"`
	Keep  EventID   `json:"keep,omitzero"`
	Why   string    `json:"why"`
}

// Print is the body of a printed trace: written before the printer is asked, so that no paper comes out that the journal does not know.
type Print struct {
	Form   string `json:"form"`
	Set    string `json:"set"`
	Nth    int    `json:"nth"` // 0 the first time, n for "bản in lại lần n"
	To     string `json:"to"`  // printer, or "pdf"
	Copies int    `json:"copies,omitempty"`
	From   Date   `json:"from,omitzero"` // of the pages of a book
	Until  Date   `json:"until,omitzero"`
}

// PrintEnd is the body of what became of printings, said once the spooler has said so.
type PrintEnd struct {
	Prints []EventID `json:"prints"`
	State  JobState  `json:"state"`
}

// Export is the body of a trace of rows that left as a file.
type Export struct {
	Form   string `json:"form"`
	Format string `json:"format"` // BookXLSX, BookCSV
	From   Date   `json:"from"`
	Until  Date   `json:"until"`
	Rows   int    `json:"rows"`

	Confirmed OfficerID `json:"confirmed,omitempty"` // who else stands for it
}

// SendBack is upstream's word on one event of ours.
type SendBack struct {
	Event EventID `json:"event"`
	Why   string  `json:"why"`
}
