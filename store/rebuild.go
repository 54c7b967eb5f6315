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
	return s.write(ctx, "rebuild the views", func(w *writing) error {
		for _, v := range viewTables {
			if err := w.script("DROP TABLE " + v.name); err != nil {
				return err
			}
		}
		_, ddl, _ := strings.Cut(schema, viewsBegin)
		if err := w.script(ddl); err != nil {
			return err
		}
		return w.views.build(ctx)
	})
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
	err = v.each("SELECT e.no, e.header, e.salt, e.body, n.chain FROM entry n JOIN event e ON e.no = n.event ORDER BY n.chain, n.seq",
		nil, func(scan func(...any) error) error {
			var chain int64
			no, e, err := scanEvent(scan, &chain)
			if err != nil {
				return err
			}
			return v.addEntry(chain, no, e)
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
