/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A driver that has taken tags of the interrupt code for its own. */
struct cpumap {
	int available;
	const char *online;
	int mine;
};

struct housekeeping {
	int broom;
};

struct cpumap driver_map;
struct housekeeping driver_housekeeping;
