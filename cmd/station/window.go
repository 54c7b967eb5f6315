package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/assets"
	"tiepnhan/cmd/internal/cli"
	"tiepnhan/dossier"
	"tiepnhan/forms/raster"
	"tiepnhan/store/keyring"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/shell"
)

// appID names the program to the desktop.
const appID = "vn.tiepnhan.station"

// usualSize is how the window opens where the screen has room for it.
var usualSize = fyne.NewSize(1280, 800)

// window opens the desktop program. What keeps it from opening is said in a window: nobody at a desk reads stderr.
func window(ctx context.Context, args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("station", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	data := flags.String("data", defaultData(), "")
	sample := flags.Bool("sample", false, "")
	practising := flags.Bool("practice", false, "")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		help(stderr)
		return fmt.Errorf("%w: %v", cli.ErrUsage, args)
	}
	kit.SpeakVietnamese()
	flat()
	a := app.NewWithID(appID)
	a.Settings().SetTheme(kit.NewTheme(1))
	a.SetIcon(fyne.NewStaticResource("icon.png", assets.Icon))
	open := func() (*world, error) { return openStation(ctx, *data, *sample) }
	title, try := "Tiếp nhận hồ sơ định danh và xác thực điện tử", practice(*data)
	if *practising {
		open = func() (*world, error) { return openPractice(ctx, *data) }
		title, try = shell.PracticeTitle, nil
	}
	var w *world
	var err error
	guarded := false
	if !*practising && (!*sample || keyring.Exists(*data)) {
		guarded, err = needsPassword(ctx, *data)
	}
	if err == nil && !guarded {
		w, err = open()
	}
	gone := func(err error) { os.Exit(cli.Report(err, stderr)) }
	if err != nil {
		if ctx.Err() == nil { // nobody is there to read it after sign-out
			sayAndClose(a, err, gone)
		}
		return err
	}
	f := newFront(ctx, a, a.NewWindow(title), *data, *practising, gone)
	f.try = try
	if guarded {
		f.shut("", "")
	} else {
		f.enter(w)
	}
	f.win.Show()
	a.Run() // comes back only where a signal was quicker than heed
	return f.close()
}

// warm makes ready for the first look at a page, once the window has had its start to itself. Where it fails, the look itself says so.
func warm(ctx context.Context, pages *raster.Raster) {
	select {
	case <-ctx.Done():
	case <-time.After(3 * time.Second):
		_ = pages.Warm(ctx)
	}
}

// openStation opens the station's file, or makes it: empty, so that the window asks who this is, or as the made-up station.
func openStation(ctx context.Context, data string, sample bool) (*world, error) {
	w, err := openWorld(ctx, data, nil, toSetUp, clock)
	if err != nil || !sample {
		return w, err
	}
	if _, ok, err := w.store.Settings(ctx); err != nil || ok {
		return w, err
	}
	settings := sampleSettings()
	w.desk.Officer = settings.Officers[0].ID
	return w, w.desk.SetUp(ctx, settings)
}

// sayAndClose shows why the program cannot open, until that is read.
func sayAndClose(a fyne.App, err error, gone func(error)) {
	heading := "Chưa mở được chương trình"
	tone, text := kit.Bad, assets.Word("program.failed", map[string]string{"detail": err.Error()})
	switch code := dossier.Code(err); {
	case code == "station.open": // the icon was pressed twice: nothing is wrong
		heading, tone, text = "Chương trình đang mở", kit.Info, assets.Word("station.open-already", nil)
	case code != "":
		text = kit.SayError(err)
	}
	title := kit.Strong(heading)
	title.SizeName = theme.SizeNameSubHeadingText
	end := func() { gone(err) }
	closing := kit.NewButton("Đóng", "Esc", kit.Primary, end)
	win := a.NewWindow("Tiếp nhận hồ sơ")
	win.SetCloseIntercept(end)
	win.SetPadded(false)
	win.SetContent(kit.Pad(14, 18, 16, 18, kit.Column(14, title, kit.Notice(tone, text),
		kit.Row(10, kit.Cell{Object: kit.Gap(1), Weight: 1}, kit.Cell{Object: closing}))))
	win.Resize(fyne.NewSize(640, 220))
	win.CenterOnScreen()
	router := &kit.Router{Focus: win.Canvas().Focused, OnKey: func(e kit.Event) bool {
		if e.Key == fyne.KeyEscape {
			end()
		}
		return e.Key == fyne.KeyEscape
	}}
	a.Lifecycle().SetOnStarted(func() {
		heed(end)
		listen(win, func() *kit.Router { return router }, func() {})
		win.Canvas().Focus(closing)
	})
	win.ShowAndRun()
}
