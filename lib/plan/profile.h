/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles of kernels, for machines of which there is no dump: profiles.def. */
#ifndef IRQM_PLAN_PROFILE_H
#define IRQM_PLAN_PROFILE_H

#include "plan/spread.h"

struct irqm_profile {
	const char *kernel; /* "6.12", "5.14.0-503.el9" */
	unsigned int major, minor;
	unsigned int el; /* the first build of RHEL's kernel, or 0 */
	struct irqm_generation generation;
	bool spread[IRQM_NR_SPREADS];
	bool cleanup_vector;    /* vector 32 is the system's */
	unsigned int alloc_end; /* FIRST_SYSTEM_VECTOR */
	bool seen; /* in guests; otherwise known from the source only */
};

/* At most this many profiles may be a kernel's. */
#define IRQM_MAX_PROFILES 2

/*
 * Finds the profiles for a release, such as "6.12.0-rt" or "6.8": the one of
 * that version, or, if there is none, those of the next older and the next
 * newer one. A version that RHEL changed has two, unless the release names the
 * build, as 5.14.0-570.el9 does. Returns their number, or 0 with err if the release is older than
 * all of them or is no version.
 */
unsigned int irqm_profiles_of(const char *release,
			      const struct irqm_profile *ret[IRQM_MAX_PROFILES],
			      struct irqm_error *err);

#endif
