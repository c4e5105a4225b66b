/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two written-down machines, and what is printed of what differs. */
#include "rendered.h"
#include "two.h"
#include "unit.h"

static char *text_of(struct two *t, bool all)
{
	struct irqm_render_options o = { .header = true, .all = all };
	char *text = NULL, *line, *end;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(irqm_render_diff(out, two_compared(t), &o), 0);
	fclose(out);
	for (line = text; *line; line = end + 1) {
		end = strchr(line, '\n');
		assert_true(end - line <= 80);
		assert_true(end == line || end[-1] != ' ');
	}
	return text;
}

static void text_of_four_disks(void **state)
{
	struct two t;
	char *text;

	(void)state;
	two_machines(&t, 4);
	for (int i = 0; i < 4; i++) {
		char name[] = "0000:00:08.0", vd[] = "vdf";
		int disk;

		name[11] += i;
		vd[2] += i;
		disk = snap_virtio_blk(t.s[1],
				       irqm_arena_strdup(t.s[1]->arena, name),
				       50 + 3 * i);
		snap_consumer(t.s[1], disk,
			      irqm_arena_strdup(t.s[1]->arena, vd), NULL,
			      "block");
	}
	text = text_of(&t, false);
	assert_contains(text, "4 added devices cost 20 vectors; "
			      "global_available fell from 778 to 758\n\n");
	assert_contains(
		text,
		"BEFORE AFTER +/- DEVICES  DRIVER\n"
		"    25    45 +20  5 -> 9  virtio_blk\n"
		"     1     1   0       -  (no MSI device)\n"
		"     0     0   0       -  (unattributed)\n"
		"    26    46 +20       -  (all unavailable)\n"
		"   778   758 -20       -  (global_available)\n"
		"   804   804   0       -  (all vectors of the online CPUs)\n");
	assert_contains(text, "came         -    20 0 -> 3  4, 5 each:");
	assert_contains(text, "vdf .. vdi\n");
	/* they came with their devices */
	assert_null(strstr(text, "IRQ "));
	free(text);
	two_free(&t);
}

static void text_of_a_cpu(void **state)
{
	struct two t;
	char *text;

	(void)state;
	two_machines(&t, 4);
	snap_offline(t.s[1], 3);
	snap_get(t.s[1], 24)->affinity = snap_cpus(t.s[1], "1-2");
	text = text_of(&t, true);
	assert_contains(text, "x86_64, 4 CPUs; ");
	assert_contains(text, "x86_64, 3 of 4 CPUs\n             online; ");
	assert_contains(text,
			"devices that are in both dumps cost 5 fewer "
			"vectors; CPU 3 is offline now; the\nonline CPUs have "
			"201 fewer vectors; ");
	assert_contains(text, "\n3    online -> offline");
	assert_contains(text, "0-3 -> 1-2 no");
	free(text);
	two_free(&t);

	two_machines(&t, 4);
	text = text_of(&t, false);
	assert_contains(text, "\n\nno differences: 5 devices, 16 interrupts; "
			      "global_available is 778, as before\n");
	free(text);
	two_free(&t);
}

static void document(void **state)
{
	struct two t;
	char *text = NULL;
	size_t size;
	FILE *out;

	(void)state;
	two_machines(&t, 4);
	snap_virtio_blk(t.s[1], "0000:00:07.0", 50);
	snap_get(t.s[1], 24)->affinity = snap_cpus(t.s[1], "1-2");
	out = open_memstream(&text, &size);
	assert_int_equal(irqm_render_diff_json(out, two_compared(&t), false),
			 0);
	fclose(out);
	assert_contains(text, "{\"schema\":\"irqmatrix-diff/1\",\"before\":{");
	assert_contains(text, "\"differs\":true");
	assert_contains(text, "\"change\":{\"capacity\":0,\"devices_came\":5,"
			      "\"devices_went\":0,\"devices_changed\":0,"
			      "\"no_msi_device\":0,\"unattributed\":0,"
			      "\"global_available\":-5}");
	assert_contains(text, "{\"device\":\"0000:00:07.0\",");
	assert_null(strstr(text, "{\"device\":\"0000:00:06.0\","));
	assert_contains(text, "\"what\":[\"affinity\"]");
	free(text);
	two_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_of_four_disks),
		cmocka_unit_test(text_of_a_cpu),
		cmocka_unit_test(document),
	};

	return RUN(tests);
}
