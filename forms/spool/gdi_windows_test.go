package spool

import (
	"context"
	"errors"
	"image"
	"testing"

	"tiepnhan/dossier"
)

// onePage is a document that needs no rasteriser.
type onePage struct{}

func (onePage) Open(context.Context, []byte) (Pages, error) { return onePage{}, nil }
func (onePage) Count() int                                  { return 1 }
func (onePage) Size(int) (w, h float64)                     { return 148, 210 }
func (onePage) Close() error                                { return nil }
func (onePage) Draw(context.Context, int, float64) (image.Image, error) {
	return image.NewGray(image.Rect(0, 0, 1, 1)), nil
}

func TestAPrinterWindowsDoesNotHaveIsUnknown(t *testing.T) {
	s := New(onePage{})
	all, err := s.Printers(t.Context())
	t.Logf("this PC's printers: %+v", all)
	if err != nil {
		t.Error(err)
	}
	job := dossier.PrintJob{Printer: "Máy in không có", PDF: []byte("%PDF-1.4"), Paper: dossier.PaperA5, Copies: 1}
	if id, err := s.Print(t.Context(), job); id != "" || dossier.Code(err) != "printer.unknown" {
		t.Errorf("%q %v", id, err)
	}
	if state, err := s.Job(t.Context(), job.Printer, "1"); err != nil || state.Phase != dossier.JobUnknown || state.Code != "printer.vanished" {
		t.Errorf("%+v %v", state, err)
	}
	if err := s.Cancel(t.Context(), job.Printer, "1"); err != nil {
		t.Error(err)
	}
	for _, id := range []string{"", "0", "-1", "x", "4294967297"} {
		if state, err := s.Job(t.Context(), job.Printer, id); err != nil || state.Phase != dossier.JobUnknown {
			t.Errorf("%q: %+v %v", id, state, err)
		}
	}
	ctx, end := context.WithCancel(t.Context())
	end()
	if _, err := s.Print(ctx, job); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
