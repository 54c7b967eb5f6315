package book

// shelf keeps many short lists in a few long pieces of memory. A list that is kept never moves: one growing list of all would be copied over
// and over, and would need twice its room.
type shelf[T any] struct{ free []T }

const shelfLength = 4096

func (s *shelf[T]) keep(list []T) []T {
	if len(list) > len(s.free) {
		s.free = make([]T, max(shelfLength, len(list)))
	}
	kept := s.free[:len(list):len(list)]
	s.free = s.free[len(list):]
	copy(kept, list)
	return kept
}
