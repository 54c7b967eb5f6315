package exchange

import (
	"context"
	"encoding/json"
	"fmt"

	"tiepnhan/dossier"
	"tiepnhan/sync/wire"
)

// askSecret is the name under which the store keeps the question that was put onto a stick, with its ticket, until it is answered.
const askSecret = "sync/ask"

type asked struct {
	Ticket   string `json:"ticket"`
	Question []byte `json:"question"`
}

// EnrolAsk puts the question of enrolment with that ticket onto the stick at dir, and gives the file's name. Asking again with the same ticket
// is the same question, so an answer to any copy of it is an answer. Codes: ticket.format, enrol.already, and those of wire.WriteAsk.
func (c *Client) EnrolAsk(ctx context.Context, disk wire.Disk, dir, text string) (string, error) {
	if err := c.take(ctx); err != nil {
		return "", err
	}
	defer c.give()
	t, err := wire.ParseTicket(text)
	if err != nil {
		return "", err
	}
	if _, err := c.mayEnrol(ctx, t); err != nil {
		return "", err
	}
	had, err := c.lastAsk(ctx)
	if err != nil {
		return "", err
	}
	if had.Ticket != t.Text() {
		question, err := c.asks(ctx, t)
		if err != nil {
			return "", err
		}
		had = asked{t.Text(), question}
		b, err := json.Marshal(had)
		if err != nil {
			return "", fmt.Errorf("keep the question of enrolment: %w", err)
		}
		if err := c.Store.KeepSecret(ctx, askSecret, b); err != nil {
			return "", fmt.Errorf("keep the question of enrolment: %w", err)
		}
	}
	return wire.WriteAsk(disk, dir, had.Question, c.Store.SigningKey())
}

// EnrolTake looks on the stick at dir for upstream's answer to this PC's question, and pins it. Codes: enrol.already, parcel.not-asked,
// parcel.no-answer, parcel.answer-foreign.
func (c *Client) EnrolTake(ctx context.Context, dir string) (dossier.Upstream, error) {
	var none dossier.Upstream
	if err := c.take(ctx); err != nil {
		return none, err
	}
	defer c.give()
	had, err := c.lastAsk(ctx)
	if err != nil {
		return none, err
	}
	if had.Question == nil {
		return none, dossier.Invalid("folder", "parcel.not-asked")
	}
	t, err := wire.ParseTicket(had.Ticket)
	if err != nil {
		return none, err
	}
	if _, err := c.mayEnrol(ctx, t); err != nil {
		return none, err
	}
	answers, err := wire.EnrolAnswers(ctx, dir)
	if err != nil {
		return none, err
	}
	for _, b := range answers {
		if a, err := wire.OpenEnrolAnswer(b, t, had.Question); err == nil {
			return c.pin(ctx, t, a, dossier.Invalid("folder", "parcel.answer-foreign"))
		}
	}
	if len(answers) > 0 {
		return none, dossier.Invalid("folder", "parcel.answer-foreign")
	}
	return none, dossier.Invalid("folder", "parcel.no-answer")
}

func (c *Client) lastAsk(ctx context.Context) (a asked, err error) {
	b, err := c.Store.Secret(ctx, askSecret)
	if err != nil {
		return a, fmt.Errorf("read the question of enrolment: %w", err)
	}
	if b != nil && json.Unmarshal(b, &a) != nil {
		return asked{}, nil
	}
	return a, nil
}
