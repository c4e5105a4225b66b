# SPDX-License-Identifier: GPL-3.0-or-later
#
# What plays a dump that is broken, or made to break the tool: see
# docs/reliability.md. Included by the Makefile.

HELPERS := $(O)/tests/sandbox_try.so $(O)/tests/sandbox_without
$(O)/tests/sandbox_try.so: tests/tool/sandbox_try.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -fvisibility=default -shared -o $@ $<
$(O)/tests/ends_stop.so: tests/tool/ends_stop.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -fvisibility=default -shared -fPIC -o $@ $<
$(O)/tests/sandbox_without: tests/tool/sandbox_without.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $<
.PHONY: check-sandbox
check-sandbox: $(O)/irqmatrix $(HELPERS)
	tests/tool/sandbox_table --check
	tests/tool/sandbox $< $(O)/tests $(addprefix tests/data/distilled/,\
		bookworm-plain.zst bookworm-exhausted.zst)

# Killed, interrupted, with files that become shorter.
.PHONY: check-ends
check-ends: $(O)/irqmatrix $(O)/tests/ends_stop.so
	tests/tool/ends $^

.PHONY: check-hostile-text
check-hostile-text: $(O)/irqmatrix $(O)/tests/mkdump
	tests/tool/hostile-text $(O)

.PHONY: check-sandbox-guest
check-sandbox-guest: $(O)/irqmatrix $(HELPERS)
	tests/tool/sandbox_guest $< $(O)/tests/sandbox_try.so

.PHONY: check-determinism
check-determinism: $(O)/irqmatrix
	tests/tool/determinism $< tests/data/distilled/bookworm-plain.zst

# The fuzz targets: libFuzzer's with clang, in a build of its own.
FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,\
	$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_O ?= build/fuzz
FUZZ_CC ?= clang
FUZZ_SANITIZE ?= address,undefined
FUZZ_CFLAGS ?= -O1 -g -fno-omit-frame-pointer -DFUZZING \
	-fsanitize=fuzzer-no-link,$(FUZZ_SANITIZE) \
	-fno-sanitize-recover=all
FUZZ_LDFLAGS ?= -fsanitize=fuzzer
.PHONY: fuzz fuzz-build check-fuzz
fuzz:
	$(MAKE) O=$(FUZZ_O) CC=$(FUZZ_CC) CFLAGS="$(FUZZ_CFLAGS)" fuzz-build
fuzz-build: $(FUZZ_NAMES:%=$(O)/fuzz/fuzz_%)

FUZZ_SCHEMA := $(O)/tests/fuzz/schema.o $(O)/tests/fuzz/schema_keywords.o
FUZZ_LIB := $(O)/tests/fuzz/fuzz.o $(O)/tests/fuzz/spoil.o \
	$(O)/tests/fuzz/views.o $(O)/tests/fuzz/html.o $(FUZZ_SCHEMA) \
	$(addprefix $(O)/tests/fuzz/,heap.o machines.o msan.o storefile.o) \
	$(O)/tests/fuzz/storefile_sql.o \
	$(O)/tests/unit/fake_generations.o \
	$(O)/tests/unit/fake_machine.o $(O)/tests/unit/fake_log.o \
	$(O)/tests/unit/snap.o
# What makes and checks is not what is fuzzed: uninstrumented it is faster.
FUZZ_HARNESS := $(filter $(O)/tests/fuzz/%,$(FUZZ_LIB)) $(MKDUMP_OBJ)
$(FUZZ_HARNESS): override CFLAGS := \
	$(filter-out -fsanitize=fuzzer-no-link%,$(CFLAGS))
$(FUZZ_HARNESS): override CC := $(or $(HARNESS_CC),$(CC))
$(O)/fuzz/fuzz_%: $(O)/tests/fuzz/fuzz_%.o $(FUZZ_LIB) $(O)/libmkdump.a \
		$(ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(FUZZ_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) \
		$(DUMP_LIBS) $(TOOL_LIBS) -lcmocka

$(O)/fuzz/fuzz_libvirt $(O)/inputs/libvirt: $(O)/tool/libvirt.o

# For check-schema.
$(O)/tests/schema: $(O)/tests/fuzz/schema_main.o $(FUZZ_SCHEMA)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lm

check-fuzz: fuzz
	tests/fuzz/run $(FUZZ_O)/fuzz $(SECONDS)

# All of them in turn, for SECONDS, and what all soaks did together.
.PHONY: soak soak-table
soak: fuzz
	tests/fuzz/soak $(FUZZ_O)/fuzz $(SECONDS)
soak-table:
	@tests/fuzz/soak --table $(FUZZ_O)/fuzz

# AFL++ (Debian: afl++) on some of them, without sanitizers, which make it slow.
AFL_O ?= build/afl
AFL_NAMES ?= dumpfile pipeline vmlinux
.PHONY: fuzz-afl
fuzz-afl:
	$(MAKE) O=$(AFL_O) CC=afl-clang-fast HARNESS_CC=clang \
		CFLAGS="-O2 -g -DFUZZING" $(AFL_NAMES:%=$(AFL_O)/fuzz/fuzz_%)
	tests/fuzz/afl $(AFL_O) $(SECONDS) $(AFL_NAMES)
-include $(wildcard $(O)/tests/fuzz/*.d)

# What the corpus was made from.
$(O)/tests/seeds: $(O)/tests/fuzz/seeds.o $(O)/tests/unit/fake_dump.o \
		$(O)/libirqmatrix.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(DUMP_LIBS) -lcmocka \
		-lsnappy
.PHONY: fuzz-seeds
fuzz-seeds: $(O)/tests/seeds $(O)/tests/mkdump $(O)/irqmatrix \
		$(LAYOUT_SAMPLES)
	tests/fuzz/make-seeds $(O) $(O)/seeds

# Each read, and each allocation, failing in turn: every STRIDE-th. Reads with
# STRIDE=0: each one, for each of five reasons.
STRIDE ?= 7
FAULT_LIB := $(addprefix $(O)/tests/fault/,answers.o answers_fault.o \
	compare.o drivers.o pools.o texts.o) \
	$(FUZZ_LIB)
FAULT_DUMPS := $(addprefix tests/data/distilled/,bookworm-plain.zst \
	bookworm.amd64-amd-remapping-32.zst bookworm.amd64-amd-remapping.zst \
	bookworm.amd64-amd-x2apic.zst bullseye-exhausted.zst forky-plain.zst)
$(O)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(O)/tests/fault-reads: $(O)/tests/fault/reads.o $(FAULT_LIB) \
		$(O)/libmkdump.a $(ARCHIVES)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(DUMP_LIBS) \
		$(TOOL_LIBS) -lcmocka
.PHONY: check-reads
check-reads: $(O)/tests/fault-reads
	$< $(STRIDE) $(FAULT_DUMPS)
# Each page that is read lost in turn, and SETS random sets of them.
SETS ?= 20
$(O)/tests/fault-pages: $(O)/tests/fault/pages.o $(FAULT_LIB) \
		$(O)/libmkdump.a $(ARCHIVES)
	$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--wrap=irqm_pages_open_files -o $@ $^ \
		$(LDLIBS) $(DUMP_LIBS) $(TOOL_LIBS) -lcmocka
.PHONY: check-pages
check-pages: $(addprefix $(O)/tests/,fault-pages mkdump)
	tests/fault/pages-run $(O)/tests/fault-pages $(STRIDE) $(SETS)
# Dumps and a vmlinux cut at CUTS lengths.
CUTS ?= 20
$(O)/tests/fault-cut: $(O)/tests/fault/cut.o $(FAULT_LIB) \
		$(O)/libmkdump.a $(ARCHIVES)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(DUMP_LIBS) \
		$(TOOL_LIBS) -lcmocka
.PHONY: check-cut
check-cut: $(addprefix $(O)/tests/,fault-cut repack mkdump)
	tests/fault/cut-run $(O) $(CUTS)
-include $(wildcard $(O)/tests/fault/*.d)

# What is written, on a disk that fails: each call of the store (a unit test),
# and of the other outputs (strace).
OUTPUTS_STRIDE ?= 1
.PHONY: check-write-faults
check-write-faults: $(O)/irqmatrix $(O)/tests/test_store_faults
	STRIDE=$(OUTPUTS_STRIDE) tests/run-unit $(O)/tests/test_store_faults
	tests/fault/outputs $< tests/data/distilled/bookworm-la57.zst \
		$(OUTPUTS_STRIDE)

comma := ,
WRAPPED := malloc calloc realloc reallocarray strdup strndup asprintf \
	vasprintf open_memstream fdopen
$(O)/tests/fault-allocations: $(O)/tests/fault/allocations.o \
		$(O)/libirqmatrix.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(WRAPPED:%=-Wl$(comma)--wrap=%) -o $@ $^ \
		$(LDLIBS) $(DUMP_LIBS)
.PHONY: check-allocations
check-allocations: $(O)/tests/fault-allocations
	$< $(STRIDE) tests/data/distilled/bookworm-plain.zst

# What the tests run of each stage: minutes. The fuzzers' inputs are run once
# each; without the sandbox, in which no counter can be written at the end.
# test_sandbox enters it in threads of its own, and the process that opens files
# writes its counters before it ends (IRQM_COVERAGE).
COV_O ?= build/cov
COV_CFLAGS ?= -O0 -g --coverage -fprofile-update=atomic -DIRQM_COVERAGE
COV_STRIDE ?= 15
COV_CHECKS ?= check check-command check-distilled check-debugfs check-mkdump \
	check-generations check-kdumps check-report check-schema check-fleet \
	check-reads check-allocations check-inputs
# The extension runs in crash, for which the lab needs its dump; ^C comes at
# times that an instrumented build does not keep.
COV_INSIDE ?= -p views,arguments,output,uses,reload,types,memory,reads,damaged
COV_LAB ?= $(or $(IRQMATRIX_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/irqmatrix)
COV_CHECKS += $(if $(wildcard $(COV_LAB)/dumps/bookworm/plain/vmcore),check-inside)
.PHONY: coverage coverage-table coverage-missing
coverage:
	rm -rf $(addprefix $(COV_O)/,lib command fleet tool extension cache *.gcda)
	IRQMATRIX_CACHE=$(COV_LAB) IRQMATRIX_SANDBOX=off IRQMATRIX=$(COV_O)/irqmatrix \
		XDG_CACHE_HOME=$(abspath $(COV_O))/cache $(MAKE) -k \
		O=$(COV_O) CFLAGS="$(COV_CFLAGS)" INSIDE="$(COV_INSIDE)" STRIDE=$(COV_STRIDE) \
		DUMP=tests/data/distilled/bookworm-exhausted.zst \
		$(COV_CHECKS); status=$$?; \
	tests/coverage table $(COV_O) && exit $$status
coverage-table:
	tests/coverage table $(COV_O)
coverage-missing:
	tests/coverage missing $(COV_O) $(ONLY)

# The fuzzers' corpus and what they found, by any compiler.
INPUTS := $(FUZZ_NAMES:%=$(O)/inputs/%)
$(O)/inputs/%: $(O)/tests/fuzz/fuzz_%.o $(O)/tests/fuzz/main.o $(FUZZ_LIB) \
		$(O)/libmkdump.a $(ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(DUMP_LIBS) \
		$(TOOL_LIBS) -lcmocka
.PHONY: check-inputs
check-inputs: $(INPUTS)
	@for program in $^; do \
		name=$${program##*/}; \
		$$program $$(tests/fuzz/corpus $(O) $$name) \
			$$(ls -d tests/fuzz/found/$$name 2>/dev/null) \
			>$$program.log 2>&1 || status=1; \
		echo "$$name: $$(tail -n 1 $$program.log)"; \
	done; exit $$status

# The same inputs in MemorySanitizer: those targets that need no library which
# writes what we read, but jansson and the C library (tests/fuzz/msan.h).
MSAN_O ?= build/msan
MSAN_NAMES ?= btf kallsyms log machine pipeline text tree
MSAN_CFLAGS ?= -O1 -g -fno-omit-frame-pointer -fsanitize=memory \
	-fsanitize-memory-track-origins
.PHONY: check-msan
check-msan:
	$(MAKE) O=$(MSAN_O) CC=clang CFLAGS="$(MSAN_CFLAGS)" \
		LDFLAGS="-Wl,--wrap=fopencookie" FUZZ_NAMES="$(MSAN_NAMES)" check-inputs

# The unit tests in valgrind; those not that take minutes in it.
VALGRIND := valgrind -q --error-exitcode=99 --leak-check=full \
	--errors-for-leak-kinds=definite,indirect,possible
VALGRIND_LONG := test_hostile_layout test_json_writer
.PHONY: check-valgrind
check-valgrind: $(TEST_BIN) $(LAYOUT_SAMPLES)
	IRQMATRIX_SANDBOX=off UNDER="$(VALGRIND)" tests/run-unit $(filter-out \
		$(VALGRIND_LONG:%=$(O)/tests/%),$(TEST_BIN))

# Static analysis of the library, the tool and the extension; warnings are not
# errors: docs/reliability.md says which are false.
ANALYZED := $(LIB_SRC) $(COMMAND_SRC) $(FLEET_SRC) $(TOOL_SRC) $(EXT_SRC)
.PHONY: analyze analyze-clang
analyze:
	$(MAKE) -k O=build/analyze CC=gcc CFLAGS="-O1 -g -fanalyzer" \
		$(ANALYZED:%.c=build/analyze/%.o)
analyze-clang:
	for f in $(ANALYZED); do clang --analyze $(CPPFLAGS) -std=gnu11 \
		-isystem $(CRASH_INCLUDE) -Xclang -analyzer-output=text \
		-DIRQM_LIBSNAPPY='""' -DIRQM_LIBARCHIVE='""' \
		-DIRQM_LIBXML='""' -o /dev/null $$f; done

# Files that were made to cost much: instructions for each byte, memory.
$(O)/tests/bombs: tests/bombs/bombs.c $(O)/libirqmatrix.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(DUMP_LIBS)
.PHONY: check-bombs
check-bombs: $(addprefix $(O)/,irqmatrix tests/bombs tests/mkdump)
	tests/bombs/run $(O)
