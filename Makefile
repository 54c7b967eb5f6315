# TiepNhan. The two commands a newcomer needs: make run, make test.

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
BUILT   := $(shell TZ=UTC0 git log -1 --date=format-local:%Y-%m-%d --format=%cd 2>/dev/null)
TAGS    := x11,no_animations,migrated_fynedo
# Without a window: no cgo, no OpenGL headers.
CI_TAGS := ci,no_animations,migrated_fynedo
LDFLAGS := -s -w -X main.Version=$(VERSION)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.7.0

# Property tests begin here: a change is judged by the same cases every time. Chance has make hunt.
SEED    ?= 20261123
MINUTES ?= 20

export GOFLAGS := -buildvcs=false

.PHONY: run build test unikey hunt fuzz sim mutants crash wine check bench storybook guide-pictures clean need

run: build
	scripts/run.sh

build: need
	go build -tags $(TAGS) -ldflags "$(LDFLAGS) -X main.builtAt=$(BUILT)" -o bin/station ./cmd/station
	CGO_ENABLED=0 go build -ldflags "$(LDFLAGS)" -o bin/upstream ./cmd/upstream

# Everything: the map, the rules, the screens without a display, then the real program under Xvfb.
test: build check
	RAPID_SEED=$(SEED) CGO_ENABLED=0 go test -tags $(CI_TAGS) -timeout 20m ./...
	go test -tags $(TAGS),e2e -timeout 15m -count=1 -run TestWindow ./cmd/station

# The window typed into through ibus-unikey, where that is installed. Its timing is its own: look at the pictures when it fails.
unikey: build
	go test -tags $(TAGS),e2e -count=1 -v -run TestUnikey ./cmd/station

# Property tests from seeds of chance and with many more cases, until one fails (its seed stands above it) or the minutes are over.
hunt: need
	TAGS=$(CI_TAGS) scripts/hunt.sh $(MINUTES)

# Chance writes to every decoder, each for SECONDS_EACH; what it found worth keeping stays in testdata/fuzz.
SECONDS_EACH ?= 20
fuzz: need
	TAGS=$(CI_TAGS) scripts/fuzz.sh $(SECONDS_EACH)

# The exchange between station and upstream against a hostile world, on all cores for so many minutes; SIM=7 runs one seed with its steps.
SIM ?=
sim: need
	TAGS=$(CI_TAGS) scripts/sim.sh $(MINUTES) $(SIM)

# Rules broken on purpose, one at a time: each must be noticed by a test. ONLY=stick runs those with that in their name.
ONLY ?=
mutants: need
	cd sync/sim && CGO_ENABLED=0 go test -tags $(CI_TAGS) -count=1 -timeout 3h -run '^TestMutants$$' -args -mutants -mutants.only '$(ONLY)' -mutants.tags $(CI_TAGS)

# The power cut and the disk failing at any moment of what a station does, for so many minutes; then the program killed at work KILLS times.
KILLS ?= 2000
crash: need
	TAGS=$(CI_TAGS) scripts/crash.sh $(MINUTES) $(KILLS) $(SEED)

# What is kept, tried as Windows programs under Wine.
wine: need
	TAGS=$(CI_TAGS) scripts/wine.sh $(ONLY)

check: need
	@test -z "$$(gofmt -l .)" || { echo "gofmt wants to change:"; gofmt -l .; exit 1; }
	CGO_ENABLED=0 go vet -tags $(CI_TAGS) ./...
	GOOS=windows CGO_ENABLED=0 go vet -tags $(CI_TAGS) ./...
	CGO_ENABLED=0 go test -tags $(CI_TAGS) -run 'TestImportMap|TestWords' .
	CGO_ENABLED=0 go run $(STATICCHECK) -tags $(CI_TAGS) ./...

# Figures for docs/performance.md; the last one starts the real window.
bench: build
	CGO_ENABLED=0 go test -tags $(CI_TAGS) -run '^$$' -bench . -benchtime 2s -timeout 30m ./dossier ./desk ./forms/... ./store ./sync/...
	go test -tags $(TAGS),e2e -count=1 -run '^$$' -bench BenchmarkWindow -benchtime 5x ./cmd/station

# Every screen in every state, to look at: out/storybook/index.html.
storybook:
	TAGS=$(CI_TAGS) scripts/storybook.sh

# The pictures of the guide, drawn anew: docs/anh.
guide-pictures:
	TIEPNHAN_GUIDE=1 CGO_ENABLED=0 go test -tags $(CI_TAGS) -count=1 -run TestGuideHasItsPictures ./ui/shell

need:
	@scripts/need.sh

clean:
	rm -rf bin out
