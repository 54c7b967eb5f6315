package cli

import (
	"fmt"
	"io"
	"slices"
	"time"

	"tiepnhan/dossier"
)

// Step is one act of a course, for scripts.
type Step struct {
	Event  dossier.EventID `json:"event"`
	At     time.Time       `json:"at"`
	Kind   dossier.Kind    `json:"kind"`
	By     string          `json:"by"`
	Effect dossier.Effect  `json:"effect"`
	Status dossier.Status  `json:"status"`
}

// Steps are the course of a dossier; name gives an officer's name.
func Steps(d dossier.Dossier, name func(dossier.Step) string) []Step {
	out := []Step{}
	for _, s := range d.Course {
		out = append(out, Step{s.ID, s.When(), s.Kind, name(s), s.Effect, s.Status})
	}
	return out
}

// PrintDossier prints a dossier for people. marks are lines between what it is and how it came about; empty ones are left out.
func PrintDossier(w io.Writer, d dossier.Dossier, name func(dossier.Step) string, marks ...string) {
	if forgotten(d) {
		fmt.Fprintf(w, "%s  %s\nNội dung đã xóa theo quyết định\n", d.Number, d.Status)
	} else {
		fmt.Fprintf(w, "%s  %s\n%s\nNgười nộp: %s\n", d.Number, d.Status, d.Intake.Title, d.Intake.Requester.Name())
	}
	if d.Subject() != d.Intake.Requester.Name() {
		fmt.Fprintf(w, "Chủ thể: %s\n", d.Subject())
	}
	if !d.Due.At.IsZero() {
		fmt.Fprintf(w, "Hẹn trả: %s (%s)\n", Moment(d.Due.At), d.Due.Text)
	}
	if r := d.Decision; r != nil {
		fmt.Fprintf(w, "Kết quả: %s, số %s ngày %s\n", approval(*r), r.Document, r.Date)
	}
	for _, m := range marks {
		if m != "" {
			fmt.Fprintln(w, m)
		}
	}
	for _, s := range Steps(d, name) {
		fmt.Fprintf(w, "  %s  %s  %s%s\n", Moment(s.At), s.Kind.Title(), s.By, effect(s.Effect))
	}
}

// forgotten tells whether the reception was purged.
func forgotten(d dossier.Dossier) bool {
	return slices.ContainsFunc(d.Course, func(s dossier.Step) bool {
		return s.Purged && (s.Kind == dossier.Received || s.Kind == dossier.Refused)
	})
}

func approval(d dossier.Decision) string {
	if d.Approved {
		return "đồng ý"
	}
	return "không đồng ý (" + d.Why + ")"
}

func effect(e dossier.Effect) string {
	switch e {
	case dossier.Disputed:
		return "  (trùng thao tác, chờ xử lý)"
	case dossier.Held:
		return "  (chờ xử lý thao tác trùng)"
	case dossier.Waiting:
		return "  (chờ diễn biến trước đó)"
	case dossier.Void:
		return "  (không có hiệu lực)"
	}
	return ""
}
