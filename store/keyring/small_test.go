package keyring

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"tiepnhan/dossier"
)

func TestRecoveryCodeIsReadAsPeopleTypeIt(t *testing.T) {
	for _, c := range []Code{{}, {0, 1, 0xFF, 0xFF, 2}, Code(random(16)), Code(bytes.Repeat([]byte{0xFF}, 16))} {
		printed := c.String()
		if len(printed) != 8*6+7 {
			t.Errorf("%q", printed)
		}
		for _, typed := range []string{printed, strings.ReplaceAll(printed, "-", ""), strings.ReplaceAll(printed, "-", " "), "  " + strings.ReplaceAll(printed, "-", " — ") + "\r\n",
			strings.ReplaceAll(strings.ReplaceAll(printed, "0", "O"), "1", "l"), strings.ReplaceAll(strings.ReplaceAll(printed, "0", "o"), "1", "I"),
			strings.Join(strings.Split(printed, ""), " "), strings.ReplaceAll(printed, "3", "３")} {
			if got, err := ParseCode(typed); err != nil || got != c {
				t.Errorf("%q: %v", typed, err)
			}
		}
		if fmt.Sprintf("%x|%v", c, c) != printed+"|"+printed {
			t.Error("another form of the code")
		}
	}
}

func TestMistypedRecoveryCodeSaysWhere(t *testing.T) {
	c := Code(random(16))
	printed := strings.ReplaceAll(c.String(), "-", "")
	said := func(typed string) string { _, err := ParseCode(typed); return fmt.Sprint(err) }
	for i := range printed {
		for d := byte('0'); d <= '9'; d++ {
			if d != printed[i] {
				if want := fmt.Sprintf("code: safe.code-group group=%d", i/6+1); said(printed[:i]+string(d)+printed[i+1:]) != want {
					t.Errorf("figure %d as %c: %s", i, d, said(printed[:i]+string(d)+printed[i+1:]))
				}
			}
		}
		if i%6 < 5 && printed[i] != printed[i+1] {
			if want := fmt.Sprintf("code: safe.code-group group=%d", i/6+1); said(printed[:i]+printed[i+1:i+2]+printed[i:i+1]+printed[i+2:]) != want {
				t.Errorf("figures %d and %d swapped are not seen", i, i+1)
			}
		}
	}
	for typed, want := range map[string]string{
		"": "safe.code-length", printed[1:]: "safe.code-length", printed + "0": "safe.code-length", strings.Repeat("1", 1<<20): "safe.code-length",
		printed[:40] + "ế": "safe.code-letter", "\x00": "safe.code-letter", "\xff": "safe.code-letter",
		"999999" + printed[6:]: "safe.code-group", "720896" + printed[6:]: "safe.code-group", // 65,536 × 11
	} {
		if _, err := ParseCode(typed); dossier.Code(err) != want {
			t.Errorf("%.50q: %v, want %s", typed, err, want)
		}
	}
}

func TestCalibrationKeepsItsBounds(t *testing.T) {
	for perMiB, want := range map[time.Duration]Cost{
		time.Nanosecond:         {64 << 10, 48, 1}, // a PC nobody has yet
		time.Millisecond:        {64 << 10, 11, 1},
		2 * time.Millisecond:    {64 << 10, 5, 1},
		7 * time.Millisecond:    {64 << 10, 2, 1},
		10 * time.Millisecond:   {32 << 10, 2, 1},
		20 * time.Millisecond:   {19 << 10, 2, 1},
		500 * time.Millisecond:  {19 << 10, 2, 1}, // the floor, however long it takes
		1000 * time.Millisecond: {19 << 10, 2, 1},
	} {
		got := calibrate(func(c Cost) time.Duration { return time.Duration(c.Memory>>10) * time.Duration(c.Time) * perMiB })
		if got != want || !got.bearable() {
			t.Errorf("%v a MiB: %+v, want %+v", perMiB, got, want)
		}
		if took := time.Duration(got.Memory>>10) * time.Duration(got.Time) * perMiB; got != Floor && got.Time < Most.Time && (took < 300*time.Millisecond || took > 1500*time.Millisecond) {
			t.Errorf("%v a MiB: unlocking takes %v", perMiB, took)
		}
	}
	noisy := 0
	if got := calibrate(func(c Cost) time.Duration { // every third measure is right
		if noisy++; noisy%3 != 0 {
			return time.Minute
		}
		return 70 * time.Millisecond
	}); got != (Cost{64 << 10, 10, 1}) {
		t.Errorf("disturbed: %+v", got)
	}
}

func TestUnlockingTakesAsLongAsItShouldHere(t *testing.T) {
	began := time.Now()
	cost := Calibrate()
	measured := time.Since(began)
	best := time.Hour
	for range 2 {
		start := time.Now()
		cost.derive([]byte(chiefPass), make([]byte, saltSize))
		best = min(best, time.Since(start))
	}
	t.Logf("%+v: %v, measured in %v", cost, best, measured)
	if cost != Floor && best < 150*time.Millisecond || cost.Time < Floor.Time || cost.Memory < Floor.Memory || cost.Memory > 64<<10 {
		t.Errorf("%+v takes %v", cost, best)
	}
}

func TestDearOrCheapCostInTheFileIsRefused(t *testing.T) {
	dir, _, u, _ := station(t)
	data, err := os.ReadFile(filepath.Join(dir, FileName))
	must(t, err)
	for _, cost := range []Cost{{4 << 20, 2, 1}, {64 << 10, 1 << 30, 1}, {64 << 10, 49, 1}, {64 << 10, 2, 255}, {19 << 10, 1, 1}, {19<<10 - 1, 2, 1}, {19 << 10, 2, 0},
		{0, 0, 0}, {1<<32 - 1, 1<<32 - 1, 255}} {
		f, err := decode(data, true)
		must(t, err)
		f.Users[1].Cost = cost
		sum := f.Sum
		if _, err := f.encode(u.Keys); err == nil {
			t.Errorf("%+v would be written", cost)
		}
		f.Sum = sum
		start := time.Now()
		if _, err := decode(f.bytes(), true); err == nil || time.Since(start) > time.Second {
			t.Errorf("%+v: %v after %v", cost, err, time.Since(start))
		}
	}
	if _, err := decode(data, false); err == nil {
		t.Error("a cost for tests is taken for a real one")
	}
	if got := (Cost{1, 1, 0}).atLeast(Floor); got != Floor {
		t.Errorf("%+v", got)
	}
}

func TestPasswordRule(t *testing.T) {
	names := []string{"nguyenvanmau", "Công an xã Mẫu Đích", "Trần Thị Thử"}
	for password, want := range map[string]string{
		chiefPass: "", otherPass: "", newPass: "",
		norm.NFD.String(chiefPass):           "",
		"Kq7#vTz9pLm2&xRw":                   "",
		"ăn cơm chưa bạn ơi":                 "",
		"cây xoài sau vườn ra hoa":           "",
		"correct horse battery staple":       "",
		"":                                   "password.short",
		"mười ba ký tự":                      "password.short",
		norm.NFD.String("mười ba ký tự"):     "password.short", // counted as people count
		"mười bốn ký tự":                     "",
		strings.Repeat("mèo đen ", 16) + "x": "password.long",
		strings.Repeat("ế", 1<<20):           "password.long",
		"mèo đen\tngủ trên mái":              "password.signs",
		"mèo đen ngủ\u200b trên mái":         "password.signs",
		"mèo đen ngủ trên mái\n":             "password.signs",
		"mèo đen ngủ trên \xff mái":          "password.signs",
		"matkhau1234567":                     "password.easy",
		"Mật khẩu 123456789":                 "password.easy",
		"M@tKh@u@2026@2026":                  "password.easy",
		"congan123456789":                    "password.easy",
		"CongAnXa@19081945":                  "password.easy",
		"congan02091945":                     "password.easy",
		"passwordpassword":                   "password.easy",
		"P@ssw0rd12345678":                   "password.easy",
		"qwertyuiopasdfgh":                   "password.easy",
		"1q2w3e4r5t6y7u8i":                   "password.easy",
		"abcdefghijklmnop":                   "password.easy",
		"zyxwvutsrqponmlk":                   "password.easy",
		"aaaaaaaaaaaaaaaaa":                  "password.easy",
		"abababababababab":                   "password.easy",
		"xoaixoaixoaixoai":                   "password.easy",
		"09123456780912345678":               "password.easy",
		"001099012345 001099":                "password.easy",
		"83920174650283":                     "password.easy",
		"anhyeuemnhieulam1":                  "", // says something of its own
		"anh yeu em mai mai":                 "password.easy",
		"!!!!!!!!!!!!!!!!":                   "password.easy",
		"              x":                    "password.easy",
		"nguyenvanmau 2026 !":                "password.name",
		"Nguyễn Văn Mẫu ngồi bàn":            "password.name",
		"Công an xã Mẫu Đích số 1":           "password.name",
		"tranthithu@conganxa":                "password.name",
	} {
		if err := CheckPassword(password, names...); dossier.Code(err) != want {
			t.Errorf("%.40q: %v, want %q", password, err, want)
		}
	}
	start := time.Now()
	_ = CheckPassword(strings.Repeat("abx", 42), strings.Repeat("tên rất dài ", 1000))
	if took := time.Since(start); took > time.Second {
		t.Errorf("takes %v", took)
	}
}

func TestThisPCsSecretIsMadeOnceAndReadAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tiepnhan", "may.khoa")
	if got, err := ReadMachine(path); got != nil || err != nil {
		t.Fatal(got, err)
	}
	var wg sync.WaitGroup
	made := make([][]byte, 8)
	for i := range made {
		wg.Go(func() {
			var err error
			if made[i], err = MakeMachine(path); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, m := range made {
		if len(m) != MachineSize || !bytes.Equal(m, made[0]) {
			t.Fatalf("two secrets: %x and %x", m, made[0])
		}
	}
	if got, err := ReadMachine(path); !bytes.Equal(got, made[0]) || err != nil {
		t.Error(got, err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	whole, err := os.ReadFile(path)
	must(t, err)
	for _, bad := range [][]byte{nil, whole[:len(whole)-1], append([]byte{whole[0] ^ 1}, whole[1:]...), make([]byte, 1<<20)} {
		must(t, os.WriteFile(path, bad, 0o600))
		if got, err := ReadMachine(path); got != nil || err != nil {
			t.Errorf("%d spoiled bytes: %x %v", len(bad), got, err)
		}
	}
	fresh, err := MakeMachine(path)
	if err != nil || bytes.Equal(fresh, made[0]) {
		t.Error(fresh, err)
	}
	if _, err := os.Stat(path + ".old"); err != nil {
		t.Error("the one that could not be opened was thrown away")
	}
	if _, err := MakeMachine(filepath.Join(path, "under-a-file")); dossier.Code(err) != "safe.machine" {
		t.Errorf("got %v", err)
	}
	if path, err := DefaultMachine(); err != nil || !filepath.IsAbs(path) {
		t.Error(path, err)
	}
}

func BenchmarkRekey(b *testing.B) {
	r, u, _, err := Create(b.TempDir(), options(), chief, chiefPass)
	if err != nil {
		b.Fatal(err)
	}
	for i := range 9 {
		if _, err := r.Add(u.Keys, fmt.Sprintf("can-bo-%d", i), newPass); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		keys, err := r.Rekey(u.Keys)
		if err != nil {
			b.Fatal(err)
		}
		if u.Keys, err = r.Finish(keys); err != nil {
			b.Fatal(err)
		}
	}
}
