/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drivers[] and pools[] of a document from which something could be missing. */
#ifndef DRIVERS_H
#define DRIVERS_H

#include <jansson.h>
#include <stdbool.h>

struct documents {
	const json_t *whole, *part;
};

/* "0-3,5"; false if it is none. What is not below nr is left out. */
bool read_list(const json_t *list, bool *set, unsigned int nr);

/*
 * Are the rows of part those of whole, but for devices whose own entry says
 * that the driver is unknown, and which are in the row of the unknown one?
 * in_pool: of a pool, where what a device has there cannot be told, only that
 * nothing is lost on the way.
 */
bool compare_drivers(const struct documents *d, const json_t *whole,
		     const json_t *part, bool in_pool);

/*
 * pools[], where those of nodes may differ by CPUs whose own entry says that
 * the node is unknown, and which are in the pool of none.
 */
bool compare_nodes(const struct documents *d, const json_t *whole,
		   const json_t *part);

#endif
