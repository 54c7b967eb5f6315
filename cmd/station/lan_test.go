package main

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// With the line upward down, desk 2 finds desk 1 at the address its keeper typed in, and knows what was received there.
func TestDesk2HearsOfDesk1OverTheStationsNetwork(t *testing.T) {
	up, err := startUpstream(t.Context(), t.TempDir(), clock)
	if err != nil {
		t.Fatal(err)
	}
	var desks []*world
	for n := range 2 {
		w, err := openStation(t.Context(), t.TempDir(), true)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := w.close(); err != nil {
				t.Error(err)
			}
		})
		settings := sampleSettings()
		settings.Desk = n + 1
		ticket, err := up.ticket(settings)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.desk.Enrol(t.Context(), ticket); err != nil {
			t.Fatal(err)
		}
		if _, err := w.desk.Send(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		desks = append(desks, w)
	}
	one, two := desks[0], desks[1]
	if _, err := one.desk.Send(t.Context(), nil); err != nil { // who the other is
		t.Fatal(err)
	}
	pack := freeDay(t, 2, `"off": [`, `"off": [{"from": "2026-11-27", "name": "Nghỉ thử", "evidence": "confirmed"},`)
	if _, err := up.upstream.Issue(t.Context(), pack); err != nil {
		t.Fatal(err)
	}
	if _, err := one.desk.Send(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := up.close(); err != nil {
		t.Fatal(err)
	}
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	settings, _, err := two.store.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	settings.LAN = []string{door.Addr().String()}
	body, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	if err := two.store.Record(t.Context(), dossier.Event{ID: newID(), Kind: dossier.StationSet, By: two.desk.Officer, At: clock(), Body: body}); err != nil {
		t.Fatal(err)
	}
	id := storetest.DossierID(1)
	if _, err := one.store.Receive(t.Context(), dossier.Opening{ID: id, Series: dossier.IntakeSeries, Day: storetest.Day(1)}, func(number string) ([]dossier.Event, error) {
		return []dossier.Event{storetest.Reception(1, number)}, nil
	}); err != nil {
		t.Fatal(err)
	}
	before := clock()
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	faulty := func(err error) { t.Errorf("within: %v", err) }
	all.Go(func() {
		if err := newLAN(one, func(dossier.Sent) {}, faulty).peers.Serve(ctx, door); err != nil {
			t.Error(err)
		}
	})
	heard := make(chan struct{}, 100)
	all.Go(func() { newLAN(two, func(dossier.Sent) { heard <- struct{}{} }, faulty).run(ctx) })
	for patience := time.After(30 * time.Second); ; {
		select {
		case <-heard:
			_, calendar := two.desk.InForce(pack.From)
			if d, err := two.store.Dossier(t.Context(), id); err == nil && len(d.Course) == 1 && calendar.Holiday(dossier.Date{Year: 2026, Month: 11, Day: 27}) == "Nghỉ thử" {
				for _, w := range desks { // the one that was called knows it as well
					all, err := w.known.Sisters(t.Context())
					if err != nil || len(all) != 1 || !all[0].Heard || all[0].Until.Before(before) {
						t.Errorf("from %v on: %+v, %v", before, all, err)
					}
				}
				return
			}
		case <-patience:
			t.Fatal("desk 2 never heard of it, or does not go by the calendar that came with it")
		}
	}
}

// A PC whose door cannot be opened says so, and goes on asking the others.
func TestPCWhoseDoorStaysShutSaysSo(t *testing.T) {
	up, err := startUpstream(t.Context(), t.TempDir(), clock)
	if err != nil {
		t.Fatal(err)
	}
	defer up.close()
	w, err := openStation(t.Context(), t.TempDir(), true)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	ticket, err := up.ticket(sampleSettings())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.desk.Enrol(t.Context(), ticket); err != nil {
		t.Fatal(err)
	}
	listenDoor = func() (net.Listener, error) { return nil, errors.New("no port is free") }
	defer func() { listenDoor = openDoor }()
	ctx, stop := context.WithCancel(t.Context())
	failed := make(chan error, 10)
	l := newLAN(w, func(dossier.Sent) {}, func(err error) { failed <- err })
	if l.shut() {
		t.Error("shut before it was tried")
	}
	var all sync.WaitGroup
	all.Go(func() { l.run(ctx) })
	if err := <-failed; err.Error() != "no port is free" || !l.shut() {
		t.Errorf("%v, shut %v", err, l.shut())
	}
	stop()
	all.Wait()
}
