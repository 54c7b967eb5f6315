package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"tiepnhan/dossier"
)

// How much of the end of every journal is looked at when a store was just opened: after a clean end, and after any other. In the latter case it is
// more than the log can have held.
const (
	tailClean   = 30
	tailUnclean = 2000
)

// endedUncleanly tells, before a file is opened, whether who wrote to it last was cut off: by a power cut, a crash or a kill. SQLite removes its
// log when it is closed for the last time. A log with nothing in it is what a reader made, or what was left after all of it had been flushed
// into the file. It costs no write, so that a full disk cannot keep the store from being opened.
func endedUncleanly(path string) bool {
	for _, suffix := range []string{"-wal", "-journal"} {
		if info, err := os.Stat(path + suffix); err == nil && info.Size() > 0 {
			return true
		}
	}
	return false
}

// Suspect tells whether the whole file is to be looked at: who wrote to it last was cut off, or was let in before that had been done.
func (s *Store) Suspect() bool { return s.suspect.Load() }

// Glance looks at what must be right before anybody works: the tables that there must be, this PC's own journal and key, and the end of
// every journal with its hashes and signatures; after an unclean end more of it. It takes milliseconds. Codes: store.damaged-at (what),
// store.views-damaged (what), where everything but the views is right.
func (s *Store) Glance(ctx context.Context) error {
	tail := int64(tailClean)
	if s.Suspect() {
		tail = tailUnclean
	}
	return s.read(ctx, "look at the store", func(l *link) error {
		if err := structure(l); err != nil {
			return err
		}
		own, err := ownChain(l)
		if err != nil {
			return spot("đầu nhật ký của máy này", err)
		}
		if !bytes.Equal(own.Owner, s.SigningKey().Public().(ed25519.PublicKey)) || !own.Head.SignedBy(own.Owner, own.Signature) {
			return dossier.Invalid("", "store.damaged-at", "what", "khóa hoặc chữ ký của nhật ký máy này")
		}
		var all []*chainRow
		if err := l.each("SELECT "+chainColumns+" FROM chain c ORDER BY c.no", nil, func(scan func(...any) error) error {
			c, err := scanChain(scan)
			all = append(all, c)
			return err
		}); err != nil {
			return spot("danh sách nhật ký", err)
		}
		for _, c := range all {
			if err := tailOf(ctx, l, c, tail); err != nil {
				return err
			}
		}
		return viewsAtHand(l)
	})
}

// spot says where a store is damaged, if that is what is wrong.
func spot(what string, err error) error {
	if codeOf(err) == "store.damaged" || dossier.Code(err) == "store.damaged" {
		return fmt.Errorf("%w: %w", dossier.Invalid("", "store.damaged-at", "what", what), err)
	}
	return err
}

// inViews is spot for what can be made again.
func inViews(what string, err error) error {
	if codeOf(err) == "store.damaged" || dossier.Code(err) == "store.damaged" {
		return fmt.Errorf("%w: %w", dossier.Invalid("", "store.views-damaged", "what", what), err)
	}
	return err
}

// tables are those of this program's schema, and whether each is of the truth.
var tables = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	truth, views, _ := strings.Cut(schema, viewsBegin)
	for part, isTruth := range map[string]bool{truth: true, views: false} {
		for line := range strings.Lines(part) {
			for _, begins := range []string{"CREATE TABLE ", "CREATE VIRTUAL TABLE ", "CREATE INDEX "} {
				if rest, ok := strings.CutPrefix(line, begins); ok {
					name, _, _ := strings.Cut(rest, " ")
					out[name] = isTruth
				}
			}
		}
	}
	return out
})

// isTruth tells whether a table of the file, or one that an index or a virtual table has of its own, cannot be made again.
func isTruth(name string) bool { return tables()[name] }

func structure(l *link) error {
	have := map[string]bool{}
	if err := l.each("SELECT name FROM sqlite_schema", nil, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		have[name] = true
		return err
	}); err != nil {
		return spot("bảng mục của tệp", err)
	}
	var views error
	for name, truth := range tables() {
		switch {
		case have[name]:
		case truth:
			return dossier.Invalid("", "store.damaged-at", "what", "thiếu bảng "+name)
		default:
			views = dossier.Invalid("", "store.views-damaged", "what", "thiếu bảng "+name)
		}
	}
	return views
}

// tailOf walks the end of a chain: numbers without gaps, hashes, contents, the owner's signature.
func tailOf(ctx context.Context, l *link, c *chainRow, most int64) error {
	where := func(seq int64) string { return fmt.Sprintf("nhật ký %s, dòng %d", c.Chain, seq) }
	broken := func(seq int64) error { return dossier.Invalid("", "store.damaged-at", "what", where(seq)) }
	from := max(0, int64(c.Head.Seq)-most)
	hash, err := hashAt(l, c, uint64(from))
	if err != nil {
		return spot(where(from), err)
	}
	next := from
	err = l.each(`SELECT n.seq, n.hash, e.header, e.salt, e.body FROM entry n LEFT JOIN event e ON e.no = n.event WHERE n.chain = ? AND n.seq > ? ORDER BY n.seq`,
		[]any{c.no, from}, func(scan func(...any) error) error {
			var seq int64
			var kept, header, salt, body []byte
			if err := scan(&seq, &kept, &header, &salt, &body); err != nil {
				return err
			}
			next++
			hash = dossier.NextHash(hash, header)
			if _, err := parse(header, salt, body); err != nil || seq != next || !bytes.Equal(kept, hash[:]) {
				return broken(next)
			}
			return ctx.Err()
		})
	switch {
	case err != nil:
		return spot(where(next+1), err)
	case uint64(next) != c.Head.Seq || hash != c.Head.Hash, c.Signature != nil && !c.Head.SignedBy(c.Owner, c.Signature):
		return broken(int64(c.Head.Seq))
	}
	return nil
}

// viewsAtHand tells whether the list and its search index go as far as each other and as what they are made of.
func viewsAtHand(l *link) error {
	var rows, words, missing int64
	if _, err := l.get("SELECT coalesce(max(no), 0), (SELECT coalesce(max(id), 0) FROM search_content) FROM dossier", nil, &rows, &words); err != nil {
		return inViews("danh sách hồ sơ", err)
	}
	if _, err := l.get(`SELECT count(*) FROM (SELECT dossier FROM event WHERE course = 1 ORDER BY no DESC LIMIT 200) e
		WHERE e.dossier IS NOT NULL AND NOT EXISTS (SELECT 1 FROM dossier d WHERE d.id = e.dossier)`, nil, &missing); err != nil {
		return inViews("danh sách hồ sơ", err)
	}
	if rows != words || missing > 0 {
		return dossier.Invalid("", "store.views-damaged", "what", "danh sách hồ sơ")
	}
	return nil
}

// looked is a table and about how much of the work of looking at everything it is.
type looked struct {
	name string
	work int64
}

// works are the large tables, by what they took.
var works = map[string]int64{"event": 640, "entry": 90, "dossier": 160, "search_data": 50, "search_content": 20, "whence": 25}

// Check looks at every page of the file, where there is reason to (Suspect); otherwise it has nothing to do. Of every table and its indexes SQLite says
// whether pages, rows and order are right. hear hears how far it is. It holds nobody up, and ended by ctx it says so: after Glance was
// right, that is safe, and who comes next does it. Codes: those of Glance.
func (s *Store) Check(ctx context.Context, hear func(done, all int64)) error {
	if !s.Suspect() {
		return nil
	}
	if err := s.checkTables(ctx, hear); err != nil {
		return told("check the file", s.dir, err)
	}
	s.suspect.Store(false)
	return s.remember(func(k *known) { k.Owed = false })
}

func (s *Store) checkTables(ctx context.Context, hear func(done, all int64)) (err error) {
	db, err := sql.Open("sqlite", address(filepath.Join(s.dir, FileName), s.opts.VFS, forLooking))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var all []looked
	total := int64(0)
	rows, err := db.QueryContext(ctx, "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL %'")
	if err != nil {
		return spot("bảng mục của tệp", err)
	}
	defer rows.Close()
	for rows.Next() {
		one := looked{work: 1}
		if err := rows.Scan(&one.name); err != nil {
			return err
		}
		if w := works[one.name]; w > 0 {
			one.work = w
		}
		total += one.work
		all = append(all, one)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return spot("bảng mục của tệp", err)
	}
	slices.SortFunc(all, func(a, b looked) int { return int(b.work - a.work) })
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	todo := make(chan looked, len(all))
	for _, one := range all {
		todo <- one
	}
	close(todo)
	var mu sync.Mutex
	var done int64
	var truth, views error
	note := func(one looked, err error) {
		mu.Lock()
		defer mu.Unlock()
		if done += one.work; err == nil {
			hear(done, total)
			return
		}
		if isTruth(one.name) || dossier.Code(err) == "" {
			truth = errors.Join(truth, err)
			stop()
		} else {
			views = errors.Join(views, err)
		}
	}
	var both sync.WaitGroup
	for range 2 { // the largest table takes as long as all others
		both.Go(func() {
			for one := range todo {
				note(one, lookAt(ctx, db, one.name))
			}
		})
	}
	both.Wait()
	if truth != nil {
		return truth
	}
	return views
}

// lookAt has SQLite look at a table and its indexes.
func lookAt(ctx context.Context, db *sql.DB, table string) error {
	say := spot
	code := "store.damaged-at"
	if !isTruth(table) {
		say, code = inViews, "store.views-damaged"
	}
	var verdict string
	err := db.QueryRowContext(ctx, "PRAGMA quick_check('"+strings.ReplaceAll(table, "'", "''")+"')").Scan(&verdict)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return say("bảng "+table, err)
	case verdict != "ok":
		return fmt.Errorf("%w: %s", dossier.Invalid("", code, "what", "bảng "+table), verdict)
	}
	return nil
}
