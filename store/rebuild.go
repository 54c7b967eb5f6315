package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tiepnhan/dossier"
)

// Rebuild throws the views away and makes them again from the journals, in one transaction. Code: store.damaged, where the
// journals themselves cannot be read.
func (s *Store) Rebuild(ctx context.Context) error {
	return s.write(ctx, "rebuild the views", func(w *writing) error { return w.views.again(ctx) })
}

// renew brings a file of an older program up to date, in one transaction: the truth gets what it had not, and the views are made again.
// Others who would write wait for it. told hears how many of a thousand parts are done.
func renew(ctx context.Context, l *link, told func(done int64)) (err error) {
	if err := l.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			l.exec("ROLLBACK")
		}
	}()
	var version int
	if _, err := l.get("SELECT user_version FROM pragma_user_version", nil, &version); err != nil {
		return err
	}
	for _, from := range []func(*link) error{1: from1, 2: from2}[min(version&0xffff, schemaVersion):] {
		if err := from(l); err != nil {
			return err
		}
	}
	ln, err := ownLineage(l)
	if err != nil {
		return err
	}
	if err := (views{link: l, line: ln, told: told}).again(ctx); err != nil {
		return err
	}
	if err := l.exec(fmt.Sprintf("PRAGMA user_version = %d", fileVersion)); err != nil {
		return err
	}
	return l.exec("COMMIT")
}

// from1 tells what makes up the course of a dossier from who looked at it and what was printed.
func from1(l *link) error {
	for _, change := range []string{"ALTER TABLE event ADD COLUMN course INTEGER NOT NULL DEFAULT 1", "DROP INDEX event_dossier"} {
		if err := l.script(change); err != nil {
			return err
		}
	}
	var beside []int64
	err := l.each("SELECT no, header, salt, body FROM event", nil, func(scan func(...any) error) error {
		no, e, err := scanEvent(scan)
		if err == nil && !isReplayed(e) {
			beside = append(beside, no)
		}
		return err
	})
	for _, no := range beside {
		if err == nil {
			err = l.exec("UPDATE event SET course = 0 WHERE no = ?", no)
		}
	}
	if err != nil {
		return err
	}
	return l.script(truthOf("CREATE INDEX event_dossier "))
}

// truthOf is the statement of the truth's schema that begins so.
func truthOf(begins string) string {
	truth, _, _ := strings.Cut(schema, viewsBegin)
	for statement := range strings.SplitSeq(truth, ";\n") {
		if statement = withoutComments(statement); strings.HasPrefix(statement, begins) {
			return statement
		}
	}
	panic("the schema has no " + begins)
}

// from2 gives a truth of schema 2 what schema 3 has more. A device then had one life, and of each chain the latest signed head was kept.
func from2(l *link) error {
	for _, more := range []string{"CREATE TABLE head ", "CREATE TABLE reclaimed ", "CREATE TABLE loose ", "CREATE TABLE purged ", "CREATE INDEX entry_event "} {
		if err := l.script(truthOf(more)); err != nil {
			return err
		}
	}
	if err := l.exec(`INSERT INTO head (chain, seq, hash, signature) SELECT no, seq, hash, signature FROM chain
		WHERE seq > 0 AND signature IS NOT NULL AND no NOT IN (SELECT chain FROM station)`); err != nil {
		return err
	}
	return l.exec("INSERT INTO purged (event, decision, number) SELECT id, NULL, '' FROM event WHERE salt IS NULL")
}

// again drops every table that is not of the truth, whichever program made it, and makes the views anew.
func (v views) again(ctx context.Context) error {
	truth, ddl, _ := strings.Cut(schema, viewsBegin)
	for _, kind := range []string{"CREATE VIRTUAL TABLE ", "CREATE TABLE "} { // a virtual one takes its own tables along
		var names []string
		err := v.each("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE ? || '%'", []any{kind}, func(scan func(...any) error) error {
			var name string
			err := scan(&name)
			if !strings.Contains(truth, "CREATE TABLE "+name+" (") {
				names = append(names, name)
			}
			return err
		})
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := v.script(`DROP TABLE "` + name + `"`); err != nil {
				return err
			}
		}
	}
	if err := v.script(ddl); err != nil {
		return err
	}
	return v.build(ctx)
}

// build makes the views, which are empty, from the journals.
func (v views) build(ctx context.Context) error {
	v.anew = true
	var order []dossier.ID
	seen := map[dossier.ID]bool{}
	var all int64
	if v.told != nil {
		if _, err := v.get("SELECT count(*) FROM event", nil, &all); err != nil {
			return err
		}
	}
	step := v.part(0, 200, all)
	err := v.each("SELECT no, header, salt, body FROM event ORDER BY no", nil, func(scan func(...any) error) error {
		no, e, err := scanEvent(scan)
		if err != nil {
			return err
		}
		if isReplayed(e) && !seen[e.Dossier] {
			seen[e.Dossier] = true
			order = append(order, e.Dossier)
		}
		step()
		return v.addEvent(no, e)
	})
	if err != nil {
		return err
	}
	step = v.part(200, 400, all)
	err = v.each(`SELECT e.no, e.header, e.salt, e.body, n.chain, n.seq, r.event IS NOT NULL FROM entry n CROSS JOIN event e ON e.no = n.event
		LEFT JOIN reclaimed r ON r.event = n.event ORDER BY n.chain, n.seq`, nil, func(scan func(...any) error) error {
		var chain, seq int64
		var reclaimed bool
		no, e, err := scanEvent(scan, &chain, &seq, &reclaimed)
		if err != nil {
			return err
		}
		step()
		return v.addEntry(chain, seq, no, e, reclaimed)
	})
	if err != nil {
		return err
	}
	err = v.each("SELECT e.no, e.header, e.salt, e.body FROM loose x CROSS JOIN event e ON e.no = x.event ORDER BY e.no", nil,
		func(scan func(...any) error) error {
			no, e, err := scanEvent(scan)
			if err != nil {
				return err
			}
			return v.addLoose(no, e)
		})
	if err != nil {
		return err
	}
	step = v.part(400, 1000, int64(len(order)))
	for _, id := range order {
		if err := ctx.Err(); err != nil {
			return err
		}
		step()
		if _, err := v.refresh(id); err != nil {
			return err
		}
	}
	return nil
}

// part tells how far a part of the work is, which goes from one thousandth of the whole to another; what it gives is called all times.
func (v views) part(from, to, all int64) func() {
	if v.told == nil || all == 0 {
		return func() {}
	}
	var done, was int64
	return func() {
		done++
		if now := from + (to-from)*min(done, all)/all; now != was {
			was = now
			v.told(now)
		}
	}
}

func scanEvent(scan func(...any) error, more ...any) (no int64, e dossier.Entry, err error) {
	var header, salt sql.RawBytes // what is read of them is copied
	var body []byte
	if err := scan(append([]any{&no, &header, &salt, &body}, more...)...); err != nil {
		return 0, e, err
	}
	if e, err = parse(header, salt, body); err != nil {
		err = damaged(fmt.Sprintf("event %d", no), err)
	}
	return no, e, err
}
