package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"tiepnhan/cmd/internal/cli"
	"tiepnhan/desk"
	"tiepnhan/dossier"
	"tiepnhan/store/backup"
	"tiepnhan/store/keyring"
)

// restoreBackup puts a backup into the place of the store. Without -yes it says what would be missing, and ends. Lines of standard input: the
// password, then with -confirm the second person's, then with -code-stdin the recovery code. On a PC that has no key ring the password
// is a new one.
func restoreBackup(c *call) error {
	yes := c.flags.Bool("yes", false, "")
	codeStdin := c.flags.Bool("code-stdin", false, "")
	second := c.flags.String("confirm", "", "")
	words, err := c.parse(1)
	if err != nil {
		return err
	}
	if !c.passwordStdin || c.user == "" {
		return dossier.Invalid("password-stdin", "safe.locked")
	}
	confirm := c.confirmedBy(*second)
	code := ""
	if *codeStdin {
		if code = c.line(); code == "" {
			return c.usage()
		}
	}
	r := restoring{name: c.user, password: c.password, code: code, by: dossier.OfficerID(c.user), told: c.progress()}
	if r.from, err = filepath.Abs(words[0]); err != nil {
		return err
	}
	m := dossier.Missing{}
	if m.Backup, err = backup.Look(r.from); err != nil {
		return err
	}
	key, byCode, err := c.openForRestore(code)
	if err != nil {
		return err
	}
	if key != nil && !byCode { // the desk is asked, where there can be one
		var asked bool
		if asked, err = c.askToRestore(key, &r, &m, *yes, confirm); err != nil {
			return err
		}
		if key, err = c.safe(); err != nil { // the desk took the first one along
			return err
		}
		r.freely = !asked
	} else {
		r.freely = true
	}
	if r.freely && *yes { // nobody was there to be asked: whoever holds the recovery sheet may
		if code == "" {
			err = dossier.Invalid("code-stdin", "backup.code-needed")
		} else if key == nil {
			err = keyring.CheckPassword(c.password, c.user)
		}
	}
	if err == nil && r.freely && *yes && key != nil && !byCode {
		_, err = key.ring.Recover(code)
	}
	if err != nil || !*yes {
		if key != nil {
			err = errors.Join(err, key.close())
		}
		if err != nil {
			return err
		}
		return c.out(m, func(out io.Writer) { sayMissing(out, m) })
	}
	opened, err := restore(c.ctx, c.data, key, r)
	if err != nil {
		if key != nil {
			err = errors.Join(err, key.close())
		}
		return err
	}
	if err := opened.close(); err != nil {
		return err
	}
	if key == nil || byCode {
		d := newDoor(c.ctx, c.data, nil, nil)
		if err := d.Recover(code, string(r.by), c.password); err != nil {
			return err
		}
		if err := d.opened.close(); err != nil {
			return err
		}
	}
	return c.out(m, func(out io.Writer) {
		sayMissing(out, m)
		fmt.Fprintf(out, "Đã khôi phục. Dữ liệu trước đó (nếu có) được giữ nguyên trong thư mục “cu-…” tại %s.\n", c.data)
	})
}

// openForRestore opens the folder's ring: with the password, or where that is another PC's with the code. nil is a folder without one that can
// be read.
func (c *call) openForRestore(code string) (key *safe, opened bool, err error) {
	key, err = c.safe()
	switch dossier.Code(err) {
	case "safe.damaged", "safe.cannot-read":
		return nil, false, nil
	case "safe.other-pc":
		if code == "" {
			return nil, false, err
		}
		key, err = byCode(c.data, code)
		return key, true, err
	}
	return key, false, err
}

// askToRestore has the desk say what would be missing, and with yes whether it may be. asked is false where there is no desk to ask, because
// the store cannot be opened.
func (c *call) askToRestore(key *safe, r *restoring, m *dossier.Missing, yes bool, confirm desk.Confirm) (asked bool, err error) {
	mode := toRead
	if yes {
		mode = toWrite
	}
	w, err := openWorld(c.ctx, c.data, key, mode, clock)
	if code := dossier.Code(err); err != nil && (c.ctx.Err() != nil || code == "station.open" || code == "station.folder") {
		return false, err
	}
	if err != nil {
		return false, nil
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if *m, err = w.desk.MissingFrom(c.ctx, r.from); err != nil || !yes {
		return true, err
	}
	r.by = w.desk.Officer
	r.confirmed, err = w.desk.MayRestore(c.ctx, r.from, confirm)
	return true, err
}

// sayMissing says what a restore would leave out.
func sayMissing(out io.Writer, m dossier.Missing) {
	b := m.Backup
	fmt.Fprintf(out, "Bản sao lưu lập lúc %s: %d hồ sơ, %d diễn biến, %s.\n", cli.Moment(b.Made), b.Dossiers, b.Events, provedWord(b))
	switch {
	case !m.Readable:
		fmt.Fprintln(out, "Không đọc được dữ liệu đang có trên máy này, nên chưa biết bản sao lưu còn thiếu những gì.")
		return
	case m.Apart:
		fmt.Fprintln(out, "Bản sao lưu này không phải là quá khứ của dữ liệu đang có trên máy: mọi việc làm trên máy từ lúc tách ra sẽ không có trong dữ liệu khôi phục.")
		return
	case m.Events == 0:
		fmt.Fprintln(out, "Bản sao lưu có đủ mọi việc đã làm trên máy này.")
	default:
		fmt.Fprintf(out, "Bản sao lưu còn thiếu %d diễn biến của %d hồ sơ. Trong đó %d diễn biến cấp trên đã nhận và sẽ gửi trả lại ở lần gửi đầu tiên.\n", m.Events, m.Dossiers, m.Sent)
	}
	if m.LostAll > 0 {
		fmt.Fprintf(out, "Sẽ mất việc đã làm trên %d hồ sơ, không nơi nào khác có: %s", m.LostAll, strings.Join(m.Lost, ", "))
		if m.LostAll > len(m.Lost) {
			fmt.Fprintf(out, " và %d hồ sơ khác", m.LostAll-len(m.Lost))
		}
		fmt.Fprintln(out, ".")
	}
	if m.Drafts > 0 {
		fmt.Fprintf(out, "Sẽ mất %d bản nháp chưa lưu.\n", m.Drafts)
	}
}
