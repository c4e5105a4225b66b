/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/build.h"

#include <string.h>
#include <strings.h>

#include "memory/paging.h"
#include "memory/vmcoreinfo.h"

/* Symbols besides _stext that must agree if there is no other evidence. */
#define MIN_SYMBOLS 5

/* What the dump says about its kernel. */
struct dump {
	const struct irqm_target *t;
	char release[IRQM_RELEASE_SIZE];
	char build_id[IRQM_BUILD_ID_HEX]; /* "": none */
	uint64_t stext, offset;
};

enum verdict {
	SAME,
	OTHER,
	UNREAD,
};

/* A line SYMBOL(name)=value of VMCOREINFO. */
struct line {
	char name[128];
	uint64_t value;
};

static int read_dump(struct dump *d, const struct irqm_target *t,
		     struct irqm_error *err)
{
	d->t = t;
	if (!irqm_vmcoreinfo_value(t->vmcoreinfo, "OSRELEASE", d->release,
				   sizeof(d->release)))
		d->release[0] = '\0';
	if (!irqm_vmcoreinfo_value(t->vmcoreinfo, "BUILD-ID", d->build_id,
				   sizeof(d->build_id)))
		d->build_id[0] = '\0';
	/* Without KASLR there is no such line; comparing _stext confirms
	 * that. */
	if (!irqm_vmcoreinfo_hex(t->vmcoreinfo, "KERNELOFFSET", &d->offset))
		d->offset = 0;
	if (irqm_vmcoreinfo_symbol(t->vmcoreinfo, "_stext", &d->stext))
		return 0;
	irqm_error_set(err, "the dump's VMCOREINFO has no SYMBOL(_stext), "
			    "which is needed to match a vmlinux to it");
	return -1;
}

/* Gets RELEASE from "Linux version RELEASE (who@where) ...". */
void irqm_build_release(const struct irqm_build *b, char *ret)
{
	static const char start[] = "Linux version ";
	const char *s = b->banner + sizeof(start) - 1;
	size_t len;

	ret[0] = '\0';
	if (strncmp(b->banner, start, sizeof(start) - 1) != 0)
		return;
	len = strcspn(s, " ");
	if (len >= IRQM_RELEASE_SIZE)
		return;
	memcpy(ret, s, len);
	ret[len] = '\0';
}

bool irqm_build_has_id(const struct irqm_build *b, const char *hex)
{
	char own[IRQM_BUILD_ID_HEX];

	irqm_hex(b->note + IRQM_BUILD_ID_HEADER, b->id_size, own);
	return b->id_size && strcasecmp(own, hex) == 0;
}

/*
 * A stable backport of 905415ff3ffb ("lib/buildid: harden build ID parsing
 * logic") forgot the note's header: 6.11.3-9, 6.10.14, 6.6.55-62, 6.1.113-118
 * and some 5.15 write the bytes that begin 12 earlier as BUILD-ID: two words of
 * the note's header, its name, and the first 8 bytes of the build-id. Only a
 * file whose note has these bytes can belong to the dump.
 */
static bool is_misread_id(const struct irqm_build *b, const char *hex)
{
	char own[IRQM_BUILD_ID_HEX];

	/* fewer than 8 bytes of a build-id would prove too little */
	if (b->id_size < 20)
		return false;
	irqm_hex(b->note + 4, b->id_size, own);
	return strcasecmp(own, hex) == 0;
}

/* Compares bytes of the file with those at the same address of the dump. */
static enum verdict compare_memory(const struct dump *d, uint64_t linked,
				   const void *own, size_t size)
{
	char buf[IRQM_BANNER_MAX];

	if (!linked || !size || size > sizeof(buf) || !d->t->read ||
	    d->t->read(d->t->ctx, linked + d->offset, buf, size) != IRQM_OK)
		return UNREAD;
	return memcmp(buf, own, size) == 0 ? SAME : OTHER;
}

static enum verdict compare_banner(const struct irqm_build *b,
				   const struct dump *d)
{
	size_t len = strnlen(b->banner, sizeof(b->banner));

	if (!len)
		return UNREAD;
	return compare_memory(d, b->banner_at, b->banner, len + 1);
}

static enum verdict compare_note(const struct irqm_build *b,
				 const struct dump *d)
{
	return compare_memory(d, b->note_at, b->note,
			      b->id_size ? IRQM_BUILD_ID_HEADER + b->id_size :
					   0);
}

/* Finds the next SYMBOL() line of VMCOREINFO, and advances *at. */
static bool next_line(const char *text, const char **at, struct line *ret)
{
	static const char start[] = "SYMBOL(";
	const char *name;
	size_t len;

	while (*at) {
		name = *at;
		*at = strchr(name, '\n');
		*at += *at != NULL;
		if (strncmp(name, start, sizeof(start) - 1) != 0)
			continue;
		name += sizeof(start) - 1;
		len = strcspn(name, ")\n");
		if (name[len] != ')' || len >= sizeof(ret->name))
			continue;
		memcpy(ret->name, name, len);
		ret->name[len] = '\0';
		if (irqm_vmcoreinfo_symbol(text, ret->name, &ret->value))
			return true;
	}
	return false;
}

/*
 * Compares each SYMBOL() with the file's symbols. A name that the file lacks
 * proves nothing: node_online_map and swapper_pg_dir are macros. Some lines,
 * such as mem_section's, have a pointer's value instead of an address in the
 * image. Returns how many agree besides _stext, or -1 with err.
 */
static int compare_symbols(const struct irqm_build *b, const struct dump *d,
			   struct irqm_error *err)
{
	const char *text = d->t->vmcoreinfo, *at = text;
	struct line line;
	uint64_t own = 0;
	int same = 0;

	while (next_line(text, &at, &line)) {
		if (!irqm_in_kernel_image(line.value))
			continue;
		switch (b->symbol(b->ctx, line.name, line.value - d->offset,
				  &own)) {
		case IRQM_BUILD_SAME:
			same += strcmp(line.name, "_stext") != 0;
			break;
		case IRQM_BUILD_OTHER:
			irqm_error_set(err,
				       "from another build of the kernel: "
				       "SYMBOL(%.32s) is %#llx in VMCOREINFO, "
				       "but %#llx in the file with "
				       "KERNELOFFSET",
				       line.name,
				       (unsigned long long)line.value,
				       (unsigned long long)(own + d->offset));
			return -1;
		case IRQM_BUILD_ABSENT:
			break;
		}
	}
	return same;
}

static int refuse_id(const struct irqm_build *b, const struct dump *d,
		     const char *release, struct irqm_error *err)
{
	char id[IRQM_BUILD_ID_HEX] = "none";

	if (b->id_size)
		irqm_hex(b->note + IRQM_BUILD_ID_HEADER, b->id_size, id);
	irqm_error_set(err,
		       "from another kernel than the dump: dump %.50s, "
		       "build-id %.40s; file %.50s, build-id %.40s",
		       d->release[0] ? d->release : "unknown",
		       d->build_id[0] ? d->build_id : "none",
		       release[0] ? release : "unknown", id);
	return -1;
}

static int refuse_banner(const struct irqm_build *b, struct irqm_error *err)
{
	char ours[160];

	irqm_escape(ours, sizeof(ours), b->banner);
	ours[strcspn(ours, "\\")] = '\0';
	irqm_error_set(err,
		       "from another build of the kernel: the dump's "
		       "linux_banner differs from the file's, \"%s\"",
		       ours);
	return -1;
}

/* Used if VMCOREINFO has no build-id, or a misread one. */
static int check_witnesses(const struct irqm_build *b, const struct dump *d,
			   const char *release, struct irqm_error *err)
{
	enum verdict banner = UNREAD, note = UNREAD;
	int same;

	if (release[0] && d->release[0] && strcmp(release, d->release) != 0)
		return refuse_id(b, d, release, err);
	same = compare_symbols(b, d, err);
	if (same < 0)
		return -1;
	banner = compare_banner(b, d);
	if (banner == OTHER)
		return refuse_banner(b, err);
	note = compare_note(b, d);
	if (note == OTHER) {
		irqm_error_set(err,
			       "from another build of the kernel: the "
			       "build-id in the dump's memory differs from the "
			       "file's");
		return -1;
	}
	if (banner == SAME || note == SAME || same >= MIN_SYMBOLS)
		return 0;
	irqm_error_set(err,
		       "may not be the dump's kernel: the dump has no "
		       "BUILD-ID, its linux_banner cannot be compared, and "
		       "only %d of VMCOREINFO's symbols %s in the file "
		       "(%d are needed)",
		       same, irqm_plural(same, "is", "are"), MIN_SYMBOLS);
	return -1;
}

static int check_stext(const struct irqm_build *b, const struct dump *d,
		       struct irqm_error *err)
{
	uint64_t own;

	if (b->symbol(b->ctx, "_stext", d->stext - d->offset, &own) ==
	    IRQM_BUILD_SAME)
		return 0;
	irqm_error_set(err,
		       "its _stext plus KERNELOFFSET is %#llx, but the "
		       "dump's _stext is %#llx: VMCOREINFO or the file is "
		       "damaged",
		       (unsigned long long)d->offset,
		       (unsigned long long)d->stext);
	return -1;
}

int irqm_build_check(const struct irqm_build *b, const struct irqm_target *t,
		     uint64_t *ret_offset, struct irqm_error *err)
{
	char release[IRQM_RELEASE_SIZE];
	struct dump d;

	if (read_dump(&d, t, err))
		return -1;
	irqm_build_release(b, release);
	if (!d.build_id[0] || !b->id_size || is_misread_id(b, d.build_id)) {
		if (check_witnesses(b, &d, release, err))
			return -1;
	} else if (!irqm_build_has_id(b, d.build_id)) {
		return refuse_id(b, &d, release, err);
	}
	*ret_offset = d.offset;
	return check_stext(b, &d, err);
}

unsigned int irqm_build_witnesses(const struct irqm_build *b, uint64_t offset,
				  uint64_t ret_addr[], uint64_t ret_len[])
{
	unsigned int nr = 0;

	if (b->banner_at) {
		ret_addr[nr] = b->banner_at + offset;
		ret_len[nr++] = strlen(b->banner) + 1;
	}
	if (b->note_at) {
		ret_addr[nr] = b->note_at + offset;
		ret_len[nr++] = IRQM_BUILD_ID_HEADER + b->id_size;
	}
	return nr;
}
