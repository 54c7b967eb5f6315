package book

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"tiepnhan/dossier"
	"tiepnhan/forms/paper"
)

func TestShelfKeepsListsAsTheyWere(t *testing.T) {
	var s shelf[int]
	var kept [][]int
	for i := range 3000 {
		list := make([]int, i%7)
		if i%1000 == 500 {
			list = make([]int, shelfLength+i)
		}
		for k := range list {
			list[k] = i*k + i
		}
		kept = append(kept, s.keep(list))
		clear(list)
	}
	for _, list := range kept {
		_ = append(list, -1) // must not reach into its neighbour
	}
	for i, list := range kept {
		want := i % 7
		if i%1000 == 500 {
			want = shelfLength + i
		}
		if len(list) != want {
			t.Fatalf("list %d has %d, want %d", i, len(list), want)
		}
		for k, n := range list {
			if n != i*k+i {
				t.Fatalf("list %d has %d at %d", i, n, k)
			}
		}
	}
}

// More texts than are remembered, some of them coming again: each row has its own.
func TestCellsThatWereSetBeforeAreThoseOfTheirRow(t *testing.T) {
	var all []dossier.Dossier
	name := func(i int) string { return fmt.Sprintf("Nguyễn Thị Thử Tên Rất Dài %d", i%900) }
	for i := range 3000 {
		d := citizen(at(11, 23, 8, 0), i+1)
		d.Intake.Requester.Person.Name = name(i)
		d.Intake.Requester.Person.Address = vary(i/4, "", "Số 1 Phố Mẫu", "thôn Thượng, xã Mẫu Sơn, tỉnh Mẫu")
		all = append(all, d)
	}
	s := set(t, november(trackingRegister, all...))
	f := paper.Font{Size: s.size}
	column := slices.IndexFunc(s.columns, func(c column) bool { return c.key == "name" })
	for i, r := range s.sections[0].rows {
		got, want := r.cells[column], breakLines(nil, f, s.edges[column+1]-s.edges[column]-2*padX, name(i))
		if got.text != name(i) || !slices.Equal(got.lines, want) {
			t.Fatalf("row %d says %q %q, want %q", i, got.text, got.lines, want)
		}
	}
	checkCells(t, s)
}

// stopped is a context that ends after it was asked so often.
type stopped struct {
	context.Context
	left atomic.Int64
}

func (s *stopped) Err() error {
	if s.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// Stopped while pages are drawn, on all cores, nothing is written and nothing is drawn any more.
func TestStopIsHeardBetweenPages(t *testing.T) {
	all := many(200)
	b := bookOf(intakeRegister, on(2026, 1, 1), on(2026, 12, 31), all...)
	pages := set(t, b).pageCount()
	if pages < 20 {
		t.Fatalf("%d pages are too few", pages)
	}
	for _, after := range []int{0, 1, pages / 2, pages - 1, pages, pages + pages/2, 2*pages - 1} {
		ctx := &stopped{Context: context.Background()}
		ctx.left.Store(int64(1 + len(all) + after))
		if n, err := Write(ctx, b, infos[b.Key], dossier.BookPDF, untouched{t}); !errors.Is(err, context.Canceled) || n != 0 {
			t.Errorf("stopped after %d pages: %d rows, %v", after, n, err)
		}
	}
}

// untouched must not be written to.
type untouched struct{ t *testing.T }

func (u untouched) Write(b []byte) (int, error) {
	u.t.Errorf("%d bytes were written", len(b))
	return len(b), nil
}
