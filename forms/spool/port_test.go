package spool_test

import (
	"tiepnhan/desk"
	"tiepnhan/forms/spool"
)

var _ desk.Spool = (*spool.Spool)(nil)
