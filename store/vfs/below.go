package vfs

import (
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite here is C turned into Go: its pointers are numbers that the garbage collector does not see, and a pointer to a function is that of
// a Go function value. What is handed over must be SQLite's own memory, never Go's stack, which moves.

const (
	sizeOfVFS     = unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})
	sizeOfMethods = unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{})
)

// at is what stands there.
func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

// memory is the n bytes that stand there.
func memory(p uintptr, n int) []byte { return unsafe.Slice(at[byte](p), n) }

// pointer is what SQLite calls a Go function by, which must be kept for as long.
func pointer[F any](f *F) uintptr { return *(*uintptr)(unsafe.Pointer(f)) }

// function is one of SQLite's.
func function[F any](p uintptr) F { return *(*F)(unsafe.Pointer(&p)) }

type (
	fileFunc     = func(tls *libc.TLS, file uintptr) int32
	fileIntFunc  = func(tls *libc.TLS, file uintptr, n int32) int32
	fileOutFunc  = func(tls *libc.TLS, file uintptr, out uintptr) int32
	transferFunc = func(tls *libc.TLS, file uintptr, buf uintptr, n int32, offset int64) int32
	truncateFunc = func(tls *libc.TLS, file uintptr, size int64) int32
	controlFunc  = func(tls *libc.TLS, file uintptr, op int32, arg uintptr) int32
	shmLockFunc  = func(tls *libc.TLS, file uintptr, offset, n, flags int32) int32
	openFunc     = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
)
