package shell

import (
	"fyne.io/fyne/v2"

	"tiepnhan/ui/kit"
)

// way is one thing that is not needed every hour.
type way struct {
	title, sub string
	to         *screen
	do         func() // instead, where it is no screen
}

// more is F11: the menu of such things. Arrows and Enter choose, or a digit.
type more struct {
	ways   []way
	menu   *kit.Menu
	digits *kit.Digits
	choose func(way)
}

func newMore(threads kit.Threads, ways []way, choose func(way)) *more {
	m := &more{ways: ways, menu: kit.NewMenu(), digits: kit.NewDigits(threads), choose: choose}
	var items []kit.MenuItem
	for _, w := range ways {
		items = append(items, kit.MenuItem{Title: w.title, Sub: w.sub})
	}
	m.menu.SetItems(items)
	m.menu.OnPick = m.pick
	m.menu.OnRune = func(r rune) { m.digits.Typed(m.menu.Digit(r), m.pick) }
	return m
}

func (m *more) pick(i int) {
	m.digits.Drop()
	m.choose(m.ways[i])
}

func (m *more) content() fyne.CanvasObject {
	scroll := kit.NewScroll(kit.Row(0, kit.Cell{Object: kit.Panel("Việc khác", m.menu), Min: 280, Weight: 3}, kit.Cell{Object: kit.Gap(1), Weight: 2}))
	m.menu.OnMove = func(from, height float32) { scroll.RevealPart(m.menu, from, height) }
	return kit.Pad(12, 8, 8, 16, scroll)
}

func (m *more) focus() {
	if c := kit.CanvasOf(m.menu); c != nil {
		c.Focus(m.menu)
	}
}

func (m *more) key(kit.Event) bool { return false }

func (m *more) keys() []kit.Hint {
	return []kit.Hint{{Key: "Mũi tên, Enter", Does: "Chọn"}, {Key: "1 … 9", Does: "Chọn ngay"}}
}
