package raster

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"math"
	"runtime/debug"
	_ "unsafe" // for go:linkname

	_ "github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/imports/emscripten"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// pdfium is the build that go-pdfium keeps and go.sum vouches for. We call its C interface ourselves, a dozen functions:
// go-pdfium's own can be ended by no context, gives pdfium the whole disk, and brings a pool and a megabyte we have no use for.
//
//go:linkname pdfium github.com/klippa-app/go-pdfium/webassembly.pdfiumWasm
var pdfium []byte

const boxPages = 256 << 20 / 65536 // the memory a box may have, in WebAssembly's pages

// machine is pdfium, compiled.
type machine struct {
	runtime wazero.Runtime
	cache   wazero.CompilationCache
	code    wazero.CompiledModule
}

// build compiles pdfium, or finds it in the folder. Whatever is wrong with the folder, it does without.
func build(ctx context.Context, dir string) (*machine, error) {
	if shelf := openShelf(dir); shelf != nil {
		m, err := buildWith(ctx, shelf.cache)
		if err == nil && shelf.seal() {
			debug.FreeOSMemory()
		}
		if err == nil || ctx.Err() != nil {
			return m, err
		}
	}
	m, err := buildWith(ctx, nil)
	debug.FreeOSMemory() // compiling took 300 MB
	return m, err
}

func buildWith(ctx context.Context, cache wazero.CompilationCache) (_ *machine, err error) {
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(boxPages).WithDebugInfoEnabled(false)
	if cache != nil {
		config = config.WithCompilationCache(cache)
	}
	ctx = experimental.WithCompilationWorkers(ctx, 2) // one alone would not look at ctx
	m := &machine{runtime: wazero.NewRuntimeWithConfig(ctx, config), cache: cache}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.close())
		}
	}()
	if m.code, err = m.runtime.CompileModule(ctx, pdfium); err != nil && cache != nil {
		// It was compiled but could not be kept, as on a full disk: then it is in memory now.
		m.code, err = m.runtime.CompileModule(ctx, pdfium)
	}
	if err != nil {
		return nil, fmt.Errorf("compile pdfium: %w", err)
	}
	if _, err = wasi_snapshot_preview1.Instantiate(ctx, m.runtime); err != nil {
		return nil, fmt.Errorf("prepare pdfium: %w", err)
	}
	if err = m.callbacks(ctx); err != nil {
		return nil, fmt.Errorf("prepare pdfium: %w", err)
	}
	return m, nil
}

// callbacks are what pdfium may call of us: what its C needs, whether to pause, and nothing for forms, scripts and files
// read in parts. wazero could end any function with its context, but then a page takes three times as long; so drawing is
// asked to pause, and what does not is left behind (see use).
func (m *machine) callbacks(ctx context.Context) error {
	env := m.runtime.NewHostModuleBuilder("env")
	for _, f := range m.code.ImportedFunctions() {
		if from, name, _ := f.Import(); from == "env" {
			answer := func(ctx context.Context, stack []uint64) {
				clear(stack)
				if name == "IFSDK_PAUSE_NeedToPauseNow_CB" && ctx.Err() != nil {
					stack[0] = 1
				}
			}
			env.NewFunctionBuilder().WithGoFunction(api.GoFunc(answer), f.ParamTypes(), f.ResultTypes()).Export(name)
		}
	}
	needed, err := emscripten.NewFunctionExporterForModule(m.code)
	if err != nil {
		return err
	}
	needed.ExportFunctions(env)
	_, err = env.Instantiate(ctx)
	return err
}

func (m *machine) close() error {
	err := m.runtime.Close(context.Background())
	if m.cache != nil {
		err = errors.Join(err, m.cache.Close(context.Background()))
	}
	return err
}

// box is a running pdfium. One that broke is not to be used again.
type box struct {
	mod    api.Module
	number int
	pause  uint64 // what asks us whether to pause
	broken bool
}

// loaded is a document in a box.
type loaded struct {
	in       int    // the number of the box: a pointer would keep the memory of one that is gone
	doc, pdf uint64 // pdfium's
}

func (m *machine) start(ctx context.Context, number int) (*box, error) {
	// Without a name any number may run; with no file system, clock or output given, it has none.
	mod, err := m.runtime.InstantiateModule(ctx, m.code, wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize"))
	if err != nil {
		return nil, fmt.Errorf("start pdfium: %w", err)
	}
	b := &box{mod: mod, number: number}
	_, err = b.call(ctx, "FPDF_InitLibrary")
	if err == nil {
		b.pause, err = b.call(ctx, "IFSDK_PAUSE_Create", 0)
	}
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *box) close() error { return b.mod.Close(context.Background()) }

// memory is what the box takes.
func (b *box) memory() int { return int(b.mod.Memory().Size()) }

// call is a C function's result. Only what breaks the box is an error; C's own way of saying no is a result of 0.
func (b *box) call(ctx context.Context, name string, args ...uint64) (uint64, error) {
	f := b.mod.ExportedFunction(name)
	if f == nil {
		b.broken = true
		return 0, fmt.Errorf("pdfium has no %s", name)
	}
	result, err := f.Call(ctx, args...)
	switch {
	case err != nil:
		b.broken = true
		return 0, fmt.Errorf("%s: %w", name, err)
	case len(result) == 0:
		return 0, nil
	}
	return result[0], nil
}

// load gives a PDF to pdfium.
func (b *box) load(ctx context.Context, pdf []byte) (*loaded, error) {
	at, err := b.call(ctx, "malloc", uint64(len(pdf)))
	if err != nil {
		return nil, err
	}
	if at == 0 || !b.mod.Memory().Write(uint32(at), pdf) {
		return nil, errors.New("it does not fit in memory")
	}
	doc, err := b.call(ctx, "FPDF_LoadMemDocument64", at, uint64(len(pdf)), 0)
	if err != nil {
		return nil, err
	}
	if doc != 0 {
		return &loaded{in: b.number, doc: doc, pdf: at}, nil
	}
	why, err := b.call(ctx, "FPDF_GetLastError")
	if err != nil {
		return nil, err
	}
	if _, err := b.call(ctx, "free", at); err != nil {
		return nil, err
	}
	switch why {
	case 4:
		return nil, errors.New("it is locked with a password")
	case 5:
		return nil, errors.New("it is locked in a way pdfium does not know")
	}
	return nil, errors.New("it is damaged, or not a PDF")
}

// unload lets go of a document. Where that fails, the box is broken, and is let go as a whole.
func (b *box) unload(ctx context.Context, l *loaded) {
	if _, err := b.call(ctx, "FPDF_CloseDocument", l.doc); err == nil {
		_, _ = b.call(ctx, "free", l.pdf)
	}
}

// free lets go of those documents that are in this box.
func (b *box) free(ctx context.Context, all []*loaded) {
	for _, l := range all {
		if l.in == b.number && !b.broken {
			b.unload(ctx, l)
		}
	}
}

// sizes are those of all pages; 0 × 0 for one that cannot be read.
func (b *box) sizes(ctx context.Context, l *loaded) ([]size, error) {
	count, err := b.call(ctx, "FPDF_GetPageCount", l.doc)
	if err != nil {
		return nil, err
	}
	n := int(int32(count))
	if n <= 0 {
		return nil, errors.New("it has no pages")
	}
	if n > maxPages {
		return nil, fmt.Errorf("it has %d pages, more than %d", n, maxPages)
	}
	at, err := b.call(ctx, "malloc", 8)
	if err != nil {
		return nil, err
	}
	sizes := make([]size, n)
	for i := range sizes {
		ok, err := b.call(ctx, "FPDF_GetPageSizeByIndexF", l.doc, uint64(i), at)
		if err != nil {
			return nil, err
		}
		if wh, in := b.mod.Memory().Read(uint32(at), 8); in && ok != 0 {
			sizes[i] = size{float(wh), float(wh[4:])}
		}
	}
	_, err = b.call(ctx, "free", at)
	return sizes, err
}

func float(le []byte) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(le))) }

// draw fills a picture of w by h pixels with a page.
func (b *box) draw(ctx context.Context, l *loaded, page, w, h int) (_ *image.RGBA, err error) {
	p, err := b.call(ctx, "FPDF_LoadPage", l.doc, uint64(page))
	if err != nil {
		return nil, err
	}
	if p == 0 {
		return nil, errors.New("the page is damaged")
	}
	defer b.letGo(ctx, "FPDF_ClosePage", p, &err)

	width, height := uint64(w), uint64(h)
	const opaque, white, redFirst = 0, 0xFFFFFFFF, 0x10
	bitmap, err := b.call(ctx, "FPDFBitmap_Create", width, height, opaque)
	if err != nil {
		return nil, err
	}
	if bitmap == 0 {
		return nil, errors.New("the picture does not fit in memory")
	}
	defer b.letGo(ctx, "FPDFBitmap_Destroy", bitmap, &err)
	if _, err := b.call(ctx, "FPDFBitmap_FillRect", bitmap, 0, 0, width, height, white); err != nil {
		return nil, err
	}
	const unfinished, failed = 1, 3
	state, err := b.call(ctx, "FPDF_RenderPageBitmap_Start", bitmap, p, 0, 0, width, height, 0, redFirst, b.pause)
	for err == nil && state == unfinished && ctx.Err() == nil {
		state, err = b.call(ctx, "FPDF_RenderPage_Continue", p, b.pause)
	}
	if err != nil {
		return nil, err
	}
	defer b.letGo(ctx, "FPDF_RenderPage_Close", p, &err)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case state == failed:
		return nil, errors.New("pdfium cannot draw it")
	}
	at, err := b.call(ctx, "FPDFBitmap_GetBuffer", bitmap)
	if err != nil {
		return nil, err
	}
	picture := image.NewRGBA(image.Rect(0, 0, w, h))
	dots, ok := b.mod.Memory().Read(uint32(at), uint32(len(picture.Pix)))
	if !ok {
		return nil, errors.New("the picture is not where pdfium said")
	}
	copy(picture.Pix, dots)
	return picture, nil
}

// letGo ends what a function of pdfium began. A box that has broken meanwhile is let go as a whole.
func (b *box) letGo(ctx context.Context, name string, what uint64, err *error) {
	if b.broken {
		return
	}
	if _, failed := b.call(ctx, name, what); failed != nil && *err == nil {
		*err = failed
	}
}
