package main

import "tiepnhan/dossier"

// sampleSettings are a plainly invented station to try things on; the window says all the time that it is one.
func sampleSettings() dossier.Settings {
	return dossier.Settings{
		Units: []dossier.UnitTerm{{Level: dossier.Commune, Prefix: "MAU.01", Head: "Nguyễn Thủ Trưởng Mẫu", Unit: dossier.Unit{
			Upper: "CÔNG AN TỈNH MẪU", Name: "CÔNG AN XÃ THỬ NGHIỆM", Place: "Thử Nghiệm", Phone: "0200 000 000"}}},
		Upstreams: []dossier.UpstreamTerm{{Level: dossier.Province, Name: "Công an tỉnh Mẫu"}},
		Desk:      1,
		Officers:  []dossier.Officer{{ID: "can-bo-mau", Name: "Trần Văn Mẫu", Title: "Cán bộ tiếp nhận"}},
		Hours:     dossier.DefaultHours,
		FormSet:   "police",
		Sample:    true,
	}
}
