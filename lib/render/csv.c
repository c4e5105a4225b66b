/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/csv.h"

#include <string.h>

#include "base/base.h"

/* Returns true for "-12", "0.5", "1e-07": a printed number, and no formula. */
static bool is_number(const char *s)
{
	size_t digits;

	s += *s == '-';
	digits = strspn(s, "0123456789");
	s += digits;
	if (*s == '.')
		s += 1 + strspn(s + 1, "0123456789");
	if (digits && *s == 'e' && (s[1] == '+' || s[1] == '-'))
		s += 2 + strspn(s + 2, "0123456789");
	return digits && !*s;
}

/* The characters from OWASP's page on CSV injection. The last ones are the
 * full-width forms of the first, which Japanese spreadsheets accept, too. */
static bool begins_formula(const char *s)
{
	static const char *const wide[] = {
		"\xef\xbc\x9d",
		"\xef\xbc\x8b",
		"\xef\xbc\x8d",
		"\xef\xbc\xa0",
	};
	size_t i;

	if (*s && strchr("=+-@\t\r\n", *s))
		return true;
	for (i = 0; i < ARRAY_SIZE(wide); i++)
		if (strncmp(s, wide[i], strlen(wide[i])) == 0)
			return true;
	return false;
}

/* Quotes as in RFC 4180. In many countries, spreadsheets separate cells at
 * semicolons, so the text after one may also begin a cell. */
void irqm_csv_cell(FILE *out, const char *text, enum irqm_csv csv)
{
	bool quote = strpbrk(text, ",\"\r\n") != NULL;
	bool defuse = csv == IRQM_CSV_DEFUSED && !is_number(text);
	const char *s;

	if (quote)
		fputc('"', out);
	for (s = text; *s; s++) {
		if (defuse && (s == text || s[-1] == ';') && begins_formula(s))
			fputc('\'', out);
		if (*s == '"')
			fputc('"', out);
		fputc(*s == *IRQM_NBSP ? ' ' : *s, out);
	}
	if (quote)
		fputc('"', out);
}
