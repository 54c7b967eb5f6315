package waiting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tiepnhan/assets"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Stick is what this screen asks of the desk for the way by USB.
type Stick interface {
	Export(ctx context.Context, dir string, told func(dossier.SendStep)) (dossier.Exported, error)
	Import(ctx context.Context, dir string, told func(dossier.SendStep)) (dossier.Imported, error)
	EnrolAsk(ctx context.Context, dir, ticket string) (file string, err error)
	EnrolTake(ctx context.Context, dir string) (dossier.Upstream, error)
	PrintParcels(ctx context.Context, e dossier.Exported, to desk.Where) (desk.Printing, error)
}

// USB is what the screen shows of the way by stick.
type USB struct {
	Has      bool // there is such a way
	First    bool // it was used last, and stands above what else can be done
	Folder   string
	Said     kit.Said
	Going    string  // what goes on, in words; "" while nothing does
	Share    float32 // of the whole; below 0 while it is not known
	Stopping bool
	Told     []Alert // what came of the last one
	Sheet    bool    // a hand-over sheet can be printed
}

// usb is what the presenter knows of it.
type usb struct {
	folder   string
	first    bool
	said     kit.Said
	doing    string
	step     dossier.SendStep
	cancel   context.CancelFunc
	stopping bool
	told     []Alert
	out      *dossier.Exported
}

// Folder takes where the stick is.
func (p *Presenter) Folder(text string) {
	p.usb.folder, p.usb.said = text, kit.Said{}
	p.render()
}

// FindStick is Insert: the next of the sticks that are plugged in.
func (p *Presenter) FindStick() {
	if p.Stick == nil || p.Sticks == nil || p.usb.doing != "" {
		return
	}
	p.Threads.Go(func() {
		found := p.Sticks()
		p.Threads.OnUI(func() {
			p.usb.first = true
			if len(found) == 0 {
				p.usb.said = kit.Said{Text: assets.Word("parcel.no-stick", nil)}
			} else {
				p.usb.folder, p.usb.said = found[(slices.Index(found, p.usb.folder)+1)%len(found)], kit.Said{}
			}
			p.render()
		})
	})
}

// Export is F6: onto the stick with what waits; before enrolment, with the question.
func (p *Presenter) Export() {
	if p.status.Known && !p.status.Enrolled {
		ticket := strings.TrimSpace(p.ticket)
		if ticket == "" {
			p.usb.first = false // the ticket is what is lacking
			p.said = kit.Said{Text: assets.Word("ui.ticket-missing", nil)}
			p.render()
			p.focus("ticket")
			return
		}
		p.byStick("ask", func(ctx context.Context, dir string, _ func(dossier.SendStep)) ([]Alert, error) {
			file, err := p.Stick.EnrolAsk(ctx, dir, ticket)
			return []Alert{{kit.Good, assets.Word("parcel.asked", map[string]string{"file": file})}}, err
		})
		return
	}
	p.usb.out = nil
	p.byStick("export", func(ctx context.Context, dir string, told func(dossier.SendStep)) ([]Alert, error) {
		out, err := p.Stick.Export(ctx, dir, told)
		if err != nil {
			return nil, err
		}
		p.Threads.OnUI(func() { p.usb.out = &out })
		return exportedWords(out), nil
	})
}

// Import is Ctrl+N: from the stick with what came; before enrolment, with the answer.
func (p *Presenter) Import() {
	if p.status.Known && !p.status.Enrolled {
		p.byStick("take", func(ctx context.Context, dir string, _ func(dossier.SendStep)) ([]Alert, error) {
			up, err := p.Stick.EnrolTake(ctx, dir)
			return []Alert{{kit.Good, assets.Word("parcel.enrolled", map[string]string{"upstream": up.Name, "desk": strconv.Itoa(up.Desk)})}}, err
		})
		return
	}
	p.byStick("import", func(ctx context.Context, dir string, told func(dossier.SendStep)) ([]Alert, error) {
		in, err := p.Stick.Import(ctx, dir, told)
		return importedWords(in), err
	})
}

// byStick does one thing with the stick, away from the screen.
func (p *Presenter) byStick(doing string, do func(context.Context, string, func(dossier.SendStep)) ([]Alert, error)) {
	dir := strings.TrimSpace(p.usb.folder)
	switch {
	case p.Stick == nil || p.usb.doing != "" || p.pairing || !p.status.Known:
		return
	case dir == "":
		p.usb.first = true
		p.usb.said = kit.Said{Text: assets.Word("parcel.folder-missing", nil)}
		p.render()
		p.focus("folder")
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.usb.doing, p.usb.cancel, p.usb.step, p.usb.told, p.usb.said = doing, cancel, dossier.SendStep{}, nil, kit.Said{}
	p.alert, p.usb.first = nil, true
	p.render()
	p.Threads.Go(func() {
		told, err := do(ctx, dir, func(step dossier.SendStep) {
			p.Threads.OnUI(func() {
				if p.usb.doing != "" {
					p.usb.step = step
					p.render()
				}
			})
		})
		p.Threads.OnUI(func() {
			cancel()
			p.usb.doing, p.usb.cancel, p.usb.stopping = "", nil, false
			switch {
			case errors.Is(err, context.Canceled) && doing == "import":
				told = append(told, Alert{kit.Warn, assets.Word("parcel.import-stopped", nil)})
			case errors.Is(err, context.Canceled):
				told = []Alert{{kit.Warn, assets.Word("parcel.export-stopped", nil)}}
			case err != nil && dossier.Code(err) == "parcel.folder":
				p.usb.said = kit.Said{Text: sentences(err)}
			case err != nil:
				told = []Alert{{kit.Bad, sentences(err)}}
			case doing == "take":
				p.ticket = ""
			}
			if len(told) > 0 {
				p.alert, told = &told[0], told[1:] // at the top, where it is seen; the rest where it was asked for
			}
			p.usb.told = told
			p.render()
			p.Refresh(p.told) // receipts may have come, or this PC is enrolled now
		})
	})
}

// StopStick ends what goes on with the stick.
func (p *Presenter) StopStick() {
	if p.usb.cancel == nil || p.usb.stopping {
		return
	}
	p.usb.stopping = true
	p.usb.cancel()
	p.render()
}

// PrintSheet is Ctrl+G: the sheet that goes with the stick that was just written.
func (p *Presenter) PrintSheet() {
	if p.usb.out == nil || p.usb.doing != "" {
		return
	}
	out := *p.usb.out
	p.usb.doing = "print"
	p.render()
	p.Threads.Go(func() {
		done, err := p.Stick.PrintParcels(context.Background(), out, desk.Where{})
		p.Threads.OnUI(func() {
			p.usb.doing = ""
			said := Alert{kit.Good, assets.Word("parcel.sheet-printed", map[string]string{"printer": done.Printer})}
			switch {
			case err != nil:
				said = Alert{kit.Bad, sentences(err)}
			case done.Path != "":
				said = Alert{kit.Info, assets.Word("parcel.sheet-kept", map[string]string{"file": done.Path})}
			}
			p.usb.told = append(p.usb.told, said)
			p.render()
		})
	})
}

func (p *Presenter) usbState() USB {
	u := USB{Has: p.Stick != nil && p.status.Known, First: p.usb.first, Folder: p.usb.folder, Said: p.usb.said, Stopping: p.usb.stopping, Told: p.usb.told,
		Sheet: p.usb.out != nil && p.usb.doing == "", Share: -1}
	step := p.usb.step
	if step.Of > 0 {
		u.Share = min(1, float32(step.Done)/float32(step.Of))
	}
	switch {
	case p.usb.doing == "":
	case p.usb.doing == "ask" || p.usb.doing == "take":
		u.Going = "Đang đọc và ghi USB…"
	case p.usb.doing == "print":
		u.Going = "Đang lập phiếu giao nhận…"
	case step.Phase == "export":
		u.Going = fmt.Sprintf("Đang ghi ra USB: %d/%d diễn biến", step.Done, step.Of)
	case step.Phase == "check":
		u.Going = fmt.Sprintf("Đang đọc lại và đối chiếu: %d tệp", step.Done)
	case step.Phase == "import":
		u.Going = fmt.Sprintf("Đang nhận từ USB: %d/%d tệp", step.Done, step.Of)
	default:
		u.Going = "Đang chuẩn bị…"
	}
	return u
}

// exportedWords say what is on the stick now, and never that it was sent: not by the green tick either, which stands for a receipt.
func exportedWords(out dossier.Exported) []Alert {
	told := []Alert{{kit.Info, assets.Word("parcel.exported", map[string]string{"count": strconv.Itoa(len(out.Parcels)), "folder": out.Dir})}}
	for _, one := range out.Parcels {
		said := fmt.Sprintf("Cho %s: %d diễn biến", one.To, one.Entries())
		if one.Receipts > 0 {
			said += fmt.Sprintf(", %d biên nhận", one.Receipts)
		}
		told = append(told, Alert{kit.Info, said + fmt.Sprintf(", trong %d tệp.", len(one.Files)+1)})
	}
	return told
}

// importedWords say what came of each parcel that concerns this PC, then how many are for others.
func importedWords(in dossier.Imported) []Alert {
	var told []Alert
	ours, others := 0, 0
	for _, one := range in.Parcels {
		switch code := dossier.Code(one.Problem); {
		case code == "parcel.foreign" || code == "parcel.outgoing":
			others++
			continue
		case one.To != "":
			ours++
			tone := kit.Good
			if one.Problem != nil {
				tone = kit.Warn
			}
			told = append(told, Alert{tone, fmt.Sprintf("Từ %s, lập lúc %s: nhận %d/%d tệp, %d diễn biến mới.", one.From, kit.Short(one.At), one.Done, len(one.Files), one.Taken)})
		}
		for _, ps := range one.Problem {
			tone := kit.Bad
			if ps.Warn {
				tone = kit.Warn
			}
			told = append(told, Alert{tone, kit.Say(ps)})
		}
	}
	for _, ps := range in.Problem {
		told = append(told, Alert{kit.Warn, kit.Say(ps)})
	}
	if others > 0 {
		told = append(told, Alert{kit.Info, assets.Word("parcel.others", map[string]string{"count": strconv.Itoa(others)})})
	}
	for _, h := range in.Healed {
		if one := (Alert{kit.Info, kit.SayHealed(h)}); !slices.Contains(told, one) {
			told = append(told, one)
		}
	}
	head := Alert{kit.Good, assets.Word("parcel.imported", map[string]string{"count": strconv.Itoa(in.Taken), "receipts": strconv.Itoa(in.Receipts)})}
	switch {
	case ours == 0:
		head = Alert{kit.Warn, assets.Word("parcel.nothing-here", nil)}
	case slices.ContainsFunc(told, func(a Alert) bool { return a.Tone == kit.Warn || a.Tone == kit.Bad }):
		head.Tone = kit.Warn
	}
	return append([]Alert{head}, told...)
}
