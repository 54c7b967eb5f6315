package wire

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"tiepnhan/dossier"
)

func held(a *author) Held {
	return Held{Genesis: a.chain, Owner: a.public(), Seq: a.head.Seq, Hash: a.head.Hash}
}

func TestHelloAnswerBelongsToOneQuestionAndOneKey(t *testing.T) {
	a, up := newAuthor(1), newAuthor(2)
	a.write(t, day(1)...)
	question := Hello{Nonce: NewNonce(), Chains: []Held{held(a)}}.Encode()
	if h, err := ParseHello(question); err != nil || !reflect.DeepEqual(h.Chains[0], held(a)) {
		t.Fatalf("%+v, %v", h, err)
	}
	r := dossier.Receipt{Head: a.head, Number: "BN-260105-0001", Station: "Trạm Mẫu", At: time.Now()}
	r.Sign(up.key)
	b := HelloAnswer{Name: "Công an tỉnh Mẫu", At: time.Now(), Chains: []Held{held(a), held(up)}, Receipts: []dossier.Receipt{r}}.Sign(question, up.key)
	got, err := OpenHelloAnswer(b, up.public(), question)
	if err != nil {
		t.Fatal(err)
	}
	if h, ok := got.Chain(a.chain.Chain); !ok || h.Seq != 5 || len(got.Receipts) != 1 || !got.Receipts[0].SignedBy(up.public()) {
		t.Errorf("%+v", got)
	}
	again := Hello{Nonce: NewNonce(), Chains: []Held{held(a)}}.Encode()
	if _, err := OpenHelloAnswer(b, up.public(), again); !errors.Is(err, ErrBad) {
		t.Errorf("an old answer passed for a new one: %v", err)
	}
	if _, err := OpenHelloAnswer(b, a.public(), question); !errors.Is(err, ErrBad) {
		t.Errorf("another's answer was believed: %v", err)
	}
	for i := range b {
		b[i] ^= 4
		if _, err := OpenHelloAnswer(b, up.public(), question); !errors.Is(err, ErrBad) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
		b[i] ^= 4
	}
	for n := range b {
		if _, err := OpenHelloAnswer(b[:n], up.public(), question); !errors.Is(err, ErrBad) {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
}

func TestMessagesHaveOneForm(t *testing.T) {
	a := newAuthor(3)
	good := string(Hello{Nonce: NewNonce(), Chains: []Held{held(a)}}.Encode())
	if _, err := ParseHello([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]string{
		"nothing":           "",
		"null":              "null",
		"a list":            "[]",
		"HTML":              "<html><body>Đăng nhập Wi-Fi</body></html>",
		"a space":           good + " ",
		"an unknown field":  strings.Replace(good, `{"nonce"`, `{"more":1,"nonce"`, 1),
		"a field twice":     strings.Replace(good, `"chains"`, `"nonce":"`+strings.Repeat("0", 32)+`","chains"`, 1),
		"another case":      strings.Replace(good, `"nonce"`, `"Nonce"`, 1),
		"a missing field":   `{"chains":[]}`,
		"no chains at all":  `{"nonce":"` + strings.Repeat("0", 32) + `"}`,
		"a chain twice":     string(Hello{Chains: []Held{held(a), held(a)}}.Encode()),
		"an owner too long": string(Hello{Chains: []Held{{Genesis: a.chain, Owner: make([]byte, 33), Hash: a.chain.Hash()}}}.Encode()),
		"a false beginning": string(Hello{Chains: []Held{{Genesis: a.chain, Owner: a.public()}}}.Encode()),
		"too many chains":   string(Hello{Chains: manyChains(MaxChains + 1)}.Encode()),
		"too much":          string(Hello{Chains: manyChains(2000)}.Encode()),
		"deep":              strings.Repeat(`{"nonce":`, 10000),
		"not UTF-8":         "{\"nonce\":\"\xff\"}",
	} {
		if _, err := ParseHello([]byte(b)); !errors.Is(err, ErrBad) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ParseHello(Hello{Chains: manyChains(MaxChains)}.Encode()); err != nil {
		t.Errorf("as many chains as may be: %v", err)
	}
}

func manyChains(n int) []Held {
	out := make([]Held, n)
	for i := range out {
		out[i].Device[0], out[i].Device[1] = byte(i), byte(i>>8)
		out[i].Owner, out[i].Hash = make([]byte, ed25519.PublicKeySize), out[i].Genesis.Hash()
	}
	return out
}

func TestReceiptTravelsAsItWasSigned(t *testing.T) {
	up := newAuthor(4)
	r := dossier.Receipt{Head: dossier.Head{Seq: 7}, Number: "BN-090101-0001", Station: "Trạm <Mẫu> & Thử", At: time.Date(2009, 1, 1, 7, 0, 0, 1, dossier.Hanoi)}
	r.Sign(up.key)
	got, err := ParseReceipt(EncodeReceipt(r))
	if err != nil || !got.SignedBy(up.public()) || !reflect.DeepEqual(got, r) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRefusalIsBelievedOnlyUnderItsOwnStatus(t *testing.T) {
	for code, status := range Refusals {
		ps, err := ParseRefusal(Refusal{Code: code}.Encode(), status)
		if err != nil || ps[0].Code != code {
			t.Errorf("%s: %v, %v", code, ps, err)
		}
		if _, err := ParseRefusal(Refusal{Code: code}.Encode(), 200); !errors.Is(err, ErrBad) {
			t.Errorf("%s under 200: %v", code, err)
		}
	}
	if _, err := ParseRefusal(Refusal{Code: "made.up"}.Encode(), 0); !errors.Is(err, ErrBad) {
		t.Errorf("a code nobody knows, under status 0: %v", err)
	}
}

func ticketOf(up *author) Ticket {
	t := Ticket{Address: "capren.example:8443", Key: KeyHash(up.public()), Until: time.Unix(1_800_000_000, 0).UTC(), Desk: 2, Station: "Công an xã Mẫu"}
	t.Number, t.Secret = NewSecret()
	return t
}

func TestEnrolmentIsProvedBothWays(t *testing.T) {
	up, pc, other := newAuthor(5), newAuthor(6), newAuthor(7)
	ticket := ticketOf(up)
	e := Enrol{Ticket: ticket.Number, Nonce: NewNonce(), Chain: pc.chain, Key: pc.public(), Recipient: reader.Recipient()}
	question := e.Prove(ticket.Secret, ticket.Key)
	key := ProofKey(ticket.Secret)
	got, err := ParseEnrol(question)
	if err != nil || !reflect.DeepEqual(got, e) {
		t.Fatalf("%+v, %v", got, err)
	}
	if !ProvedBy(question, key, ticket.Key) {
		t.Error("the right proof is not believed")
	}
	if ProvedBy(question, ProofKey(Secret{1}), ticket.Key) || ProvedBy(question, key, KeyHash(other.public())) || ProvedBy(question[:32], key, ticket.Key) {
		t.Error("a wrong proof is believed")
	}
	a := EnrolAnswer{Name: "Công an tỉnh Mẫu", Key: up.public(), Recipient: stranger.Recipient(), Chain: up.chain, Station: ticket.Station, Desk: 2, At: time.Now()}
	b := a.Prove(question, key)
	if got, err := OpenEnrolAnswer(b, ticket, question); err != nil || got.Desk != 2 || got.Recipient != a.Recipient || got.Chain != up.chain {
		t.Errorf("%+v, %v", got, err)
	}
	second := e
	second.Nonce = NewNonce()
	wrong := ticket
	wrong.Secret[0]++
	posing := a
	posing.Key = other.public()
	for name, err := range map[string]error{
		"to another question": openErr(b, ticket, second.Prove(ticket.Secret, ticket.Key)),
		"with another ticket": openErr(b, wrong, question),
		"by another key":      openErr(posing.Prove(question, key), ticket, question),
		"cut":                 openErr(b[:31], ticket, question),
		"the question itself": openErr(question, ticket, question),
	} {
		if !errors.Is(err, ErrBad) {
			t.Errorf("an answer %s: %v", name, err)
		}
	}
	for name, bad := range map[string]Enrol{
		"no journal":        {Key: pc.public(), Recipient: reader.Recipient()},
		"a short key":       {Chain: pc.chain, Key: pc.public()[:31], Recipient: reader.Recipient()},
		"no recipient":      {Chain: pc.chain, Key: pc.public()},
		"an X25519 one":     {Chain: pc.chain, Key: pc.public(), Recipient: "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"},
		"a long one":        {Chain: pc.chain, Key: pc.public(), Recipient: "age1pq1" + strings.Repeat("q", 5000)},
		"a bottomless past": {Chain: dossier.Genesis{Chain: pc.chain.Chain, CommonSeq: 1 << 63}, Key: pc.public(), Recipient: reader.Recipient()},
		"a secret of it":    {Chain: pc.chain, Key: pc.public(), Recipient: reader.Secret()},
	} {
		if _, err := ParseEnrol(bad.Prove(ticket.Secret, ticket.Key)); !errors.Is(err, ErrBad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func openErr(b []byte, t Ticket, question []byte) error {
	_, err := OpenEnrolAnswer(b, t, question)
	return err
}

func TestIdentityIsReadBackAndNeverSaid(t *testing.T) {
	got, err := ParseIdentity(reader.Secret())
	if err != nil || got.Recipient() != reader.Recipient() || got.ID() != reader.ID() {
		t.Errorf("%v", err)
	}
	broken := reader.Secret()[:len(reader.Secret())-1]
	if _, err := ParseIdentity(broken); err == nil || strings.Contains(strings.ToLower(err.Error()), strings.ToLower(broken[20:40])) {
		t.Errorf("the secret is in the error: %v", err)
	}
}

func TestTicketIsReadHoweverItIsTyped(t *testing.T) {
	want := ticketOf(newAuthor(8))
	text := want.Text()
	if len(text) > 260 {
		t.Errorf("a ticket of %d letters", len(text))
	}
	misread := strings.NewReplacer("0", "o", "1", "l")
	for name, s := range map[string]string{
		"as printed":       text,
		"lower case":       strings.ToLower(text),
		"without hyphens":  strings.ReplaceAll(text, "-", ""),
		"with spaces":      "  " + strings.ReplaceAll(text, "-", " ") + "\r\n",
		"over many lines":  strings.ReplaceAll(text, "-", "-\n"),
		"pasted with mark": "\ufeff" + text + "\u00a0",
		"from a document":  strings.NewReplacer("-", "\u2011\u200b").Replace(text),
		"with dashes":      strings.ReplaceAll(text, "-", " – "),
		"with soft breaks": strings.ReplaceAll(text, "-", "\u00ad\u2028"),
		"misread":          text[:4] + misread.Replace(text[4:]),
	} {
		if got, err := ParseTicket(s); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestTicketWithASlipIsRefused(t *testing.T) {
	text := ticketOf(newAuthor(9)).Text()
	for i := range text {
		for _, c := range []byte("0Z") {
			b := []byte(text)
			if b[i] == c {
				continue
			}
			b[i] = c
			if _, err := ParseTicket(string(b)); dossier.Code(err) != "ticket.format" && text[i] != '-' {
				t.Fatalf("letter %d wrong: %v", i, err)
			}
		}
		if _, err := ParseTicket(text[:i]); dossier.Code(err) != "ticket.format" {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
	for more := range 5 { // bits of the last letter that carry nothing, at any length
		long := ticketOf(newAuthor(9))
		long.Station += strings.Repeat("x", more)
		text := long.Text()
		for _, c := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
			if other := text[:len(text)-1] + string(c); other != text {
				if _, err := ParseTicket(other); dossier.Code(err) != "ticket.format" {
					t.Errorf("another last letter: %v", err)
				}
			}
		}
	}
	for _, s := range []string{"", "TN1.", "TN2" + text[3:], strings.Repeat("A", 5000), "https://example.com", "🎫"} {
		if _, err := ParseTicket(s); dossier.Code(err) != "ticket.format" {
			t.Errorf("%.20q: %v", s, err)
		}
	}
}

func TestTicketIsWrittenOnlyForWhatItCanSay(t *testing.T) {
	good := ticketOf(newAuthor(10))
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for code, change := range map[string]func(*Ticket){
		"ticket.address": func(t *Ticket) { t.Address = "capren.example" },
		"ticket.station": func(t *Ticket) { t.Station = "Xã\nMẫu" },
		"desk.range":     func(t *Ticket) { t.Desk = 4 },
	} {
		bad := good
		change(&bad)
		if got := dossier.Code(bad.Check()); got != code {
			t.Errorf("got %s, want %s", got, code)
		}
	}
}

func TestAddressIsHostAndPort(t *testing.T) {
	for in, want := range map[string]string{"https://10.0.0.5:8443": "10.0.0.5:8443", "capren.example:443/": "capren.example:443", " [::1]:1 ": "[::1]:1"} {
		if got, err := CheckAddress(in); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "http://a:1", "a", "a:0", "a:70000", "a:08", ":1", "a:1/x", "u@a:1", "a b:1", "xã:1", "a:1?q"} {
		if got, err := CheckAddress(in); dossier.Code(err) != "ticket.address" {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

func TestNonceIsNewEachTime(t *testing.T) {
	a, b := NewNonce(), NewNonce()
	if bytes.Equal(a[:], b[:]) {
		t.Error("twice the same")
	}
}
