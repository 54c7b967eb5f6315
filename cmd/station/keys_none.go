//go:build ci

package main

import (
	"fyne.io/fyne/v2"

	"tiepnhan/ui/kit"
)

// listen has no window to listen to: tests drive the router themselves.
func listen(fyne.Window, func() *kit.Router, func()) bool { return false }

func screen(fyne.Window) fyne.Size { return fyne.Size{} }

func flat() {}
