package dossier

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func anyEvent(t *rapid.T) Event {
	e := Event{
		Kind: Kind(rapid.StringMatching(`[a-z-]{1,32}`).Draw(t, "kind")),
		By:   OfficerID(rapid.StringN(0, 16, MaxOfficerID).Draw(t, "by")),
		At:   time.UnixMilli(rapid.Int64().Draw(t, "at")),
		Body: rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "body"),
	}
	copy(e.ID[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
	e.ID[0] |= 1
	copy(e.Dossier[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "dossier"))
	for range rapid.IntRange(0, MaxBases).Draw(t, "bases") {
		var b EventID
		copy(b[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "base"))
		e.Bases = append(e.Bases, b)
	}
	return e
}

func TestAnEntryIsTheSameAfterItsThreePartsTravelled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entry, err := Seal(anyEvent(t), [16]byte{1, 2, 3})
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseEntry(entry.Header(), entry.Salt, entry.Body, false)
		if err != nil || again.HeaderHash() != entry.HeaderHash() || !again.At.Equal(entry.At) {
			t.Fatalf("came back as %+v: %v", again, err)
		}
		purged, err := ParseEntry(entry.Header(), [16]byte{}, nil, true)
		if err != nil || purged.HeaderHash() != entry.HeaderHash() {
			t.Fatalf("purged it has another header: %v", err)
		}
	})
}

func TestAnyChangedByteOfAnEntryIsRefused(t *testing.T) {
	entry, err := Seal(Event{ID: EventID{1}, Dossier: ID{2}, Kind: Received, Bases: []EventID{{3}, {4}}, By: "can-bo", At: time.Unix(1, 0),
		Body: []byte(`{"number":"MAU-261120-0001"}`)}, [16]byte{9})
	if err != nil {
		t.Fatal(err)
	}
	same := func(e Entry) bool { return e.HeaderHash() == entry.HeaderHash() && bytes.Equal(e.Body, entry.Body) }
	for i := range entry.Header() {
		h := entry.Header()
		h[i] ^= 0x40
		if e, err := ParseEntry(h, entry.Salt, entry.Body, false); err == nil && same(e) {
			t.Errorf("header byte %d changed and nobody saw it", i)
		}
	}
	for i := range entry.Body {
		b := bytes.Clone(entry.Body)
		b[i] ^= 1
		if _, err := ParseEntry(entry.Header(), entry.Salt, b, false); err == nil {
			t.Errorf("body byte %d changed and nobody saw it", i)
		}
	}
	if _, err := ParseEntry(append(entry.Header(), 0), entry.Salt, entry.Body, false); err == nil {
		t.Error("a longer header passed")
	}
	for i := range entry.Header() {
		if _, err := ParseEntry(entry.Header()[:i], entry.Salt, entry.Body, false); err == nil {
			t.Errorf("a header cut at %d passed", i)
		}
	}
}

func TestAnEventBeyondItsLimitsIsRefusedWhenMade(t *testing.T) {
	good := Event{ID: EventID{1}, Kind: Received, Body: []byte("{}")}
	for name, spoil := range map[string]func(*Event){
		"body":  func(e *Event) { e.Body = make([]byte, MaxBody+1) },
		"no id": func(e *Event) { e.ID = EventID{} },
		"kind":  func(e *Event) { e.Kind = Kind(strings.Repeat("k", MaxKind+1)) },
		"by":    func(e *Event) { e.By = OfficerID(strings.Repeat("b", MaxOfficerID+1)) },
		"bases": func(e *Event) {
			for i := range MaxBases + 1 {
				e.Bases = append(e.Bases, EventID{byte(i + 1)})
			}
		},
	} {
		e := good
		spoil(&e)
		if _, err := Seal(e, [16]byte{}); err == nil {
			t.Errorf("%s: passed", name)
		}
	}
	if _, err := Seal(good, [16]byte{}); err != nil {
		t.Error(err)
	}
	good.Body = make([]byte, MaxBody+1)
	if _, err := Seal(good, [16]byte{}); Code(err) != "event.too-large" {
		t.Errorf("too large a body is answered with %v", err)
	}
}

func TestSignaturesHoldForNothingElse(t *testing.T) {
	public, private, _ := ed25519.GenerateKey(nil)
	other, _, _ := ed25519.GenerateKey(nil)
	head := Head{Chain: Chain{DeviceID{1}, Incarnation{2}}, Seq: 3, Hash: Hash{4}}
	sig := head.Sign(private)
	r := Receipt{Head: head, Number: "BN-1", Station: "MAU", At: time.Unix(100, 5)}
	r.Sign(private)
	if !head.SignedBy(public, sig) || !r.SignedBy(public) {
		t.Fatal("the owner's own signature does not hold")
	}
	if head.SignedBy(other, sig) || r.SignedBy(other) || head.SignedBy(nil, sig) || head.SignedBy(public, r.Signature) {
		t.Error("a signature holds where it must not")
	}
	for name, spoil := range map[string]func(*Receipt){
		"seq": func(r *Receipt) { r.Seq++ }, "hash": func(r *Receipt) { r.Hash[0]++ }, "device": func(r *Receipt) { r.Device[0]++ },
		"incarnation": func(r *Receipt) { r.Incarnation[0]++ }, "number": func(r *Receipt) { r.Number += "1" },
		"at": func(r *Receipt) { r.At = r.At.Add(time.Second) }, "station": func(r *Receipt) { r.Station = "" },
		"moved": func(r *Receipt) { r.Number, r.Station = r.Number+"M", r.Station[1:] },
	} {
		bad := r
		spoil(&bad)
		if bad.SignedBy(public) {
			t.Errorf("%s changed and the receipt still holds", name)
		}
	}
}
