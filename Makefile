# SPDX-License-Identifier: GPL-3.0-or-later
#
#	make help           this list
#	make                the crash extension and the tool, in build/
#	make extension      the extension alone: libdw, jansson, crash's header
#	make tool           the tool alone: all but crash's header
#	make doc            libirqmatrix.h as HTML, by doxygen
#	make install, make uninstall
#	                    DESTDIR=, prefix=, libdir=, ... crashdir= is where
#	                    the extension goes; see packaging/install.mk
#	make dist           the release, $(O)/irqmatrix-VERSION.tar.gz
#
# Tests that need nothing but the tree:
#
#	make check          unit tests
#	make check-command  the tool as a user has it; DUMP=FILE: also all views
#	                    of that dump
#	make check-distilled  the distilled dumps that ship with the project
#	make check-same-build  the vmlinux of a dump's own build, and no other,
#	                    where VMCOREINFO has no BUILD-ID or a wrong one; with
#	                    the lab's dumps, if they are there
#	make check-debugfs  the kernel's own debugfs files, to the letter
#	make check-detached  debug information where distributions install it
#	make check-mkdump   machines written down in text (tests/mkdump)
#	make check-generations  every kernel generation as made-up dumps, with
#	                    faults: tests/mkdump/generations.txt; and how they
#	                    differ from real ones: tests/mkdump/differences.txt
#	make check-old-plans  plans of made-up dumps, against what 4.18, 4.19 and
#	                    guests of plan-check did: tests/plan/runs
#	make check-kdumps   a made-up machine in every packing of a kdump, page
#	                    for page by the library and by libkdumpfile
#	make check-learn    `irqmatrix learn`, from each form of a vmlinux: the same
#	                    documents as with --vmlinux; also the lab's, if there
#	make check-batch    `irqmatrix batch` on a tree of COUNT dumps, killed,
#	                    resumed, watched
#	make check-kdump    the hook for crash kernels, without one: a full disk,
#	                    a tool that hangs, crashes, is missing; minutes
#	make check-fleet    batches on a Slurm cluster and by GNU parallel; the
#	                    store's `room` against the plan
#	make check-report   what `irqmatrix report` writes, against the documents
#	make check-metrics  what --textfile writes, against the documents; alerts and
#	                    the dashboard in a Prometheus that scrapes it
#	make check-docs     what the documents quote of the tool's output;
#	                    tests/docs/check --update renews it; and words that
#	                    docs/words.md avoids, there and in the programs
#	make check-layers   no file includes what is above it, or in a ring; the order
#	                    is that of docs/architecture.md
#	make check-names    the names of functions, and what they return, by the
#	                    conventions of CONTRIBUTING.md
#	make check-format   clang-format changes no file; make format lets it
#	make check-man      the manual pages against --help and crash's help
#	make check-schema   the JSON documents against docs/schema; the fuzzers'
#	                    validator against another one
#	make check-install  what is installed; a program compiled against it; the
#	                    library's symbols, its manual; completion in bash,
#	                    zsh and fish
#	make check-threads  the library in several threads, for -fsanitize=thread
#	make check-reproducible  two builds, equal bytes
#	make check-packages the Debian and RPM packages, built and used in clean
#	                    chroots: minutes, needs root
#
# Tests of broken and hostile dumps; sanitizers: with O= and CFLAGS= as in
# scripts/test:
#
#	make check-damaged  the tool on damaged dumps for SECONDS=60
#	make check-bombs    what small hostile files cost: instructions for each
#	                    byte (valgrind), memory, the limits of a dump
#	make check-pages    every STRIDE-th page of the distilled dumps lost, and
#	                    SETS random sets of 2 to 6
#	make check-cut      the same dumps, as ELF and kdump files, and a vmlinux,
#	                    cut at CUTS lengths
#	make check-reads, make check-allocations
#	                    every STRIDE-th of them failing in turn; 1: all
#	make check-write-faults  every OUTPUTS_STRIDE-th write, sync, lock or
#	                    new name failing in turn: the store, all other outputs
#	make check-valgrind the unit tests in valgrind
#	make analyze, make analyze-clang
#	                    static analysis by gcc and by clang
#	make check-sandbox  the rights that the tool gives up, tried from inside
#	make check-ends     what is left when the tool is killed or interrupted, or a
#	                    file becomes shorter
#	make check-sandbox-guest  the same on Linux 6.1, in qemu: minutes
#	make check-hostile-text  names and texts made to be obeyed by a terminal or
#	                    run by a spreadsheet, in all inputs of all commands
#	make check-determinism  the same bytes in other locales, zones, caches ...
#	make coverage       lines and branches that most tests of the tree run, as
#	                    a table per stage: minutes; make coverage-missing
#	                    ONLY="lib/memory lib/layout" lists what was not
#	make fuzz           the fuzz targets, in build/fuzz
#	make check-fuzz     all of them for SECONDS
#	make check-msan     what they keep, in MemorySanitizer
#	make soak           the fuzz targets in turn for SECONDS (0: until ^C),
#	                    a minute each; make soak-table: what all soaks did
#	make fuzz-afl       AFL++ on AFL_NAMES= of them for SECONDS
#
# Tests on real kernels: the lab boots them, or they are in its cache
# (tests/vmcores/README.md):
#
#	make check-tool     one dump per kernel: the checker on what the tool
#	                    prints
#	make check-crash    the same on what crash prints
#	make check-kernels-tool, make check-kernels
#	                    all cases on all kernels; WITH=both with check-crash
#	                    and check-kernels: both, and whether they say the same
#	make check-checker  the checker itself
#	make check-inside   what can go wrong inside crash: arguments, ^C, a pager,
#	                    reads that fail, damaged dumps
#	make check-versions the same in the crash of four Debian suites, each in
#	                    a chroot: an hour, needs root
#	make check-layout   the layout of each vmlinux, against second readers
#	make check-plan     the plan's masks and its allocator, against the kernels
#	                    event by event
#	make check-diff     pairs of dumps, what differs against what the guests
#	                    said
#	make check-distill  distills dumps, looks at every byte that came out
#	make check-formats  one machine in all dump formats that QEMU and
#	                    makedumpfile write, spoiled and split ones
#	make check-repacked the dumps in packings that no makedumpfile at hand
#	                    writes: snappy, zstd, split sets of both
#	make check-kdump-guest  guests of Debian whose crash kernel has the hook, and
#	                    one that runs sos: minutes each, needs root
#	make check-drgn     the library over drgn: the tool's answers
#
# O=DIR builds elsewhere; CRASH_INCLUDE=DIR takes another crash's defs.h: an
# extension loads only in the crash that it was compiled for.

O ?= build
CRASH_INCLUDE ?= /usr/include/crash
PKG_CONFIG ?= pkg-config

PACKAGES := libdw jansson
# What reads dump files; the extension has crash for that.
WITH_DUMPS := $(filter-out extension crash-fault,$(or $(MAKECMDGOALS),all))
ifneq ($(WITH_DUMPS),)
DUMP_PACKAGES := libzstd libdeflate zlib liblzma lzo2
# The fleet's store, the sandbox of all commands, and what is loaded only where it
# is needed.
TOOL_PACKAGES := sqlite3 libseccomp libxml-2.0 snappy libarchive
endif

# Goals that compile nothing.
PLAIN_GOALS := help clean format check-format check-layers check-mutations \
	check-names dist doc uninstall
ifneq ($(filter-out $(PLAIN_GOALS),$(or $(MAKECMDGOALS),all)),)
NEEDED := $(PACKAGES) $(DUMP_PACKAGES) $(TOOL_PACKAGES) \
	$(if $(filter check,$(MAKECMDGOALS)),cmocka)
has = $(shell $(PKG_CONFIG) --exists $(1) 2>/dev/null && echo yes)
ifneq ($(call has,$(NEEDED)),yes)
MISSING := $(foreach p,$(NEEDED),$(if $(call has,$(p)),,$(p)))
$(error pkg-config is missing or does not find $(MISSING): run \
	scripts/packages $(if $(filter check,$(MAKECMDGOALS)),test,build))
endif
endif

WARN := -Wall -Wextra -Wshadow
CFLAGS ?= -O2 -g
override CFLAGS += -std=gnu11 $(WARN) -pthread -fPIC -fvisibility=hidden \
	-ffile-prefix-map=$(CURDIR)=.
override CPPFLAGS += -D_GNU_SOURCE -Ilib -I. \
	$(shell $(PKG_CONFIG) --cflags $(PACKAGES))
LDLIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES))
ifneq ($(WITH_DUMPS),)
DUMP_LIBS := $(shell $(PKG_CONFIG) --libs $(DUMP_PACKAGES))
TOOL_LIBS := $(shell $(PKG_CONFIG) --libs sqlite3 libseccomp)
override CPPFLAGS += \
	$(shell $(PKG_CONFIG) --cflags $(DUMP_PACKAGES) $(TOOL_PACKAGES))
# These are loaded only where they are needed, C++ and all, by the names that a
# program linked with them would have.
soname = $(shell readelf -d "$$($(CC) -print-file-name=$(1))" | \
	sed -n 's/.*SONAME.*\[\(.*\)\].*/\1/p')
LIBSNAPPY := $(call soname,libsnappy.so)
LIBARCHIVE := $(call soname,libarchive.so)
LIBXML := $(call soname,libxml2.so)
$(O)/lib/memory/pages/unpack.o: override CPPFLAGS += \
	-DIRQM_LIBSNAPPY='"$(LIBSNAPPY)"'
$(O)/lib/learn/package.o: override CPPFLAGS += \
	-DIRQM_LIBARCHIVE='"$(LIBARCHIVE)"'
$(O)/tool/libvirt.o: override CPPFLAGS += -DIRQM_LIBXML='"$(LIBXML)"'
endif

LIB_SRC := $(sort $(wildcard lib/*/*.c lib/*/*/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(O)/%.o)
# All but what needs DUMP_PACKAGES.
EXT_LIB_OBJ := $(filter-out $(addprefix $(O)/lib/,distill/% report/% \
	learn/% memory/learned/% memory/input/stream.o memory/pages/unpack.o), \
	$(LIB_OBJ))
EXT_SRC := crash-irqmatrix.c $(sort $(wildcard extension/*.c))
EXT_OBJ := $(EXT_SRC:%.c=$(O)/%.o)
# What the tool's commands share.
COMMAND_SRC := $(sort $(wildcard command/*.c))
COMMAND_OBJ := $(COMMAND_SRC:%.c=$(O)/%.o)
FLEET_SRC := $(sort $(wildcard fleet/*.c fleet/*/*.c))
FLEET_OBJ := $(FLEET_SRC:%.c=$(O)/%.o)
TOOL_SRC := $(sort $(wildcard tool/*.c))
TOOL_OBJ := $(TOOL_SRC:%.c=$(O)/%.o)
TEST_SRC := $(sort $(wildcard tests/unit/test_*.c))
TEST_BIN := $(TEST_SRC:tests/unit/%.c=$(O)/tests/%)

.PHONY: all check check-command check-distilled check-distill check-damaged \
	check-layout check-checker check-crash \
	check-formats check-kernels check-tool check-kernels-tool clean
.PHONY: extension tool
all: $(O)/irqmatrix.so $(O)/irqmatrix
extension: $(O)/irqmatrix.so
tool: $(O)/irqmatrix
.PHONY: help
help:
	@sed -n '/^#$$/,/^$$/{s/^# \{0,1\}//p}' $(firstword $(MAKEFILE_LIST))

$(O)/libirqmatrix.a: $(LIB_OBJ)
	rm -f $@
	$(AR) rcsD $@ $^

$(O)/libfleet.a: $(FLEET_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

$(O)/libcommand.a: $(COMMAND_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

$(O)/libextension.a: $(EXT_LIB_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

# -Bsymbolic: crash loads extensions RTLD_GLOBAL into 12,000 symbols of its own.
$(O)/irqmatrix.so: $(EXT_OBJ) $(O)/libextension.a
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-Bsymbolic -o $@ $^ $(LDLIBS)

# All of the tool but its commands for one dump.
ARCHIVES := $(addprefix $(O)/,libfleet.a libcommand.a libirqmatrix.a)

# -z now: the workers of a batch inherit what is bound.
$(O)/irqmatrix: $(TOOL_OBJ) $(ARCHIVES)
	$(CC) $(CFLAGS) $(LDFLAGS) -Wl,-z,now -o $@ $^ $(LDLIBS) $(DUMP_LIBS) \
		$(TOOL_LIBS)

# crash's header is not ours to keep clean. A test needs elf_segments.c, which
# does without.
$(EXT_OBJ): override CPPFLAGS += -isystem $(CRASH_INCLUDE)
$(filter-out $(O)/extension/elf_segments.o,$(EXT_OBJ)): | crash-header
.PHONY: crash-header
crash-header:
	@test -e $(CRASH_INCLUDE)/defs.h || { echo "$(CRASH_INCLUDE)/defs.h," \
		"crash's header, is missing: run scripts/packages build, name" \
		"its folder with CRASH_INCLUDE=, or build without crash:" \
		"make tool" >&2; exit 1; }

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The made-up kernels, of unit tests and of dumps. Objects are not in
# $(O)/tests/mkdump: that is the program.
MKDUMP_SRC := $(filter-out %/main.c %/repack.c %/same_pages.c %/symbols.c,$(sort \
	$(wildcard tests/mkdump/*.c)))
MKDUMP_OBJ := $(MKDUMP_SRC:tests/mkdump/%.c=$(O)/mkdump/%.o)
$(O)/mkdump/%.o: tests/mkdump/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(O)/libmkdump.a: $(MKDUMP_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

MKDUMP_LIBS := -lz -lzstd -llzo2 -lsnappy
$(O)/tests/mkdump: $(O)/mkdump/main.o $(O)/libmkdump.a $(O)/libirqmatrix.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(MKDUMP_LIBS)

# Another dump's pages, packed otherwise; and two readers of a dump.
$(O)/tests/repack: $(O)/mkdump/repack.o $(O)/libmkdump.a $(O)/libirqmatrix.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(DUMP_LIBS) \
		$(MKDUMP_LIBS)
$(O)/tests/same-pages: $(O)/mkdump/same_pages.o $(O)/libirqmatrix.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(DUMP_LIBS) \
		-lkdumpfile

$(O)/tests/symbols: $(O)/mkdump/symbols.o $(O)/libirqmatrix.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(DUMP_LIBS)

# The tool on made-up dumps of all layouts.
.PHONY: check-mkdump
check-mkdump: $(O)/tests/mkdump $(O)/irqmatrix
	tests/mkdump/check $(O)
.PHONY: check-generations
check-generations: $(addprefix $(O)/,irqmatrix tests/mkdump tests/symbols)
	tests/mkdump/generations $(O)
	tests/mkdump/alike $(O)
# Plans on made-up dumps, against what the kernels did with such machines.
.PHONY: check-old-plans
check-old-plans: $(O)/tests/mkdump $(O)/irqmatrix
	tests/plan/described $(O)
	IRQMATRIX=$(O)/irqmatrix tests/vmcores/capacity-check
	tests/plan/older $(O)
.PHONY: check-kdumps
check-kdumps: $(addprefix $(O)/,irqmatrix tests/mkdump tests/same-pages)
	tests/mkdump/kdumps $(O)

.PHONY: check-report
check-report: $(O)/irqmatrix
	tests/report/run $<

.PHONY: check-metrics
check-metrics: $(O)/irqmatrix
	tests/metrics/check $(O)

# What the documents quote, and the keys and columns that follow from lib/facts:
# "tests/docs/check --update" and "tests/docs/facts --update" renew them. Words
# that docs/words.md avoids, in the documents and in what the tool prints.
.PHONY: check-docs
check-docs: $(O)/tests/mkdump $(O)/irqmatrix
	tests/docs/check $(O)
	tests/docs/advice $(O)
	tests/docs/facts
	tests/docs/words $(O)

# Whether tests/mutations still fits the code.
.PHONY: check-mutations
check-mutations:
	tests/mutate --check

# Whether .clang-format changes nothing; make format makes it so.
.PHONY: check-format format
check-format:
	tests/docs/format
format:
	tests/docs/format -i

# Which folder is above which.
.PHONY: check-layers
check-layers:
	tests/docs/layers

# Whether functions are called as CONTRIBUTING.md says.
.PHONY: check-names
check-names:
	tests/docs/names

.PHONY: check-fleet
check-fleet: $(O)/irqmatrix
	tests/fleet/run $<
	tests/fleet/room $<
.PHONY: check-man
check-man: $(O)/irqmatrix
	tests/docs/man $(O)

# The documents that it prints, against docs/schema.
.PHONY: check-schema
check-schema: $(O)/irqmatrix $(O)/tests/schema
	tests/docs/schema $(O)

# Tests include the sources' headers and link the library; what several of
# them need is in tests/unit/*.c without the test_ prefix.
TEST_LIB := $(filter-out $(TEST_SRC),$(sort $(wildcard tests/unit/*.c)))
$(O)/tests/%: $(O)/tests/unit/%.o $(TEST_LIB:%.c=$(O)/%.o) \
		$(O)/libmkdump.a $(ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(DUMP_LIBS) \
		$(TOOL_LIBS) -lcmocka -lsnappy $(TEST_LIBS)
# Of the extension, what needs no crash.
$(O)/tests/test_elf_segments: $(O)/extension/elf_segments.o
# One that writes whole dumps.
$(O)/tests/test_dumpfile: TEST_LIBS := $(MKDUMP_LIBS)
.SECONDARY:
$(O)/tests/unit/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests $(CFLAGS) -MMD -MP -c -o $@ $<

check: $(TEST_BIN)
	tests/run-unit $(TEST_BIN)

# The plan's parts, against the kernels of the lab's dumps.
PLAN_TOOLS := $(addprefix $(O)/tests/,spread replay)
$(PLAN_TOOLS): $(O)/tests/%: tests/plan/%.c $(O)/libirqmatrix.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(DUMP_LIBS)
.PHONY: check-plan
check-plan: $(PLAN_TOOLS) $(O)/irqmatrix
	IRQMATRIX=$(O)/irqmatrix tests/vmcores/boot-check
	tests/plan/check $(O)

# What ships with the project; and distilling what is in the lab's cache.
check-distilled: $(O)/irqmatrix
	tests/vmcores/check-distilled
.PHONY: check-same-build
check-same-build: $(O)/irqmatrix
	tests/vmcores/same-build
.PHONY: check-debugfs check-detached
check-debugfs: $(O)/irqmatrix
	tests/vmcores/debugfs/check
check-detached: $(O)/irqmatrix
	tests/vmcores/check-detached
check-distill: $(O)/irqmatrix
	tests/tool/distill

SECONDS ?= 60
check-damaged: $(O)/irqmatrix
	tests/tool/damaged --seconds $(SECONDS) $< $(addprefix \
		tests/data/distilled/,bookworm-plain.zst bullseye-plain.zst)

check-command: $(O)/irqmatrix
	tests/tool/run $< $(DUMP)

# Second readers of DWARF and BTF; tests/layout/check-layout compares. libdwarf
# has functions named as libdw's: it is linked alone.
LAYOUT_TOOLS := $(addprefix $(O)/tests/,dump_layout libdwarf_check \
	libbpf_check)
$(O)/tests/dump_layout: tests/layout/dump_layout.c $(O)/libirqmatrix.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(O)/tests/libdwarf_check: tests/layout/libdwarf_check.c \
		tests/layout/libdwarf_types.c \
		tests/layout/libdwarf_types.h lib/layout/members.def
	@mkdir -p $(@D)
	$(CC) -I/usr/include/libdwarf $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) \
		-o $@ $(filter %.c,$^) -ldwarf

$(O)/tests/libbpf_check: tests/layout/libbpf_check.c lib/layout/members.def
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< -lbpf

# Makes crash's reads fail, for tests/crash/run.
.PHONY: crash-fault
crash-fault: $(O)/tests/crash_fault.so
$(O)/tests/crash_fault.so: tests/crash/crash_fault.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -isystem $(CRASH_INCLUDE) $(CFLAGS) $(LDFLAGS) \
		-shared -o $@ $< -lrt
.PHONY: check-inside check-versions
check-inside: all crash-fault
	tests/crash/run -e $(O)/irqmatrix.so $(INSIDE) bookworm/plain
check-versions: $(O)/irqmatrix
	tests/crash/versions

check-layout: $(LAYOUT_TOOLS)
	tests/layout/check-layout $(O)

# What test_layout reads: one program with several forms of DWARF, split into
# .dwo files and compressed as well, and, where there is clang, its own; run, it
# prints the truth about itself.
LAYOUT_SAMPLES := $(addprefix $(O)/tests/sample-,gcc-2 gcc-4 gcc-5 gcc-zlib \
	gcc-split-4 gcc-split-5 $(if $(shell command -v clang),clang-4 clang-5))
$(O)/tests/sample-gcc-split-%: tests/layout/sample_other.c tests/layout/sample.c
	@mkdir -p $(@D)
	gcc -std=gnu11 -g -O0 -gdwarf-$* -gsplit-dwarf -o $@ $^
$(O)/tests/sample-gcc-zlib: $(O)/tests/sample-gcc-5
	objcopy --compress-debug-sections=zlib $< $@
$(O)/tests/sample-%: tests/layout/sample_other.c tests/layout/sample.c
	@mkdir -p $(@D)
	$(firstword $(subst -, ,$*)) -std=gnu11 -g -O0 \
		-gdwarf-$(lastword $(subst -, ,$*)) \
		-ffile-prefix-map=$(CURDIR)=. -o $@ $^
check: $(LAYOUT_SAMPLES)
$(O)/tests/test_layout: | $(LAYOUT_SAMPLES)
$(O)/tests/unit/test_layout.o: override CPPFLAGS += \
	-DLAYOUT_SAMPLES='$(foreach s,$(abspath $(LAYOUT_SAMPLES)),"$(s)",)'

# What test_dwarf_files reads: the program with its types in .dwo files, moved
# away from where they were made, and, where there is dwz, in a file of dwz's.
DWARF_FILES := $(addprefix $(O)/tests/,moved-4/sample moved-5/sample \
	$(if $(shell command -v dwz),dwz/sample))
$(O)/tests/moved-%/sample: tests/layout/sample_other.c tests/layout/sample.c
	@rm -rf $(@D) $(@D).made
	@mkdir -p $(@D).made
	cd $(@D).made && gcc -std=gnu11 -g -O0 -gdwarf-$* -gsplit-dwarf \
		-o sample $(abspath $^)
	mv $(@D).made $(@D)
$(O)/tests/dwz/sample: $(O)/tests/sample-gcc-4
	@mkdir -p $(@D)
	cp $< $@
	cp $< $@.twin
	dwz -m $(@D)/common.debug -M /usr/lib/debug/.dwz/x/common.debug \
		$@ $@.twin
$(O)/tests/test_dwarf_files: | $(DWARF_FILES) $(LAYOUT_SAMPLES)
$(O)/tests/unit/test_dwarf_files.o: override CPPFLAGS += \
	-DSAMPLES='"$(abspath $(O)/tests)"'
# For kernels that no crash opens: the library, reading through drgn.
$(O)/document: tests/vmcores/document.c $(O)/libirqmatrix.a
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Names of functions in modules, for tests/vmcores/check-modules.
$(O)/name_at: tests/vmcores/name_at.c $(O)/libirqmatrix.a
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(DUMP_LIBS)

# An extension for each crash is built by the checker itself.
CHECK_KERNELS := tests/vmcores/check --make
WITH ?= crash
check-checker:
	tests/vmcores/test_checker.py
check-crash: check-checker
	$(CHECK_KERNELS) --with $(WITH) all plain
check-kernels: check-checker
	$(CHECK_KERNELS) --with $(WITH) all all
check-tool: check-checker
	$(CHECK_KERNELS) --with tool all plain
COUNT ?= 60
.PHONY: check-kdump check-kdump-guest
check-kdump: $(O)/irqmatrix
	tests/kdump/quick $<
check-kdump-guest: all
	tests/kdump/run $(O) $(CASES)
.PHONY: check-batch
check-batch: $(O)/irqmatrix
	tests/batch/run $< $(COUNT)
.PHONY: check-learn
check-learn: $(O)/irqmatrix
	IRQMATRIX=$< tests/tool/learn
.PHONY: check-diff
check-diff: $(O)/irqmatrix
	tests/tool/diff
check-formats: $(O)/irqmatrix
	tests/vmcores/formats
.PHONY: check-repacked
check-repacked: $(addprefix $(O)/,irqmatrix tests/repack tests/same-pages)
	tests/vmcores/repacked $(O)
check-kernels-tool: check-checker
	$(CHECK_KERNELS) --with tool all all

include packaging/install.mk

clean:
	rm -rf $(O) build-crash-*

-include $(LIB_OBJ:.o=.d) $(EXT_OBJ:.o=.d) $(COMMAND_OBJ:.o=.d) \
	$(FLEET_OBJ:.o=.d) $(TOOL_OBJ:.o=.d)
-include $(wildcard $(O)/tests/unit/*.d $(O)/mkdump/*.d)

# Broken and hostile dumps.
include tests/hostile.mk
