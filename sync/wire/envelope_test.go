package wire

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"reflect"
	"runtime"
	"testing"
	"testing/iotest"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"tiepnhan/dossier"
	"tiepnhan/store/storetest"
)

// author writes a chain as a PC would.
type author struct {
	key     ed25519.PrivateKey
	chain   dossier.Genesis
	head    dossier.Head
	entries []dossier.Entry
}

func newAuthor(name byte) *author {
	a := &author{key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{name}, 32))}
	a.chain.Device, a.chain.Incarnation = dossier.DeviceID{name}, dossier.Incarnation{name, 1}
	a.head = dossier.Head{Chain: a.chain.Chain, Hash: a.chain.Hash()}
	return a
}

func (a *author) public() ed25519.PublicKey { return a.key.Public().(ed25519.PublicKey) }

func (a *author) write(t testing.TB, events ...dossier.Event) {
	t.Helper()
	for _, ev := range events {
		var salt [16]byte
		rand.Read(salt[:])
		e, err := dossier.Seal(ev, salt)
		if err != nil {
			t.Fatal(err)
		}
		a.entries = append(a.entries, e)
		a.head = dossier.Head{Chain: a.head.Chain, Seq: a.head.Seq + 1, Hash: dossier.NextHash(a.head.Hash, e.Header())}
	}
}

// run is the entries after that sequence number.
func (a *author) run(after int) Run {
	hash := a.chain.Hash()
	for _, e := range a.entries[:after] {
		hash = dossier.NextHash(hash, e.Header())
	}
	return Run{Chain: a.chain, After: uint64(after), Before: hash, Entries: a.entries[after:]}
}

func (a *author) sign(h dossier.Head) []byte { return h.Sign(a.key) }

// day is what a station does: n dossiers received, handed over, forwarded, looked at and printed, five events each.
func day(n int) []dossier.Event {
	var out []dossier.Event
	for i := range n {
		r := storetest.Reception(i, fmt.Sprintf("MAU-260105-%04d", i+1))
		act := func(k int, kind dossier.Kind, value any) dossier.Event {
			e := storetest.Act(1_000_000+5*i+k, r.Dossier, kind, value, r.ID)
			e.At = r.At.Add(time.Duration(k) * time.Minute)
			return e
		}
		out = append(out, r,
			act(1, dossier.TracePrinted, dossier.Print{Form: "receipt", Set: "police", To: "HP LaserJet Mẫu"}),
			act(2, dossier.HandedOver, dossier.HandOver{From: "Cán Bộ Mẫu", To: "Chỉ Huy Mẫu"}),
			act(3, dossier.Forwarded, dossier.Forward{To: "Cục Cảnh sát quản lý hành chính về trật tự xã hội", At: r.At.Add(time.Hour), Reference: fmt.Sprintf("HT-%06d", i)}),
			act(4, dossier.TraceOpened, struct{}{}))
	}
	return out
}

// keys are made once: post-quantum keys are slow to make.
var reader, stranger = func() (Identity, Identity) {
	a, err := NewIdentity()
	if err != nil {
		panic(err)
	}
	b, err := NewIdentity()
	if err != nil {
		panic(err)
	}
	return a, b
}()

func to(t testing.TB, i Identity) Recipient {
	t.Helper()
	r, err := ParseRecipient(i.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func seal(t testing.TB, a *author, run Run) Envelope {
	t.Helper()
	e, err := Seal(run, a.sign, a.key, to(t, reader))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func reread(t testing.TB, b []byte) Envelope {
	t.Helper()
	e, err := Read(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEnvelopeGivesBackWhatWentIn(t *testing.T) {
	a := newAuthor(1)
	a.write(t, day(3)...)
	a.entries[4].Purged, a.entries[4].Salt, a.entries[4].Body = true, [16]byte{}, nil
	e := reread(t, seal(t, a, a.run(2)).Bytes())
	got, err := e.Open(reader, a.public())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, a.entries[2:]) {
		t.Errorf("got %v, want %v", got, a.entries[2:])
	}
	if e.Head() != a.head || e.First != 3 || !e.Sender.Equal(a.public()) || !e.Head().SignedBy(a.public(), e.Owner) {
		t.Errorf("header %+v does not lead to %+v", e.Header, a.head)
	}
}

func TestSameEntriesSealInOneOrManyEnvelopes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := newAuthor(2)
		n := rapid.IntRange(1, 30).Draw(rt, "entries")
		for i := range n {
			a.write(t, dossier.Event{ID: storetest.EventID(i), Dossier: storetest.DossierID(rapid.IntRange(0, 3).Draw(rt, "dossier")),
				Kind: dossier.Kind(rapid.StringN(1, 8, 32).Draw(rt, "kind")), By: dossier.OfficerID(rapid.StringN(0, 16, 64).Draw(rt, "by")),
				At: time.UnixMilli(rapid.Int64Range(-1e13, 1e13).Draw(rt, "at")),
				Bases: rapid.Map(rapid.SliceOfNDistinct(rapid.IntRange(0, 50), 0, 5, rapid.ID), func(in []int) (out []dossier.EventID) {
					for _, i := range in {
						out = append(out, storetest.EventID(i))
					}
					return out
				}).Draw(rt, "bases"),
				Body: rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(rt, "body")})
		}
		var got []dossier.Entry
		for at := 0; at < n; {
			run := a.run(at)
			run.Entries = run.Entries[:rapid.IntRange(1, n-at).Draw(rt, "cut")]
			e := reread(t, seal(t, a, run).Bytes())
			entries, err := e.Open(reader, a.public())
			if err != nil {
				rt.Fatal(err)
			}
			got, at = append(got, entries...), int(e.Last)
		}
		for i := range got {
			if !bytes.Equal(got[i].Header(), a.entries[i].Header()) || !bytes.Equal(got[i].Body, a.entries[i].Body) || got[i].Salt != a.entries[i].Salt {
				rt.Fatalf("entry %d came back as another", i+1)
			}
		}
	})
}

func TestLargeRunsAreSealedInPartsWithinTheLimits(t *testing.T) {
	a := newAuthor(3)
	noise := mathrand.NewChaCha8([32]byte{3})
	for i := range 70 {
		body := make([]byte, dossier.MaxBody)
		if i%2 == 0 {
			noise.Read(body)
		}
		a.write(t, dossier.Event{ID: storetest.EventID(i), Kind: "x", Body: body})
	}
	a.write(t, day(40)...)
	at, parts := 0, 0
	for ; at < len(a.entries); parts++ {
		e := seal(t, a, a.run(at))
		b := e.Bytes()
		if e.Count() > MaxEntries || len(b) > MaxEnvelope || e.Count() < 1 {
			t.Fatalf("envelope of %d entries, %d bytes", e.Count(), len(b))
		}
		if _, err := reread(t, b).Open(reader, a.public()); err != nil {
			t.Fatal(err)
		}
		at = int(e.Last)
	}
	if parts < 4 {
		t.Errorf("4.5 MiB of which half cannot be packed went into %d envelopes", parts)
	}
	if _, err := Seal(a.run(at), a.sign, a.key, to(t, reader)); err == nil {
		t.Error("an envelope without entries was made")
	}
}

func TestEnvelopeCutAnywhereIsRefused(t *testing.T) {
	a := newAuthor(4)
	a.write(t, day(1)[:1]...)
	b := seal(t, a, a.run(0)).Bytes()
	for n := range b {
		if _, err := Read(bytes.NewReader(b[:n])); !errors.Is(err, ErrBad) {
			t.Fatalf("cut at %d of %d: %v", n, len(b), err)
		}
	}
	if _, err := Read(bytes.NewReader(append(b, 0))); !errors.Is(err, ErrBad) {
		t.Errorf("a byte too many: %v", err)
	}
	broken := errors.New("the line is gone")
	if _, err := Read(iotest.TimeoutReader(iotest.OneByteReader(bytes.NewReader(b)))); !errors.Is(err, iotest.ErrTimeout) || errors.Is(err, ErrBad) {
		t.Errorf("a line that fails is not a bad envelope: %v", err)
	}
	if _, err := Read(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestEnvelopeWithAnyBitFlippedIsRefused(t *testing.T) {
	a := newAuthor(5)
	a.write(t, day(1)[:1]...)
	b := seal(t, a, a.run(0)).Bytes()
	for i := range b {
		b[i] ^= 1 << (i % 8)
		if _, err := Read(bytes.NewReader(b)); !errors.Is(err, ErrBad) {
			t.Fatalf("bit flipped in byte %d of %d: %v", i, len(b), err)
		}
		b[i] ^= 1 << (i % 8)
	}
	reread(t, b)
}

func TestEnvelopeIsForItsRecipientAndFromTheChainsOwner(t *testing.T) {
	a, b := newAuthor(6), newAuthor(7)
	a.write(t, day(1)...)
	e := reread(t, seal(t, a, a.run(0)).Bytes())
	if _, err := e.Open(stranger, a.public()); !errors.Is(err, ErrRecipient) {
		t.Errorf("opened by another recipient: %v", err)
	}
	if _, err := e.Open(reader, b.public()); !errors.Is(err, ErrBad) {
		t.Errorf("taken for another's chain: %v", err)
	}
	byB, err := Seal(a.run(0), b.sign, b.key, to(t, reader))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := byB.Open(reader, a.public()); !errors.Is(err, ErrBad) {
		t.Errorf("a chain signed by somebody else: %v", err)
	}
	if _, err := Seal(a.run(0), func(dossier.Head) []byte { return nil }, a.key, to(t, reader)); err == nil {
		t.Error("sealed without the owner's signature")
	}
}

// forge makes an envelope with a right outside around whatever is inside.
func forge(t testing.TB, a *author, h Header, packed []byte) Envelope {
	t.Helper()
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to(t, reader).age)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(packed); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	h.Size, h.Sum = uint32(sealed.Len()), sha256.Sum256(sealed.Bytes())
	header := h.bytes()
	e := Envelope{Header: h, header: header, sealed: sealed.Bytes(), signature: ed25519.Sign(a.key, append(bytes.Clone(envelopeDomain), header...))}
	return reread(t, e.Bytes())
}

func packed(t testing.TB, b []byte) []byte {
	t.Helper()
	out, err := pack(b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestInsideMustBeWhatTheOutsideSays(t *testing.T) {
	a, thief := newAuthor(8), newAuthor(9)
	a.write(t, day(1)...)
	h := seal(t, a, a.run(0)).Header
	inside := appendEntries(h.inner(), a.entries)
	if _, err := forge(t, a, h, packed(t, inside)).Open(reader, a.public()); err != nil {
		t.Fatal("the forger's tools do not work:", err)
	}
	stolen := h
	stolen.Sender = thief.public()
	shorter := h
	shorter.Last, shorter.Hash = h.Last-1, a.entries[0].HeaderHash()
	shorter.Owner = shorter.Head().Sign(a.key)
	wrongHash := h
	wrongHash.Hash[0]++
	wrongHash.Owner = wrongHash.Head().Sign(a.key)
	for name, e := range map[string]Envelope{
		"another sender's outside": forge(t, thief, stolen, packed(t, inside)),
		"fewer entries outside":    forge(t, a, shorter, packed(t, inside)),
		"a head not led to":        forge(t, a, wrongHash, packed(t, appendEntries(wrongHash.inner(), a.entries))),
		"bytes after the last":     forge(t, a, h, packed(t, append(bytes.Clone(inside), 0))),
		"an entry missing":         forge(t, a, h, packed(t, appendEntries(h.inner(), a.entries[:4]))),
		"nothing":                  forge(t, a, h, nil),
		"not zstd":                 forge(t, a, h, inside),
		"zstd cut short":           forge(t, a, h, packed(t, inside)[:100]),
	} {
		if _, err := e.Open(reader, a.public()); !errors.Is(err, ErrBad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// I14: any input up to its limit is answered within 1 s and 64 MiB.
func TestBombIsRefusedWithinTimeAndMemory(t *testing.T) {
	a := newAuthor(10)
	a.write(t, day(1)...)
	h := seal(t, a, a.run(0)).Header
	zeros := bytes.NewBuffer(nil)
	z, err := zstd.NewWriter(zeros, zstd.WithWindowSize(1<<20))
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 1<<20)
	for range 256 { // 256 MiB
		if _, err := z.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	wide := bytes.NewBuffer(nil)
	if z, err = zstd.NewWriter(wide, zstd.WithWindowSize(512<<20), zstd.WithSingleSegment(false)); err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(block); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	noise := make([]byte, MaxPacked-64<<10)
	mathrand.NewChaCha8([32]byte{10}).Read(noise)
	for name, packed := range map[string][]byte{
		"256 MiB of zeros":    append(packed(t, h.inner()), zeros.Bytes()...),
		"a window of 512 MiB": wide.Bytes(),
		"noise":               noise,
		"empty frames":        bytes.Repeat(packed(t, nil), 50_000),
		"skippable frames":    bytes.Repeat([]byte{0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0}, 100_000),
	} {
		e := forge(t, a, h, packed)
		took, used := measure(func() { _, err = e.Open(reader, a.public()) })
		if !errors.Is(err, ErrBad) {
			t.Errorf("%s: %v", name, err)
		}
		if took > time.Second || used > 64<<20 {
			t.Errorf("%s took %v and %d MiB", name, took, used>>20)
		}
	}
}

// measure tells how long something took and how much memory it asked for in all, which is more than it held at a time.
func measure(do func()) (time.Duration, uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	do()
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return took, after.TotalAlloc - before.TotalAlloc
}

func TestLargestEnvelopeIsOpenedWithinTimeAndMemory(t *testing.T) {
	a := newAuthor(11)
	for i := range 63 {
		a.write(t, dossier.Event{ID: storetest.EventID(i), Kind: "x", Body: bytes.Repeat([]byte{byte(i)}, dossier.MaxBody)})
	}
	b := seal(t, a, a.run(0)).Bytes()
	var entries []dossier.Entry
	took, used := measure(func() {
		var err error
		if entries, err = reread(t, b).Open(reader, a.public()); err != nil {
			t.Fatal(err)
		}
	})
	if len(entries) != 63 {
		t.Errorf("%d entries", len(entries))
	}
	if took > time.Second || used > 64<<20 {
		t.Errorf("took %v and %d MiB", took, used>>20)
	}
}

func TestChainBeginsWithItsGenesis(t *testing.T) {
	a := newAuthor(16)
	a.write(t, day(1)...)
	run := a.run(0)
	run.Before[0]++
	if _, err := Read(bytes.NewReader(seal(t, a, run).Bytes())); !errors.Is(err, ErrBad) {
		t.Errorf("got %v", err)
	}
}

func TestNothingPersonalIsInClear(t *testing.T) {
	a := newAuthor(12)
	in := storetest.Receive(1, "MAU-260105-0001")
	a.write(t, storetest.Reception(1, in.Number))
	b := seal(t, a, a.run(0)).Bytes()
	for _, s := range []string{in.Requester.Person.Name, in.Requester.Person.Number, in.Requester.Person.Phone, in.Number} {
		if bytes.Contains(b, []byte(s)) {
			t.Errorf("%q is in clear", s)
		}
	}
}

func TestEntriesHaveOneForm(t *testing.T) {
	a := newAuthor(15)
	a.write(t, dossier.Event{ID: storetest.EventID(1), Kind: "x", Body: []byte("ab")})
	good := appendEntries(nil, a.entries)
	if _, err := parseEntries(good, 1); err != nil {
		t.Fatal(err)
	}
	size := len(good) - 3 // the byte before the body
	for name, b := range map[string][]byte{
		"a length in two bytes": append(append(bytes.Clone(good[:size]), 0x82, 0), "ab"...),
		"a length too long":     append(bytes.Clone(good[:size]), bytes.Repeat([]byte{0xff}, 11)...),
		"a longer body":         append(append(bytes.Clone(good[:size]), 3), "ab"...),
		"another flag":          append([]byte{2}, good[1:]...),
		"purged by the carrier": append([]byte{1}, good[1:]...),
	} {
		if _, err := parseEntries(b, 1); !errors.Is(err, ErrBad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// BenchmarkSeal300 seals a busy morning, 60 dossiers of five events, as it goes up: in envelopes of at most 100.
func BenchmarkSeal300(b *testing.B) { benchmarkSeal(b, day(60)) }

// BenchmarkSeal300Receptions is the worst mix: nothing but receptions.
func BenchmarkSeal300Receptions(b *testing.B) {
	var events []dossier.Event
	for i := range 300 {
		events = append(events, storetest.Reception(i, fmt.Sprintf("MAU-260105-%04d", i+1)))
	}
	benchmarkSeal(b, events)
}

func benchmarkSeal(b *testing.B, events []dossier.Event) {
	a := newAuthor(13)
	a.write(b, events...)
	b.ReportAllocs()
	size := 0
	for b.Loop() {
		size = 0
		for at := 0; at < len(a.entries); {
			e := seal(b, a, a.run(at))
			size += len(e.Bytes())
			at = int(e.Last)
		}
	}
	b.ReportMetric(float64(size), "bytes")
}

func BenchmarkOpen100(b *testing.B) {
	a := newAuthor(14)
	a.write(b, day(20)...)
	bytes := seal(b, a, a.run(0)).Bytes()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := reread(b, bytes).Open(reader, a.public()); err != nil {
			b.Fatal(err)
		}
	}
}
