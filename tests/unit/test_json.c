/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"
#include "snap.h"

#include <errno.h>
#include <jansson.h>
#include <time.h>

#include "render/json.h"

static char *render(const struct irqm_snapshot *s, bool pretty)
{
	struct irqm_analysis *a = irqm_analyse(s);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(a);
	assert_non_null(out);
	assert_int_equal(irqm_render_json(out, a, pretty), 0);
	fclose(out);
	irqm_analysis_free(a);
	return text;
}

static json_t *parse(const char *text)
{
	json_error_t err;
	json_t *doc = json_loads(text, JSON_REJECT_DUPLICATES, &err);

	if (!doc)
		fail_msg("%s at %d: %.60s", err.text, err.position, text);
	return doc;
}

static json_t *document(const struct irqm_snapshot *s)
{
	char *text = render(s, false);
	json_t *doc = parse(text);

	free(text);
	return doc;
}

/* A dotted path; a number is an index. */
static json_t *at(json_t *value, const char *path)
{
	char copy[128], *key, *save;

	snprintf(copy, sizeof(copy), "%s", path);
	for (key = strtok_r(copy, ".", &save); key;
	     key = strtok_r(NULL, ".", &save)) {
		if (json_is_array(value))
			value = json_array_get(value, atoi(key));
		else
			value = json_object_get(value, key);
		if (!value)
			fail_msg("%s: no %s", path, key);
	}
	return value;
}

/* The value's JSON text is this. */
static void check_at(json_t *doc, const char *path, const char *wanted,
		     int line)
{
	char *text = json_dumps(at(doc, path), JSON_ENCODE_ANY | JSON_COMPACT);

	if (!text || strcmp(text, wanted) != 0)
		fail_msg("line %d: %s is %s, not %s", line, path, text,
			 wanted);
	free(text);
}

#define assert_at(doc, path, wanted) check_at(doc, path, wanted, __LINE__)

/* The object begins with these keys in this order. */
static void check_keys(json_t *doc, const char *path, const char *wanted,
		       int line)
{
	const char *key;
	char keys[1024];
	size_t used = 0;
	json_t *value;

	json_object_foreach(at(doc, path), key, value)
		used += snprintf(keys + used, sizeof(keys) - used, "%s ", key);
	if (strncmp(keys, wanted, strlen(wanted)) != 0)
		fail_msg("line %d: %s has %s", line, path, keys);
}

#define assert_keys(doc, path, wanted) check_keys(doc, path, wanted, __LINE__)

static struct irqm_snapshot *example(void)
{
	static const char *flags[] = { "AFFINITY_MANAGED", "ACTIVATED" };
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_irq *irq;
	int d;

	s->dump.build_id = "00ff";
	s->dump.crash_time = 1664000000;
	s->system_vector[236] = "local_timer";
	s->system_vector[255] = "spurious";
	snap_irq(s, 2, NULL);
	s->cpus[1].vector_irq[50] = (struct irqm_vector_irq){
		IRQM_SLOT_IRQ, 2, SNAP_DESC(2)
	};
	d = snap_virtio_blk(s, "0000:00:05.0", 24);
	irq = snap_get(s, 25);
	irq->state = 0x210000;
	irq->state_flags = flags;
	irq->nr_state_flags = 2;
	irq->per_cpu_counts = irqm_arena_alloc(s->arena, 4, 4);
	irq->per_cpu_counts[1] = UINT32_MAX;
	irq->count = UINT32_MAX;
	snap_msi_irq(s, 30, d, NULL);
	snap_reserve(s, 30);
	snap_unread(s, "irq_desc of IRQ 31", 0xffff888100001000ULL,
		    IRQM_EXCLUDED);
	snap_unread(s, "topology", 0, IRQM_INVALID);
	s->unread_dropped = 7;
	s->cpus[0].available++;
	s->cpus[2].vector_irq[40].slot = IRQM_SLOT_SHUTDOWN;
	s->cpus[2].vector_irq[41].slot = IRQM_SLOT_SHUTDOWN;
	s->cpus[2].vector_irq[42].slot = IRQM_SLOT_RETRIGGERED;
	s->cpus[2].vector_irq[43].slot = IRQM_SLOT_STRAY;
	return s;
}

/* The contract, in its order. */
static void test_keys(void **state)
{
	struct irqm_snapshot *s = example();
	json_t *doc = document(s);

	(void)state;
	assert_keys(doc, "", "schema dump matrix cpus irqs devices findings "
			     "unread ");
	assert_keys(doc, "dump", "path format release build_id arch types "
		    "crash_time cpus_possible cpus_present cpus_online ");
	assert_keys(doc, "matrix", "matrix_bits alloc_start alloc_end "
		    "alloc_size global_available global_reserved "
		    "systembits_inalloc total_allocated online_maps "
		    "system_map ");
	assert_keys(doc, "cpus.0", "cpu online initialized available "
		    "allocated managed managed_allocated alloc_map "
		    "managed_map ");
	assert_keys(doc, "irqs.0", "irq actions chain affinity "
		    "effective_affinity pending_affinity managed state "
		    "state_flags vector cpu prev_vector prev_cpu "
		    "move_in_progress can_reserve has_reserved device driver "
		    "count per_cpu_counts msi ");
	assert_keys(doc, "irqs.1.chain.0", "domain chip hwirq ");
	assert_keys(doc, "irqs.1.msi", "index address data affinity ");
	assert_keys(doc, "devices.0", "device bus driver consumers node irqs "
		    "allocated managed_reserved managed_reserved_offline "
		    "idle_reserved reserved cost ");
	assert_keys(doc, "devices.0.consumers.0", "name driver ");
	assert_keys(doc, "findings.0", "code severity text data meaning "
		    "advice ");
	assert_keys(doc, "unread.0", "what address why ");
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_dump_and_matrix(void **state)
{
	struct irqm_snapshot *s = example();
	json_t *doc;

	(void)state;
	snap_offline(s, 3);
	doc = document(s);
	assert_at(doc, "schema", "\"irqmatrix/1\"");
	assert_at(doc, "dump.path", "\"test.vmcore\"");
	assert_at(doc, "dump.crash_time", "1664000000");
	assert_at(doc, "dump.cpus_possible", "\"0-3\"");
	assert_at(doc, "dump.cpus_online", "\"0-2\"");
	assert_at(doc, "dump.housekeeping_managed", "null");
	assert_at(doc, "matrix.matrix_bits", "256");
	assert_at(doc, "matrix.alloc_end", "236");
	assert_at(doc, "matrix.system_map",
		  "\"0-19,29,32,50,128,236-255\"");
	assert_at(doc, "matrix.address", "\"0xffff888100040000\"");
	assert_at(doc, "matrix.system_vectors",
		  "{\"236\":\"local_timer\",\"255\":\"spurious\"}");
	assert_at(doc, "unread_dropped", "7");
	assert_at(doc, "unread.0", "{\"what\":\"irq_desc of IRQ 31\","
		  "\"address\":\"0xffff888100001000\",\"why\":\"excluded\"}");
	assert_at(doc, "unread.1", "{\"what\":\"topology\",\"address\":null,"
		  "\"why\":\"invalid\"}");
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_cpus(void **state)
{
	struct irqm_snapshot *s = example();
	json_t *doc;

	(void)state;
	s->cpus[3].vector_irq = NULL;
	s->cpus[3].online = IRQM_UNKNOWN;
	s->cpus[3].alloc_map.words = NULL;
	doc = document(s);
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

static void test_irqs(void **state)
{
	struct irqm_snapshot *s = example();
	json_t *doc = document(s);

	(void)state;
	/* no level in the vector domain: nothing of apic_chip_data */
	assert_at(doc, "irqs.0.irq", "2");
	assert_at(doc, "irqs.0.actions", "[]");
	assert_at(doc, "irqs.0.chain",
		  "[{\"domain\":null,\"chip\":\"XT-PIC\",\"hwirq\":2}]");
	assert_at(doc, "irqs.0.vector", "null");
	assert_at(doc, "irqs.0.cpu", "null");
	assert_at(doc, "irqs.0.prev_vector", "null");
	assert_at(doc, "irqs.0.prev_cpu", "null");
	assert_at(doc, "irqs.0.move_in_progress", "null");
	assert_at(doc, "irqs.0.can_reserve", "null");
	assert_at(doc, "irqs.0.has_reserved", "null");
	assert_at(doc, "irqs.0.device", "null");
	assert_at(doc, "irqs.0.msi", "null");
	assert_at(doc, "irqs.0.count", "null");
	assert_at(doc, "irqs.0.per_cpu_counts", "null");

	assert_at(doc, "irqs.2.actions", "[\"virtio0-req.0\"]");
	assert_at(doc, "irqs.2.affinity", "\"0-1\"");
	assert_at(doc, "irqs.2.effective_affinity", "\"0\"");
	assert_at(doc, "irqs.2.pending_affinity", "null");
	assert_at(doc, "irqs.2.managed", "true");
	assert_at(doc, "irqs.2.state", "2162688");
	assert_at(doc, "irqs.2.state_flags",
		  "[\"AFFINITY_MANAGED\",\"ACTIVATED\"]");
	assert_at(doc, "irqs.2.vector", "34");
	assert_at(doc, "irqs.2.cpu", "0");
	assert_at(doc, "irqs.2.prev_vector", "0");
	assert_at(doc, "irqs.2.prev_cpu", "null");
	assert_at(doc, "irqs.2.device", "\"0000:00:05.0\"");
	assert_at(doc, "irqs.2.driver", "\"virtio-pci\"");
	assert_at(doc, "irqs.2.count", "4294967295");
	assert_at(doc, "irqs.2.per_cpu_counts", "[0,4294967295,0,0]");
	assert_at(doc, "irqs.2.action_details.0.handler",
		  "\"vring_interrupt\"");
	assert_at(doc, "irqs.2.action_details.0.thread", "null");
	assert_at(doc, "irqs.2.address", "\"0xffff888100003200\"");

	/* reserved: vector 0, so no CPU */
	assert_at(doc, "irqs.4.irq", "30");
	assert_at(doc, "irqs.4.vector", "0");
	assert_at(doc, "irqs.4.cpu", "null");
	assert_at(doc, "irqs.4.can_reserve", "true");
	assert_at(doc, "irqs.4.has_reserved", "true");
	assert_at(doc, "irqs.4.hw_vector", "239");
	assert_at(doc, "irqs.4.msi.address", "null");
	assert_at(doc, "irqs.4.msi.vector", "null");
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_msi(void **state)
{
	struct irqm_snapshot *s = example();
	struct irqm_msi *msi = snap_get(s, 24)->msi;
	json_t *doc = document(s);

	(void)state;
	assert_at(doc, "irqs.1.msi.index", "0");
	assert_at(doc, "irqs.1.msi.address", "\"0xfee00000\"");
	assert_at(doc, "irqs.1.msi.data", "33");
	assert_at(doc, "irqs.1.msi.affinity", "null");
	assert_at(doc, "irqs.1.msi.is_managed", "false");
	assert_at(doc, "irqs.1.msi.has_affinity", "false");
	assert_at(doc, "irqs.1.msi.msix", "true");
	assert_at(doc, "irqs.1.msi.remapped", "false");
	assert_at(doc, "irqs.1.msi.handle", "null");
	assert_at(doc, "irqs.1.msi.destination", "0");
	assert_at(doc, "irqs.1.msi.vector", "33");
	assert_at(doc, "irqs.1.msi.delivery_mode", "\"fixed\"");
	assert_at(doc, "irqs.2.msi.affinity", "\"0-1\"");
	json_decref(doc);

	/* a mask that the driver did not give is nobody's */
	msi->affinity = snap_cpus(s, "3");
	msi->address = 0xfee00010 | 0x21 << 5;
	msi->data = 0;
	doc = document(s);
	assert_at(doc, "irqs.1.msi.affinity", "null");
	assert_at(doc, "irqs.1.msi.remapped", "true");
	assert_at(doc, "irqs.1.msi.handle", "33");
	assert_at(doc, "irqs.1.msi.vector", "null");
	assert_at(doc, "irqs.1.msi.destination", "null");
	json_decref(doc);

	msi->address = 0;
	doc = document(s);
	assert_at(doc, "irqs.1.msi.empty", "true");
	assert_at(doc, "irqs.1.msi.remapped", "null");
	assert_at(doc, "irqs.1.msi.vector", "null");
	json_decref(doc);
	irqm_snapshot_free(s);
}

/* What is not known to be all must not look like all. */
static void test_cut_lists(void **state)
{
	struct irqm_snapshot *s = snap_new(2);
	int disk = snap_device(s, "0000:00:05.0", "virtio-pci");
	json_t *doc;

	(void)state;
	snap_consumer(s, disk, "virtio2", "virtio_blk", "virtio");
	snap_device(s, "0000:00:06.0", "nvme");
	s->devices[0].consumers_cut = s->devices[1].consumers_cut = true;
	snap_msi_irq(s, 24, disk, "virtio2-config")->actions_cut = true;
	snap_msi_irq(s, 25, disk, NULL)->actions_cut = true;
	doc = document(s);
	assert_at(doc, "irqs.0.actions", "[\"virtio2-config\",null]");
	assert_at(doc, "irqs.0.action_details.1", "null");
	assert_at(doc, "irqs.1.actions", "null");
	assert_at(doc, "devices.0.consumers.0.name", "\"virtio2\"");
	assert_at(doc, "devices.0.consumers.1", "null");
	assert_at(doc, "devices.1.consumers", "null");
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_pending_affinity(void **state)
{
	struct irqm_snapshot *s = snap_new(4);
	struct irqm_irq *irq = snap_ioapic_irq(s, 9, "acpi");
	json_t *doc;

	(void)state;
	irq->pending_mask = snap_cpus(s, "2-3");
	irq->setaffinity_pending = IRQM_UNKNOWN;
	doc = document(s);
	assert_at(doc, "irqs.0.pending_affinity", "null");
	json_decref(doc);
	irq->setaffinity_pending = 1;
	doc = document(s);
	assert_at(doc, "irqs.0.pending_affinity", "\"2-3\"");
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_devices_and_findings(void **state)
{
	struct irqm_snapshot *s = example();
	json_t *doc;

	(void)state;
	snap_device(s, "0000:00:06.0", "");
	doc = document(s);
	/* a vector and a slot on each of four CPUs */
	assert_at(doc, "devices.0.device", "\"0000:00:05.0\"");
	assert_at(doc, "devices.0.consumers", "[{\"name\":\"virtio0\","
		  "\"driver\":\"virtio_blk\",\"kind\":\"virtio\"}]");
	assert_at(doc, "devices.0.irqs", "4");
	assert_at(doc, "devices.0.allocated", "3");
	assert_at(doc, "devices.0.managed_reserved", "4");
	assert_at(doc, "devices.0.idle_reserved", "2");
	assert_at(doc, "devices.0.reserved", "1");
	assert_at(doc, "devices.0.cost", "5");
	assert_at(doc, "devices.1.driver", "\"\"");
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

static void test_everything_unknown(void **state)
{
	struct irqm_snapshot *s = irqm_snapshot_new();
	json_t *doc = document(s);

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

/* Unreadable chip_data, state, masks: null, never 0. */
static void test_unknown_irq(void **state)
{
	struct irqm_snapshot *s = snap_new(1);
	int d = snap_device(s, NULL, NULL);
	struct irqm_irq *irq = snap_msi_irq(s, 24, d, NULL);
	json_t *doc;

	(void)state;
	irq->apic = NULL;
	irq->state = irq->managed = IRQM_UNKNOWN;
	irq->affinity.words = NULL;
	irq->chain[0].hwirq = UINT64_MAX;
	irq->chain[1].hwirq = INT64_MAX;
	s->devices[d].node = -1;
	doc = document(s);
	assert_at(doc, "irqs.0.vector", "null");
	assert_at(doc, "irqs.0.has_reserved", "null");
	assert_at(doc, "irqs.0.state", "null");
	assert_at(doc, "irqs.0.state_flags", "null");
	assert_at(doc, "irqs.0.managed", "null");
	assert_at(doc, "irqs.0.affinity", "null");
	assert_at(doc, "irqs.0.chain.0.hwirq", "null");
	assert_at(doc, "irqs.0.chain.1.hwirq", "9223372036854775807");
	assert_at(doc, "devices.0.device", "null");
	assert_at(doc, "devices.0.cost", "null");
	assert_at(doc, "devices.0.node", "-1");
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
	doc = document(s);
	assert_at(doc, "irqs.0.chain.0.domain", "\"a\\\"b\\\\c/\\\\x0a\"");
	assert_at(doc, "irqs.0.chain.0.chip", "\"\\\\xed\\\\xa0\\\\x80\"");
	assert_int_equal(json_string_length(at(doc, "dump.release")),
			 4 * (sizeof(longer) - 1));
	assert_non_null(strstr(json_string_value(at(doc, "dump.path")),
			       "\\x1b\\x1c"));
	json_decref(doc);
	irqm_snapshot_free(s);
}

static void test_pretty(void **state)
{
	struct irqm_snapshot *s = example();
	char *text = render(s, true), *compact = render(s, false);
	json_t *a = parse(text), *b = parse(compact);

	(void)state;
	assert_true(json_equal(a, b));
	assert_non_null(strstr(text, "\n  \"matrix\": {\n"
			       "    \"matrix_bits\": 256,\n"));
	assert_non_null(strstr(text, "\n  \"cpus\": [\n    {\n"
			       "      \"cpu\": 0,\n"));
	assert_non_null(strstr(text, "\n    }\n  ],\n  \"devices\""));
	assert_string_equal(text + strlen(text) - 3, "\n}\n");
	/* compact: one line */
	assert_ptr_equal(strchr(compact, '\n'),
			 compact + strlen(compact) - 1);
	json_decref(a);
	json_decref(b);
	free(text);
	free(compact);
	irqm_snapshot_free(s);
}

/* The document as a value is the one that is written. */
static void test_value(void **state)
{
	struct irqm_snapshot *s = example();
	struct irqm_analysis *a = irqm_analyse(s);
	json_t *value = irqm_json_document(a), *written = document(s);
	char *text = json_dumps(value, JSON_COMPACT);
	char *wanted = json_dumps(written, JSON_COMPACT);

	(void)state;
	assert_non_null(value);
	assert_string_equal(text, wanted); /* and in the same order */
	free(text);
	free(wanted);
	json_decref(value);
	json_decref(written);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

static void test_irqaff(void **state)
{
	struct irqm_snapshot *s = example();
	struct irqm_analysis *a = irqm_analyse(s);
	unsigned int indexes[] = { 2, 0 }, bad = s->nr_irqs;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_t *doc;

	(void)state;
	assert_int_equal(irqm_render_irqaff_json(out, a, indexes, 2, false),
			 0);
	fclose(out);
	doc = parse(text);
	free(text);
	assert_keys(doc, "", "schema dump irqs unread ");
	assert_null(json_object_get(doc, "matrix"));
	assert_null(json_object_get(doc, "cpus"));
	assert_int_equal(json_array_size(at(doc, "irqs")), 2);
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

/* A full disk at any byte is an error. */
static void test_write_error(void **state)
{
	struct irqm_snapshot *s = example();
	struct irqm_analysis *a = irqm_analyse(s);
	char *text = render(s, true), *buf;
	size_t len = strlen(text), size;
	FILE *out;

	(void)state;
	buf = malloc(len + 2);
	for (size = 1; size < len; size += 97) {
		out = fmemopen(buf, size, "w");
		setvbuf(out, NULL, size % 2 ? _IONBF : _IOFBF, BUFSIZ);
		assert_int_equal(irqm_render_json(out, a, true), -1);
		fclose(out);
	}
	out = fopen("/dev/full", "w");
	if (out) {
		assert_int_equal(irqm_render_json(out, a, true), -1);
		fclose(out);
	}
	free(buf);
	free(text);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

static long left;

static void *failing_malloc(size_t size)
{
	return left-- == 0 ? NULL : malloc(size); /* that one only */
}

/* No memory at the k-th allocation of a value: an error, and no leak. */
static void test_no_memory(void **state)
{
	struct irqm_snapshot *s = example();
	struct irqm_analysis *a = irqm_analyse(s);
	char *wanted = render(s, false);
	int status = -1;
	long k;

	(void)state;
	json_set_alloc_funcs(failing_malloc, free);
	/* jansson can do without some; then the document is right */
	for (k = 0, left = -1; left < 0 && k < 100000; k++) {
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		left = k;
		errno = 0;
		status = irqm_render_json(out, a, false);
		if (status == 0)
			assert_string_equal(text, wanted);
		else
			assert_int_equal(errno, ENOMEM);
		fclose(out);
		free(text);
	}
	json_set_alloc_funcs(malloc, free);
	assert_int_equal(status, 0);
	assert_true(k > 500);
	free(wanted);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
}

/* CPU time to render nr IRQs on 1,024 CPUs. */
static double render_time(unsigned int nr)
{
	struct irqm_snapshot *s = snap_new_sized(1024, nr, 1);
	struct irqm_analysis *a;
	struct timespec t0, t1;
	FILE *out;

	snap_device(s, "0000:00:05.0", "nvme");
	for (unsigned int i = 0; i < nr; i++) {
		snap_msi_irq(s, 24 + i, 0, NULL);
		snap_alloc(s, 24 + i, i % 1024);
	}
	a = irqm_analyse(s);
	out = fopen("/dev/null", "w");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t0);
	assert_int_equal(irqm_render_json(out, a, true), 0);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t1);
	fclose(out);
	irqm_analysis_free(a);
	irqm_snapshot_free(s);
	return t1.tv_sec - t0.tv_sec + (t1.tv_nsec - t0.tv_nsec) / 1e9;
}

/* Four times the IRQs, about four times the time; 16 if it were quadratic. */
static void test_large_machine(void **state)
{
	(void)state;
	assert_true(render_time(20000) < 9 * render_time(5000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_dump_and_matrix),
		cmocka_unit_test(test_cpus),
		cmocka_unit_test(test_irqs),
		cmocka_unit_test(test_msi),
		cmocka_unit_test(test_cut_lists),
		cmocka_unit_test(test_pending_affinity),
		cmocka_unit_test(test_devices_and_findings),
		cmocka_unit_test(test_everything_unknown),
		cmocka_unit_test(test_unknown_irq),
		cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_pretty),
		cmocka_unit_test(test_value),
		cmocka_unit_test(test_irqaff),
		cmocka_unit_test(test_write_error),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_large_machine),
	};

	return RUN(tests);
}
