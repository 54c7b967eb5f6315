package raster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"sync"
)

const mmPerPoint = 25.4 / 72

// Document is an opened PDF.
type Document struct {
	r     *Raster
	sizes []size

	mu     sync.Mutex // of what follows; loaded changes in the turn only
	pdf    []byte
	closed bool
	loaded *loaded
}

// size is that of a page in points.
type size struct{ w, h float64 }

// Open reads a PDF of at most 64 MB and 20,000 pages, which must not be changed until Close. Where pdfium is not compiled
// yet, it waits for that, or for the end of ctx. What is not a PDF, is damaged beyond reading or locked is an error.
func (r *Raster) Open(ctx context.Context, pdf []byte) (*Document, error) {
	d, err := r.open(ctx, pdf)
	if err != nil {
		return nil, fmt.Errorf("open a PDF of %d bytes: %w", len(pdf), err)
	}
	return d, nil
}

func (r *Raster) open(ctx context.Context, pdf []byte) (*Document, error) {
	if err := looksRight(pdf); err != nil {
		return nil, err
	}
	return use(ctx, r, func(ctx context.Context, b *box) (*Document, error) {
		l, err := b.load(ctx, pdf)
		if err != nil {
			return nil, err
		}
		sizes, err := b.sizes(ctx, l)
		if err != nil {
			b.unload(ctx, l)
			return nil, err
		}
		return &Document{r: r, pdf: pdf, sizes: sizes, loaded: l}, nil
	})
}

// looksRight refuses what no reader would take, before pdfium is started for it.
func looksRight(pdf []byte) error {
	switch {
	case len(pdf) > maxBytes:
		return fmt.Errorf("it is larger than %d bytes", maxBytes)
	case !bytes.Contains(pdf[:min(len(pdf), 1024)], []byte("%PDF-")):
		return errors.New("it is not a PDF")
	}
	return nil
}

// Count is how many pages there are.
func (d *Document) Count() int { return len(d.sizes) }

// Size is that of a page in millimetres, as it lies when read; pages count from 0. It is 0, 0 for one that is not there.
func (d *Document) Size(page int) (w, h float64) {
	if page < 0 || page >= len(d.sizes) {
		return 0, 0
	}
	return d.sizes[page].w * mmPerPoint, d.sizes[page].h * mmPerPoint
}

// Draw is the picture of a page on white, an *image.RGBA whose whole is the whole page. It takes at most 60 MB: what would
// be larger is drawn as large as that allows.
func (d *Document) Draw(ctx context.Context, page int, dpi float64) (image.Image, error) {
	picture, err := d.draw(ctx, page, dpi)
	if err != nil {
		return nil, fmt.Errorf("draw page %d of %d at %g dpi: %w", page+1, len(d.sizes), dpi, err)
	}
	return picture, nil
}

func (d *Document) draw(ctx context.Context, page int, dpi float64) (*image.RGBA, error) {
	if page < 0 || page >= len(d.sizes) {
		return nil, errors.New("there is no such page")
	}
	w, h, err := pixels(d.sizes[page], dpi)
	if err != nil {
		return nil, err
	}
	return use(ctx, d.r, func(ctx context.Context, b *box) (*image.RGBA, error) {
		l, err := d.in(ctx, b)
		if err != nil {
			return nil, err
		}
		return b.draw(ctx, l, page, w, h)
	})
}

// in is the document in that box, where it is read again if the one it was read in is gone.
func (d *Document) in(ctx context.Context, b *box) (*loaded, error) {
	d.mu.Lock()
	l, pdf, closed := d.loaded, d.pdf, d.closed
	d.mu.Unlock()
	if closed {
		return nil, errors.New("the document is closed")
	}
	if l != nil && l.in == b.number {
		return l, nil
	}
	l, err := b.load(ctx, pdf)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		b.unload(ctx, l)
		return nil, errors.New("the document is closed")
	}
	d.loaded = l
	return l, nil
}

// Close never waits; a second one does nothing.
func (d *Document) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l := d.loaded; l != nil {
		d.r.mu.Lock()
		d.r.freed = append(d.r.freed, l)
		d.r.mu.Unlock()
	}
	d.closed, d.loaded, d.pdf = true, nil, nil
	return nil
}

// pixels are the width and height of a picture.
func pixels(s size, dpi float64) (w, h int, err error) {
	fw, fh := s.w/72*dpi, s.h/72*dpi
	if !(dpi > 0 && fw > 0 && fh > 0) || math.IsInf(fw*fh, 0) {
		return 0, 0, fmt.Errorf("no picture of %g × %g points can be drawn", s.w, s.h)
	}
	// A strip of the smallest width may be as long as the whole picture.
	const most = maxPicture / 4
	if over := fw * fh / most; over > 1 {
		fw, fh = fw/math.Sqrt(over), fh/math.Sqrt(over)
	}
	w, h = int(max(1, min(math.Round(fw), most))), int(max(1, min(math.Round(fh), most)))
	if w*h > most {
		if w > h {
			w = most / h
		} else {
			h = most / w
		}
	}
	return w, h, nil
}
