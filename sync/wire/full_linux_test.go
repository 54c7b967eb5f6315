package wire_test

import "golang.org/x/sys/unix"

const full = unix.ENOSPC
