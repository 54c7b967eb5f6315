package exchange_test

import (
	"context"
	"net/http"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

func TestKeysAreChangedAndBothSidesGoOn(t *testing.T) {
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	one.receive(1)
	before := one.store.SigningKey()
	sent, err := one.Rotate(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if got := healed(sent); len(got) != 1 || got[0] != dossier.HealedRotated {
		t.Errorf("%v", got)
	}
	if one.store.SigningKey().Equal(before) {
		t.Error("the key is the same")
	}
	one.receive(2)
	h.decide(one, 1)
	one.send() // what upstream seals now is opened with the new key
	h.settle(2, one, two)
	if d, err := one.store.Dossier(context.Background(), storetest.DossierID(1)); err != nil || d.Decision == nil {
		t.Errorf("%v", err)
	}
	h.stop()
	one.receive(3)
	two.visit(one.serve()) // the sister knows the new key
	two.knows(3)
	h.start()
	if _, err := one.Rotate(context.Background()); err != nil { // and once more
		t.Fatal(err)
	}
	h.settle(3, one, two)
}

func TestUpstreamsNewKeyIsKnownFromItsOwnJournal(t *testing.T) {
	ctx := context.Background()
	h := newHouse(t, aDay())
	one, two := pair(t, h)
	one.receive(1)
	one.send()
	if _, err := h.up.Rotate(ctx); err != nil {
		t.Fatal(err)
	}
	one.send()
	h.decide(one, 1)
	one.send()
	if err := h.up.FinishRotation(ctx, true); err != nil {
		t.Fatal(err)
	}
	h.stop()
	h.start()
	one.receive(2)
	if sent := one.send(); sent.Pushed == 0 {
		t.Errorf("%+v", sent)
	}
	if u, _, err := one.store.Upstream(ctx); err != nil || !u.Key.Equal(h.up.Key()) || u.Recipient != h.up.Recipient() {
		t.Errorf("not pinned: %v", err)
	}
	_, err := two.Send(ctx, nil) // it never heard
	wantCode(t, err, "line.wrong-key")
	h.stop()
	two.visit(one.serve()) // and does from its sister
	h.start()
	h.settle(2, one, two)
	three := newPC(t, "Trạm Mẫu", 3)
	h.admitPC(three) // who comes later knows no key but this one
	h.settle(2, one, two, three)
}

// I7: wherever changing the keys is cut off, calling it again ends it.
func TestChangingKeysMayBeCutOffAnywhere(t *testing.T) {
	for _, fault := range []string{"question lost", "answer lost"} {
		for at := 0; ; at++ {
			h := newHouse(t, aDay())
			p := newPC(t, "Trạm Mẫu", 1)
			h.admitPC(p)
			p.receive(1)
			f := planned(at, fault)
			p.Wrap = f.wrap
			_, err := p.Rotate(context.Background())
			if len(f.plan) > 0 {
				if err != nil || at < 3 {
					t.Errorf("%s at %d: %v", fault, at, err)
				}
				break
			}
			if err == nil {
				t.Errorf("%s at call %d went unnoticed", fault, at)
			}
			p.close()
			p.open() // and the program was ended
			if _, err := p.Rotate(context.Background()); err != nil {
				t.Fatalf("%s at call %d: %v", fault, at, err)
			}
			p.receive(2)
			h.settle(2, p)
		}
	}
}

// planned does that to the call of that number.
func planned(at int, fault string) *faulty {
	f := &faulty{plan: make([]string, at+1), where: make([]int, at+1)}
	f.plan[at] = fault
	return f
}

func (f *faulty) wrap(rt http.RoundTripper) http.RoundTripper {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.RoundTripper = rt
	return f
}

// I7: wherever a healing is cut off, once or at every call, the next exchange ends it as if nothing had happened.
func TestHealingMayBeCutOffAnywhere(t *testing.T) {
	for name, x := range map[string]struct {
		dossiers int
		break_   func(h *house, one, two *pc)
	}{
		"upstream restored": {5, func(h *house, one, two *pc) {
			image := h.image()
			one.receive(2, 3)
			one.send()
			h.decide(one, 2)
			one.send()
			h.putBack(image)
			h.decide(one, 1)
			one.receive(4)
		}},
		"image put back and worked on": {5, func(h *house, one, two *pc) {
			image := one.image()
			one.receive(2, 3)
			one.send()
			one.putBack(image)
			one.receive(4)
		}},
		"a sister holds another continuation": {5, func(h *house, one, two *pc) {
			image := one.image()
			one.receive(2, 3)
			two.visit(one.serve())
			one.putBack(image)
			one.receive(4)
			two.send()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, aDay())
			one, two := pair(t, h)
			one.receive(1)
			two.receive(11)
			one.send()
			two.send()
			x.break_(h, one, two)
			up, first, second := h.image(), one.image(), two.image()
			for _, fault := range []string{"question lost", "answer lost"} {
				for at := 0; ; at++ {
					if at > 40 {
						t.Fatal("no end of calls")
					}
					h.putBack(up)
					one.putBack(first)
					two.putBack(second)
					f := planned(at, fault)
					one.Wrap = f.wrap
					if _, err := one.Send(context.Background(), nil); err != nil && dossier.Code(err) != "line.down" {
						t.Errorf("%s at call %d: %v", fault, at, err)
					}
					one.Wrap = nil
					one.close()
					one.open()
					h.settle(x.dossiers, one, two)
					if t.Failed() {
						t.Fatalf("%s at call %d", fault, at)
					}
					if len(f.plan) > 0 {
						break
					}
				}
			}
		})
	}
}
