//go:build !windows

package spool_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/OpenPrinting/goipp"

	"tiepnhan/dossier"
	"tiepnhan/forms/spool"
)

// serve is a server at a socket that is not, or not only, a print service.
func serve(t *testing.T, h http.HandlerFunc) *spool.Spool {
	t.Helper()
	dir, err := os.MkdirTemp("", "cups")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	l, err := net.Listen("unix", filepath.Join(dir, "sock"))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(h)
	s.Listener.Close()
	s.Listener = l
	s.Start()
	t.Cleanup(s.Close)
	return spool.At(filepath.Join(dir, "sock"))
}

// completed is an answer to everything: a printer that is well, and a job that is done.
func completed() []byte {
	a := goipp.NewResponse(goipp.DefaultVersion, goipp.StatusOk, 1)
	a.Operation.Add(goipp.MakeAttribute("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
	a.Job.Add(goipp.MakeAttribute("job-id", goipp.TagInteger, goipp.Integer(5)))
	a.Job.Add(goipp.MakeAttribute("job-state", goipp.TagEnum, goipp.Integer(9)))
	a.Printer.Add(goipp.MakeAttribute("printer-name", goipp.TagName, goipp.String("gia")))
	out, err := a.EncodeBytes()
	if err != nil {
		panic(err)
	}
	return out
}

func TestWhatIsNoPrintServiceIsNeverBelieved(t *testing.T) {
	ipp := func(status int, body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", goipp.ContentType)
			w.WriteHeader(status)
			w.Write(body)
		}
	}
	other := bytes.Clone(completed())
	binary.BigEndian.PutUint32(other[4:], 2)
	deep := bytes.Clone(completed()[:len(completed())-1])
	deep = append(deep, "\x34\x00\x01a\x00\x00"...)
	deep = append(deep, bytes.Repeat([]byte("\x4a\x00\x00\x00\x01b\x34\x00\x00\x00\x00"), 80_000)...)
	for name, h := range map[string]http.HandlerFunc{
		"a login page": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Write([]byte("<html>Đăng nhập Wi-Fi"))
		},
		"a login page that calls itself IPP": ipp(200, []byte("<html><body>Đăng nhập Wi-Fi</body></html>")),
		"a page with an answer in it": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Write(completed())
		},
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/login", http.StatusFound)
		},
		"nothing":           ipp(200, nil),
		"an answer cut":     ipp(200, completed()[:len(completed())-4]),
		"only its head":     ipp(200, completed()[:8]),
		"an answer to else": ipp(200, other),
		"an error":          ipp(500, completed()),
		"no service":        ipp(503, completed()),
		"encryption only":   ipp(426, completed()),
		"no end":            ipp(200, append(completed()[:len(completed())-1], bytes.Repeat([]byte("\x44\x00\x01a\x00\x01b"), 1<<20)...)),
		"a tail of 2 MB":    ipp(200, append(completed(), make([]byte, 2<<20)...)),
		"deep nesting":      ipp(200, deep),
		"cut by the length": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", goipp.ContentType)
			w.Header().Set("Content-Length", "1000")
			w.Write(completed())
		},
		"a broken line": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"no manners": func(w http.ResponseWriter, r *http.Request) {
			c, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				panic(err)
			}
			c.Write([]byte("220 in.example.vn ESMTP\r\n"))
			c.Close()
		},
		"endless headers": func(w http.ResponseWriter, r *http.Request) {
			for range 100 {
				w.Header().Add("X", strings.Repeat("x", 10_000))
			}
			w.Write(completed())
		},
	} {
		t.Run(name, func(t *testing.T) { nothingAnswers(t, serve(t, h), "gia", "5") })
	}
	good := serve(t, ipp(200, completed()))
	if state, err := good.Job(t.Context(), "gia", "5"); err != nil || state.Phase != dossier.JobDone {
		t.Errorf("the answer all of these were made from is a good one, yet: %+v %v", state, err)
	}
}

func TestWhoMayNotPrintIsToldSo(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	if id, err := s.Print(t.Context(), a5("cam")); id != "" || dossier.Code(err) != "printer.denied" {
		t.Errorf("%q %v", id, err)
	}
	if err := s.Cancel(t.Context(), "cam", "1"); dossier.Code(err) != "printer.denied" {
		t.Error(err)
	}
}

func TestAServiceThatNeverAnswersEndsWithTheQuestion(t *testing.T) {
	asked := make(chan struct{}, 1)
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		asked <- struct{}{}
		<-r.Context().Done()
	})
	ctx, end := context.WithCancel(t.Context())
	go func() { <-asked; end() }()
	if _, err := s.Job(ctx, "lau", "1"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// between stands on the line to a real print service and does as it is told with one operation.
func between(s *printService, op goipp.Op, instead func(w http.ResponseWriter, forward func() []byte)) *spool.Spool {
	line := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", s.Sock)
	}}
	return serve(s.t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		forward := func() []byte {
			reply, err := (&http.Client{Transport: line}).Post("http://localhost"+r.URL.Path, goipp.ContentType, bytes.NewReader(body))
			if err != nil {
				return nil
			}
			defer reply.Body.Close()
			out, _ := io.ReadAll(reply.Body)
			return out
		}
		w.Header().Set("Content-Type", goipp.ContentType)
		if len(body) > 4 && goipp.Op(binary.BigEndian.Uint16(body[2:])) == op {
			instead(w, forward)
			return
		}
		w.Write(forward())
	})
}

func cut(http.ResponseWriter, func() []byte) { panic(http.ErrAbortHandler) }

func TestALineCutBeforeTheDocumentPrintsNothing(t *testing.T) {
	s := startService(t)
	s.Printer("cat", "takes")
	far := between(s, goipp.OpSendDocument, cut)
	if id, err := far.Print(t.Context(), a5("cat")); id != "" || dossier.Code(err) != "printer.spooler" {
		t.Errorf("%q %v", id, err)
	}
	if state := s.state("cat", "1"); state.Phase != dossier.JobRefused {
		t.Errorf("the job is left as %+v", state)
	}
}

func TestALineCutAfterTheDocumentIsNotSaidToBeRefused(t *testing.T) {
	s := startService(t)
	s.Printer("cat", "connecting-to-device")
	far := between(s, goipp.OpSendDocument, func(w http.ResponseWriter, forward func() []byte) {
		forward()
		s.Until("the printer has it", func() bool {
			state, err := s.Job(context.Background(), "cat", "1")
			return err == nil && state.Phase == dossier.JobPrinting
		})
		panic(http.ErrAbortHandler)
	})
	id, err := far.Print(t.Context(), a5("cat"))
	if err != nil || id != "1" {
		t.Fatalf("%q %v", id, err)
	}
	if _, last := s.reaches("cat", id, over); last.Phase != dossier.JobFailed {
		t.Errorf("%+v", last)
	}
}

func TestAServiceThatDiesOverTheDocumentLeavesItOpen(t *testing.T) {
	s := startService(t)
	s.Printer("chet", "takes")
	far := between(s, goipp.OpSendDocument, func(_ http.ResponseWriter, forward func() []byte) {
		forward()
		s.Stop()
		panic(http.ErrAbortHandler)
	})
	id, err := far.Print(t.Context(), a5("chet"))
	if err != nil || id != "1" {
		t.Errorf("it may be on paper, yet: %q %v", id, err)
	}
	if _, err := far.Job(t.Context(), "chet", id); dossier.Code(err) != "printer.spooler" {
		t.Error(err)
	}
}

func TestAQuestionEndedOverTheDocumentTakesTheJobBack(t *testing.T) {
	s := startService(t)
	s.Printer("thoi", "takes")
	ctx, end := context.WithCancel(t.Context())
	far := between(s, goipp.OpSendDocument, func(http.ResponseWriter, func() []byte) {
		end()
		panic(http.ErrAbortHandler)
	})
	if id, err := far.Print(ctx, a5("thoi")); id != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("%q %v", id, err)
	}
	if state := s.state("thoi", "1"); state.Phase != dossier.JobRefused {
		t.Errorf("the job is left as %+v", state)
	}
}

func TestADocumentRefusedTakesTheJobBack(t *testing.T) {
	s := startService(t)
	s.Printer("che", "takes")
	far := between(s, goipp.OpSendDocument, func(w http.ResponseWriter, _ func() []byte) {
		no := goipp.NewResponse(goipp.DefaultVersion, goipp.StatusErrorDocumentFormatNotSupported, 1)
		no.Operation.Add(goipp.MakeAttribute("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
		out, _ := no.EncodeBytes()
		w.Write(out)
	})
	id, err := far.Print(t.Context(), a5("che"))
	var ps dossier.Problems
	if id != "" || !errors.As(err, &ps) || ps[0].Code != "printer.failed" || !strings.Contains(ps[0].Args["detail"], "document-format") {
		t.Errorf("%q %v", id, err)
	}
	if state := s.state("che", "1"); state.Phase != dossier.JobRefused {
		t.Errorf("the job is left as %+v", state)
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	s := startService(t)
	s.Printer("sach", "takes")
	before := runtime.NumGoroutine()
	for range 10 {
		s.state("sach", s.print(a5("sach")))
		s.Print(t.Context(), a5("khong-co"))
		spool.At(filepath.Join(s.Dir, "none")).Printers(t.Context())
	}
	s.Until("every line is closed", func() bool { return runtime.NumGoroutine() <= before })
}

func TestWhereTheSpoolerIs(t *testing.T) {
	heard := make(chan string, 1)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		heard <- r.Host
		w.Header().Set("Content-Type", goipp.ContentType)
		w.Write(completed())
	}))
	s.Listener.Close()
	s.Listener = l
	s.Start()
	t.Cleanup(s.Close)
	for _, name := range []string{l.Addr().String(), l.Addr().String() + "/version=1.1"} {
		t.Setenv("CUPS_SERVER", name)
		all, err := spool.New(nil).Printers(t.Context())
		if err != nil || len(all) != 1 || all[0].Name != "gia" {
			t.Fatalf("%s: %+v %v", name, all, err)
		}
		select {
		case host := <-heard:
			if host != "127.0.0.1" {
				t.Errorf("asked for %q", host)
			}
		case <-time.After(5 * time.Second):
			t.Error("nobody asked")
		}
	}
}
