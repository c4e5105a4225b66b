/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A machine in words: a line for each --machine, and after an empty line one
 * for each step of a plan, whose first character is its kind. A first line "*"
 * means that the words change a machine that a file describes.
 */
#include "machine/keys.h"
#include "machine/parse.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/machines.h"

#include <stdlib.h>
#include <string.h>

#define FILE_TEXT "release 6.1\ncpus 4\nnode 1 2-3\n"
#define MAX_WISHES 8

static bool take_keys(struct irqm_machine_keys *k, char **rest,
		      struct irqm_error *err)
{
	char *line;

	while ((line = strsep(rest, "\n")) && *line)
		if (irqm_machine_take_keys(k, line, err))
			return false;
	return true;
}

static unsigned int take_wishes(struct irqm_plan_wish *wishes, char **rest)
{
	/* without IRQM_PLAN_MAX, which makes many plans */
	static const enum irqm_plan_kind kinds[] = {
		IRQM_PLAN_ADD,     IRQM_PLAN_REMOVE, IRQM_PLAN_OFFLINE,
		IRQM_PLAN_SUSPEND, IRQM_PLAN_LIKE,   IRQM_PLAN_BOOT,
	};
	unsigned int nr = 0;
	char *line;

	while (nr < MAX_WISHES && (line = strsep(rest, "\n")) && *line)
		wishes[nr++] = (struct irqm_plan_wish){
			kinds[(unsigned char)line[0] % ARRAY_SIZE(kinds)],
			line + 1
		};
	return nr;
}

static int make_machine(const struct irqm_machine_keys *k, bool in_file,
			struct irqm_machine *m, struct irqm_error *err)
{
	if (!in_file)
		return irqm_machine_of_keys(k, m, err);
	irqm_machine_init(m, k->arena);
	if (irqm_machine_parse(m, "file", FILE_TEXT, strlen(FILE_TEXT), NULL,
			       err))
		abort();
	return irqm_machine_change(k, m, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct irqm_machine_keys k = { .arena = irqm_arena_new(
					       IRQM_ARENA_LIMIT) };
	char *text = strndup((const char *)data, size), *rest = text;
	struct irqm_plan_wish wishes[MAX_WISHES];
	struct irqm_error err = { .msg = "" };
	struct irqm_machine m;
	bool in_file;

	if (k.arena && text) {
		in_file = strncmp(text, "*\n", 2) == 0;
		if (in_file)
			rest += 2;
		if (take_keys(&k, &rest, &err) &&
		    make_machine(&k, in_file, &m, &err) == 0) {
			fuzz_check_machine(&m);
			fuzz_plan_machine(&m, wishes,
					  take_wishes(wishes, &rest));
		} else if (!*err.msg || strchr(err.msg, '\n')) {
			abort();
		}
	}
	free(text);
	irqm_arena_free(k.arena);
	return 0;
}
