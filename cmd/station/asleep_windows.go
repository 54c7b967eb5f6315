package main

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

const (
	deviceNotifyCallback = 2 // DEVICE_NOTIFY_CALLBACK
	aboutToSuspend       = 4 // PBT_APMSUSPEND
)

var (
	powrprof              = windows.NewLazySystemDLL("powrprof.dll")
	registerSuspendResume = powrprof.NewProc("PowerRegisterSuspendResumeNotification")
)

// subscription is DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS.
type subscription struct{ callback, context uintptr }

// beforeSleep has do called just before the PC sleeps, which waits for it some two seconds. Before Windows 8 nobody tells.
func beforeSleep(do func()) {
	if registerSuspendResume.Find() != nil {
		return
	}
	told := windows.NewCallback(func(_ uintptr, what uint32, _ uintptr) uintptr {
		if what == aboutToSuspend {
			do()
		}
		return 0
	})
	var handle uintptr
	// Where it fails, the sleep is noticed afterwards.
	_, _, _ = registerSuspendResume.Call(deviceNotifyCallback, uintptr(unsafe.Pointer(&subscription{callback: told})), uintptr(unsafe.Pointer(&handle)))
}
