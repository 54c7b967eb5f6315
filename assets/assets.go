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

// FormSets are the form sets, one file each: what it calls the forms it has, in the order of their numbers.
//
//go:embed forms/sets/*.json
var FormSets embed.FS

// Layouts are the texts of the forms that are data, one file each: their rows in order. The keeper can correct them on the PC.
//
//go:embed forms/layouts/*.json
var Layouts embed.FS
