// Package assets holds what the program carries within itself: procedures, calendars, fonts, and its words in Vietnamese.
package assets

import "embed"

// Catalogue is every procedure in all its editions, for dossier.LoadCatalogue.
//
//go:embed catalogue
var Catalogue embed.FS

// Calendar is the State's days off, one file a year, for dossier.LoadCalendar.
//
//go:embed calendar
var Calendar embed.FS

// Words are the sentences for the codes of dossier.Problems, one flat object of code and sentence per area.
//
//go:embed words
var Words embed.FS
