package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"modernc.org/sqlite"

	"tiepnhan/dossier"
)

// writing is one transaction: all of it is kept, or nothing.
type writing struct {
	*link
	s         *Store
	views     views
	chains    map[int64]*chainRow
	own       *chainRow
	key       ed25519.PrivateKey // signs own
	touched   []dossier.ID       // in the order in which their events came
	fresh     map[dossier.ID]dossier.Dossier
	events    []dossier.EventID // that this transaction added
	nothing   bool              // there was nothing to keep after all
	receipted bool              // the latest receipt for own may be another one now
	purging   bool              // bodies were taken away
}

// write does one thing that happened. Nothing in do may wait for anything but this store.
func (s *Store) write(ctx context.Context, doing string, do func(*writing) error) error {
	if s.writer == nil {
		return s.refuses(doing)
	}
	if err := s.takeTurn(ctx); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	defer func() { s.turn <- struct{}{} }()
	if s.reserve != nil && s.reserve.gone {
		if s.reserve.fill(); s.reserve.gone {
			return fmt.Errorf("%s: %w", doing, dossier.Invalid("", "store.full", "dir", s.dir))
		}
	}
	err := s.transaction(do)
	if s.reserve != nil && codeOf(err) == "store.full" {
		s.reserve.release()
	}
	return told(doing, s.dir, err)
}

// jot is write for drafts: when the disk is full the reserve is theirs.
func (s *Store) jot(ctx context.Context, doing string, do func(*writing) error) error {
	if s.writer == nil {
		return s.refuses(doing)
	}
	if err := s.takeTurn(ctx); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	defer func() { s.turn <- struct{}{} }()
	err := s.transaction(do)
	if s.reserve != nil && !s.reserve.gone && codeOf(err) == "store.full" {
		s.reserve.release()
		err = s.transaction(do)
	}
	return told(doing, s.dir, err)
}

var errClosed = errors.New("the store is closed")

func (s *Store) takeTurn(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-s.closed:
		return errClosed
	default:
	}
	select {
	case <-s.turn:
		return nil
	case <-s.closed:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) transaction(do func(*writing) error) (err error) {
	l := s.writer
	if s.shaken {
		if err := settle(l); err != nil {
			return err
		}
		s.shaken = false
	}
	defer func() {
		var failed *sqlite.Error
		s.shaken = s.shaken || errors.As(err, &failed)
	}()
	if err := l.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	open, idle := true, false
	defer func() {
		if open { // also when do panics: the next one must find the connection clean
			l.exec("ROLLBACK")
			if !idle {
				s.last, s.decided = nil, nil
			}
		}
	}()
	w := &writing{link: l, s: s, chains: map[int64]*chainRow{}, fresh: map[dossier.ID]dossier.Dossier{}}
	if err := w.begin(); err != nil {
		return err
	}
	if err := do(w); err != nil || w.nothing {
		idle = err == nil || len(w.events) == 0 && isRefusal(err)
		return err
	}
	if err := w.finish(); err != nil {
		return err
	}
	next, err := w.state()
	if err != nil {
		return err
	}
	open = false
	if err := s.commit(l); err != nil {
		return s.outcome(w, next, err)
	}
	s.publish(w, next)
	return nil
}

// settle makes the search index forget what it thinks it has read. Where reading fails in the midst of its work, SQLite rolls back first, and
// then FTS5 takes the sizes it did not get for the true ones (fts5StorageLoadTotals, SQLite 3.53.4) and would write them with what comes next. A
// transaction of its own that is rolled back makes it read them again.
func settle(l *link) error {
	if err := l.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := l.exec("INSERT INTO search (search, rank) VALUES ('automerge', 0)")
	if codeOf(err) != "store.disk" {
		err = nil // an index that is damaged keeps nobody from saving a draft
	}
	return errors.Join(err, l.exec("ROLLBACK"))
}

// outcome finds out what became of a transaction whose COMMIT failed. An error from COMMIT says nothing by itself: what was
// written may be there.
func (s *Store) outcome(w *writing, next dossier.ChainState, failed error) error {
	w.exec("ROLLBACK") // fails where SQLite has already done so
	s.last, s.decided = nil, nil
	var one int
	kept, err := false, error(nil)
	switch before := s.Own(); {
	case next.Head != before.Head: // its own chain grew: that is kept with the rest, or not
		var own *chainRow
		if own, err = ownChain(w.link); err == nil {
			kept = own.Head == next.Head
		}
	case len(w.events) > 0:
		last := w.events[len(w.events)-1]
		kept, err = w.get("SELECT 1 FROM event WHERE id = ?", []any{last[:]}, &one)
	default: // what adds no event can simply be done again
		return errors.Join(failed, s.reread(w))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%w: %w", dossier.Invalid("", "store.unknown", "dir", s.dir), failed), err)
	}
	if !kept {
		return failed
	}
	s.publish(w, next)
	return nil
}

// reread is for what others see when nobody can tell whether a transaction was kept.
func (s *Store) reread(w *writing) error {
	if err := w.takeUp(); err != nil {
		return err
	}
	w.receipted = true
	next, err := w.state()
	if err == nil {
		s.own.Store(&next)
	}
	return err
}

// state is what others will see of this PC's chain once the transaction is kept.
func (w *writing) state() (dossier.ChainState, error) {
	before, next := w.s.Own(), w.own.ChainState
	if next.Own = true; !w.receipted && before.Chain == next.Chain {
		next.Receipt = before.Receipt
		return next, nil
	}
	upstream, _, err := upstreamOf(w.link)
	if err == nil {
		next.Receipt, err = receiptOf(w.link, w.own.no, w.own.Chain, upstream)
	}
	return next, err
}

// publish is what others see of a transaction that was kept.
func (s *Store) publish(w *writing, next dossier.ChainState) {
	w.own.changed = false
	s.last, s.line = w.own, w.views.line
	s.key.Store(&w.key)
	s.own.Store(&next)
	s.unswept = s.unswept || w.purging
	s.sweep(w.link)
}

// sweep empties the write-ahead log, where what was purged stands too. It waits for nobody: where a reader holds it up, it is done after the
// next thing that is kept, or as the file is closed.
func (s *Store) sweep(l *link) {
	if !s.unswept {
		return
	}
	if l.exec("PRAGMA busy_timeout = 0") != nil {
		return
	}
	var busy, log, moved int64
	_, err := l.get("PRAGMA wal_checkpoint(TRUNCATE)", nil, &busy, &log, &moved)
	s.unswept = err != nil || busy != 0
	_ = l.exec(fmt.Sprintf("PRAGMA busy_timeout = %d", busyTimeout.Milliseconds())) // what comes next would say so
}

func (w *writing) begin() error {
	w.key = w.s.SigningKey()
	if w.s.last == nil {
		return w.takeUp()
	}
	own := *w.s.last
	w.write(&own, w.s.line)
	return nil
}

// takeUp reads which chain this PC writes.
func (w *writing) takeUp() error {
	own, err := ownChain(w.link)
	if err != nil {
		return err
	}
	ln, err := lineageOf(w.link, own.no)
	if err == nil {
		w.write(own, ln)
	}
	return err
}

// write says which chain this PC writes.
func (w *writing) write(own *chainRow, ln lineage) {
	w.own, w.chains[own.no], w.views = own, own, views{link: w.link, line: ln}
}

// finish brings the views of what was touched up to date and signs how far this PC's chain now reaches.
func (w *writing) finish() error {
	for _, id := range w.touched {
		if _, err := w.now(id); err != nil {
			return err
		}
	}
	for _, c := range w.chains {
		if !c.changed {
			continue
		}
		if c == w.own {
			c.Signature = c.Head.Sign(w.key)
		}
		if err := w.exec("UPDATE chain SET seq = ?, hash = ?, signature = ? WHERE no = ?", int64(c.Head.Seq), c.Head.Hash[:],
			c.Signature, c.no); err != nil {
			return err
		}
	}
	return nil
}

func (w *writing) touch(id dossier.ID) {
	if !slices.Contains(w.touched, id) {
		w.touched = append(w.touched, id)
	}
}

// happen appends an event of this PC to its chain. An event that is here already, the same but for its bases, is a repetition
// after an outcome nobody saw: it is not added again. Code: event.differs.
func (w *writing) happen(e dossier.Event) error {
	had, err := w.had(e.ID)
	if err != nil {
		return err
	}
	var salt [16]byte
	if had != nil {
		salt = had.Salt
		e.Bases = had.Bases
	} else {
		rand.Read(salt[:])
	}
	sealed, err := dossier.Seal(e, salt)
	if err != nil {
		return err
	}
	if had == nil {
		if sealed, err = w.withoutPurged(sealed); err != nil {
			return err
		}
		return w.add(w.own, sealed, sealed.Header(), 0, written)
	}
	if !bytes.Equal(sealed.Header(), had.Header()) {
		return dossier.Invalid("", "event.differs", "event", e.ID.String())
	}
	w.nothing = len(w.events) == 0
	return nil
}

// had is the event of that id, nil if it is not here.
func (w *writing) had(id dossier.EventID) (*dossier.Entry, error) {
	var header, salt, body []byte
	ok, err := w.get("SELECT header, salt, body FROM event WHERE id = ?", []any{id[:]}, &header, &salt, &body)
	if err != nil || !ok {
		return nil, err
	}
	e, err := parse(header, salt, body)
	if err != nil {
		return nil, damaged("event "+id.String(), err)
	}
	return &e, nil
}

// now is a dossier as this transaction leaves it.
func (w *writing) now(id dossier.ID) (dossier.Dossier, error) {
	if d, ok := w.fresh[id]; ok {
		return d, nil
	}
	d, err := w.views.refresh(id)
	w.fresh[id] = d
	return d, err
}

// keep puts an entry at the end of a chain of another writer.
func (w *writing) keep(c *chainRow, e dossier.Entry) error {
	header := e.Header()
	e, no, err := w.meet(e, header)
	if err != nil {
		return err
	}
	return w.add(c, e, header, no, written)
}

// meet is an entry as it is to be kept, with the number of its event, 0 if it is new here. An event that is already here, from whatever
// chain, is the same event when its header is the same, and otherwise somebody's forgery or fault; what is here of it counts. One whose
// body nobody is to keep is kept without. Code: event.differs.
func (w *writing) meet(e dossier.Entry, header []byte) (dossier.Entry, int64, error) {
	var no int64
	var had, salt, body []byte
	known, err := w.get("SELECT no, header, salt, body FROM event WHERE id = ?", []any{e.ID[:]}, &no, &had, &salt, &body)
	if err != nil {
		return e, 0, err
	}
	if !known {
		e, err = w.withoutPurged(e)
		return e, 0, err
	}
	if string(had) != string(header) {
		return e, 0, dossier.Invalid("", "event.differs", "event", e.ID.String())
	}
	if e, err = parse(had, salt, body); err != nil {
		err = damaged(fmt.Sprintf("event %d", no), err)
	}
	return e, no, err
}

// adding is how an event comes to stand at the end of a chain.
type adding int

const (
	written   adding = iota // its author wrote it, here or elsewhere
	moved                   // it stood in the life before
	reclaimed               // another continuation of this PC's journal wrote it
)

// add puts an entry at the end of a chain; no is that of its event, 0 if it is new here.
func (w *writing) add(c *chainRow, e dossier.Entry, header []byte, no int64, how adding) (err error) {
	known := no != 0
	c.Head.Seq++
	c.Head.Hash = dossier.NextHash(c.Head.Hash, header)
	c.changed = true
	var own any
	if e.Kind.IsAct() {
		c.acts++
		if place := w.views.line.ordinal(c.no, int64(c.Head.Seq)); place > 0 {
			own = place
		}
	}
	if !known {
		if no, err = w.insert("INSERT INTO event (id, dossier, header, salt, body, own, course) VALUES (?, ?, ?, ?, ?, ?, ?)",
			e.ID[:], orNull(e.Dossier), header, saltOf(e), bodyOf(e), own, isReplayed(e)); err != nil {
			return err
		}
		w.events = append(w.events, e.ID)
	} else if how != moved {
		if err := w.exec("DELETE FROM loose WHERE event = ?", no); err != nil {
			return err
		}
		if own != nil {
			if err := w.exec("UPDATE event SET own = ? WHERE no = ?", own, no); err != nil {
				return err
			}
		}
	}
	if err := w.exec("INSERT INTO entry (chain, seq, event, hash, acts) VALUES (?, ?, ?, ?, ?)", c.no, int64(c.Head.Seq), no,
		c.Head.Hash[:], c.acts); err != nil {
		return err
	}
	if how == reclaimed {
		if err := w.exec("INSERT INTO reclaimed (event) VALUES (?)", no); err != nil {
			return err
		}
	}
	if !known {
		if err := w.views.addEvent(no, e); err != nil {
			return err
		}
	}
	taken := how == reclaimed
	if how == moved {
		if taken, err = w.wasReclaimed(no); err != nil {
			return err
		}
	}
	if err := w.views.addEntry(c.no, int64(c.Head.Seq), no, e, taken); err != nil || how == moved {
		return err // of what was moved nothing of its dossier is another
	}
	if !known && e.Kind == dossier.Purged {
		if err := w.purge(e); err != nil {
			return err
		}
	}
	if isReplayed(e) {
		w.touch(e.Dossier)
	}
	if e.Kind == dossier.SentBack {
		return w.touchAbout(no)
	}
	return nil
}

// touchAbout touches the dossier whose event upstream sent back, if that event is here; otherwise it will be touched when it comes.
func (w *writing) touchAbout(sentBack int64) error {
	var id []byte
	ok, err := w.get("SELECT e.dossier FROM sent_back s JOIN event e ON e.id = s.about WHERE s.event = ? AND e.dossier IS NOT NULL",
		[]any{sentBack}, &id)
	if ok {
		w.touch(dossier.ID(id))
	}
	return err
}

func orNull(id dossier.ID) any {
	if id.IsZero() {
		return nil
	}
	return id[:]
}

func saltOf(e dossier.Entry) any {
	if e.Purged {
		return nil
	}
	return e.Salt[:]
}

func bodyOf(e dossier.Entry) any {
	if e.Purged {
		return nil
	}
	return e.Body
}

// wasReclaimed tells whether an event came into the lineage from another continuation.
func (w *writing) wasReclaimed(no int64) (bool, error) {
	var one int
	return w.get("SELECT 1 FROM reclaimed WHERE event = ?", []any{no}, &one)
}
