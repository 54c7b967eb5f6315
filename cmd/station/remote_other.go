//go:build !windows && !linux

package main

func onAnotherPC(string) bool { return false }
