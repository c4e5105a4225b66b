/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * irqmatrix: where every x86 interrupt vector of a crashed machine went.
 *
 *	dump -> target -> layout -> snapshot -> analyses -> renderers
 *
 * Each stage has a folder and a header, which is its manual. This header is
 * all of them; a dump file as a target (memory/dumpfile.h) and distilling
 * (distill/distill.h) are apart, as they want more libraries. Other programs
 * have libirqmatrix.h, in front of which these may change.
 */
#ifndef IRQMATRIX_H
#define IRQMATRIX_H

#include "base/base.h"
#include "memory/target.h"
#include "layout/layout.h"
#include "snapshot/snapshot.h"
#include "analysis/analysis.h"
#include "diff/diff.h"
#include "render/render.h"
#include "render/diff/diff.h"
#include "libirqmatrix.h" /* IRQMATRIX_VERSION */

#endif
