//go:build !windows

package main

// beforeSleep does nothing: here the sleep is noticed afterwards.
func beforeSleep(func()) {}
