/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json_doc.h"

#include "unit.h"

char *json_rendered(const struct irqm_snapshot *s, bool pretty)
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

json_t *json_parsed(const char *text)
{
	json_error_t err;
	json_t *doc = json_loads(text, JSON_REJECT_DUPLICATES, &err);

	if (!doc)
		fail_msg("%s at %d: %.60s", err.text, err.position, text);
	return doc;
}

json_t *json_document(const struct irqm_snapshot *s)
{
	char *text = json_rendered(s, false);
	json_t *doc = json_parsed(text);

	free(text);
	return doc;
}

json_t *json_at(json_t *value, const char *path)
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

void json_check_at(json_t *doc, const char *path, const char *wanted, int line)
{
	char *text =
		json_dumps(json_at(doc, path), JSON_ENCODE_ANY | JSON_COMPACT);

	if (!text || strcmp(text, wanted) != 0)
		fail_msg("line %d: %s is %s, not %s", line, path, text, wanted);
	free(text);
}

void json_check_keys(json_t *doc, const char *path, const char *wanted,
		     int line)
{
	const char *key;
	char keys[1024];
	size_t used = 0;
	json_t *value;

	json_object_foreach(json_at(doc, path), key, value)
		used += snprintf(keys + used, sizeof(keys) - used, "%s ", key);
	if (strncmp(keys, wanted, strlen(wanted)) != 0)
		fail_msg("line %d: %s has %s", line, path, keys);
}

struct irqm_snapshot *json_example(void)
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
	s->cpus[1].vector_irq[50] =
		(struct irqm_vector_irq){ IRQM_SLOT_IRQ, 2, SNAP_DESC(2) };
	d = snap_virtio_blk(s, "0000:00:05.0", 24);
	irq = snap_get(s, 25);
	irq->state = 0x210000;
	irq->state_flags = flags;
	irq->nr_state_flags = 2;
	irq->cpu_counts =
		irqm_arena_alloc(s->arena, 1, sizeof(*irq->cpu_counts));
	irq->cpu_counts[0] = (struct irqm_cpu_count){ 1, UINT32_MAX };
	irq->nr_cpu_counts = 1;
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
