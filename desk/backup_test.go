package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tiepnhan/desk"
	"tiepnhan/dossier"
)

// vault is a shelf of backups without files.
type vault struct {
	s      *station
	all    []dossier.BackupPlace
	fail   error // of the next ones made
	made   []string
	during func() // while one is made
	second string
}

func (v *vault) Places(_ context.Context, second string) ([]dossier.BackupPlace, error) {
	v.second = second
	return slices.Clone(v.all), nil
}

func (v *vault) Make(ctx context.Context, place dossier.BackupPlace, prove bool, told func(dossier.BackupStep)) (dossier.Backup, error) {
	if v.during != nil {
		v.during()
	}
	if ctx.Err() != nil {
		return dossier.Backup{}, ctx.Err()
	}
	if v.fail != nil {
		return dossier.Backup{}, v.fail
	}
	if told != nil {
		told(dossier.BackupStep{Step: dossier.BackupCopies, Done: 1, All: 1})
	}
	b := dossier.Backup{Path: place.Path + "/" + v.s.clock.Format("150405"), Made: v.s.clock, Proved: prove}
	for i := range v.all {
		if v.all[i].Path == place.Path {
			v.all[i].Backups = append([]dossier.Backup{b}, v.all[i].Backups...)
		}
	}
	v.made = append(v.made, fmt.Sprint(place.Kind, " ", prove))
	return b, nil
}

func (v *vault) Prove(_ context.Context, path string, _ func(dossier.BackupStep)) (dossier.Backup, error) {
	return dossier.Backup{Path: path, Made: v.s.clock.Add(-time.Hour), Proved: true}, v.fail
}

func (v *vault) Missing(_ context.Context, path string) (dossier.Missing, error) {
	return dossier.Missing{Backup: dossier.Backup{Path: path}, Readable: true, LostAll: 3}, nil
}

// keeping is a station with a chief and a folder for backups beside the store.
func keeping(t testing.TB) (*station, *vault) {
	t.Helper()
	s, _ := peopled(t)
	s.Trail = s.store
	v := &vault{s: s, all: []dossier.BackupPlace{{Kind: dossier.PlaceOwn, Path: "own"}}}
	s.Vault = v
	return s, v
}

func (s *station) auto(v *vault, closing bool) string {
	s.t.Helper()
	v.made = nil
	s.must(s.AutoBackup(s.t.Context(), closing, nil))
	return strings.Join(v.made, ", ")
}

// backups are the traces of backups, the newest first.
func (s *station) backups() (all []dossier.BackUp) {
	s.t.Helper()
	for _, row := range s.audit(dossier.TrailFilter{Kinds: []dossier.Kind{dossier.TraceBackedUp}}) {
		all = append(all, *row.Said().(*dossier.BackUp))
	}
	return all
}

func TestBackupIsMadeWhenSomethingWasDoneAndTimeHasPassed(t *testing.T) {
	s, v := keeping(t)
	step := func(want string) {
		t.Helper()
		due, err := s.AutoDue(t.Context(), false)
		if got := s.auto(v, false); got != want || err != nil || due != (want != "") {
			t.Errorf("%q, due %v, want %q, %v", got, due, want, err)
		}
	}
	step("own true") // the first, and none in this place was proved
	step("")
	s.later(desk.BackupEvery + time.Minute)
	step("") // nobody did anything
	s.must(s.Locked(t.Context(), dossier.LeftIdle))
	step("")
	s.receive(time.Time{}, false)
	step("own false")
	s.receive(time.Time{}, false)
	step("") // too soon
	s.later(desk.ProveEvery)
	step("own true")
	s.receive(time.Time{}, false)
	s.later(-2 * desk.ProveEvery) // the clock was ahead: what it dated says nothing of how old it is
	step("own true")
}

func TestClosingBacksUpWhateverWasDoneAndProvesNothing(t *testing.T) {
	s, v := keeping(t)
	v.all = append(v.all, dossier.BackupPlace{Kind: dossier.PlaceSecond, Path: "second"})
	if got := s.auto(v, true); got != "second false, own false" {
		t.Errorf("outside first: %q", got)
	}
	s.later(time.Second)
	if got := s.auto(v, true); got != "" {
		t.Errorf("again, though nothing was done: %q", got)
	}
	s.receive(time.Time{}, false)
	if got := s.auto(v, true); got != "second false, own false" {
		t.Errorf("a minute later: %q", got)
	}
}

func TestOnlyAStickThatCarriesOneOfOursIsWrittenToUnasked(t *testing.T) {
	s, v := keeping(t)
	v.all = []dossier.BackupPlace{{Kind: dossier.PlaceStick, Path: "someone's"},
		{Kind: dossier.PlaceStick, Path: "ours", Backups: []dossier.Backup{{Made: s.clock.Add(-24 * time.Hour), Proved: true}}}}
	if got := s.auto(v, false); got != "stick false" || len(v.all[0].Backups) != 0 {
		t.Errorf("%q", got)
	}
	_, err := s.BackUp(t.Context(), v.all[0], true, nil) // asked
	if s.must(err); len(v.all[0].Backups) != 1 {
		t.Error("not made")
	}
}

func TestAPlaceThatFailsIsSaidOnceAndKeepsNoOtherFromItsBackup(t *testing.T) {
	s, v := keeping(t)
	away := dossier.Invalid("place", "backup.away")
	v.all = []dossier.BackupPlace{{Kind: dossier.PlaceSecond, Path: "second", Trouble: away}, {Kind: dossier.PlaceOwn, Path: "own"}}
	for range 3 {
		s.receive(time.Time{}, false)
		s.later(desk.BackupEvery + time.Minute)
		if err := s.AutoBackup(t.Context(), false, nil); dossier.Code(err) != "backup.away" {
			t.Error(err)
		}
	}
	want := []dossier.BackUp{{To: "own"}, {To: "own"}, {To: "own", Proved: true}, {To: "second", Code: "backup.away"}}
	got := s.backups()
	for i := range got {
		got[i].Made = time.Time{}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	state := func(want desk.BackupState) {
		t.Helper()
		if got, err := s.BackupState(t.Context()); err != nil || got != want {
			t.Errorf("%+v, want %+v, %v", got, want, err)
		}
	}
	state(desk.BackupState{}) // the settings name no second place: nobody waits for it
	was, _, err := s.Settings(t.Context())
	s.must(err)
	now := was
	now.Backup = "//may-chu/sao-luu"
	s.must(s.Amend(t.Context(), was, now))
	state(desk.BackupState{FailedAt: dossier.PlaceSecond, Failed: "backup.away"})
	v.all[0].Trouble, v.fail = nil, errors.New("disk")
	s.receive(time.Time{}, false)
	if err := s.AutoBackup(t.Context(), false, nil); err == nil {
		t.Error("a failure is not told")
	}
	if v.second != now.Backup {
		t.Errorf("the vault is told %q", v.second)
	}
	if all := s.backups(); all[0].Code != "keep.failed" || !all[0].Made.IsZero() {
		t.Errorf("%+v", all[0])
	}
}

func TestWhatWasStoppedIsNoFailure(t *testing.T) {
	s, v := keeping(t)
	ctx, stop := context.WithCancel(t.Context())
	v.during = stop
	_, err := s.BackUp(ctx, v.all[0], true, nil)
	if !errors.Is(err, context.Canceled) || len(s.backups()) != 0 {
		t.Errorf("%v, %+v", err, s.backups())
	}
	if err := s.AutoBackup(ctx, false, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestOneBackupAtATime(t *testing.T) {
	s, v := keeping(t)
	v.during = func() {
		v.during = nil
		_, err := s.BackUp(t.Context(), v.all[0], true, nil)
		s.code(err, "keep.busy")
		_, err = s.ProveBackup(t.Context(), "x", nil)
		s.code(err, "keep.busy")
		if got := s.auto(v, false); got != "" {
			t.Error(got)
		}
	}
	_, err := s.BackUp(t.Context(), v.all[0], true, nil)
	s.must(err)
	if len(v.made) != 1 {
		t.Errorf("%v", v.made)
	}
}

func TestAProofIsKeptWithWhereTheBackupLies(t *testing.T) {
	s, v := keeping(t)
	b, err := s.BackUp(t.Context(), v.all[0], false, nil)
	s.must(err)
	_, err = s.ProveBackup(t.Context(), b.Path, nil)
	s.must(err)
	_, err = s.ProveBackup(t.Context(), "D:/elsewhere.bak", nil)
	s.must(err)
	if all := s.backups(); len(all) != 3 || all[1].To != dossier.PlaceOwn || !all[1].Proved || all[0].To != "file" {
		t.Errorf("%+v", all)
	}
	v.fail = dossier.Invalid("", "backup.damaged")
	_, err = s.ProveBackup(t.Context(), b.Path, nil)
	s.code(err, "backup.damaged")
	if all := s.backups(); all[0].Code != "backup.damaged" || all[0].Proved {
		t.Errorf("%+v", all[0])
	}
}

func TestNoBackupOutsideIsSaidAfterAWeek(t *testing.T) {
	s, v := keeping(t)
	state := func(want desk.BackupState) {
		t.Helper()
		got, err := s.BackupState(t.Context())
		if s.must(err); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	state(desk.BackupState{}) // a station that began today
	s.later(desk.OutsideWithin + time.Hour)
	s.auto(v, false)
	state(desk.BackupState{Lacking: true}) // beside the store is not outside
	v.all = append(v.all, dossier.BackupPlace{Kind: dossier.PlaceStick, Path: "E:"})
	_, err := s.BackUp(t.Context(), v.all[1], true, nil)
	s.must(err)
	v.all = v.all[:1] // into the drawer with it
	state(desk.BackupState{})
	s.later(desk.OutsideWithin - time.Hour)
	state(desk.BackupState{})
	_, err = s.ProveBackup(t.Context(), "E:/chosen.bak", nil) // that one is old however lately it was proved
	s.must(err)
	s.later(2 * time.Hour)
	state(desk.BackupState{Lacking: true})
	v.fail = dossier.Invalid("", "backup.full")
	_, err = s.BackUp(t.Context(), v.all[0], true, nil)
	s.code(err, "backup.full")
	state(desk.BackupState{Lacking: true, FailedAt: dossier.PlaceOwn, Failed: "backup.full"})
	v.fail = nil
	_, err = s.BackUp(t.Context(), v.all[0], true, nil)
	s.must(err)
	state(desk.BackupState{Lacking: true})
}

func TestRestoreNeedsASecondPersonOrAnHour(t *testing.T) {
	s, _ := keeping(t)
	ask := func(path string, c desk.Confirm, by dossier.OfficerID, want string) {
		t.Helper()
		got, err := s.MayRestore(t.Context(), path, c)
		if s.code(err, want); got != by {
			t.Errorf("%s stands for it, want %s", got, by)
		}
	}
	ask("E:/a.bak", desk.Confirm{}, "", "confirm.announced")
	ask("E:/a.bak", desk.Confirm{}, "", "confirm.announced") // asking again is no second announcement
	if rows := s.audit(dossier.TrailFilter{Kinds: []dossier.Kind{dossier.TraceAnnounced}}); len(rows) != 1 || rows[0].Said().(*dossier.Announcement).About != "a.bak" {
		t.Fatalf("%+v", rows)
	}
	s.later(dossier.AloneDelay / 2)
	ask("E:/a.bak", desk.Confirm{}, "", "confirm.announced")
	s.later(dossier.AloneDelay / 2)
	ask("E:/b.bak", desk.Confirm{}, "", "confirm.announced") // another one
	ask("E:/a.bak", desk.Confirm{}, "", "")
	s.later(dossier.AloneHolds)
	ask("E:/a.bak", desk.Confirm{}, "", "confirm.announced") // it was long ago
	s.later(-dossier.AloneHolds)
	ask("E:/a.bak", desk.Confirm{}, "", "confirm.announced") // a clock that is set back neither opens nor shuts for good
	s.later(dossier.AloneDelay)
	ask("E:/a.bak", desk.Confirm{}, "", "")

	s.admit("hai", dossier.RoleChief, desk.Confirm{}, "")
	s.later(dossier.RoleDelay)
	ask("E:/a.bak", desk.Confirm{}, "", "confirm.needed")
	ask("E:/a.bak", desk.Confirm{By: "hai", Password: "sai"}, "", "safe.wrong")
	ask("E:/a.bak", desk.Confirm{By: "mau", Password: secret}, "", "confirm.self")
	ask("E:/a.bak", confirm("hai"), "hai", "")
}

func TestWithoutAVaultThereAreNoBackups(t *testing.T) {
	s, _ := keeping(t)
	s.Vault = nil
	_, err := s.BackupPlaces(t.Context())
	s.code(err, "keep.none")
	_, err = s.BackUp(t.Context(), dossier.BackupPlace{}, true, nil)
	s.code(err, "keep.none")
	_, err = s.ProveBackup(t.Context(), "x", nil)
	s.code(err, "keep.none")
	_, err = s.MissingFrom(t.Context(), "x")
	s.code(err, "keep.none")
	s.must(s.AutoBackup(t.Context(), false, nil))
	state, err := s.BackupState(t.Context())
	if s.must(err); state != (desk.BackupState{}) {
		t.Errorf("%+v", state)
	}
}
