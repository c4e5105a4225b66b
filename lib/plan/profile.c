/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/profile.h"

#include <stdio.h>

#define BRACES(...) __VA_ARGS__
#define GUEST true
#define SOURCE false
#define HAS(spreads, how) ((spreads) >> IRQM_SPREAD_##how & 1)
#define PROFILE(major, minor, generation, spreads, cleanup, end, confirmed)    \
	{ #major "." #minor,                                                   \
	  major,                                                               \
	  minor,                                                               \
	  { BRACES generation },                                               \
	  { [IRQM_SPREAD_NODES] = HAS(spreads, NODES),                         \
	    [IRQM_SPREAD_NODES_POP2] = HAS(spreads, NODES_POP2),               \
	    [IRQM_SPREAD_CLUSTERS] = HAS(spreads, CLUSTERS) },                 \
	  cleanup,                                                             \
	  end,                                                                 \
	  confirmed },

static const struct irqm_profile profiles[] = {
#include "plan/profiles.def"
};

static bool is_newer(const struct irqm_profile *p, unsigned int major,
		     unsigned int minor)
{
	return p->major > major || (p->major == major && p->minor > minor);
}

unsigned int irqm_profiles_of(const char *release,
			      const struct irqm_profile *ret[IRQM_MAX_PROFILES],
			      struct irqm_error *err)
{
	unsigned int major, minor, i;
	const struct irqm_profile *p;

	if (sscanf(release, "%4u.%4u", &major, &minor) != 2) {
		irqm_error_set(err,
			       "kernel \"%.80s\": give a version as `uname -r` "
			       "prints it, or its beginning, as in 6.12",
			       release);
		return 0;
	}
	for (i = ARRAY_SIZE(profiles);
	     i && is_newer(&profiles[i - 1], major, minor); i--)
		;
	if (!i) {
		irqm_error_set(err,
			       "kernel %.80s: the oldest that can be planned "
			       "without a dump is %s",
			       release, profiles[0].kernel);
		return 0;
	}
	p = &profiles[i - 1];
	ret[0] = p;
	if ((p->major == major && p->minor == minor) ||
	    i == ARRAY_SIZE(profiles))
		return 1;
	ret[1] = p + 1;
	return 2;
}
