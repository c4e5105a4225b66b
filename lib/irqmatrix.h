/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * irqmatrix: where every x86 interrupt vector of a crashed machine went.
 *
 *	dump -> target -> layout -> snapshot -> analyses -> renderers
 *
 * Each stage has a folder and a header, which is its manual. This header
 * includes all of them except memory/dumpfile.h (a dump file as a target) and
 * distill/distill.h, which need more libraries. Other programs should use
 * libirqmatrix.h, because the headers here may change.
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
