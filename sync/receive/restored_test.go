package receive

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/wire"
)

func decide(t testing.TB, u *Upstream, i int, document string) {
	t.Helper()
	d := approval
	d.Document = document
	if _, _, err := u.Decide(context.Background(), numberOf(i), d); err != nil {
		t.Fatal(err)
	}
}

// words counts what upstream said, over all lives of its journal, each event once.
func words(t testing.TB, p *pc) map[dossier.Kind]int {
	t.Helper()
	seen := map[dossier.EventID]bool{}
	out := map[dossier.Kind]int{}
	for _, w := range p.word(t) {
		for _, e := range w.entries {
			if !seen[e.ID] {
				seen[e.ID] = true
				out[e.Kind]++
			}
		}
	}
	return out
}

// Upstream's file was put back and nobody said so; nothing was said since. What stations hold of its journal is adopted.
func TestUpstreamsOwnWordsComeBackAfterASilentRestore(t *testing.T) {
	u, c, _ := open(t)
	p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1), reception(2), act(50, reception(1), dossier.HandedOver, "no body"))
	p.mustPush(t, 1, 2)
	old := backup(t, u)
	p.mustPush(t, 3, 3)
	decide(t, u, 1, "01/TB-MAU")
	decide(t, u, 2, "02/TB-MAU")
	held := p.word(t)
	before := words(t, p)
	u = putBack(t, c, old, p, sister)
	if err := p.handBack(t, held...); err != nil {
		t.Fatal(err)
	}
	if err := sister.handBack(t, held...); err != nil { // again, by another
		t.Fatal(err)
	}
	p.mustPush(t, 3, 3)
	if c := wantCourse(t, u, numberOf(2), 2); c.Status != dossier.StatusDone || c.Decision.Document != "02/TB-MAU" {
		t.Errorf("%+v", c.Decision)
	}
	if c := wantCourse(t, u, numberOf(1), 3); len(c.SentBack) != 1 {
		t.Errorf("sent back: %+v", c.SentBack)
	}
	after := words(t, p)
	if after[dossier.Healed] != 1 || after[dossier.SentBack] != 1 || after[dossier.Decided] != before[dossier.Decided] {
		t.Errorf("%v, before %v", after, before)
	}
	decideAgain(t, u, 1)
	if words(t, p)[dossier.Decided] != 2 {
		t.Error("the same decision again is another")
	}
	sound(t, u)
}

func decideAgain(t testing.TB, u *Upstream, i int) {
	t.Helper()
	if _, first, err := u.Decide(context.Background(), numberOf(i), approval); err != nil || first {
		t.Errorf("recorded twice: %v", err)
	}
}

// The same, with decisions recorded after the restore and before the first station called: both continuations count, the same decision once.
func TestDecisionsOfBothContinuationsCountOnce(t *testing.T) {
	u, c, _ := open(t)
	p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1), reception(2), reception(3))
	p.mustPush(t, 1, 3)
	old := backup(t, u)
	decide(t, u, 1, "01/TB-MAU")
	decide(t, u, 2, "02/TB-MAU")
	held := p.word(t)
	u = putBack(t, c, old, p, sister)
	decide(t, u, 1, "01/TB-MAU") // the clerk records it once more
	decide(t, u, 3, "03/TB-MAU")
	newer := sister.word(t) // and a sister has pulled it already
	if err := p.handBack(t, held...); err != nil {
		t.Fatal(err)
	}
	for i, document := range map[int]string{1: "01/TB-MAU", 2: "02/TB-MAU", 3: "03/TB-MAU"} {
		if c, err := u.Find(context.Background(), numberOf(i)); err != nil || c.Status != dossier.StatusDone || c.Decision.Document != document || len(c.Disputes) != 0 {
			t.Errorf("%d: %+v, %v", i, c.Decision, err)
		}
	}
	if err := sister.handBack(t, newer...); err != nil { // all of it is held, in the new life
		t.Error(err)
	}
	if n := words(t, p)[dossier.Decided]; n != 4 {
		t.Errorf("%d decisions were said", n)
	}
	lives := 0
	for _, held := range p.hello(t).Chains {
		if p.up.Key().Equal(ed25519.PublicKey(held.Owner)) {
			lives++
		}
	}
	if lives != 2 {
		t.Errorf("%d lives", lives)
	}
	decideAgain(t, u, 1)
	sound(t, u)
}

// Restored twice, from the same backup, declared once: what any life said comes back.
func TestUpstreamRestoredTwiceKeepsWhatEachLifeSaid(t *testing.T) {
	u, c, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1), reception(2), reception(3))
	p.mustPush(t, 1, 3)
	old, older := backup(t, u), backup(t, u)
	decide(t, u, 1, "01/TB-MAU")
	first := p.word(t)
	u = putBack(t, c, old, p)
	if n, err := u.Restored(context.Background()); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	decide(t, u, 2, "02/TB-MAU")
	if err := p.handBack(t, first...); err != nil {
		t.Fatal(err)
	}
	second := p.word(t)
	u = putBack(t, c, older, p)
	if err := p.handBack(t, second...); err != nil {
		t.Fatal(err)
	}
	for i, document := range map[int]string{1: "01/TB-MAU", 2: "02/TB-MAU"} {
		if c, err := u.Find(context.Background(), numberOf(i)); err != nil || c.Decision == nil || c.Decision.Document != document {
			t.Errorf("%d: %+v, %v", i, c.Decision, err)
		}
	}
	decide(t, u, 3, "03/TB-MAU")
	third := p.word(t)
	if err := p.handBack(t, third...); err != nil {
		t.Error(err)
	}
	if n := words(t, p); n[dossier.Decided] != 3 || n[dossier.Admitted] != 1 {
		t.Errorf("%v", n)
	}
	sound(t, u)
}

// What a life of upstream's journal rests on is lost: the life before has gone on in another way since, and is closed.
func TestLifeOfUpstreamsThatRestsOnAnotherContinuationComesBack(t *testing.T) {
	u, c, _ := open(t)
	p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1), reception(2), reception(3))
	p.mustPush(t, 1, 3)
	old := backup(t, u)
	decide(t, u, 1, "01/TB-MAU")
	begun(t, u)
	decide(t, u, 2, "02/TB-MAU")
	held := sister.word(t)
	u = putBack(t, c, old, p, sister)
	decide(t, u, 3, "03/TB-MAU")
	begun(t, u)
	for range 2 {
		if err := sister.handBack(t, held...); err != nil {
			t.Fatal(err)
		}
	}
	wantDecided(t, u, p, 3)
}

// And what it rests on comes after it.
func TestLifeOfUpstreamsComesBackBeforeWhatItRestsOn(t *testing.T) {
	u, c, _ := open(t)
	p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1), reception(2), reception(3))
	p.mustPush(t, 1, 3)
	old := backup(t, u)
	decide(t, u, 1, "01/TB-MAU")
	begun(t, u)
	decide(t, u, 2, "02/TB-MAU")
	held := sister.word(t)
	u = putBack(t, c, old, p, sister)
	slices.Reverse(held)
	if err := sister.handBack(t, held[0]); err != nil {
		t.Fatal(err)
	}
	decide(t, u, 3, "03/TB-MAU") // not where another word stands that is still to come
	if err := sister.handBack(t, held...); err != nil {
		t.Fatal(err)
	}
	held = append(held[len(held)-1:], held[0])
	for _, h := range held {
		if now, ok := p.hello(t).Chain(h.Chain.Chain); !ok || now.Head() != (dossier.Head{Chain: h.Chain.Chain, Seq: h.Last, Hash: h.Hash}) {
			t.Errorf("%s is another: %+v", h.Chain.Chain, now)
		}
	}
	wantDecided(t, u, p, 3)
}

// And what it rests on nobody has heard.
func TestLifeOfUpstreamsComesBackThoughWhatItRestsOnIsLost(t *testing.T) {
	u, c, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1), reception(2))
	p.mustPush(t, 1, 2)
	old := backup(t, u)
	begun(t, u)
	begun(t, u)
	decide(t, u, 1, "01/TB-MAU")
	held := p.word(t)
	u = putBack(t, c, old, p)
	for range 2 {
		if err := p.handBack(t, held[len(held)-1]); err != nil {
			t.Fatal(err)
		}
	}
	decide(t, u, 2, "02/TB-MAU")
	if err := p.handBack(t, held...); err != nil { // another had heard it after all
		t.Fatal(err)
	}
	wantDecided(t, u, p, 2)
}

// begun begins a new life of the station's journal.
func begun(t testing.TB, u *Upstream) {
	t.Helper()
	if n, err := u.Restored(context.Background()); err != nil || n != 1 {
		t.Fatal(n, err)
	}
}

// wantDecided checks that so many dossiers are decided, each once.
func wantDecided(t testing.TB, u *Upstream, p *pc, n int) {
	t.Helper()
	for i := range n {
		if c, err := u.Find(context.Background(), numberOf(i+1)); err != nil || c.Decision == nil || c.Decision.Document != fmt.Sprintf("%02d/TB-MAU", i+1) || len(c.Disputes) != 0 {
			t.Errorf("%d: %+v, %v", i+1, c.Decision, err)
		}
	}
	if said := words(t, p)[dossier.Decided]; said != n {
		t.Errorf("%d decisions were said", said)
	}
	sound(t, u)
}

// The revocation comes back before what had been accepted of that PC: it waits for a person, all of it.
func TestLifeOfARevokedPCWaitsWhereUpstreamLostWhatItRestsOn(t *testing.T) {
	ctx := context.Background()
	for _, between := range []bool{false, true} { // another life of it, that is lost altogether
		u, c, _ := open(t)
		p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
		p.happen(t, reception(1), reception(2), reception(3))
		p.mustPush(t, 1, 2)
		old := backup(t, u)
		p.mustPush(t, 3, 3)
		lives := []*pc{p.begins(t, 9, 3)}
		if between {
			lives[0].mustPush(t, 1, 1)
			lives = append(lives, lives[0].begins(t, 10, 1))
		}
		last := lives[len(lives)-1]
		last.happen(t, reception(4))
		last.mustPush(t, 1, 2)
		if err := u.Revoke(ctx, PC{Station: "Trạm Mẫu", Desk: 1}, nil, "hỏng máy"); err != nil {
			t.Fatal(err)
		}
		held := sister.word(t)
		u = putBack(t, c, old, p, sister, last)
		if err := sister.handBack(t, held...); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			_, err := u.TakeFrom(ctx, sister.hand(t, p, 3, 3), true)
			wantCode(t, err, "journal.forked")
			_, err = u.TakeFrom(ctx, sister.hand(t, last, 1, 2), true)
			wantCode(t, err, "journal.forked")
		}
		for _, e := range []dossier.Entry{p.entries[2], last.entries[1]} {
			if err := u.Release(ctx, e.ID, "đã đối chiếu sổ"); err != nil {
				t.Errorf("between %v: %v", between, err)
			}
		}
		for i := range 4 {
			wantCourse(t, u, numberOf(i+1), 1)
		}
		if n := parkedCount(t, u); n != 0 {
			t.Errorf("%d wait", n)
		}
		sound(t, u)
	}
}

func TestRevocationAndAdmissionComeBackWithUpstreamsWords(t *testing.T) {
	ctx := context.Background()
	u, c, _ := open(t)
	p, thief := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	thief.happen(t, reception(1), reception(2))
	thief.mustPush(t, 1, 2)
	old := backup(t, u)
	last := uint64(1)
	if err := u.Revoke(ctx, PC{Station: "Trạm Mẫu", Desk: 2}, &last, "mất cắp"); err != nil {
		t.Fatal(err)
	}
	later := enrolled(t, u, 3, "Trạm Mẫu", 2)
	held := p.word(t)
	u = putBack(t, c, old, p, thief, later)
	if _, err := later.up.Hello(ctx, later.Owner(), wire.Hello{Chains: []wire.Held{}}.Encode()); dossier.Code(err) != "line.unknown-device" {
		t.Errorf("got %v", err)
	}
	thief.happen(t, reception(7))
	thief.mustPush(t, 3, 3)
	if err := p.handBack(t, held...); err != nil {
		t.Fatal(err)
	}
	_, err := thief.push(t, 3, 3)
	wantCode(t, err, "line.revoked")
	if _, err := u.Find(ctx, numberOf(7)); dossier.Code(err) != "upstream.no-dossier" {
		t.Error("what the thief said meanwhile counts")
	}
	if parkedCount(t, u) != 2 {
		t.Errorf("%d wait", parkedCount(t, u))
	}
	later.happen(t, reception(8))
	later.mustPush(t, 1, 1)
	sound(t, u)
}

func TestForgottenPCReturnsByItsAdmission(t *testing.T) {
	ctx := context.Background()
	u, c, _ := open(t)
	empty := backup(t, u)
	p := newPC(t, u, 1)
	ticket, err := u.Ticket(ctx, "Trạm Mẫu", 2, "")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := p.enrol(ticket)
	if err != nil {
		t.Fatal(err)
	}
	p.happen(t, reception(1))
	p.mustPush(t, 1, 1)
	decide(t, u, 1, "01/TB-MAU")
	held := p.word(t)
	u = putBack(t, c, empty, p)
	_, err = p.push(t, 1, 1)
	wantCode(t, err, "line.unknown-device")
	stranger := newPC(t, u, 9)
	_, err = u.Return(ctx, stranger.Owner(), answer.Admission)
	wantCode(t, err, "line.unknown-device")
	changed := bytes.Replace(answer.Admission, []byte(`"desk":2`), []byte(`"desk":1`), 1)
	_, err = u.Return(ctx, p.Owner(), changed)
	wantCode(t, err, "message.bad")
	for range 2 {
		b, err := u.Return(ctx, p.Owner(), answer.Admission)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := wire.OpenAdmission(b, u.Key()); err != nil || a.Device != p.Genesis.Device || a.Desk != 2 || a.Station != "Trạm Mẫu" || a.Chain != p.Genesis {
			t.Errorf("%+v, %v", a, err)
		}
	}
	if alarms, err := u.Alarms(ctx, ""); err != nil || len(alarms) != 1 || alarms[0].Code != alarmReturned {
		t.Errorf("%+v, %v", alarms, err)
	}
	if err := p.handBack(t, held...); err != nil {
		t.Fatal(err)
	}
	p.mustPush(t, 1, 1)
	if c := wantCourse(t, u, numberOf(1), 2); c.Decision == nil {
		t.Error("the decision is lost")
	}
	if n := words(t, p)[dossier.Admitted]; n != 1 {
		t.Errorf("admitted %d times", n)
	}
	if err := u.Revoke(ctx, PC{Station: "Trạm Mẫu", Desk: 2}, nil, "x"); err != nil {
		t.Fatal(err)
	}
	_, err = u.Return(ctx, p.Owner(), answer.Admission)
	wantCode(t, err, "line.revoked")
	sound(t, u)
}

func TestReturnedPCIsAnnouncedWhereNobodyHeldTheAnnouncement(t *testing.T) {
	u, c, _ := open(t)
	sister := enrolled(t, u, 1, "Trạm Mẫu", 1)
	old := backup(t, u)
	p := newPC(t, u, 2)
	ticket, err := u.Ticket(context.Background(), "Trạm Mẫu", 2, "")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := p.enrol(ticket)
	if err != nil {
		t.Fatal(err)
	}
	u = putBack(t, c, old, p, sister)
	if _, err := u.Return(context.Background(), p.Owner(), answer.Admission); err != nil {
		t.Fatal(err)
	}
	p.happen(t, reception(1))
	p.mustPush(t, 1, 1)
	if n := words(t, sister)[dossier.Admitted]; n != 2 {
		t.Errorf("admitted %d times", n)
	}
	sound(t, u)
}

func TestPurgeReachesEveryCopyHereAndEveryOneThatComes(t *testing.T) {
	u, _, dir := open(t)
	p, sister, other := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2), enrolled(t, u, 3, "Trạm Khác", 1)
	one, late := reception(1), reception(2)
	secret := "Người Cần Quên Mẫu"
	for _, e := range []*dossier.Event{&one, &late} {
		e.Body = bytes.Replace(e.Body, []byte("Thôn "), []byte(secret+" thôn "), 1)
	}
	if !bytes.Contains(one.Body, []byte(secret)) {
		t.Fatal("the sample has no address")
	}
	p.happen(t, one)
	p.mustPush(t, 1, 1)
	body, err := json.Marshal(dossier.Purge{Events: []dossier.EventID{one.ID, late.ID, storetest.EventID(900)}, Document: "01/QĐ-MAU", By: "Trưởng Mẫu", Why: "x"})
	if err != nil {
		t.Fatal(err)
	}
	other.happen(t, dossier.Event{ID: storetest.EventID(905), Kind: dossier.Purged, By: "mau", Body: body}) // another station's word
	other.mustPush(t, 1, 1)
	if c := wantCourse(t, u, numberOf(1), 1); c.Course[0].Purged {
		t.Fatal("purged by another station")
	}
	p.happen(t, dossier.Event{ID: storetest.EventID(901), Kind: dossier.Purged, By: "mau", Body: body}, late,
		dossier.Event{ID: storetest.EventID(900), Dossier: one.Dossier, Kind: dossier.Resolved, By: "mau", Body: []byte(`{"why":"x"}`)})
	p.mustPush(t, 2, 4)
	sister.carry(p.entries[0])
	sister.mustPush(t, 1, 1)
	for _, x := range []struct {
		of    *pc
		first int
		gone  []bool
	}{{p, 1, []bool{true, false, true, false}}, {sister, 1, []bool{true}}} {
		held, _ := p.hello(t).Chain(x.of.Genesis.Chain)
		for i, e := range p.pull(t, held) {
			if e.Purged != x.gone[i] {
				t.Errorf("entry %d of %s: purged %v", i+1, x.of.Genesis.Chain, e.Purged)
			}
		}
	}
	sound(t, u)
	if in := leaks(t, dir, secret); in != nil {
		t.Errorf("still in %v", in)
	}
}

// leaks tells which files of a folder hold a text, the write-ahead log too.
func leaks(t *testing.T, dir, text string) (in []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(text)) {
			in = append(in, filepath.Base(f))
		}
	}
	return in
}

// A purge takes what it names out of the log too, by whatever way it comes to take effect, and though somebody is reading just then.
func TestPurgedIsNotLeftInTheLog(t *testing.T) {
	ctx := context.Background()
	secret := "Người Cần Quên Mẫu"
	begin := func(t *testing.T) (*Upstream, *pc, string, dossier.Event) {
		u, _, dir := open(t)
		p := enrolled(t, u, 1, "Trạm Mẫu", 1)
		one := reception(1)
		one.Body = bytes.Replace(one.Body, []byte("Thôn "), []byte(secret+" thôn "), 1)
		p.happen(t, one)
		p.mustPush(t, 1, 1)
		body, err := json.Marshal(dossier.Purge{Events: []dossier.EventID{one.ID}, Document: "01/QĐ-MAU", By: "Trưởng Mẫu", Why: "x"})
		if err != nil {
			t.Fatal(err)
		}
		if leaks(t, dir, secret) == nil {
			t.Fatal("nothing to forget")
		}
		return u, p, dir, dossier.Event{ID: storetest.EventID(901), Kind: dossier.Purged, By: "mau", Body: body}
	}
	t.Run("a person lets it through", func(t *testing.T) {
		u, p, dir, purged := begin(t)
		if err := u.Revoke(ctx, PC{Station: "Trạm Mẫu", Desk: 1}, nil, "mất máy"); err != nil {
			t.Fatal(err)
		}
		p.happen(t, purged)
		_, err := u.Take(ctx, p.envelope(t, 2, 2))
		wantCode(t, err, "journal.forked")
		if leaks(t, dir, secret) == nil {
			t.Fatal("a purge that waits took effect")
		}
		if err := u.Release(ctx, purged.ID, "đã hỏi"); err != nil {
			t.Fatal(err)
		}
		if in := leaks(t, dir, secret); in != nil {
			t.Errorf("still in %v", in)
		}
	})
	t.Run("it names what waits in sight", func(t *testing.T) {
		u, _, dir := open(t)
		p, sister := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
		if err := u.Revoke(ctx, PC{Station: "Trạm Mẫu", Desk: 1}, nil, "mất máy"); err != nil {
			t.Fatal(err)
		}
		one := reception(1)
		one.Body = bytes.Replace(one.Body, []byte("Thôn "), []byte(secret+" thôn "), 1)
		p.happen(t, one)
		_, err := u.Take(ctx, p.envelope(t, 1, 1))
		wantCode(t, err, "journal.forked")
		if leaks(t, dir, secret) == nil {
			t.Fatal("nothing to forget")
		}
		body, err := json.Marshal(dossier.Purge{Events: []dossier.EventID{one.ID}, Document: "01/QĐ-MAU", By: "Trưởng Mẫu", Why: "x"})
		if err != nil {
			t.Fatal(err)
		}
		sister.happen(t, dossier.Event{ID: storetest.EventID(901), Kind: dossier.Purged, By: "mau", Body: body})
		sister.mustPush(t, 1, 1)
		if in := leaks(t, dir, secret); in != nil {
			t.Errorf("still in %v", in)
		}
		if w, err := u.Parked(ctx); err != nil || len(w) != 1 || w[0].Event != one.ID {
			t.Errorf("%+v, %v", w, err)
		}
		if err := u.Release(ctx, one.ID, "đã hỏi"); err != nil {
			t.Fatal(err)
		}
		sound(t, u)
	})
	t.Run("somebody reads", func(t *testing.T) {
		u, p, dir, purged := begin(t)
		if _, err := u.write.ExecContext(ctx, "PRAGMA busy_timeout = 1"); err != nil { // nobody waits here
			t.Fatal(err)
		}
		reader, err := u.read.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		var n int
		if err := reader.QueryRowContext(ctx, "SELECT count(*) FROM entry").Scan(&n); err != nil {
			t.Fatal(err)
		}
		p.happen(t, purged, reception(2))
		p.mustPush(t, 2, 2)
		if leaks(t, dir, secret) == nil {
			t.Fatal("the reader was in nobody's way")
		}
		if err := reader.Rollback(); err != nil {
			t.Fatal(err)
		}
		p.mustPush(t, 3, 3)
		if in := leaks(t, dir, secret); in != nil {
			t.Errorf("still in %v", in)
		}
	})
}

func TestNumberGivenTwiceIsToldAndBothStay(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1), storetest.Reception(2, numberOf(1)))
	p.mustPush(t, 1, 2)
	back := sentBack(t, p)
	if len(back) != 1 || back[0].Event != p.entries[1].ID || !strings.Contains(back[0].Why, numberOf(1)) {
		t.Errorf("%+v", back)
	}
	if rows, err := u.List(context.Background(), Query{}); err != nil || len(rows) != 2 {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestRotationWaitsForEveryPCAndThenHolds(t *testing.T) {
	ctx := context.Background()
	u, c, dir := open(t)
	p, q := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Mẫu", 2)
	p.happen(t, reception(1))
	first := p.mustPush(t, 1, 1)
	oldKey, oldRecipient := u.Key(), u.Recipient()
	wantCode(t, u.FinishRotation(ctx, true), "rotate.not-begun")
	r, err := u.Rotate(ctx)
	if err != nil || len(r.Waiting) != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	if again, err := u.Rotate(ctx); err != nil || again.Next != r.Next || words(t, p)[dossier.KeySet] != 1 {
		t.Errorf("announced twice: %+v, %v", again, err)
	}
	third := enrolled(t, u, 3, "Trạm Mới", 1) // a station that is made meanwhile is told too
	shows := func(x *pc) {
		t.Helper()
		chains := x.hello(t).Chains
		question := wire.Hello{Nonce: wire.NewNonce(), Chains: chains}.Encode()
		if _, err := u.Hello(ctx, x.Owner(), question); err != nil {
			t.Fatal(err)
		}
	}
	shows(p)
	err = u.FinishRotation(ctx, false)
	wantCode(t, err, "rotate.waiting")
	if !strings.Contains(err.Error(), "Trạm Mẫu, quầy 2; Trạm Mới, quầy 1") || !u.Key().Equal(oldKey) {
		t.Errorf("%v", err)
	}
	shows(q)
	shows(third)
	beside := putBack(t, c, dir) // the server, while the verb runs in another program
	if err := u.FinishRotation(ctx, false); err != nil {
		t.Fatal(err)
	}
	if u.Key().Equal(oldKey) || u.Recipient() == oldRecipient || wire.KeyHash(u.Key()).String() != r.Next {
		t.Error("the new key is not used")
	}
	p.happen(t, reception(2))
	if _, err := beside.TakeFrom(ctx, p.sealTo(t, 2, 2, oldRecipient), true); err != nil || !beside.Key().Equal(u.Key()) { // sealed before it heard
		t.Errorf("%v", err)
	}
	a := p.hello(t)
	if len(a.Receipts) != 1 || !a.Receipts[0].SignedBy(u.Key()) {
		t.Errorf("%+v", a.Receipts)
	}
	if r := p.mustPush(t, 1, 1); r.Number == first.Number || !r.SignedBy(u.Key()) {
		t.Errorf("%+v", r)
	}
	lives := 0
	for _, held := range a.Chains {
		if held.Device != p.Genesis.Device && held.Device != q.Genesis.Device {
			p.pull(t, held)
			if lives++; u.Key().Equal(ed25519.PublicKey(held.Owner)) != (held.CommonSeq > 0) {
				t.Errorf("a life of the wrong key: %+v", held)
			}
		}
	}
	if lives != 2 {
		t.Errorf("%d lives of upstream's journal", lives)
	}
	decide(t, u, 1, "01/TB-MAU")
	sound(t, u)
}

func TestReceiptOfAFormerKeyIsSignedAnew(t *testing.T) {
	u, _, _ := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	p.happen(t, reception(1))
	was := p.mustPush(t, 1, 1)
	if _, err := u.Rotate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := u.FinishRotation(context.Background(), true); err != nil {
		t.Fatal(err)
	}
	now := p.mustPush(t, 1, 1)
	if now.Number != was.Number || !now.At.Equal(was.At) || now.SignedBy(u.Key()) == was.SignedBy(u.Key()) {
		t.Errorf("%+v", now)
	}
	sound(t, u)
}

// zipped is the program's own data of that kind, as a pack.
func zipped(t testing.TB, folder string) []byte {
	t.Helper()
	fsys := assets.Calendar
	if folder == "catalogue" {
		fsys = assets.Catalogue
	}
	entries, err := fsys.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		b, err := fsys.ReadFile(folder + "/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(e.Name())
		if err == nil {
			_, err = w.Write(b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPackIsSaidOnceAndNeverAnOlderOne(t *testing.T) {
	ctx := context.Background()
	u, _, _ := open(t)
	p, q := enrolled(t, u, 1, "Trạm Mẫu", 1), enrolled(t, u, 2, "Trạm Khác", 1)
	pack := dossier.Pack{Kind: dossier.PackCatalogue, Version: 2, From: approval.Date, Title: "Bản thử", Files: zipped(t, "catalogue")}
	if told, err := u.Issue(ctx, pack, "Trạm Mẫu"); err != nil || len(told) != 1 {
		t.Fatal(told, err)
	}
	if told, err := u.Issue(ctx, pack); err != nil || len(told) != 1 || told[0] != "Trạm Khác" {
		t.Fatal(told, err)
	}
	calendar := dossier.Pack{Kind: dossier.PackCalendar, Version: 1, From: approval.Date, Title: "Lịch thử", Files: zipped(t, "calendar")}
	if told, err := u.Issue(ctx, calendar); err != nil || len(told) != 2 {
		t.Fatal(told, err)
	}
	other := pack
	other.Title = "Bản khác cùng số"
	_, err := u.Issue(ctx, other)
	wantCode(t, err, "pack.old")
	other.Version = 1
	_, err = u.Issue(ctx, other)
	wantCode(t, err, "pack.old")
	_, err = u.Issue(ctx, pack, "Trạm Lạ")
	wantCode(t, err, "upstream.no-station")
	bad := pack
	bad.Version, bad.Files = 3, []byte("<html>")
	_, err = u.Issue(ctx, bad)
	wantCode(t, err, "pack.archive")
	for _, x := range []*pc{p, q} {
		var got []dossier.Pack
		for _, e := range x.upstreamsWord(t) {
			var one dossier.Pack
			if e.Kind != dossier.PackIssued || json.Unmarshal(e.Body, &one) != nil || one.Check() != nil {
				t.Errorf("%s", e.Kind)
			}
			got = append(got, one)
		}
		if len(got) != 2 || got[0].Version != 2 || !bytes.Equal(got[0].Files, pack.Files) {
			t.Errorf("%d packs", len(got))
		}
	}
}

// A file of the first schema, made by the program of that time.
func TestFileOfTheFirstSchemaIsBroughtUp(t *testing.T) {
	packed, err := os.Open("testdata/schema1.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, FileName), b, 0o600); err != nil {
		t.Fatal(err)
	}
	c := &clock{at: time.Date(2026, 11, 21, 8, 0, 0, 0, dossier.Hanoi)}
	p, q, gone := newPC(t, nil, 1), newPC(t, nil, 2), newPC(t, nil, 3)
	secret, err := os.ReadFile("testdata/schema1-identity")
	if err != nil {
		t.Fatal(err)
	}
	if p.identity, err = wire.ParseIdentity(string(secret)); err != nil {
		t.Fatal(err)
	}
	u := putBack(t, c, dir, p, q, gone)
	fresh, _, _ := open(t)
	if got, want := shape(t, u), shape(t, fresh); got != want {
		t.Errorf("brought up:\n%s\nnew:\n%s", got, want)
	}
	sound(t, u)
	p.happen(t, reception(1), reception(2), dossier.Event{ID: storetest.EventID(100), Dossier: storetest.DossierID(1), Kind: dossier.HandedOver, Body: []byte("[7]")})
	if a := p.asks(t); *a.Current != p.Genesis.Chain || a.Frozen || len(a.Receipts) != 2 {
		t.Errorf("%+v", a)
	}
	if r := p.mustPush(t, 1, 3); r.Number != "BN-261120-0002" {
		t.Errorf("%+v", r)
	}
	p.happen(t, reception(6))
	p.mustPush(t, 4, 4)
	if n := words(t, p); n[dossier.Admitted] != 2 || n[dossier.SentBack] != 1 || n[dossier.Decided] != 1 {
		t.Errorf("%v", n)
	}
	n := p.begins(t, 9, 4)
	n.mustPush(t, 1, 1)
	gone.happen(t, reception(4), reception(5), reception(7))
	_, err = u.Take(context.Background(), gone.envelope(t, 1, 3))
	wantCode(t, err, "journal.forked") // it was revoked
	if w, err := u.Parked(context.Background()); err != nil || len(w) != 1 || w[0].Event != gone.entries[2].ID {
		t.Errorf("%+v, %v", w, err)
	}
	var alarms int
	if err := u.read.QueryRow("SELECT count(*) FROM alarm WHERE code = 'alarm.forked'").Scan(&alarms); err != nil || alarms != 1 {
		t.Errorf("%d alarms, %v", alarms, err)
	}
	sound(t, u)
}

// shape is every table and index with its columns.
func shape(t testing.TB, u *Upstream) string {
	t.Helper()
	rows, err := u.read.Query(`SELECT m.name || ' ' || group_concat(c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || coalesce(c.dflt_value, '') || ' ' || c.pk, ', ')
		FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' GROUP BY m.name
		UNION ALL SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, "\n")
}

func TestServerShowsTheNewKeyAsSoonAsItIsInUse(t *testing.T) {
	u, c, dir := open(t)
	p := enrolled(t, u, 1, "Trạm Mẫu", 1)
	address, _ := serving(t, u)
	ask := func() int {
		t.Helper()
		question := wire.Hello{Nonce: wire.NewNonce(), Chains: []wire.Held{}}.Encode()
		status, body, _ := p.post(t, "POST", address, wire.PathHello, bytes.NewReader(question)) // pinned to the key of p.up
		if _, err := wire.OpenHelloAnswer([]byte(body), p.up.Key(), question); err != nil {
			t.Error(err)
		}
		return status
	}
	if got := ask(); got != 200 {
		t.Error(got)
	}
	verb := putBack(t, c, dir)
	if _, err := verb.Rotate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := ask(); got != 200 { // still the old one
		t.Error(got)
	}
	if err := verb.FinishRotation(context.Background(), true); err != nil {
		t.Fatal(err)
	}
	p.up = verb
	if got := ask(); got != 200 {
		t.Error(got)
	}
}

func TestReturnIsACallOfTheLine(t *testing.T) {
	u, c, _ := open(t)
	empty := backup(t, u)
	p := newPC(t, u, 1)
	ticket, err := u.Ticket(context.Background(), "Trạm Mẫu", 1, "")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := p.enrol(ticket)
	if err != nil {
		t.Fatal(err)
	}
	u = putBack(t, c, empty, p)
	address, _ := serving(t, u)
	status, body, _ := p.post(t, "POST", address, wire.PathHello, bytes.NewReader(wire.Hello{Chains: []wire.Held{}}.Encode()))
	wantRefusal(t, status, body, "line.unknown-device")
	status, body, _ = p.post(t, "POST", address, wire.PathReturn, bytes.NewReader([]byte(html)))
	wantRefusal(t, status, body, "message.bad")
	if status, body, _ = p.post(t, "POST", address, wire.PathReturn, bytes.NewReader(answer.Admission)); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	p.hello(t)
}
