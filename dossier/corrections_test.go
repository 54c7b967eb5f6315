package dossier

import (
	"testing"
	"time"
)

func TestEachCorrectionTellsWhatItChanged(t *testing.T) {
	at := time.Date(2026, 11, 19, 9, 0, 0, 0, Hanoi)
	var entries []Entry
	var last []EventID
	add := func(n byte, kind Kind, body string) EventID {
		e, err := Seal(Event{ID: EventID{n}, Dossier: ID{1}, Kind: kind, Bases: last, At: at, Body: []byte(body)}, [16]byte{})
		if err != nil {
			t.Fatal(err)
		}
		entries, last = append(entries, e), []EventID{e.ID}
		return e.ID
	}
	add(1, Received, `{"number":"M-1","requester":{"kind":"citizen","person":{"name":"Nguyễn Văn Mẫu"}},"papers":[{"key":"a","title":"A","originals":1}],"note":"x"}`)
	add(2, AskedPapers, `{"why":"thiếu"}`)
	add(3, AddedPapers, `{"papers":[{"key":"b","title":"B","copies":2}]}`)
	first := add(4, Corrected, `{"requester":{"kind":"citizen","person":{"name":"Nguyễn Văn Mậu"}},"why":"sai tên"}`)
	second := add(5, Corrected, `{"note":"","papers":[{"key":"a","title":"A","originals":1}],"why":"sai"}`)
	d := Replay(entries)
	all := d.Corrections()
	if len(all) != 2 {
		t.Fatalf("%d corrections", len(all))
	}
	if c := all[first]; c.Before.Requester.Person.Name != "Nguyễn Văn Mẫu" || c.After.Requester.Person.Name != "Nguyễn Văn Mậu" || len(c.Before.Papers) != 2 {
		t.Errorf("%+v", c)
	}
	if c := all[second]; c.Before.Requester.Person.Name != "Nguyễn Văn Mậu" || c.Before.Note != "x" || c.After.Note != "" || len(c.Before.Papers) != 2 || len(c.After.Papers) != 1 {
		t.Errorf("%+v", c)
	}
	for i := range entries { // what is purged tells nothing, and nothing breaks
		entries[i].Body, entries[i].Salt, entries[i].Purged = nil, [16]byte{}, true
	}
	if got := Replay(entries).Corrections(); len(got) != 0 {
		t.Errorf("purged: %+v", got)
	}
}

// Two corrections on two PCs are in dispute: neither has changed anything yet.
func TestACorrectionInDisputeHasChangedNothing(t *testing.T) {
	at := time.Date(2026, 11, 19, 9, 0, 0, 0, Hanoi)
	var entries []Entry
	for _, e := range []Event{{ID: EventID{1}, Kind: Received, Body: []byte(`{"number":"M-1"}`)},
		{ID: EventID{2}, Kind: Corrected, Bases: []EventID{{1}}, Body: []byte(`{"note":"a","why":"x"}`)},
		{ID: EventID{3}, Kind: Corrected, Bases: []EventID{{1}}, Body: []byte(`{"note":"b","why":"y"}`)}} {
		e.Dossier, e.At = ID{1}, at
		sealed, err := Seal(e, [16]byte{})
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, sealed)
	}
	if d := Replay(entries); len(d.Disputes) != 1 || len(d.Corrections()) != 0 {
		t.Errorf("%+v", d.Corrections())
	}
}
