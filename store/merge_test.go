package store

import (
	"testing"
	"time"

	"tiepnhan/dossier"
)

func parts(t *testing.T, s *Store) (n int) {
	t.Helper()
	must(t, s.reads.QueryRow("SELECT count(DISTINCT segid) FROM search_idx").Scan(&n))
	return n
}

func TestTheIndexIsMergedALittleAtATimeAndFindsTheSame(t *testing.T) {
	s := newStore(t, 1)
	for i := range 200 {
		_, err := receive(s, i)
		must(t, err)
	}
	found := func() int {
		n, err := s.Count(t.Context(), dossier.Query{Text: "nguyen", Now: time.Now()})
		must(t, err)
		return n
	}
	before, all := parts(t, s), found()
	steps := 0
	for more := true; more; steps++ {
		var err error
		more, err = s.MergeIndex(t.Context())
		must(t, err)
		if steps > 200 {
			t.Fatal("it does not end")
		}
	}
	if after := parts(t, s); before < 10 || after > 6 || found() != all {
		t.Errorf("%d parts, then %d; %d found, then %d", before, after, all, found())
	}
	if more, err := s.MergeIndex(t.Context()); more || err != nil {
		t.Errorf("there was more: %v, %v", more, err)
	}
	verified(t, s)
}
