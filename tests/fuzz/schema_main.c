/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Says of each line of standard input, a JSON document, whether it follows its
 * schema: "yes" or "no: why". For tests/docs/schema.
 */
#include "tests/fuzz/schema.h"

#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	size_t room = 0;
	ssize_t len;
	char *line = NULL, why[512];
	json_t *document;

	while ((len = getline(&line, &room, stdin)) > 0) {
		document = json_loadb(line, len, 0, NULL);
		if (!document) {
			fprintf(stderr, "a line that is not JSON\n");
			return 2;
		}
		if (schema_accepts(document, why, sizeof(why)))
			puts("yes");
		else
			printf("no: %s\n", why);
		json_decref(document);
	}
	free(line);
	return 0;
}
