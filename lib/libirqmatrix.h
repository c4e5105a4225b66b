/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file libirqmatrix.h
 * @brief Where every x86 interrupt vector of a Linux kernel went.
 *
 * Read a crash dump with irqmatrix_read_dump(), or any other kernel through
 * functions of your own with irqmatrix_read_target(). All of it is read then,
 * and nothing later: afterwards ask for single facts (irqmatrix_get_irq() and
 * the like), for the JSON document (irqmatrix_json()), or for the text that
 * the command irqmatrix prints (irqmatrix_render()).
 *
 * @code
 * struct irqmatrix *m = irqmatrix_new();
 *
 * if (m && irqmatrix_read_dump(m, &path, 1) == 0)
 *         irqmatrix_render(m, stdout, IRQMATRIX_VIEW_MATRIX, NULL, 0);
 * else
 *         fprintf(stderr, "%s\n", irqmatrix_error(m));
 * irqmatrix_free(m);
 * @endcode
 *
 * @par Unknown is not zero
 * A number that could not be read is #IRQMATRIX_UNKNOWN, a string or a set
 * NULL. irqmatrix_get_unread() says what could not be read and why.
 *
 * @par Ownership
 * Strings and sets in the structures are the handle's, and live until it is
 * read into again or freed. Strings are as the kernel has them: escape them
 * before a terminal sees them. What a function returns as char * is the
 * caller's, to be given to free().
 *
 * @par Threads
 * The library has no global state. Handles can be used in different threads at
 * the same time, each handle by one thread at a time.
 *
 * @par Compatibility
 * Functions are added, never changed. Structures grow at their end: the caller
 * passes the size that it was compiled with, and of a longer one gets the
 * beginning. A library that is older than that size refuses (-1), as it could
 * only make up what it does not know. Enumerations grow at their end, too.
 */
#ifndef LIBIRQMATRIX_H
#define LIBIRQMATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The release, of all of the project. */
#define IRQMATRIX_VERSION "0.1.0"

/** What the shared library exports. */
#define IRQMATRIX_API __attribute__((visibility("default")))

/** A number that could not be read, or does not apply. */
#define IRQMATRIX_UNKNOWN INT64_MIN

/** One kernel, as it was read. */
struct irqmatrix;

/** A set of CPUs, vectors or IRQs; NULL is an unknown one. */
struct irqmatrix_bits;

/** Why a piece of memory cannot be had. */
enum irqmatrix_why {
	IRQMATRIX_OK,          /**< It can. */
	IRQMATRIX_EXCLUDED,    /**< Left out when the dump was written. */
	IRQMATRIX_TRUNCATED,   /**< The file ends before it. */
	IRQMATRIX_UNMAPPED,    /**< No page table entry leads to it. */
	IRQMATRIX_BAD_POINTER, /**< Not an address that a kernel could use. */
	IRQMATRIX_INVALID,     /**< Not what it should be. */
};

/** How grave a finding is. */
enum irqmatrix_severity {
	IRQMATRIX_INFO,     /**< Worth a note. */
	IRQMATRIX_WARNING,  /**< Something does not work, or soon will not. */
	IRQMATRIX_CRITICAL, /**< Vectors have run out. */
};

/** @name The handle */
/** @{ */

/** @return Version of the library that runs; #IRQMATRIX_VERSION is the
 * header's. */
IRQMATRIX_API const char *irqmatrix_version(void);

/** @return A handle into which nothing is read yet; NULL without memory. */
IRQMATRIX_API struct irqmatrix *irqmatrix_new(void);

/** @param m NULL is fine. */
IRQMATRIX_API void irqmatrix_free(struct irqmatrix *m);

/**
 * What went wrong in the last call that failed.
 * @param m NULL is a lack of memory.
 * @return One line, without newline: what is wrong and, where one can help
 * it, what to do. The handle's, until the next call fails.
 */
IRQMATRIX_API const char *irqmatrix_error(const struct irqmatrix *m);

/** What kind of error it was. More kinds may follow. */
enum irqmatrix_error_code {
	IRQMATRIX_ERROR_NONE,   /**< No call has failed. */
	IRQMATRIX_ERROR_DUMP,   /**< The dump is damaged, or lacks what is
				     needed. */
	IRQMATRIX_ERROR_MEMORY, /**< Out of memory. */
	IRQMATRIX_ERROR_USAGE,  /**< The call or an argument makes no sense:
				     nothing was read, no such IRQ, a step of a
				     plan that cannot be. */
	IRQMATRIX_ERROR_FILE,   /**< A file cannot be opened or written, or
				     temporary files lack room. */
	IRQMATRIX_ERROR_FORMAT, /**< Not a dump, or of a format or architecture
				     that is not read. */
	IRQMATRIX_ERROR_KERNEL, /**< A kernel without vector matrix (before
				     4.15), or one that plan does not know. */
	IRQMATRIX_ERROR_TYPES,  /**< Symbols or types are missing: give a
				     vmlinux, a BTF or learned kernels. */
};

/**
 * For programs: what kind of error irqmatrix_error() describes.
 * @param m NULL is a lack of memory.
 * @return Its kind; #IRQMATRIX_ERROR_NONE if no call has failed.
 */
IRQMATRIX_API enum irqmatrix_error_code
irqmatrix_error_code(const struct irqmatrix *m);

/**
 * Symbols and types of a dump from this file, not from the dump.
 * @param m The handle.
 * @param path An ELF vmlinux with debug information; copied. NULL: the dump's.
 * @return 0, or -1 without memory.
 */
IRQMATRIX_API int irqmatrix_set_vmlinux(struct irqmatrix *m, const char *path);

/**
 * Takes symbols and types from a file of learned kernels, which
 * `irqmatrix learn` writes, or from a directory of such files, if it has the
 * dump's kernel. Otherwise this has no effect. A vmlinux takes precedence.
 * @param m The handle.
 * @param path Copied. NULL, as at first: none.
 * @return 0, or -1 without memory.
 */
IRQMATRIX_API int irqmatrix_set_kernels(struct irqmatrix *m, const char *path);

/**
 * Where to keep what was learned of a kernel, so that its next dump is read
 * faster.
 * @param m The handle.
 * @param folder It is made if need be; copied. NULL, as at first: nowhere.
 * @return 0, or -1 without memory.
 */
IRQMATRIX_API int irqmatrix_set_cache(struct irqmatrix *m, const char *folder);

/**
 * Bytes that may be written to temporary files, to unpack a dump.
 * @param m The handle.
 * @param bytes 0, as at first: what the file system has, less a reserve.
 */
IRQMATRIX_API void irqmatrix_set_temp_limit(struct irqmatrix *m,
					    uint64_t bytes);

/**
 * Threads that unpack a dump. They end before the call that reads returns.
 * @param m The handle.
 * @param threads 0, as at first: by the number of CPUs; 1: the caller alone.
 */
IRQMATRIX_API void irqmatrix_set_threads(struct irqmatrix *m,
					 unsigned int threads);

/**
 * Told of what takes long: what it is, and how far it is.
 */
typedef void irqmatrix_progress(void *ctx, const char *what,
				unsigned int percent);

/**
 * @param m The handle.
 * @param progress Called in the thread that reads. NULL, as at first: nobody.
 * @param ctx Its first argument.
 */
IRQMATRIX_API void irqmatrix_set_progress(struct irqmatrix *m,
					  irqmatrix_progress *progress,
					  void *ctx);
/** @} */

/** @name Reading */
/** @{ */

/**
 * A kernel that is read through functions of the caller's own. They are called
 * while irqmatrix_read_target() runs, in its thread, and never afterwards;
 * strings are copied.
 */
struct irqmatrix_target {
	/** First argument of each function. */
	void *ctx;

	/** Reads just len bytes of kernel virtual memory, or says why not. */
	enum irqmatrix_why (*read)(void *ctx, uint64_t addr, void *buf,
				   size_t len);

	/**
	 * Value of a kernel symbol where this kernel has it (KASLR); of a
	 * per-CPU variable what is to be added to __per_cpu_offset[cpu].
	 * False if there is none.
	 */
	bool (*symbol)(void *ctx, const char *name, uint64_t *ret_value);

	/**
	 * Name of the symbol that addr is in, terminated, and how far into it
	 * addr is. False if there is none. May be NULL.
	 */
	bool (*symbol_at)(void *ctx, uint64_t addr, char *name, size_t size,
			  uint64_t *ret_offset);

	/** To be shown: which kernel this is. May be NULL. */
	const char *path;

	/** To be shown: "kdump", "live" ... May be NULL. */
	const char *format;

	/**
	 * Structures are laid out as in the DWARF of this ELF file, else in
	 * its BTF. NULL: as btf says.
	 */
	const char *vmlinux;

	/**
	 * ... or as in this BTF. NULL: it is in memory, from the symbol
	 * __start_BTF to __stop_BTF.
	 */
	const void *btf;

	/** Bytes of btf. */
	size_t btf_size;

	/** It runs while it is read: figures may disagree. */
	bool live;
};

/**
 * Reads a dump: ELF, kdump, flattened, packed ... It needs nothing besides
 * where the dump has the kernel's symbols and types; else a vmlinux is taken
 * from where distributions put it, or asked for.
 * @param m The handle. What was read into it before is gone.
 * @param paths The files; several are the parts of one split dump.
 * @param nr How many.
 * @return 0 also if parts could not be read, see irqmatrix_get_unread(); -1
 * if nothing can be said at all, see irqmatrix_error().
 */
IRQMATRIX_API int irqmatrix_read_dump(struct irqmatrix *m,
				      const char *const paths[],
				      unsigned int nr);

/**
 * Reads another kernel. Of the options of irqmatrix_set_*() it takes none.
 * @param m The handle. What was read into it before is gone.
 * @param target How to read it.
 * @param size sizeof(*target).
 * @return As irqmatrix_read_dump().
 */
IRQMATRIX_API int irqmatrix_read_target(struct irqmatrix *m,
					const struct irqmatrix_target *target,
					size_t size);

/** What the whole says; the exit status of the command irqmatrix. */
enum irqmatrix_status {
	IRQMATRIX_STATUS_NOTHING, /**< Nothing of note. */
	IRQMATRIX_STATUS_FINDING, /**< A finding that is a warning or worse. */
	IRQMATRIX_STATUS_PARTIAL, /**< Something could not be read. */
};

/**
 * @param m The handle.
 * @return The highest that is true; PARTIAL also if nothing was read.
 */
IRQMATRIX_API enum irqmatrix_status irqmatrix_status(const struct irqmatrix *m);
/** @} */

/** @name Sets */
/** @{ */

/**
 * @param b The set.
 * @return How many members; 0 also of an unknown set.
 */
IRQMATRIX_API unsigned int
irqmatrix_bits_weight(const struct irqmatrix_bits *b);

/**
 * @param b The set.
 * @param from Where to begin.
 * @return The smallest member >= from; -1 if there is none.
 */
IRQMATRIX_API int64_t irqmatrix_bits_next(const struct irqmatrix_bits *b,
					  unsigned int from);

/**
 * @param b The set.
 * @return As the kernel prints it, "0-3,5", to free(); "" if it is empty, NULL
 * if it is unknown or without memory.
 */
IRQMATRIX_API char *irqmatrix_bits_list(const struct irqmatrix_bits *b);
/** @} */

/**
 * @name Facts
 * All irqmatrix_get_*() return 0, or -1 if there is no such thing, nothing was
 * read, or size is that of a later version. docs/json.md and docs/words.md
 * explain the members, which are named as in the document.
 */
/** @{ */

/** What there are several of. */
enum irqmatrix_list {
	IRQMATRIX_CPUS,     /**< All possible CPUs, ascending. */
	IRQMATRIX_IRQS,     /**< All descriptors, ascending. */
	IRQMATRIX_DEVICES,  /**< Those with MSI descriptors, by cost. */
	IRQMATRIX_FINDINGS, /**< The most severe first. */
	IRQMATRIX_UNREAD,   /**< What could not be read. */
};

/**
 * @param m The handle.
 * @param list Of what.
 * @return How many; they are numbered from 0.
 */
IRQMATRIX_API unsigned int irqmatrix_count(const struct irqmatrix *m,
					   enum irqmatrix_list list);

/** What the kernel says of itself, and its irq_matrix; counts of vectors. */
struct irqmatrix_matrix {
	const char *release;  /**< As uname -r. */
	const char *build_id; /**< In hexadecimal. */
	int64_t crash_time;   /**< Seconds since the epoch. */
	const struct irqmatrix_bits *cpus_possible; /**< cpu_possible_mask. */
	const struct irqmatrix_bits *cpus_present;  /**< cpu_present_mask. */
	const struct irqmatrix_bits *cpus_online;   /**< cpu_online_mask. */
	int64_t alloc_start;        /**< First vector that is given out. */
	int64_t alloc_end;          /**< The one after the last. */
	int64_t global_available;   /**< Free, of all CPUs. */
	int64_t global_reserved;    /**< Promised, without a vector yet. */
	int64_t systembits_inalloc; /**< Of each CPU, the system's. */
	int64_t total_allocated;    /**< Given out, of all CPUs. */
	int64_t online_maps;        /**< CPUs that take part. */
	int64_t capacity;           /**< What those can give in all. */
	int64_t managed;            /**< Kept for managed interrupts. */
	int64_t idle;               /**< Of these, not in use. */
};

/**
 * @param m The handle.
 * @param ret Filled.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_matrix(const struct irqmatrix *m,
				       struct irqmatrix_matrix *ret,
				       size_t size);

/** One CPU's cpumap; counts of vectors. */
struct irqmatrix_cpu {
	unsigned int cpu;          /**< Its number. */
	int64_t online;            /**< 1: it takes part; 0: not. */
	int64_t available;         /**< Free. */
	int64_t allocated;         /**< Given out, also managed ones. */
	int64_t managed;           /**< Kept for managed interrupts. */
	int64_t managed_allocated; /**< Of these, in use. */
	int64_t idle;              /**< Of these, not in use. */
	int64_t node;              /**< NUMA node. */
	int64_t apicid;            /**< Its local APIC. */
	const struct irqmatrix_bits *alloc_map;   /**< Vectors. */
	const struct irqmatrix_bits *managed_map; /**< Vectors. */
};

/**
 * @param m The handle.
 * @param index From 0.
 * @param ret Filled.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_cpu(const struct irqmatrix *m,
				    unsigned int index,
				    struct irqmatrix_cpu *ret, size_t size);

/** One interrupt. */
struct irqmatrix_irq {
	unsigned int irq;        /**< Its number. */
	unsigned int nr_actions; /**< For irqmatrix_get_action(). */
	const struct irqmatrix_bits *affinity;           /**< May go to. */
	const struct irqmatrix_bits *effective_affinity; /**< Does go to. */
	const struct irqmatrix_bits *pending_affinity;   /**< NULL if none. */
	int64_t managed;      /**< 1: the kernel spreads it; 0: not. */
	int64_t vector;       /**< 0: it has none. Unknown also where the
				      vector domain has no part in it. */
	int64_t cpu;          /**< Whose vector. */
	int64_t prev_vector;  /**< Not given back yet; 0: none. */
	int64_t prev_cpu;     /**< Whose. */
	int64_t has_reserved; /**< 1: it was promised one; 0: not. */
	int64_t count;        /**< How often it fired. */
	int64_t device;       /**< For irqmatrix_get_device(). */
	const char *chip;     /**< The device's own irq_chip. */
	const char *domain;   /**< Its irq_domain. */
};

/**
 * @param m The handle.
 * @param index From 0.
 * @param ret Filled.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_irq(const struct irqmatrix *m,
				    unsigned int index,
				    struct irqmatrix_irq *ret, size_t size);

/**
 * @param m The handle.
 * @param irq A number as in /proc/interrupts.
 * @return Index of the interrupt; -1 if there is none.
 */
IRQMATRIX_API int64_t irqmatrix_find_irq(const struct irqmatrix *m,
					 unsigned int irq);

/** Who asked for an interrupt. */
struct irqmatrix_action {
	const char *name;    /**< As in /proc/interrupts. */
	const char *handler; /**< Function. */
	const char *thread;  /**< Function of its thread. */
	int64_t flags;       /**< IRQF_*. */
};

/**
 * @param m The handle.
 * @param irq Index of the interrupt.
 * @param index From 0.
 * @param ret Filled.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_action(const struct irqmatrix *m,
				       unsigned int irq, unsigned int index,
				       struct irqmatrix_action *ret,
				       size_t size);

/** A device and what it costs; counts of vectors. */
struct irqmatrix_device {
	const char *name;          /**< Of a PCI device its address. */
	const char *bus;           /**< "pci". */
	const char *driver;        /**< "" if none is bound. */
	unsigned int nr_consumers; /**< For irqmatrix_get_consumer(). */
	int64_t node;              /**< NUMA node, or -1. */
	int64_t irqs;              /**< How many. */
	int64_t allocated;         /**< IRQs with a vector. */
	int64_t managed_reserved;  /**< Kept on online CPUs. */
	int64_t idle_reserved;     /**< Of these, not in use. */
	int64_t reserved;          /**< Promised, without a vector yet. */
	int64_t cost;              /**< Free again if it were unplugged. */
};

/**
 * @param m The handle.
 * @param index From 0.
 * @param ret Filled.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_device(const struct irqmatrix *m,
				       unsigned int index,
				       struct irqmatrix_device *ret,
				       size_t size);

/** What people call a device. */
struct irqmatrix_consumer {
	const char *name;   /**< "vda", "eth0". */
	const char *driver; /**< "virtio_blk". */
	const char *kind;   /**< Bus or class: "block", "net". */
};

/**
 * @param m The handle.
 * @param device Index of the device.
 * @param index From 0.
 * @param ret Filled.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_consumer(const struct irqmatrix *m,
					 unsigned int device,
					 unsigned int index,
					 struct irqmatrix_consumer *ret,
					 size_t size);

/** A checked statement. */
struct irqmatrix_finding {
	const char *code;                 /**< "vectors-low"; findings.md. */
	enum irqmatrix_severity severity; /**< How grave. */
	const char *text;                 /**< One line. */
	const char *meaning;              /**< What it means, a paragraph. */
	const char *advice;               /**< What to do, a paragraph. */
	unsigned int nr_data;             /**< For irqmatrix_get_datum(). */
	const char *remedy; /**< What to do about this one, with names and
				  commands; NULL for info. */
};

/**
 * @param m The handle.
 * @param index From 0.
 * @param ret Filled.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_finding(const struct irqmatrix *m,
					unsigned int index,
					struct irqmatrix_finding *ret,
					size_t size);

/** What kind of datum it is. */
enum irqmatrix_datum_type {
	IRQMATRIX_DATUM_NUM,    /**< A number. */
	IRQMATRIX_DATUM_STRING, /**< A name. */
	IRQMATRIX_DATUM_BITS,   /**< A set. */
};

/** Something that a finding rests on; what it is not is unknown. */
struct irqmatrix_datum {
	const char *key;                   /**< As in the document. */
	enum irqmatrix_datum_type type;    /**< Which of the following. */
	int64_t num;                       /**< Of NUM. */
	const char *string;                /**< Of STRING. */
	const struct irqmatrix_bits *bits; /**< Of BITS. */
};

/**
 * @param m The handle.
 * @param finding Index of the finding.
 * @param index From 0.
 * @param ret Filled.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_datum(const struct irqmatrix *m,
				      unsigned int finding, unsigned int index,
				      struct irqmatrix_datum *ret, size_t size);

/** What could not be read. */
struct irqmatrix_unread {
	const char *what;       /**< "irq_desc of IRQ 31". */
	uint64_t addr;          /**< Where. */
	enum irqmatrix_why why; /**< Why not. */
};

/**
 * @param m The handle.
 * @param index From 0.
 * @param ret Filled.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_unread(const struct irqmatrix *m,
				       unsigned int index,
				       struct irqmatrix_unread *ret,
				       size_t size);
/** @} */

/** @name Documents and text */
/** @{ */

/**
 * The document "irqmatrix/1" of docs/json.md, as `irqmatrix --json` prints it.
 * @param m The handle.
 * @param pretty On several lines.
 * @return To free(); NULL with irqmatrix_error().
 */
IRQMATRIX_API char *irqmatrix_json(struct irqmatrix *m, bool pretty);

/** What the command irqmatrix prints without and with these options. */
enum irqmatrix_view {
	IRQMATRIX_VIEW_MATRIX,   /**< Without one. */
	IRQMATRIX_VIEW_FINDINGS, /**< --check */
	IRQMATRIX_VIEW_DEVICES,  /**< --devices */
	IRQMATRIX_VIEW_POOLS,    /**< --pools */
	IRQMATRIX_VIEW_IRQS,     /**< --irqs */
	IRQMATRIX_VIEW_VECTORS,  /**< --vectors */
	IRQMATRIX_VIEW_DEBUGFS,  /**< --debugfs */
	IRQMATRIX_VIEW_LOG,      /**< --log */
	IRQMATRIX_VIEW_MAP,      /**< --map */
};

/** As the command's options of these names; all zero is as without them. */
struct irqmatrix_render_options {
	const char *cpus;    /**< "1,3,5-7"; NULL: all. */
	const char *columns; /**< "IRQ,DEVICE", "+COUNT"; NULL: usual ones. */
	unsigned int top;    /**< 0: all. */
	bool all;            /**< Fold nothing. */
	bool csv;            /**< A table as CSV, for a spreadsheet. */
	bool no_header;      /**< No column names. */
	bool color;          /**< With escape sequences. */
	unsigned int width;  /**< Of the map's lines; 0: 80. */
	bool utf8;           /**< The map in Unicode, not in ASCII. */
	bool csv_raw;        /**< As CSV, for a program: cells as they are. */
};

/**
 * Writes a view. Names from the dump are escaped.
 * @param m The handle.
 * @param out Where to.
 * @param view Which.
 * @param options NULL: none.
 * @param size sizeof(*options), 0 without.
 * @return 0, or -1 with irqmatrix_error().
 */
IRQMATRIX_API int
irqmatrix_render(struct irqmatrix *m, FILE *out, enum irqmatrix_view view,
		 const struct irqmatrix_render_options *options, size_t size);

/**
 * All about single interrupts, as `irqmatrix aff` prints it.
 * @param m The handle.
 * @param out Where to.
 * @param which "31", "24-31,40", "0000:00:05.0", "virtio3-req.0", "nvme0q*",
 * "vda".
 * @return 0, or -1 with irqmatrix_error(): also if there is none such.
 */
IRQMATRIX_API int irqmatrix_render_irqs(struct irqmatrix *m, FILE *out,
					const char *which);

/**
 * What differs between two dumps of one machine, as `irqmatrix diff`.
 * @param before One. It gets the error.
 * @param after The other.
 * @param out Where to.
 * @param json The document "irqmatrix-diff/1" instead of text.
 * @return 0: nothing does; 1: something; -1 with irqmatrix_error(before).
 */
IRQMATRIX_API int irqmatrix_diff(struct irqmatrix *before,
				 struct irqmatrix *after, FILE *out, bool json);
/** @} */

/** @name Plans: what would happen if */
/** @{ */

/** Steps, and what the kernel would do. */
struct irqmatrix_plan;

/** What a step does; what its argument is, as the command has it. */
enum irqmatrix_step {
	IRQMATRIX_STEP_ADD,     /**< "virtio_blk:2x20" */
	IRQMATRIX_STEP_REMOVE,  /**< "0000:00:05.0", "vda" */
	IRQMATRIX_STEP_OFFLINE, /**< "1,3,5-7" */
	IRQMATRIX_STEP_SUSPEND, /**< not looked at */
};

/**
 * @param m Outlives the plan and is not read into meanwhile. It gets the
 * plan's errors.
 * @return NULL without memory, or if nothing was read.
 */
IRQMATRIX_API struct irqmatrix_plan *irqmatrix_plan_new(struct irqmatrix *m);

/** @param p NULL is fine. */
IRQMATRIX_API void irqmatrix_plan_free(struct irqmatrix_plan *p);

/**
 * One more step.
 * @param p The plan.
 * @param step Its kind.
 * @param arg Its argument; copied.
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_plan_step(struct irqmatrix_plan *p,
				      enum irqmatrix_step step,
				      const char *arg);

/**
 * Does what the kernel would do.
 * @param p The plan.
 * @return 0: all of it fits; 1: it does not; -1: it cannot be told.
 */
IRQMATRIX_API int irqmatrix_plan_run(struct irqmatrix_plan *p);

/**
 * Writes what irqmatrix_plan_run() found.
 * @param p The plan.
 * @param out Where to.
 * @param json The document "irqmatrix-plan/1" instead of text.
 * @return 0, or -1 with the handle's irqmatrix_error().
 */
IRQMATRIX_API int irqmatrix_plan_render(struct irqmatrix_plan *p, FILE *out,
					bool json);
/** @} */

#ifdef __cplusplus
}
#endif

#endif
