# SPDX-License-Identifier: GPL-3.0-or-later
#
# The library as others have it, `make install`, `make dist`: included by the
# Makefile, where the targets are listed.

# The one place of the version is the public header.
VERSION := $(shell sed -n 's/^.define IRQMATRIX_VERSION "\(.*\)"/\1/p' \
	lib/libirqmatrix.h)
# Raised when a program that was linked before would no longer run.
SOVERSION := 0

prefix ?= /usr/local
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
libdir ?= $(exec_prefix)/lib
includedir ?= $(prefix)/include
datadir ?= $(prefix)/share
mandir ?= $(datadir)/man
docdir ?= $(datadir)/doc/irqmatrix
pkgconfigdir ?= $(libdir)/pkgconfig
completionsdir ?= $(datadir)/bash-completion/completions
# Debian's zsh has its own folder for what packages bring; Fedora's, SUSE's and
# the upstream one do not.
ifneq ($(wildcard $(datadir)/zsh/vendor-completions),)
zshdir ?= $(datadir)/zsh/vendor-completions
else
zshdir ?= $(datadir)/zsh/site-functions
endif
fishdir ?= $(datadir)/fish/vendor_completions.d
unitdir ?= $(prefix)/lib/systemd/system
libexecdir ?= $(exec_prefix)/libexec
# Where crash looks for what `extend` names without a path: Fedora's, Debian's.
# It knows no prefix; of one's own it is told by CRASH_EXTENSIONS.
ifneq ($(filter /usr /usr/local,$(prefix)),)
crashdir ?= $(firstword $(wildcard /usr/lib64/crash/extensions) \
	/usr/lib/crash/extensions)
else
crashdir ?= $(libdir)/crash/extensions
endif
# dracut and sos know no prefix either. Without sos the plugin is an example.
ifneq ($(filter /usr /usr/local,$(prefix)),)
dracutdir ?= /usr/lib/dracut/modules.d
sosdir ?= $(or $(firstword $(wildcard \
	/usr/lib/python3*/*-packages/sos/report/plugins)),$(docdir)/examples)
else
dracutdir ?= $(prefix)/lib/dracut/modules.d
sosdir ?= $(docdir)/examples
endif

# The shared library has the public functions and what they need; all else is
# hidden, in the static one, too, where it is made local to one object.
API_OBJ := $(patsubst %.c,$(O)/%.o,$(sort $(wildcard lib/api/*.c)))
LIBRARY := $(O)/libirqmatrix.so.$(SOVERSION)
STATIC := $(O)/static/libirqmatrix.a
PC := $(O)/libirqmatrix.pc
# What names other files; those of contrib/ by the folders of a package.
PLACED := $(addprefix $(O)/,irqmatrix-watch.service irqmatrix-kdump.service \
	irqmatrix-metrics.service irqmatrix-metrics.timer module-setup.sh)

all: $(LIBRARY) $(O)/libirqmatrix.so

$(LIBRARY): $(API_OBJ) $(O)/libirqmatrix.a lib/libirqmatrix.map
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(@F) \
		-Wl,-z,defs -Wl,--as-needed \
		-Wl,--version-script=lib/libirqmatrix.map -o $@ \
		$(filter-out %.map,$^) $(LDLIBS) $(DUMP_LIBS)

$(O)/libirqmatrix.so: $(LIBRARY)
	ln -sf $(<F) $@

$(STATIC): $(API_OBJ) $(O)/libirqmatrix.a
	@mkdir -p $(@D)
	$(LD) -r -o $(@D)/irqmatrix.o $^
	$(OBJCOPY) --localize-hidden $(@D)/irqmatrix.o
	rm -f $@
	$(AR) rcsD $@ $(@D)/irqmatrix.o
OBJCOPY ?= objcopy

$(PC): packaging/libirqmatrix.pc.in lib/libirqmatrix.h
	@mkdir -p $(@D)
	sed -e 's|@prefix@|$(prefix)|' -e 's|@libdir@|$(libdir)|' \
		-e 's|@includedir@|$(includedir)|' \
		-e 's|@version@|$(VERSION)|' \
		-e 's|@requires@|$(PACKAGES) $(DUMP_PACKAGES)|' $< >$@
$(O)/irqmatrix-watch.service: contrib/irqmatrix-watch.service
$(O)/irqmatrix-kdump.service: contrib/kdump/irqmatrix-kdump.service
$(O)/irqmatrix-metrics.service: contrib/prometheus/irqmatrix-metrics.service
$(O)/irqmatrix-metrics.timer: contrib/prometheus/irqmatrix-metrics.timer
$(O)/module-setup.sh: contrib/kdump/dracut/module-setup.sh
$(PLACED):
	@mkdir -p $(@D)
	sed -e 's|/usr/bin/irqmatrix|$(bindir)/irqmatrix|' \
		-e 's|/usr/libexec/|$(libexecdir)/|' $< >$@
# The pages name the documents where a package has them.
PAGES := $(patsubst docs/%,$(O)/man/%,$(sort $(wildcard docs/*.[13578])))
$(PAGES): $(O)/man/%: docs/%
	@mkdir -p $(@D)
	sed 's|/usr/share/doc/irqmatrix|$(docdir)|' $< >$@
.PHONY: $(PC) $(PLACED) $(PAGES) # the folders are the caller's

# What is installed, MODE:FILE:TO; uninstalling removes just that. All documents go
# into one folder, so docs/README.md would replace README.md.
INSTALLED = \
	755:$(O)/irqmatrix:$(bindir)/irqmatrix \
	755:$(O)/irqmatrix.so:$(crashdir)/irqmatrix.so \
	755:$(LIBRARY):$(libdir)/$(notdir $(LIBRARY)) \
	644:$(STATIC):$(libdir)/libirqmatrix.a \
	644:lib/libirqmatrix.h:$(includedir)/libirqmatrix.h \
	644:$(PC):$(pkgconfigdir)/libirqmatrix.pc \
	644:packaging/completion.bash:$(completionsdir)/irqmatrix \
	644:packaging/completion.zsh:$(zshdir)/_irqmatrix \
	644:packaging/completion.fish:$(fishdir)/irqmatrix.fish \
	$(foreach u,$(filter %.service %.timer,$(PLACED)),\
		644:$u:$(unitdir)/$(notdir $u)) \
	755:contrib/kdump/kdump-hook:$(libexecdir)/irqmatrix/kdump-hook \
	755:$(O)/module-setup.sh:$(dracutdir)/50irqmatrix/module-setup.sh \
	$(foreach p,irqmatrix.rules.yml irqmatrix-dashboard.json,\
		644:contrib/prometheus/$p:$(docdir)/prometheus/$p) \
	644:contrib/sos/irqmatrix.py:$(sosdir)/irqmatrix.py \
	$(foreach m,$(PAGES),\
		644:$m:$(mandir)/man$(patsubst .%,%,$(suffix $m))/$(notdir $m)) \
	$(foreach s,$(sort $(wildcard docs/schema/*.json)),\
		644:$s:$(docdir)/schema/$(notdir $s)) \
	$(foreach d,README.md CHANGELOG.md \
		$(filter-out docs/README.md,$(sort $(wildcard docs/*.md))),\
		644:$d:$(docdir)/$(notdir $d))
LINK := $(libdir)/libirqmatrix.so

.PHONY: install uninstall dist doc
install: all $(STATIC) $(PC) $(PLACED) $(PAGES)
	set -e; for f in $(INSTALLED); do \
		mode=$${f%%:*} f=$${f#*:}; \
		install -D -m $$mode "$${f%%:*}" "$(DESTDIR)$${f#*:}"; \
	done
	ln -sf $(notdir $(LIBRARY)) $(DESTDIR)$(LINK)

uninstall:
	for f in $(INSTALLED) ::$(LINK); do rm -f "$(DESTDIR)$${f##*:}"; done
	-rmdir --ignore-fail-on-non-empty $(addprefix $(DESTDIR), \
		$(libexecdir)/irqmatrix $(dracutdir)/50irqmatrix \
		$(addprefix $(docdir),/schema /examples /prometheus \
		/))

# The release: what is committed, byte for byte the same from one commit.
DIST := irqmatrix-$(VERSION)
dist:
	@mkdir -p $(O)
	git -c core.autocrlf=false archive --format=tar --prefix=$(DIST)/ HEAD | \
		gzip -9n >$(O)/$(DIST).tar.gz

# The public header as HTML, in $(O)/doc.
doc:
	@mkdir -p $(O)
	(cat docs/Doxyfile; echo OUTPUT_DIRECTORY = $(O)/doc; \
		echo PROJECT_NUMBER = $(VERSION)) | doxygen -

# What of it is made and run is in tests/install; tests/examples has the rest.
.PHONY: check-install check-threads check-packages \
	check-reproducible check-drgn
check-install: all $(STATIC) $(PC)
	tests/install/check $(O)
check-reproducible:
	tests/install/reproducible
# With -fsanitize=thread where it tells the most, as scripts/test does it.
$(O)/tests/threads: tests/install/threads.c $(API_OBJ) $(O)/libirqmatrix.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) $(DUMP_LIBS)
check-threads: $(O)/tests/threads
	$< $(addprefix tests/data/distilled/,bookworm-exhausted.zst \
		bookworm-plain.zst bullseye-plain.zst)
check-drgn: all
	tests/install/drgn $(O)
check-packages:
	packaging/check
