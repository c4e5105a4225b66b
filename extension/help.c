/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extension/help.h"

#include <stddef.h>

char *irqm_help_irqmatrix[] = {
"irqmatrix",
"where every x86 interrupt vector went",
"[-a] [-c cpus] [-d | -i | -v | -D | -j]",
"  This command shows what the kernel's vector allocator (irq_matrix) has",
"  given to whom. Without an option it shows the totals and a line for each",
"  CPU; CPUs in a row whose figures are the same share a line. The bitmaps",
"  are taken as the truth: where a counter says something else, the line is",
"  marked.",
"",
"    -a       a line for every CPU, also if they are all the same.",
"    -c cpus  only these CPUs: \"1,3,5-7\", \"all\" or \"a\". With -i, the",
"             interrupts whose vector or affinity is on one of them.",
"    -d       what each device costs: the vectors that would be free again",
"             if it were unplugged now.",
"    -i       a line for each interrupt.",
"    -v       who owns each vector, CPU by CPU.",
"    -D       as the kernel's own debugfs file irq/domains/VECTOR has it.",
"    -j       all of it as one JSON document, schema \"irqmatrix/1\": on one",
"             line if the output is redirected or piped, else indented.",
"",
"  What could not be read from the dump is shown as unknown and is listed",
"  at the end, with the reason.",
NULL
};

char *irqm_help_irqaff[] = {
"irqaff",
"everything about an interrupt: affinity, vector, device",
"[-j] irq ...",
"  This command shows for each interrupt what was asked for and what came of",
"  it: its affinity and the CPU and vector that it has, the device and the",
"  driver, the message that was programmed, the levels of its irq domains.",
"  An interrupt is given as",
"",
"    a number, a list or a range:    31  24-31,40",
"    the address of its device:      0000:00:05.0  00:05.0",
"    the name of its action:         virtio3-req.0",
"    a pattern of such a name:       nvme0q*",
"    what the device is called:      vda  nvme0  eth0",
"",
"    -j       the interrupts as a JSON document, schema \"irqmatrix/1\".",
NULL
};
