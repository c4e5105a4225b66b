/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of facts: complete, and the same as the documentation. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "facts/facts.h"
#include "files.h"
#include "json_doc.h"
#include "render/columns.h"

static const struct {
	const struct irqm_column *columns;
	const unsigned int *nr;
} views[] = {
	{ irqm_cpu_columns, &irqm_nr_cpu_columns },
	{ irqm_device_columns, &irqm_nr_device_columns },
	{ irqm_pool_columns, &irqm_nr_pool_columns },
	{ irqm_irq_columns, &irqm_nr_irq_columns },
};

/* Lines of a table in a document that name the keys. */
static const struct {
	const char *file, *line;
	const struct irqm_fact *facts;
	unsigned int nr;
} lines[] = {
	{ "json", "| cpus[] |", irqm_cpu_facts, IRQM_NR_CPU_FACTS },
	{ "json", "| irqs[] |", irqm_irq_facts, IRQM_NR_IRQ_FACTS },
	{ "json", "| devices[] |", irqm_device_facts, IRQM_NR_DEVICE_FACTS },
	{ "json", "| accounting |", irqm_pool_facts, IRQM_NR_POOL_FACTS },
};

/* Two columns with one place do not compile; a place left out does. */
static void each_place_has_a_column(void **state)
{
	(void)state;
	for (size_t v = 0; v < ARRAY_SIZE(views); v++)
		for (unsigned int c = 0; c < *views[v].nr; c++)
			if (!views[v].columns[c].name)
				fail_msg("view %zu: no column %u", v, c + 1);
}

/* Is the word in the line? */
static bool has_word(const char *line, const char *word)
{
	size_t end = strcspn(line, "\n"), len = strlen(word);
	const char *p = line;

	while ((p = strstr(p + 1, word)) && p < line + end)
		if (!isalnum((unsigned char)p[-1]) && p[-1] != '_' &&
		    !isalnum((unsigned char)p[len]) && p[len] != '_')
			return true;
	return false;
}

static void the_documentation_has_the_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		const struct irqm_fact *fact = lines[i].facts;
		char path[64], *text;
		const char *line;

		snprintf(path, sizeof(path), "docs/%s.md", lines[i].file);
		text = file_bytes(path, NULL);
		line = strstr(text, lines[i].line);
		assert_non_null(line);
		for (; fact < lines[i].facts + lines[i].nr; fact++)
			if (fact->key && !has_word(line, fact->key))
				fail_msg("%s: %s has no %s", path,
					 lines[i].line, fact->key);
		free(text);
	}
}

static void assert_state(const struct irqm_irq *irq, unsigned int fact,
			 int wanted)
{
	struct irqm_snapshot *s = irqm_snapshot_new();
	struct irqm_fact_row row = irqm_irq_row(s, irq);

	assert_int_equal(irqm_fact_get(&irqm_irq_facts[fact], &row).state,
			 wanted);
	irqm_snapshot_free(s);
}

/* What does not exist and what could not be read are not the same. */
static void none_is_not_unknown(void **state)
{
	struct irqm_irq irq = { .device = -1 };
	struct irqm_msi msi = { .index = 0 };
	struct irqm_apic apic = { .vector = 0 };

	(void)state;
	assert_state(&irq, IRQM_IRQ_FACT_driver, IRQM_VALUE_NONE);
	assert_state(&irq, IRQM_IRQ_FACT_index, IRQM_VALUE_NONE);
	assert_state(&irq, IRQM_IRQ_FACT_chip, IRQM_VALUE_NONE);
	/* every interrupt has a level, so the rest of the chain is unread */
	assert_state(&irq, IRQM_IRQ_FACT_cpu, IRQM_VALUE_UNKNOWN);
	irq.apic = &apic;
	assert_state(&irq, IRQM_IRQ_FACT_cpu, IRQM_VALUE_NONE);
	assert_state(&irq, IRQM_IRQ_FACT_vector, IRQM_VALUE_KNOWN);
	irq.chain_cut = true;
	assert_state(&irq, IRQM_IRQ_FACT_chip, IRQM_VALUE_UNKNOWN);
	irq.msi = &msi;
	assert_state(&irq, IRQM_IRQ_FACT_index, IRQM_VALUE_KNOWN);
	assert_state(&irq, IRQM_IRQ_FACT_msi_data, IRQM_VALUE_UNKNOWN);
	assert_state(&irq, IRQM_IRQ_FACT_requested, IRQM_VALUE_NONE);
	irq.device_unknown = true;
	assert_state(&irq, IRQM_IRQ_FACT_driver, IRQM_VALUE_UNKNOWN);
	assert_state(&irq, IRQM_IRQ_FACT_requested, IRQM_VALUE_UNKNOWN);
}

/* The last fact of cost.def, so that all are compared. */
static void assert_compared(irqm_num before, irqm_num after,
			    enum irqm_compared wanted)
{
	const struct irqm_cost a = { .cost = before }, b = { .cost = after };
	const struct irqm_fact_row row_a = { .cost = &a, .counts = &a };
	const struct irqm_fact_row row_b = { .cost = &b, .counts = &b };

	assert_int_equal(irqm_facts_compare(IRQM_COST_FACTS, &row_a, &row_b),
			 wanted);
}

static void numbers_are_compared(void **state)
{
	(void)state;
	assert_compared(5, 5, IRQM_FACTS_EQUAL);
	assert_compared(5, 6, IRQM_FACTS_DIFFER);
	assert_compared(5, IRQM_UNKNOWN, IRQM_FACTS_UNKNOWN);
	assert_compared(IRQM_UNKNOWN, 5, IRQM_FACTS_UNKNOWN);
	assert_compared(IRQM_UNKNOWN, IRQM_UNKNOWN, IRQM_FACTS_EQUAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_place_has_a_column),
		cmocka_unit_test(the_documentation_has_the_keys),
		cmocka_unit_test(none_is_not_unknown),
		cmocka_unit_test(numbers_are_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
