package store

import (
	"context"
	"fmt"
	"strings"

	"tiepnhan/dossier"
)

// Rebuild throws the views away and makes them again from the journals, in one transaction. Code: store.damaged, where the
// journals themselves cannot be read.
func (s *Store) Rebuild(ctx context.Context) error {
	return s.write(ctx, "rebuild the views", func(w *writing) error { return w.views.again(ctx) })
}

// renew is Rebuild for a file whose views are an older program's. Others who would write wait for it.
func renew(ctx context.Context, l *link) (err error) {
	if err := l.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			l.exec("ROLLBACK")
		}
	}()
	own, err := ownChain(l)
	if err != nil {
		return err
	}
	if err := (views{link: l, own: own.no}).again(ctx); err != nil {
		return err
	}
	if err := l.exec(fmt.Sprintf("PRAGMA user_version = %d", fileVersion)); err != nil {
		return err
	}
	return l.exec("COMMIT")
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
	var order []dossier.ID
	seen := map[dossier.ID]bool{}
	err := v.each("SELECT no, header, salt, body FROM event ORDER BY no", nil, func(scan func(...any) error) error {
		no, e, err := scanEvent(scan)
		if err != nil {
			return err
		}
		if isReplayed(e) && !seen[e.Dossier] {
			seen[e.Dossier] = true
			order = append(order, e.Dossier)
		}
		return v.addEvent(no, e)
	})
	if err != nil {
		return err
	}
	err = v.each("SELECT e.no, e.header, e.salt, e.body, n.chain, n.seq FROM entry n JOIN event e ON e.no = n.event ORDER BY n.chain, n.seq",
		nil, func(scan func(...any) error) error {
			var chain, seq int64
			no, e, err := scanEvent(scan, &chain, &seq)
			if err != nil {
				return err
			}
			return v.addEntry(chain, seq, no, e)
		})
	if err != nil {
		return err
	}
	for _, id := range order {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := v.refresh(id); err != nil {
			return err
		}
	}
	return nil
}

func scanEvent(scan func(...any) error, more ...any) (no int64, e dossier.Entry, err error) {
	var header, salt, body []byte
	if err := scan(append([]any{&no, &header, &salt, &body}, more...)...); err != nil {
		return 0, e, err
	}
	if e, err = parse(header, salt, body); err != nil {
		err = damaged(fmt.Sprintf("event %d", no), err)
	}
	return no, e, err
}
