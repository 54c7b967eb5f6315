package main

import "golang.org/x/sys/windows"

// sticks are the folders of the removable disks that are plugged in.
func sticks() []string {
	drives, err := windows.GetLogicalDrives()
	if err != nil {
		return nil // the officer types it
	}
	var out []string
	for letter := 'A'; letter <= 'Z'; letter++ {
		dir := string(letter) + `:\`
		name, err := windows.UTF16PtrFromString(dir)
		if drives&(1<<(letter-'A')) != 0 && err == nil && windows.GetDriveType(name) == windows.DRIVE_REMOVABLE {
			out = append(out, dir)
		}
	}
	return out
}
