package store

import (
	"errors"
	"slices"

	"tiepnhan/dossier"
)

// crew are the officers of the PCs of the station by the number of a chain, as the settings of the PC that writes it name them: each PC has its
// own people, and one sign-in name may be somebody else on each. Nil for this PC's own chains.
type crew map[int64][]dossier.Officer

func crewOf(l *link) (crew, error) {
	own, err := ownChain(l)
	if err != nil {
		return nil, err
	}
	of := map[dossier.DeviceID][]dossier.Officer{}
	err = notices(l, dossier.StationSet, func(_ dossier.Entry, author dossier.DeviceID, _ bool, s dossier.Settings) error {
		for _, o := range s.Officers {
			all := of[author]
			if i := slices.IndexFunc(all, func(had dossier.Officer) bool { return had.ID == o.ID }); i >= 0 {
				all[i] = o
			} else {
				of[author] = append(all, o)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := crew{}
	err = l.each("SELECT no, device FROM chain", nil, func(scan func(...any) error) error {
		var no int64
		var device []byte
		if err := scan(&no, &device); err != nil {
			return err
		}
		if len(device) != len(own.Device) {
			return damaged("a chain", errors.New("device of a wrong length"))
		}
		if author := dossier.DeviceID(device); author != own.Device {
			out[no] = append([]dossier.Officer{}, of[author]...)
		}
		return nil
	})
	return out, err
}

// of are the officers of whoever writes a chain; of a chain that nobody names, nobody.
func (c crew) of(chain *int64) []dossier.Officer {
	if chain == nil {
		return []dossier.Officer{}
	}
	return c[*chain]
}

// manned puts to what other PCs wrote of a dossier who their officers are.
func manned(l *link, as []act, d *dossier.Dossier) error {
	var all crew
	for _, a := range as {
		if a.own != 0 {
			continue
		}
		i := slices.IndexFunc(d.Course, func(s dossier.Step) bool { return s.ID == a.ID })
		if i < 0 {
			continue
		}
		if all == nil {
			var err error
			if all, err = crewOf(l); err != nil {
				return err
			}
		}
		var chain *int64
		if _, err := l.get("SELECT chain FROM whence WHERE event = ?", []any{a.no}, &chain); err != nil {
			return err
		}
		d.Course[i].Crew = all.of(chain)
	}
	return nil
}
