//go:build !windows

package spool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/user"
	"strings"
	"time"

	"github.com/OpenPrinting/goipp"
)

const (
	askTime  = 10 * time.Second
	sendTime = 2 * time.Minute // a whole document, and a print service that is busy with another
	maxReply = 1 << 20         // a hundred printers say about 200 KB
)

// server is the one CUPS this PC prints through.
type server struct{ network, address, host string }

// serverAt reads what CUPS_SERVER says, as CUPS does: "/a/socket", "host", "host:port", any of them with "/version=1.1"; empty is
// this PC's own service at its socket, or at its port where there is no socket.
func serverAt(name string) server {
	name, _, _ = strings.Cut(name, "/version=")
	switch {
	case strings.HasPrefix(name, "/"):
		return server{"unix", name, "localhost"}
	case name == "":
		return server{"", "", "localhost"}
	}
	if host, _, err := net.SplitHostPort(name); err == nil {
		return server{"tcp", name, host}
	}
	host := strings.Trim(name, "[]")
	return server{"tcp", net.JoinHostPort(host, "631"), host}
}

// ownSocket is where the print service of a PC listens.
const ownSocket = "/run/cups/cups.sock"

func (s server) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	var d net.Dialer
	if s.network != "" {
		return d.DialContext(ctx, s.network, s.address)
	}
	if c, err := d.DialContext(ctx, "unix", ownSocket); err == nil {
		return c, nil
	}
	return d.DialContext(ctx, "tcp", "localhost:631")
}

// refusal is an answer that says no.
type refusal struct {
	status goipp.Status
	text   string // the server's own words
}

func (r refusal) Error() string { return r.text }

// status is why the server said no; 0 when it did not answer at all.
func status(err error) goipp.Status {
	var r refusal
	errors.As(err, &r)
	return r.status
}

// ask puts one question, with a document after it where there is one, and closes the line. An answer that is not IPP, is cut, too long or
// for another question is an error like no answer at all: a login page of a Wi-Fi says 200 too.
func (s server) ask(ctx context.Context, path string, q *goipp.Message, document []byte) (*goipp.Message, error) {
	limit := askTime
	if document != nil {
		limit = sendTime
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	head, err := q.EncodeBytes()
	if err != nil {
		return nil, fmt.Errorf("ask the print service: %w", err)
	}
	body := io.MultiReader(bytes.NewReader(head), bytes.NewReader(document))
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+net.JoinHostPort(s.host, "631")+path, body)
	if err != nil {
		return nil, fmt.Errorf("ask the print service: %w", err)
	}
	r.Host = s.host // localhost for a socket: CUPS refuses a name it does not know
	r.ContentLength = int64(len(head) + len(document))
	r.Header.Set("Content-Type", goipp.ContentType)
	r.Header.Set("User-Agent", "TiepNhan IPP/2.0")
	line := http.Transport{DialContext: s.dial, DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: 64 << 10}
	if document != nil { // the answer no comes before the document, and is not lost behind it
		r.Header.Set("Expect", "100-continue")
		line.ExpectContinueTimeout = 2 * time.Second
	}
	reply, err := line.RoundTrip(r) // no redirects, no proxy
	if err != nil {
		return nil, fmt.Errorf("ask the print service: %w", err)
	}
	defer reply.Body.Close()
	switch reply.StatusCode {
	case http.StatusOK:
	case http.StatusUnauthorized, http.StatusForbidden:
		return nil, refusal{goipp.StatusErrorNotAuthorized, reply.Status}
	default:
		return nil, fmt.Errorf("ask the print service: %s", reply.Status)
	}
	if kind := reply.Header.Get("Content-Type"); kind != goipp.ContentType {
		return nil, fmt.Errorf("ask the print service: it answers %q", kind)
	}
	raw, err := io.ReadAll(io.LimitReader(reply.Body, maxReply+1))
	if err != nil {
		return nil, fmt.Errorf("ask the print service: %w", err)
	}
	if len(raw) > maxReply {
		return nil, errors.New("ask the print service: its answer is too long")
	}
	var a goipp.Message
	if err := a.DecodeBytes(raw); err != nil {
		return nil, fmt.Errorf("ask the print service: %w", err)
	}
	if a.RequestID != q.RequestID {
		return nil, errors.New("ask the print service: it answers another question")
	}
	if a.Code >= 0x100 { // RFC 8011 §4.1.6: below it, the request was done
		r := refusal{goipp.Status(a.Code), goipp.Status(a.Code).String()}
		if said := text(a.Operation, "status-message"); said != "" {
			r.text = said
		}
		return nil, r
	}
	return &a, nil
}

// question is the beginning of every request, about target where there is one.
func question(op goipp.Op, target ...goipp.Attribute) *goipp.Message {
	q := goipp.NewRequest(goipp.DefaultVersion, op, 1)
	q.Operation.Add(goipp.MakeAttribute("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
	q.Operation.Add(goipp.MakeAttribute("attributes-natural-language", goipp.TagLanguage, goipp.String("en")))
	for _, a := range target {
		q.Operation.Add(a)
	}
	q.Operation.Add(goipp.MakeAttribute("requesting-user-name", goipp.TagName, goipp.String(userName())))
	return q
}

// wanted asks for these attributes and no others.
func wanted(names ...string) goipp.Attribute {
	a := goipp.Attribute{Name: "requested-attributes"}
	for _, n := range names {
		a.Values.Add(goipp.TagKeyword, goipp.String(n))
	}
	return a
}

// userName is whose job it is: only its owner may cancel it.
func userName() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "anonymous"
}

func values(in goipp.Attributes, name string) goipp.Values {
	for _, a := range in {
		if a.Name == name {
			return a.Values
		}
	}
	return nil
}

// text is the first value as a string; "" when there is none.
func text(in goipp.Attributes, name string) string {
	for _, s := range texts(in, name) {
		return s
	}
	return ""
}

func texts(in goipp.Attributes, name string) []string {
	var out []string
	for _, v := range values(in, name) {
		switch v := v.V.(type) {
		case goipp.String:
			out = append(out, string(v))
		case goipp.TextWithLang:
			out = append(out, v.Text)
		}
	}
	return out
}

// number is the first value as a number; ok is false when there is none.
func number(in goipp.Attributes, name string) (n int, ok bool) {
	for _, v := range values(in, name) {
		if i, is := v.V.(goipp.Integer); is {
			return int(i), true
		}
	}
	return 0, false
}

// truth is the first value as a boolean, and otherwise where there is none.
func truth(in goipp.Attributes, name string, otherwise bool) bool {
	for _, v := range values(in, name) {
		if b, is := v.V.(goipp.Boolean); is {
			return bool(b)
		}
	}
	return otherwise
}
