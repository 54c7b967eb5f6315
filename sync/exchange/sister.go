package exchange

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"sync"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// sister is another PC of the station, over the station's own network. Nothing she says counts as sent.
type sister struct {
	line *line

	mu  sync.Mutex
	who dossier.Admission // known once her key was shown
}

func (s *sister) shown(a dossier.Admission) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.who = a
}

// is tells who she is, and with which key she speaks.
func (s *sister) is() dossier.Admission {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.who
}

func (s *sister) key() ed25519.PublicKey { return s.is().Key }

func (s *sister) recipient() (wire.Recipient, error) { return wire.ParseRecipient(s.is().Recipient) }

func (s *sister) hello(ctx context.Context, question []byte) (wire.HelloAnswer, error) {
	b, err := s.line.post(ctx, wire.PathHello, question, ed25519.SignatureSize+wire.MaxMessage)
	if err != nil {
		return wire.HelloAnswer{}, err
	}
	answer, err := wire.OpenHelloAnswer(b, s.key(), question)
	if err != nil {
		return wire.HelloAnswer{}, garbled(b)
	}
	answer.Frozen, answer.Parked, answer.Receipts = false, nil, nil // upstream's to say
	return answer, nil
}

func (s *sister) push(ctx context.Context, e wire.Envelope) (dossier.Head, *dossier.Receipt, error) {
	b, err := s.line.post(ctx, wire.PathPush, e.Bytes(), wire.MaxMessage)
	if err != nil {
		return dossier.Head{}, nil, err
	}
	var held dossier.Head
	if err := json.Unmarshal(b, &held); err != nil {
		return dossier.Head{}, nil, garbled(b)
	}
	return held, nil, nil
}

func (s *sister) pull(ctx context.Context, p wire.Pull) (wire.Envelope, error) {
	return s.line.pull(ctx, p)
}
