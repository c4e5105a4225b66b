/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/profile.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define BRACES(...) __VA_ARGS__
#define GUEST true
#define SOURCE false
#define HAS(spreads, how) ((spreads) >> IRQM_SPREAD_##how & 1)
#define NAME(major, minor, el)                                                 \
	((el) ? #major "." #minor ".0-" #el ".el9" : #major "." #minor)
#define PROFILE(major, minor, el, generation, spreads, cleanup, end,           \
		confirmed)                                                     \
	{ NAME(major, minor, el),                                              \
	  major,                                                               \
	  minor,                                                               \
	  el,                                                                  \
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

struct release {
	unsigned int major, minor;
	unsigned int el; /* UINT_MAX: not a build of RHEL's, or not stated */
};

static bool read_release(const char *text, struct release *r)
{
	r->el = UINT_MAX;
	if (sscanf(text, "%4u.%4u.0-%5u", &r->major, &r->minor, &r->el) < 2)
		return false;
	if (!strstr(text, ".el"))
		r->el = UINT_MAX;
	return true;
}

static bool same_version(const struct irqm_profile *p, const struct release *r)
{
	return p->major == r->major && p->minor == r->minor;
}

static bool is_newer(const struct irqm_profile *p, const struct release *r)
{
	if (p->major != r->major)
		return p->major > r->major;
	return p->minor > r->minor || (p->minor == r->minor && p->el > r->el);
}

unsigned int irqm_profiles_of(const char *release,
			      const struct irqm_profile *ret[IRQM_MAX_PROFILES],
			      struct irqm_error *err)
{
	const struct irqm_profile *p;
	struct release r;
	unsigned int i;

	if (!read_release(release, &r)) {
		irqm_error_set(err,
			       "kernel \"%.80s\": give a version as `uname -r` "
			       "prints it, or its beginning, as in 6.12",
			       release);
		return 0;
	}
	for (i = ARRAY_SIZE(profiles); i && is_newer(&profiles[i - 1], &r); i--)
		;
	if (!i) {
		irqm_error_set(err,
			       "kernel %.80s: the oldest that can be planned "
			       "without a dump is %s",
			       release, profiles[0].kernel);
		return 0;
	}
	p = &profiles[i - 1];
	if (same_version(p, &r) && p->el && r.el == UINT_MAX) {
		ret[0] = p - 1;
		ret[1] = p;
		return 2;
	}
	ret[0] = p;
	if (same_version(p, &r) || i == ARRAY_SIZE(profiles))
		return 1;
	ret[1] = p + 1;
	return 2;
}
