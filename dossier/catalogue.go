package dossier

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
)

// Catalogue is every procedure we know, in all its editions, in the order they are offered.
type Catalogue struct {
	procedures []*Procedure
	grounds    []Ground
	seed       []SeedRow
}

// SeedRow is one row of a published list of procedures.
type SeedRow struct {
	Decision  string `json:"decision"`
	Published Date   `json:"published"`
	Part      int    `json:"part"` // 1 newly issued, 2 amended
	Level     Level  `json:"level"`
	No        int    `json:"no"` // STT
	Title     string `json:"title"`
	Executor  string `json:"executor"`
	Field     string `json:"field"`
	Note      string `json:"note,omitempty"`
	Key       string `json:"key"`
}

// catalogueFile is one file of the catalogue; a file may hold any of the parts.
type catalogueFile struct {
	About      string       `json:"about"`
	Grounds    []Ground     `json:"grounds"`
	Procedures []*Procedure `json:"procedures"`
	Seed       []SeedRow    `json:"seed"`
}

// LoadCatalogue reads every .json file of fsys in the order of their names and checks every rule the data must keep; the
// error names all that does not hold.
func LoadCatalogue(fsys fs.FS) (*Catalogue, error) {
	c := &Catalogue{}
	err := eachJSON(fsys, func(d *json.Decoder) error {
		var f catalogueFile
		if err := d.Decode(&f); err != nil {
			return err
		}
		c.grounds = append(c.grounds, f.Grounds...)
		c.procedures = append(c.procedures, f.Procedures...)
		c.seed = append(c.seed, f.Seed...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load catalogue: %w", err)
	}
	if err := c.link(); err != nil {
		return nil, fmt.Errorf("load catalogue: %w", err)
	}
	return c, nil
}

// Procedures are all editions.
func (c *Catalogue) Procedures() []*Procedure { return slices.Clone(c.procedures) }

// Seed is every row of the published lists the catalogue was made from.
func (c *Catalogue) Seed() []SeedRow { return slices.Clone(c.seed) }

// Offered are the procedures a unit of that level takes in on that day.
func (c *Catalogue) Offered(level Level, day Date) []*Procedure {
	var out []*Procedure
	for _, p := range c.procedures {
		if p.Level == level && p.InForce(day) {
			out = append(out, p)
		}
	}
	return out
}

// Find is the edition in force on that day. Codes: procedure.unknown, procedure.other-level, procedure.not-in-force.
func (c *Catalogue) Find(key string, level Level, day Date) (*Procedure, error) {
	var near, other *Procedure
	for _, p := range c.procedures {
		switch {
		case p.Key != key:
		case p.Level != level:
			if other == nil || p.InForce(day) {
				other = p
			}
		case p.InForce(day):
			return p, nil
		case near == nil || !day.Before(p.From): // the last that has begun, else the first to come
			near = p
		}
	}
	switch {
	case near != nil:
		until := near.Last().String()
		if until == "" {
			until = "nay"
		}
		return nil, Invalid("procedure", "procedure.not-in-force", "title", near.Title, "day", day.String(),
			"from", near.From.String(), "until", until)
	case other != nil:
		return nil, Invalid("procedure", "procedure.other-level", "title", other.Title, "executor", other.Executor)
	}
	return nil, Invalid("procedure", "procedure.unknown", "key", key)
}

// link joins what the files hold and checks it.
func (c *Catalogue) link() error {
	var errs []error
	if len(c.procedures) == 0 {
		errs = append(errs, errors.New("no procedures"))
	}
	seen := map[[2]string]bool{}
	for _, g := range c.grounds {
		if len(errs) > enough {
			break
		}
		id := [2]string{g.List, g.Key}
		if seen[id] || g.List == "" || g.Key == "" || g.Wording == "" || g.Citation == "" || !g.Evidence.known() {
			errs = append(errs, fmt.Errorf("ground %s of %s: twice or not whole", g.Key, g.List))
		}
		seen[id] = true
	}
	for i, p := range c.procedures {
		if p == nil {
			return fmt.Errorf("procedure %d is null", i+1)
		}
		if len(errs) > enough {
			break
		}
		if p.Level == District {
			p.LevelEnds = DistrictPoliceEnded.AddDays(-1)
		}
		for _, g := range c.grounds {
			if g.List == p.Key {
				p.Grounds = append(p.Grounds, g)
			}
		}
		for _, err := range p.check() {
			errs = append(errs, fmt.Errorf("procedure %s of %s from %s: %w", p.Key, p.Level, p.From.ISO(), err))
		}
		for _, q := range c.procedures[:i] {
			if p.Key == q.Key && p.Level == q.Level && (q.Until.IsZero() || !q.Until.Before(p.From)) {
				errs = append(errs, fmt.Errorf("procedure %s of %s from %s: the edition before it must have ended", p.Key, p.Level, p.From.ISO()))
				break
			}
		}
	}
	// An officer knows a procedure by its place: it keeps the one it first had, in every edition and at every level.
	place := map[string]int{}
	for i, p := range c.procedures {
		if _, ok := place[p.Key]; !ok {
			place[p.Key] = i
		}
	}
	slices.SortStableFunc(c.procedures, func(a, b *Procedure) int { return place[a.Key] - place[b.Key] })
	for _, row := range c.seed {
		if len(errs) > enough {
			break
		}
		if p, err := c.Find(row.Key, row.Level, row.Published); err != nil || p.Title != row.Title || p.Executor != row.Executor || p.Field != row.Field {
			errs = append(errs, fmt.Errorf("%s, %s, part %d row %d: no such procedure in force on %s", row.Decision, row.Level, row.Part, row.No, row.Published.ISO()))
		}
	}
	return errors.Join(errs...)
}

var keyShape = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Forms a procedure may name.
var formKeys = []string{"receipt", "intake-register", "supplement", "refusal", "apology", "stop", "control-slip", "tracking-register",
	"tk01", "tk02", "tk03", "result-notice"}

func (e Evidence) known() bool { return e == Confirmed || e == Inferred || e == FromMemory }

func (p *Procedure) check() (errs []error) {
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !keyShape.MatchString(p.Key) {
		bad("bad key")
	}
	if !slices.Contains([]Level{Commune, District, Province}, p.Level) {
		bad("unknown level")
	}
	for _, s := range []string{p.Title, p.Field, p.Executor, p.Authority, p.Fee, p.Conditions, p.Refer, p.Source} {
		if s == "" {
			bad("title, field, executor, authority, fee, conditions, refer and source must be said")
			break
		}
	}
	if !p.Evidence.known() || len(p.Published) == 0 || len(p.Legal) == 0 || len(p.Cases) == 0 {
		bad("evidence, decisions, legal basis and cases must be said")
	}
	if !p.From.Valid() || !p.Until.IsZero() && (!p.Until.Valid() || p.Until.Before(p.From)) {
		bad("valid from %s until %s", p.From.ISO(), p.Until.ISO())
	}
	if !slices.Contains(p.Forms, "receipt") || !slices.Contains(p.Forms, p.Form) {
		bad("the receipt and the requester's form must be among its forms")
	}
	for i, f := range p.Forms {
		if !slices.Contains(formKeys, f) || slices.Contains(p.Forms[:i], f) {
			bad("form %q unknown or twice", f)
		}
	}
	seen := map[string]bool{}
	for i := range p.Cases {
		if len(errs) > enough {
			break
		}
		c := &p.Cases[i]
		if seen[c.Key] {
			bad("case %s: twice", c.Key)
		}
		seen[c.Key] = true
		for _, err := range c.check(p.Grounds) {
			bad("case %s: %w", c.Key, err)
		}
	}
	return errs
}

// check also gives the case its grounds, out of those the law lists for the procedure.
func (c *Case) check(listed []Ground) (errs []error) {
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !keyShape.MatchString(c.Key) || c.Title == "" || c.Result == "" {
		bad("key, title and result must be said")
	}
	if len(c.Requesters) == 0 || !unique(c.Requesters) || !within(c.Requesters, RequesterKinds) {
		bad("requesters unknown, none or twice")
	}
	if len(c.Channels) == 0 || !unique(c.Channels) || !within(c.Channels, []Channel{AtDesk, Online, ByPost}) {
		bad("channels unknown, none or twice")
	}
	errs = append(errs, c.checkLimits()...)
	errs = append(errs, c.checkPapers()...)
	if !unique(c.GroundKeys) {
		bad("a ground twice")
	}
	for _, key := range c.GroundKeys {
		i := slices.IndexFunc(listed, func(g Ground) bool { return g.Key == key && !g.Automatic })
		if i < 0 {
			bad("ground %s is not one the desk may enter", key)
			continue
		}
		c.Grounds = append(c.Grounds, listed[i])
	}
	return errs
}

// checkLimits holds that the steps never add up to more than the whole may take (QT11.ĐDĐT, Lưu ý: "Tổng thời gian phân bổ cho các bước
// công việc không vượt quá thời gian quy định").
func (c *Case) checkLimits() (errs []error) {
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !c.Limit.Valid() || !c.Own.IsZero() && !c.Own.Valid() {
		bad("time limit missing or senseless")
	}
	if len(c.Steps) == 0 {
		bad("no steps")
	}
	var all, own Limit
	marks := map[string]bool{}
	for _, s := range c.Steps {
		if s.Mark == "" || s.Who == "" || s.Text == "" || marks[s.Mark] || !slices.Contains([]Doer{ByRequester, ByStation, ByAuthority}, s.By) {
			bad("step %q: twice or not whole", s.Mark)
		}
		marks[s.Mark] = true
		if s.Limit.IsZero() {
			continue
		}
		if !s.Limit.Valid() || s.Limit.Unit != c.Limit.Unit {
			bad("step %s: its limit cannot be added up with the others", s.Mark)
		}
		all.N += s.Limit.N
		if s.By == ByStation {
			own = Limit{N: own.N + s.Limit.N, Unit: s.Limit.Unit}
		}
	}
	if all.N > c.Limit.N {
		bad("the steps take %d, the whole may take %d", all.N, c.Limit.N)
	}
	if c.AtOnce() {
		own = Limit{} // the whole is the station's own: a second clock would say the same
	}
	if own != c.Own {
		bad("the station's steps take %q, its own limit is %q", own, c.Own)
	}
	return errs
}

func (c *Case) checkPapers() (errs []error) {
	seen := map[string]bool{}
	group := map[string]int{}
	for _, p := range slices.Concat(c.Papers, c.Shown) {
		if !keyShape.MatchString(p.Key) || seen[p.Key] || p.Title == "" {
			errs = append(errs, fmt.Errorf("paper %q: twice or not whole", p.Key))
		}
		seen[p.Key] = true
		if p.Originals < 0 || p.Copies < 0 || p.Originals+p.Copies == 0 || p.Originals+p.Copies > 99 {
			errs = append(errs, fmt.Errorf("paper %s: how many", p.Key))
		}
		if p.AnyOf != "" {
			group[p.AnyOf]++
			if !p.Required {
				errs = append(errs, fmt.Errorf("paper %s: one of several must be required", p.Key))
			}
		}
	}
	for mark, n := range group {
		if n < 2 {
			errs = append(errs, fmt.Errorf("papers %q: one is no choice", mark))
		}
	}
	return errs
}

func unique[T comparable](all []T) bool {
	for i, x := range all {
		if slices.Contains(all[:i], x) {
			return false
		}
	}
	return true
}

func within[T comparable](all, known []T) bool {
	for _, x := range all {
		if !slices.Contains(known, x) {
			return false
		}
	}
	return true
}

// maxValues is how many values the files of one catalogue or calendar may have, some four times as many as ours.
const maxValues = 20_000

// enough is how many faults are told: whoever has made more begins with these.
const enough = 50

// eachJSON hands over every .json file in the order of their names. Names we do not know and anything after the value are errors: a
// slip in a data file must not become a silent default.
//
// Values that do not end are refused before they are read: a few bytes of each make kilobytes (I14).
func eachJSON(fsys fs.FS, read func(*json.Decoder) error) error {
	values := 0
	return fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".json" {
			return err
		}
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if values += bytes.Count(b, []byte(",")); values > maxValues {
			return fmt.Errorf("%s: too many values", name)
		}
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if err := read(d); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return fmt.Errorf("%s: something follows the end", name)
		}
		return nil
	})
}
