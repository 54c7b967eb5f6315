package assets

import _ "embed"

// Icon is the program's picture on the window, the task bar and the desktop: a dossier with a tick. It is not an emblem of the police.
//
//go:embed icon.png
var Icon []byte
