/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file libirqmatrix.h
 * @brief Where every x86 interrupt vector of a Linux kernel went.
 *
 * Read a crash dump with irqmatrix_read_dump(), or any other kernel through
 * your own functions with irqmatrix_read_target(). These calls read everything;
 * nothing is read later. Then get single facts (irqmatrix_get_irq() and the
 * other irqmatrix_get_*()), the JSON document (irqmatrix_json()), or the text
 * that the command irqmatrix prints (irqmatrix_render()).
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
 * A number that could not be read is #IRQMATRIX_UNKNOWN, and a string or set
 * is NULL. irqmatrix_get_unread() says what could not be read and why.
 *
 * @par Ownership
 * The handle owns the strings and sets in the structures. They are valid until
 * the next read into the handle, or until it is freed. Strings are as the
 * kernel has them: escape them before printing them to a terminal. If a
 * function returns a char *, free it with free().
 *
 * @par Threads
 * The library has no global state. Handles can be used in different threads at
 * the same time, each handle by one thread at a time.
 *
 * @par Compatibility
 * Functions are added, never changed. Structures grow at their end: the caller
 * passes the size that it was compiled with, and gets the first members if the
 * library's structure is longer. If it is shorter, because the library is
 * older, the call fails (-1). Enumerations grow at their end, too.
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

/** The release of the project. */
#define IRQMATRIX_VERSION "0.1.0"

/** Marks the functions that the shared library exports. */
#define IRQMATRIX_API __attribute__((visibility("default")))

/** A number that could not be read, or does not apply. */
#define IRQMATRIX_UNKNOWN INT64_MIN

/** A handle: one kernel, after it was read. */
struct irqmatrix;

/** A set of CPUs, vectors or IRQs; NULL is an unknown one. */
struct irqmatrix_bits;

/** Why memory cannot be read. */
enum irqmatrix_why {
	IRQMATRIX_OK,          /**< It can be read. */
	IRQMATRIX_EXCLUDED,    /**< Left out of the dump. */
	IRQMATRIX_TRUNCATED,   /**< The file ends before it. */
	IRQMATRIX_UNMAPPED,    /**< No page table entry leads to it. */
	IRQMATRIX_BAD_POINTER, /**< Not an address that a kernel can use. */
	IRQMATRIX_INVALID,     /**< Its content is invalid. */
	IRQMATRIX_UNSTABLE,    /**< It changed while it was read. */
};

/** The severity of a finding. */
enum irqmatrix_severity {
	IRQMATRIX_INFO,     /**< Worth knowing. */
	IRQMATRIX_WARNING,  /**< Something does not work, or soon will not. */
	IRQMATRIX_CRITICAL, /**< Vectors have run out. */
};

/** @name The handle */
/** @{ */

/** @return The version of the running library; #IRQMATRIX_VERSION is that of
 * the header. */
IRQMATRIX_API const char *irqmatrix_version(void);

/** @return A new handle; NULL if out of memory. */
IRQMATRIX_API struct irqmatrix *irqmatrix_new(void);

/** @param m NULL is fine. */
IRQMATRIX_API void irqmatrix_free(struct irqmatrix *m);

/**
 * Describes the error of the last call that failed.
 * @param m The handle. NULL means out of memory.
 * @return One line, without newline: what failed and, if possible, what to do.
 * Owned by the handle; valid until the next call fails.
 */
IRQMATRIX_API const char *irqmatrix_error(const struct irqmatrix *m);

/** Kinds of errors. More may be added. */
enum irqmatrix_error_code {
	IRQMATRIX_ERROR_NONE,   /**< No call has failed. */
	IRQMATRIX_ERROR_DUMP,   /**< The dump is damaged, or lacks needed
				     data. */
	IRQMATRIX_ERROR_MEMORY, /**< Out of memory. */
	IRQMATRIX_ERROR_USAGE,  /**< A wrong call or argument: nothing was
				     read, no such IRQ, an impossible step of
				     a plan. */
	IRQMATRIX_ERROR_FILE,   /**< A file cannot be opened or written, or
				     there is no space for temporary files. */
	IRQMATRIX_ERROR_FORMAT, /**< Not a dump, or in a format or of an
				     architecture that is not supported. */
	IRQMATRIX_ERROR_KERNEL, /**< A kernel without vector matrix (before
				     4.15), or one that plans do not support. */
	IRQMATRIX_ERROR_TYPES,  /**< Symbols or types are missing: give a
				     vmlinux, a BTF or learned kernels. */
};

/**
 * Tells the kind of the error that irqmatrix_error() describes.
 * @param m The handle. NULL means out of memory.
 * @return The kind; #IRQMATRIX_ERROR_NONE if no call has failed.
 */
IRQMATRIX_API enum irqmatrix_error_code
irqmatrix_error_code(const struct irqmatrix *m);

/**
 * Takes symbols and types from this file instead of the dump.
 * @param m The handle.
 * @param path An ELF vmlinux with debug information; copied. NULL: from the
 * dump.
 * @return 0, or -1 if out of memory.
 */
IRQMATRIX_API int irqmatrix_set_vmlinux(struct irqmatrix *m, const char *path);

/**
 * Takes symbols and types from a file of learned kernels, which
 * `irqmatrix learn` writes, or from a directory of such files, if it has the
 * dump's kernel. Otherwise this has no effect. A vmlinux takes precedence.
 * @param m The handle.
 * @param path The path; copied. NULL, the default: none.
 * @return 0, or -1 if out of memory.
 */
IRQMATRIX_API int irqmatrix_set_kernels(struct irqmatrix *m, const char *path);

/**
 * Sets the cache of known kernels, which makes reading their next dump faster.
 * @param m The handle.
 * @param folder A directory, created if needed; copied. NULL, the default: no
 * cache.
 * @return 0, or -1 if out of memory.
 */
IRQMATRIX_API int irqmatrix_set_cache(struct irqmatrix *m, const char *folder);

/**
 * Limits the temporary files that unpacking a dump may need.
 * @param m The handle.
 * @param bytes The limit. 0, the default: what is free, except for a reserve.
 */
IRQMATRIX_API void irqmatrix_set_temp_limit(struct irqmatrix *m,
					    uint64_t bytes);

/**
 * Sets the number of threads that unpack a dump. They end before the call that
 * reads returns.
 * @param m The handle.
 * @param threads At most 4. 0, the default: one for each CPU that the process
 * may use; 1: only the caller.
 */
IRQMATRIX_API void irqmatrix_set_threads(struct irqmatrix *m,
					 unsigned int threads);

/**
 * Reports the progress of a long operation, which what names.
 */
typedef void irqmatrix_progress(void *ctx, const char *what,
				unsigned int percent);

/**
 * Sets a function that reports progress.
 * @param m The handle.
 * @param progress Called in the thread that reads. NULL, the default: none.
 * @param ctx Its first argument.
 */
IRQMATRIX_API void irqmatrix_set_progress(struct irqmatrix *m,
					  irqmatrix_progress *progress,
					  void *ctx);
/** @} */

/** @name Reading */
/** @{ */

/**
 * A kernel that is read through the caller's functions. They are called only
 * while irqmatrix_read_target() runs, in its thread. Strings are copied.
 */
struct irqmatrix_target {
	/** First argument of each function. */
	void *ctx;

	/** Reads exactly len bytes of kernel memory, or returns why not. */
	enum irqmatrix_why (*read)(void *ctx, uint64_t addr, void *buf,
				   size_t len);

	/**
	 * Gets the value of a kernel symbol, relocated for KASLR; for a per-CPU
	 * variable, what to add to __per_cpu_offset[cpu]. Returns false if
	 * there is no such symbol.
	 */
	bool (*symbol)(void *ctx, const char *name, uint64_t *ret_value);

	/**
	 * Gets the name, with a NUL, of the symbol that covers addr, and the
	 * offset of addr in it. Returns false if there is none. May be NULL.
	 */
	bool (*symbol_at)(void *ctx, uint64_t addr, char *name, size_t size,
			  uint64_t *ret_offset);

	/** The name of this kernel in the output. May be NULL. */
	const char *path;

	/** The format in the output: "kdump", "live" ... May be NULL. */
	const char *format;

	/**
	 * An ELF file with the kernel's types, in DWARF or otherwise BTF.
	 * NULL: use btf.
	 */
	const char *vmlinux;

	/**
	 * The kernel's types as BTF. NULL: read them from the kernel's memory,
	 * from the symbol __start_BTF to __stop_BTF.
	 */
	const void *btf;

	/** Size of btf in bytes. */
	size_t btf_size;

	/** The kernel runs while it is read, so figures may disagree. */
	bool live;
};

/**
 * Reads a dump: ELF, kdump, flattened, packed ... Most dumps contain the
 * kernel's symbols and types. If not, a vmlinux is used from where
 * distributions install it; without one, the error says what to install.
 * @param m The handle. Drops what was read into it before.
 * @param paths The files; several are the parts of one split dump.
 * @param nr Number of files.
 * @return 0, also if parts could not be read, see irqmatrix_get_unread(); -1
 * if the dump cannot be analysed at all, see irqmatrix_error().
 */
IRQMATRIX_API int irqmatrix_read_dump(struct irqmatrix *m,
				      const char *const paths[],
				      unsigned int nr);

/**
 * Reads a kernel through the caller's functions. Ignores the options set with
 * irqmatrix_set_*().
 * @param m The handle. Drops what was read into it before.
 * @param target How to read the kernel.
 * @param size sizeof(*target).
 * @return What irqmatrix_read_dump() returns.
 */
IRQMATRIX_API int irqmatrix_read_target(struct irqmatrix *m,
					const struct irqmatrix_target *target,
					size_t size);

/** The result as a whole; the exit status of the command irqmatrix. */
enum irqmatrix_status {
	IRQMATRIX_STATUS_NOTHING, /**< No warning, no critical finding. */
	IRQMATRIX_STATUS_FINDING, /**< A warning or critical finding. */
	IRQMATRIX_STATUS_PARTIAL, /**< Something could not be read. */
};

/**
 * Returns the status.
 * @param m The handle.
 * @return The highest one that applies; PARTIAL also if nothing was read.
 */
IRQMATRIX_API enum irqmatrix_status irqmatrix_status(const struct irqmatrix *m);
/** @} */

/** @name Sets */
/** @{ */

/**
 * Counts the members of a set.
 * @param b The set.
 * @return Their number; 0 for an unknown set.
 */
IRQMATRIX_API unsigned int
irqmatrix_bits_weight(const struct irqmatrix_bits *b);

/**
 * Iterates over a set.
 * @param b The set.
 * @param from The number to start at.
 * @return The smallest member >= from; -1 if there is none.
 */
IRQMATRIX_API int64_t irqmatrix_bits_next(const struct irqmatrix_bits *b,
					  unsigned int from);

/**
 * Formats a set as the kernel does: "0-3,5".
 * @param b The set.
 * @return The text, to be freed with free(): "" for an empty set, NULL for an
 * unknown one or if out of memory.
 */
IRQMATRIX_API char *irqmatrix_bits_list(const struct irqmatrix_bits *b);
/** @} */

/**
 * @name Facts
 * All irqmatrix_get_*() return 0, or -1 if there is no element with that index,
 * nothing was read, or size is that of a later version. docs/json.md and
 * docs/words.md explain the members, which have the names of the document.
 */
/** @{ */

/** The lists. */
enum irqmatrix_list {
	IRQMATRIX_CPUS,     /**< All possible CPUs, ascending. */
	IRQMATRIX_IRQS,     /**< All descriptors, ascending. */
	IRQMATRIX_DEVICES,  /**< Devices with MSI descriptors, by cost. */
	IRQMATRIX_FINDINGS, /**< The most severe first. */
	IRQMATRIX_UNREAD,   /**< What could not be read. */
};

/**
 * Counts the elements of a list.
 * @param m The handle.
 * @param list The list.
 * @return Their number; indexes start at 0.
 */
IRQMATRIX_API unsigned int irqmatrix_count(const struct irqmatrix *m,
					   enum irqmatrix_list list);

/** The kernel and its irq_matrix; counts are of vectors. */
struct irqmatrix_matrix {
	const char *release;  /**< As uname -r prints it. */
	const char *build_id; /**< In hexadecimal. */
	int64_t crash_time;   /**< Seconds since the epoch. */
	const struct irqmatrix_bits *cpus_possible; /**< cpu_possible_mask. */
	const struct irqmatrix_bits *cpus_present;  /**< cpu_present_mask. */
	const struct irqmatrix_bits *cpus_online;   /**< cpu_online_mask. */
	int64_t alloc_start;        /**< First vector of the allocator. */
	int64_t alloc_end;          /**< The vector after its last one. */
	int64_t global_available;   /**< Available on all CPUs. */
	int64_t global_reserved;    /**< Reserved, without a vector. */
	int64_t systembits_inalloc; /**< System vectors of each CPU. */
	int64_t total_allocated;    /**< Allocated on all CPUs. */
	int64_t online_maps;        /**< CPUs with an online cpumap. */
	int64_t capacity;           /**< Vectors of these CPUs in all. */
	int64_t managed;            /**< Managed reservations. */
	int64_t idle;               /**< Idle managed reservations. */
};

/**
 * Gets the matrix.
 * @param m The handle.
 * @param ret The result.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_matrix(const struct irqmatrix *m,
				       struct irqmatrix_matrix *ret,
				       size_t size);

/** A CPU and its cpumap; counts are of vectors. */
struct irqmatrix_cpu {
	unsigned int cpu;          /**< CPU number. */
	int64_t online;            /**< cpumap.online: 0 or 1. */
	int64_t available;         /**< Available. */
	int64_t allocated;         /**< Allocated, including managed ones. */
	int64_t managed;           /**< Managed reservations. */
	int64_t managed_allocated; /**< Managed reservations in use. */
	int64_t idle;              /**< Idle managed reservations. */
	int64_t node;              /**< NUMA node. */
	int64_t apicid;            /**< Id of its local APIC. */
	const struct irqmatrix_bits *alloc_map;   /**< Allocated. */
	const struct irqmatrix_bits *managed_map; /**< Managed. */
};

/**
 * Gets a CPU.
 * @param m The handle.
 * @param index Its index.
 * @param ret The result.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_cpu(const struct irqmatrix *m,
				    unsigned int index,
				    struct irqmatrix_cpu *ret, size_t size);

/** An interrupt. */
struct irqmatrix_irq {
	unsigned int irq;        /**< IRQ number. */
	unsigned int nr_actions; /**< See irqmatrix_get_action(). */
	const struct irqmatrix_bits *affinity; /**< Allowed CPUs. */
	const struct irqmatrix_bits
		*effective_affinity; /**< CPU that it goes to. */
	const struct irqmatrix_bits *pending_affinity; /**< NULL if none. */
	int64_t managed;      /**< 1: managed; 0: not. */
	int64_t vector;       /**< 0: none. Unknown also if it is not in
				      the vector domain. */
	int64_t cpu;          /**< CPU of the vector. */
	int64_t prev_vector;  /**< Previous vector, not freed yet; 0: none. */
	int64_t prev_cpu;     /**< CPU of the previous vector. */
	int64_t has_reserved; /**< 1: counted in global_reserved; 0: not. */
	int64_t count;        /**< Number of times that it fired. */
	int64_t device;       /**< Index for irqmatrix_get_device(). */
	const char *chip;     /**< The device's own irq_chip. */
	const char *domain;   /**< Its irq_domain. */
};

/**
 * Gets an interrupt.
 * @param m The handle.
 * @param index Its index.
 * @param ret The result.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_irq(const struct irqmatrix *m,
				    unsigned int index,
				    struct irqmatrix_irq *ret, size_t size);

/**
 * Finds an interrupt.
 * @param m The handle.
 * @param irq A number as in /proc/interrupts.
 * @return Its index; -1 if there is none.
 */
IRQMATRIX_API int64_t irqmatrix_find_irq(const struct irqmatrix *m,
					 unsigned int irq);

/** An action: who requested an interrupt. */
struct irqmatrix_action {
	const char *name;    /**< As in /proc/interrupts. */
	const char *handler; /**< The handler function. */
	const char *thread;  /**< The thread function. */
	int64_t flags;       /**< IRQF_*. */
};

/**
 * Gets an action of an interrupt.
 * @param m The handle.
 * @param irq Index of the interrupt.
 * @param index Index of the action.
 * @param ret The result.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_action(const struct irqmatrix *m,
				       unsigned int irq, unsigned int index,
				       struct irqmatrix_action *ret,
				       size_t size);

/** A device and its cost; counts are of vectors. */
struct irqmatrix_device {
	const char *name;          /**< For a PCI device, its address. */
	const char *bus;           /**< "pci". */
	const char *driver;        /**< "" if none is bound. */
	unsigned int nr_consumers; /**< See irqmatrix_get_consumer(). */
	int64_t node;              /**< NUMA node, or -1. */
	int64_t irqs;              /**< Number of its IRQs. */
	int64_t allocated;         /**< IRQs with a vector. */
	int64_t managed_reserved;  /**< Managed reservations on online CPUs. */
	int64_t idle_reserved;     /**< Idle managed reservations. */
	int64_t reserved;          /**< Reserved, without a vector. */
	int64_t cost;              /**< Available again after an unplug. */
};

/**
 * Gets a device.
 * @param m The handle.
 * @param index Its index.
 * @param ret The result.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_device(const struct irqmatrix *m,
				       unsigned int index,
				       struct irqmatrix_device *ret,
				       size_t size);

/** A consumer: what people call a device. */
struct irqmatrix_consumer {
	const char *name;   /**< "vda", "eth0". */
	const char *driver; /**< "virtio_blk". */
	const char *kind;   /**< Bus or class: "block", "net". */
};

/**
 * Gets a consumer of a device.
 * @param m The handle.
 * @param device Index of the device.
 * @param index Index of the consumer.
 * @param ret The result.
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
	const char *code; /**< "vectors-low"; see docs/findings.md. */
	enum irqmatrix_severity severity; /**< The severity. */
	const char *text;                 /**< One line. */
	const char *meaning;              /**< What it means, a paragraph. */
	const char *advice;               /**< What to do, a paragraph. */
	unsigned int nr_data;             /**< See irqmatrix_get_datum(). */
	const char *remedy; /**< What to do about this one, with names and
				  commands; NULL for info. */
};

/**
 * Gets a finding.
 * @param m The handle.
 * @param index Its index.
 * @param ret The result.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_finding(const struct irqmatrix *m,
					unsigned int index,
					struct irqmatrix_finding *ret,
					size_t size);

/** The types of a datum. */
enum irqmatrix_datum_type {
	IRQMATRIX_DATUM_NUM,    /**< A number. */
	IRQMATRIX_DATUM_STRING, /**< A name. */
	IRQMATRIX_DATUM_BITS,   /**< A set. */
};

/** A fact that a finding is based on. Members for other types are unknown. */
struct irqmatrix_datum {
	const char *key;                /**< As in the document. */
	enum irqmatrix_datum_type type; /**< Which of the following is set. */
	int64_t num;                    /**< For NUM. */
	const char *string;             /**< For STRING. */
	const struct irqmatrix_bits *bits; /**< For BITS. */
};

/**
 * Gets a fact that a finding is based on.
 * @param m The handle.
 * @param finding Index of the finding.
 * @param index Index of the fact.
 * @param ret The result.
 * @param size sizeof(*ret).
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_get_datum(const struct irqmatrix *m,
				      unsigned int finding, unsigned int index,
				      struct irqmatrix_datum *ret, size_t size);

/** Something that could not be read. */
struct irqmatrix_unread {
	const char *what;       /**< "irq_desc of IRQ 31". */
	uint64_t addr;          /**< Its address. */
	enum irqmatrix_why why; /**< Why it could not be read. */
};

/**
 * Gets something that could not be read.
 * @param m The handle.
 * @param index Its index.
 * @param ret The result.
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
 * Makes the document "irqmatrix/1" of docs/json.md, as `irqmatrix --json` does.
 * @param m The handle.
 * @param pretty Indent it, on several lines.
 * @return The text, to be freed with free(); NULL with irqmatrix_error().
 */
IRQMATRIX_API char *irqmatrix_json(struct irqmatrix *m, bool pretty);

/** The views of the command irqmatrix, with the option of each. */
enum irqmatrix_view {
	IRQMATRIX_VIEW_MATRIX,   /**< no option */
	IRQMATRIX_VIEW_FINDINGS, /**< --check */
	IRQMATRIX_VIEW_DEVICES,  /**< --devices */
	IRQMATRIX_VIEW_POOLS,    /**< --pools */
	IRQMATRIX_VIEW_IRQS,     /**< --irqs */
	IRQMATRIX_VIEW_VECTORS,  /**< --vectors */
	IRQMATRIX_VIEW_DEBUGFS,  /**< --debugfs */
	IRQMATRIX_VIEW_LOG,      /**< --log */
	IRQMATRIX_VIEW_MAP,      /**< --map */
};

/** The command's options of these names. Zero: the option is not set. */
struct irqmatrix_render_options {
	const char *cpus;    /**< "1,3,5-7"; NULL: all. */
	const char *columns; /**< "IRQ,DEVICE", "+COUNT"; NULL: default. */
	unsigned int top;    /**< 0: all. */
	bool all;            /**< Do not fold equal rows. */
	bool csv;            /**< A table as CSV, for a spreadsheet. */
	bool no_header;      /**< No column names. */
	bool color;          /**< Use escape sequences. */
	unsigned int width;  /**< Width of the map's lines; 0: 80. */
	bool utf8;           /**< Draw the map in Unicode, not ASCII. */
	bool csv_raw;        /**< CSV for a program: cells unchanged. */
};

/**
 * Writes a view. Names from the dump are escaped.
 * @param m The handle.
 * @param out The stream.
 * @param view The view.
 * @param options NULL: none.
 * @param size sizeof(*options), or 0 without options.
 * @return 0, or -1 with irqmatrix_error().
 */
IRQMATRIX_API int
irqmatrix_render(struct irqmatrix *m, FILE *out, enum irqmatrix_view view,
		 const struct irqmatrix_render_options *options, size_t size);

/**
 * Writes everything about single interrupts, as `irqmatrix aff` does.
 * @param m The handle.
 * @param out The stream.
 * @param which "31", "24-31,40", "0000:00:05.0", "virtio3-req.0", "nvme0q*",
 * "vda".
 * @return 0, or -1 with irqmatrix_error(), also if no interrupt matches.
 */
IRQMATRIX_API int irqmatrix_render_irqs(struct irqmatrix *m, FILE *out,
					const char *which);

/**
 * Writes the differences between two dumps of one machine, as `irqmatrix diff`
 * does.
 * @param before The first dump. It gets the error.
 * @param after The second dump.
 * @param out The stream.
 * @param json Write the document "irqmatrix-diff/1" instead of text.
 * @return 0: no differences; 1: the dumps differ; -1 with
 * irqmatrix_error(before).
 */
IRQMATRIX_API int irqmatrix_diff(struct irqmatrix *before,
				 struct irqmatrix *after, FILE *out, bool json);
/** @} */

/** @name Plans: the effect of changes */
/** @{ */

/** A plan: steps, and what the kernel would do. */
struct irqmatrix_plan;

/** The kinds of steps. Arguments are those of the command's options. */
enum irqmatrix_step {
	IRQMATRIX_STEP_ADD,     /**< "virtio_blk:2x20" */
	IRQMATRIX_STEP_REMOVE,  /**< "0000:00:05.0", "vda" */
	IRQMATRIX_STEP_OFFLINE, /**< "1,3,5-7" */
	IRQMATRIX_STEP_SUSPEND, /**< ignored */
	IRQMATRIX_STEP_LIKE,    /**< "eth0,x4": devices like one of the dump */
	IRQMATRIX_STEP_MAX,     /**< "virtio_blk:2": as many as fit */
	IRQMATRIX_STEP_BOOT,    /**< "1": boot with nr_cpus=1 */
};

/**
 * Makes a plan without steps.
 * @param m The handle. It must outlive the plan, and must not be read into
 * meanwhile. It gets the plan's errors.
 * @return The plan; NULL if out of memory, or if nothing was read.
 */
IRQMATRIX_API struct irqmatrix_plan *irqmatrix_plan_new(struct irqmatrix *m);

/** @param p NULL is fine. */
IRQMATRIX_API void irqmatrix_plan_free(struct irqmatrix_plan *p);

/**
 * Adds a step.
 * @param p The plan.
 * @param step The kind of the step.
 * @param arg The argument; copied.
 * @return 0 or -1.
 */
IRQMATRIX_API int irqmatrix_plan_step(struct irqmatrix_plan *p,
				      enum irqmatrix_step step,
				      const char *arg);

/**
 * Runs the kernel's algorithms.
 * @param p The plan.
 * @return 0: everything fits; 1: something does not fit; -1: it cannot be
 * predicted.
 */
IRQMATRIX_API int irqmatrix_plan_run(struct irqmatrix_plan *p);

/**
 * Writes the result of irqmatrix_plan_run().
 * @param p The plan.
 * @param out The stream.
 * @param json Write the document "irqmatrix-plan/1" instead of text.
 * @return 0, or -1 with the handle's irqmatrix_error().
 */
IRQMATRIX_API int irqmatrix_plan_render(struct irqmatrix_plan *p, FILE *out,
					bool json);
/** @} */

#ifdef __cplusplus
}
#endif

#endif
