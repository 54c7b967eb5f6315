#!/usr/bin/env bash
# Draws every screen in its states to out/storybook, by the tests that look at them, and writes a page to leaf through: index.html. It fails
# where a screen was not drawn empty, full, with something amiss, with long texts and with letters of 200 %.
set -eu
cd "$(dirname "$0")/.."
folder=$PWD/out/storybook
rm -rf "$folder"
mkdir -p "$folder"
TIEPNHAN_SHOTS=$folder CGO_ENABLED=0 go test -tags "${TAGS:-ci,no_animations,migrated_fynedo}" -count=1 ./ui/... >"$folder/tests.txt" ||
  { grep -v 'no test files' "$folder/tests.txt" >&2; echo "Some tests failed; the pictures are drawn as far as they came." >&2; }

# screen is a title for the screen that a picture's name begins with.
screen() {
  case $1 in
    reception* | branch*) echo "Tiếp nhận" ;;
    list*) echo "Danh sách hồ sơ" ;;
    course*) echo "Một hồ sơ" ;;
    waiting*) echo "Chờ gửi" ;;
    day*) echo "Chốt ngày" ;;
    preview*) echo "Xem trước khi in" ;;
    paper*) echo "Giấy tờ của một ngày" ;;
    books*) echo "Sổ và mục lục" ;;
    figures*) echo "Số liệu" ;;
    layouts*) echo "Biểu mẫu" ;;
    rules*) echo "Thủ tục và lịch" ;;
    settings*) echo "Thiết lập" ;;
    setup*) echo "Thiết lập lần đầu" ;;
    backup*) echo "Sao lưu và khôi phục" ;;
    audit*) echo "Nhật ký" ;;
    incident*) echo "Sự cố" ;;
    help* | clock* | others*) echo "Trợ giúp, hỏi ngày, việc khác" ;;
    practice*) echo "Tập thử" ;;
    kit*) echo "Lịch chọn ngày" ;;
    *) echo "Cửa sổ" ;;
  esac
}

# words say in Vietnamese what the rest of a name tells.
words() {
  sed -E 's/\.png$//; s/^(fits|state)-//; s/usb-enrol-asked/USB: đã ghi yêu cầu ghép nối/; s/usb-enrol/USB: ghép nối/; s/usb-/USB: /; s/exporting/đang xuất/; s/exported/đã xuất/; s/importing/đang nhập/
    s/imported/đã nhập/; s/damaged/tệp hỏng/; s/no-folder/chưa có thư mục/; s/found/đã thấy/; s/full-stick/hết chỗ/; s/sheet/phiếu giao nhận/; s/packs/cấp trên ban hành/; s/healed/đã nối lại/; s/^large-(.*)$/\1 · 1024×600, chữ 200%/; s/error/báo lỗi/; s/-1024-100$/ · 1024×600/; s/-1366-150$/ · 1366×768, chữ 150%/; s/-1280-200$/ · 1280×800, chữ 200%/; s/-1024$/ · 1024×600/; s/-1280$/ · 1280×800/
    s/(^|-)200($|-)/ · chữ 200% /; s/empty/trống/; s/wrong|missing/báo lỗi/; s/ready/đủ/; s/refuse/từ chối/; s/agency/cơ quan/; s/at-once|once/làm ngay/; s/kept/đã lưu/
    s/ask(ed)?/yêu cầu bổ sung/; s/busy/đang làm/; s/failed|broken/không được/; s/done/xong/; s/long/chữ dài/; s/large/chữ lớn/; s/search/tìm/; s/verb/việc/; s/close[d]?/chốt/
    s/help/trợ giúp/; s/ticket/ghép nối/; s/sent/đã gửi/; s/clock/đồng hồ/; s/welcome/lần đầu/; s/practice/tập thử/; s/full/đầy/; s/-/ /g' <<<"$1"
}

names=$(cd "$folder" && for f in *.png; do
  plain=$(sed -E 's/^(fits|state|large)-//' <<<"$f")
  plain=$(sed -E 's/^shell-[0-9]+b?-//' <<<"$plain")
  printf '%s\t%s\n' "$(screen "$plain")" "$f"
done | sort)

{
  echo '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Các màn hình của TiepNhan</title>'
  echo '<style>body{font:15px sans-serif;margin:24px;background:#f2f4f8;color:#18202b}h2{margin:32px 0 8px}figure{display:inline-block;margin:0 12px 16px 0;width:480px;vertical-align:top}'
  echo 'img{width:100%;border:1px solid #d8dee7}figcaption{color:#4c5867;font-size:13px}nav a{margin-right:14px}</style>'
  echo '<h1>Các màn hình của TiepNhan</h1><nav>'
  cut -f1 <<<"$names" | uniq | while read -r title; do printf '<a href="#%s">%s</a>' "${title// /-}" "$title"; done
  echo '</nav>'
  before=
  while IFS=$'\t' read -r title file; do
    [ "$title" = "$before" ] || printf '<h2 id="%s">%s</h2>\n' "${title// /-}" "$title"
    before=$title
    printf '<figure><a href="%s"><img loading="lazy" src="%s" alt=""></a><figcaption>%s</figcaption></figure>\n' "$file" "$file" "$(words "$file")"
  done <<<"$names"
  echo '</html>'
} >"$folder/index.html"
echo "$(wc -l <<<"$names") pictures: $folder/index.html"

lacking=$(for view in ui/*/view.go; do
  name=$(basename "$(dirname "$view")")
  for state in empty full error long 200; do
    [ -s "$folder/state-$name-$state.png" ] || echo "state-$name-$state.png"
  done
done)
[ -z "$lacking" ] || { printf 'Not drawn (ui/shell/scenes_test.go):\n%s\n' "$lacking" >&2; exit 1; }
