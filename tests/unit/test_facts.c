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

static const struct table {
	const char *name; /* in docs/schema */
	const char *row;  /* of docs/json.md; NULL: it has none */
	const struct irqm_fact *facts;
	unsigned int nr;
	const struct irqm_column *columns;
	const unsigned int *nr_columns;
} tables[] = {
	{ "cpu", "| cpus[] |", irqm_cpu_facts, IRQM_NR_CPU_FACTS,
	  irqm_cpu_columns, &irqm_nr_cpu_columns },
	{ "device", "| devices[] |", irqm_device_facts, IRQM_NR_DEVICE_FACTS,
	  irqm_device_columns, &irqm_nr_device_columns },
	{ "driver", NULL, irqm_driver_facts, IRQM_NR_DRIVER_FACTS, NULL, NULL },
	{ "pool", "| accounting |", irqm_pool_facts, IRQM_NR_POOL_FACTS,
	  irqm_pool_columns, &irqm_nr_pool_columns },
	{ "irq", "| irqs[] |", irqm_irq_facts, IRQM_NR_IRQ_FACTS,
	  irqm_irq_columns, &irqm_nr_irq_columns },
};
#define NR_TABLES (sizeof(tables) / sizeof(*tables))

/* Two columns with one place do not compile; a place left out does. */
static void each_place_has_a_column(void **state)
{
	(void)state;
	for (size_t t = 0; t < NR_TABLES; t++)
		for (unsigned int c = 0;
		     tables[t].columns && c < *tables[t].nr_columns; c++)
			if (!tables[t].columns[c].name)
				fail_msg("%s: no column %u", tables[t].name,
					 c + 1);
}

static void the_schema_has_the_same_keys(void **state)
{
	char *text = file_bytes("docs/schema/irqmatrix-1.json", NULL);
	json_t *schema = json_parsed(text);

	(void)state;
	for (size_t t = 0; t < NR_TABLES; t++) {
		const struct table *table = &tables[t];
		json_t *properties = json_object_get(
			json_object_get(json_object_get(schema, "$defs"),
					table->name),
			"properties");
		size_t keys = 0;

		for (unsigned int i = 0; i < table->nr; i++) {
			const char *key = table->facts[i].key;

			keys += key != NULL;
			if (key && !json_object_get(properties, key))
				fail_msg("the schema's %s has no %s",
					 table->name, key);
		}
		assert_int_equal(json_object_size(properties), keys);
	}
	json_decref(schema);
	free(text);
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
	char *text = file_bytes("docs/json.md", NULL);

	(void)state;
	for (size_t t = 0; t < NR_TABLES; t++) {
		const struct table *table = &tables[t];
		const char *line = table->row ? strstr(text, table->row) : NULL;

		assert_int_equal(line != NULL, table->row != NULL);
		for (unsigned int i = 0; line && i < table->nr; i++) {
			const char *key = table->facts[i].key;

			if (key && !has_word(line, key))
				fail_msg("docs/json.md: %s has no %s",
					 table->row, key);
		}
	}
	free(text);
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
		cmocka_unit_test(the_schema_has_the_same_keys),
		cmocka_unit_test(the_documentation_has_the_keys),
		cmocka_unit_test(none_is_not_unknown),
		cmocka_unit_test(numbers_are_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
