//go:build !windows

package spool_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/OpenPrinting/goipp"

	"tiepnhan/dossier"
	"tiepnhan/forms/spool"
)

func TestPrintedOnlyWhenTheSpoolerSaysSo(t *testing.T) {
	s := startService(t)
	s.Printer("cham", "connecting-to-device")
	job := a5("cham")
	job.Copies = 3
	id := s.print(job)
	seen, _ := s.reaches("cham", id, func(st dossier.JobState) bool { return st.Phase == dossier.JobPrinting })
	if got, _ := s.Came(id); got != nil || slices.Contains(seen, dossier.JobDone) {
		t.Fatalf("seen %v with %q printed", seen, got)
	}
	s.Refill()
	_, last := s.reaches("cham", id, done)
	if last != (dossier.JobState{Phase: dossier.JobDone}) {
		t.Errorf("ended as %+v", last)
	}
	got, said := s.Came(id)
	if !bytes.Equal(got, job.PDF) {
		t.Errorf("the printer was given %q", got)
	}
	if said[0] != "BM.01 6001" || said[1] != "3" {
		t.Errorf("the printer was told title and copies %q", said[:2])
	}
	for _, option := range []string{"media=iso_a5_148x210mm", "orientation-requested=3", "print-scaling=none", "sides=one-sided",
		"multiple-document-handling=separate-documents-collated-copies"} {
		if !slices.Contains(strings.Fields(said[2]), option) {
			t.Errorf("the printer was not told %s but %q", option, said[2])
		}
	}
}

func TestPrinterIsToldALandscapeA4(t *testing.T) {
	s := startService(t)
	s.Printer("so", "takes")
	job := a5("so")
	job.Paper, job.Wide = dossier.PaperA4, true
	id := s.print(job)
	s.reaches("so", id, done)
	_, said := s.Came(id)
	for _, option := range []string{"media=iso_a4_210x297mm", "orientation-requested=4"} {
		if !slices.Contains(strings.Fields(said[2]), option) {
			t.Errorf("the printer was not told %s but %q", option, said[2])
		}
	}
}

func TestALongDocumentArrivesWhole(t *testing.T) {
	s := startService(t)
	s.Printer("dai", "takes")
	job := a5("dai")
	job.PDF = slices.Concat([]byte("%PDF-1.4\n"), bytes.Repeat([]byte("0123456789abcdef"), 2<<20), []byte("\n%%EOF\n"))
	id := s.print(job)
	s.reaches("dai", id, done)
	if got, _ := s.Came(id); !bytes.Equal(got, job.PDF) {
		t.Errorf("%d of %d bytes came", len(got), len(job.PDF))
	}
}

func TestAPrinterThatBreaksIsNeverDone(t *testing.T) {
	s := startService(t)
	s.Printer("hong", "breaks")
	id := s.print(a5("hong"))
	seen, last := s.reaches("hong", id, over)
	if last.Phase != dossier.JobFailed || last.Code != "printer.failed" || slices.Contains(seen, dossier.JobDone) {
		t.Errorf("seen %v, ended as %+v", seen, last)
	}
	if last.Detail != "đứt dây" {
		t.Errorf("the printer's own words are lost: %q", last.Detail)
	}
}

func TestAQueueThatTriesAgainSaysSo(t *testing.T) {
	s := startService(t)
	s.Printer("lai", "breaks", goipp.MakeAttribute("printer-error-policy", goipp.TagName, goipp.String("retry-job")))
	id := s.print(a5("lai"))
	_, last := s.reaches("lai", id, func(st dossier.JobState) bool { return st.Code == "printer.retry" })
	if last.Phase != dossier.JobQueued {
		t.Errorf("%+v", last)
	}
	if err := s.Cancel(t.Context(), "lai", id); err != nil {
		t.Fatal(err)
	}
	if _, last = s.reaches("lai", id, over); last.Phase != dossier.JobFailed || last.Code != "printer.cancelled" {
		t.Errorf("given up after a first try: %+v", last)
	}
}

func TestAQueueThatStopsSaysSo(t *testing.T) {
	s := startService(t)
	s.Printer("dung", "breaks", goipp.MakeAttribute("printer-error-policy", goipp.TagName, goipp.String("stop-printer")))
	id := s.print(a5("dung"))
	_, last := s.reaches("dung", id, func(st dossier.JobState) bool { return st.Code == "printer.stopped" })
	if last.Phase.Ended() {
		t.Errorf("%+v", last)
	}
	all, err := s.Printers(t.Context())
	if err != nil || len(all) != 1 || all[0].Code != "printer.stopped" {
		t.Errorf("%+v %v", all, err)
	}
}

func TestWhatHoldsThePrinterUpIsToldWhileItWaits(t *testing.T) {
	for keyword, code := range map[string]string{
		"media-empty-error":   "printer.paper-out",
		"media-empty-warning": "printer.paper-out",
		"media-jam-warning":   "printer.jam",
		"door-open-report":    "printer.door",
		"toner-empty":         "printer.toner",
		"offline-report":      "printer.offline",
	} {
		t.Run(keyword, func(t *testing.T) {
			s := startService(t)
			s.Printer("cho", keyword)
			id := s.print(a5("cho"))
			_, last := s.reaches("cho", id, func(st dossier.JobState) bool { return st.Code == code })
			if last.Phase != dossier.JobPrinting {
				t.Errorf("waits as %+v", last)
			}
			all, err := s.Printers(t.Context())
			if err != nil || len(all) != 1 || all[0].Code != code {
				t.Errorf("in the list: %+v %v", all, err)
			}
			s.Refill()
			if _, last = s.reaches("cho", id, done); last.Code != "" {
				t.Errorf("ended as %+v", last)
			}
		})
	}
}

func TestAnUnansweringPrinterIsOffline(t *testing.T) {
	s := startService(t)
	s.Printer("tat", "connecting-to-device")
	id := s.print(a5("tat"))
	_, last := s.reaches("tat", id, func(st dossier.JobState) bool { return st.Code == "printer.offline" })
	if last.Phase != dossier.JobPrinting {
		t.Errorf("%+v", last)
	}
	s.Refill()
	s.reaches("tat", id, done)
}

func TestLowTonerHoldsNothingUp(t *testing.T) {
	s := startService(t)
	s.Printer("nhat", "toner-low-warning")
	id := s.print(a5("nhat"))
	_, last := s.reaches("nhat", id, func(st dossier.JobState) bool { return st.Phase == dossier.JobPrinting })
	if last.Code != "" {
		t.Errorf("%+v", last)
	}
	s.Refill()
	s.reaches("nhat", id, done)
}

func TestCancelledWhilePrintingMayHaveGivenPages(t *testing.T) {
	s := startService(t)
	s.Printer("huy", "connecting-to-device")
	id := s.print(a5("huy"))
	s.reaches("huy", id, func(st dossier.JobState) bool { return st.Phase == dossier.JobPrinting })
	if err := s.Cancel(t.Context(), "huy", id); err != nil {
		t.Fatal(err)
	}
	_, last := s.reaches("huy", id, over)
	if last.Phase != dossier.JobFailed || last.Code != "printer.cancelled" {
		t.Errorf("ended as %+v", last)
	}
	if err := s.Cancel(t.Context(), "huy", id); err != nil {
		t.Errorf("cancelled twice: %v", err)
	}
	if again := s.state("huy", id); again != last {
		t.Errorf("ended as %+v and then as %+v", last, again)
	}
}

func TestCancelledBeforeThePrinterHadAnyIsRefused(t *testing.T) {
	s := startService(t)
	s.Printer("doi", "takes")
	s.Administer(goipp.OpPausePrinter, "doi")
	id := s.print(a5("doi"))
	if waits := s.state("doi", id); waits.Phase != dossier.JobQueued || waits.Code != "printer.stopped" {
		t.Errorf("waits as %+v", waits)
	}
	if err := s.Cancel(t.Context(), "doi", id); err != nil {
		t.Fatal(err)
	}
	_, last := s.reaches("doi", id, over)
	if last.Phase != dossier.JobRefused || last.Code != "printer.cancelled" {
		t.Errorf("ended as %+v", last)
	}
	s.Administer(goipp.OpResumePrinter, "doi")
	id = s.print(a5("doi"))
	s.reaches("doi", id, done)
}

func TestAQueueThatHoldsJobsSaysSo(t *testing.T) {
	s := startService(t)
	s.Printer("giu", "takes", goipp.MakeAttribute("job-hold-until-default", goipp.TagKeyword, goipp.String("indefinite")))
	id := s.print(a5("giu"))
	if st := s.state("giu", id); st.Phase != dossier.JobQueued || st.Code != "printer.held" {
		t.Errorf("%+v", st)
	}
}

func TestAPrinterThatVanishesIsSaidToHaveVanished(t *testing.T) {
	s := startService(t)
	s.Printer("mat", "connecting-to-device")
	id := s.print(a5("mat"))
	s.reaches("mat", id, func(st dossier.JobState) bool { return st.Phase == dossier.JobPrinting })
	s.Administer(goipp.OpCupsDeletePrinter, "mat")
	seen, last := s.reaches("mat", id, over)
	if last.Phase != dossier.JobFailed || last.Code != "printer.vanished" || slices.Contains(seen, dossier.JobDone) {
		t.Errorf("seen %v, ended as %+v", seen, last)
	}
	if err := s.Cancel(t.Context(), "mat", id); err != nil {
		t.Errorf("cancelling what is gone: %v", err)
	}
}

// Where the keeper of CUPS has it forget ended jobs, it cannot be asked how one ended.
func TestASpoolerThatForgetsIsNotTakenForDone(t *testing.T) {
	s := startService(t, "PreserveJobHistory No")
	s.Printer("quen", "connecting-to-device")
	id := s.print(a5("quen"))
	s.reaches("quen", id, func(st dossier.JobState) bool { return st.Phase == dossier.JobPrinting })
	s.Refill()
	s.Until("the job is forgotten, and so not known", func() bool { // until then CUPS may still say that it is completed
		state, err := s.Job(t.Context(), "quen", id)
		return err == nil && state == (dossier.JobState{Phase: dossier.JobUnknown})
	})
}

func TestAClassOfPrintersPrints(t *testing.T) {
	s := startService(t)
	s.Printer("mot", "takes")
	s.Administer(goipp.OpCupsAddModifyClass, "nhom",
		goipp.MakeAttribute("member-uris", goipp.TagURI, goipp.String("ipp://localhost/printers/mot")),
		goipp.MakeAttribute("printer-state", goipp.TagEnum, goipp.Integer(3)),
		goipp.MakeAttribute("printer-is-accepting-jobs", goipp.TagBoolean, goipp.Boolean(true)))
	all, err := s.Printers(t.Context())
	if err != nil || len(all) != 2 {
		t.Errorf("%+v %v", all, err)
	}
	id := s.print(a5("nhom"))
	s.reaches("nhom", id, done)
	if got, _ := s.Came(id); !bytes.Equal(got, pdf("nhom")) {
		t.Errorf("%q came", got)
	}
}

func TestPrintersAreWhatTheSpoolerKeeps(t *testing.T) {
	s := startService(t)
	if all, err := s.Printers(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("before there is one: %+v %v", all, err)
	}
	s.Printer("mot", "takes")
	s.Printer("Máy-in-2", "takes")
	s.Printer("kin", "takes")
	s.Administer(goipp.OpCupsRejectJobs, "kin")
	s.Administer(goipp.OpCupsSetDefault, "mot")
	s.AdministerWith(goipp.OpCupsAddModifyPrinter, "laser", []byte(ppd),
		goipp.MakeAttribute("device-uri", goipp.TagURI, goipp.String("paper:/takes")),
		goipp.MakeAttribute("printer-state", goipp.TagEnum, goipp.Integer(3)),
		goipp.MakeAttribute("printer-is-accepting-jobs", goipp.TagBoolean, goipp.Boolean(true)))
	all, err := s.Printers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b dossier.Printer) int { return strings.Compare(a.Name, b.Name) })
	want := []dossier.Printer{
		{Name: "Máy-in-2"},
		{Name: "kin", Code: "printer.refused"},
		{Name: "laser", Papers: []string{dossier.PaperA4, dossier.PaperA5}},
		{Name: "mot", Default: true},
	}
	if !slices.EqualFunc(all, want, func(a, b dossier.Printer) bool {
		return a.Name == b.Name && a.Default == b.Default && a.Code == b.Code && slices.Equal(a.Papers, b.Papers)
	}) {
		t.Errorf("%+v", all)
	}
	for _, name := range []string{"Máy-in-2", "laser"} {
		id := s.print(a5(name))
		s.reaches(name, id, done)
		if got, _ := s.Came(id); !bytes.Equal(got, pdf(name)) {
			t.Errorf("%s was given %q", name, got)
		}
	}
}

// ppd is the least a driver must say of itself. It takes a PDF as it is.
const ppd = `*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "MAU.PPD"
*Manufacturer: "Mau"
*Product: "(Mau)"
*ModelName: "Mau"
*ShortNickName: "Mau"
*NickName: "Mau"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*cupsFilter: "application/pdf 0 -"
*OpenUI *PageSize/Size: PickOne
*DefaultPageSize: A4
*PageSize A4/A4: "<</PageSize[595 842]>>setpagedevice"
*PageSize A5/A5: "<</PageSize[420 595]>>setpagedevice"
*CloseUI: *PageSize
*OpenUI *PageRegion: PickOne
*DefaultPageRegion: A4
*PageRegion A4/A4: "<</PageSize[595 842]>>setpagedevice"
*PageRegion A5/A5: "<</PageSize[420 595]>>setpagedevice"
*CloseUI: *PageRegion
*DefaultImageableArea: A4
*ImageableArea A4: "12 12 583 830"
*ImageableArea A5: "12 12 408 583"
*DefaultPaperDimension: A4
*PaperDimension A4: "595 842"
*PaperDimension A5: "420 595"
`

func TestWhatCannotBePrintedIsRefusedAtOnce(t *testing.T) {
	s := startService(t)
	s.Printer("mo", "takes")
	s.Printer("dong", "takes")
	s.Administer(goipp.OpCupsRejectJobs, "dong")
	for name, c := range map[string]struct {
		job  dossier.PrintJob
		code string
	}{
		"a printer nobody has": {a5("khong-co"), "printer.unknown"},
		"no name":              {a5(""), "printer.unknown"},
		"a way out":            {a5("../admin/"), "printer.unknown"},
		"a path":               {a5("mo/../mo"), "printer.unknown"},
		"a long name":          {a5(strings.Repeat("á", 3000)), "printer.unknown"},
		"a blank":              {a5(" "), "printer.unknown"},
		"a closed queue":       {a5("dong"), "printer.refused"},
		"no copies":            {with(func(j *dossier.PrintJob) { j.Copies = 0 }), "printer.failed"},
		"too many copies":      {with(func(j *dossier.PrintJob) { j.Copies = 21 }), "printer.failed"},
		"a paper unheard of":   {with(func(j *dossier.PrintJob) { j.Paper = "A3" }), "printer.failed"},
		"no document":          {with(func(j *dossier.PrintJob) { j.PDF = nil }), "printer.failed"},
		"a web page":           {with(func(j *dossier.PrintJob) { j.PDF = []byte("<html>") }), "printer.failed"},
	} {
		t.Run(name, func(t *testing.T) {
			id, err := s.Print(t.Context(), c.job)
			if id != "" || dossier.Code(err) != c.code {
				t.Errorf("id %q, %v", id, err)
			}
		})
	}
	if left, err := os.ReadDir(filepath.Join(s.Dir, "out")); err != nil || len(left) != 1 {
		t.Errorf("something came out: %v %v", left, err)
	}
}

func with(change func(*dossier.PrintJob)) dossier.PrintJob {
	job := a5("mo")
	change(&job)
	return job
}

func TestATitleIsOneShortLine(t *testing.T) {
	s := startService(t)
	s.Printer("ten", "takes")
	for title, want := range map[string]string{
		"":                        "",
		"Sổ\x00 theo\ndõi\x1b[2J": "Sổ theo dõi[2J",
		strings.Repeat("ệ", 900):  strings.Repeat("ệ", 52) + "…",
		"BM.01 \xff\xfe 6001":     "BM.01 6001",
	} {
		job := a5("ten")
		job.Title = title
		id := s.print(job)
		s.reaches("ten", id, done)
		if _, said := s.Came(id); said[0] != want {
			t.Errorf("%.20q became %q", title, said[0])
		}
	}
}

func TestAJobNobodyKnowsIsUnknown(t *testing.T) {
	s := startService(t)
	s.Printer("co", "takes")
	for _, id := range []string{"4711", "", "0", "-1", "abc", "99999999999999999999", "4294967297", "1/../../admin"} {
		st, err := s.Job(t.Context(), "co", id)
		if err != nil || st.Phase != dossier.JobUnknown {
			t.Errorf("%q: %+v %v", id, st, err)
		}
		if err := s.Cancel(t.Context(), "co", id); err != nil {
			t.Errorf("cancelling %q: %v", id, err)
		}
	}
}

func TestNoSpoolerIsSaid(t *testing.T) {
	s := startService(t)
	s.Printer("roi", "connecting-to-device")
	id := s.print(a5("roi"))
	s.Stop()
	nothingAnswers(t, s.Spool, "roi", id)
	nothingAnswers(t, spool.At(filepath.Join(t.TempDir(), "none")), "roi", id)
	nothingAnswers(t, spool.At("127.0.0.1:1"), "roi", id)
}

// nothingAnswers asks all there is to ask of a spooler that is not one.
func nothingAnswers(t *testing.T, s *spool.Spool, printer, id string) {
	t.Helper()
	if all, err := s.Printers(t.Context()); len(all) != 0 || dossier.Code(err) != "printer.spooler" {
		t.Errorf("printers: %v %v", all, err)
	}
	if got, err := s.Print(t.Context(), a5(printer)); got != "" || dossier.Code(err) != "printer.spooler" {
		t.Errorf("print: %q %v", got, err)
	}
	if state, err := s.Job(t.Context(), printer, id); state.Phase == dossier.JobDone || dossier.Code(err) != "printer.spooler" {
		t.Errorf("job: %+v %v", state, err)
	}
	if err := s.Cancel(t.Context(), printer, id); dossier.Code(err) != "printer.spooler" {
		t.Errorf("cancel: %v", err)
	}
}

func TestAnEndedQuestionIsNoFaultOfThePrinter(t *testing.T) {
	s := startService(t)
	s.Printer("thoi", "takes")
	ctx, end := context.WithCancel(t.Context())
	end()
	if id, err := s.Print(ctx, a5("thoi")); id != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("%q %v", id, err)
	}
	if _, err := s.Job(ctx, "thoi", "1"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := s.Printers(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
