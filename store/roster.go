package store

import (
	"bytes"
	"context"
	"slices"

	"tiepnhan/dossier"
)

// Roster are the PCs of this station as upstream has admitted them, without those it revoked, by desk. Each has the keys it last said
// itself that it would use.
func (s *Store) Roster(ctx context.Context) ([]dossier.Admission, error) {
	var out []dossier.Admission
	err := s.read(ctx, "read who is of the station", func(l *link) (err error) {
		out, err = roster(l)
		return err
	})
	return out, err
}

func roster(l *link) ([]dossier.Admission, error) {
	type admitted struct {
		id dossier.EventID
		dossier.Admission
	}
	of := map[dossier.DeviceID]admitted{}
	err := notices(l, dossier.Admitted, func(e dossier.Entry, _ dossier.DeviceID, upstream bool, a dossier.Admission) error {
		if was := of[a.Device]; upstream && !a.Device.IsZero() && bytes.Compare(was.id[:], e.ID[:]) < 0 {
			of[a.Device] = admitted{e.ID, a}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = notices(l, dossier.Revoked, func(_ dossier.Entry, _ dossier.DeviceID, upstream bool, r dossier.Revocation) error {
		if upstream {
			delete(of, r.Device)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = notices(l, dossier.KeySet, func(_ dossier.Entry, author dossier.DeviceID, _ bool, k dossier.NewKey) error {
		if a, ok := of[author]; ok {
			a.Key, a.Recipient = k.Key, k.Recipient
			of[author] = a
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []dossier.Admission
	for _, a := range of {
		out = append(out, a.Admission)
	}
	slices.SortFunc(out, func(a, b dossier.Admission) int {
		if a.Desk != b.Desk {
			return a.Desk - b.Desk
		}
		return bytes.Compare(a.Device[:], b.Device[:])
	})
	return out, nil
}
