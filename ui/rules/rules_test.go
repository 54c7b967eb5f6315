package rules_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiepnhan/desk"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/rules"
	"tiepnhan/ui/uitest"
)

type glass struct {
	state   rules.State
	focused string
}

func (g *glass) Show(s rules.State) { g.state = s }
func (g *glass) Focus(field string) { g.focused = field }
func (g *glass) page(t *testing.T, title string) rules.Page {
	t.Helper()
	if g.state.Page.Title != title {
		t.Fatalf("the page shown is %q, want %q", g.state.Page.Title, title)
	}
	return g.state.Page
}

func (g *glass) words() string {
	var out []string
	for _, p := range g.state.Page.Parts {
		for _, l := range p.Lines {
			out = append(out, l.Label+": "+l.Text+" | "+l.Small)
		}
	}
	return strings.Join(out, "\n")
}

func open(t *testing.T) (*rules.Presenter, *glass, *uitest.Threads, *desk.Desk, *string) {
	t.Helper()
	set := uitest.Station()
	d, err := uitest.NewDesk(uitest.NewStore(&set), &uitest.Line{}, &uitest.Paper{}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	threads, begun := &uitest.Threads{}, new(string)
	p := rules.New(rules.World{Desk: d, Threads: threads.Kit(), Begin: func(key string) { *begun = key }, Back: func() { *begun = "back" }})
	g := &glass{}
	p.Attach(g)
	return p, g, threads, d, begun
}

func TestEveryProcedureHasItsPage(t *testing.T) {
	p, g, threads, d, begun := open(t)
	p.Refresh()
	threads.Run()
	offered, err := d.Offered(context.Background())
	if err != nil || len(offered) != 6 {
		t.Fatal(len(offered), err)
	}
	for i, one := range offered {
		p.Select(i)
		page := g.page(t, one.Title)
		said := g.words()
		for _, must := range []string{one.Executor, one.Authority, one.Legal[0], one.Cases[0].Papers[0].Title, one.Cases[0].Steps[0].Text, one.Refer} {
			if !strings.Contains(said, must) {
				t.Errorf("%s: the page does not say %q", one.Key, must)
			}
		}
		if len(page.Parts) < 3 {
			t.Errorf("%s: %d parts", one.Key, len(page.Parts))
		}
		if p.Key(kit.Event{Key: "F9"}); *begun != one.Key {
			t.Errorf("F9 begins %q, want %q", *begun, one.Key)
		}
	}
}

func TestCalendarAndWhatChangesAreSaid(t *testing.T) {
	p, g, threads, _, begun := open(t)
	p.Open("issue-level2")
	p.Refresh()
	threads.Run()
	if g.page(t, "Cấp tài khoản định danh điện tử mức độ 02, căn cước điện tử cho công dân Việt Nam"); g.state.At == 0 {
		t.Fatal("the page asked for before the rules were known is not shown")
	}
	last := len(g.state.Pages) - 1
	p.Select(last)
	g.page(t, "Sắp thay đổi")
	if said := g.words(); !strings.Contains(said, "2027: Mới là dự kiến") || !strings.Contains(said, "2028: Chưa có lịch") {
		t.Error(said)
	}
	p.Select(last - 2)
	g.page(t, "Lịch nghỉ năm 2026")
	if said := g.words(); !strings.Contains(said, "24/11/2026: Ngày Văn hóa Việt Nam") || !strings.Contains(said, "16/02 – 20/02/2026: Tết Nguyên đán") ||
		!strings.Contains(said, "07:30 – 11:30") {
		t.Error(said)
	}
	if p.Key(kit.Event{Key: "F9"}); *begun != "" {
		t.Error("a calendar is no procedure to begin")
	}
	p.Select(99)
	p.Select(-1)
	g.page(t, "Lịch nghỉ năm 2026")
	if p.Key(kit.Event{Key: "Escape"}); *begun != "back" {
		t.Error("Esc leads back")
	}
}

func TestWhatCannotBeReadIsSaid(t *testing.T) {
	set := uitest.Station()
	store := uitest.NewStore(&set)
	store.Before = func(call string) error {
		if call == "Settings" {
			return errors.New("disk gone")
		}
		return nil
	}
	d, err := uitest.NewDesk(store, &uitest.Line{}, &uitest.Paper{}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	threads, g := &uitest.Threads{}, &glass{}
	p := rules.New(rules.World{Desk: d, Threads: threads.Kit(), Back: func() {}})
	p.Attach(g)
	p.Refresh()
	threads.Run()
	if !strings.Contains(g.state.Wrong, "disk gone") {
		t.Error(g.state.Wrong)
	}
}

func TestPicturesOfRules(t *testing.T) {
	p, _, threads, _, _ := open(t)
	a := test.NewTempApp(t)
	for _, shot := range []struct {
		name string
		page int
		w, h float32
		text float32
	}{{"rules", 0, 1280, 800, 1}, {"rules-eid-1024", 2, 1024, 600, 1}, {"rules-year", 7, 1280, 800, 1}, {"rules-changes-150", 9, 1366, 768, 1.5},
		{"rules-200", 4, 1366, 768, 2}} {
		a.Settings().SetTheme(kit.NewTheme(shot.text))
		s := rules.NewScreen(p)
		p.Refresh()
		threads.Run()
		p.Select(shot.page)
		w := test.NewTempWindow(t, s.Content())
		w.SetPadded(false)
		w.Resize(fyne.NewSize(shot.w, shot.h))
		s.Focus("")
		p.Select(shot.page)
		if err := uitest.Shoot(shot.name, w.Canvas().Capture()); err != nil {
			t.Fatal(err)
		}
	}
}
