package wire

import (
	"errors"
	"io"
	"net/http"
	"time"

	"tiepnhan/dossier"
)

// Body is all of a call's body. A call whose body does not move for so long, or whose line was cut, ends here (http.ErrAbortHandler):
// nobody is there to be told. Code: message.too-large.
func Body(w http.ResponseWriter, r *http.Request, limit int64, idle time.Duration) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, &progress{r.Body, http.NewResponseController(w), idle}, limit))
	switch {
	case errors.As(err, new(*http.MaxBytesError)):
		return nil, dossier.Invalid("", "message.too-large")
	case err != nil:
		panic(http.ErrAbortHandler)
	}
	return body, nil
}

// progress gives every piece of a body its own time to come.
type progress struct {
	io.ReadCloser
	conn *http.ResponseController
	idle time.Duration
}

func (p *progress) Read(b []byte) (int, error) {
	if err := p.conn.SetReadDeadline(time.Now().Add(p.idle)); err != nil {
		return 0, err
	}
	return p.ReadCloser.Read(b)
}
