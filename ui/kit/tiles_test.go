package kit

import (
	"slices"
	"strconv"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// heaps are six of them; the last is empty.
func heaps(short bool) (all []Tile) {
	for i, title := range []string{"Tất cả", "Tiếp nhận", "Yêu cầu bổ sung giấy tờ", "Đã chuyển", "Trả kết quả", "Đính chính"} {
		one := Tile{Title: title, Count: strconv.Itoa(100 - 20*i), Empty: i == 5, Key: strconv.Itoa(i + 1)}
		if short {
			one.Short, one.Chip = "Ngắn", &Chip{RingSign, Accent, Soft}
		}
		all = append(all, one)
	}
	return all
}

func newHeaps(t *testing.T, letters float32, short bool, size fyne.Size) (*Tiles, *[]int, *int) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(letters))
	tiles, picked, left := NewTiles(), &[]int{}, new(int)
	tiles.OnPick = func(i int) { *picked = append(*picked, i) }
	tiles.OnLeave = func() { *left++ }
	tiles.Set(heaps(short), 0)
	test.NewTempWindow(t, tiles).Resize(size)
	return tiles, picked, left
}

func said(t *Tiles) (texts []string) {
	for _, o := range test.WidgetRenderer(t).Objects() {
		if x, ok := o.(*canvas.Text); ok {
			texts = append(texts, x.Text)
		}
	}
	return texts
}

func TestArrowsGoAroundTheTiles(t *testing.T) {
	tiles, picked, left := newHeaps(t, 1, true, fyne.NewSize(1000, 200))
	for _, key := range []fyne.KeyName{fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd} {
		tiles.TypedKey(&fyne.KeyEvent{Name: key})
	}
	tiles.Set(heaps(true), 5)
	tiles.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	tiles.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	tiles.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if want := []int{5, 1, 0, 5, 0}; !slices.Equal(*picked, want) || *left != 2 {
		t.Errorf("picked %v, left %d times", *picked, *left)
	}
}

func TestNoTilesTakeNoKeysAndNoRoom(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	tiles := NewTiles()
	tiles.OnPick = func(i int) { t.Errorf("picked %d", i) }
	tiles.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	tiles.Tapped(&fyne.PointEvent{Position: fyne.NewPos(5, 5)})
	if h := tiles.HeightFor(600); h != 0 {
		t.Errorf("%v high", h)
	}
}

func TestClickPicksTheTileUnderIt(t *testing.T) {
	tiles, picked, _ := newHeaps(t, 1, false, fyne.NewSize(1000, 200))
	g := tiles.grid(tiles.Size().Width)
	for i := range tiles.all {
		tiles.Tapped(&fyne.PointEvent{Position: g.place(i).AddXY(g.size.Width/2, g.size.Height-1)})
	}
	tiles.Tapped(&fyne.PointEvent{Position: fyne.NewPos(g.size.Width+tileGap/2, 5)}) // between two
	if want := []int{0, 1, 2, 3, 4, 5}; !slices.Equal(*picked, want) {
		t.Errorf("picked %v", *picked)
	}
}

// Whatever the width and the letters, every count and name is said, inside its tile; without room for keys or long names, those go.
func TestTilesSayAllAtAnyWidth(t *testing.T) {
	for _, short := range []bool{true, false} {
		for _, letters := range []float32{1, 1.5, 2} {
			for _, width := range []float32{300, 450, 640, 1000, 1900} {
				tiles, _, _ := newHeaps(t, letters, short, fyne.NewSize(width, 800))
				g, texts := tiles.grid(tiles.Size().Width), said(tiles)
				for i, one := range tiles.all {
					if !slices.Contains(texts, one.Count) {
						t.Errorf("%v wide, letters %v: no count %q among %q", width, letters, one.Count, texts)
					}
					if g.flat && !slices.Contains(texts, one.Title) || g.flat && short {
						t.Errorf("%v wide, letters %v: flat, %q", width, letters, texts)
					}
					if at := g.place(i); at.X+g.size.Width > tiles.Size().Width+1 || at.Y+g.size.Height > tiles.HeightFor(tiles.Size().Width)+1 {
						t.Errorf("%v wide, letters %v: tile %d ends at %v", width, letters, i, at.Add(g.size))
					}
				}
				if !short || g.cols > 3 { // short names in three columns are the least there is
					for _, o := range test.WidgetRenderer(tiles).Objects() {
						if x, ok := o.(*canvas.Text); ok && width >= 640 && x.Position().X+x.MinSize().Width > tiles.Size().Width+1 {
							t.Errorf("%v wide, letters %v: %q goes beyond", width, letters, x.Text)
						}
					}
				}
			}
		}
	}
}

func TestTilesWithoutShortNamesLieFlatWhereLettersAreLarge(t *testing.T) {
	tiles, _, _ := newHeaps(t, 2, false, fyne.NewSize(390, 800))
	if g := tiles.grid(tiles.Size().Width); !g.flat || slices.Contains(said(tiles), "Ctrl+1") {
		t.Errorf("%+v, %q", g, said(tiles))
	}
}

func TestTilesLayThemselvesOutAgainForLargerCounts(t *testing.T) {
	tiles, _, _ := newHeaps(t, 1, false, fyne.NewSize(700, 300))
	if !slices.Contains(said(tiles), "Ctrl+1") {
		t.Fatalf("%q", said(tiles))
	}
	all := heaps(false)
	all[0].Count = "1.000.000.000"
	tiles.Set(all, 0)
	if slices.Contains(said(tiles), "Ctrl+1") {
		t.Errorf("the key still stands behind %q", all[0].Count)
	}
}

func TestChosenTileDiffersWithoutItsColour(t *testing.T) {
	tiles, _, _ := newHeaps(t, 1, true, fyne.NewSize(1000, 200))
	bars := func() (n int) {
		for _, o := range test.WidgetRenderer(tiles).Objects() {
			if r, ok := o.(*canvas.Rectangle); ok && r.FillColor == colorOf(Accent) && r.Size().Height == 4 {
				n++
			}
		}
		return n
	}
	if bars() != 1 {
		t.Errorf("%d bars", bars())
	}
	tiles.CountSize = theme.SizeNameSubHeadingText
	tiles.FocusGained()
	ring := false
	for _, o := range test.WidgetRenderer(tiles).Objects() {
		r, ok := o.(*canvas.Rectangle)
		ring = ring || ok && r.StrokeColor == colorOf(Ring)
	}
	if !ring {
		t.Error("the focus is not to be seen")
	}
}
