/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a misspelled word means. */
#include "unit.h"

#include "base/nearest.h"

/* what is "" if none is near. */
static void assert_means(const char *word, const char *const candidates[],
			 const char *what)
{
	struct irqm_nearest n;

	irqm_nearest_begin(&n, word, strlen(word));
	for (; *candidates; candidates++)
		irqm_nearest_offer(&n, *candidates);
	assert_string_equal(n.found, what);
}

static void test_words(void **state)
{
	static const char *const words[] = { "plan",    "query",    "distill",
					     "vectors", "findings", "aff",
					     "plain",   NULL };

	(void)state;
	assert_means("plan", words, "plan");
	assert_means("plna", words, "plan"); /* swapped */
	assert_means("pla", words, "plan");
	assert_means("plann", words, "plan");
	assert_means("plaen", words, "plan"); /* the first of two */
	assert_means("plaim", words, "plain");
	assert_means("findigns", words, "findings");
	assert_means("FINDINGS", words, "findings");
	assert_means("vec", words, "vectors"); /* its beginning */
	assert_means("ve", words, "");
	/* three letters are wrong, or half of them */
	assert_means("xxxdings", words, "");
	assert_means("xxan", words, "");
	assert_means("af", words, "aff");
	assert_means("axx", words, "");
	assert_means("distillation", words, "");
	assert_means("", words, "");
	assert_means("x", words, "");
}

static void test_names(void **state)
{
	static const char *const names[] = { "virtio_blk", "virtio_scsi",
					     "nvme", "", NULL };
	struct irqm_nearest n;

	(void)state;
	assert_means("virtio-blk", names, "virtio_blk");
	assert_means("nvme0", names, "nvme");
	assert_means("virtio_net", names, "");
	irqm_nearest_begin(&n, "Virtio-blk:2", 10);
	irqm_nearest_offer(&n, NULL);
	irqm_nearest_offer(&n, "virtio_blk");
	assert_string_equal(n.found, "virtio_blk");
	assert_int_equal(n.distance, 0);
}

static void test_long(void **state)
{
	char word[IRQM_NEAREST_MAX + 3], longer[IRQM_NEAREST_MAX + 3];
	const char *const none[] = { longer, NULL };
	const char *const one[] = { word, NULL };

	(void)state;
	memset(word, 'a', sizeof(word));
	memset(longer, 'a', sizeof(longer));
	word[IRQM_NEAREST_MAX] = longer[IRQM_NEAREST_MAX + 1] = '\0';
	assert_means(word, one, word);
	assert_means(word, none, "");
	assert_means(longer, one, "");
	word[5] = 'b';
	word[30] = 'c';
	longer[IRQM_NEAREST_MAX] = '\0';
	assert_means(longer, one, word);
}

static void test_hint(void **state)
{
	char hint[IRQM_NEAREST_HINT];
	struct irqm_nearest n;

	(void)state;
	irqm_nearest_begin(&n, "jsno", 4);
	assert_string_equal(irqm_nearest_hint(&n, "--", "none", hint), "none");
	irqm_nearest_offer(&n, "json");
	assert_string_equal(irqm_nearest_hint(&n, "--", "none", hint),
			    "do you mean --json?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_hint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
