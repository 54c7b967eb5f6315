package store

import (
	"strings"
	"time"

	"tiepnhan/dossier"
)

// run is a stretch of a list in one order. What it takes, SQLite walks in that order where there is an index for it; in a view,
// which is little, it sorts.
type run struct {
	rows  string // what stands after FROM, and what else it must be; d is the dossier
	args  []any
	no    string // how rows calls the dossier's number
	sort  dossier.Sort
	total string // what tells how many there are, where that is quicker than counting them
	dense bool   // numbers without gaps: a page is a range of them
	ends  bool   // can be walked from its end as well
}

const (
	wholeTotal = "SELECT coalesce(max(no), 0) FROM dossier"
	toDoRows   = "dossier d INDEXED BY dossier_to_do WHERE (d.open OR d.disputed OR d.sent_back IS NOT NULL)"
	calmRows   = "dossier d INDEXED BY dossier_calm WHERE d.burns IS NULL"
	nameRows   = "dossier d INDEXED BY dossier_name"
	foundRows  = "search f CROSS JOIN dossier d ON d.no = f.rowid WHERE f.search MATCH ?"
	wordRows   = "search f WHERE f.search MATCH ?"
)

var (
	whole   = run{rows: "dossier d", no: "d.no", total: wholeTotal, dense: true}
	byName  = run{rows: nameRows, no: "d.no", sort: dossier.SortName, total: wholeTotal, ends: true}
	burning = run{rows: toDoRows + " AND d.burns IS NOT NULL", no: "d.no", sort: dossier.SortBurns}
	calm    = run{rows: calmRows, no: "d.no", sort: dossier.SortOldest, ends: true,
		total: "SELECT (" + wholeTotal + ") - (SELECT count(*) FROM " + toDoRows + " AND d.burns IS NOT NULL)"}
)

// runsOf are the runs that a list is made of, one after the other.
func runsOf(l *link, q dossier.Query) ([]run, error) {
	where, args := belongs(q.View, q.Now)
	all := where == ""
	sort := q.Sort
	switch sort {
	case dossier.SortLatest, dossier.SortOldest, dossier.SortBurns, dossier.SortName:
	default:
		if sort = dossier.SortBurns; all {
			sort = dossier.SortLatest
		}
	}
	if strings.TrimSpace(q.Text) == "" {
		switch {
		case !all:
			return []run{{rows: toDoRows + " AND " + where, args: args, no: "d.no", sort: sort}}, nil
		case sort == dossier.SortBurns:
			return []run{burning, calm}, nil
		case sort == dossier.SortName:
			return []run{byName}, nil
		}
		r := whole
		r.sort = sort
		return []run{r}, nil
	}
	wanted, err := searchFor(l, q.Text)
	if err != nil || len(wanted) == 0 {
		return nil, err
	}
	has, words := wanted.where()
	query := []any{wanted.match()}
	switch {
	case !all:
		return []run{{rows: toDoRows + " AND " + where + " AND " + has, args: append(args, words...), no: "d.no", sort: sort}}, nil
	case sort == dossier.SortBurns:
		return []run{{rows: burning.rows + " AND " + has, args: words, no: "d.no", sort: sort},
			{rows: foundRows + " AND d.burns IS NULL", args: query, no: "f.rowid", sort: dossier.SortOldest}}, nil
	case sort == dossier.SortName:
		return []run{{rows: foundRows, args: query, no: "f.rowid", sort: sort, total: "SELECT count(*) FROM " + wordRows}}, nil
	}
	return []run{{rows: wordRows, args: query, no: "f.rowid", sort: sort}}, nil
}

// belongs is what dossier.Summary.In asks of a row, in SQL; "" where all rows belong. It is for rows that something is to be done about.
func belongs(v dossier.View, now time.Time) (where string, args []any) {
	late := now.UnixMilli() // what burns before is late; rows are kept to the millisecond
	if now.After(time.UnixMilli(late)) {
		late++
	}
	switch v {
	case dossier.ViewToDo:
		return "TRUE", nil
	case dossier.ViewToday:
		return "d.burns >= ? AND d.burns < ?", []any{late, dossier.DateOf(now).AddDays(1).At(0, 0).UnixMilli()}
	case dossier.ViewLate:
		return "d.burns < ?", []any{late}
	case dossier.ViewPapers:
		return "d.status = ?", []any{int(dossier.StatusAsked)}
	case dossier.ViewDecision:
		return "d.status = ? AND d.forwarded", []any{int(dossier.StatusProcessing)}
	case dossier.ViewResult:
		return "d.status = ?", []any{int(dossier.StatusDone)}
	case dossier.ViewSentBack:
		return "d.sent_back IS NOT NULL", nil
	case dossier.ViewDisputed:
		return "d.disputed", nil
	}
	return "", nil
}

// page is a page of a run.
func (r run) page(l *link, limit, offset int) ([]dossier.Summary, error) {
	rows, args, back := r.rows, r.args, false
	switch {
	case r.dense && r.sort == dossier.SortLatest:
		rows, args, offset = rows+" WHERE d.no <= ("+wholeTotal+") - ?", []any{offset}, 0
	case r.dense:
		rows, args, offset = rows+" WHERE d.no > ?", []any{offset}, 0
	case r.ends && offset > 0:
		n, err := r.count(l)
		if err != nil {
			return nil, err
		}
		if limit = min(limit, n-offset); limit <= 0 {
			return nil, nil
		}
		if back = offset > n/2; back {
			offset = n - offset - limit
		}
	}
	return summaries(l, "SELECT "+summaryColumns+" FROM (SELECT "+r.no+" AS no FROM "+rows+" ORDER BY "+order(r.sort, r.no, back)+
		" LIMIT ? OFFSET ?) p CROSS JOIN dossier d ON d.no = p.no ORDER BY "+order(r.sort, "d.no", false),
		append(args[:len(args):len(args)], limit, offset)...)
}

// count is how many rows it has.
func (r run) count(l *link) (n int, err error) {
	total, args := r.total, r.args
	if total == "" {
		total = "SELECT count(*) FROM " + r.rows
	}
	_, err = l.get(total, args, &n)
	return n, err
}

// order is what stands after ORDER BY; no is the dossier's number.
func order(sort dossier.Sort, no string, back bool) string {
	columns := []string{no}
	switch sort {
	case dossier.SortLatest:
		back = !back
	case dossier.SortBurns:
		columns = []string{"d.burns NULLS LAST", no}
	case dossier.SortName:
		columns = []string{"d.name_key", no}
	}
	if back {
		return strings.Join(columns, " DESC, ") + " DESC"
	}
	return strings.Join(columns, ", ")
}
