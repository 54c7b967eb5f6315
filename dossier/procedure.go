package dossier

import "strings"

// Evidence says how sure we are that a text reads as it was published.
type Evidence string

const (
	Confirmed  Evidence = "confirmed"   // read in a source, which is named beside it
	Inferred   Evidence = "inferred"    // the confirmed text of another level or edition, with this one's office
	FromMemory Evidence = "from-memory" // to be compared before it leaves the office as official
)

// Procedure is one edition of one procedure (thủ tục hành chính) at one level, as published, with its dates of validity.
type Procedure struct {
	Key        string   `json:"key"`
	Title      string   `json:"title"`
	Level      Level    `json:"level"`
	Field      string   `json:"field"` // lĩnh vực
	From       Date     `json:"from"`
	Until      Date     `json:"until,omitzero"` // the last day in force; zero is open
	LevelEnds  Date     `json:"-"`              // the last day this level had units; zero is open
	Published  []string `json:"published"`      // the decisions that published it
	Executor   string   `json:"executor"`       // cơ quan thực hiện
	Authority  string   `json:"authority"`      // cơ quan có thẩm quyền
	Legal      []string `json:"legal"`          // căn cứ pháp lý
	Fee        string   `json:"fee"`
	Code       string   `json:"code,omitempty"` // mã TTHC, only where it was read for this level
	Form       string   `json:"form"`           // the form the requester fills: tk01, tk02 or tk03
	Forms      []string `json:"forms"`          // keys of the forms it may print
	Intake     string   `json:"intake,omitempty"`
	Conditions string   `json:"conditions"`
	Refer      string   `json:"refer"` // what to tell those this procedure is not for
	Evidence   Evidence `json:"evidence"`
	Source     string   `json:"source"`
	Notes      []string `json:"notes,omitempty"` // for the keeper
	Cases      []Case   `json:"cases"`
	Process    *Process `json:"process,omitempty"`
	Grounds    []Ground `json:"-"` // all the law lists for it, in the law's order, those of the system too
}

// Case is one branch of a procedure (trường hợp): who asks, in what circumstances, with what papers, how long it takes.
type Case struct {
	Key        string          `json:"key"`
	Title      string          `json:"title"`
	Requesters []RequesterKind `json:"requesters"`
	Channels   []Channel       `json:"channels"`
	Limit      Limit           `json:"limit"`        // of the whole procedure
	Own        Limit           `json:"own,omitzero"` // of the station's own step; zero where the law gives none
	Papers     []PaperRule     `json:"papers"`
	Shown      []PaperRule     `json:"shown,omitempty"` // shown, compared and given back
	Steps      []Stage         `json:"steps"`
	GroundKeys []string        `json:"grounds,omitempty"`
	Grounds    []Ground        `json:"-"` // those the desk may enter
	Result     string          `json:"result"`
}

// PaperRule is one paper a case asks for.
type PaperRule struct {
	Key       string `json:"key"`
	Title     string `json:"title"`
	Originals int    `json:"originals,omitempty"`
	Copies    int    `json:"copies,omitempty"`
	Required  bool   `json:"required,omitempty"`
	AnyOf     string `json:"any-of,omitempty"` // of the papers with the same mark one is enough
}

// Doer is whose step it is; the clocks need no more than that.
type Doer string

const (
	ByRequester Doer = "requester"
	ByStation   Doer = "station"
	ByAuthority Doer = "authority"
)

// Stage is one published step of a case.
type Stage struct {
	Mark  string `json:"mark"` // B1
	By    Doer   `json:"by"`
	Who   string `json:"who"`
	Text  string `json:"text"`
	Limit Limit  `json:"limit,omitzero"`
	Time  string `json:"time,omitempty"`  // where what is published is no limit: "Giờ hành chính …"
	Gives string `json:"gives,omitempty"` // biểu mẫu, kết quả
	// Summary says that the text is ours and not the published one, which was read only in part.
	Summary bool `json:"summary,omitempty"`
}

// Ground is a ground the law names for locking or unlocking. The desk enters only those that are not automatic.
type Ground struct {
	List      string   `json:"list"` // key of the procedure
	Key       string   `json:"key"`
	Subject   string   `json:"subject,omitempty"` // citizen, foreigner or organization; empty is any
	Wording   string   `json:"wording"`
	Citation  string   `json:"citation"`
	Automatic bool     `json:"automatic,omitempty"`
	Evidence  Evidence `json:"evidence"`
}

// Process is the unit's own written process for a procedure (quy trình ISO), where we have one.
type Process struct {
	Code       string       `json:"code"`
	Title      string       `json:"title"`
	Issuer     string       `json:"issuer"`
	Edition    string       `json:"edition"`
	Purpose    []string     `json:"purpose"`
	Scope      []string     `json:"scope"`
	References []string     `json:"references"`
	Terms      []string     `json:"terms"`
	Legal      []string     `json:"legal"`
	Requesters string       `json:"requesters"`
	Executor   string       `json:"executor"`
	Authority  string       `json:"authority"`
	Papers     []PaperRule  `json:"papers"`
	Total      string       `json:"total"`
	Intake     string       `json:"intake"`
	Filing     []string     `json:"filing"`
	Notes      []string     `json:"notes"`
	Forms      []ListedForm `json:"forms"`
	Kept       string       `json:"kept"`
}

// ListedForm is a row of a process's list of forms.
type ListedForm struct {
	Code  string `json:"code"`
	Title string `json:"title"`
	Form  string `json:"form"` // our key of it
}

// Last is the last day the procedure can be asked for: the earlier of its own end and its level's. Zero is open.
func (p *Procedure) Last() Date {
	if p.Until.IsZero() || !p.LevelEnds.IsZero() && p.LevelEnds.Before(p.Until) {
		return p.LevelEnds
	}
	return p.Until
}

// Locks tells whether what is asked for is to lock. The catalogue's keys say so: lock-account, lock-eid.
func (p *Procedure) Locks() bool { return strings.HasPrefix(p.Key, "lock-") }

// InForce tells whether it can be asked for on that day.
func (p *Procedure) InForce(day Date) bool {
	last := p.Last()
	return !day.Before(p.From) && (last.IsZero() || !last.Before(day))
}

// CaseFor is the case of that key for who asks and how; with no key the first that fits. Codes: case.unknown,
// requester.not-allowed, channel.not-allowed.
func (p *Procedure) CaseFor(requester RequesterKind, channel Channel, key string) (*Case, error) {
	var mine []*Case
	for i := range p.Cases {
		if c := &p.Cases[i]; c.Allows(requester) {
			mine = append(mine, c)
		}
	}
	if len(mine) == 0 {
		return nil, Invalid("requester.kind", "requester.not-allowed", "title", p.Title, "requester", requester.Title(),
			"allowed", p.allowed(), "refer", p.Refer)
	}
	var last *Case
	for _, c := range mine {
		if key != "" && c.Key != key {
			continue
		}
		if c.Accepts(channel) {
			return c, nil
		}
		last = c
	}
	if last == nil {
		return nil, Invalid("case", "case.unknown", "title", p.Title, "requester", requester.Title(), "case", key)
	}
	var ways []string
	for _, ch := range last.Channels {
		ways = append(ways, ch.Title())
	}
	return nil, Invalid("channel", "channel.not-allowed", "title", p.Title, "requester", requester.Title(),
		"channel", channel.Title(), "allowed", strings.Join(ways, "; "))
}

func (p *Procedure) allowed() string {
	var who []string
	for _, kind := range RequesterKinds {
		for i := range p.Cases {
			if p.Cases[i].Allows(kind) {
				who = append(who, kind.Title())
				break
			}
		}
	}
	return strings.Join(who, "; ")
}

// Allows tells whether such a requester may ask in this case.
func (c *Case) Allows(r RequesterKind) bool {
	for _, x := range c.Requesters {
		if x == r {
			return true
		}
	}
	return false
}

// Accepts tells whether the request may come in that way.
func (c *Case) Accepts(ch Channel) bool {
	for _, x := range c.Channels {
		if x == ch {
			return true
		}
	}
	return false
}

// AtOnce tells whether the law wants it done as soon as it is asked.
func (c *Case) AtOnce() bool { return c.Limit.Unit == AtOnce }

// Lacking are the required papers not handed in, or in too few originals or copies; of papers of which one is enough, the
// first when none came.
func (c *Case) Lacking(papers []Paper) []PaperRule {
	handedIn := func(rule PaperRule) bool {
		var originals, copies int
		for _, p := range papers {
			if p.Key == rule.Key {
				originals += p.Originals
				copies += p.Copies
			}
		}
		return originals >= rule.Originals && copies >= rule.Copies
	}
	satisfied := map[string]bool{}
	for _, rule := range c.Papers {
		if rule.AnyOf != "" && handedIn(rule) {
			satisfied[rule.AnyOf] = true
		}
	}
	var out []PaperRule
	for _, rule := range c.Papers {
		switch {
		case !rule.Required:
		case rule.AnyOf == "":
			if !handedIn(rule) {
				out = append(out, rule)
			}
		case !satisfied[rule.AnyOf]:
			out = append(out, rule)
			satisfied[rule.AnyOf] = true
		}
	}
	return out
}

// Title is the Vietnamese of who asks, inside a sentence.
func (r RequesterKind) Title() string {
	switch r {
	case Citizen:
		return "công dân"
	case Agency:
		return "cơ quan tiến hành tố tụng, cơ quan khác có thẩm quyền"
	case Organization:
		return "cơ quan, tổ chức đề nghị cấp tài khoản"
	case Foreigner:
		return "người nước ngoài"
	}
	return string(r)
}

// Title is the Vietnamese of the way in, inside a sentence.
func (c Channel) Title() string {
	switch c {
	case AtDesk:
		return "trực tiếp"
	case Online:
		return "trực tuyến"
	case ByPost:
		return "qua dịch vụ bưu chính"
	}
	return string(c)
}
