package shell

import (
	"fyne.io/fyne/v2"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// way is one thing that is not needed every hour.
type way struct {
	title, sub string
	to         *screen
	do         func()       // instead, where it is no screen
	deed       dossier.Deed // offered to who may do it; empty is everybody
}

// more is F11: the menu of such things. Arrows and Enter choose, or a digit.
type more struct {
	all    []way
	ways   []way // those offered
	may    func(dossier.Deed) bool
	menu   *kit.Menu
	scroll *kit.Scroll // nil until it is first shown
	digits *kit.Digits
	choose func(way)
}

func newMore(threads kit.Threads, all []way, may func(dossier.Deed) bool, choose func(way)) *more {
	m := &more{all: all, may: may, menu: kit.NewMenu(), digits: kit.NewDigits(threads), choose: choose}
	m.offer()
	m.menu.OnPick = m.pick
	m.menu.OnRune = func(r rune) { m.digits.Typed(m.menu.Digit(r), m.pick) }
	return m
}

// offer shows what who is signed in may do. What was chosen last stays chosen, unless that changed.
func (m *more) offer() {
	var ways []way
	var items []kit.MenuItem
	for _, w := range m.all {
		if m.may(w.deed) {
			ways, items = append(ways, w), append(items, kit.MenuItem{Title: w.title, Sub: w.sub})
		}
	}
	if len(ways) != len(m.ways) { // who may more may all of what who may less may
		m.ways = ways
		m.menu.SetItems(items)
		if m.scroll != nil {
			m.scroll.Relayout()
		}
	}
}

func (m *more) pick(i int) {
	m.digits.Drop()
	m.choose(m.ways[i])
}

func (m *more) content() fyne.CanvasObject {
	m.scroll = kit.NewScroll(kit.Row(0, kit.Cell{Object: kit.Panel("Việc khác", m.menu), Min: 280, Weight: 3}, kit.Cell{Object: kit.Gap(1), Weight: 2}))
	m.menu.OnMove = func(from, height float32) { m.scroll.RevealPart(m.menu, from, height) }
	return kit.Pad(12, 8, 8, 16, m.scroll)
}

func (m *more) focus() {
	m.offer()
	if c := kit.CanvasOf(m.menu); c != nil {
		c.Focus(m.menu)
	}
}

func (m *more) key(kit.Event) bool { return false }

func (m *more) keys() []kit.Hint {
	return []kit.Hint{{Key: "Mũi tên, Enter", Does: "Chọn"}, {Key: "1 … 9, 0", Does: "Chọn ngay"}}
}
