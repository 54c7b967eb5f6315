package spool

import (
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	winspool               = windows.NewLazySystemDLL("winspool.drv")
	procEnumPrinters       = winspool.NewProc("EnumPrintersW")
	procGetDefaultPrinter  = winspool.NewProc("GetDefaultPrinterW")
	procOpenPrinter        = winspool.NewProc("OpenPrinterW")
	procClosePrinter       = winspool.NewProc("ClosePrinter")
	procGetPrinter         = winspool.NewProc("GetPrinterW")
	procDocumentProperties = winspool.NewProc("DocumentPropertiesW")
	procDeviceCapabilities = winspool.NewProc("DeviceCapabilitiesW")
	procGetJob             = winspool.NewProc("GetJobW")
	procSetJob             = winspool.NewProc("SetJobW")

	gdi32                 = windows.NewLazySystemDLL("gdi32.dll")
	procCreateDC          = gdi32.NewProc("CreateDCW")
	procDeleteDC          = gdi32.NewProc("DeleteDC")
	procGetDeviceCaps     = gdi32.NewProc("GetDeviceCaps")
	procStartDoc          = gdi32.NewProc("StartDocW")
	procEndDoc            = gdi32.NewProc("EndDoc")
	procAbortDoc          = gdi32.NewProc("AbortDoc")
	procStartPage         = gdi32.NewProc("StartPage")
	procEndPage           = gdi32.NewProc("EndPage")
	procStretchDIBits     = gdi32.NewProc("StretchDIBits")
	procSetStretchBltMode = gdi32.NewProc("SetStretchBltMode")
)

// The structures are those of wingdi.h and winspool.h; sizes_windows_amd64_test.go holds them to their sizes.

// devMode is DEVMODEW without what the driver keeps behind it.
type devMode struct {
	deviceName                                        [32]uint16
	specVersion, driverVersion, size, driverExtra     uint16
	fields                                            uint32
	orientation, paperSize, paperLength, paperWidth   int16
	scale, copies, defaultSource, printQuality        int16
	color, duplex, yResolution, ttOption, collate     int16
	formName                                          [32]uint16
	logPixels                                         uint16
	bitsPerPel, pelsWidth, pelsHeight                 uint32
	displayFlags, displayFrequency                    uint32
	icmMethod, icmIntent, mediaType, ditherType       uint32
	reserved1, reserved2, panningWidth, panningHeight uint32
}

const (
	dmOrientation = 0x1
	dmPaperSize   = 0x2
	dmPaperLength = 0x4
	dmPaperWidth  = 0x8
	dmScale       = 0x10
	dmCopies      = 0x100
	dmDuplex      = 0x1000
	dmCollate     = 0x8000
	dmFormName    = 0x10000

	dmInBuffer  = 8
	dmOutBuffer = 2

	paperA4, paperA5    = 9, 11
	portrait, landscape = 1, 2
	oneSided            = 1

	dcPapers, dcCopies, dcCollate = 2, 18, 22
)

// printerInfo is PRINTER_INFO_2W.
type printerInfo struct {
	server, printer, share, port, driver, comment, location *uint16
	mode                                                    uintptr
	sepFile, printProcessor, datatype, parameters           *uint16
	security                                                uintptr
	attributes, priority, defaultPriority                   uint32
	startTime, untilTime, status, jobs, averagePPM          uint32
}

// jobInfo is JOB_INFO_1W.
type jobInfo struct {
	id                                                 uint32
	printer, machine, user, document, datatype, status *uint16
	flags, priority, position, pages, printed          uint32
	submitted                                          windows.Systemtime
}

// docInfo is DOCINFOW.
type docInfo struct {
	size                   int32
	name, output, datatype *uint16
	kind                   uint32
}

// bitmapInfo is BITMAPINFOHEADER with the greys of a picture of 8 bits.
type bitmapInfo struct {
	size                 uint32
	width, height        int32
	planes, bits         uint16
	compression, bytes   uint32
	perMetreX, perMetreY int32
	used, important      uint32
	palette              [256]uint32
}

const bitmapHeader = 40

const (
	capLogPixelsX, capLogPixelsY           = 88, 90
	capPhysicalWidth, capPhysicalHeight    = 110, 111
	capPhysicalOffsetX, capPhysicalOffsetY = 112, 113
)

const (
	jobPause, jobDelete = 1, 5
	enumLocal           = 0x2
	enumConnections     = 0x4
	colorOnColor        = 3
	sourceCopy          = 0x00CC0020
)

// failure is the error of a call that said no without saying why.
func failure(err error) error {
	if errno, ok := err.(syscall.Errno); ok && errno == 0 {
		return windows.ERROR_INVALID_FUNCTION
	}
	return err
}

// sized asks twice: for the size of the answer, and for the answer. The buffer is aligned for any structure.
func sized(ask func(buffer *uint64, bytes uint32, needed *uint32) (bool, error)) ([]uint64, error) {
	var needed uint32
	var room uint64
	buffer := []uint64{0}
	for range 8 { // it may grow between the two
		ok, err := ask(&buffer[0], uint32(8*len(buffer)), &needed)
		if ok {
			return buffer, nil
		}
		if err != windows.ERROR_INSUFFICIENT_BUFFER || needed > 16<<20 {
			return nil, failure(err)
		}
		room = max(room*2, (uint64(needed)+7)/8)
		buffer = make([]uint64, room)
	}
	return nil, windows.ERROR_INSUFFICIENT_BUFFER
}

type printer struct{ handle uintptr }

func openPrinter(name string) (printer, error) {
	n, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return printer{}, windows.ERROR_INVALID_PRINTER_NAME
	}
	var p printer
	if ok, _, err := procOpenPrinter.Call(uintptr(unsafe.Pointer(n)), uintptr(unsafe.Pointer(&p.handle)), 0); ok == 0 {
		return printer{}, failure(err)
	}
	return p, nil
}

func (p printer) close() { procClosePrinter.Call(p.handle) }

// info is the printer as it is now, and its port.
func (p printer) info() (now winPrinter, port string, err error) {
	buffer, err := sized(func(b *uint64, n uint32, needed *uint32) (bool, error) {
		ok, _, err := procGetPrinter.Call(p.handle, 2, uintptr(unsafe.Pointer(b)), uintptr(n), uintptr(unsafe.Pointer(needed)))
		return ok != 0, err
	})
	if err != nil {
		return now, "", err
	}
	if 8*len(buffer) < int(unsafe.Sizeof(printerInfo{})) {
		return now, "", windows.ERROR_INVALID_DATA
	}
	i := (*printerInfo)(unsafe.Pointer(&buffer[0]))
	return winPrinter{i.status, i.attributes}, windows.UTF16PtrToString(i.port), nil
}

// job is a job on the queue. windows.ERROR_INVALID_PARAMETER when there is none of that number.
func (p printer) job(id uint32) (flags, printed uint32, text string, err error) {
	buffer, err := sized(func(b *uint64, n uint32, needed *uint32) (bool, error) {
		ok, _, err := procGetJob.Call(p.handle, uintptr(id), 1, uintptr(unsafe.Pointer(b)), uintptr(n), uintptr(unsafe.Pointer(needed)))
		return ok != 0, err
	})
	if err != nil {
		return 0, 0, "", err
	}
	if 8*len(buffer) < int(unsafe.Sizeof(jobInfo{})) {
		return 0, 0, "", windows.ERROR_INVALID_DATA
	}
	i := (*jobInfo)(unsafe.Pointer(&buffer[0]))
	return i.flags, i.printed, windows.UTF16PtrToString(i.status), nil
}

func (p printer) control(id uint32, command uintptr) error {
	if ok, _, err := procSetJob.Call(p.handle, uintptr(id), 0, 0, command); ok == 0 {
		return failure(err)
	}
	return nil
}

// listed is a printer of the list.
type listed struct {
	name, port string
	now        winPrinter
}

func listPrinters() ([]listed, error) {
	var count uint32
	buffer, err := sized(func(b *uint64, n uint32, needed *uint32) (bool, error) {
		ok, _, err := procEnumPrinters.Call(enumLocal|enumConnections, 0, 2, uintptr(unsafe.Pointer(b)), uintptr(n),
			uintptr(unsafe.Pointer(needed)), uintptr(unsafe.Pointer(&count)))
		return ok != 0, err
	})
	if err != nil {
		return nil, err
	}
	if uint64(count)*uint64(unsafe.Sizeof(printerInfo{})) > uint64(8*len(buffer)) {
		return nil, windows.ERROR_INVALID_DATA
	}
	var out []listed
	for _, i := range unsafe.Slice((*printerInfo)(unsafe.Pointer(&buffer[0])), count) {
		if name := windows.UTF16PtrToString(i.printer); name != "" {
			out = append(out, listed{name, windows.UTF16PtrToString(i.port), winPrinter{i.status, i.attributes}})
		}
	}
	return out, nil
}

// defaultPrinter is the printer used when none is named; "" when there is none.
func defaultPrinter() string {
	var name [512]uint16
	n := uint32(len(name))
	if ok, _, _ := procGetDefaultPrinter.Call(uintptr(unsafe.Pointer(&name[0])), uintptr(unsafe.Pointer(&n))); ok == 0 {
		return ""
	}
	return windows.UTF16ToString(name[:])
}

// capability is a number the driver says of itself; -1 when it does not say.
func capability(name, port string, which uintptr, out *uint16) int {
	n, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return -1
	}
	at, err := windows.UTF16PtrFromString(port)
	if err != nil {
		return -1
	}
	r, _, _ := procDeviceCapabilities.Call(uintptr(unsafe.Pointer(n)), uintptr(unsafe.Pointer(at)), which, uintptr(unsafe.Pointer(out)), 0)
	return int(int32(r))
}

// driverPapers are the numbers (DMPAPER_…) of the papers the driver takes.
func driverPapers(name, port string) []uint16 {
	n := capability(name, port, dcPapers, nil)
	if n <= 0 || n > 10_000 {
		return nil
	}
	out := make([]uint16, n+256) // it may have learnt one in between
	if again := capability(name, port, dcPapers, &out[0]); again >= 0 && again < n {
		n = again
	}
	return out[:n]
}

// mode is the driver's own settings with ours in them, as the driver took them.
func (p printer) mode(name string, set func(*devMode)) (*devMode, error) {
	n, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, windows.ERROR_INVALID_PRINTER_NAME
	}
	size, _, err := procDocumentProperties.Call(0, p.handle, uintptr(unsafe.Pointer(n)), 0, 0, 0)
	if bytes := int32(size); bytes <= 0 || bytes > 16<<20 {
		return nil, failure(err)
	}
	buffer := make([]uint64, max(int(int32(size)), int(unsafe.Sizeof(devMode{})))/8+1)
	m := (*devMode)(unsafe.Pointer(&buffer[0]))
	if ok, _, err := procDocumentProperties.Call(0, p.handle, uintptr(unsafe.Pointer(n)), uintptr(unsafe.Pointer(m)), 0, dmOutBuffer); int32(ok) < 0 {
		return nil, failure(err)
	}
	set(m)
	if ok, _, err := procDocumentProperties.Call(0, p.handle, uintptr(unsafe.Pointer(n)), uintptr(unsafe.Pointer(m)), uintptr(unsafe.Pointer(m)),
		dmInBuffer|dmOutBuffer); int32(ok) < 0 {
		return nil, failure(err)
	}
	return m, nil
}

// canvas is a device context of a printer.
type canvas struct{ handle uintptr }

func openCanvas(name string, mode *devMode) (canvas, error) {
	driver, err := windows.UTF16PtrFromString("WINSPOOL")
	if err != nil {
		return canvas{}, err
	}
	n, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return canvas{}, windows.ERROR_INVALID_PRINTER_NAME
	}
	h, _, err := procCreateDC.Call(uintptr(unsafe.Pointer(driver)), uintptr(unsafe.Pointer(n)), 0, uintptr(unsafe.Pointer(mode)))
	if h == 0 {
		return canvas{}, failure(err)
	}
	procSetStretchBltMode.Call(h, colorOnColor)
	return canvas{h}, nil
}

func (c canvas) close() { procDeleteDC.Call(c.handle) }

func (c canvas) device() (device, error) {
	is := func(index uintptr) int {
		r, _, _ := procGetDeviceCaps.Call(c.handle, index)
		return int(int32(r))
	}
	d := device{is(capLogPixelsX), is(capLogPixelsY), is(capPhysicalWidth), is(capPhysicalHeight), is(capPhysicalOffsetX), is(capPhysicalOffsetY)}
	if d.dpiX <= 0 || d.dpiY <= 0 || d.dpiX > 10_000 || d.dpiY > 10_000 {
		return d, fmt.Errorf("the driver says %d × %d dots to the inch", d.dpiX, d.dpiY)
	}
	return d, nil
}

// start begins the document, and gives its number on the queue.
func (c canvas) start(title string) (uint32, error) {
	name, err := windows.UTF16PtrFromString(title)
	if err != nil {
		return 0, err
	}
	d := docInfo{name: name}
	d.size = int32(unsafe.Sizeof(d))
	r, _, err := procStartDoc.Call(c.handle, uintptr(unsafe.Pointer(&d)))
	if int32(r) <= 0 {
		return 0, failure(err)
	}
	return uint32(r), nil
}

func (c canvas) step(p *windows.LazyProc) error {
	if r, _, err := p.Call(c.handle); int32(r) <= 0 {
		return failure(err)
	}
	return nil
}

func (c canvas) draw(b band) error {
	i := bitmapInfo{size: bitmapHeader, width: int32(b.w), height: int32(b.h), planes: 1, bits: uint16(b.bits), bytes: uint32(len(b.dots))}
	for n := range i.palette {
		i.palette[n] = uint32(n) * 0x010101
	}
	r, _, err := procStretchDIBits.Call(c.handle, uintptr(b.at.Min.X), uintptr(b.at.Min.Y), uintptr(b.at.Dx()), uintptr(b.at.Dy()),
		0, 0, uintptr(b.w), uintptr(b.h), uintptr(unsafe.Pointer(&b.dots[0])), uintptr(unsafe.Pointer(&i)), 0, sourceCopy)
	if n := int32(r); n == 0 || n == -1 { // GDI_ERROR
		return failure(err)
	}
	return nil
}
