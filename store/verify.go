package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tiepnhan/dossier"
)

// maxFaults is how many faults are named one by one.
const maxFaults = 100

// viewTables are all views, with what a row is compared by; the first column names the row.
var viewTables = []struct{ name, columns, title string }{
	{"dossier", "no, *", "Danh sách hồ sơ"},
	{"search", "rowid, words", "Mục lục tìm kiếm"},
	{"number", "concat_ws(' ', prefix, day, series, first, own), *", "Số đã cấp"},
	{"print", "hex(event), *", "Giấy tờ đã in"},
	{"print_end", "hex(print), *", "Kết quả in"},
	{"sent_back", "event, *", "Yêu cầu sửa của cấp trên"},
	{"standing", "name, *", "Thiết lập"},
	{"upstream", "hex(device), *", "Cấp trên"},
	{"notice", "concat_ws(' ', chain, seq), *", "Máy của đơn vị"},
	{"pack", "event, *", "Gói thủ tục, lịch"},
	{"whence", "event, *", "Nơi ghi nhận"},
	{"closing", "event, *", "Ngày đã chốt"},
	{"layout", "event, *", "Biểu mẫu đã sửa"},
	{"officer", "id, *", "Người dùng"},
	{"clock", "one, *", "Đồng hồ"},
}

// Verify looks at everything there is. Every chain is walked from its beginning: numbers without gaps, hashes, contents, its owner's
// signatures. Each life of this PC begins where it left the one before. What stands in no chain was left by a recast, and is counted.
// Receipts are verified. The views are made again from the journals in memory and compared row for row. SQLite looks at
// its own file. It sees one moment and holds up nobody. A fault names the row; an error means that it could not look.
func (s *Store) Verify(ctx context.Context) (dossier.StoreCheck, error) { return s.verify(ctx, true) }

// VerifyJournals is Verify without making the views again, which takes most of its time. Dossiers are not counted.
func (s *Store) VerifyJournals(ctx context.Context) (dossier.StoreCheck, error) {
	return s.verify(ctx, false)
}

func (s *Store) verify(ctx context.Context, views bool) (check dossier.StoreCheck, err error) {
	db, err := sql.Open("sqlite", address(filepath.Join(s.dir, FileName), s.opts.VFS, forLooking))
	if err != nil {
		return check, err
	}
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	l, err := newLink(ctx, db)
	if err != nil {
		return check, told("verify", s.dir, err)
	}
	l.ctx = ctx // looking may be stopped
	defer l.close()
	v := &verifying{link: l, ctx: ctx, key: s.SigningKey(), check: &check}
	if err := v.exec("BEGIN"); err != nil {
		return check, told("verify", s.dir, err)
	}
	looks := []func() error{v.file, v.chains, v.heads, v.events, v.purged, v.receipts}
	if views {
		looks = append(looks, v.views)
	}
	for _, look := range looks {
		if err := look(); err != nil {
			if ctx.Err() != nil {
				return check, ctx.Err()
			}
			if codeOf(err) != "store.damaged" && dossier.Code(err) != "store.damaged" {
				return check, told("verify", s.dir, err)
			}
			v.fault("Không đọc được tiếp: %v", err)
		}
	}
	if v.unnamed > 0 {
		check.Faults = append(check.Faults, fmt.Sprintf("Và %d lỗi khác.", v.unnamed))
	}
	return check, nil
}

type verifying struct {
	*link
	ctx     context.Context
	key     ed25519.PrivateKey
	check   *dossier.StoreCheck
	own     int64
	line    lineage
	unnamed int
}

func (v *verifying) fault(format string, args ...any) {
	if len(v.check.Faults) >= maxFaults {
		v.unnamed++
		return
	}
	v.check.Faults = append(v.check.Faults, fmt.Sprintf(format, args...)+".")
}

// file has SQLite look at its pages, and at the search index against the words it was made of.
func (v *verifying) file() error {
	err := v.each("PRAGMA integrity_check", nil, func(scan func(...any) error) error {
		var says string
		err := scan(&says)
		if err == nil && says != "ok" {
			v.fault("Tệp: %s", says)
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.each("PRAGMA foreign_key_check", nil, func(scan func(...any) error) error {
		var table, parent, row, fk any
		err := scan(&table, &row, &parent, &fk)
		if err == nil {
			v.fault("Tệp: bảng %v, dòng %v chỉ đến dòng không có của bảng %v", table, row, parent)
		}
		return err
	})
}

func (v *verifying) chains() error {
	own, err := ownChain(v.link)
	if err != nil {
		return err
	}
	v.own = own.no
	if !bytes.Equal(own.Owner, v.key.Public().(ed25519.PublicKey)) {
		v.fault("Nhật ký %s: khóa của máy này không phải khóa của chủ nhật ký", own.Chain)
	}
	var all []*chainRow
	var bad []error
	err = v.each("SELECT "+chainColumns+" FROM chain c ORDER BY c.no", nil, func(scan func(...any) error) error {
		c, err := scanChain(scan)
		if dossier.Code(err) == "store.damaged" {
			bad = append(bad, err)
			return nil
		}
		all = append(all, c)
		return err
	})
	if err != nil {
		return err
	}
	for _, err := range bad {
		v.fault("Nhật ký: %v", err)
	}
	if v.line, err = lineageOf(v.link, own.no); err != nil {
		return err
	}
	v.lives(own, all)
	for _, c := range all {
		v.check.Chains++
		if err := v.walk(c); err != nil {
			return err
		}
	}
	return nil
}

// lives follows the lineage back to its first life.
func (v *verifying) lives(own *chainRow, all []*chainRow) {
	for c, n := own, 0; !c.Previous.IsZero(); n++ {
		i := slices.IndexFunc(all, func(before *chainRow) bool { return before.Device == c.Device && before.Incarnation == c.Previous })
		if i < 0 || n == len(all) {
			v.fault("Nhật ký %s: không còn nhật ký mà nó nối tiếp", c.Chain)
			return
		}
		before := all[i]
		if hash, err := hashAt(v.link, before, c.CommonSeq); err != nil || hash != c.CommonHash {
			v.fault("Nhật ký %s: không nối tiếp dòng %d của nhật ký %s", c.Chain, c.CommonSeq, before.Chain)
		}
		c = before
	}
}

// heads looks at every head that came with its owner's signature.
func (v *verifying) heads() error {
	return v.each(`SELECT c.device, c.incarnation, c.owner, h.seq, h.hash, h.signature, n.hash FROM head h CROSS JOIN chain c ON c.no = h.chain
		LEFT JOIN entry n ON n.chain = h.chain AND n.seq = h.seq`, nil, func(scan func(...any) error) error {
		var device, incarnation, owner, hash, signature, held []byte
		var seq int64
		if err := scan(&device, &incarnation, &owner, &seq, &hash, &signature, &held); err != nil {
			return err
		}
		if len(device) != 16 || len(incarnation) != 16 || len(hash) != 32 {
			v.fault("Đầu nhật ký tại dòng %d: mã có độ dài sai", seq)
			return nil
		}
		head := dossier.Head{Chain: dossier.Chain{Device: dossier.DeviceID(device), Incarnation: dossier.Incarnation(incarnation)},
			Seq: uint64(seq), Hash: dossier.Hash(hash)}
		if !bytes.Equal(hash, held) || !head.SignedBy(owner, signature) {
			v.fault("Nhật ký %s: đầu nhật ký đã nhận tại dòng %d không khớp", head.Chain, seq)
		}
		return nil
	})
}

// walk goes through a chain from its beginning.
func (v *verifying) walk(c *chainRow) error {
	at, acts := dossier.Head{Chain: c.Chain, Hash: c.Genesis.Hash()}, int64(0)
	err := v.each(`SELECT n.seq, n.event, n.hash, n.acts, e.no, e.id, e.dossier, e.header, e.salt, e.body, e.own, coalesce(e.course, -1)
		FROM entry n LEFT JOIN event e ON e.no = n.event WHERE n.chain = ? ORDER BY n.seq`, []any{c.no},
		func(scan func(...any) error) error {
			var seq, event, counted, course int64
			var no, own *int64
			var hash, id, of, header, salt, body []byte
			if err := scan(&seq, &event, &hash, &counted, &no, &id, &of, &header, &salt, &body, &own, &course); err != nil {
				return err
			}
			v.check.Entries++
			fault := func(what string) {
				v.fault("Nhật ký %s, dòng %d (diễn biến %d): %s", c.Chain, seq, event, what)
			}
			if at.Seq++; uint64(seq) != at.Seq {
				fault(fmt.Sprintf("thiếu dòng %d", at.Seq))
				at.Seq = uint64(seq)
			}
			if no == nil {
				fault("diễn biến không còn")
				return nil
			}
			at.Hash = dossier.NextHash(at.Hash, header)
			if !bytes.Equal(hash, at.Hash[:]) {
				fault("mã băm không khớp với các dòng trước")
			}
			e, err := parse(header, salt, body)
			if err != nil {
				fault("nội dung không phải nội dung đã lưu")
				return nil
			}
			if !bytes.Equal(id, e.ID[:]) || e.Dossier.IsZero() != (of == nil) || of != nil && !bytes.Equal(of, e.Dossier[:]) {
				fault("mã của diễn biến hoặc của hồ sơ không khớp")
			}
			if course != 1 && (course != 0 || isReplayed(e)) {
				fault("diễn biến không được tính vào hồ sơ")
			}
			if e.Kind.IsAct() {
				acts++
			}
			if counted != acts {
				fault("số thao tác cho đến đây không khớp")
			}
			if place := v.line.ordinal(c.no, seq); place > 0 && e.Kind.IsAct() != (own != nil && *own == place) {
				fault("số thứ tự của máy này không khớp")
			}
			return nil
		})
	if err != nil {
		return err
	}
	if at != c.Head {
		v.fault("Nhật ký %s: đầu nhật ký ghi dòng %d, các dòng cho đến %d với mã băm khác hoặc số khác", c.Chain, c.Head.Seq, at.Seq)
	}
	if c.Signature == nil && c.no != v.own {
		return nil // adopted, and nothing of it has come yet; or recast to where its owner signed nothing
	}
	if !c.Head.SignedBy(c.Owner, c.Signature) {
		v.fault("Nhật ký %s: chữ ký của chủ nhật ký tại dòng %d không đúng", c.Chain, c.Head.Seq)
	}
	return nil
}

// events finds what stands in no chain, but for what a recast left, and what does not stand where it says.
func (v *verifying) events() error {
	err := v.each(`SELECT no FROM event WHERE no NOT IN (SELECT event FROM entry) AND no NOT IN (SELECT event FROM loose)
		UNION SELECT event FROM loose WHERE event IN (SELECT event FROM entry)`, nil, func(scan func(...any) error) error {
		var no int64
		err := scan(&no)
		if err == nil {
			v.fault("Diễn biến %d không có trong nhật ký nào, hoặc không ở chỗ đã ghi", no)
		}
		return err
	})
	if err != nil {
		return err
	}
	if _, err := v.get("SELECT count(*) FROM loose", nil, &v.check.Loose); err != nil {
		return err
	}
	where, args := v.line.holding("n")
	err = v.each("SELECT e.no FROM reclaimed r JOIN event e ON e.no = r.event WHERE NOT EXISTS (SELECT 1 FROM entry n WHERE n.event = r.event AND "+where+")",
		args, func(scan func(...any) error) error {
			var no int64
			err := scan(&no)
			if err == nil {
				v.fault("Diễn biến %d: đã nhận lại nhưng không có trong nhật ký của máy này", no)
			}
			return err
		})
	if err != nil {
		return err
	}
	return v.each("SELECT e.no FROM event e WHERE e.own IS NOT NULL AND NOT EXISTS (SELECT 1 FROM entry n WHERE n.event = e.no AND "+where+")",
		args, func(scan func(...any) error) error {
			var no int64
			err := scan(&no)
			if err == nil {
				v.fault("Diễn biến %d: không ở chỗ đã ghi trong nhật ký của máy này", no)
			}
			return err
		})
}

// purged holds what is forgotten against the decisions that said so.
func (v *verifying) purged() error {
	named := map[dossier.EventID]dossier.EventID{} // each by the first decision that names it
	err := v.each("SELECT no, header, salt, body FROM event WHERE course = 0", nil, func(scan func(...any) error) error {
		_, e, err := scanEvent(scan)
		if dossier.Code(err) == "store.damaged" {
			return nil // named already when its chain was walked
		}
		if err != nil || e.Kind != dossier.Purged {
			return err
		}
		p, err := purgeOf(e.Event)
		if err != nil {
			return nil
		}
		for _, id := range p.Events {
			if first, ok := named[id]; !ok || bytes.Compare(e.ID[:], first[:]) < 0 {
				named[id] = e.ID
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = v.each("SELECT p.event, p.decision, e.no, e.header, e.salt IS NULL FROM purged p LEFT JOIN event e ON e.id = p.event", nil,
		func(scan func(...any) error) error {
			var id, decision, header []byte
			var no *int64
			var gone bool
			if err := scan(&id, &decision, &no, &header, &gone); err != nil {
				return err
			}
			if len(id) != 16 {
				v.fault("Nội dung đã xóa: mã có độ dài sai")
				return nil
			}
			first, ok := named[dossier.EventID(id)]
			if delete(named, dossier.EventID(id)); ok && !bytes.Equal(decision, first[:]) || !ok && (decision != nil || no == nil) {
				v.fault("Nội dung đã xóa của %s: không có quyết định như đã ghi", dossier.EventID(id))
			}
			if no == nil {
				return nil
			}
			e, err := dossier.ParseEntry(header, [16]byte{}, nil, true)
			if err == nil && !gone && (dossier.Purge{}).May(e.Kind) {
				v.fault("Diễn biến %d: nội dung phải xóa vẫn còn", *no)
			}
			return nil
		})
	if err != nil {
		return err
	}
	for id := range named {
		v.fault("Nội dung phải xóa của %s: chưa được ghi nhận", id)
	}
	return v.each("SELECT no FROM event WHERE salt IS NULL AND id NOT IN (SELECT event FROM purged)", nil, func(scan func(...any) error) error {
		var no int64
		err := scan(&no)
		if err == nil {
			v.fault("Diễn biến %d: nội dung không còn mà không có quyết định xóa", no)
		}
		return err
	})
}

func (v *verifying) receipts() error {
	pinned, err := v.pinned()
	if err != nil {
		return err
	}
	return v.each(`SELECT c.device, c.incarnation, r.key, r.seq, r.hash, r.number, r.station, r.at, r.signature, n.hash
		FROM receipt r JOIN chain c ON c.no = r.chain LEFT JOIN entry n ON n.chain = r.chain AND n.seq = r.seq`, nil,
		func(scan func(...any) error) error {
			var device, incarnation, key, hash, held []byte
			var seq, at int64
			var r dossier.Receipt
			if err := scan(&device, &incarnation, &key, &seq, &hash, &r.Number, &r.Station, &at, &r.Signature, &held); err != nil {
				return err
			}
			v.check.Receipts++
			if len(device) != 16 || len(incarnation) != 16 || len(hash) != 32 {
				v.fault("Biên nhận %s: mã có độ dài sai", r.Number)
				return nil
			}
			r.Chain = dossier.Chain{Device: dossier.DeviceID(device), Incarnation: dossier.Incarnation(incarnation)}
			r.Seq, r.Hash, r.At = uint64(seq), dossier.Hash(hash), time.Unix(at, 0)
			switch {
			case !pinned[string(key)]:
				v.fault("Biên nhận %s: khóa không phải của cấp trên đã ghép nối", r.Number)
			case !r.SignedBy(key):
				v.fault("Biên nhận %s: chữ ký của cấp trên không đúng", r.Number)
			case seq > 0 && !bytes.Equal(hash, held):
				v.fault("Biên nhận %s: không khớp với nhật ký %s tại dòng %d", r.Number, r.Chain, seq)
			}
			return nil
		})
}

// pinned are the keys of all upstream units this PC was ever enrolled with.
func (v *verifying) pinned() (map[string]bool, error) {
	keys := map[string]bool{}
	where, args := v.line.holding("n")
	err := v.each("SELECT e.no, e.header, e.salt, e.body FROM entry n JOIN event e ON e.no = n.event WHERE e.dossier IS NULL AND "+where,
		args, func(scan func(...any) error) error {
			_, e, err := scanEvent(scan)
			var u dossier.Upstream
			if err == nil && e.Kind == dossier.Enrolled && json.Unmarshal(e.Body, &u) == nil {
				keys[string(u.Key)] = true
			}
			if dossier.Code(err) == "store.damaged" {
				err = nil // named already when its chain was walked
			}
			return err
		})
	return keys, err
}

// views makes them again beside the kept ones: tables of the temporary schema, which is in memory, hide those of the same name.
func (v *verifying) views() error {
	if len(v.line) == 0 {
		return nil // whose views they are is what is damaged, and said
	}
	_, ddl, _ := strings.Cut(schema, viewsBegin)
	for statement := range strings.SplitSeq(ddl, ";\n") {
		statement = withoutComments(statement)
		switch {
		case strings.HasPrefix(statement, "CREATE VIRTUAL TABLE search"):
			statement = "CREATE TABLE search (words TEXT)" // SQLite's own check holds the index against these
		case strings.HasPrefix(statement, "INSERT INTO search"), strings.HasPrefix(statement, "CREATE INDEX dossier_"):
			continue // nobody asks these for a list; that the kept indexes hold what their table does SQLite's check has seen
		}
		for _, thing := range []string{"CREATE TABLE ", "CREATE INDEX "} {
			if rest, ok := strings.CutPrefix(statement, thing); ok {
				statement = thing + "temp." + rest
			}
		}
		if err := v.script(statement); err != nil {
			return err
		}
	}
	if err := (views{link: v.link, line: v.line}).build(v.ctx); err != nil {
		return err
	}
	if _, err := v.get("SELECT count(*) FROM temp.dossier", nil, &v.check.Dossiers); err != nil {
		return err
	}
	for _, t := range viewTables {
		kept := fmt.Sprintf("SELECT %s FROM main.%s", t.columns, t.name)
		again := fmt.Sprintf("SELECT %s FROM temp.%s", t.columns, t.name)
		named := len(v.check.Faults) + v.unnamed
		if err := v.compare(t.title, "không có trong nhật ký, hoặc khác với nhật ký", kept, again); err != nil {
			return err
		}
		var asMany bool
		if _, err := v.get(fmt.Sprintf("SELECT (SELECT count(*) FROM main.%[1]s) = (SELECT count(*) FROM temp.%[1]s)", t.name), nil, &asMany); err != nil {
			return err
		}
		if asMany && len(v.check.Faults)+v.unnamed == named {
			continue // no row is there twice: where all that is kept is there again, and is as many, it is the same
		}
		if err := v.compare(t.title, "theo nhật ký phải có, nhưng thiếu hoặc khác", again, kept); err != nil {
			return err
		}
	}
	return nil
}

// compare names the rows of one query that the other has not.
func (v *verifying) compare(title, what, one, other string) error {
	s, err := v.stmt(one + " EXCEPT " + other)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(v.ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	row := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		v.fault("%s, dòng %v: %s", title, row[0], what)
	}
	return rows.Err()
}

// withoutComments is a statement of the schema without the lines that explain it.
func withoutComments(statement string) string {
	var out []string
	for line := range strings.Lines(statement) {
		if !strings.HasPrefix(line, "--") {
			out = append(out, line)
		}
	}
	return strings.TrimSpace(strings.Join(out, ""))
}
