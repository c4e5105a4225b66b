/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/store/schema.h"

/*
 * A released version is never changed: what is new is a version more. Numbers
 * that could not be read are NULL. docs/store.md says what the columns are.
 */
static const char version_1[] =
	"CREATE TABLE dumps (\n"
	"	id INTEGER PRIMARY KEY,\n"
	"	size INTEGER NOT NULL,\n"
	"	mtime_ns INTEGER NOT NULL,\n"
	"	hash TEXT NOT NULL,\n"
	"	path TEXT NOT NULL,\n"
	"	outcome TEXT NOT NULL CHECK (outcome IN\n"
	"		('nothing', 'finding', 'partly', 'failed')),\n"
	"	reason TEXT,\n"
	"	seconds REAL NOT NULL,\n"
	"	peak_kib INTEGER,\n"
	"	tool_version TEXT NOT NULL,\n"
	"	analysed_ns INTEGER NOT NULL,\n"
	"	release TEXT,\n"
	"	build_id TEXT,\n"
	"	arch TEXT,\n"
	"	format TEXT,\n"
	"	crash_time INTEGER,\n"
	"	machine TEXT,\n"
	"	cpus_possible INTEGER,\n"
	"	online_maps INTEGER,\n"
	"	alloc_size INTEGER,\n"
	"	systembits_inalloc INTEGER,\n"
	"	global_available INTEGER,\n"
	"	global_reserved INTEGER,\n"
	"	total_allocated INTEGER,\n"
	"	lost INTEGER,\n"
	"	unattributed INTEGER,\n"
	"	no_msi_device INTEGER,\n"
	"	irqs_complete INTEGER,\n"
	"	unread INTEGER,\n"
	"	UNIQUE (size, mtime_ns, hash),\n"
	"	CHECK ((outcome = 'failed') = (reason IS NOT NULL))\n"
	");\n"
	"CREATE INDEX dumps_machine ON dumps (machine);\n"
	"CREATE TABLE cpus (\n"
	"	dump INTEGER NOT NULL REFERENCES dumps ON DELETE CASCADE,\n"
	"	n INTEGER NOT NULL,\n"
	"	cpu INTEGER NOT NULL,\n"
	"	online INTEGER,\n"
	"	initialized INTEGER,\n"
	"	available INTEGER,\n"
	"	allocated INTEGER,\n"
	"	managed INTEGER,\n"
	"	managed_allocated INTEGER,\n"
	"	idle INTEGER,\n"
	"	node INTEGER,\n"
	"	PRIMARY KEY (dump, n)\n"
	") WITHOUT ROWID;\n"
	"CREATE TABLE drivers (\n"
	"	dump INTEGER NOT NULL REFERENCES dumps ON DELETE CASCADE,\n"
	"	n INTEGER NOT NULL,\n"
	"	driver TEXT,\n"
	"	devices INTEGER,\n"
	"	irqs INTEGER,\n"
	"	allocated INTEGER,\n"
	"	managed_reserved INTEGER,\n"
	"	managed_reserved_offline INTEGER,\n"
	"	idle_reserved INTEGER,\n"
	"	reserved INTEGER,\n"
	"	cost INTEGER,\n"
	"	PRIMARY KEY (dump, n)\n"
	") WITHOUT ROWID;\n"
	"CREATE TABLE devices (\n"
	"	dump INTEGER NOT NULL REFERENCES dumps ON DELETE CASCADE,\n"
	"	n INTEGER NOT NULL,\n"
	"	device TEXT,\n"
	"	bus TEXT,\n"
	"	driver TEXT,\n"
	"	kind TEXT,\n"
	"	consumers TEXT,\n"
	"	node INTEGER,\n"
	"	irqs INTEGER,\n"
	"	allocated INTEGER,\n"
	"	managed_reserved INTEGER,\n"
	"	managed_reserved_offline INTEGER,\n"
	"	idle_reserved INTEGER,\n"
	"	reserved INTEGER,\n"
	"	cost INTEGER,\n"
	"	msi_descs INTEGER,\n"
	"	pci_class INTEGER,\n"
	"	pci_vendor INTEGER,\n"
	"	pci_device INTEGER,\n"
	"	PRIMARY KEY (dump, n)\n"
	") WITHOUT ROWID;\n"
	"CREATE TABLE findings (\n"
	"	dump INTEGER NOT NULL REFERENCES dumps ON DELETE CASCADE,\n"
	"	n INTEGER NOT NULL,\n"
	"	code TEXT NOT NULL,\n"
	"	severity TEXT NOT NULL,\n"
	"	text TEXT NOT NULL,\n"
	"	data TEXT NOT NULL,\n"
	"	PRIMARY KEY (dump, n)\n"
	") WITHOUT ROWID;\n"
	"CREATE INDEX findings_code ON findings (code);\n"
	"CREATE TABLE unread (\n"
	"	dump INTEGER NOT NULL REFERENCES dumps ON DELETE CASCADE,\n"
	"	n INTEGER NOT NULL,\n"
	"	what TEXT,\n"
	"	why TEXT,\n"
	"	PRIMARY KEY (dump, n)\n"
	") WITHOUT ROWID;\n"
	"CREATE TABLE documents (\n"
	"	dump INTEGER PRIMARY KEY REFERENCES dumps ON DELETE CASCADE,\n"
	"	packed BLOB NOT NULL\n"
	");\n";

/* What `query room` asks for. */
static const char version_2[] =
	"ALTER TABLE devices ADD COLUMN managed_irqs INTEGER;\n"
	"CREATE VIEW machines AS\n"
	"	SELECT machine, min(cpus_possible) AS cpus_possible,\n"
	"		count(*) AS dumps, max(crash_time) AS last_crash\n"
	"	FROM dumps WHERE machine IS NOT NULL GROUP BY machine;\n";

/* What a file was before, see irqm_store_found(). */
static const char version_3[] =
	"CREATE INDEX dumps_path ON dumps (path);\n";

/* The state of a dump's files on this machine, see irqm_store_has_files(). */
static const char version_4[] =
	"ALTER TABLE dumps ADD COLUMN files TEXT;\n"
	"CREATE INDEX dumps_files ON dumps (files);\n";

static const struct {
	const char *sql;
	bool refills;
} versions[IRQM_STORE_VERSION] = {
	{ version_1, false },
	{ version_2, true },
	{ version_3, false },
	{ version_4, false },
};

const char *irqm_schema_sql(int version)
{
	return versions[version - 1].sql;
}

bool irqm_schema_refills(int version)
{
	return versions[version - 1].refills;
}
