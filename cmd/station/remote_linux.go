package main

import (
	"slices"

	"golang.org/x/sys/unix"
)

// shares are the file systems that lie on another machine: NFS, SMB and its successors.
var shares = []uint32{unix.NFS_SUPER_MAGIC, unix.SMB_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC}

// onAnotherPC tells whether a folder lies on another PC's disk.
func onAnotherPC(dir string) bool {
	var fs unix.Statfs_t
	return unix.Statfs(dir, &fs) == nil && slices.Contains(shares, uint32(fs.Type))
}
