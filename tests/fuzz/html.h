/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must be true of every report. */
#ifndef FUZZ_HTML_H
#define FUZZ_HTML_H

#include <jansson.h>
#include <stdio.h>

#include "fleet/report_page.h"
#include "report/dump.h"

/*
 * Aborts where the text is not UTF-8, has control characters, or has a tag
 * that is not closed or not one of those that reports have: what a dump says
 * is no markup.
 */
void check_html(const char *text, size_t len);

/* A healthy document, from which mutations start; to be json_decref()ed. */
#define FUZZ_DOCUMENT "tests/fuzz/document.json"
json_t *fuzz_document(void);

#endif
