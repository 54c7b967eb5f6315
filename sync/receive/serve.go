package receive

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// Limits of serving.
const (
	maxEnrol    = 8 << 10         // bytes: all that a stranger may send
	atOnce      = 16              // calls worked on at a time
	maxQueue    = time.Second     // for a call to wait for its turn
	wholeCall   = 5 * time.Minute // for one call on the slowest line
	stopping    = 10 * time.Second
	retryAtMost = 30 // seconds
)

// Serve answers stations on a listener until ctx ends, then finishes the calls it has begun. It closes the listener.
func (u *Upstream) Serve(ctx context.Context, l net.Listener) error {
	defer l.Close()
	config, err := u.tls(ctx)
	if err != nil {
		return err
	}
	if err := u.judgeAll(ctx); err != nil && ctx.Err() == nil {
		u.fault(err) // stations are served all the same
	}
	s := &http.Server{
		Handler:           u.Handler(),
		TLSConfig:         config,
		ReadHeaderTimeout: u.Idle,
		ReadTimeout:       wholeCall,
		WriteTimeout:      wholeCall,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // strangers at the door are no news, and a log of them has no end
	}
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		ctx, stop := context.WithTimeout(context.Background(), stopping)
		defer stop()
		done <- errors.Join(s.Shutdown(ctx), s.Close())
	}()
	if err := s.ServeTLS(l, "", ""); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return <-done
}

// tls shows the key in use, also after another program has finished a change of keys.
func (u *Upstream) tls(ctx context.Context) (*tls.Config, error) {
	k, err := u.keys(ctx, u.read)
	if err != nil {
		return nil, told("serve", err)
	}
	first, err := wire.ServerTLS(k.secret)
	if err != nil {
		return nil, err
	}
	type shown struct {
		generation int64
		config     *tls.Config
	}
	var last atomic.Pointer[shown]
	last.Store(&shown{k.generation, first})
	config := first.Clone()
	config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		k, err := u.keys(hello.Context(), u.read)
		if err != nil {
			return last.Load().config, nil
		}
		if had := last.Load(); had.generation == k.generation {
			return had.config, nil
		}
		now, err := wire.ServerTLS(k.secret)
		if err != nil {
			return nil, err
		}
		last.Store(&shown{k.generation, now})
		return now, nil
	}
	return config, nil
}

// Handler answers the calls of package wire.
func (u *Upstream) Handler() http.Handler {
	turns := make(chan struct{}, atOnce)
	mux := http.NewServeMux()
	for path, c := range map[string]struct {
		limit    int64
		stranger bool
		do       func(ctx context.Context, peer ed25519.PublicKey, body []byte) ([]byte, error)
	}{
		wire.PathHello:  {wire.MaxMessage, false, u.Hello},
		wire.PathPush:   {wire.MaxEnvelope, false, u.Push},
		wire.PathPull:   {wire.MaxMessage, false, u.Pull},
		wire.PathEnrol:  {maxEnrol, true, u.Enrol},
		wire.PathReturn: {maxEnrol, true, u.Return},
	} {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			peer, err := wire.PeerKey(r.TLS)
			if err != nil {
				u.refuse(w, dossier.Invalid("", "line.unknown-device"))
				return
			}
			if !c.stranger { // before a byte of the body is read
				if _, err := admitted(r.Context(), u.read, peer); err != nil {
					if dossier.Code(err) == "line.former-key" {
						if err := u.ringFormer(r.Context(), peer); err != nil {
							u.fault(err) // it is refused all the same
						}
					}
					u.refuse(w, told("answer", err))
					return
				}
			}
			body, err := wire.Body(w, r, c.limit, u.Idle)
			if err != nil {
				u.refuse(w, err)
				return
			}
			wait := time.NewTimer(maxQueue)
			defer wait.Stop()
			select {
			case turns <- struct{}{}:
				defer func() { <-turns }()
			case <-wait.C:
				u.refuse(w, dossier.Invalid("", "line.busy"))
				return
			}
			// What came whole is dealt with even if the line goes now.
			ctx, stop := context.WithTimeout(context.WithoutCancel(r.Context()), time.Minute)
			defer stop()
			answer, err := c.do(ctx, peer, body)
			if err != nil {
				u.refuse(w, err)
				return
			}
			w.Header().Set("Content-Type", "application/octet-stream")
			w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
			_, _ = w.Write(answer) // if it does not arrive, the station asks again
		})
	}
	return mux
}

// refuse says no with a code of wire.Refusals. What went wrong within stays within.
func (u *Upstream) refuse(w http.ResponseWriter, err error) {
	code := dossier.Code(err)
	switch code {
	case "upstream.busy":
		code = "line.busy"
	case "parked.full":
		code = "upstream.full"
	}
	status := wire.Refusals[code]
	if status == 0 {
		u.fault(err)
		code = "upstream.fault"
		status = wire.Refusals[code]
	}
	if code == "upstream.full" {
		u.fault(err)
	}
	if code == "line.busy" {
		w.Header().Set("Retry-After", strconv.Itoa(5+rand.IntN(retryAtMost-5)))
	}
	w.Header().Set("Connection", "close") // so that an unread body is not waited for
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(wire.Refusal{Code: code}.Encode())
}
