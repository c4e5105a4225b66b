/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the terminal and the locale say of themselves. */
#include "unit.h"

#include "base/base.h"
#include "base/terminal.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The width with another file as stdout. */
static unsigned int width_on(int fd)
{
	int saved = dup(STDOUT_FILENO);
	unsigned int width;

	assert_true(saved >= 0);
	fflush(stdout);
	assert_true(dup2(fd, STDOUT_FILENO) >= 0);
	width = irqm_terminal_width();
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	close(saved);
	return width;
}

static void test_width(void **state)
{
	/* not numbers, or widths that no terminal has */
	static const char *const wrong[] = {
		"", "0", "10001", "99999999999999999999", "12x", "-5", " 80",
	};
	struct winsize size = { .ws_row = 24, .ws_col = 77 };
	int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int master, slave;
	size_t i;

	(void)state;
	assert_true(nothing >= 0);
	assert_int_equal(openpty(&master, &slave, NULL, NULL, &size), 0);
	unsetenv("COLUMNS");
	assert_int_equal(width_on(nothing), 0);
	assert_int_equal(width_on(slave), 77);
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		setenv("COLUMNS", wrong[i], 1);
		assert_int_equal(width_on(nothing), 0);
		assert_int_equal(width_on(slave), 77);
	}
	setenv("COLUMNS", "10000", 1);
	assert_int_equal(width_on(nothing), 10000);
	assert_int_equal(width_on(slave), 10000);
	unsetenv("COLUMNS");
	close(master);
	close(slave);
	close(nothing);
}

static void test_locale(void **state)
{
	(void)state;
	setenv("LC_ALL", "C.UTF-8", 1);
	assert_true(irqm_locale_is_utf8());
	setenv("LC_ALL", "C", 1);
	assert_false(irqm_locale_is_utf8());
	setenv("LC_ALL", "there_is.none", 1);
	assert_false(irqm_locale_is_utf8());
	unsetenv("LC_ALL");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_locale),
	};

	return RUN(tests);
}
