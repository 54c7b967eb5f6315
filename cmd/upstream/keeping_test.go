package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiepnhan/assets"
	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
	"tiepnhan/sync/receive"
	"tiepnhan/sync/wire"
)

// desk is a PC of a station as upstream sees it, with a journal the test writes.
type desk struct {
	*storetest.Sister
	dir     string
	entries []dossier.Entry
}

// within does something with upstream's folder, beside the verbs.
func within(t testing.TB, dir string, do func(u *receive.Upstream) error) error {
	t.Helper()
	u, err := receive.Open(context.Background(), dir, receive.World{Now: at, Word: assets.Word})
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	return do(u)
}

func newDesk(t testing.TB, dir string, name byte, station string) *desk {
	t.Helper()
	d := &desk{Sister: storetest.NewSister(name), dir: dir}
	identity, err := wire.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	var said struct{ Ticket string }
	ask(t, &said, "ticket", "-data", dir, "-station", station)
	ticket, err := wire.ParseTicket(said.Ticket)
	if err != nil {
		t.Fatal(err)
	}
	question := wire.Enrol{Ticket: ticket.Number, Nonce: wire.NewNonce(), Chain: d.Genesis, Key: d.Owner(), Recipient: identity.Recipient()}.
		Prove(ticket.Secret, ticket.Key)
	if err := within(t, dir, func(u *receive.Upstream) error {
		_, err := u.Enrol(context.Background(), d.Owner(), question)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) happen(t testing.TB, events ...dossier.Event) {
	t.Helper()
	entries, err := d.Append(events...)
	if err != nil {
		t.Fatal(err)
	}
	d.entries = append(d.entries, entries...)
}

// send hands in all of the journal, over the line or on a stick.
func (d *desk) send(t testing.TB, live bool) error {
	t.Helper()
	return within(t, d.dir, func(u *receive.Upstream) error {
		to, err := wire.ParseRecipient(u.Recipient())
		if err != nil {
			return err
		}
		e, err := wire.Seal(wire.Run{Chain: d.Genesis, Before: d.Genesis.Hash(), Entries: d.entries},
			func(h dossier.Head) []byte { return h.Sign(d.Key) }, d.Key, to)
		if err != nil {
			return err
		}
		_, err = u.TakeFrom(context.Background(), e, live)
		return err
	})
}

func must(t testing.TB, want string, args ...string) string {
	t.Helper()
	status, out, errs := callUpstream(args...)
	if status != cli.OK || !strings.Contains(out, want) {
		t.Errorf("upstream %s: %d %q %q", strings.Join(args, " "), status, out, errs)
	}
	return out
}

func refuses(t testing.TB, code string, args ...string) {
	t.Helper()
	status, out, errs := callUpstream(args...)
	if status != cli.No || out != "" || !strings.HasSuffix(errs, code+"]\n") || strings.Contains(errs, "chưa xác định") {
		t.Errorf("upstream %s: %d %q %q, want %s", strings.Join(args, " "), status, out, errs, code)
	}
}

func made(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	var said map[string]string
	ask(t, &said, "init", "-data", dir, "-name", "Công an tỉnh Mẫu", "-address", "https://127.0.0.1:8443")
	return dir
}

func TestRevokedPCsEntriesAreShownAndReleased(t *testing.T) {
	dir := made(t)
	d := newDesk(t, dir, 1, "Công an xã Mẫu")
	d.happen(t, storetest.Reception(1, "MAU-260105-0001"), storetest.Reception(2, "MAU-260105-0002"))
	if err := d.send(t, true); err != nil {
		t.Fatal(err)
	}
	must(t, "Không có diễn biến nào đang chờ.", "parked", "-data", dir)
	var wrote []receive.Written // a person must see which number to name
	ask(t, &wrote, "written", "-data", dir, "-station", "Công an xã Mẫu", "-desk", "1")
	if len(wrote) != 2 || wrote[0].Seq != 2 || wrote[0].Number != "MAU-260105-0002" || wrote[1].Seq != 1 || !wrote[1].Came.Equal(at()) || wrote[1].Kind != dossier.Received {
		t.Errorf("%+v", wrote)
	}
	if out := must(t, "MAU-260105-0002", "written", "-data", dir, "-station", "Công an xã Mẫu", "-desk", "1", "-n", "1"); strings.Contains(out, "0001") || !strings.Contains(out, "16:30 ngày 20/11/2026") {
		t.Errorf("%s", out)
	}
	refuses(t, "upstream.no-device", "written", "-data", dir, "-station", "Công an xã Mẫu", "-desk", "2")
	must(t, "Đã thu hồi", "revoke", "-data", dir, "-station", "Công an xã Mẫu", "-desk", "1", "-seq", "1", "-why", "mất cắp")
	out := must(t, "máy đã thu hồi", "parked", "-data", dir)
	if !strings.Contains(out, "MAU-260105-0002") || strings.Contains(out, "MAU-260105-0001") || !strings.Contains(out, "Công an xã Mẫu, quầy 1") {
		t.Errorf("%s", out)
	}
	event := d.entries[1].ID.String()
	refuses(t, "release.why", "release", event, "-data", dir)
	refuses(t, "release.none", "release", "not-an-id", "-data", dir, "-why", "x")
	must(t, "Đã cho nhận", "release", event, "-data", dir, "-why", "đã đối chiếu")
	refuses(t, "release.none", "release", event, "-data", dir, "-why", "x")
	must(t, "MAU-260105-0002", "list", "-data", dir)
	var waiting []receive.Waiting
	if ask(t, &waiting, "parked", "-data", dir); len(waiting) != 0 {
		t.Errorf("%+v", waiting)
	}
	if status, _, _ := callUpstream("revoke", "-data", dir, "-station", "X", "-desk", "1", "-seq", "-1"); status != cli.Usage {
		t.Errorf("a sequence number below 0: %d", status)
	}
	for _, verb := range []string{"revoke", "thaw", "written"} {
		if status, _, _ := callUpstream(verb, "-data", dir, "-station", "X", "-desk", "1", "-device", "49d70423"); status != cli.Usage {
			t.Errorf("%s, half an id: %d", verb, status)
		}
	}
}

func TestAlarmsStandBesideTheListAndTheDossier(t *testing.T) {
	dir := made(t)
	d := newDesk(t, dir, 1, "Công an xã Mẫu")
	must(t, "Không có cảnh báo nào.", "alarms", "-data", dir)
	one, other := storetest.Reception(1, "MAU-260105-0001"), storetest.Reception(2, "MAU-260105-0002")
	other.ID = one.ID // another event under the same id
	d.happen(t, one, other)
	if err := d.send(t, true); err != nil {
		t.Fatal(err)
	}
	d.Head, d.entries = dossier.Head{Chain: d.Genesis.Chain, Hash: d.Genesis.Hash()}, nil // and another continuation of the journal
	d.happen(t, storetest.Act(50, one.Dossier, dossier.Forwarded, dossier.Forward{To: "x"}, one.ID))
	if err := d.send(t, false); dossier.Code(err) != "journal.forked" {
		t.Fatal(err)
	}
	for _, verb := range []string{"list", "alarms"} {
		out := must(t, "trùng mã", verb, "-data", dir)
		if !strings.Contains(out, "Công an xã Mẫu, quầy 1") || !strings.Contains(out, "nhật ký khác") {
			t.Errorf("%s", out)
		}
	}
	out := must(t, "1 diễn biến của hồ sơ đang chờ xem xét", "show", "MAU-260105-0001", "-data", dir)
	if strings.Contains(out, "trùng mã") {
		t.Errorf("the alarm of another dossier: %s", out)
	}
	var rung []receive.Alarm
	if ask(t, &rung, "alarms", "-data", dir, "-station", "Công an xã Mẫu"); len(rung) != 2 || rung[0].Desk != 1 {
		t.Errorf("%+v", rung)
	}
	if ask(t, &rung, "alarms", "-data", dir, "-station", "Trạm Lạ"); len(rung) != 0 {
		t.Errorf("%+v", rung)
	}
}

func TestFrozenPCIsLetSendAgain(t *testing.T) {
	dir := made(t)
	d := newDesk(t, dir, 1, "Công an xã Mẫu")
	refuses(t, "thaw.not-frozen", "thaw", "-data", dir, "-station", "Công an xã Mẫu", "-desk", "1")
	refuses(t, "upstream.no-device", "thaw", "-data", dir, "-station", "Công an xã Mẫu", "-desk", "2")
	d.happen(t, storetest.Reception(1, "MAU-260105-0001"))
	if err := d.send(t, true); err != nil {
		t.Fatal(err)
	}
	old, oldEntries := *d.Sister, d.entries
	begin := func(name byte, events ...dossier.Event) error {
		common := old.Head
		d.Genesis.Incarnation, d.Genesis.Previous = dossier.Incarnation{name}, old.Genesis.Incarnation
		d.Genesis.CommonSeq, d.Genesis.CommonHash = common.Seq, common.Hash
		d.Head, d.entries = dossier.Head{Chain: d.Genesis.Chain, Hash: d.Genesis.Hash()}, nil
		d.happen(t, events...)
		return d.send(t, true)
	}
	if err := begin(9, dossier.Event{ID: storetest.EventID(70), Kind: dossier.Healed, Body: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	if err := begin(10, storetest.Reception(3, "MAU-260105-0003")); dossier.Code(err) != "line.frozen" {
		t.Fatal(err, len(oldEntries))
	}
	must(t, "Hai máy đang dùng cùng một bản dữ liệu", "list", "-data", dir)
	must(t, "Đã mở lại", "thaw", "-data", dir, "-station", "Công an xã Mẫu", "-desk", "1")
	if err := d.send(t, true); err != nil {
		t.Error(err)
	}
}

func TestRestoredBeginsNewJournals(t *testing.T) {
	dir := made(t)
	newDesk(t, dir, 1, "Công an xã Mẫu")
	newDesk(t, dir, 2, "Công an xã Thử")
	must(t, "cho 2 trạm", "restored", "-data", dir)
	var check dossier.StoreCheck
	if ask(t, &check, "verify", "-data", dir); check.Chains != 6 || len(check.Faults) != 0 {
		t.Errorf("%+v", check)
	}
}

func TestKeysAreChangedInTwoSteps(t *testing.T) {
	dir := made(t)
	newDesk(t, dir, 1, "Công an xã Mẫu")
	refuses(t, "rotate.not-begun", "rotate", "-data", dir, "-finish")
	out := must(t, "Đã công bố khóa mới", "rotate", "-data", dir)
	if !strings.Contains(out, "Chưa nhận: Công an xã Mẫu, quầy 1") {
		t.Errorf("%s", out)
	}
	refuses(t, "rotate.waiting", "rotate", "-data", dir, "-finish")
	var before, after ed25519.PublicKey
	_ = within(t, dir, func(u *receive.Upstream) error { before = u.Key(); return nil })
	must(t, "Đã dùng khóa mới.", "rotate", "-data", dir, "-finish", "-force")
	_ = within(t, dir, func(u *receive.Upstream) error { after = u.Key(); return nil })
	if bytes.Equal(before, after) {
		t.Error("the key is the same")
	}
	if status, _, _ := callUpstream("rotate", "-data", dir, "-force"); status != cli.Usage {
		t.Errorf("force alone: %d", status)
	}
}

func TestPackIsIssuedFromAFolder(t *testing.T) {
	dir := made(t)
	newDesk(t, dir, 1, "Công an xã Mẫu")
	folder := t.TempDir()
	entries, err := assets.Calendar.ReadDir("calendar")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := assets.Calendar.ReadFile("calendar/" + e.Name())
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, e.Name()), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"pack", folder, "-data", dir, "-kind", "calendar", "-version", "1", "-from", "01/12/2026", "-title", "Lịch năm tới"}
	must(t, "Đã ban hành phiên bản 1 cho 1 trạm.", args...)
	must(t, "Không có trạm nào cần phiên bản 1", args...)
	refuses(t, "pack.old", append(args, "-title", "Khác")...)
	refuses(t, "pack.file", "pack", filepath.Join(folder, "none"), "-data", dir, "-kind", "calendar", "-version", "2", "-from", "01/12/2026", "-title", "x")
	refuses(t, "pack.archive", "pack", filepath.Join(folder, "2026.json"), "-data", dir, "-kind", "calendar", "-version", "2", "-from", "01/12/2026", "-title", "x")
	refuses(t, "pack.from", "pack", folder, "-data", dir, "-kind", "calendar", "-version", "2", "-from", "hôm nay", "-title", "x")
	refuses(t, "pack.kind", "pack", folder, "-data", dir, "-kind", "program", "-version", "2", "-from", "01/12/2026", "-title", "x")
	refuses(t, "pack.catalogue", "pack", folder, "-data", dir, "-kind", "catalogue", "-version", "2", "-from", "01/12/2026", "-title", "x")
	refuses(t, "upstream.no-station", append(args, "-station", "Trạm Lạ")...)
}

func TestTicketForAPCThatIsShutOut(t *testing.T) {
	dir := made(t)
	const station = "Công an xã Mẫu"
	refuses(t, "upstream.no-device", "ticket", "-data", dir, "-station", station, "-desk", "1", "-again")
	newDesk(t, dir, 1, station)
	refuses(t, "ticket.desk-taken", "ticket", "-data", dir, "-station", station, "-desk", "1")
	must(t, "TN1.", "ticket", "-data", dir, "-station", station, "-desk", "1", "-again")
	if status, _, _ := callUpstream("ticket", "-data", dir, "-station", station, "-again"); status != cli.Usage {
		t.Error("a ticket for nobody's desk")
	}
}
