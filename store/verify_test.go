package store

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// lived is a store with a bit of everything in it.
func lived(t testing.TB) *Store {
	t.Helper()
	s, up := enrolled(t)
	ctx := context.Background()
	d, err := receive(s, 1)
	must(t, err)
	_, err = receive(s, 2)
	must(t, err)
	_, err = perform(s, 100, d.ID, dossier.Forwarded, dossier.Forward{To: "Công an tỉnh Mẫu"})
	must(t, err)
	must(t, s.Record(ctx, storetest.Act(101, d.ID, dossier.TracePrinted, dossier.Print{Form: "receipt"}),
		storetest.Act(103, dossier.ID{}, dossier.TracePrintEnd, dossier.PrintEnd{Prints: []dossier.EventID{storetest.EventID(101)}, State: dossier.JobState{Phase: dossier.JobDone}}),
		storetest.Act(104, dossier.ID{}, dossier.LayoutKept, dossier.Layout{Form: "receipt", Checked: true})))
	must(t, s.KeepReceipt(ctx, up.Receipt(s.Own().Head, "BN-1")))
	must(t, s.Record(ctx, storetest.Act(105, dossier.ID{}, dossier.DayClosed, dossier.DayClose{Day: storetest.Day(1), Until: s.Own().Head})))
	entries, err := up.Append(storetest.Act(102, dossier.ID{}, dossier.SentBack, dossier.SendBack{Event: d.Heads[0], Why: "thiếu"}),
		storetest.Act(106, d.ID, dossier.Notified, dossier.Notify{To: "x"}, d.Heads...))
	must(t, err)
	must(t, s.Extend(ctx, up.Head, up.Signature(), entries))
	verified(t, s)
	return s
}

// Any byte of what was kept, changed behind our back, is found, and where it is is said (I11).
func TestVerifyNamesTheRowThatWasTamperedWith(t *testing.T) {
	s := lived(t)
	must(t, s.Record(context.Background(), peopled(300)...))
	db := rawly(t, s)
	for _, c := range []struct{ table, row, columns string }{
		{"event", "no", "id dossier header salt body own course"},
		{"entry", "seq", "seq event hash acts"},
		{"chain", "no", "device incarnation previous common_seq common_hash owner seq hash signature"},
		{"receipt", "number", "key seq hash number station at signature"},
		{"dossier", "no", "id number national status disputed procedure title name subject received_at due own_due burns late_after open name_key forwarded own mended sent_back void place words"},
		{"search_content", "id", "c0"}, {"number", "day", "prefix day series first own last"}, {"print", "form", "dossier form event"},
		{"print_end", "print", "print said refused"}, {"layout", "event", "event"}, {"upstream", "device", "device"},
		{"whence", "event", "event chain seq"}, {"closing", "event", "event own"},
		{"sent_back", "event", "about why"}, {"standing", "name", "name event"},
		{"officer", "id", "id name title role was from_at since last_in reset_at removed"},
	} {
		for _, column := range strings.Fields(c.columns) {
			rows, err := db.Query(fmt.Sprintf("SELECT %s, %s, typeof(%s) FROM %s", c.row, column, column, c.table))
			must(t, err)
			type cell struct {
				row   any
				value any
				kind  string
			}
			var cells []cell
			for rows.Next() {
				var x cell
				must(t, rows.Scan(&x.row, &x.value, &x.kind))
				cells = append(cells, x)
			}
			must(t, rows.Close())
			for i, x := range cells {
				var spoiled any
				switch v := x.value.(type) {
				case []byte:
					twisted := append([]byte{}, v...)
					twisted[(i*7+len(column)*13)%len(v)] ^= 1 << (i % 8)
					spoiled = twisted
				case string:
					spoiled = v + "x"
				case int64:
					spoiled = v + 1000
				default:
					continue // NULL
				}
				tx, err := db.Begin()
				must(t, err)
				update := fmt.Sprintf("UPDATE %s SET %s = ? WHERE %s IS ? AND %s IS ?", c.table, column, c.row, column)
				if _, err := tx.Exec("PRAGMA defer_foreign_keys = on"); err != nil {
					t.Fatal(err)
				}
				if _, err := tx.Exec(update, spoiled, x.row, x.value); err != nil {
					t.Fatalf("%s.%s: %v", c.table, column, err)
				}
				if err := tx.Commit(); err != nil {
					continue // a foreign key forbids it
				}
				check, err := s.Verify(context.Background())
				if err != nil || len(check.Faults) == 0 {
					t.Errorf("%s.%s of row %v: %v, no fault", c.table, column, x.row, err)
				} else if all := strings.Join(check.Faults, "\n"); c.table == "event" && !strings.Contains(all, fmt.Sprintf("diễn biến %v", x.row)) &&
					!strings.Contains(all, fmt.Sprintf("Diễn biến %v", x.row)) {
					t.Errorf("event %v, %s: not named in\n%s", x.row, column, all)
				}
				if strings.Contains(strings.Join(check.Faults, ""), "Nguyễn") {
					t.Errorf("a fault tells a name: %v", check.Faults)
				}
				where := c.row
				row := x.row
				if column == c.row {
					row = spoiled
				}
				if _, err := db.Exec(fmt.Sprintf("UPDATE %s SET %s = ? WHERE %s IS ? AND %s IS ?", c.table, column, where, column), x.value, row, spoiled); err != nil {
					t.Fatalf("%s.%s: %v", c.table, column, err)
				}
			}
		}
	}
	verified(t, s)
	for _, table := range []string{"event", "entry", "dossier", "search", "number", "print", "print_end", "layout", "upstream", "whence", "closing", "sent_back", "standing"} { // without a receipt less counts as sent, which is safe
		tx, err := db.Begin()
		must(t, err)
		if _, err := tx.Exec("PRAGMA defer_foreign_keys = on"); err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec("DELETE FROM " + table + " WHERE rowid = (SELECT max(rowid) FROM " + table + ")"); err != nil {
			if _, err := tx.Exec("DELETE FROM " + table); err != nil {
				t.Fatal(err)
			}
		}
		if tx.Commit() != nil {
			continue // a foreign key forbids it
		}
		if check, err := s.Verify(context.Background()); err == nil && len(check.Faults) == 0 {
			t.Errorf("a row removed from %s is not missed", table)
		}
		must(t, s.Rebuild(context.Background()))
	}
}

func TestRebuildMendsTheViews(t *testing.T) {
	s := lived(t)
	db := rawly(t, s)
	for _, spoil := range []string{"UPDATE dossier SET name = 'x', status = 9", "DELETE FROM search", "DELETE FROM number", "UPDATE standing SET event = 1",
		"INSERT INTO print VALUES (x'00', 'receipt', x'07')", "UPDATE print_end SET refused = 1", "DELETE FROM layout", "DELETE FROM upstream", "UPDATE whence SET seq = 7",
		"UPDATE closing SET own = 0", "UPDATE dossier SET burns = 1", "UPDATE dossier SET words = ''", "DELETE FROM sent_back", "DELETE FROM dossier"} {
		_, err := db.Exec(spoil)
		must(t, err)
		check, err := s.Verify(context.Background())
		must(t, err)
		if len(check.Faults) == 0 {
			t.Errorf("%s: no fault", spoil)
		}
		must(t, s.Rebuild(context.Background()))
		verified(t, s)
	}
	if d, err := receive(s, 3); err != nil || d.Number != "MAU-260105-0003" {
		t.Error(d.Number, err)
	}
}

// Bytes of the file itself, wherever they are, are missed at the latest by Verify; nothing panics.
func TestDamagedFileIsSaidToBeDamaged(t *testing.T) {
	s := lived(t)
	must(t, s.Close())
	path := filepath.Join(s.dir, FileName)
	whole, err := os.ReadFile(path)
	must(t, err)
	try := func(name string, content []byte) {
		for _, suffix := range []string{"-wal", "-shm"} {
			os.Remove(path + suffix)
		}
		must(t, os.WriteFile(path, content, 0o600))
		broken, err := Open(context.Background(), s.dir, noReserve)
		if err != nil {
			wantCode(t, err, "store.damaged")
			return
		}
		defer broken.Close()
		check, err := broken.Verify(context.Background())
		if err == nil && len(check.Faults) == 0 {
			t.Errorf("%s: no fault", name)
		}
		_, err = broken.List(context.Background(), dossier.Query{Text: "mau"})
		if err != nil && dossier.Code(err) != "store.damaged" {
			t.Errorf("%s: list: %v", name, err)
		}
	}
	try("empty", nil)
	try("text", []byte(strings.Repeat("đây không phải cơ sở dữ liệu\n", 1000)))
	try("cut", whole[:len(whole)/2])
	try("zeros", append(append([]byte{}, whole[:8192]...), make([]byte, len(whole)-8192)...))
	const page = 4096
	for p := 1; p < len(whole)/page; p += 2 {
		if isFree(whole, p) {
			continue
		}
		content := append([]byte{}, whole...)
		copy(content[p*page:(p+1)*page], make([]byte, page))
		try(fmt.Sprintf("page %d", p+1), content)
	}
	try("another program's", func() []byte {
		other := append([]byte{}, whole...)
		copy(other[68:72], []byte{0, 0, 0, 1})
		return other
	}())
}

// isFree tells whether the page holds nothing but zeros already.
func isFree(whole []byte, page int) bool {
	for _, b := range whole[page*4096 : (page+1)*4096] {
		if b != 0 {
			return false
		}
	}
	return true
}

// I2: whatever happened, in whatever order it came, the views are those of a fresh replay.
func TestViewsEqualAReplayWhateverHappened(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, up := enrolled(t)
		defer s.Close()
		ctx := context.Background()
		pc := storetest.NewSister(2)
		must(t, s.Adopt(ctx, pc.Genesis, pc.Owner()))
		var late []func() error // of others' entries, kept back
		var ids []dossier.ID
		next := 1000
		verbs := []dossier.Kind{dossier.Forwarded, dossier.Decided, dossier.AskedPapers, dossier.AddedPapers, dossier.Corrected, dossier.Annulled,
			dossier.Withdrawn, dossier.Notified, dossier.HandedOver, dossier.HandedBack, "unheard-of"}
		body := func(kind dossier.Kind) any {
			note := fmt.Sprint("Ghi chú ", next)
			who := dossier.Requester{Kind: dossier.Citizen, Person: dossier.Person{Name: fmt.Sprint("Đỗ Mẫu ", next)}}
			switch kind {
			case dossier.Corrected:
				return dossier.Correct{Note: &note, Requester: &who, Why: "x"}
			case dossier.Decided:
				return dossier.Decision{Approved: true, Document: note}
			case "unheard-of":
				return 1
			}
			return dossier.NewBody(kind)
		}
		some := func() dossier.ID {
			if len(ids) == 0 {
				return storetest.DossierID(1)
			}
			return rapid.SampledFrom(ids).Draw(rt, "dossier")
		}
		bases := func(id dossier.ID) []dossier.EventID {
			d, err := s.Dossier(ctx, id)
			if err != nil {
				return nil
			}
			if n := len(d.Course); n > 0 && rapid.Bool().Draw(rt, "old base") {
				return []dossier.EventID{d.Course[rapid.IntRange(0, n-1).Draw(rt, "base")].ID}
			}
			return d.Heads
		}
		from := func(other *storetest.Sister, e dossier.Event) {
			entries, err := other.Append(e)
			must(t, err)
			head, signature := other.Head, other.Signature()
			extend := func() error { return s.Extend(ctx, head, signature, entries) }
			late = append(late, extend)
			if rapid.Bool().Draw(rt, "at once") {
				for _, f := range late {
					must(t, f())
				}
			}
		}
		happened := func(e dossier.Event) {
			if rapid.Bool().Draw(rt, "here") {
				must(t, s.Record(ctx, e))
				return
			}
			from(rapid.SampledFrom([]*storetest.Sister{pc, up}).Draw(rt, "where"), e)
		}
		type printing struct {
			id   dossier.ID
			form string
		}
		printed, ended := map[dossier.EventID]printing{}, map[dossier.EventID]dossier.JobPhase{}
		for range rapid.IntRange(3, 25).Draw(rt, "steps") {
			next++
			switch rapid.IntRange(0, 12).Draw(rt, "what") {
			case 0, 1:
				d, err := receive(s, next)
				must(t, err)
				ids = append(ids, d.ID)
			case 2, 3:
				kind := rapid.SampledFrom(verbs[:10]).Draw(rt, "verb")
				_, err := perform(s, next, some(), kind, body(kind))
				if err != nil && dossier.Code(err) == "" {
					rt.Fatal(err)
				}
			case 4:
				e := storetest.Reception(next, dossier.FormatNumber("MAU", storetest.Day(next), 3001+next%900))
				ids = append(ids, e.Dossier)
				from(pc, e)
			case 5:
				kind, id := rapid.SampledFrom(verbs).Draw(rt, "verb"), some()
				from(rapid.SampledFrom([]*storetest.Sister{pc, up}).Draw(rt, "who"), storetest.Act(next, id, kind, body(kind), bases(id)...))
			case 6:
				id := some()
				about := storetest.EventID(next - rapid.IntRange(-1, 4).Draw(rt, "about"))
				from(up, storetest.Act(next, dossier.ID{}, dossier.SentBack, dossier.SendBack{Event: about, Why: id.String()}))
			case 7:
				id := some()
				form := rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "form")
				happened(storetest.Act(next, id, dossier.TracePrinted, dossier.Print{Form: form}))
				printed[storetest.EventID(next)] = printing{id, form}
			case 9, 10:
				end := dossier.PrintEnd{State: dossier.JobState{Phase: rapid.SampledFrom([]dossier.JobPhase{dossier.JobRefused, dossier.JobDone,
					dossier.JobFailed, dossier.JobQueued}).Draw(rt, "phase")}}
				for range rapid.IntRange(0, 4).Draw(rt, "named") { // some are printings, some are not, some have yet to come
					end.Prints = append(end.Prints, storetest.EventID(next+rapid.IntRange(-6, 1).Draw(rt, "print")))
				}
				happened(storetest.Act(next, dossier.ID{}, dossier.TracePrintEnd, end))
				if !end.State.Phase.Ended() {
					continue
				}
				for _, id := range end.Prints {
					if _, said := ended[id]; !said {
						ended[id] = end.State.Phase
					}
				}
			case 11:
				happened(storetest.Act(next, dossier.ID{}, dossier.LayoutKept, dossier.Layout{Form: "a", Checked: true}))
			case 12:
				happened(storetest.Act(next, dossier.ID{}, dossier.DayClosed, dossier.DayClose{Day: storetest.Day(next)}))
			case 8:
				must(t, s.KeepReceipt(ctx, up.Receipt(s.Own().Head, fmt.Sprint(next))))
			}
		}
		for _, f := range late {
			must(t, f())
		}
		check, err := s.Verify(ctx)
		if err != nil || len(check.Faults) > 0 {
			rt.Fatalf("%v\n%s", err, strings.Join(check.Faults, "\n"))
		}
		prints := map[dossier.ID]map[string]int{storetest.DossierID(1): {}}
		for _, id := range ids {
			prints[id] = map[string]int{}
		}
		for id, p := range printed {
			if ended[id] != dossier.JobRefused {
				prints[p.id][p.form]++
			}
		}
		for id, want := range prints {
			if got, err := s.Prints(ctx, id); err != nil || !maps.Equal(got, want) {
				rt.Fatalf("printed %v, want %v: %v", got, want, err)
			}
		}
		registered := between(t, s, firstDay, lastDay)
		for i, d := range registered {
			if want, err := s.Dossier(ctx, d.ID); err != nil || !reflect.DeepEqual(d, want) || i > 0 && place(registered[i-1]) > place(d) {
				rt.Fatalf("%d of the registers: %+v, want %+v: %v", i, d, want, err)
			}
		}
		if n := len(slices.DeleteFunc(slices.Clone(ids), func(id dossier.ID) bool {
			d, err := s.Dossier(ctx, id)
			return err != nil || d.Number == ""
		})); n != len(registered) {
			rt.Fatalf("%d numbers given, %d in the registers", n, len(registered))
		}
		before := dump(t, s)
		must(t, s.Rebuild(ctx))
		if after := dump(t, s); before != after {
			rt.Fatalf("before\n%s\nrebuilt\n%s", before, after)
		}
	})
}

// dump is every row of every view.
func dump(t testing.TB, s *Store) string {
	var out strings.Builder
	for _, v := range viewTables {
		rows, err := s.reads.Query("SELECT " + v.columns + " FROM " + v.name + " ORDER BY 1")
		must(t, err)
		columns, err := rows.Columns()
		must(t, err)
		for rows.Next() {
			row, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range row {
				into[i] = &row[i]
			}
			must(t, rows.Scan(into...))
			fmt.Fprintln(&out, v.name, row)
		}
		must(t, rows.Close())
	}
	return out.String()
}
