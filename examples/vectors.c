/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which devices of a dump cost most, and what is wrong, by libirqmatrix:
 *
 *	cc vectors.c $(pkg-config --cflags --libs libirqmatrix) -o vectors
 *	./vectors VMCORE
 */
#include <inttypes.h>
#include <libirqmatrix.h>

static void print(const struct irqmatrix *m)
{
	struct irqmatrix_matrix all;
	struct irqmatrix_device d;
	struct irqmatrix_finding f;
	unsigned int i;

	if (irqmatrix_get_matrix(m, &all, sizeof(all)) == 0 &&
	    all.global_available != IRQMATRIX_UNKNOWN)
		printf("%s: %" PRId64 " vectors are free\n", all.release,
		       all.global_available);
	for (i = 0; i < 3 && !irqmatrix_get_device(m, i, &d, sizeof(d)); i++)
		printf("%s costs %" PRId64 "\n", d.name, d.cost);
	for (i = 0; !irqmatrix_get_finding(m, i, &f, sizeof(f)); i++)
		if (f.severity >= IRQMATRIX_WARNING)
			printf("%s: %s\n", f.code, f.text);
}

int main(int argc, char **argv)
{
	const char *const *files = (const char *const *)argv + 1;
	struct irqmatrix *m = irqmatrix_new();
	int rc = m ? irqmatrix_read_dump(m, files, argc - 1) : -1;

	if (rc == 0)
		print(m);
	else
		fprintf(stderr, "%s\n", irqmatrix_error(m));
	irqmatrix_free(m);
	return rc == 0 ? 0 : 2;
}
