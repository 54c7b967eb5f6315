package waiting

import (
	"context"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store"
	"tiepnhan/store/storetest"
	"tiepnhan/ui/uitest"
)

// I3, with the real store and real signatures: what the screen calls sent is what receipts cover, to the act.
func TestNumbersClaimNoMoreThanReceiptsCover(t *testing.T) {
	ctx := context.Background()
	s, err := store.Create(ctx, t.TempDir(), store.Options{NoReserve: true, Now: func() time.Time { return uitest.Now.AddDate(0, -1, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	up := storetest.NewSister(200)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Record(ctx, storetest.SettingsEvent(1)))
	must(s.Enrol(ctx, up.Upstream(1)))
	var heads []dossier.Head
	for i := range 5 {
		_, err := s.Receive(ctx, dossier.Opening{ID: storetest.DossierID(i), Series: dossier.IntakeSeries, Day: storetest.Day(i)}, func(number string) ([]dossier.Event, error) {
			return []dossier.Event{storetest.Reception(i, number)}, nil
		})
		must(err)
		heads = append(heads, s.Own().Head)
		must(s.Record(ctx, storetest.Act(100+i, storetest.DossierID(i), dossier.TraceOpened, struct{}{}))) // a trace between the acts
	}
	line := &uitest.Line{Is: true}
	d, err := uitest.NewDesk(nil, line, &uitest.Paper{}, t.TempDir())
	must(err)
	d.Store = s
	threads := &uitest.Threads{}
	p := New(World{Desk: d, Threads: threads.Kit(), Now: d.Now, Trouble: func(err error, _ func()) bool { t.Error(err); return true }})
	for covered, receipt := range []int{0, 2, 3, 5} { // the second and third receipt cover part
		line.Way = func(context.Context, func(dossier.SendStep)) error {
			if receipt > 0 {
				must(s.KeepReceipt(ctx, up.Receipt(heads[receipt-1], "BN-7")))
			}
			return dossier.Invalid("", "line.down") // and the line is lost
		}
		p.Send()
		threads.Run()
		state := p.state()
		own := state.PCs[0]
		if own.Written != 5 || own.Held != receipt || own.Waiting != 5-receipt || state.Waiting != 5-receipt || len(state.Rows) != 5-receipt {
			t.Errorf("%d: %+v, %d wait, %d rows", covered, own, state.Waiting, len(state.Rows))
		}
		if receipt == 0 && (!strings.HasPrefix(own.Text, "Chưa có biên nhận") || strings.Contains(state.Alert.Text, "Đã gửi")) {
			t.Errorf("%q, %q", own.Text, state.Alert.Text)
		}
	}
	var sent []string
	for _, h := range p.state().History {
		sent = append(sent, h.Text)
	}
	if got := strings.Join(sent, "; "); got != "bấm gửi, đã gửi 2 thao tác, rồi không có đường truyền; bấm gửi, đã gửi 1 thao tác, rồi không có đường truyền; "+
		"bấm gửi, đã gửi 2 thao tác, rồi không có đường truyền; bấm gửi, chưa được: không có đường truyền" {
		t.Error(got)
	}
}
