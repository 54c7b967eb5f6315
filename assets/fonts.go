package assets

import _ "embed"

// The faces of the printed forms: Liberation Serif 2, whose letters are as wide as those of Times New Roman, cut by
// scripts/cut-fonts.sh. Their licence (SIL OFL 1.1) is fonts/OFL.txt. Nobody may write into them.
var (
	//go:embed fonts/TiepNhanSerif-Regular.ttf
	SerifRegular []byte
	//go:embed fonts/TiepNhanSerif-Bold.ttf
	SerifBold []byte
	//go:embed fonts/TiepNhanSerif-Italic.ttf
	SerifItalic []byte
)
