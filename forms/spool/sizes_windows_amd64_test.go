package spool

import "unsafe"

// The structures are as large as those of Windows, or this does not compile.
var (
	_ [220]byte          = [unsafe.Sizeof(devMode{})]byte{}
	_ [76]byte           = [unsafe.Offsetof(devMode{}.orientation)]byte{}
	_ [100]byte          = [unsafe.Offsetof(devMode{}.collate)]byte{}
	_ [168]byte          = [unsafe.Offsetof(devMode{}.bitsPerPel)]byte{}
	_ [136]byte          = [unsafe.Sizeof(printerInfo{})]byte{}
	_ [104]byte          = [unsafe.Offsetof(printerInfo{}.attributes)]byte{}
	_ [124]byte          = [unsafe.Offsetof(printerInfo{}.status)]byte{}
	_ [96]byte           = [unsafe.Sizeof(jobInfo{})]byte{}
	_ [56]byte           = [unsafe.Offsetof(jobInfo{}.flags)]byte{}
	_ [72]byte           = [unsafe.Offsetof(jobInfo{}.printed)]byte{}
	_ [40]byte           = [unsafe.Sizeof(docInfo{})]byte{}
	_ [bitmapHeader]byte = [unsafe.Offsetof(bitmapInfo{}.palette)]byte{}
	_ [40 + 1024]byte    = [unsafe.Sizeof(bitmapInfo{})]byte{}
	_ [8]byte            = [unsafe.Sizeof(printer{})]byte{}
)
