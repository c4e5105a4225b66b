/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/help.h"

/* What several commands have, the same words in each help. */
#define OPTION_VMLINUX                                                        \
	"     --vmlinux <file>   symbols and types from here, not from the dump\n"
#define OPTION_KERNELS                                                        \
	"     --kernels <file>   symbols and types from this file of learned kernels\n" \
	"                          (`irqmatrix learn`), or directory of such files,\n" \
	"                          if it has the dump's kernel\n"
#define OPTION_NO_CACHE                                                       \
	"     --no-cache         do not keep what was learned about the kernel\n"
#define OPTION_TMP_LIMIT                                                      \
	"     --tmp-limit <size> write at most so much (500M, 20G) to $TMPDIR, " \
	"else\n"                                                              \
	"                          /var/tmp, to unpack a dump; always leaves " \
	"a tenth\n"                                                           \
	"                          of the file system, at most 1G, free\n"
#define OPTION_CSV_RAW                                                        \
	"     --csv-raw          as CSV without the apostrophe before a name that a\n" \
	"                          spreadsheet would run as a formula\n"
#define OPTIONS_LIMITS                                                        \
	"     --timeout <s>      processor time; else by file size, at least 5 s\n" \
	"     --max-memory <mb>  memory; else by file size, at least 256 MB\n"  \
	OPTION_TMP_LIMIT
#define OPTIONS_END                                                           \
	"\n"                                                                  \
	" -h, --help             show this help\n"                            \
	" -V, --version          show the version\n"                          \
	"\n"                                                                  \
	"Exit status:\n"
#define STATUS_FINDINGS                                                       \
	" 0  nothing of note\n"                                               \
	" 1  a finding that is a warning, or worse\n"

const char irqm_help_view[] =
"\n"
"Usage:\n"
" irqmatrix [options] vmcore...               who has the vectors, what is wrong\n"
" irqmatrix aff [options] vmcore irq...       all about single interrupts\n"
" irqmatrix batch [options] directory...      every dump in a tree\n"
" irqmatrix diff [options] vmcore vmcore      what differs between two dumps\n"
" irqmatrix distill [options] vmcore... out   a small dump to send\n"
" irqmatrix learn -o file vmlinux...          read dumps without their vmlinux\n"
" irqmatrix plan [options] vmcore...          would more devices fit?\n"
" irqmatrix query [options] store name...     ask the store of many dumps\n"
" irqmatrix merge -o store file...            several stores into one\n"
" irqmatrix report [options] vmcore           one HTML file to look at\n"
"Each of aff, batch, diff, distill, learn, plan, query, merge and report has a\n"
"--help of its own.\n"
"\n"
"Tells from a Linux kernel crash dump where every x86 interrupt vector went.\n"
"Several files are the parts of one split dump.\n"
"\n"
"Views:\n"
"                        without one: what is wrong, the totals, and a line\n"
"                          for each CPU\n"
" -k, --check            what is wrong or worth a note, what it means, and what\n"
"                          to do\n"
" -d, --devices          what each driver and each device costs: the vectors\n"
"                          that would be free again if it were unplugged now\n"
" -p, --pools            the vectors of each NUMA node, and of where interrupts\n"
"                          may go, and who has them\n"
" -i, --irqs             a line for each interrupt\n"
" -v, --vectors          who owns each vector, CPU by CPU\n"
" -D, --debugfs          as the kernel's own file irq/domains/VECTOR has it\n"
" -M, --map              CPUs and vectors, drawn: what each is used for\n"
"     --log              the kernel log, as dmesg prints it\n"
" -j, --json             all of it as one JSON document, \"irqmatrix/1\"\n"
"\n"
"Options:\n"
" -c, --cpus <list>      only these CPUs: 1,3,5-7; with --irqs, interrupts\n"
"                          whose vector or affinity is on one of them\n"
" -a, --all              a line for each CPU or device, even if alike\n"
"     --top <n>          only the first n rows: the most expensive devices\n"
" -o, --output <list>    these columns; +<list> adds to the usual ones\n"
"     --list-columns     the columns that a view has, and what they mean\n"
"     --csv              the table as CSV, a line for each thing\n"
OPTION_CSV_RAW
"     --no-header        no line of column names\n"
"     --color[=<when>]   auto, always or never\n"
OPTION_VMLINUX
OPTION_KERNELS
OPTION_NO_CACHE
OPTIONS_LIMITS
OPTIONS_END
STATUS_FINDINGS
" 2  the dump could not be analysed, or only in part; wrong usage\n"
"\n"
"Examples:\n"
" Is the machine out of vectors, and who has them?\n"
"   irqmatrix vmcore\n"
"   irqmatrix --check vmcore\n"
"   irqmatrix --devices --top 5 vmcore\n"
" Who owns vector 35 of CPU 3?\n"
"   irqmatrix --vectors --cpus 3 vmcore\n"
" The interrupts that fired, for a spreadsheet:\n"
"   irqmatrix --irqs --csv -o IRQ,ACTION,DEVICE,COUNT vmcore > irqs.csv\n"
" All about the queues of an NVMe disk:\n"
"   irqmatrix aff vmcore 'nvme0q*'\n"
"\n"
"What could not be read is shown as ? and is listed at the end, with the\n"
"reason. For more, see irqmatrix(1).\n";

const char irqm_help_aff[] =
"\n"
"Usage:\n"
" irqmatrix aff [options] vmcore irq...\n"
" irqmatrix aff [options] vmcore... -- irq...\n"
"\n"
"Shows all about single interrupts: who asked for it, which CPUs it may go to\n"
"and does go to, its vector, MSI message and irq domains. Several files are\n"
"the parts of one split dump.\n"
"\n"
"An interrupt is given as\n"
" a number, a list or a range    31  24-31,40\n"
" the address of its device      0000:00:05.0  00:05.0\n"
" the name of its action         virtio3-req.0\n"
" a pattern of such a name       'nvme0q*'\n"
" what the device is called      vda  nvme0  eth0\n"
"\n"
"Options:\n"
" -D, --device           all interrupts of the devices that are named, a line\n"
"                          each: what the driver asked for, what it got\n"
" -f, --debugfs          as the kernel's own files irq/irqs/N have them\n"
" -j, --json             the interrupts as a JSON document, \"irqmatrix/1\"\n"
"     --no-header        with -D: no line of column names\n"
"     --color[=<when>]   with -D: auto, always or never\n"
OPTION_VMLINUX
OPTION_KERNELS
OPTION_NO_CACHE
OPTIONS_LIMITS
OPTIONS_END
STATUS_FINDINGS
" 2  the dump could not be analysed, or only in part; there is no such\n"
"    interrupt; wrong usage\n";

const char irqm_help_batch[] =
"\n"
"Usage:\n"
" irqmatrix batch [options] file|directory...\n"
" irqmatrix batch [options] --watch directory\n"
"\n"
"Finds the dumps in files and directories and analyses each in a process of\n"
"its own: one that is broken is a line \"failed\" with the reason, and the rest\n"
"goes on. Dumps are known by their content, packed (.xz, .zst, .gz) and\n"
"flattened ones and split sets as well. What is called like a dump but is none\n"
"is told; other files are passed over. FIFOs and devices are not opened,\n"
"symbolic links to directories not followed.\n"
"\n"
"Results:\n"
"     --db <file>        keep them in a store (SQLite). Dumps that are in it are\n"
"                          not analysed again: so a run that was ended, or\n"
"                          killed, goes on where it was\n"
"     --ndjson <file>    append a line of JSON for each dump; - is standard\n"
"                          output. Goes on as a store does\n"
"     --redo[=failed]    analyse again what was done, or what failed\n"
" -q, --quiet            no line for each dump, only the summary\n"
"     --textfile <file>  metrics for node_exporter: FILE.prom\n"
"\n"
"Limits:\n"
" -j, --jobs <n>         so many dumps at a time; else one for each CPU\n"
"     --timeout <s>      for a dump (300 seconds; of processor time 5 s, plus\n"
"                          10 s for each MB of its files beyond the first)\n"
"     --max-memory <mb>  for a dump (256 MB for each MB of its files, 1024 MB at\n"
"                          most)\n"
"     --tmp-limit <size> write at most so much (500M, 20G) to $TMPDIR, else\n"
"                          /var/tmp, to unpack dumps, all of them together\n"
"\n"
"Options:\n"
"     --watch <dir>      do not end: analyse dumps as they are written there;\n"
"                          one that is still being written is waited for\n"
"     --interval <s>     look at least so often (60), where the file system\n"
"                          does not tell what happens (NFS)\n"
"     --vmlinux-dir <dir> symbols and types of dumps that do not have them:\n"
"                          BUILD-ID, .build-id/xx/yyy.debug, vmlinux-RELEASE\n"
"                          or RELEASE/vmlinux in it\n"
OPTION_KERNELS
OPTION_NO_CACHE
OPTIONS_END
" 0  nothing of note in any dump\n"
" 1  a finding that is a warning, or worse\n"
" 2  a dump could not be analysed, or only in part; wrong usage\n"
" 3  the store or the NDJSON file could not be written (locked, full, read-only)\n"
"      and the batch stopped early: start it again to continue\n"
" 130, 143  ended by SIGINT, SIGTERM; with --watch that is 0\n"
"\n"
"Examples:\n"
" Every dump of a tree into a store, with as many processes as CPUs:\n"
"   irqmatrix batch --db fleet.db /srv/dumps\n"
" Which findings do these dumps have?\n"
"   irqmatrix query fleet.db findings\n"
" A machine's own dumps, as kdump writes them:\n"
"   irqmatrix batch --db /var/lib/irqmatrix/dumps.db --watch /var/crash\n";

const char irqm_help_diff[] =
"\n"
"Usage:\n"
" irqmatrix diff [options] before after\n"
" irqmatrix diff [options] before... -- after...\n"
"\n"
"Shows what differs between two dumps of a machine, before and after an\n"
"unplug, a reboot or an update: devices and interrupts that came, went or\n"
"changed, and what that did to the vectors. Several files are the parts of\n"
"one split dump.\n"
"\n"
"Options:\n"
" -a, --all              a line for each device, CPU and interrupt that differs\n"
" -j, --json             a JSON document, \"irqmatrix-diff/1\"\n"
"     --no-header        no lines of column names\n"
"     --color[=<when>]   auto, always or never\n"
OPTION_VMLINUX
"                          given twice: the first dump's, then the second's\n"
OPTION_KERNELS
OPTION_NO_CACHE
OPTIONS_LIMITS
OPTIONS_END
" 0  nothing differs\n"
" 1  something does\n"
" 2  one of the dumps could not be analysed, or only in part; wrong usage\n";

const char irqm_help_distill[] =
"\n"
"Usage:\n"
" irqmatrix distill [options] vmcore... out\n"
" irqmatrix distill --list [--with-log] vmcore\n"
"\n"
"Writes a small ELF vmcore of only what the other commands read of a dump,\n"
"which they answer as they answer the dump itself. Every other byte is zero.\n"
"With a name that ends in .zst it is packed with zstd. Names of devices,\n"
"interrupts and drivers are in it, memory of programs and files is not.\n"
"\n"
"Options:\n"
"     --list             show what is in, and how much of it; without out\n"
"                          nothing is written\n"
"     --with-log         put the kernel log in, too\n"
OPTION_VMLINUX
OPTION_KERNELS
OPTIONS_LIMITS
OPTIONS_END
" 0  done\n"
" 2  the dump could not be read, or nothing be written; wrong usage\n";

const char irqm_help_learn[] =
"\n"
"Usage:\n"
" irqmatrix learn [options] -o file vmlinux|package...\n"
" irqmatrix learn --list file|directory...\n"
"\n"
"Keeps what the other commands need to know about a kernel, about 20 kB, so\n"
"that --kernels reads its dumps without the vmlinux. Use it for kernels whose\n"
"dumps hold no types (BTF). It reads a vmlinux, compressed (.gz, .xz, .zst) or\n"
"not, a separate debug file, or the RPM or deb package that contains one, and\n"
"writes any number of kernels to one file. It replaces a kernel that is already\n"
"in the file.\n"
"\n"
"Options:\n"
" -o, --output <file>    write the kernels to this file, or add them to it\n"
"     --list             list the kernels in a file or in a directory's files\n"
"     --csv              with --list: print the table as CSV\n"
OPTION_CSV_RAW
"     --no-header        with --list: leave out the column names\n"
OPTIONS_LIMITS
OPTIONS_END
" 0  all kernels were learned or listed\n"
" 2  a kernel could not be learned or listed (the others were), or the file could\n"
"    not be read or written, or wrong usage\n"
"\n"
"Examples:\n"
" Learn the kernels of a distribution, and read a dump of one of them:\n"
"   irqmatrix learn -o rhel8.kernels kernel-debuginfo-4.18.0-*.rpm\n"
"   irqmatrix --kernels rhel8.kernels vmcore\n"
" Let every command find them without an option, for this user or for all:\n"
"   irqmatrix learn -o ~/.config/irqmatrix/kernels vmlinux\n"
"   irqmatrix learn -o /etc/irqmatrix/kernels vmlinux\n";

const char irqm_help_plan[] =
"\n"
"Usage:\n"
" irqmatrix plan [options] vmcore...\n"
"\n"
"Predicts what the kernel of the dump would do with more devices or fewer CPUs:\n"
"which device is the first that does not get its vectors, what it does then,\n"
"and the vectors that are left. Steps are taken in the order given.\n"
"\n"
"Steps:\n"
"     --add <driver>:<queues>[,vectors=<pre>+<queues>][,node=<n>][,line=<irq>]\n"
"           [x<count>]   so many devices with a vector for each queue. What\n"
"                          virtio_blk, virtio_scsi and nvme need besides is\n"
"                          known; vectors= says it of others: vectors that\n"
"                          are not managed, and managed ones. node= is the\n"
"                          device's; line= the interrupt line that it has\n"
"     --remove <device>  a device goes: 0000:00:05.0  00:05.0  vda  'virtio*'\n"
"     --offline <cpus>   CPUs go offline, one after the other: 1,3,5-7\n"
"     --suspend          all but CPU 0 do\n"
"\n"
"Options:\n"
" -a, --all              a line for each device, even if alike\n"
" -j, --json             a JSON document, \"irqmatrix-plan/1\"\n"
"     --no-header        no lines of column names\n"
"     --color[=<when>]   auto, always or never\n"
OPTION_VMLINUX
OPTION_KERNELS
OPTION_NO_CACHE
OPTIONS_LIMITS
OPTIONS_END
" 0  all of it fits\n"
" 1  it does not\n"
" 2  it cannot be predicted; wrong usage\n"
"\n"
"Examples:\n"
" Will 20 more disks of two queues fit?\n"
"   irqmatrix plan --add virtio_blk:2x20 vmcore\n"
" And if vdb goes first, and CPU 7 goes offline?\n"
"   irqmatrix plan --remove vdb --offline 7 --add virtio_blk:2x20 vmcore\n"
" A network card with a vector for itself and 16 for its queues:\n"
"   irqmatrix plan --add ice:0,vectors=17+0 vmcore\n";

const char irqm_help_query[] =
"\n"
"Usage:\n"
" irqmatrix query store                       the questions there are\n"
" irqmatrix query [options] store name [arg...]\n"
" irqmatrix query [options] --sql 'select ...' store\n"
"\n"
"Asks the store of a fleet, which `irqmatrix batch` made of its dumps. The\n"
"questions are in docs/store.md as SQL; one of your own can only read.\n"
"\n"
"Options:\n"
" -j, --json             an array with an object for each row\n"
"     --csv              the table as CSV\n"
OPTION_CSV_RAW
"     --no-header        no line of column names\n"
"     --sql <text>       this question\n"
OPTIONS_END
" 0  it was answered\n"
" 2  it was not; wrong usage\n"
"\n"
"Examples:\n"
" On which machines do 20 more disks not fit?\n"
"   irqmatrix query fleet.db room virtio_blk 20\n"
" And 4 more NVMe disks of 16 queues, where there may be none now?\n"
"   irqmatrix query fleet.db room nvme 4 16\n";

const char irqm_help_merge[] =
"\n"
"Usage:\n"
" irqmatrix merge -o store file...\n"
"\n"
"Takes over what other stores, and files of NDJSON, of `irqmatrix batch` say\n"
"of dumps. The store is made if it is not there; one of an older version is\n"
"brought up to this one, also if there is nothing to take over. A dump that is\n"
"in several is there once: analysed before failed, then the later analysis.\n"
"\n"
"Options:\n"
" -o, --output <store>   the store to merge into\n"
OPTIONS_END
" 0  all was taken over\n"
" 2  it was not; wrong usage\n";

const char irqm_help_report[] =
"\n"
"Usage:\n"
" irqmatrix report [options] vmcore...\n"
" irqmatrix report [options] store\n"
"\n"
"Writes one HTML file that needs nothing besides, neither network nor script:\n"
"of a dump the findings, a map of CPUs and vectors, and what devices cost; of\n"
"the store of a fleet tables of all dumps, and each that something is wrong\n"
"with.\n"
"\n"
"Options:\n"
" -o, --output <file>    write to it, not to standard output\n"
" -a, --all              of a store: a section for each dump\n"
"     --add <devices>    of a dump: before and after of this step, and of those\n"
"                          below, as irqmatrix plan has them\n"
"     --remove <device>  a device goes\n"
"     --offline <cpus>   CPUs go offline\n"
"     --suspend          all but CPU 0 do\n"
OPTION_VMLINUX
OPTION_KERNELS
OPTION_NO_CACHE
OPTIONS_LIMITS
OPTIONS_END
" 0  it was written\n"
" 2  it was not, or what it is of could be read only in part; wrong usage\n";
