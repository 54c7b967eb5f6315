package crashtest

import "slices"

// Content is what a file holds. Copies share what none of them has written since.
type Content struct {
	blocks []*block
	lent   []bool // blocks that another copy may hold too
	size   int64
}

type block [16 << 10]byte

const blockSize = int64(len(block{}))

// ContentOf is a file that holds just that.
func ContentOf(data []byte) Content {
	var c Content
	c.write(data, 0)
	return c
}

// Copy is the same once more, in no time.
func (c *Content) Copy() Content {
	for i := range c.lent {
		c.lent[i] = true
	}
	return Content{slices.Clone(c.blocks), slices.Clone(c.lent), c.size}
}

// Bytes are all of it.
func (c *Content) Bytes() []byte {
	out := make([]byte, c.size)
	c.read(out, 0)
	return out
}

// read tells how many bytes there are from off on, at most as many as asked for.
func (c *Content) read(to []byte, off int64) (n int) {
	to = to[:max(0, min(int64(len(to)), c.size-off))]
	for n < len(to) {
		at := off + int64(n)
		n += copy(to[n:], c.blocks[at/blockSize][at%blockSize:])
	}
	return n
}

// write puts zeros between the end and off.
func (c *Content) write(from []byte, off int64) {
	if end := off + int64(len(from)); end > c.size {
		c.grow(end)
	}
	for len(from) > 0 {
		n := copy(c.own(off / blockSize)[off%blockSize:], from)
		from, off = from[n:], off+int64(n)
	}
}

func (c *Content) own(i int64) *block {
	if c.lent[i] {
		b := *c.blocks[i]
		c.blocks[i], c.lent[i] = &b, false
	}
	return c.blocks[i]
}

func (c *Content) grow(size int64) {
	for int64(len(c.blocks))*blockSize < size {
		c.blocks, c.lent = append(c.blocks, new(block)), append(c.lent, false)
	}
	c.size = size
}

// cut makes it that long. What is beyond the end is zeros always.
func (c *Content) cut(size int64) {
	if size >= c.size {
		c.grow(size)
		return
	}
	n := (size + blockSize - 1) / blockSize
	c.blocks, c.lent, c.size = c.blocks[:n:n], c.lent[:n:n], size
	if rest := size % blockSize; rest > 0 {
		clear(c.own(n - 1)[rest:])
	}
}
