/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One fact of a snapshot beside what the machine's description says. Each is
 * true, unknown, or wrong, which is noted in res; "what of id" names it.
 */
#ifndef FAKE_FACTS_H
#define FAKE_FACTS_H

#include "tests/unit/fake_check.h"

__attribute__((format(printf, 2, 3))) void fact_wrong(struct fk_result *res,
						      const char *fmt, ...);
void fact_unknown(struct fk_result *res, const char *what, unsigned int id);

void fact_num(struct fk_result *res, const char *what, unsigned int id,
	      irqm_num got, irqm_num want);
void fact_hex(struct fk_result *res, const char *what, unsigned int id,
	      uint64_t got, uint64_t want);
/* NULL is unknown, or that there is none. */
void fact_str(struct fk_result *res, const char *what, unsigned int id,
	      const char *got, const char *want);
/* want is a cpulist of a set of nbits; NULL: there is none. */
void fact_bits(struct fk_result *res, const char *what, unsigned int id,
	       const struct irqm_bits *got, const char *want,
	       unsigned int nbits);
void fact_map(struct fk_result *res, const char *what, unsigned int id,
	      const struct irqm_bits *got, const uint64_t *want,
	      unsigned int nbits);

/* nr_cpu_ids; also where the kernel has the constant NR_CPUS in its place. */
unsigned int fk_cpu_bits(const struct fk *fk);

/* Those of all IRQs, their chains, actions and MSI descriptors. */
void fk_check_irqs(const struct fk *fk, const struct irqm_snapshot *s,
		   struct fk_result *res);

#endif
