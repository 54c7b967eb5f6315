package waiting

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tiepnhan/assets"
	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// Ticket takes what is pasted.
func (p *Presenter) Ticket(text string) {
	p.ticket, p.said = text, kit.Said{}
	p.render()
}

// Pair introduces this PC to upstream with the ticket.
func (p *Presenter) Pair() {
	if p.pairing || p.status.Sending {
		return
	}
	ticket := strings.TrimSpace(p.ticket)
	if ticket == "" {
		p.said = kit.Said{Text: assets.Word("ui.ticket-missing", nil)}
		p.render()
		p.focus("ticket")
		return
	}
	p.pairing, p.alert, p.said = true, nil, kit.Said{}
	p.render()
	p.Threads.Go(func() {
		up, err := p.Desk.Enrol(context.Background(), ticket)
		p.Threads.OnUI(func() {
			p.pairing = false
			if err != nil {
				p.said = kit.Said{Text: kit.SayError(err)}
				p.render()
				p.focus("ticket")
				return
			}
			p.ticket, p.failure = "", nil
			p.Refresh(func() {
				p.alert = &Alert{kit.Good, "Đã ghép nối với " + up.Name + "; máy này là quầy số " + strconv.Itoa(up.Desk) + ". Nhấn F5 để gửi."}
				p.render()
				p.told()
			})
		})
	})
}

// shutOut tells whether the two sides know different keys, because one's disk was put back: only another ticket helps.
func (p *Presenter) shutOut() bool {
	return slices.Contains([]string{"line.former-key", "line.unknown-device", "line.wrong-key"}, dossier.Code(p.failure))
}

func (p *Presenter) focus(field string) {
	if p.view != nil {
		p.view.Focus(field)
	}
}
