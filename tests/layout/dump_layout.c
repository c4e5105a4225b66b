/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints the layout that the program reads from a vmlinux, a row a line:
 *
 *	struct TAG size N
 *	TAG.PATH OFFSET SIZE BIT_OFFSET BIT_SIZE KIND COUNT ELEM_SIZE TARGET
 *	enum WITNESS NAME VALUE
 *
 * What does not exist is "-". libdwarf_check prints the same from its own
 * reading.
 */
#include "layout/layout.h"
#include "tests/layout/print_layout.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static struct irqm_layout l;
	struct irqm_error err = { 0 };
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: dump_layout VMLINUX\n");
		return 2;
	}
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		perror(argv[1]);
		return 2;
	}
	if (irqm_layout_from_dwarf(&l, fd, &err) != 0) {
		fprintf(stderr, "%s: %s\n", argv[1], err.msg);
		return 1;
	}
	close(fd);
	print_layout(stdout, &l);
	return 0;
}
