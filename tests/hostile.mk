# SPDX-License-Identifier: GPL-3.0-or-later
#
# What plays a dump that is broken, or made to break the tool: see
# docs/reliability.md. Included by the Makefile.

HELPERS := $(O)/tests/sandbox_try.so $(O)/tests/sandbox_without
$(O)/tests/sandbox_try.so: tests/tool/sandbox_try.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -fvisibility=default -shared -o $@ $<
$(O)/tests/sandbox_without: tests/tool/sandbox_without.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $<
.PHONY: check-sandbox
check-sandbox: $(O)/irqmatrix $(HELPERS)
	tests/tool/sandbox $< $(O)/tests $(addprefix tests/vmcores/distilled/,\
		bookworm-plain.zst bookworm-exhausted.zst)

.PHONY: check-determinism
check-determinism: $(O)/irqmatrix
	tests/tool/determinism $< tests/vmcores/distilled/bookworm-plain.zst

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

FUZZ_LIB := $(O)/tests/fuzz/fuzz.o $(O)/tests/fuzz/spoil.o \
	$(O)/tests/fuzz/views.o $(O)/tests/fuzz/html.o $(O)/tests/unit/fake_generations.o \
	$(O)/tests/unit/fake_machine.o $(O)/tests/unit/fake_log.o
$(O)/fuzz/fuzz_%: $(O)/tests/fuzz/fuzz_%.o $(FUZZ_LIB) $(O)/libmkdump.a \
		$(O)/libirqmatrix.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(FUZZ_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) \
		$(DUMP_LIBS) -lcmocka

check-fuzz: fuzz
	tests/fuzz/run $(FUZZ_O)/fuzz $(SECONDS)
-include $(wildcard $(O)/tests/fuzz/*.d)

# What the corpus was made from.
$(O)/tests/seeds: $(O)/tests/fuzz/seeds.o $(O)/tests/unit/fake_dump.o \
		$(O)/libirqmatrix.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(DUMP_LIBS) -lcmocka
.PHONY: fuzz-seeds
fuzz-seeds: $(O)/tests/seeds $(O)/tests/mkdump $(LAYOUT_SAMPLES)
	tests/fuzz/make-seeds $(O) $(O)/seeds

# Each read, and each allocation, failing in turn: every STRIDE-th.
STRIDE ?= 7
FAULT_LIB := $(O)/tests/fault/compare.o $(FUZZ_LIB)
FAULT_DUMPS := $(addprefix tests/vmcores/distilled/,bookworm-plain.zst \
	bullseye-exhausted.zst forky-plain.zst)
$(O)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(O)/tests/fault-reads: $(O)/tests/fault/reads.o $(FAULT_LIB) \
		$(O)/libmkdump.a $(O)/libirqmatrix.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(DUMP_LIBS) -lcmocka
.PHONY: check-reads
check-reads: $(O)/tests/fault-reads
	$< $(STRIDE) $(FAULT_DUMPS)
-include $(wildcard $(O)/tests/fault/*.d)

comma := ,
WRAPPED := malloc calloc realloc reallocarray strdup strndup asprintf \
	vasprintf open_memstream fdopen
$(O)/tests/fault-allocations: $(O)/tests/fault/allocations.o \
		$(O)/libirqmatrix.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(WRAPPED:%=-Wl$(comma)--wrap=%) -o $@ $^ \
		$(LDLIBS) $(DUMP_LIBS)
.PHONY: check-allocations
check-allocations: $(O)/tests/fault-allocations
	$< $(STRIDE) tests/vmcores/distilled/bookworm-plain.zst

# What the tests run of each stage. See docs/reliability.md.
COV_O ?= build/cov
COV_PARTS ?= $(sort $(notdir $(patsubst %/,%,$(dir $(wildcard lib/*/*.c)))))
.PHONY: coverage coverage-report
coverage:
	$(MAKE) O=$(COV_O) CFLAGS="-O0 -g --coverage" \
		$(COV_O)/irqmatrix check check-distilled
	$(MAKE) coverage-report
coverage-report:
	@printf '| stage | lines | branches |\n| --- | --- | --- |\n'
	@for part in $(COV_PARTS); do \
		gcovr -r . --object-directory $(COV_O)/lib/$$part \
			-f "lib/$$part/" --json-summary-pretty \
			$(COV_O)/lib/$$part 2>/dev/null | \
		sed -n 's/^    "\(line\|branch\)_percent": \(.*\),/\1 \2/p' | \
		sort -r | awk -v part=$$part '{ n[$$1] = $$2 } END { \
			printf "| %s | %s %% | %s %% |\n", part, n["line"], \
				n["branch"] }'; \
	done

# gcc's static analysis of the library and the tool; warnings are not errors.
.PHONY: analyze
analyze:
	$(MAKE) -k O=build/analyze CC=gcc CFLAGS="-O1 -g -fanalyzer" \
		build/analyze/irqmatrix
