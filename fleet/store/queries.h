/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The predefined queries: SQL over the tables of docs/store.md, which lists
 * them word for word. Arguments are ?1, ?2 ...; a missing one is NULL. */
#ifndef IRQM_FLEET_STORE_QUERIES_H
#define IRQM_FLEET_STORE_QUERIES_H

struct irqm_query {
	const char *name;
	const char *args; /* "DRIVER N [QUEUES]", or "" for none */
	unsigned int min_args, max_args;
	const char *help;
	const char *sql;
};

extern const struct irqm_query irqm_queries[];
extern const unsigned int irqm_nr_queries;

#endif
