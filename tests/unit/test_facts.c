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

/* Objects of a schema, and what is in them. */
static const struct schema {
	const char *file, *name;
	const struct irqm_fact *facts;
	unsigned int nr, more; /* properties that are not facts */
} schemas[] = {
	{ "irqmatrix-1", "cpu", irqm_cpu_facts, IRQM_NR_CPU_FACTS, 0 },
	{ "irqmatrix-1", "irq", irqm_irq_facts, IRQM_NR_IRQ_FACTS, 0 },
	{ "irqmatrix-1", "device", irqm_device_facts, IRQM_NR_DEVICE_FACTS, 0 },
	{ "irqmatrix-1", "driver", irqm_driver_facts, IRQM_NR_DRIVER_FACTS, 0 },
	{ "irqmatrix-1", "pool", irqm_pool_facts, IRQM_NR_POOL_FACTS, 0 },
	{ "irqmatrix-1", "cost", IRQM_COST_FACTS, 0 },
	{ "irqmatrix-diff-1", "cpu_side", IRQM_CPUMAP_FACTS, 0 },
	{ "irqmatrix-diff-1", "device_side", IRQM_COST_FACTS, 1 },
	{ "irqmatrix-diff-1", "driver_side", IRQM_COST_FACTS, 1 },
};

/* Lines of a table in a document that name the keys. */
static const struct {
	const char *file, *line;
	const struct irqm_fact *facts;
	unsigned int nr;
	bool stored; /* only the columns of the store */
} lines[] = {
	{ "json", "| cpus[] |", irqm_cpu_facts, IRQM_NR_CPU_FACTS, false },
	{ "json", "| irqs[] |", irqm_irq_facts, IRQM_NR_IRQ_FACTS, false },
	{ "json", "| devices[] |", irqm_device_facts, IRQM_NR_DEVICE_FACTS,
	  false },
	{ "json", "| accounting |", irqm_pool_facts, IRQM_NR_POOL_FACTS,
	  false },
	{ "store", "| cpus |", irqm_cpu_facts, IRQM_NR_CPU_FACTS, true },
	{ "store", "| devices |", irqm_device_facts, IRQM_NR_DEVICE_FACTS,
	  true },
	{ "store", "| drivers |", irqm_driver_facts, IRQM_NR_DRIVER_FACTS,
	  true },
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

/* What a schema has for each type; a name may have an enum instead. */
static const char *const properties[] = {
	[IRQM_TYPE_INDEX] = "{\"type\": \"integer\"}",
	[IRQM_TYPE_NUM] = "{\"$ref\": \"#/$defs/number\"}",
	[IRQM_TYPE_BOOL] = "{\"type\": [\"boolean\", \"null\"]}",
	[IRQM_TYPE_BITS] = "{\"$ref\": \"#/$defs/set\"}",
	[IRQM_TYPE_NAME] = "{\"type\": [\"string\", \"null\"]}",
	[IRQM_TYPE_ADDRESS] = "{\"$ref\": \"#/$defs/address\"}",
};

static void assert_property(const struct schema *s, const json_t *object,
			    const struct irqm_fact *fact)
{
	const json_t *property = json_object_get(
		json_object_get(object, "properties"), fact->key);
	const json_t *required, *list = json_object_get(object, "required");
	json_t *wanted;
	bool found = false;
	size_t i;

	json_array_foreach((json_t *)list, i, required)
		found |= strcmp(json_string_value(required), fact->key) == 0;
	if (!found)
		fail_msg("%s: %s does not require \"%s\"", s->file, s->name,
			 fact->key);
	if (fact->type == IRQM_TYPE_NEST || json_object_get(property, "enum"))
		return;
	wanted = json_parsed(properties[fact->type]);
	if (!json_equal(property, wanted))
		fail_msg("%s: %s needs \"%s\": %s", s->file, s->name, fact->key,
			 properties[fact->type]);
	json_decref(wanted);
}

static void the_schemas_have_the_facts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(schemas); i++) {
		const struct schema *s = &schemas[i];
		size_t keys = s->more;
		char path[64];
		char *text;
		json_t *schema, *object;

		snprintf(path, sizeof(path), "docs/schema/%s.json", s->file);
		text = file_bytes(path, NULL);
		schema = json_parsed(text);
		object = json_object_get(json_object_get(schema, "$defs"),
					 s->name);
		for (unsigned int f = 0; f < s->nr; f++)
			if (s->facts[f].key) {
				assert_property(s, object, &s->facts[f]);
				keys++;
			}
		assert_int_equal(
			json_object_size(json_object_get(object, "properties")),
			keys);
		json_decref(schema);
		free(text);
	}
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

static bool is_stored(const struct irqm_fact *fact)
{
	return fact->type == IRQM_TYPE_INDEX || fact->type == IRQM_TYPE_NUM ||
	       fact->type == IRQM_TYPE_BOOL || fact->type == IRQM_TYPE_NAME;
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
			if (fact->key &&
			    (!lines[i].stored || is_stored(fact)) &&
			    !has_word(line, fact->key))
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
		cmocka_unit_test(the_schemas_have_the_facts),
		cmocka_unit_test(the_documentation_has_the_keys),
		cmocka_unit_test(none_is_not_unknown),
		cmocka_unit_test(numbers_are_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
