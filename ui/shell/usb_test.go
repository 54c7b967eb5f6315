package shell

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiepnhan/dossier"
	"tiepnhan/ui/uitest"
)

// carrier is a stick that does what a test says.
type carrier struct {
	steps  []dossier.SendStep
	during func() // while it goes on
	out    dossier.Exported
	in     dossier.Imported
	fail   error
}

func (c *carrier) carry(told func(dossier.SendStep)) error {
	for _, s := range c.steps {
		told(s)
	}
	if c.during != nil {
		c.during()
	}
	return c.fail
}

func (c *carrier) Export(_ context.Context, dir string, told func(dossier.SendStep)) (dossier.Exported, error) {
	c.out.Dir = dir
	return c.out, c.carry(told)
}

func (c *carrier) Import(_ context.Context, _ string, told func(dossier.SendStep)) (dossier.Imported, error) {
	return c.in, c.carry(told)
}

func (c *carrier) EnrolAsk(context.Context, string, string) (string, error) {
	return "TIEPNHAN/ghep-noi-0a1b2c3d4e5f.ask", c.fail
}

func (c *carrier) EnrolTake(context.Context, string) (dossier.Upstream, error) {
	return dossier.Upstream{Name: "Công an tỉnh Mẫu", Desk: 1}, c.fail
}

func (*carrier) Sheet(dossier.ParcelSheet) ([]byte, error) { return []byte("%PDF-"), nil }

func parcel(from, to string, entries, files, receipts int) dossier.Parcel {
	return dossier.Parcel{From: from, To: to, At: uitest.Now.Add(-time.Hour), Files: make([]dossier.ParcelFile, files),
		Journals: []dossier.ParcelJournal{{Entries: entries}}, Receipts: receipts}
}

// stickState is the waiting screen in one state of the way by USB.
type stickState struct {
	name string
	long bool
	bare bool // not enrolled
	do   func(h *house, c *carrier)
}

func plugIn(keys ...fyne.KeyName) func(h *house, c *carrier) {
	return func(h *house, _ *carrier) {
		h.press(fyne.KeyInsert)
		h.settle()
		for _, key := range keys {
			h.press(key)
			h.settle()
		}
	}
}

func takeIn(h *house, c *carrier) {
	plugIn()(h, c)
	h.ctrl("N")
	h.settle()
}

var stickStates = []stickState{
	{name: "empty", do: func(*house, *carrier) {}},
	{name: "no-folder", do: func(h *house, _ *carrier) { h.press("F6"); h.settle() }},
	{name: "found", do: plugIn()},
	{name: "exporting", do: func(h *house, c *carrier) {
		c.steps = []dossier.SendStep{{Phase: "export", Done: 100, Of: 252}}
		plugIn("F6")(h, c)
	}},
	{name: "importing", do: func(h *house, c *carrier) {
		c.steps = []dossier.SendStep{{Phase: "import", Done: 2, Of: 3}}
		takeIn(h, c)
	}},
	{name: "exported", do: func(h *house, c *carrier) {
		c.out.Parcels = []dossier.Parcel{parcel("", "Công an tỉnh Mẫu", 240, 3, 2), parcel("", "Công an xã Bình Mẫu, quầy số 2", 12, 1, 0)}
		plugIn("F6")(h, c)
	}},
	{name: "sheet", do: func(h *house, c *carrier) {
		c.out.Parcels = []dossier.Parcel{parcel("", "Công an tỉnh Mẫu", 240, 3, 2)}
		plugIn("F6")(h, c)
		h.ctrl("G")
		h.settle()
	}},
	{name: "full-stick", do: func(h *house, c *carrier) {
		c.fail = dossier.Invalid("", "parcel.full")
		plugIn("F6")(h, c)
	}},
	{name: "imported", do: func(h *house, c *carrier) {
		c.in = dossier.Imported{Taken: 42, Receipts: 1, Parcels: []dossier.ImportedParcel{{Parcel: parcel("Công an tỉnh Mẫu", "Công an xã Bình Mẫu, quầy số 1", 42, 2, 1), Done: 2, Taken: 42}}}
		takeIn(h, c)
	}},
	{name: "damaged", do: func(h *house, c *carrier) {
		c.in = dossier.Imported{Taken: 12, Parcels: []dossier.ImportedParcel{
			{Parcel: parcel("Công an xã Bình Mẫu, quầy số 2", "Công an xã Bình Mẫu, quầy số 1", 20, 3, 0), Done: 1, Taken: 12,
				Problem: dossier.Invalid("", "parcel.file-damaged", "file", "0002.cxe", "folder", "TIEPNHAN/sister-a1b2c3d4-20261119-081200-0a1b2c3d")},
			{Parcel: parcel("", "Công an tỉnh Mẫu", 1, 1, 0), Problem: dossier.Invalid("", "parcel.outgoing", "to", "Công an tỉnh Mẫu")}},
			Healed: []dossier.Healing{{What: dossier.HealedBehind}}}
		takeIn(h, c)
	}},
	{name: "long", long: true, do: func(h *house, c *carrier) {
		c.out.Parcels = []dossier.Parcel{parcel("", "Phòng Cảnh sát quản lý hành chính về trật tự xã hội Công an thành phố Bình Mẫu Đông", 123456, 999, 3),
			parcel("", "Công an đặc khu Bình Mẫu Đông, bộ phận tiếp nhận và trả kết quả số hai, quầy số 3", 123456, 999, 0)}
		plugIn("F6")(h, c)
	}},
	{name: "help", do: func(h *house, _ *carrier) {
		h.press("F1")
		said := h.texts()
		for _, key := range []string{"Insert", "F6", "Ctrl+N", "Ctrl+G"} {
			if !strings.Contains(said, key) {
				h.t.Errorf("F1 says nothing of %s: %q", key, said)
			}
		}
	}},
	{name: "enrol", bare: true, do: plugIn()},
	{name: "enrol-asked", bare: true, do: func(h *house, c *carrier) {
		h.s.queue.Ticket("TN1.ABCD")
		plugIn("F6")(h, c)
	}},
}

// plugged is the waiting screen of a house with sticks, in that state.
func plugged(t *testing.T, size fyne.Size, scale float32, x stickState, each func(h *house)) {
	t.Helper()
	set, fill, dir := uitest.Station(), uitest.Fill, "E:\\"
	if x.long {
		set, fill, dir = uitest.LongStation(), uitest.FillLong, "/media/can-bo-tiep-nhan-1/USB-CUA-BO-PHAN-TIEP-NHAN-VA-TRA-KET-QUA/Dữ liệu gửi cấp trên tháng 11"
	}
	set.TextSize = int(scale * 100)
	h, c := furnish(t, size, &set), &carrier{}
	if err := fill(t.Context(), h.desk, h.store); err != nil {
		t.Fatal(err)
	}
	h.line.Is = !x.bare
	h.desk.Stick = c
	h.more = func(cfg *Config) { cfg.Sticks = func() []string { return []string{dir} } }
	h.moveIn()
	h.press("F7")
	h.settle()
	if strings.HasSuffix(x.name, "ing") {
		drawn := false
		c.during = func() {
			if !drawn {
				drawn = true
				each(h)
			}
		}
		x.do(h, c)
		if !drawn {
			t.Errorf("%s: nothing went on", x.name)
		}
		return
	}
	x.do(h, c)
	each(h)
}

// TestWayByUSBIsDrawnInAllItsStates looks at each, in every size that must do, for what is cut off or lies over something else.
func TestWayByUSBIsDrawnInAllItsStates(t *testing.T) {
	looking := os.Getenv("TIEPNHAN_SHOTS") != ""
	for _, s := range sizes {
		if !looking && s.scale < 2 { // where large letters fit, small ones do
			continue
		}
		for _, x := range stickStates {
			plugged(t, s.size, s.scale, x, func(h *house) {
				name := "fits-waiting-usb-" + x.name + "-" + s.name
				for _, fault := range looked(h).faults {
					t.Errorf("%s: %s", name, fault)
				}
				if looking {
					h.draw(name)
				}
			})
		}
	}
}
