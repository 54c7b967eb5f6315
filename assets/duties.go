package assets

import _ "embed"

// Duties are whom the law wants told of an incident and within how long, for dossier.LoadDuties.
//
//go:embed duties.json
var Duties []byte
