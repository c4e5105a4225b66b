/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings from the kernel log: the messages that they are based on, and
 * helpers. log_forms.def has the messages. */
#ifndef IRQM_FINDINGS_LOG_H
#define IRQM_FINDINGS_LOG_H

#include "analysis/findings/finding.h"

/* What a line says, and its numbers. */
enum log_kind {
	LOG_PROBE,        /* device and driver: probe failed (error) */
	LOG_PROBE_BUSY,   /* the same, with -EBUSY */
	LOG_PROBE_OTHER,  /* the same, with what the driver returns instead */
	LOG_FUNCTION,     /* name and PCI address: from here on, this is it */
	LOG_FLAGS,        /* IRQ, device: Flags mismatch irq */
	LOG_REFUSED,      /* device: was refused interrupts */
	LOG_FEWER,        /* device: got fewer vectors (asked for, got) */
	LOG_QUEUES,       /* nvme: has queues (default, read, poll) */
	LOG_IRTE,         /* no free entry of the remapping table */
	LOG_FAULT_DEVICE, /* device of the LOG_FAULT on the next line */
	LOG_FAULT,        /* device: the IOMMU blocked it (reason) */
	LOG_FAULT_AMD,    /* the same (address, flags) */
	LOG_HYPERVISOR,   /* device: the hypervisor refused an interrupt */
	LOG_NO_HANDLER,   /* CPU, vector: No irq handler for vector */
	LOG_MOVE,         /* IRQ: it moved as its CPU went offline */
	LOG_POLLED,       /* device: answers were there, interrupts were not */
	LOG_DISABLED,     /* IRQ: no handler took its interrupts */
	LOG_BROKEN,       /* IRQ: Affinity broken */
	LOG_NOT_OFFLINED, /* CPU, vectors, available: Cannot disable */
	LOG_CPU_DOWN,     /* CPU, error: it could not go offline */
	LOG_RESERVATION,  /* reservation exceeds */
	LOG_MANAGED,      /* IRQ: Managed startup */
	LOG_SET_AFFINITY, /* IRQ, error: set affinity failed */
	LOG_KERNEL_WARNING, /* line of the kernel's source */
	NR_LOG_KINDS,
};

#define LOG_MAX_NUMBERS 4

/* The content of a line. */
struct log_match {
	enum log_kind kind;
	bool context; /* it has other causes too, see log_forms.def */
	int64_t num[LOG_MAX_NUMBERS]; /* in the order of enum log_kind */
	char device[48], driver[48];  /* cut if longer; "" if there is none */
};

/*
 * The pairs of neighbouring characters that a text has, each hashed to a bit. A
 * line without all pairs of a message's fixed text cannot be that message, so
 * that most lines are compared with none.
 */
struct log_pairs {
	uint64_t bits[4];
};

/* The pairs of each message of log_forms.def. */
struct log_forms {
	struct log_pairs pairs[0
#define FORM(...) +1
#include "analysis/findings/log_forms.def"
#undef FORM
	];
};

void irqm_log_forms_init(struct log_forms *forms);
/* Returns false if the line is none of these messages. */
bool irqm_log_match(const struct log_forms *forms, const char *text,
		    struct log_match *ret);
/* The same for messages that are in no table: LOG_REFUSED. */
bool irqm_log_match_general(const char *text, struct log_match *ret);

/* Who a line is from, by what precedes its first ": ". */
enum log_sender {
	LOG_FROM_NONE,
	LOG_FROM_NAME,   /* "mpt3sas_cm0" */
	LOG_FROM_DEVICE, /* "nvme nvme0" */
	LOG_FROM_PCI,    /* "ice 0000:98:00.0" */
};

/* Fills device and driver, each if it is empty. */
enum log_sender irqm_log_sender(const char *text, struct log_match *m);

#define ENOSPC_ 28

/* The lines of one kind. */
struct evidence {
	unsigned int count;
	const struct irqm_log_line *first, *last;
	struct log_match *kept;
	const struct irqm_log_line **lines; /* parallel to kept */
	unsigned int nr_kept;
};

/* Names nvme0, nvme1 ... that are followed to their PCI function. */
#define LOG_MAX_FUNCTIONS 1024

struct log {
	struct irqm_analysis *a;
	struct log_forms forms;
	struct evidence e[NR_LOG_KINDS];
	/* nvmeN: index of the line with its present PCI function, plus 1 */
	unsigned int function[LOG_MAX_FUNCTIONS];
	char fault_device[48]; /* of LOG_FAULT_DEVICE */
	unsigned int online_cpus;
	unsigned int full_cpus; /* online CPUs without a free vector */
	bool full_known;
	unsigned int room_failed; /* of a->failed */
	/* a CPU is full, or the log says for certain that vectors or remapping
	 * entries ran out */
	bool was_short;
};

/* What -28 means from the probe of a driver. */
enum log_probe_error {
	LOG_ERROR_UNKNOWN,
	LOG_ERROR_VECTORS, /* no vectors, or remapping entries */
	LOG_ERROR_OWN,     /* something else, by the driver's source */
};

/* Returns what the driver means by -28. */
enum log_probe_error irqm_log_probe_error(const char *driver);
/* Whether the driver returns this error where it is short of vectors. */
bool irqm_log_is_driver_error(const char *driver, int64_t error);

/* Adds ". All online CPUs have free vectors now", or how many are full. */
void irqm_log_say_state(const struct log *log, struct irqm_text *t);
/*
 * Adds a finding with the data that all findings of the log have. Its text gets
 * the times and a quotation of the line e->lines[quoted]. Returns NULL if out
 * of memory.
 */
struct irqm_finding *irqm_log_finding(struct log *log,
				      enum irqm_finding_name name,
				      enum irqm_severity severity,
				      const struct evidence *e,
				      unsigned int quoted, struct irqm_text *t);

/* Adds a device to a->failed, once. Returns false if out of memory. */
bool irqm_log_note_failed(struct log *log, const struct log_match *m);

/* Whether an earlier line has the same device. */
bool irqm_log_seen_before(const struct evidence *e, unsigned int i);
/* Whether any line has the device. */
bool irqm_log_has_device(const struct evidence *e, const char *device);
/* Whether this is the name of the device or of one of its consumers. */
bool irqm_log_names(const struct irqm_device *d, const char *name);
/* Returns the device with that name or consumer, -1 if it has no interrupts.
 * "5e:00.0", without a domain, is found if only one device ends like that. */
int irqm_log_device(const struct irqm_snapshot *s, const char *name);

/* Reads the log into log->e. Returns false if out of memory. */
bool irqm_log_read(struct log *log);

/* The rules. They return false if out of memory. */
typedef bool irqm_log_rule(struct log *log, const struct evidence *e);
irqm_log_rule irqm_log_find_probes, irqm_log_find_flags, irqm_log_find_refused,
	irqm_log_find_fewer, irqm_log_find_irte, irqm_log_find_faults,
	irqm_log_find_hypervisor, irqm_log_find_moved, irqm_log_find_polled,
	irqm_log_find_disabled, irqm_log_find_kernel_warning;

#endif
