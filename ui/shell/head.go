package shell

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiepnhan/ui/kit"
)

// head is the row of tabs. Where large texts leave no room for all of it, the two buttons at its end say less; where that is not enough either,
// words go before keys: only F1 is still shown, which tells all keys.
type head struct {
	row        *fyne.Container
	send, help *kit.Button
	keys       map[*kit.Button]string
}

func newHead(row *fyne.Container, send, help *kit.Button) *fyne.Container {
	l := &head{row, send, help, map[*kit.Button]string{}}
	for _, o := range row.Objects {
		if b, ok := o.(*kit.Button); ok {
			l.keys[b] = b.Key
		}
	}
	return container.New(l, row)
}

const sendWords, sendShort, helpWords, helpShort = "Gửi ngay", "Gửi", "Trợ giúp", "?"

func (l *head) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.say(sendWords, helpWords, true)
	if l.row.MinSize().Width > size.Width {
		l.say(sendShort, helpShort, true)
	}
	if l.row.MinSize().Width > size.Width {
		l.say(sendShort, helpShort, false)
	}
	l.row.Move(fyne.NewPos(0, 0))
	l.row.Resize(size)
	kit.Relayout(l.row)
}

func (l *head) say(send, help string, keys bool) {
	l.send.Set(send)
	l.help.Set(help)
	for b, key := range l.keys {
		if b != l.help && !keys {
			key = ""
		}
		if b.Key != key {
			b.Key = key
			b.Refresh()
		}
	}
}

func (l *head) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(400, l.row.MinSize().Height)
}
