package store

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// mended is a store that has been through every healing.
func mended(t testing.TB) *Store {
	t.Helper()
	s := allSorts(t)
	for _, name := range []string{"reclaim", "recast", "purge", "rotate"} {
		must(t, healings(t, s)[name](s))
	}
	up, pc := storetest.NewSister(100), storetest.NewSister(2)
	up.Head, pc.Head = chainsOf(t, s)[up.Genesis.Chain].Head, chainsOf(t, s)[pc.Genesis.Chain].Head
	extend(t, s, pc, storetest.Reception(320, "MAU-260105-3020"))
	extend(t, s, up, admitted(300, pc, 2), issued(301, dossier.Pack{Kind: dossier.PackCalendar, Version: 1, From: storetest.Day(0), Files: zipped(t, "../assets/calendar", nil)}))
	fork(t, s, 1, dossier.HealedForked)
	_, err := receive(s, 310)
	must(t, err)
	sound(t, s)
	return s
}

// I11, of what lives are made of.
func TestVerifyMissesNothingThatLivesRestOn(t *testing.T) {
	s := mended(t)
	ctx := context.Background()
	for table, columns := range map[string]string{"head": "chain seq hash signature", "purged": "event decision", "loose": "event",
		"notice": "chain seq event kind", "pack": "kind version refused", "upstream": "device key", "closing": "event own until",
		"chain": "previous common_seq common_hash owner", "station": "chain", "event": "own", "entry": "seq event hash acts", "number": "own last"} {
		var rows int
		must(t, rawly(t, s).QueryRow("SELECT count(*) FROM "+table).Scan(&rows))
		if rows == 0 {
			t.Errorf("%s is empty", table)
		}
		for _, column := range strings.Fields(columns) {
			for _, i := range []int{0, rows - 1} {
				spoiled := twin(t, s)
				db := rawly(t, spoiled)
				_, err := db.Exec("PRAGMA foreign_keys = off")
				must(t, err)
				db.SetMaxOpenConns(1)
				var was any
				must(t, db.QueryRow(fmt.Sprintf("SELECT %s FROM %s ORDER BY 1 LIMIT 1 OFFSET %d", column, table, i)).Scan(&was))
				var is any
				switch v := was.(type) {
				case int64:
					is = v + 1
				case string:
					is = v + "x"
				case []byte:
					is = append([]byte{v[0] ^ 1}, v[1:]...)
				default:
					continue
				}
				if _, err := db.Exec(fmt.Sprintf("UPDATE %s SET %s = ? WHERE %s = ?", table, column, column), is, was); err != nil {
					continue // it cannot be so
				}
				check, err := spoiled.Verify(ctx)
				if err != nil || len(check.Faults) == 0 {
					t.Errorf("%s.%s, %v for %v: %v, no fault", table, column, is, was, err)
				}
				must(t, spoiled.Close())
			}
		}
	}
}
