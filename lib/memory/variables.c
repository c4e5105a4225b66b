/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/variables.h"

#include <string.h>

const struct irqm_variable irqm_variables[IRQM_NR_VARIABLES] = {
#define VARIABLE(name, size, type) { #name, size, type },
	IRQM_VARIABLES(VARIABLE)
};

size_t irqm_source_name(const char *name)
{
	static const char promoted[] = ".llvm.";
	const char *at = strstr(name, promoted), *number;

	if (!at || at == name)
		return strlen(name);
	number = at + sizeof(promoted) - 1;
	if (!*number || number[strspn(number, "0123456789")] != '\0')
		return strlen(name);
	return at - name;
}

int irqm_variable_find(const char *name)
{
	int i;

	for (i = 0; i < IRQM_NR_VARIABLES; i++)
		if (strcmp(irqm_variables[i].name, name) == 0)
			return i;
	return -1;
}
