package receive

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
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
	if err := errors.Join(u.judgeAll(ctx), u.joinAll(ctx)); err != nil && ctx.Err() == nil {
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
	door := wire.Door{Turns: make(chan struct{}, atOnce), Queue: maxQueue, Idle: u.Idle, Refuse: u.refuse}
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
		mux.HandleFunc("POST "+path, door.Answer(c.limit, func(ctx context.Context, peer ed25519.PublicKey) (func(context.Context, []byte) ([]byte, error), error) {
			if !c.stranger {
				if err := u.lets(ctx, peer); err != nil {
					return nil, err
				}
			}
			return func(ctx context.Context, body []byte) ([]byte, error) { return c.do(ctx, peer, body) }, nil
		}))
	}
	return mux
}

// lets tells whether a PC with that key may come in. One that was left rings.
func (u *Upstream) lets(ctx context.Context, peer ed25519.PublicKey) error {
	_, err := admitted(ctx, u.read, peer)
	if dossier.Code(err) == "line.former-key" {
		if err := u.ringFormer(ctx, peer); err != nil {
			u.fault(err) // it is refused all the same
		}
	}
	return told("answer", err)
}

// refuse says no with a code of wire.Refusals. What went wrong within stays within.
func (u *Upstream) refuse(w http.ResponseWriter, err error) {
	code := dossier.Code(err)
	if code == "upstream.busy" {
		code = "line.busy"
	}
	if wire.Refusals[code] == 0 {
		u.fault(err)
		code = "upstream.fault"
	}
	if code == "upstream.full" || code == "parked.full" {
		u.fault(err)
	}
	wire.Refuse(w, code, 5, retryAtMost)
}
