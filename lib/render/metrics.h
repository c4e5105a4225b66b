/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prometheus' text format, version 0.0.4, as node_exporter's textfile collector
 * reads it. Names get the prefix irqmatrix_.
 */
#ifndef IRQM_RENDER_METRICS_H
#define IRQM_RENDER_METRICS_H

#include <stdio.h>

#include "base/base.h"

/* Writes the lines HELP and TYPE. */
void irqm_metric_head(FILE *out, const char *name, const char *type,
		      const char *help);
/* Writes KEY="VALUE"; the value may be any text. */
void irqm_metric_label(FILE *out, const char *key, const char *value);
/* Writes a gauge without labels, or nothing if n is unknown. help is a phrase
 * without a full stop. */
void irqm_metric_gauge(FILE *out, const char *name, irqm_num n,
		       const char *help);

#endif
