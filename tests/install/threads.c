/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * threads DUMP...: handles of several threads do not get into each other's
 * way. Each thread reads all dumps, another one first, and has the documents,
 * texts and plans that a lonely thread had. With -fsanitize=thread besides.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "libirqmatrix.h"

#define THREADS 4
#define ROUNDS 2

static char **dumps, **expected;
static int nr_dumps;

/* All that the library says of a dump, to free(). */
static char *say_all(const char *path)
{
	struct irqmatrix *m = irqmatrix_new();
	struct irqmatrix_plan *p;
	char *text = NULL, *json;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int view;

	/* two of its own: the sum of CPUs is not what is tested */
	irqmatrix_set_threads(m, 2);
	if (irqmatrix_read_dump(m, (const char *const *)&path, 1))
		fprintf(out, "%s\n", irqmatrix_error(m));
	json = irqmatrix_json(m, true);
	fprintf(out, "%s\n", json ? json : irqmatrix_error(m));
	free(json);
	for (view = 0; view <= IRQMATRIX_VIEW_MAP; view++)
		irqmatrix_render(m, out, (enum irqmatrix_view)view, NULL, 0);
	if (irqmatrix_render_irqs(m, out, "0-4095"))
		fprintf(out, "%s\n", irqmatrix_error(m));
	p = irqmatrix_plan_new(m);
	if (p) {
		irqmatrix_plan_step(p, IRQMATRIX_STEP_ADD, "virtio_blk:2x20");
		irqmatrix_plan_run(p);
		irqmatrix_plan_render(p, out, false);
	}
	irqmatrix_plan_free(p);
	irqmatrix_free(m);
	fclose(out);
	return text;
}

static void *work(void *arg)
{
	int first = *(int *)arg, i, k;
	long wrong = 0;

	for (i = 0; i < nr_dumps * ROUNDS; i++) {
		char *said;

		k = (first + i) % nr_dumps;
		said = say_all(dumps[k]);
		if (strcmp(said, expected[k])) {
			fprintf(stderr, "%s: another answer\n", dumps[k]);
			wrong++;
		}
		free(said);
	}
	return (void *)wrong;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	int first[THREADS], i;
	long wrong = 0;
	void *ret;

	dumps = argv + 1;
	nr_dumps = argc - 1;
	expected = calloc(argc, sizeof(*expected));
	for (i = 0; i < nr_dumps; i++) {
		expected[i] = say_all(dumps[i]);
		if (strlen(expected[i]) < 10000)
			wrong++; /* an error and no document */
	}
	for (i = 0; i < THREADS; i++) {
		first[i] = i;
		pthread_create(&threads[i], NULL, work, &first[i]);
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &ret);
		wrong += (long)ret;
	}
	for (i = 0; i < nr_dumps; i++)
		free(expected[i]);
	free(expected);
	printf("%d passed, %ld failed\n", nr_dumps * ROUNDS * THREADS, wrong);
	return wrong ? 1 : 0;
}
