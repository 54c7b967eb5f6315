package wire

import (
	"context"
	"crypto/ed25519"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"tiepnhan/dossier"
)

// Door is how a call is let in, by upstream and by a PC to its sisters alike.
type Door struct {
	Turns  chan struct{} // as many calls are worked on at a time as it has room
	Queue  time.Duration // for a call to wait for its turn
	Idle   time.Duration // without any progress of its body
	Refuse func(w http.ResponseWriter, err error)
}

// wholeAnswer is for what is done with a call that came whole.
const wholeAnswer = time.Minute

// Answer serves one kind of call. who is asked before a byte of the body is read, and gives what deals with the body, which is no longer than
// limit.
func (d Door) Answer(limit int64, who func(ctx context.Context, key ed25519.PublicKey) (func(ctx context.Context, body []byte) ([]byte, error), error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key, err := PeerKey(r.TLS)
		if err != nil {
			d.Refuse(w, dossier.Invalid("", "line.unknown-device"))
			return
		}
		do, err := who(r.Context(), key)
		if err != nil {
			d.Refuse(w, err)
			return
		}
		body, err := Body(w, r, limit, d.Idle)
		if err != nil {
			d.Refuse(w, err)
			return
		}
		wait := time.NewTimer(d.Queue)
		defer wait.Stop()
		select {
		case d.Turns <- struct{}{}:
			defer func() { <-d.Turns }()
		case <-wait.C:
			d.Refuse(w, dossier.Invalid("", "line.busy"))
			return
		}
		// What came whole is dealt with even if the line goes now.
		ctx, stop := context.WithTimeout(context.WithoutCancel(r.Context()), wholeAnswer)
		defer stop()
		answer, err := do(ctx, body)
		if err != nil {
			d.Refuse(w, err)
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		_, _ = w.Write(answer) // if it does not arrive, the other side asks again
	}
}

// Refuse says no with a code of Refusals. Who is told to come again does so some seconds later, between those two.
func Refuse(w http.ResponseWriter, code string, soonest, latest int) {
	if code == "line.busy" {
		w.Header().Set("Retry-After", strconv.Itoa(soonest+rand.IntN(latest-soonest)))
	}
	w.Header().Set("Connection", "close") // so that an unread body is not waited for
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(Refusals[code])
	_, _ = w.Write(Refusal{Code: code}.Encode())
}
