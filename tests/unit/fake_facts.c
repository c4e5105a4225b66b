/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/fake_facts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fact_wrong(struct fk_result *res, const char *fmt, ...)
{
	va_list ap;

	if (res->wrong[0])
		return;
	va_start(ap, fmt);
	vsnprintf(res->wrong, sizeof(res->wrong), fmt, ap);
	va_end(ap);
}

void fact_unknown(struct fk_result *res, const char *what, unsigned int id)
{
	if (!res->unknown++)
		snprintf(res->first_unknown, sizeof(res->first_unknown),
			 "%s of %u", what, id);
}

void fact_num(struct fk_result *res, const char *what, unsigned int id,
	      irqm_num got, irqm_num want)
{
	if (got == IRQM_UNKNOWN && want != IRQM_UNKNOWN)
		fact_unknown(res, what, id);
	else if (got != want)
		fact_wrong(res, "%s of %u: %" PRId64 ", not %" PRId64, what, id,
			   got, want);
}

void fact_hex(struct fk_result *res, const char *what, unsigned int id,
	      uint64_t got, uint64_t want)
{
	if (got != want)
		fact_wrong(res, "%s of %u: %#" PRIx64 ", not %#" PRIx64, what,
			   id, got, want);
}

void fact_str(struct fk_result *res, const char *what, unsigned int id,
	      const char *got, const char *want)
{
	if (!got && want)
		fact_unknown(res, what, id);
	else if (got && (!want || strcmp(got, want) != 0))
		fact_wrong(res, "%s of %u: %s, not %s", what, id, got,
			   want ? want : "(none)");
}

void fact_bits(struct fk_result *res, const char *what, unsigned int id,
	       const struct irqm_bits *got, const char *want,
	       unsigned int nbits)
{
	struct irqm_bits b;

	if (!irqm_bits_known(got)) {
		if (want)
			fact_unknown(res, what, id);
		return;
	}
	if (!want) {
		fact_wrong(res, "%s of %u: there is none", what, id);
		return;
	}
	b = fk_bits(want, nbits);
	if (!irqm_bits_equal(got, &b)) {
		char *list = irqm_bits_list(got);

		fact_wrong(res, "%s of %u: %s of %u bits, not %s of %u", what,
			   id, list, got->nbits, want, nbits);
		free(list);
	}
	free(b.words);
}

void fact_map(struct fk_result *res, const char *what, unsigned int id,
	      const struct irqm_bits *got, const uint64_t *want,
	      unsigned int nbits)
{
	if (!irqm_bits_known(got))
		fact_unknown(res, what, id);
	else if (got->nbits != nbits ||
		 memcmp(got->words, want, IRQM_BITS_WORDS(nbits) * 8) != 0)
		fact_wrong(res, "%s of %u differs", what, id);
}

unsigned int fk_cpu_bits(const struct fk *fk)
{
	return fk->m->nr_cpu_ids;
}
