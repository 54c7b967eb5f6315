package shell

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiepnhan/ui/kit"
)

// head is the row of tabs. Where large texts leave no room for all of it, the two buttons at its end say less.
type head struct {
	row        *fyne.Container
	send, help *kit.Button
}

func newHead(row *fyne.Container, send, help *kit.Button) *fyne.Container {
	return container.New(&head{row, send, help}, row)
}

const sendWords, sendShort, helpWords, helpShort = "Gửi ngay", "Gửi", "Trợ giúp", "?"

func (l *head) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.send.Set(sendWords)
	l.help.Set(helpWords)
	if l.row.MinSize().Width > size.Width {
		l.send.Set(sendShort)
		l.help.Set(helpShort)
	}
	l.row.Move(fyne.NewPos(0, 0))
	l.row.Resize(size)
	kit.Relayout(l.row)
}

func (l *head) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(400, l.row.MinSize().Height)
}
