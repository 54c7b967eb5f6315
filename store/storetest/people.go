// Package storetest makes dossiers for tests and measurements, as many as are wanted and the same every time. Everybody in it is
// made up: no province has the codes 097 to 099 with which their numbers begin, and no network the prefix of their phones.
package storetest

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"tiepnhan/dossier"
)

// Families are weighted roughly as they occur, so that searches are as hard as real ones.
var families = weighted(map[string]int{"Nguyễn": 380, "Trần": 110, "Lê": 95, "Phạm": 70, "Hoàng": 26, "Huỳnh": 25, "Phan": 45, "Vũ": 20,
	"Võ": 19, "Đặng": 21, "Bùi": 20, "Đỗ": 14, "Hồ": 13, "Ngô": 13, "Dương": 10, "Lý": 5, "Đinh": 10, "Trịnh": 7, "Mai": 6, "Đào": 6,
	"Đoàn": 5, "Cao": 5, "Lương": 5, "Quách": 1, "Ừ": 1, "K'Bríp": 1})

var middles = weighted(map[string]int{"Văn": 200, "Thị": 260, "Đức": 40, "Ngọc": 60, "Minh": 50, "Thanh": 40, "Quốc": 30, "Hữu": 20,
	"Xuân": 30, "Thu": 30, "Bảo": 15, "Gia": 15, "Hồng": 20, "Kim": 20, "Đình": 10})

var givens = weighted(map[string]int{"Anh": 50, "An": 20, "Bình": 25, "Châu": 15, "Dũng": 25, "Giang": 20, "Hà": 30, "Hải": 25, "Hằng": 20,
	"Hiền": 20, "Hòa": 20, "Hùng": 30, "Hương": 30, "Khánh": 15, "Lan": 25, "Linh": 40, "Long": 20, "Mai": 25, "Nam": 30, "Nga": 20,
	"Nghiêng": 1, "Phúc": 20, "Phương": 40, "Quang": 20, "Sơn": 25, "Tâm": 20, "Thảo": 25, "Thủy": 20, "Trang": 30, "Tuấn": 35, "Vy": 15,
	"Yến": 15, "Ý": 3, "Đạt": 15})

var agencies = []string{"Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu", "Viện kiểm sát nhân dân khu vực 1 Mẫu",
	"Tòa án nhân dân khu vực 2 Mẫu", "Cơ quan Thi hành án dân sự tỉnh Mẫu"}

// weighted is a list in which each name stands as often as it weighs, in a fixed order.
func weighted(weights map[string]int) []string {
	var out []string
	for w := 400; w > 0; w-- {
		for _, name := range slices.Sorted(maps.Keys(weights)) {
			if weights[name] >= w {
				out = append(out, name)
			}
		}
	}
	return out
}

func chance(i int) *rand.Rand { return rand.New(rand.NewPCG(uint64(i), 0x7469_6570_6e68_616e)) }

func person(r *rand.Rand) dossier.Person {
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	born := dossier.Date{Year: 1940 + r.IntN(68), Month: time.Month(1 + r.IntN(12)), Day: 1 + r.IntN(28)}
	sex, digit := "Nam", 0
	if r.IntN(2) == 1 {
		sex, digit = "Nữ", 1
	}
	if born.Year >= 2000 {
		digit += 2
	}
	return dossier.Person{Name: pick(families) + " " + pick(middles) + " " + pick(givens), Sex: sex, Born: born,
		Number:  fmt.Sprintf("%03d%d%02d%06d", 97+r.IntN(3), digit, born.Year%100, r.IntN(1e6)),
		Address: fmt.Sprintf("Thôn %d, xã Mẫu, tỉnh Mẫu", 1+r.IntN(40)), Phone: fmt.Sprintf("0999%06d", r.IntN(1e6))}
}

// Settings are those of a made-up station, its given desk.
func Settings(desk int) dossier.Settings {
	return dossier.Settings{
		Units: []dossier.UnitTerm{{Level: dossier.Commune, Prefix: "MAU",
			Unit: dossier.Unit{Upper: "CÔNG AN TỈNH MẪU", Name: "CÔNG AN XÃ MẪU", Place: "Mẫu"}}},
		Upstreams: []dossier.UpstreamTerm{{Level: dossier.Province, Name: "Công an tỉnh Mẫu"}},
		Desk:      desk,
		Officers:  []dossier.Officer{{ID: "mau", Name: "Cán Bộ Mẫu", Title: "Cán bộ tiếp nhận"}},
		Hours:     dossier.DefaultHours, FormSet: "police", Sample: true,
	}
}

// SettingsEvent sets a station up.
func SettingsEvent(desk int) dossier.Event {
	return dossier.Event{ID: EventID(1<<40 + desk), Kind: dossier.StationSet, By: "mau", At: day0.At(7, 0), Body: body(Settings(desk))}
}

// day0 is the first day of the made-up station.
var day0 = dossier.Date{Year: 2026, Month: 1, Day: 5}

// perDay is how many dossiers it receives a day.
const perDay = 400

// Day is the day on which dossier i is received.
func Day(i int) dossier.Date { return day0.AddDays(i / perDay) }

// DossierID is the id of dossier i.
func DossierID(i int) dossier.ID { return dossier.ID(id(1, i)) }

// EventID is the id of event i.
func EventID(i int) dossier.EventID { return dossier.EventID(id(2, i)) }

// id has the shape and the order of a UUIDv7.
func id(space byte, i int) (out [16]byte) {
	binary.BigEndian.PutUint64(out[:8], uint64(i)<<16|0x7000|uint64(space))
	binary.BigEndian.PutUint64(out[8:], chance(i).Uint64()&^(3<<62)|2<<62)
	return out
}

// Receive is what dossier i asks for, under that number.
func Receive(i int, number string) dossier.Receive {
	r := chance(i)
	at := Day(i).At(8, 0).Add(time.Duration(i%perDay) * time.Minute)
	due := dossier.Due{At: at.AddDate(0, 0, 4), Limit: "3 ngày làm việc", Text: "3 ngày làm việc kể từ ngày làm việc tiếp theo"}
	out := dossier.Receive{Number: number, Procedure: "unlock-account", Title: "Mở khóa tài khoản định danh điện tử", Level: dossier.Commune,
		Case: "citizen", FormSet: "police", Unit: Settings(1).Units[0].Unit, Requester: dossier.Requester{Kind: dossier.Citizen, Person: person(r)},
		Channel: dossier.AtDesk, Sets: 1, ReceivedAt: at, Due: due, OwnDue: due, Ground: "E1", Reason: "Đã tìm lại được điện thoại",
		Papers: []dossier.Paper{{Key: "tk03", Title: "Phiếu đề nghị khóa, mở khóa tài khoản định danh điện tử (mẫu TK03)", Originals: 1},
			{Key: "copy", Title: "Bản sao giấy tờ kèm theo", Copies: 1}}}
	if r.IntN(5) == 0 {
		out.Procedure, out.Title = "lock-account", "Khóa tài khoản định danh điện tử"
		out.Requester = dossier.Requester{Kind: dossier.Agency, Person: person(r),
			Agency: dossier.Office{Name: agencies[r.IntN(len(agencies))], Document: fmt.Sprintf("%d/YC-CSĐT", 1+i%900), DocumentDate: Day(i)}}
		out.Subject = person(r)
	}
	if r.IntN(3) == 0 {
		out.NationalCode = fmt.Sprintf("G01.899.%d.%06d", 100+i/10000, i)
	}
	return out
}

// Reception is the event that receives dossier i under that number.
func Reception(i int, number string) dossier.Event {
	in := Receive(i, number)
	return dossier.Event{ID: EventID(i), Dossier: DossierID(i), Kind: dossier.Received, By: "mau", At: in.ReceivedAt, Body: body(in)}
}

func body(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own values marshal
	}
	return text
}
