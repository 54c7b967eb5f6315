package shell

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
	"tiepnhan/ui/uitest"
)

// The guide for the station is in docs; its pictures are drawn here: make guide-pictures.
const (
	manual   = "../../docs/huong-dan.md"
	pictures = "../../docs/anh"
	heaviest = 60 << 10
)

// TestGuideHasItsPictures draws them where TIEPNHAN_GUIDE is set, and otherwise looks whether the guide and the folder agree.
func TestGuideHasItsPictures(t *testing.T) {
	if os.Getenv("TIEPNHAN_GUIDE") != "" {
		drawManual(t)
	}
	text, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, m := range regexp.MustCompile(`\(anh/([a-z-]+\.png)\)`).FindAllSubmatch(text, -1) {
		named[string(m[1])] = true
	}
	entries, err := os.ReadDir(pictures)
	if err != nil || len(entries) < 8 || len(named) != len(entries) {
		t.Fatalf("%d pictures, %d named in the guide: %v", len(entries), len(named), err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !named[e.Name()] || info.Size() > heaviest {
			t.Errorf("%s: named %v, %d bytes: %v", e.Name(), named[e.Name()], info.Size(), err)
		}
	}
}

func drawManual(t *testing.T) {
	small := fyne.NewSize(1024, 600)
	h := furnish(t, small, station())
	if err := uitest.Fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.desk.Stick = &carrier{out: dossier.Exported{Parcels: []dossier.Parcel{parcel("", "Công an tỉnh Mẫu", 9, 1, 0), parcel("", "Công an xã Bình Mẫu, quầy số 2", 9, 1, 0)}}}
	h.more = func(cfg *Config) { cfg.Sticks = func() []string { return []string{"E:\\"} } }
	h.moveIn()
	h.ctrl("3")
	h.settle()
	h.write(uitest.Person)
	h.press(fyne.KeyReturn)
	h.press("F8")
	h.settle()
	h.ctrl("D")
	h.settle()
	h.picture("tiep-nhan")
	h.press("F4")
	h.settle()
	h.picture("tu-choi")
	h.press("F4")
	h.press("F9")
	h.settle()
	h.picture("da-luu")
	h.press("F3")
	h.settle()
	h.picture("danh-sach")
	h.s.open(h.store.IDs()[1])
	h.settle()
	h.picture("ho-so")
	h.press("F7")
	h.settle()
	h.picture("cho-gui")
	h.press(fyne.KeyInsert)
	h.settle()
	h.press("F6")
	h.settle()
	h.picture("gui-usb")
	h.press("F10")
	h.settle()
	h.picture("chot-ngay")
	h.s.show(h.s.figures)
	h.settle()
	h.press("F9")
	h.settle()
	h.picture("so-lieu")
	h.press("F11")
	h.settle()
	h.picture("viec-khac")
	try := furnish(t, small, station())
	try.more = func(cfg *Config) { cfg.Practising = true }
	try.moveIn()
	try.ctrl("3")
	try.settle()
	try.picture("tap-thu")
}

// picture keeps what the window shows, in few colours: the best of them are those there is most of.
func (h *house) picture(name string) {
	h.t.Helper()
	from := h.window.Canvas().Capture()
	bounds := from.Bounds()
	count := map[color.NRGBA]int{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[color.NRGBAModel.Convert(from.At(x, y)).(color.NRGBA)]++
		}
	}
	var all []color.NRGBA
	for c := range count {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.NRGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), bytes.Compare([]byte{a.R, a.G, a.B}, []byte{b.R, b.G, b.B}))
	})
	var few color.Palette
	for _, c := range all[:min(len(all), 64)] {
		few = append(few, c)
	}
	for _, name := range []fyne.ThemeColorName{kit.Red, kit.Amber, kit.Green, kit.Accent, kit.Ring} { // rare, and what they say matters
		few = append(few, fyne.CurrentApp().Settings().Theme().Color(name, theme.VariantLight))
	}
	to := image.NewPaletted(bounds, few)
	nearest := map[color.NRGBA]uint8{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			c := color.NRGBAModel.Convert(from.At(x, y)).(color.NRGBA)
			i, known := nearest[c]
			if !known {
				i = uint8(few.Index(c))
				nearest[c] = i
			}
			to.SetColorIndex(x, y, i)
		}
	}
	var file bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&file, to); err != nil {
		h.t.Fatal(err)
	}
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(pictures, name+".png"), file.Bytes(), 0o644); err != nil {
		h.t.Fatal(err)
	}
}
