package kit

import (
	"encoding/json"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
)

// baseWords are all the captions Fyne writes by itself, in Vietnamese.
var baseWords = map[string]any{
	"Advanced": "Nâng cao", "Cancel": "Hủy bỏ", "Confirm": "Xác nhận", "Copy": "Sao chép", "Create Folder": "Tạo thư mục",
	"Cut": "Cắt", "Enter filename": "Nhập tên tệp", "Error": "Lỗi", "Favourites": "Thư mục hay dùng", "File": "Tệp",
	"Folder": "Thư mục", "New Folder": "Thư mục mới", "No": "Không", "OK": "Đồng ý", "Open": "Mở", "Paste": "Dán",
	"Quit": "Thoát", "Redo": "Làm lại", "Save": "Lưu", "Select all": "Chọn tất cả", "Show Hidden Files": "Hiện tệp ẩn",
	"Undo": "Hoàn tác", "Yes": "Có",
	"file.name": map[string]string{"other": "Tên"}, "file.parent": map[string]string{"other": "Thư mục trên"},
	"monday": "Thứ Hai", "tuesday": "Thứ Ba", "wednesday": "Thứ Tư", "thursday": "Thứ Năm", "friday": "Thứ Sáu",
	"saturday": "Thứ Bảy", "sunday": "Chủ nhật",
	"monday.short": "T2", "tuesday.short": "T3", "wednesday.short": "T4", "thursday.short": "T5", "friday.short": "T6",
	"saturday.short": "T7", "sunday.short": "CN",
}

// SpeakVietnamese gives Fyne's own captions in Vietnamese whatever language the PC is set to: beside vi, the words of the language
// Fyne would pick and of the one it falls back to are replaced. It must run before the first widget is made.
var SpeakVietnamese = sync.OnceValue(func() error {
	words, err := json.Marshal(baseWords)
	if err != nil {
		return err
	}
	for _, l := range []fyne.Locale{"vi", "en", lang.SystemLocale()} {
		if err := lang.AddTranslationsForLocale(words, l); err != nil {
			return err
		}
	}
	return nil
})
