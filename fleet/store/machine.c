/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What makes a machine: the possible CPUs, each one's node, and of each PCI
 * device with MSI its address, class, vendor and number. A document has no
 * serial number and no host name, so two machines that were built alike are
 * one here.
 */
#include "fleet/store/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/siphash.h"

static bool add_number(FILE *out, const json_t *row, const char *key)
{
	const json_t *value = json_object_get(row, key);

	if (!json_is_integer(value))
		return false;
	fprintf(out, " %lld", (long long)json_integer_value(value));
	return true;
}

/* False if a fact is not known. */
static bool describe_cpus(FILE *out, const json_t *cpus)
{
	const json_t *cpu;
	size_t i;

	json_array_foreach(cpus, i, cpu) {
		fputs("cpu", out);
		if (!add_number(out, cpu, "cpu") ||
		    !add_number(out, cpu, "node"))
			return false;
		fputc('\n', out);
	}
	return i > 0;
}

static char *describe_device(const json_t *device)
{
	const char *name = json_string_value(json_object_get(device, "device"));
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool known;

	if (!out)
		return NULL;
	fprintf(out, "pci %s", name ? name : "");
	known = name && add_number(out, device, "pci_class") &&
		add_number(out, device, "pci_vendor") &&
		add_number(out, device, "pci_device");
	fputc('\n', out);
	if (fclose(out) != 0 || !known) {
		free(text);
		return NULL;
	}
	return text;
}

static bool is_pci(const json_t *device)
{
	const char *bus = json_string_value(json_object_get(device, "bus"));

	return bus && strcmp(bus, "pci") == 0;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* devices[] is sorted by cost, which is of the moment: so by name here. */
static bool describe_devices(FILE *out, const json_t *devices)
{
	size_t i, nr = 0, room = json_array_size(devices);
	char **lines = calloc(room + 1, sizeof(*lines));
	const json_t *device;
	bool known = lines != NULL;

	json_array_foreach(devices, i, device) {
		if (!known || !is_pci(device))
			continue;
		lines[nr] = describe_device(device);
		known = lines[nr] != NULL;
		nr += known;
	}
	if (known)
		qsort(lines, nr, sizeof(*lines), compare_lines);
	for (i = 0; i < nr; i++) {
		fputs(lines[i], out);
		free(lines[i]);
	}
	free(lines);
	return known;
}

static json_t *hash(const char *text, size_t size)
{
	static const uint8_t key[IRQM_SIPHASH_KEY] = "irqmatrix store";
	uint8_t sum[IRQM_SIPHASH_SIZE];
	char hex[2 * sizeof(sum) + 1];
	struct irqm_siphash h;

	irqm_siphash_begin(&h, key);
	irqm_siphash_add(&h, text, size);
	irqm_siphash_end(&h, sum);
	irqm_hex(sum, sizeof(sum), hex);
	return json_string(hex);
}

json_t *irqm_rows_machine(const struct irqm_rows_source *src,
			  const json_t *document)
{
	const char *possible =
		json_string_value(irqm_rows_at(document, "dump.cpus_possible"));
	char *text = NULL;
	json_t *ret = NULL;
	size_t size;
	FILE *out;
	bool known;

	(void)src;
	/* devices were found by their interrupts */
	if (!possible ||
	    !json_is_true(json_object_get(document, "irqs_complete")))
		return json_null();
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	fprintf(out, "possible %s\n", possible);
	known = describe_cpus(out, json_object_get(document, "cpus")) &&
		describe_devices(out, json_object_get(document, "devices"));
	if (fclose(out) == 0)
		ret = known ? hash(text, size) : json_null();
	free(text);
	return ret;
}
