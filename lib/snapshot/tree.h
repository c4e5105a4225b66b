/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walks the kernel's index trees: radix tree (before 4.20), XArray, maple
 * tree (6.5). Cost is linear in the nodes; depth and number of nodes are
 * limited, so that a corrupted tree ends too.
 */
#ifndef IRQM_SNAPSHOT_TREE_H
#define IRQM_SNAPSHOT_TREE_H

#include "snapshot/reader.h"

/* Called for each entry in ascending order of index. Return false to stop the
 * walk. */
typedef bool tree_entry_fn(void *ctx, uint64_t index, uint64_t entry);

/* Each function returns false if the tree could not be walked to its end; the
 * failure is recorded with the text "what". */

/* root: address of a struct xarray, or of a radix_tree_root. */
bool irqm_walk_xarray(struct reader *r, uint64_t root, const char *what,
		      tree_entry_fn *fn, void *ctx);
bool irqm_walk_radix_tree(struct reader *r, uint64_t root, const char *what,
			  tree_entry_fn *fn, void *ctx);
/* root: address of a struct maple_tree. */
bool irqm_walk_maple_tree(struct reader *r, uint64_t root, const char *what,
			  tree_entry_fn *fn, void *ctx);

#endif
