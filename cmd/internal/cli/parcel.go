package cli

import (
	"fmt"
	"io"

	"tiepnhan/dossier"
)

// SayImported tells what came of a stick.
func SayImported(w io.Writer, in dossier.Imported) {
	for _, p := range in.Problem {
		fmt.Fprintln(w, Sentence(p))
	}
	for _, p := range in.Parcels {
		if code := dossier.Code(p.Problem); p.To == "" || code == "parcel.foreign" || code == "parcel.outgoing" {
			fmt.Fprintf(w, "%s\n", p.Folder)
		} else {
			fmt.Fprintf(w, "%s\n    từ %s, lập lúc %s: đã nhận %d/%d tệp, %d diễn biến mới\n", p.Folder, p.From, Moment(p.At), p.Done, len(p.Files), p.Taken)
		}
		for _, one := range p.Problem {
			fmt.Fprintf(w, "    %s\n", Sentence(one))
		}
	}
	fmt.Fprintf(w, "Nhận %d diễn biến mới, %d biên nhận mới.\n", in.Taken, in.Receipts)
}

// NothingImported is the error of a stick of which nothing could be taken in: what was wrong with what might have been for whoever looked, or
// that there was nothing. It is nil where something was taken in.
func NothingImported(in dossier.Imported, dir string) error {
	var wrong dossier.Problems
	for _, p := range in.Parcels {
		if len(p.Problem) == 0 || p.Done > 0 {
			return nil
		}
		if code := dossier.Code(p.Problem); wrong == nil && code != "parcel.foreign" && code != "parcel.outgoing" {
			wrong = p.Problem
		}
	}
	if wrong != nil {
		return wrong.Err()
	}
	return dossier.Invalid("folder", "parcel.none", "folder", dir)
}
