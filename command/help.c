/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/help.h"

/* clang-format off */

/* Options that several commands share, so that each help has the same words. */
#define OPTION_VMLINUX                                                        \
	"     --vmlinux <file>   read symbols and types from here, not from the dump\n"
#define OPTION_KERNELS                                                        \
	"     --kernels <file>   read symbols and types from this file of learned\n" \
	"                          kernels (see `irqmatrix learn`), or directory of\n" \
	"                          such files, if it has the dump's kernel\n"
#define OPTION_NO_CACHE                                                       \
	"     --no-cache         do not cache what was learned about the kernel\n"
#define OPTIONS_SOURCE                                                        \
	"     --latest           the newest dump below /var/crash, or where kdump is set\n" \
	"                          to write it, in place of the dump's name\n" \
	"     --live             the running machine, as without a dump's name\n"
#define OPTION_TMP_LIMIT                                                      \
	"     --tmp-limit <size> use at most this much space (500M, 20G) in $TMPDIR,\n" \
	"                          else /var/tmp, to unpack a dump; always leaves\n" \
	"                          a tenth of the file system, at most 1G, free\n"
#define OPTION_CSV_RAW                                                        \
	"     --csv-raw          print CSV without the apostrophe before names that a\n" \
	"                          spreadsheet would run as a formula\n"
#define OPTIONS_LIMITS                                                        \
	"     --timeout <s>      processor time; default by file size, at least 5 s\n" \
	"     --max-memory <mb>  memory; default by file size, at least 256 MB\n"  \
	OPTION_TMP_LIMIT
#define OPTIONS_END                                                           \
	"\n"                                                                  \
	" -h, --help             show this help\n"                            \
	" -V, --version          show the version\n"                          \
	"\n"                                                                  \
	"Exit status:\n"
#define STATUS_FINDINGS                                                       \
	" 0  no warnings or critical findings\n"                              \
	" 1  a warning or critical finding\n"

const char irqm_help_view[] =
"\n"
"Usage:\n"
" irqmatrix [options] [vmcore...]             find out who owns the vectors\n"
" irqmatrix advise [options] vmcore...        what makes everything fit?\n"
" irqmatrix aff [options] vmcore irq...       show single interrupts\n"
" irqmatrix batch [options] directory...      analyse all dumps in a tree\n"
" irqmatrix diff [options] vmcore vmcore      compare two dumps\n"
" irqmatrix distill [options] vmcore... out   write a small dump to send\n"
" irqmatrix learn -o file vmlinux...          read dumps without their vmlinux\n"
" irqmatrix plan [options] vmcore...          would more devices fit?\n"
" irqmatrix query [options] store name...     query the store of many dumps\n"
" irqmatrix merge -o store file...            merge stores into one\n"
" irqmatrix report [options] vmcore           write an HTML file\n"
"Each of advise, aff, batch, diff, distill, learn, plan, query, merge and report\n"
"has its own --help.\n"
"\n"
"Shows where every x86 interrupt vector went, from a Linux kernel crash dump or,\n"
"without one, on the running machine (as root). Several files are the parts of\n"
"one split dump.\n"
"\n"
"Views:\n"
"                        without one: the verdict, what to do, the totals\n"
" -k, --check            all findings, what they mean, and what to do\n"
" -d, --devices          the cost of each driver and device: the vectors that\n"
"                          become available if it is unplugged now\n"
" -p, --pools            the vectors of each NUMA node and of other sets of CPUs\n"
"                          that interrupts are bound to, and who owns them\n"
" -i, --irqs             a line for each interrupt\n"
" -v, --vectors          the owner of each vector, CPU by CPU\n"
" -D, --debugfs          the kernel's debugfs file irq/domains/VECTOR\n"
" -M, --map              a map of CPUs and vectors that shows the use of each\n"
"     --log              the kernel log, as dmesg prints it\n"
"     --textfile <file>  metrics for node_exporter's textfile collector;\n"
"                          - is standard output\n"
" -j, --json             everything as one JSON document, \"irqmatrix/1\"; with\n"
"                          -k, -d, -p, -i, -v or -M only the keys of that view\n"
"\n"
"Options:\n"
" -c, --cpus <list>      only these CPUs: 1,3,5-7; with --irqs, interrupts\n"
"                          whose vector or affinity is on one of them\n"
" -a, --all              a line for each CPU or device, even if they are equal\n"
"     --top <n>          only the first n rows: the most expensive devices\n"
"     --interval <s>     every s seconds, how often each interrupt of the running\n"
"                          machine fired, and which vectors were allocated,\n"
"                          freed and moved. On a terminal q ends; with -j a line\n"
"                          of JSON each time, \"irqmatrix-rates/1\"\n"
"     --count <n>        with --interval: end after n times\n"
" -o, --output <list>    these columns; +<list> adds to the default ones\n"
"     --columns <list>   the same\n"
"     --list-columns     list the columns of a view and what they mean\n"
"     --csv              print the table as CSV, a line for each row\n"
OPTION_CSV_RAW
"     --no-header        leave out the column names\n"
"     --color[=<when>]   auto, always or never\n"
"     --no-pager         no pager on a terminal; for each command\n"
OPTIONS_SOURCE
OPTION_VMLINUX
OPTION_KERNELS
OPTION_NO_CACHE
OPTIONS_LIMITS
OPTIONS_END
STATUS_FINDINGS
" 2  the dump could not be analysed, or only in part; wrong usage\n"
"\n"
"Examples:\n"
" Is the machine out of vectors, and who owns them?\n"
"   irqmatrix vmcore\n"
"   irqmatrix --latest\n"
"   sudo irqmatrix\n"
" What happens to them while devices are plugged in?\n"
"   sudo irqmatrix --interval 5\n"
"   irqmatrix --check vmcore\n"
"   irqmatrix --devices --top 5 vmcore\n"
" Who owns vector 35 of CPU 3?\n"
"   irqmatrix --vectors --cpus 3 vmcore\n"
" The interrupts that fired, for a spreadsheet:\n"
"   irqmatrix --irqs --csv -o IRQ,ACTION,DEVICE,COUNT vmcore > irqs.csv\n"
" Everything about the queues of an NVMe disk:\n"
"   irqmatrix aff vmcore 'nvme0q*'\n"
"\n"
"What could not be read is shown as ? and listed at the end, with the reason.\n"
"For more, see irqmatrix(1).\n";

const char irqm_help_aff[] =
"\n"
"Usage:\n"
" irqmatrix aff [options] [vmcore] irq...\n"
" irqmatrix aff [options] vmcore... -- irq...\n"
"\n"
"Shows everything about single interrupts: the driver that requested each, the\n"
"CPUs that it is allowed on and goes to, its vector, MSI message and irq\n"
"domains. Several files are the parts of one split dump.\n"
"\n"
"Give an interrupt as\n"
" a number, a list or a range    31  24-31,40\n"
" the address of its device      0000:00:05.0  00:05.0\n"
" the name of its action         virtio3-req.0\n"
" a pattern of such a name       'nvme0q*'\n"
" a name of its device           vda  nvme0  eth0\n"
"\n"
"Options:\n"
" -D, --device           all interrupts of the named devices, a line for each:\n"
"                          what the driver requested, and what it got\n"
" -f, --debugfs          the kernel's debugfs files irq/irqs/N\n"
" -j, --json             the interrupts as a JSON document, \"irqmatrix/1\"\n"
"     --no-header        with -D: leave out the column names\n"
"     --color[=<when>]   with -D: auto, always or never\n"
OPTIONS_SOURCE
OPTION_VMLINUX
OPTION_KERNELS
OPTION_NO_CACHE
OPTIONS_LIMITS
OPTIONS_END
STATUS_FINDINGS
" 2  the dump could not be analysed, or only in part; no such interrupt; wrong\n"
"    usage\n";

const char irqm_help_batch[] =
"\n"
"Usage:\n"
" irqmatrix batch [options] file|directory...\n"
" irqmatrix batch [options] --watch directory\n"
"\n"
"Finds the dumps in files and directories and analyses each in a process of its\n"
"own. A broken dump prints one line \"failed\" with the reason, and the batch\n"
"continues. Dumps are recognised by their content, including packed (.xz, .zst,\n"
".gz) and flattened ones and split sets. A file that is named like a dump but is\n"
"none is reported; other files are skipped. FIFOs and devices are not opened,\n"
"and symbolic links to directories are not followed.\n"
"\n"
"Results:\n"
"     --db <file>        write them to a store (SQLite). Dumps that are in it\n"
"                          are not analysed again, so a batch that was stopped\n"
"                          or killed continues where it was\n"
"     --ndjson <file>    append a line of JSON for each dump; - is standard\n"
"                          output. Continues as with a store\n"
"     --redo[=failed]    analyse again what was done, or what failed\n"
" -q, --quiet            print only the summary, no line for each dump\n"
"     --textfile <file>  write metrics for node_exporter: FILE.prom\n"
"\n"
"Limits:\n"
" -j, --jobs <n>         analyse n dumps at a time; default: one for each CPU\n"
"     --timeout <s>      for a dump (300 seconds; of processor time 5 s, plus\n"
"                          10 s for each MB of its files beyond the first)\n"
"     --max-memory <mb>  for a dump (256 MB for each MB of its files, 1024 MB at\n"
"                          most)\n"
"     --tmp-limit <size> use at most this much space (500M, 20G) in $TMPDIR,\n"
"                          else /var/tmp, to unpack dumps, all of them together\n"
"\n"
"Options:\n"
"     --watch <dir>      keep running: analyse dumps as they are written there,\n"
"                          each when it is complete\n"
"     --interval <s>     look for dumps at least every s seconds (60), for file\n"
"                          systems without notification (NFS)\n"
"     --vmlinux-dir <dir> read the symbols and types that dumps lack from here:\n"
"                          BUILD-ID, .build-id/xx/yyy.debug, vmlinux-RELEASE\n"
"                          or RELEASE/vmlinux\n"
OPTION_KERNELS
OPTION_NO_CACHE
OPTIONS_END
" 0  no warnings or critical findings in any dump\n"
" 1  a warning or critical finding\n"
" 2  a dump could not be analysed, or only in part; wrong usage\n"
" 3  the store or the NDJSON file could not be written (locked, full, read-only)\n"
"      and the batch stopped early: start it again to continue; or the file of\n"
"      --textfile could not be written\n"
" 130, 143  ended by SIGINT, SIGTERM; with --watch that is 0\n"
"\n"
"Examples:\n"
" Analyse all dumps of a tree into a store, with as many processes as CPUs:\n"
"   irqmatrix batch --db fleet.db /srv/dumps\n"
" Which findings do these dumps have?\n"
"   irqmatrix query fleet.db findings\n"
" Watch a machine's own dumps, as kdump writes them:\n"
"   irqmatrix batch --db /var/lib/irqmatrix/dumps.db --watch /var/crash\n";

const char irqm_help_diff[] =
"\n"
"Usage:\n"
" irqmatrix diff [options] before after\n"
" irqmatrix diff [options] before... -- after...\n"
" irqmatrix diff [options] --live before...\n"
"\n"
"Shows the differences between two dumps of a machine, before and after an\n"
"unplug, a reboot or an update: which devices and interrupts were added, removed\n"
"or changed, and the effect on the vectors. Several files are the parts of one\n"
"split dump. A saved document (irqmatrix -j) can take the place of a dump.\n"
"\n"
"Options:\n"
" -a, --all              a line for each device, CPU and interrupt that differs\n"
" -j, --json             a JSON document, \"irqmatrix-diff/1\"\n"
"     --no-header        leave out the column names\n"
"     --color[=<when>]   auto, always or never\n"
"     --live             the second one is the running machine\n"
OPTION_VMLINUX
"                          given twice: the first dump's, then the second's\n"
OPTION_KERNELS
OPTION_NO_CACHE
OPTIONS_LIMITS
OPTIONS_END
" 0  no differences\n"
" 1  the dumps differ\n"
" 2  one of the dumps could not be analysed, or only in part; wrong usage\n";

const char irqm_help_distill[] =
"\n"
"Usage:\n"
" irqmatrix distill [options] [vmcore...] out\n"
" irqmatrix distill --list [options] [vmcore]\n"
"\n"
"Writes a small ELF vmcore with only the parts of a dump that the other commands\n"
"read. They print the same for it as for the dump. All other bytes are zero. If\n"
"the name of the output ends in .zst, it is packed with zstd. It contains names\n"
"of devices, interrupts and drivers, but no memory of programs or files.\n"
"\n"
"Options:\n"
"     --list             list the parts and their sizes; without out, write\n"
"                          nothing\n"
"     --with-log         include the kernel log\n"
"     --no-host          leave out the host name (the log may contain it)\n"
OPTIONS_SOURCE
OPTION_VMLINUX
OPTION_KERNELS
OPTIONS_LIMITS
OPTIONS_END
" 0  done\n"
" 2  the dump could not be read, or the output not written; wrong usage\n";

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
" 2  a kernel could not be learned or listed (the others were), or the file\n"
"    could not be read or written, or wrong usage\n"
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
" irqmatrix plan [options] [vmcore...]\n"
" irqmatrix plan [options] --machine <description>\n"
"\n"
"Predicts what the kernel of the dump would do with more devices or fewer CPUs:\n"
"which device is the first that does not get its vectors, what it does then, and\n"
"how many vectors stay available. Takes the steps in the order given.\n"
"\n"
"Steps:\n"
"     --add <driver>:<queues>[,vectors=<pre>+<queues>][,node=<n>][,line=<irq>]\n"
"           [x<count>]   add count devices. --list-drivers says what a driver\n"
"                          takes besides its queues' vectors; for others,\n"
"                          vectors= gives the unmanaged and the managed vectors.\n"
"                          node= is the device's NUMA node, line= its INTx\n"
"     --like <device>[,node=<n>][,line=<irq>][,x<count>]\n"
"                        add count devices with the same vectors as this one\n"
"     --remove <device>  unplug a device, or all of a driver: 00:05.0  vda  nvme\n"
"     --offline <cpus>   take CPUs offline, one after the other: 1,3,5-7\n"
"     --suspend          take all CPUs but CPU 0 offline\n"
"     --nr-cpus <n>      boot with this many CPUs, as a crash kernel does with\n"
"                          nr_cpus=1, and probe all devices of the dump again\n"
"     --max <devices>    add as many as fit, as in virtio_blk:2, and say what\n"
"                          does not fit with one more. Several kinds are added\n"
"                          in equal numbers: 'pcieport:0 virtio_blk:2'\n"
"\n"
"Without a dump:\n"
"     --machine <key>=<value>[,...]\n"
"                        describe the machine: cpus=16,kernel=6.12, and\n"
"                          sockets=, cores=, threads=, thread-order=split,\n"
"                          nodes=, cluster=, possible=, online=,\n"
"                          default-affinity=0-3+5, isolated=, remapping=;\n"
"                          or a file, see irqmatrix-machine(5)\n"
"     --libvirt <file>   a guest, from the XML of `virsh dumpxml`; give its\n"
"                          kernel with --machine kernel=\n"
"\n"
"Options:\n"
" -a, --all              a line for each device, even if they are equal\n"
" -j, --json             a JSON document, \"irqmatrix-plan/1\"\n"
"     --list-drivers     list the drivers that are known, and what they do\n"
"     --no-header        leave out the column names\n"
"     --color[=<when>]   auto, always or never\n"
OPTIONS_SOURCE
OPTION_VMLINUX
OPTION_KERNELS
OPTION_NO_CACHE
OPTIONS_LIMITS
OPTIONS_END
" 0  everything fits\n"
" 1  something does not fit\n"
" 2  it cannot be predicted; wrong usage\n"
"\n"
"Examples:\n"
" Will 20 more disks with two queues each fit?\n"
"   irqmatrix plan --add virtio_blk:2x20 vmcore\n"
" And if vdb is unplugged first, and CPU 7 goes offline?\n"
"   irqmatrix plan --remove vdb --offline 7 --add virtio_blk:2x20 vmcore\n"
" A network card with 16 queues, and four more like eth0:\n"
"   irqmatrix plan --add ice:16 --like eth0,x4 vmcore\n"
" A card of another driver, with 9 vectors that are not managed:\n"
"   irqmatrix plan --add new_card:0,vectors=9+0 vmcore\n"
" Do all devices get their vectors in the crash kernel (nr_cpus=1)?\n"
"   irqmatrix plan --nr-cpus 1 vmcore\n"
" How many disks fit into a guest of 16 CPUs that also has a network card?\n"
"   irqmatrix plan --machine cpus=16,kernel=6.12 \\\n"
"     --max 'pcieport:0 virtio_blk:16' --add virtio_net:16\n";

const char irqm_help_advise[] =
"\n"
"Usage:\n"
" irqmatrix advise [options] [vmcore...]\n"
" irqmatrix advise --machine <description> --add <devices>\n"
"\n"
"Finds the smallest changes after which everything has its vectors: what is\n"
"there, the devices that the log says failed to get theirs, and those that are\n"
"to be added. Prints what to type, whether it needs a reboot and what it costs;\n"
"changes without a reboot first. Runs every change through a plan, and prints\n"
"none that the plan does not confirm.\n"
"\n"
"Options:\n"
"     --add <driver>:<queues>[,vectors=<pre>+<queues>][x<count>]\n"
"                        devices that are to be added, see irqmatrix plan\n"
"     --like <device>[,x<count>]\n"
"                        devices like this one are to be added\n"
"     --machine <key>=<value>[,...]\n"
"     --libvirt <file>   a machine without a dump, see irqmatrix plan\n"
" -j, --json             a JSON document, \"irqmatrix-advice/1\"\n"
"     --color[=<when>]   auto, always or never\n"
OPTIONS_SOURCE
OPTION_VMLINUX
OPTION_KERNELS
OPTION_NO_CACHE
OPTIONS_LIMITS
OPTIONS_END
" 0  nothing has to change\n"
" 1  something does not fit; the changes that help were printed\n"
" 2  it cannot be predicted; wrong usage\n"
"\n"
"Examples:\n"
" Which change gives the disks their vectors whose probes failed?\n"
"   irqmatrix advise vmcore\n"
" And 20 more disks with two queues each?\n"
"   irqmatrix advise --add virtio_blk:2x20 vmcore\n";

const char irqm_help_query[] =
"\n"
"Usage:\n"
" irqmatrix query store                       list the questions\n"
" irqmatrix query [options] store name [arg...]\n"
" irqmatrix query [options] --sql 'select ...' store\n"
"\n"
"Queries the store that `irqmatrix batch` made of the dumps of a fleet. The SQL\n"
"of the questions is in docs/store.md; a question of your own can only read.\n"
"\n"
"Options:\n"
" -j, --json             print an array with an object for each row\n"
"     --csv              print the table as CSV\n"
OPTION_CSV_RAW
"     --no-header        leave out the column names\n"
"     --sql <text>       run this query\n"
OPTIONS_END
" 0  the query was answered\n"
" 2  it was not; wrong usage\n"
"\n"
"Examples:\n"
" On which machines do 20 more disks not fit?\n"
"   irqmatrix query fleet.db room virtio_blk 20\n"
" And 4 more NVMe disks with 16 queues each, even where there are none now?\n"
"   irqmatrix query fleet.db room nvme 4 16\n";

const char irqm_help_merge[] =
"\n"
"Usage:\n"
" irqmatrix merge -o store file...\n"
"\n"
"Merges stores and NDJSON files of `irqmatrix batch` into a store, which it\n"
"creates if it does not exist. A dump that is in several files is merged once:\n"
"an analysis is preferred to a failure, a later one to an earlier one.\n"
"\n"
"Options:\n"
" -o, --output <store>   the store to merge into\n"
OPTIONS_END
" 0  all files were merged\n"
" 2  a file was not merged; wrong usage\n";

const char irqm_help_report[] =
"\n"
"Usage:\n"
" irqmatrix report [options] [vmcore...]\n"
" irqmatrix report [options] store\n"
"\n"
"Writes one HTML file that needs no network and no script. For a dump: the\n"
"findings with what to do, the smallest changes that help if devices failed, a\n"
"map of CPUs and vectors, and the cost of devices.\n"
"For the store of a fleet: findings over all dumps, tables of all dumps, and a\n"
"section for each dump with a warning or critical finding.\n"
"\n"
"Options:\n"
" -o, --output <file>    write to this file, not to standard output\n"
" -a, --all              for a store: a section for each dump\n"
" -A, --advise           for a dump: what would make everything fit, on a large\n"
"                          machine, too, and if no device failed\n"
"     --add <devices>    for a dump: show before and after this step and the\n"
"                          following ones, as irqmatrix plan does\n"
"     --remove <device>  unplug a device\n"
"     --offline <cpus>   take CPUs offline\n"
"     --suspend          take all CPUs but CPU 0 offline\n"
"     --nr-cpus <n>      boot with this many CPUs, as a crash kernel does with\n"
"                          nr_cpus=1, and probe all devices of the dump again\n"
"     --max <devices>    add as many as fit\n"
OPTIONS_SOURCE
OPTION_VMLINUX
OPTION_KERNELS
OPTION_NO_CACHE
OPTIONS_LIMITS
OPTIONS_END
" 0  the report was written\n"
" 2  it was not, or a dump could be read only in part; wrong usage\n";
