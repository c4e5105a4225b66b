/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * facts DUMP: what libirqmatrix.h gives one by one, a line each, for a
 * comparison with the document, which goes another way. Compiled with nothing
 * but what is installed.
 */
#include <inttypes.h>
#include <libirqmatrix.h>
#include <stdlib.h>
#include <string.h>

static void num(const char *name, int64_t n)
{
	if (n == IRQMATRIX_UNKNOWN)
		printf(" %s=null", name);
	else
		printf(" %s=%" PRId64, name, n);
}

static void str(const char *name, const char *s)
{
	printf(" %s=%s", name, s ? s : "null");
}

static void bits(const char *name, const struct irqmatrix_bits *b)
{
	char *list = irqmatrix_bits_list(b);
	unsigned int nr = 0;
	int64_t n = -1;

	while ((n = irqmatrix_bits_next(b, n + 1)) >= 0)
		nr++;
	if (nr != irqmatrix_bits_weight(b))
		printf(" weight?");
	str(name, list);
	free(list);
}

static void cpus(const struct irqmatrix *m)
{
	struct irqmatrix_cpu c;
	unsigned int i;

	for (i = 0; !irqmatrix_get_cpu(m, i, &c, sizeof(c)); i++) {
		printf("cpu");
		num("cpu", c.cpu);
		num("online", c.online);
		num("available", c.available);
		num("allocated", c.allocated);
		num("managed", c.managed);
		num("idle", c.idle);
		num("node", c.node);
		num("apicid", c.apicid);
		bits("alloc_map", c.alloc_map);
		bits("managed_map", c.managed_map);
		putchar('\n');
	}
}

static void irqs(const struct irqmatrix *m)
{
	struct irqmatrix_action a;
	struct irqmatrix_device d;
	struct irqmatrix_irq q;
	unsigned int i, k;

	for (i = 0; !irqmatrix_get_irq(m, i, &q, sizeof(q)); i++) {
		if (irqmatrix_find_irq(m, q.irq) != i)
			printf("lost ");
		printf("irq");
		num("irq", q.irq);
		bits("affinity", q.affinity);
		bits("effective_affinity", q.effective_affinity);
		bits("pending_affinity", q.pending_affinity);
		num("vector", q.vector);
		num("cpu", q.cpu);
		num("prev_vector", q.prev_vector);
		num("prev_cpu", q.prev_cpu);
		num("count", q.count);
		str("chip", q.chip);
		str("domain", q.domain);
		str("device",
		    q.device == IRQMATRIX_UNKNOWN ||
				    irqmatrix_get_device(m, q.device, &d,
							 sizeof(d)) ?
			    NULL :
			    d.name);
		for (k = 0; !irqmatrix_get_action(m, i, k, &a, sizeof(a)); k++)
			str("action", a.name);
		putchar('\n');
	}
}

static void devices(const struct irqmatrix *m)
{
	struct irqmatrix_consumer c;
	struct irqmatrix_device d;
	unsigned int i, k;

	for (i = 0; !irqmatrix_get_device(m, i, &d, sizeof(d)); i++) {
		printf("device");
		str("device", d.name);
		str("bus", d.bus);
		num("node", d.node);
		num("irqs", d.irqs);
		num("allocated", d.allocated);
		num("managed_reserved", d.managed_reserved);
		num("idle_reserved", d.idle_reserved);
		num("reserved", d.reserved);
		num("cost", d.cost);
		for (k = 0; !irqmatrix_get_consumer(m, i, k, &c, sizeof(c));
		     k++)
			str("consumer", c.name);
		putchar('\n');
	}
}

static void findings(const struct irqmatrix *m)
{
	static const char *const severity[] = { "info", "warning", "critical" };
	struct irqmatrix_finding f;
	struct irqmatrix_datum d;
	unsigned int i, k;

	for (i = 0; !irqmatrix_get_finding(m, i, &f, sizeof(f)); i++) {
		printf("finding");
		str("code", f.code);
		str("severity", severity[f.severity]);
		str("text", f.text);
		for (k = 0; !irqmatrix_get_datum(m, i, k, &d, sizeof(d)); k++) {
			if (d.type == IRQMATRIX_DATUM_NUM)
				num(d.key, d.num);
			else if (d.type == IRQMATRIX_DATUM_STRING)
				str(d.key, d.string);
			else
				bits(d.key, d.bits);
		}
		putchar('\n');
	}
}

static void matrix(const struct irqmatrix *m)
{
	struct irqmatrix_matrix x;

	if (irqmatrix_get_matrix(m, &x, sizeof(x)))
		return;
	printf("matrix");
	str("release", x.release);
	str("build_id", x.build_id);
	num("crash_time", x.crash_time);
	bits("cpus_possible", x.cpus_possible);
	bits("cpus_present", x.cpus_present);
	bits("cpus_online", x.cpus_online);
	num("alloc_start", x.alloc_start);
	num("alloc_end", x.alloc_end);
	num("global_available", x.global_available);
	num("global_reserved", x.global_reserved);
	num("systembits_inalloc", x.systembits_inalloc);
	num("total_allocated", x.total_allocated);
	num("online_maps", x.online_maps);
	putchar('\n');
}

/* Of a larger structure nothing is made up, of a smaller one no byte more. */
static void sizes(const struct irqmatrix *m)
{
	struct {
		struct irqmatrix_cpu c;
		int later;
	} larger;
	unsigned char small[sizeof(struct irqmatrix_cpu)];

	memset(small, 0xaa, sizeof(small));
	printf("sizes %d %d %d\n",
	       irqmatrix_get_cpu(m, 0, &larger.c, sizeof(larger)),
	       irqmatrix_get_cpu(m, 0, (void *)small, sizeof(int)),
	       small[sizeof(int)] == 0xaa);
}

int main(int argc, char **argv)
{
	struct irqmatrix *m = irqmatrix_new();
	const char *path = argv[argc - 1];

	if (irqmatrix_read_dump(m, &path, 1)) {
		fprintf(stderr, "%s\n", irqmatrix_error(m));
		return 2;
	}
	matrix(m);
	cpus(m);
	irqs(m);
	devices(m);
	findings(m);
	sizes(m);
	printf("status %d\n", (int)irqmatrix_status(m));
	irqmatrix_free(m);
	return 0;
}
