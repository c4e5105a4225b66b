/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The document's keys and values, but for those of "irqs". */
#include "json_doc.h"
#include "unit.h"

#include <errno.h>

/* The contract, in its order. */
static void test_keys(void **state)
{
	struct irqm_snapshot *s = json_example();
	json_t *doc = json_document(s);

	(void)state;
	assert_keys(doc, "",
		    "schema dump matrix cpus irqs devices findings "
		    "unread ");
	assert_keys(doc, "dump",
		    "path format release build_id arch types "
		    "crash_time cpus_possible cpus_present cpus_online ");
	assert_keys(doc, "matrix",
		    "matrix_bits alloc_start alloc_end "
		    "alloc_size global_available global_reserved "
		    "systembits_inalloc total_allocated online_maps "
		    "system_map ");
	assert_keys(doc, "cpus.0",
		    "cpu online initialized available "
		    "allocated managed managed_allocated alloc_map "
		    "managed_map ");
	assert_keys(doc, "irqs.0",
		    "irq actions chain affinity "
		    "effective_affinity pending_affinity managed state "
		    "state_flags vector cpu prev_vector prev_cpu "
		    "move_in_progress can_reserve has_reserved device driver "
		    "count per_cpu_counts msi ");
	assert_keys(doc, "irqs.1.chain.0", "domain chip hwirq ");
	assert_keys(doc, "irqs.1.msi", "index address data affinity ");
	assert_keys(doc, "devices.0",
		    "device bus driver consumers node irqs "
		    "allocated managed_reserved managed_reserved_offline "
		    "idle_reserved reserved cost ");
	assert_keys(doc, "devices.0.consumers.0", "name driver ");
	assert_keys(doc, "findings.0",
		    "code severity text data meaning "
		    "advice ");
	assert_keys(doc, "unread.0", "what address why ");
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_dump_and_matrix(void **state)
{
	struct irqm_snapshot *s = json_example();
	json_t *doc;

	(void)state;
	snap_offline(s, 3);
	doc = json_document(s);
	assert_at(doc, "schema", "\"irqmatrix/1\"");
	assert_at(doc, "dump.path", "\"test.vmcore\"");
	assert_at(doc, "dump.crash_time", "1664000000");
	assert_at(doc, "dump.cpus_possible", "\"0-3\"");
	assert_at(doc, "dump.cpus_online", "\"0-2\"");
	assert_at(doc, "dump.housekeeping_managed", "null");
	assert_at(doc, "matrix.matrix_bits", "256");
	assert_at(doc, "matrix.alloc_end", "236");
	assert_at(doc, "matrix.system_map", "\"0-19,29,32,50,128,236-255\"");
	assert_at(doc, "matrix.address", "\"0xffff888100040000\"");
	assert_at(doc, "matrix.system_vectors",
		  "{\"236\":\"local_timer\",\"255\":\"spurious\"}");
	assert_at(doc, "unread_dropped", "7");
	assert_at(doc, "unread.0",
		  "{\"what\":\"irq_desc of IRQ 31\","
		  "\"address\":\"0xffff888100001000\",\"why\":\"excluded\"}");
	assert_at(doc, "unread.1",
		  "{\"what\":\"topology\",\"address\":null,"
		  "\"why\":\"invalid\"}");
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_cpus(void **state)
{
	struct irqm_snapshot *s = json_example();
	json_t *doc;

	(void)state;
	s->cpus[3].vector_irq = NULL;
	s->cpus[3].online = IRQM_UNKNOWN;
	s->cpus[3].alloc_map.words = NULL;
	doc = json_document(s);
	/* CPU 0: the configuration's vector, and queue 0 */
	assert_at(doc, "cpus.0.online", "true");
	assert_at(doc, "cpus.0.allocated", "2");
	assert_at(doc, "cpus.0.alloc_map", "\"33-34\"");
	assert_at(doc, "cpus.0.managed_map", "\"34\"");
	assert_at(doc, "cpus.0.idle", "0");
	assert_at(doc, "cpus.0.vector_irq", "{\"33\":24,\"34\":25}");
	assert_at(doc, "cpus.1.idle", "1");
	assert_at(doc, "cpus.1.alloc_map", "\"\"");
	assert_at(doc, "cpus.1.vector_irq", "{\"50\":2}");
	assert_at(doc, "cpus.1.siblings", "\"1\"");
	assert_at(doc, "cpus.2.vector_shutdown", "\"40-41\"");
	assert_at(doc, "cpus.2.vector_retriggered", "\"42\"");
	assert_at(doc, "cpus.2.vector_stray", "\"43\"");
	/* vector_irq of CPU 1 leads to the cascade, which has no vector */
	assert_at(doc, "cpus.1.owners.legacy", "\"50\"");
	assert_at(doc, "cpus.1.owners.managed_idle", "\"33\"");
	assert_at(doc, "cpus.0.owners.unmanaged", "\"33\"");
	assert_at(doc, "cpus.0.owners.managed_in_use", "\"34\"");
	assert_at(doc, "cpus.0.owners.unknown", "\"\"");
	assert_at(doc, "cpus.3.owners.free", "\"\"");
	assert_at(doc, "cpus.3.online", "null");
	assert_at(doc, "cpus.3.alloc_map", "null");
	assert_at(doc, "cpus.3.idle", "null");
	assert_at(doc, "cpus.3.vector_irq", "null");
	assert_at(doc, "cpus.3.vector_shutdown", "null");
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_devices_and_findings(void **state)
{
	struct irqm_snapshot *s = json_example();
	json_t *doc;

	(void)state;
	snap_device(s, "0000:00:06.0", "");
	doc = json_document(s);
	/* a vector and a slot on each of four CPUs */
	assert_at(doc, "devices.0.device", "\"0000:00:05.0\"");
	assert_at(doc, "devices.0.consumers",
		  "[{\"name\":\"virtio0\","
		  "\"driver\":\"virtio_blk\",\"kind\":\"virtio\"}]");
	assert_at(doc, "devices.0.irqs", "4");
	assert_at(doc, "devices.0.allocated", "3");
	assert_at(doc, "devices.0.managed_reserved", "4");
	assert_at(doc, "devices.0.idle_reserved", "2");
	assert_at(doc, "devices.0.reserved", "1");
	assert_at(doc, "devices.0.cost", "5");
	assert_at(doc, "devices.0.driver", "\"virtio-pci\"");
	assert_at(doc, "devices.0.kind", "\"virtio_blk\"");
	assert_at(doc, "devices.0.managed_irqs", "2");
	assert_at(doc, "devices.1.driver", "\"\"");
	assert_at(doc, "devices.1.kind", "\"\"");
	assert_at(doc, "devices.1.managed_irqs", "0");
	assert_at(doc, "devices.1.cost", "0");
	assert_at(doc, "accounting.lost", "5");
	assert_at(doc, "accounting.unattributed", "0");
	assert_at(doc, "accounting.no_msi_device.cost", "0");
	assert_at(doc, "accounting.drivers.0.driver", "\"virtio_blk\"");
	assert_at(doc, "accounting.drivers.0.cost", "5");
	assert_at(doc, "accounting.pools.0.pool", "\"node\"");
	assert_at(doc, "accounting.pools.0.cpus", "\"0-3\"");
	assert_at(doc, "accounting.pools.0.managed", "4");
	assert_at(doc, "accounting.pools.0.drivers.0.cost", "5");
	assert_at(doc, "accounting.pools.1.pool", "\"default_affinity\"");
	/* an entry of vector_irq that leads nowhere, two parts not read */
	assert_at(doc, "findings.0.code", "\"vector-irq-mismatch\"");
	assert_at(doc, "findings.0.data.cpus", "\"2\"");
	assert_at(doc, "findings.0.data.missing_irqs", "\"\"");
	assert_at(doc, "findings.1.code", "\"counter-drift\"");
	assert_at(doc, "findings.1.severity", "\"warning\"");
	assert_at(doc, "findings.1.data.cpus", "1");
	assert_at(doc, "findings.1.data.available_drift", "1");
	assert_at(doc, "findings.2.code", "\"unread-pages\"");
	assert_at(doc, "findings.2.data.parts", "9");
	json_decref(doc);
	irqm_snapshot_free(s);
}

/* Devices are found by their interrupts; a pool names who is in it. */
static void test_drivers(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	int disk = snap_device(s, "0000:00:05.0", "nvme");
	json_t *doc;

	(void)state;
	s->cpus[2].node = s->cpus[3].node = 1;
	snap_msi_irq(s, 24, disk, "nvme0q0");
	snap_alloc(s, 24, 2);
	doc = json_document(s);
	assert_at(doc, "accounting.drivers.0.devices", "1");
	assert_at(doc, "accounting.drivers.0.cost", "1");
	assert_int_equal(json_string_length(json_object_get(doc, "machine")),
			 32);
	assert_at(doc, "accounting.pools.0.drivers", "[]");
	assert_at(doc, "accounting.pools.1.drivers.0.driver", "\"nvme\"");
	json_decref(doc);

	s->irqs_known = false;
	doc = json_document(s);
	assert_at(doc, "accounting.drivers.0.driver", "\"nvme\"");
	assert_at(doc, "accounting.drivers.0.devices", "null");
	assert_at(doc, "machine", "null");
	assert_at(doc, "accounting.drivers.0.cost", "null");
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_everything_unknown(void **state)
{
	struct irqm_snapshot *s = irqm_snapshot_new();
	json_t *doc = json_document(s);

	(void)state;
	assert_at(doc, "dump.path", "null");
	assert_at(doc, "dump.cpus_possible", "null");
	assert_at(doc, "dump.crash_time", "null");
	assert_at(doc, "matrix.global_available", "null");
	assert_at(doc, "matrix.system_map", "null");
	assert_at(doc, "cpus", "[]");
	assert_at(doc, "irqs", "[]");
	assert_at(doc, "irqs_complete", "false");
	assert_at(doc, "accounting.lost", "null");
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_hostile_names(void **state)
{
	struct irqm_snapshot *s = snap_new(1);
	char all[256], longer[2000];
	json_t *doc;

	(void)state;
	for (int i = 1; i < 256; i++)
		all[i - 1] = (char)i;
	all[255] = '\0';
	memset(longer, 0xff, sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	s->dump.path = all;
	s->dump.release = longer;
	s->system_vector[240] = all;
	snap_device(s, all, all);
	snap_consumer(s, 0, all, all, all);
	snap_msi_irq(s, 24, 0, all);
	s->irqs[0].flow = s->irqs[0].name = all;
	s->irqs[0].chain[0].domain = "a\"b\\c/\n";
	s->irqs[0].chain[0].chip = "\xed\xa0\x80";
	s->irqs[0].actions[0].handler = longer;
	snap_unread(s, all, 1, IRQM_INVALID);
	doc = json_document(s);
	assert_at(doc, "irqs.0.chain.0.domain", "\"a\\\"b\\\\c/\\\\x0a\"");
	assert_at(doc, "irqs.0.chain.0.chip", "\"\\\\xed\\\\xa0\\\\x80\"");
	assert_int_equal(json_string_length(json_at(doc, "dump.release")),
			 4 * (sizeof(longer) - 1));
	assert_non_null(strstr(json_string_value(json_at(doc, "dump.path")),
			       "\\x1b\\x1c"));
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_irqaff(void **state)
{
	struct irqm_snapshot *s = json_example();
	struct irqm_analysis *a = irqm_analyse(s);
	unsigned int indexes[] = { 2, 0 }, bad = s->nr_irqs;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_t *doc;

	(void)state;
	assert_int_equal(irqm_render_irqaff_json(out, a, indexes, 2, false), 0);
	fclose(out);
	doc = json_parsed(text);
	free(text);
	assert_keys(doc, "", "schema dump irqs unread ");
	assert_null(json_object_get(doc, "matrix"));
	assert_null(json_object_get(doc, "cpus"));
	assert_int_equal(json_array_size(json_at(doc, "irqs")), 2);
	assert_at(doc, "irqs.0.irq", "25");
	assert_at(doc, "irqs.1.irq", "2");
	json_decref(doc);

	out = open_memstream(&text, &size);
	assert_int_equal(irqm_render_irqaff_json(out, a, &bad, 1, false), -1);
	assert_int_equal(errno, EINVAL);
	fclose(out);
	free(text);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_dump_and_matrix),
		cmocka_unit_test(test_cpus),
		cmocka_unit_test(test_devices_and_findings),
		cmocka_unit_test(test_drivers),
		cmocka_unit_test(test_everything_unknown),
		cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_irqaff),
	};

	return RUN(tests);
}
