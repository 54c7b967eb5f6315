package shell

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
	"tiepnhan/ui/users"
)

// scene is a screen in the states that each must be drawn in. Each function brings a house that is moved in to it.
type scene struct {
	folder string                  // ui/<folder>
	screen func(s *Shell) *screen  // which of the shell's it is
	empty  func(h *house)          // nothing has happened yet
	full   func(h *house)          // a usual day; drawn with letters of 200 % too
	wrong  func(h *house)          // something is amiss: a field, the disk, the line
	long   func(h *house)          // texts as long as any
	unset  bool                    // on a station nobody has set up
	people func(state string) crew // who may sign in; nil where nobody does
	others []dossier.Sister        // the station's other PCs, but for an empty one
	large  fyne.Size               // with letters of 200 %, where the smallest window has no room for them
}

// five are the states, as the pictures are called: state-<folder>-<state>.png. scripts/storybook.sh counts them.
var five = []string{"empty", "full", "error", "long", "200"}

// noForms is a form set nobody has put a form in.
type noForms struct{ *uitest.Paper }

func (noForms) Forms(string, []dossier.KeptLayout) ([]dossier.FormInfo, error) { return nil, nil }

// withFigures has the form of the figures beside those of the dossiers.
type withFigures struct{ *uitest.Paper }

func (withFigures) Forms(string, []dossier.KeptLayout) ([]dossier.FormInfo, error) {
	return append(slices.Clone(uitest.Infos), dossier.FormInfo{Key: "figures", Title: "Số liệu", Size: dossier.PaperA4, Book: true, Own: true}), nil
}

func to(x func(s *Shell) *screen, then ...fyne.KeyName) func(h *house) {
	return func(h *house) {
		h.s.show(x(h.s))
		h.settle()
		for _, key := range then {
			h.press(key)
			h.settle()
		}
	}
}

// failing makes every call of that name fail while f runs.
func failing(call string, f func(h *house)) func(h *house) {
	return func(h *house) {
		h.store.Before = func(c string) error {
			if strings.HasPrefix(c, call) {
				return uitest.ErrDisk
			}
			return nil
		}
		f(h)
		h.store.Before = nil
	}
}

func (h *house) scan(card string) {
	h.settle()
	h.write(card)
	h.press(fyne.KeyReturn)
	h.settle()
}

// show opens one of the dossiers, in the order they were received.
func opened(i int) func(h *house) {
	return func(h *house) {
		h.s.open(h.store.IDs()[i])
		h.settle()
	}
}

func receipts(n int) func(h *house) {
	return func(h *house) {
		h.s.previewOrder(desk.Order{Form: "receipt", Dossiers: h.store.IDs()[:n]}, "BM.01")
		h.settle()
	}
}

// otherDesks are one that speaks, one that has been silent for days, and one of which nothing came.
var otherDesks = []dossier.Sister{{Desk: 2, Heard: true, Until: uitest.Now}, {Desk: 3, Heard: true, Until: uitest.Now.AddDate(0, 0, -2)}, {Desk: 4}}

var (
	listScreen     = func(s *Shell) *screen { return s.list }
	waitingScreen  = func(s *Shell) *screen { return s.waiting }
	dayScreen      = func(s *Shell) *screen { return s.day }
	booksScreen    = func(s *Shell) *screen { return s.books }
	figuresScreen  = func(s *Shell) *screen { return s.figures }
	layoutsScreen  = func(s *Shell) *screen { return s.layouts }
	rulesScreen    = func(s *Shell) *screen { return s.rules }
	settingsScreen = func(s *Shell) *screen { return s.settings }
	usersScreen    = func(s *Shell) *screen { return s.users }
	backupScreen   = func(s *Shell) *screen { return s.backup }
	auditScreen    = func(s *Shell) *screen { return s.audit }
	incidentScreen = func(s *Shell) *screen { return s.incident }
)

var scenes = []scene{
	{folder: "reception", screen: func(s *Shell) *screen { return s.reception },
		empty: func(*house) {},
		full: func(h *house) {
			h.ctrl("3")
			h.scan(uitest.Person)
			h.press("F8")
			h.ctrl("D")
		},
		wrong: func(h *house) { h.ctrl("5"); h.settle(); h.press("F9") },
		long: func(h *house) {
			h.ctrl("1")
			for field, text := range map[string]string{"agency.name": uitest.LongAgency, "agency.document": "1234567/YC-CQCSĐT-PC02-ĐĐTXPSHPB", "agency.address": uitest.LongAddress,
				"person.name": uitest.LongName, "subject.name": "Nguyễn Phúc " + uitest.LongName, "subject.number": "001080000456", "reason": uitest.LongReason} {
				h.s.intake.Text(field, text)
			}
			h.settle()
			h.press("F8")
			h.press("F4")
			h.settle()
			h.s.intake.Text("why", uitest.LongReason)
		}},
	{folder: "list", large: fyne.NewSize(1280, 800), screen: listScreen, empty: to(listScreen), full: to(listScreen), long: to(listScreen, fyne.KeyDown, fyne.KeyDown),
		wrong: failing("List", to(listScreen))},
	{folder: "course", screen: func(s *Shell) *screen { return s.course }, full: opened(4), long: opened(0),
		empty: func(h *house) {
			in := h.desk.NewIntake()
			in.Procedure, in.Case = "issue-level2", "no-card"
			in.Requester.Person = dossier.Person{Name: "Nguyễn Văn Thử", Number: "001090000001", Born: dossier.Date{Year: 1990, Month: 3, Day: 1}, Sex: dossier.Male,
				Address: "Thôn Mẫu, Xã Bình Mẫu", Phone: "0900 000 001"}
			in.Papers = []dossier.Paper{{Key: "tk01", Originals: 1}}
			kept, err := h.desk.Receive(context.Background(), in)
			if err != nil {
				h.t.Fatal(err)
			}
			h.s.open(kept.ID)
		},
		wrong: func(h *house) {
			opened(0)(h)
			h.ctrl("5")
			h.settle()
			h.press("F9")
		}},
	{folder: "waiting", others: otherDesks, screen: waitingScreen, empty: to(waitingScreen), full: to(waitingScreen), long: to(waitingScreen, fyne.KeyDown),
		wrong: func(h *house) {
			h.line.Fail = dossier.Invalid("", "line.portal")
			to(waitingScreen, "F5")(h)
		}},
	{folder: "day", screen: dayScreen, empty: to(dayScreen), full: to(dayScreen), long: to(dayScreen, fyne.KeyDown), wrong: to(dayScreen, "F9")},
	{folder: "preview", screen: func(s *Shell) *screen { return s.preview }, full: receipts(2),
		empty: func(h *house) {
			h.s.previewOrder(desk.Order{Form: "tk03"}, "Mẫu trắng")
		},
		wrong: func(h *house) {
			h.paper.Fail = uitest.ErrDisk
			receipts(1)(h)
		},
		long: func(h *house) {
			h.spool.Have = []dossier.Printer{{Name: "May-in-laser-phong-tiep-cong-dan-tang-1-nha-A-cong-an-dac-khu-Binh-Mau-Dong", Default: true, Code: "printer.paper-out"},
				{Name: strings.Repeat("Văn-phòng-", 9)}}
			h.s.previewOrder(desk.Order{Form: "tk03", Dossiers: h.store.IDs()}, "Mẫu TK03 của các hồ sơ đang chọn")
		}},
	{folder: "books", screen: booksScreen, full: to(booksScreen),
		empty: func(h *house) {
			to(booksScreen)(h)
			h.ctrl("E") // a book of no rows
		},
		wrong: func(h *house) {
			to(booksScreen)(h)
			h.paper.Fail = uitest.ErrDisk
			h.ctrl("E")
		},
		long: func(h *house) {
			to(booksScreen)(h)
			h.s.cfg.Papers = filepath.Join(h.papers, strings.Repeat("Giấy tờ của bộ phận tiếp nhận và trả kết quả ", 3))
			if err := os.MkdirAll(h.s.cfg.Papers, 0o700); err != nil {
				h.t.Fatal(err)
			}
			h.ctrl("E")
		}},
	{folder: "figures", screen: figuresScreen, empty: to(figuresScreen), full: to(figuresScreen), wrong: failing("Between", to(figuresScreen)),
		long: func(h *house) {
			h.desk.Paper = withFigures{h.paper}
			to(figuresScreen)(h)
			h.s.cfg.Papers = filepath.Join(h.papers, strings.Repeat("Giấy tờ của bộ phận tiếp nhận và trả kết quả ", 3))
			if err := os.MkdirAll(h.s.cfg.Papers, 0o700); err != nil {
				h.t.Fatal(err)
			}
			h.ctrl("E")
		}},
	{folder: "layouts", screen: layoutsScreen, full: to(layoutsScreen),
		empty: func(h *house) {
			h.desk.Paper = noForms{h.paper}
			to(layoutsScreen)(h)
		},
		wrong: func(h *house) {
			h.paper.Bad = dossier.Invalid("title", "text.too-long", "max", "120", "have", "305")
			to(layoutsScreen, "End", "Up", "F4")(h)
			h.s.forms.Text("title", uitest.LongReason)
			h.press("F9")
		},
		long: to(layoutsScreen, "End", "Up")},
	{folder: "rules", screen: rulesScreen, full: to(rulesScreen), long: to(rulesScreen, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown),
		empty: func(h *house) {
			h.desk.Catalogue, h.desk.Calendar = &dossier.Catalogue{}, &dossier.Calendar{}
			to(rulesScreen)(h)
		},
		wrong: failing("Settings", to(rulesScreen))},
	{folder: "settings", screen: settingsScreen, full: to(settingsScreen), long: to(settingsScreen),
		empty: func(h *house) {
			h.spool.Have = nil
			to(settingsScreen)(h)
		},
		wrong: func(h *house) {
			to(settingsScreen)(h)
			h.s.chosen.Text("unit.name", "")
			h.s.chosen.Text("unit.place", "")
			h.press("F9")
		}},
	{folder: "users", screen: usersScreen, empty: to(usersScreen), full: to(usersScreen, fyne.KeyDown), wrong: typed(users.Admitting, map[string]string{"password": "ngan"}, "F9"),
		long: typed(users.Removing, map[string]string{"why": uitest.LongReason}),
		people: func(state string) crew {
			switch state {
			case "empty":
				return chief()
			case "long":
				return longPeople()
			}
			return usual()
		}},
	{folder: "backup", screen: backupScreen, full: to(backupScreen), people: func(string) crew { return usual() },
		empty: shelved(func(v *uitest.Vault) {
			v.All = []dossier.BackupPlace{{Kind: dossier.PlaceOwn, Path: `C:\TiepNhan\sao-luu`, Free: 900 << 20}}
		}),
		wrong: shelved(func(v *uitest.Vault) {
			v.All[1].Trouble = dossier.Invalid("", "keep.folder-gone")
			v.Fail = dossier.Invalid("", "keep.failed")
		}, "F6"),
		long: shelved(func(v *uitest.Vault) {
			v.All[1].Path = `\\may-chu-luu-tru-cong-an-xa-binh-mau-dong.congan.tinhmau.local\sao-luu-hang-ngay\` + strings.Repeat("bo-phan-tiep-nhan-", 4)
			v.Lack = dossier.Missing{Readable: true, Apart: true, Events: 12412, Dossiers: 1057, Sent: 11380, LostAll: 523, Drafts: 3}
			for i := range dossier.MissingNamed {
				v.Lack.Lost = append(v.Lack.Lost, fmt.Sprintf("MAU.01-261119-%04d", i+1))
			}
		}, "F8")},
	{folder: "audit", screen: auditScreen, empty: to(auditScreen), full: to(auditScreen, fyne.KeyDown), wrong: failing("Trail", to(auditScreen)), long: to(auditScreen, fyne.KeyDown, "F4"),
		people: func(state string) crew {
			if state == "long" {
				return longPeople()
			}
			return usual()
		}},
	{folder: "incident", screen: incidentScreen, empty: to(incidentScreen), full: reckoned, long: reckoned, wrong: to(incidentScreen, "F9"), people: func(state string) crew {
		if state == "long" {
			return longPeople()
		}
		return usual()
	}},
	{folder: "setup", screen: func(s *Shell) *screen { return s.setup }, unset: true, empty: func(*house) {}, wrong: func(h *house) { h.press("F9") },
		full: func(h *house) { setUp(h, uitest.Station()) }, long: func(h *house) { setUp(h, uitest.LongStation()) }},
}

// reckoned is the report of a PC that is lost, noticed an hour ago.
func reckoned(h *house) {
	to(incidentScreen)(h)
	h.s.worst.Text("what", string(dossier.IncidentLost))
	h.s.worst.Text("hour", "08:12")
	h.press("F9")
}

// shelved shows the backups of a shelf as change left it.
func shelved(change func(v *uitest.Vault), then ...fyne.KeyName) func(h *house) {
	return func(h *house) {
		v := uitest.NewVault()
		change(v)
		h.desk.Vault = v
		to(backupScreen, then...)(h)
	}
}

// setUp types a station's names.
func setUp(h *house, s dossier.Settings) {
	u := s.Units[0]
	for field, text := range map[string]string{"unit.upper": u.Upper, "unit.name": u.Name, "unit.place": u.Place, "unit.phone": u.Phone, "unit.prefix": u.Prefix,
		"upstream": s.Upstreams[0].Name, "officer": s.Officers[0].Name, "title": s.Officers[0].Title, "unit.head": u.Head} {
		h.s.first.Text(field, text)
	}
}

// stage makes a house of the right kind for a state and brings it to it.
func (x scene) stage(t *testing.T, state string, size fyne.Size, scale float32) *house {
	t.Helper()
	set, fill, then := uitest.Station(), uitest.Fill, x.full
	switch state {
	case "empty":
		fill, then = nil, x.empty
		set.Upstreams, set.Units[0].Unit.Phone, set.Officers[0].Title = nil, "", "" // no more than there must be
	case "error":
		then = x.wrong
	case "long":
		set, fill, then = uitest.LongStation(), uitest.FillLong, x.long
	}
	set.TextSize = int(scale * 100)
	h := furnish(t, size, &set)
	if x.unset {
		h = furnish(t, size, nil)
		fill = nil
		fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(scale))
	}
	if fill != nil {
		if err := fill(t.Context(), h.desk, h.store); err != nil {
			t.Fatal(err)
		}
	}
	if x.people != nil {
		h.signedIn(x.people(state))
	}
	if state != "empty" {
		h.more = func(c *Config) { c.Sisters = func(context.Context) ([]dossier.Sister, error) { return x.others, nil } }
	}
	h.moveIn()
	then(h)
	h.settle()
	if h.s.now != x.screen(h.s) {
		t.Errorf("%s, %s: another screen is shown", x.folder, state)
	}
	return h
}

// draw keeps a picture. What cannot be painted (Fyne's painter stops at an image of no height) is a fault of that picture alone.
func (h *house) draw(name string) {
	h.t.Helper()
	defer func() {
		if why := recover(); why != nil {
			h.t.Errorf("%s cannot be painted: %v", name, why)
		}
	}()
	if err := uitest.Shoot(name, h.window.Canvas().Capture()); err != nil {
		h.t.Error(err)
	}
}

// TestEveryScreenIsDrawnInFiveStates draws each, with letters of 100 % and 200 % in the smallest window, and looks for what is cut off or lies over
// something else. A new screen without its five states fails here.
func TestEveryScreenIsDrawnInFiveStates(t *testing.T) {
	small := fyne.NewSize(1024, 600)
	for _, x := range scenes {
		for _, state := range five {
			for _, scale := range []float32{1, 2} {
				if state == "200" && scale == 1 {
					continue
				}
				size := small
				if scale == 2 && x.large != (fyne.Size{}) {
					size = x.large
				}
				h := x.stage(t, state, size, scale)
				name := "state-" + x.folder + "-" + state
				if scale == 2 && state != "200" {
					name = "large-" + x.folder + "-" + state
				}
				if os.Getenv("TIEPNHAN_SHOTS") != "" {
					h.draw(name)
				}
				if m := h.s.Content().MinSize(); m.Width > size.Width || m.Height > size.Height {
					t.Errorf("%s: wants %v", name, m)
				}
				for _, fault := range looked(h).faults {
					t.Errorf("%s: %s", name, fault)
				}
			}
		}
	}
}

// TestNoScreenIsForgotten compares the scenes with the screens there are: the folders that have one, and what the window can show.
func TestNoScreenIsForgotten(t *testing.T) {
	have := map[string]bool{}
	for _, x := range scenes {
		if have[x.folder] = true; x.empty == nil || x.full == nil || x.wrong == nil || x.long == nil {
			t.Errorf("%s is not drawn in all of %q", x.folder, five)
		}
	}
	views, err := filepath.Glob("../*/view.go")
	if err != nil || len(views) == 0 {
		t.Fatal(views, err)
	}
	for _, view := range views {
		if folder := filepath.Base(filepath.Dir(view)); !have[folder] {
			t.Errorf("the screen of ui/%s has no scene", folder)
		}
	}
	h := furnish(t, big, station())
	h.moveIn()
	of := map[*screen]bool{h.s.others: true} // a menu says the same whatever there is
	for _, x := range scenes {
		of[x.screen(h.s)] = true
	}
	for i, x := range h.s.all {
		if !of[x] {
			t.Errorf("screen %d of the window has no scene", i)
		}
	}
}
