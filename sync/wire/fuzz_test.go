package wire

import (
	"bytes"
	"crypto/ed25519"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/dossier/dossiertest"
)

// What every decoder promises: no panic, an answer in time and without much memory (I14), and that what it takes is the one form of what it gives.
// What chance once found worth keeping is in testdata/fuzz and is tried with every go test.

// fuzz tries do on whatever comes.
func fuzz(f *testing.F, do func(t *testing.T, b []byte)) {
	f.Fuzz(func(t *testing.T, b []byte) {
		dossiertest.Answered(t, func() { do(t, b) })
	})
}

func seeds(f *testing.F, all ...[]byte) {
	for _, b := range all {
		f.Add(b)
		f.Add(b[:len(b)/2])
	}
	f.Add([]byte("<html></html>"))
	f.Add([]byte(nil))
}

func fuzzAuthor(f *testing.F) *author {
	a := newAuthor(20)
	a.write(f, day(1)...)
	return a
}

func FuzzEnvelope(f *testing.F) {
	a := fuzzAuthor(f)
	seeds(f, seal(f, a, a.run(0)).Bytes(), seal(f, a, a.run(3)).Bytes())
	fuzz(f, func(t *testing.T, b []byte) {
		e, err := Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		if !bytes.Equal(e.Bytes(), b) {
			t.Fatal("read in a form it is not written in")
		}
		_, _ = e.Open(reader, a.public())
	})
}

func FuzzEnvelopeHeader(f *testing.F) {
	a := fuzzAuthor(f)
	seeds(f, seal(f, a, a.run(0)).header, seal(f, a, a.run(2)).header)
	fuzz(f, func(t *testing.T, b []byte) {
		if len(b) < headerSize {
			return
		}
		if h, err := parseHeader(b[:headerSize]); err == nil && !bytes.Equal(h.bytes(), b[:headerSize]) {
			t.Fatal("read in a form it is not written in")
		}
	})
}

func FuzzUnpack(f *testing.F) {
	a := fuzzAuthor(f)
	h := seal(f, a, a.run(0)).Header
	seeds(f, packed(f, appendEntries(h.inner(), a.entries)), appendEntries(h.inner(), a.entries),
		packed(f, make([]byte, 8*MaxUnpacked)), bytes.Repeat(packed(f, nil), 1000))
	fuzz(f, func(t *testing.T, packed []byte) { // the envelope around it is right
		if len(packed) > MaxPacked/2 {
			return
		}
		if entries, err := forge(t, a, h, packed).Open(reader, a.public()); err == nil && len(entries) != h.Count() {
			t.Fatal("another number of entries")
		}
	})
}

func FuzzEntries(f *testing.F) {
	a := fuzzAuthor(f)
	purged := a.entries[1]
	purged.Purged, purged.Salt, purged.Body = true, [16]byte{}, nil
	seeds(f, appendEntries(nil, a.entries), appendEntries(nil, []dossier.Entry{purged, a.entries[0]}))
	fuzz(f, func(t *testing.T, b []byte) {
		for _, n := range []int{1, 2, 5} {
			if entries, err := parseEntries(bytes.Clone(b), n); err == nil && !bytes.Equal(appendEntries(nil, entries), b) {
				t.Fatal("read in a form they are not written in")
			}
		}
	})
}

func FuzzHello(f *testing.F) {
	a := fuzzAuthor(f)
	seeds(f, Hello{Nonce: NewNonce(), Chains: []Held{held(a)}}.Encode(), Hello{Chains: []Held{}}.Encode(),
		Hello{Chains: manyChains(MaxChains), Probes: []Probe{{Chain: a.chain.Chain, Seqs: make([]uint64, MaxProbes)}}}.Encode())
	fuzz(f, func(t *testing.T, b []byte) {
		if h, err := ParseHello(b); err == nil && !bytes.Equal(h.Encode(), b) {
			t.Fatal("read in a form it is not written in")
		}
	})
}

func FuzzHelloAnswer(f *testing.F) {
	a := fuzzAuthor(f)
	question := Hello{Chains: []Held{}}.Encode()
	large := HelloAnswer{Name: "Mẫu", At: time.Unix(0, 0), Chains: manyChains(MaxChains)}
	for _, c := range large.Chains {
		r := dossier.Receipt{Head: c.Head(), Number: "BN-260105-0001", Station: "Mẫu", At: time.Unix(1_767_571_200, 0)}
		r.Sign(a.key)
		large.Receipts = append(large.Receipts, r)
	}
	seeds(f, HelloAnswer{Name: "Mẫu", At: time.Unix(0, 0), Chains: []Held{held(a)}}.Sign(question, a.key)[64:], large.Sign(question, a.key)[64:])
	fuzz(f, func(t *testing.T, body []byte) { // signed by the right key, whatever it is
		b := append(ed25519.Sign(a.key, append(bytes.Clone(helloDomain), body...)), body...)
		if got, err := OpenHelloAnswer(b, a.public(), question); err == nil && !bytes.Equal(got.Sign(question, a.key), b) {
			t.Fatal("read in a form it is not written in")
		}
		_, _ = OpenHelloAnswer(body, a.public(), question)
	})
}

func FuzzAdmission(f *testing.F) {
	a := fuzzAuthor(f)
	seeds(f, Admission{Admission: dossier.Admission{Device: a.chain.Device, Desk: 2, Key: a.public(), Recipient: reader.Recipient(), Chain: a.chain},
		Station: "Công an xã Mẫu", Journal: newAuthor(21).chain}.Sign(a.key)[64:])
	fuzz(f, func(t *testing.T, body []byte) { // signed by the right key, whatever it is
		b := append(ed25519.Sign(a.key, append(bytes.Clone(admissionDomain), body...)), body...)
		if got, err := OpenAdmission(b, a.public()); err == nil && !bytes.Equal(got.Sign(a.key), b) {
			t.Fatal("read in a form it is not written in")
		}
		_, _ = OpenAdmission(body, a.public())
	})
}

// FuzzNotes is enrolment by stick: whatever lies there under the names of its files.
func FuzzNotes(f *testing.F) {
	a := fuzzAuthor(f)
	question := Enrol{Chain: a.chain, Key: a.public(), Recipient: reader.Recipient()}.Prove(Secret{}, KeyHash(a.public()))
	seeds(f, append(ed25519.Sign(a.key, append(bytes.Clone(askDomain), question...)), question...), question)
	dir := f.TempDir()
	fuzz(f, func(t *testing.T, b []byte) {
		tries := [][]byte{b, append(ed25519.Sign(a.key, append(bytes.Clone(askDomain), b...)), b...)}
		for _, b := range tries {
			for _, ending := range []string{askEnding, answerEnding} {
				if err := os.WriteFile(filepath.Join(dir, "mau"+ending), b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			asks, err := Asks(t.Context(), dir)
			if err != nil || len(asks) > 1 {
				t.Fatalf("%d questions, %v", len(asks), err)
			}
			for _, ask := range asks {
				if (ask.Err == nil) != (ask.Key != nil) || ask.Err == nil && !bytes.HasSuffix(b, ask.Question) {
					t.Fatalf("%+v", ask)
				}
			}
			if answers, err := EnrolAnswers(t.Context(), dir); err != nil || len(answers) > 1 {
				t.Fatalf("%d answers, %v", len(answers), err)
			}
		}
	})
}

func FuzzEnrol(f *testing.F) {
	a := fuzzAuthor(f)
	seeds(f, Enrol{Chain: a.chain, Key: a.public(), Recipient: reader.Recipient()}.Prove(Secret{}, KeyHash(a.public())))
	fuzz(f, func(t *testing.T, b []byte) {
		if e, err := ParseEnrol(b); err == nil && !bytes.Equal(encode(e), b[32:]) {
			t.Fatal("read in a form it is not written in")
		}
	})
}

func FuzzEnrolAnswer(f *testing.F) {
	a := fuzzAuthor(f)
	ticket := ticketOf(a)
	key := ProofKey(ticket.Secret)
	question := Enrol{Chain: a.chain, Key: a.public(), Recipient: reader.Recipient()}.Prove(ticket.Secret, ticket.Key)
	seeds(f, EnrolAnswer{Key: a.public(), Recipient: reader.Recipient(), At: time.Unix(0, 0)}.Prove(question, key)[32:])
	fuzz(f, func(t *testing.T, body []byte) {
		_, _ = OpenEnrolAnswer(append(proof("upstream", key, ticket.Key, body), body...), ticket, question)
	})
}

func FuzzReceipt(f *testing.F) {
	a := fuzzAuthor(f)
	r := dossier.Receipt{Head: a.head, Number: "BN-260105-0001", Station: "Mẫu", At: time.Unix(1_767_571_200, 0)}
	r.Sign(a.key)
	seeds(f, EncodeReceipt(r))
	fuzz(f, func(t *testing.T, b []byte) {
		if r, err := ParseReceipt(b); err == nil && !bytes.Equal(EncodeReceipt(r), b) {
			t.Fatal("read in a form it is not written in")
		}
	})
}

func FuzzPull(f *testing.F) {
	seeds(f, Pull{Chain: newAuthor(20).chain.Chain, After: 7}.Encode())
	fuzz(f, func(t *testing.T, b []byte) {
		if p, err := ParsePull(b); err == nil && !bytes.Equal(p.Encode(), b) {
			t.Fatal("read in a form it is not written in")
		}
	})
}

func FuzzRefusal(f *testing.F) {
	seeds(f, Refusal{Code: "line.busy"}.Encode())
	fuzz(f, func(t *testing.T, b []byte) {
		if ps, err := ParseRefusal(b, 503); err == nil && ps[0].Code != "line.busy" {
			t.Fatal(ps)
		}
	})
}

func FuzzTicket(f *testing.F) {
	f.Add(ticketOf(newAuthor(20)).Text())
	f.Add("TN1.00000-00000")
	f.Add("tn1.\u00df\u0131")
	f.Add("TN1." + strings.Repeat("0", 5000))
	f.Fuzz(func(t *testing.T, s string) {
		dossiertest.Answered(t, func() {
			got, err := ParseTicket(s)
			if err != nil {
				return
			}
			if again, err := ParseTicket(got.Text()); err != nil || again != got {
				t.Fatalf("%+v, then %+v, %v", got, again, err)
			}
		})
	})
}

func FuzzRecipient(f *testing.F) {
	f.Add(reader.Recipient())
	f.Add("age1pq1")
	f.Add("age1pq1" + strings.Repeat("q", 10_000))
	f.Fuzz(func(t *testing.T, s string) {
		dossiertest.Answered(t, func() {
			if r, err := ParseRecipient(s); err == nil && r.age.String() != s {
				t.Fatal("read in a form it is not written in")
			}
		})
	})
}
