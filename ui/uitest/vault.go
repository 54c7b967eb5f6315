package uitest

import (
	"context"
	"slices"
	"time"

	"tiepnhan/dossier"
)

// Vault is a shelf of backups without files.
type Vault struct {
	All  []dossier.BackupPlace
	Lack dossier.Missing
	Fail error // of whatever is done next with a backup
	Step dossier.BackupStep
}

// NewVault has a place in this PC, a second one on a server, and a stick nobody has written to.
func NewVault() *Vault {
	ago := func(d time.Duration, path string, proved bool) dossier.Backup {
		return dossier.Backup{Path: path, Made: Now.Add(-d), Bytes: 48 << 20, Events: 31290, Dossiers: 5120, Proved: proved}
	}
	const second, own = `\\may-chu\sao-luu`, `C:\TiepNhan\sao-luu`
	return &Vault{All: []dossier.BackupPlace{
		{Kind: dossier.PlaceOwn, Path: own, Free: 84 << 30, Backups: []dossier.Backup{ago(70*time.Minute, own+`\TiepNhan-20261119-0802-0a1b2c3d-31290.saoluu`, false),
			ago(26*time.Hour, own+`\TiepNhan-20261118-0712-0a1b2c3d-31010.saoluu`, true)}},
		{Kind: dossier.PlaceSecond, Path: second, Free: 1400 << 30, Backups: []dossier.Backup{ago(27*time.Hour, second+`\TiepNhan-20261118-0612-0a1b2c3d-31002.saoluu`, true)}},
		{Kind: dossier.PlaceStick, Path: `E:\TiepNhan-sao-luu`, Free: 7 << 30}}}
}

// Places are all of them.
func (v *Vault) Places(context.Context, string) ([]dossier.BackupPlace, error) {
	return slices.Clone(v.All), nil
}

// Make puts one more into a place.
func (v *Vault) Make(ctx context.Context, place dossier.BackupPlace, prove bool, told func(dossier.BackupStep)) (dossier.Backup, error) {
	b := dossier.Backup{Path: place.Path + `\new.saoluu`, Made: Now, Bytes: 49 << 20, Events: 31300, Dossiers: 5121, Proved: prove}
	if err := v.do(ctx, told); err != nil {
		return dossier.Backup{}, err
	}
	for i := range v.All {
		if v.All[i].Path == place.Path {
			v.All[i].Backups = append([]dossier.Backup{b}, v.All[i].Backups...)
		}
	}
	return b, nil
}

// Prove is content with every backup.
func (v *Vault) Prove(ctx context.Context, path string, told func(dossier.BackupStep)) (dossier.Backup, error) {
	for i := range v.All {
		for j := range v.All[i].Backups {
			if b := &v.All[i].Backups[j]; b.Path == path {
				b.Proved = v.Fail == nil
				return *b, v.do(ctx, told)
			}
		}
	}
	return dossier.Backup{Path: path, Proved: true}, v.do(ctx, told)
}

// Missing is what was said beforehand.
func (v *Vault) Missing(ctx context.Context, path string) (dossier.Missing, error) {
	out := v.Lack
	out.Backup = dossier.Backup{Path: path}
	for _, place := range v.All {
		for _, b := range place.Backups {
			if b.Path == path {
				out.Backup = b
			}
		}
	}
	return out, v.do(ctx, nil)
}

func (v *Vault) do(ctx context.Context, told func(dossier.BackupStep)) error {
	if told != nil && v.Step.Step != "" {
		told(v.Step)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return v.Fail
}
