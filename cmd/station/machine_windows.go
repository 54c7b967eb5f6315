package main

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

var globalMemoryStatus = windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalMemoryStatusEx")

// memoryStatus is MEMORYSTATUSEX.
type memoryStatus struct {
	length, load                                                uint32
	total, free, totalPage, freePage, totalVirtual, freeVirtual uint64
	freeExtended                                                uint64
}

// machine is the system's name and its memory in bytes, negative where it does not tell.
func machine() (name string, memory int64) {
	v := windows.RtlGetVersion()
	name = fmt.Sprintf("Windows %d.%d.%d", v.MajorVersion, v.MinorVersion, v.BuildNumber)
	var m memoryStatus
	m.length = uint32(unsafe.Sizeof(m))
	if ok, _, _ := globalMemoryStatus.Call(uintptr(unsafe.Pointer(&m))); ok == 0 {
		return name, -1
	}
	return name, int64(m.total)
}
