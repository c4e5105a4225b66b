/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/text.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

void irqm_put_num(FILE *out, irqm_num n)
{
	if (n == IRQM_UNKNOWN)
		fputc('?', out);
	else
		fprintf(out, "%" PRId64, n);
}

void irqm_put_name(FILE *out, const char *name)
{
	char buf[1024];

	if (!name) {
		fputc('?', out);
		return;
	}
	if (!*name) {
		fputc('-', out);
		return;
	}
	irqm_escape(buf, sizeof(buf), name);
	fputs(buf, out);
	/* an escaped name is never shorter than the original */
	if (strlen(buf) < strlen(name))
		fputs("...", out);
}

void irqm_put_range(FILE *out, unsigned int first, unsigned int last)
{
	char range[IRQM_RANGE_SIZE];

	fputs(irqm_range_text(range, first, last), out);
}

void irqm_put_bits(FILE *out, const struct irqm_bits *bits)
{
	const char *comma = "";
	unsigned int first, last;

	if (!irqm_bits_known(bits)) {
		fputc('?', out);
		return;
	}
	irqm_bits_for_each(first, bits) {
		last = irqm_bits_run_end(bits, first);
		fputs(comma, out);
		irqm_put_range(out, first, last);
		comma = ",";
		first = last;
	}
	if (!*comma)
		fputc('-', out);
}

void irqm_put_irqs(FILE *out, const struct irqm_snapshot *s,
		   const unsigned int *indexes, unsigned int nr)
{
	unsigned int i, first, last;

	if (nr == 0)
		fputc('-', out);
	for (i = 0; i < nr; i++) {
		if (i)
			fputc(',', out);
		first = last = s->irqs[indexes[i]].irq;
		while (i + 1 < nr && s->irqs[indexes[i + 1]].irq == last + 1) {
			last++;
			i++;
		}
		irqm_put_range(out, first, last);
	}
}

void irqm_put_share(FILE *out, irqm_num part, irqm_num whole)
{
	if (part == IRQM_UNKNOWN || whole == IRQM_UNKNOWN || whole <= 0)
		return;
	fprintf(out, " (%.1f%%)", 100.0 * part / whole);
}

void irqm_put_actions(FILE *out, const struct irqm_irq *irq)
{
	unsigned int i;

	if (irq->nr_actions == 0 && !irq->actions_cut)
		fputc('-', out);
	for (i = 0; i < irq->nr_actions; i++) {
		if (i)
			fputc(',', out);
		irqm_put_name(out, irq->actions[i].name);
	}
	if (irq->actions_cut)
		fputs(i ? ",?" : "?", out);
}

void irqm_put_yes(FILE *out, irqm_num n)
{
	fputs(n == IRQM_UNKNOWN ? "?" : n ? "yes" : "no", out);
}

void irqm_put_fact(FILE *out, const struct irqm_fact *fact,
		   const struct irqm_fact_row *row)
{
	struct irqm_fact_value v = irqm_fact_get(fact, row);

	if (v.state != IRQM_VALUE_KNOWN) {
		fputc(v.state == IRQM_VALUE_NONE ? '-' : '?', out);
		return;
	}
	switch (fact->type) {
	case IRQM_TYPE_INDEX:
	case IRQM_TYPE_NUM:
		irqm_put_num(out, v.num);
		break;
	case IRQM_TYPE_BOOL:
		irqm_put_yes(out, v.num);
		break;
	case IRQM_TYPE_BITS:
		irqm_put_bits(out, v.bits);
		break;
	case IRQM_TYPE_NAME:
		irqm_put_name(out, v.name);
		break;
	case IRQM_TYPE_ADDRESS:
	case IRQM_TYPE_HEX:
		fprintf(out, "%#" PRIx64, v.address);
		break;
	case IRQM_TYPE_NEST:
		break;
	}
}

void irqm_put_consumers(FILE *out, const struct irqm_device *d)
{
	unsigned int i;

	if (d->nr_consumers == 0 && !d->consumers_cut)
		fputc('-', out);
	for (i = 0; i < d->nr_consumers; i++) {
		if (i)
			fputc(',', out);
		irqm_put_name(out, d->consumers[i].name);
	}
	if (d->consumers_cut)
		fputs(i ? ",?" : "?", out);
}

void irqm_put_device(FILE *out, const struct irqm_snapshot *s,
		     const struct irqm_irq *irq)
{
	const struct irqm_device *d = irqm_irq_device(s, irq);

	if (d)
		irqm_put_name(out, d->name);
	else
		fputc(irq->device_unknown ? '?' : '-', out);
}

const char *irqm_cpu_state(const struct irqm_snapshot *s,
			   const struct irqm_cpu *cpu)
{
	if (cpu->online == IRQM_UNKNOWN)
		return "?";
	if (cpu->online)
		return "online";
	if (irqm_bits_known(&s->dump.present) &&
	    !irqm_bits_test(&s->dump.present, cpu->cpu))
		return "absent";
	return "offline";
}

void irqm_put_duration(FILE *out, irqm_num seconds)
{
	if (seconds == IRQM_UNKNOWN)
		fputc('?', out);
	else if (seconds < 60)
		fprintf(out, "%" PRId64 " s", seconds);
	else if (seconds < 3600)
		fprintf(out, "%" PRId64 " min", seconds / 60);
	else if (seconds < 2 * 86400)
		fprintf(out, "%" PRId64 ":%02" PRId64 " h", seconds / 3600,
			seconds / 60 % 60);
	else
		fprintf(out, "%" PRId64 " days", seconds / 86400);
}

const char *irqm_dump_in_commands(const struct irqm_dump *d, const char *name)
{
	if (d->live)
		return "";
	return irqm_is_shell_word(name) ? name : NULL;
}

void irqm_put_command(FILE *out, const char *command, const char *dump)
{
	const char *at = strstr(command, IRQM_COMMAND_DUMP);
	size_t len = at ? at - command : 0;

	if (!at || !dump) {
		irqm_put_name(out, command);
		return;
	}
	/* without a dump, also without the blank before it */
	fprintf(out, "%.*s%s", (int)(*dump || !len ? len : len - 1), command,
		dump);
	at += strlen(IRQM_COMMAND_DUMP);
	if (*at)
		irqm_put_name(out, at);
}

int irqm_put_end(FILE *out)
{
	errno = 0;
	if (fflush(out) == 0 && !ferror(out))
		return 0;
	if (!errno)
		errno = EIO; /* an earlier write failed; its errno is lost */
	return -1;
}
