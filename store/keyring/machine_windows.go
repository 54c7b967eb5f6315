package keyring

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

const machineDirMode = 0o755

// machineDir is the same for all Windows accounts of the PC, and every one of them may put a file there.
func machineDir() (string, error) {
	dir, err := windows.KnownFolderPath(windows.FOLDERID_ProgramData, windows.KF_FLAG_CREATE)
	return dir + `\TiepNhan`, err
}

const forMachine = windows.CRYPTPROTECT_LOCAL_MACHINE | windows.CRYPTPROTECT_UI_FORBIDDEN

func protect(secret []byte) ([]byte, error) {
	var out windows.DataBlob
	if err := windows.CryptProtectData(blob(secret), nil, blob(entropy), 0, nil, forMachine, &out); err != nil {
		return nil, err
	}
	return take(out), nil
}

func unprotect(data []byte) ([]byte, error) {
	var out windows.DataBlob
	if err := windows.CryptUnprotectData(blob(data), nil, blob(entropy), 0, nil, forMachine, &out); err != nil {
		return nil, err
	}
	return take(out), nil
}

// entropy keeps other programs' blobs from being taken for ours. It is no secret.
var entropy = []byte("tiepnhan keyring 1 machine")

func blob(b []byte) *windows.DataBlob {
	return &windows.DataBlob{Size: uint32(len(b)), Data: unsafe.SliceData(b)}
}

// take copies what Windows allotted, wipes and frees it.
func take(b windows.DataBlob) []byte {
	held := unsafe.Slice(b.Data, b.Size)
	out := append([]byte(nil), held...)
	clear(held)
	_, _ = windows.LocalFree(windows.Handle(unsafe.Pointer(b.Data)))
	return out
}
