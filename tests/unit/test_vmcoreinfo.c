/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "memory/vmcoreinfo.h"

static const char text[] = "OSRELEASE=6.1.0-42-cloud-amd64\n"
			   "BUILD-ID=0123456789abcdef0123456789abcdef01234567\n"
			   "PAGESIZE=4096\n"
			   "SYMBOL(init_top_pgt)=ffffffffa1e10000\n"
			   "SYMBOL(node_data)=ffffffffa20b4aa0\n"
			   "NUMBER(phys_base)=-157286400\n"
			   "NUMBER(pgtable_l5_enabled)=0\n"
			   "NUMBER(sme_mask)=140737488355328\n"
			   "KERNELOFFSET=20a00000\n"
			   "EMPTY=\n"
			   "SYMBOL(twice)=1\n"
			   "SYMBOL(twice)=2\n"
			   "CRASHTIME=1794967200\n";

static void test_value(void **state)
{
	char value[32];

	(void)state;
	assert_true(irqm_vmcoreinfo_value(text, "OSRELEASE", value, 32));
	assert_string_equal(value, "6.1.0-42-cloud-amd64");
	assert_true(irqm_vmcoreinfo_value(text, "CRASHTIME", value, 32));
	assert_string_equal(value, "1794967200");
	assert_true(irqm_vmcoreinfo_value(text, "EMPTY", value, 32));
	assert_string_equal(value, "");
	/* part of a key, the end of one, a value, nothing */
	assert_false(irqm_vmcoreinfo_value(text, "OSREL", value, 32));
	assert_false(irqm_vmcoreinfo_value(text, "RELEASE", value, 32));
	assert_false(irqm_vmcoreinfo_value(text, "4096", value, 32));
	assert_false(irqm_vmcoreinfo_value(text, "", value, 32));
	assert_false(irqm_vmcoreinfo_value("", "A", value, 32));
	assert_false(irqm_vmcoreinfo_value(NULL, "A", value, 32));
	/* fits with its terminator or not at all */
	assert_true(irqm_vmcoreinfo_value(text, "PAGESIZE", value, 5));
	assert_string_equal(value, "4096");
	memset(value, 'x', sizeof(value));
	assert_false(irqm_vmcoreinfo_value(text, "PAGESIZE", value, 4));
	assert_false(irqm_vmcoreinfo_value(text, "PAGESIZE", value, 0));
	assert_int_equal(value[0], 'x');
}

static void test_symbol(void **state)
{
	uint64_t value = 0;

	(void)state;
	assert_true(irqm_vmcoreinfo_symbol(text, "init_top_pgt", &value));
	assert_int_equal(value, 0xffffffffa1e10000ULL);
	assert_true(irqm_vmcoreinfo_symbol(text, "twice", &value));
	assert_int_equal(value, 1);
	assert_false(irqm_vmcoreinfo_symbol(text, "init_top", &value));
	assert_false(irqm_vmcoreinfo_symbol(text, "phys_base", &value));
	assert_true(irqm_vmcoreinfo_hex(text, "KERNELOFFSET", &value));
	assert_int_equal(value, 0x20a00000);
}

static void test_number(void **state)
{
	int64_t value = 0;

	(void)state;
	assert_true(irqm_vmcoreinfo_number(text, "phys_base", &value));
	assert_int_equal(value, -157286400);
	assert_true(irqm_vmcoreinfo_number(text, "sme_mask", &value));
	assert_int_equal(value, 1LL << 47);
	assert_false(irqm_vmcoreinfo_number(text, "node_data", &value));
}

static void test_what_is_no_number(void **state)
{
	static const char *const hex[] = {
		"K=\n",
		"K= 1\n",
		"K=1 \n",
		"K=0x1\n",
		"K=-1\n",
		"K=+1\n",
		"K=g\n",
		"K=10000000000000000\n",
		"K=00000000000000001\n",
		"K=1\r\n",
		"K\n",
		"K1=2\n",
		"KK=2\n",
		" K=1\n",
	};
	static const char *const decimal[] = {
		"NUMBER(K)=\n",
		"NUMBER(K)=-\n",
		"NUMBER(K)=--1\n",
		"NUMBER(K)=0x1\n",
		"NUMBER(K)=1a\n",
		"NUMBER(K)= 1\n",
		"NUMBER(K)=9223372036854775808\n",
		"NUMBER(K)=-9223372036854775809\n",
		"NUMBER(K)=100000000000000000000000000\n",
		"NUMBER(K=1\n",
	};
	char name[1000];
	uint64_t u;
	int64_t i;

	(void)state;
	for (size_t n = 0; n < ARRAY_SIZE(hex); n++)
		assert_false(irqm_vmcoreinfo_hex(hex[n], "K", &u));
	for (size_t n = 0; n < ARRAY_SIZE(decimal); n++)
		assert_false(irqm_vmcoreinfo_number(decimal[n], "K", &i));
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_false(irqm_vmcoreinfo_symbol(text, name, &u));
	assert_true(irqm_vmcoreinfo_number("NUMBER(K)=-9223372036854775808\n",
					   "K", &i));
	assert_int_equal(i, INT64_MIN);
	assert_true(irqm_vmcoreinfo_hex("K=ffffffffffffffff\n", "K", &u));
	assert_int_equal(u, UINT64_MAX);
}

/* Half of an address is a wrong one. */
static void test_cut_line(void **state)
{
	uint64_t value;

	(void)state;
	assert_false(irqm_vmcoreinfo_hex("A=1\nK=ffffffff", "K", &value));
	assert_true(irqm_vmcoreinfo_hex("A=1\nK=ffffffff\n", "K", &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_value),
		cmocka_unit_test(test_symbol),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_what_is_no_number),
		cmocka_unit_test(test_cut_line),
	};

	return RUN(tests);
}
