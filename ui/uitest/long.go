package uitest

import (
	"context"
	"strings"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// Texts about as long as any that come to a desk: every screen must live with them.
const (
	LongName    = "Công Tằng Tôn Nữ Nguyễn Phúc Hoàng Thị Thử Nghiệm Mẫu Đơn Bách Hợp Hướng Dương"
	LongAgency  = "Cơ quan Cảnh sát điều tra Công an tỉnh Mẫu – Phòng Cảnh sát hình sự – Đội điều tra án xâm phạm sở hữu khu vực phía Bắc"
	LongAddress = "Số nhà 1268/45/27B, ngách 12, ngõ 345, đường Nguyễn Thử Nghiệm kéo dài, tổ dân phố số 27, khu đô thị mới Bình Mẫu Đông, Phường Bình Mẫu, Tỉnh Mẫu"
	LongReason  = "Phiếu đề nghị chưa có chữ ký và đóng dấu của cơ quan; họ tên người đề nghị không khớp với thẻ căn cước xuất trình; đề nghị kiểm tra lại nơi cư trú, " +
		"số điện thoại chính chủ và giấy tờ chứng minh quan hệ của người giám hộ rồi bổ sung trong thời hạn ghi trên phiếu."
	LongUpstream = "Phòng Cảnh sát quản lý hành chính về trật tự xã hội Công an tỉnh Mẫu"
)

// LongPerson is the made-up card of somebody with a long name who lives far away.
const LongPerson = "001307054321|012345678|" + LongName + "|07/12/2007|Nữ|" + LongAddress + "|02/01/2022"

// LongStation is a made-up unit with names as long as any.
func LongStation() dossier.Settings {
	s := Station()
	s.Units[0].Prefix = "MAU.BINHMAUDONG"
	s.Units[0].Head = "Thượng tá " + LongName
	s.Units[0].Unit = dossier.Unit{Upper: "CÔNG AN THÀNH PHỐ BÌNH MẪU – THỬ NGHIỆM", Name: "CÔNG AN ĐẶC KHU BÌNH MẪU ĐÔNG – THỬ NGHIỆM HẠ",
		Place: "Đặc khu Bình Mẫu Đông – Thử Nghiệm Hạ", Phone: "0200 000 0000 – 0200 000 0001 – 0900 000 000"}
	s.Upstreams[0].Name = LongUpstream
	s.Officers = []dossier.Officer{{ID: "canbo1", Name: LongName, Title: "Phó đội trưởng Đội Cảnh sát quản lý hành chính về trật tự xã hội"},
		{ID: "canbo2", Name: "Nguyễn Phúc " + LongName}}
	return s
}

// FillLong puts in dossiers with such texts, one in each state of Fill that has words of its own, and tells upstream's long word on one.
func FillLong(ctx context.Context, d *desk.Desk, s *Store) error {
	citizen := func() desk.Intake {
		in := d.NewIntake()
		in.Procedure, in.Case = "issue-level2", "no-card"
		in.Requester.Person = dossier.Person{Name: LongName, Number: "001090000001", Born: dossier.Date{Year: 1990, Month: 3, Day: 1}, Sex: dossier.Female,
			Address: LongAddress, Phone: "0900 000 001"}
		in.Papers = []dossier.Paper{{Key: "tk01", Originals: 1}}
		in.Note = LongReason
		return in
	}
	agency := d.NewIntake()
	agency.Procedure = "lock-account"
	agency.Requester = dossier.Requester{Kind: dossier.Agency, Agency: dossier.Office{Name: LongAgency, Document: "1234567/YC-CQCSĐT-PC02-ĐĐTXPSHPB",
		DocumentDate: dossier.DateOf(Now).AddDays(-8), Address: LongAddress}, Person: dossier.Person{Name: LongName, Number: "001085000123"}}
	agency.Subject = dossier.Person{Name: "Nguyễn Phúc " + LongName, Number: "001080000456"}
	agency.Papers = []dossier.Paper{{Key: "tk03", Originals: 1}}
	agency.ReceivedAt = dossier.DateOf(Now).AddDays(-7).At(9, 30)
	kept, err := d.Receive(ctx, agency)
	if err != nil {
		return err
	}
	if _, err := d.Do(ctx, dossier.AskedPapers, kept.ID, &dossier.AskPapers{Why: LongReason}); err != nil {
		return err
	}
	for _, acts := range [][]any{
		{},
		{dossier.Forwarded, &dossier.Forward{Reference: strings.Repeat("G01.899.000123-", 4)}},
		{dossier.Decided, &dossier.Decision{Approved: false, Document: "215/QĐ-CAT-PC06-QLHC-TTXH", By: "Giám đốc Công an tỉnh Mẫu", Why: LongReason}, dossier.HandedBack, &dossier.HandBack{To: LongName,
			Paper: "Thông báo kết quả giải quyết đề nghị cấp tài khoản định danh điện tử mức độ 02"}},
		{dossier.Annulled, &dossier.Reason{Why: LongReason}},
	} {
		kept, err := d.Receive(ctx, citizen())
		if err != nil {
			return err
		}
		for n := 0; n+1 < len(acts); n += 2 {
			if _, err := d.Do(ctx, acts[n].(dossier.Kind), kept.ID, acts[n+1]); err != nil {
				return err
			}
		}
	}
	if _, err := d.Refuse(ctx, citizen(), LongReason); err != nil {
		return err
	}
	s.Last = &dossier.Receipt{Number: "000127", Station: s.Set.Units[0].Unit.Place, At: Now.AddDate(0, 0, -1)}
	s.SentBack = []dossier.SentBackRow{{QueueRow: dossier.QueueRow{Dossier: kept.ID, Number: kept.Number, Kind: dossier.Received, Name: LongAgency, At: kept.Intake.ReceivedAt}, Why: LongReason}}
	return nil
}
