package list

import (
	"strconv"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/ui/kit"
)

// columns are those of the table, in the order of Cells.
var columns = []kit.TableColumn{
	{Title: "Số hồ sơ", Min: 170, Tail: true, Sort: string(dossier.SortLatest)},
	{Title: "Người đề nghị – đối tượng", Min: 180, Weight: 5, Sort: string(dossier.SortName)},
	{Title: "Thủ tục", Min: 180, Drop: 2},
	{Title: "Trạng thái", Min: 158, Drop: 1},
	{Title: "Hạn, việc tiếp theo", Min: 250, Sort: string(dossier.SortBurns)},
	{Title: "Hẹn trả", Min: 78, Drop: 4},
	{Title: "Tiếp nhận lúc", Min: 136, Drop: 5},
	{Title: "Gửi cấp trên", Min: 160, Drop: 3}}

// Cells are the texts of a row.
func (p *Presenter) Cells(s dossier.Summary) []kit.TableCell {
	now := p.Now()
	who := kit.TableCell{Text: s.Name}
	if s.Subject != "" && s.Subject != s.Name {
		who.Also = "– " + s.Subject
	}
	status := kit.TableCell{Text: kit.StatusWords(s.Status), Chip: kit.StatusChip(s.Status)}
	if s.Disputed {
		status = kit.TableCell{Text: "Trùng thao tác", Chip: heapChip(dossier.ViewDisputed)}
	}
	due := kit.TableCell{}
	if !s.Due.IsZero() {
		due.Text = day(s.Due, now)
		if s.Status.Ended() {
			due.Color = kit.Muted
		}
		if s.Late(now) {
			due.Color, due.Bold = kit.Red, true
		}
	}
	sent, tone := kit.SentWords(s, p.Upstream())
	if tone == kit.Good { // the title of the column says to whom
		sent = "Đã gửi"
	}
	return []kit.TableCell{{Text: s.Number, Bold: true}, who, {Text: kit.ShortTitle(s.Procedure, s.Title)}, status, next(s, now), due,
		{Text: kit.Short(s.ReceivedAt), Color: kit.Muted}, {Text: sent, Color: tone.Ink()}}
}

// day is a day, with its year where that is another than now.
func day(t, now time.Time) string {
	if d := dossier.DateOf(t); d.Year != dossier.DateOf(now).Year {
		return d.String()
	}
	return t.In(dossier.Hanoi).Format("02/01")
}

// next is what burns, or what is to be done where no clock runs.
func next(s dossier.Summary, now time.Time) kit.TableCell {
	words, tone := kit.BurnWords(s, now)
	switch {
	case words != "":
		return kit.TableCell{Text: words, Chip: kit.BurnChip(tone)}
	case s.SentBack != "":
		return kit.TableCell{Text: "Sửa và gửi lại", Chip: heapChip(dossier.ViewSentBack)}
	case s.Disputed:
		return kit.TableCell{Text: "Xử lý trùng thao tác", Chip: heapChip(dossier.ViewDisputed)}
	case s.Status == dossier.StatusAsked:
		return kit.TableCell{Text: "Chờ bổ sung giấy tờ", Color: kit.Muted}
	case s.Status == dossier.StatusDone:
		return kit.TableCell{Text: "Trả kết quả"}
	case s.Open && s.Forwarded:
		return kit.TableCell{Text: "Chờ phê duyệt", Color: kit.Muted}
	case s.Open:
		return kit.TableCell{Text: "Xử lý hồ sơ"}
	}
	return kit.TableCell{}
}

// heap is how one view is called and looks on the screen.
type heap struct {
	view  dossier.View
	title string
	short string // where the title is too long for a line
	chip  *kit.Chip
	none  string // said when it is empty
}

// heaps are all views, in the order they are offered. Their signs are those of the rows in them.
var heaps = []heap{
	{dossier.ViewToDo, "Việc cần làm", "Cần làm", &kit.Chip{Sign: kit.SquareSign, Color: kit.Accent, Soft: kit.Soft}, "Không có việc đang chờ. Nhấn F2 để tiếp nhận hồ sơ mới."},
	{dossier.ViewToday, "Đến hạn hôm nay", "Hôm nay", kit.BurnChip(kit.Warn), "Không có hồ sơ nào đến hạn trong hôm nay."},
	{dossier.ViewLate, "Quá hạn", "Quá hạn", kit.BurnChip(kit.Bad), "Không có hồ sơ nào quá hạn."},
	{dossier.ViewPapers, "Chờ bổ sung", "Bổ sung", kit.StatusChip(dossier.StatusAsked), "Không có hồ sơ nào đang chờ bổ sung giấy tờ."},
	{dossier.ViewDecision, "Chờ phê duyệt", "Phê duyệt", kit.StatusChip(dossier.StatusProcessing), "Không có hồ sơ nào đã chuyển mà đang chờ phê duyệt."},
	{dossier.ViewResult, "Chờ trả kết quả", "Trả kết quả", kit.StatusChip(dossier.StatusDone), "Không có kết quả nào chờ trả."},
	{dossier.ViewSentBack, "Cấp trên yêu cầu sửa", "Cần sửa", &kit.Chip{Sign: kit.BackSign, Color: kit.Red, Soft: kit.RedSoft}, "Không có hồ sơ nào cấp trên yêu cầu sửa."},
	{dossier.ViewDisputed, "Trùng thao tác", "Trùng", &kit.Chip{Sign: kit.TwinSign, Color: kit.Red, Soft: kit.RedSoft}, "Không có hồ sơ nào bị trùng thao tác."},
	{dossier.ViewAll, "Tất cả", "Tất cả", nil, "Chưa có hồ sơ nào. Nhấn F2 để tiếp nhận."},
}

// tilesOf are the views with the number of rows in each, "…" while that is not known, and which is chosen.
func tilesOf(state State) (all []kit.Tile, at int) {
	for i, h := range heaps {
		n, count := state.Counts[h.view], "…"
		if state.Counts != nil {
			count = Thousands(n)
		}
		if h.view == state.In {
			at = i
		}
		all = append(all, kit.Tile{Title: h.title, Short: h.short, Count: count, Empty: n == 0, Chip: h.chip, Key: strconv.Itoa(i + 1)})
	}
	return all, at
}

func heapOf(v dossier.View) heap {
	for _, h := range heaps {
		if h.view == v {
			return h
		}
	}
	return heap{view: v}
}

func heapChip(v dossier.View) *kit.Chip { return heapOf(v).chip }

// sortWords are how an order is called.
func sortWords(s dossier.Sort) string {
	switch s {
	case dossier.SortLatest:
		return "mới nhất trước"
	case dossier.SortOldest:
		return "cũ nhất trước"
	case dossier.SortName:
		return "theo họ tên"
	}
	return "gấp nhất trước"
}
