/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/store/queries.h"

#include "base/base.h"

static const char vectors_sql[] =
	"SELECT path, release, count(*) AS cpus, min(available) AS least,\n"
	"       round(avg(available), 1) AS mean, global_available AS available,\n"
	"       global_reserved AS reserved, sum(idle) AS idle\n"
	"FROM dumps JOIN cpus ON cpus.dump = dumps.id\n"
	"WHERE online = 1 AND available IS NOT NULL\n"
	"GROUP BY dumps.id\n"
	"ORDER BY least, mean, path, dumps.hash\n"
	"LIMIT ifnull(?1, -1)\n";

static const char drivers_sql[] =
	"SELECT driver, count(*) AS dumps, sum(devices) AS devices,\n"
	"       sum(irqs) AS irqs, sum(allocated) AS allocated,\n"
	"       sum(managed_reserved) AS managed, sum(idle_reserved) AS idle,\n"
	"       sum(cost) AS cost,\n"
	"       round(1.0 * sum(cost) / sum(devices), 1) AS each\n"
	"FROM drivers\n"
	"GROUP BY driver\n"
	"ORDER BY cost DESC, driver\n";

static const char room_sql[] =
	"WITH kinds AS (\n"
	"  SELECT dump, managed_irqs, cost - managed_reserved AS others,\n"
	"         row_number() OVER (PARTITION BY dump\n"
	"           ORDER BY managed_irqs DESC, cost DESC, n) AS best\n"
	"  FROM devices\n"
	"  WHERE kind = ?1 AND managed_irqs IS NOT NULL AND cost IS NOT NULL\n"
	"), asked AS (\n"
	"  SELECT dumps.*,\n"
	"         ifnull(?3, kinds.managed_irqs) AS queues,\n"
	"         ifnull(?4, ifnull(kinds.others, 1)) AS others\n"
	"  FROM dumps LEFT JOIN kinds ON kinds.dump = dumps.id AND kinds.best = 1\n"
	"), slots AS (\n"
	"  SELECT cpus.dump, count(*) AS cpus,\n"
	"         min(CASE WHEN online THEN available\n"
	"             ELSE alloc_size - systembits_inalloc - managed\n"
	"                  - (allocated - managed_allocated) END) AS least,\n"
	"         count(CASE WHEN online THEN available\n"
	"               ELSE alloc_size - systembits_inalloc - managed\n"
	"                    - (allocated - managed_allocated) END) AS known\n"
	"  FROM cpus JOIN dumps ON dumps.id = cpus.dump\n"
	"  GROUP BY cpus.dump\n"
	"), fit AS (\n"
	"  SELECT asked.*, slots.least, slots.cpus,\n"
	"         CASE WHEN queues > 0 THEN online_maps ELSE 0 END + others AS each\n"
	"  FROM asked JOIN slots ON slots.dump = asked.id AND slots.known = slots.cpus\n"
	"  WHERE queues <= slots.cpus AND others >= 0\n"
	")\n"
	"SELECT path, release, queues, others, each,\n"
	"       global_available AS available, least,\n"
	"       CASE WHEN queues > 0 THEN min(least, global_available / each)\n"
	"            ELSE global_available / each END AS more\n"
	"FROM fit\n"
	"WHERE each > 0 AND more < ?2\n"
	"ORDER BY more, path, hash\n";

static const char drift_sql[] =
	"SELECT release, build_id, count(*) AS dumps,\n"
	"       count(DISTINCT CASE WHEN findings.n IS NOT NULL THEN dumps.id END)\n"
	"         AS drifted\n"
	"FROM dumps LEFT JOIN findings\n"
	"  ON findings.dump = dumps.id AND findings.code = 'counter-drift'\n"
	"WHERE outcome <> 'failed'\n"
	"GROUP BY release, build_id\n"
	"HAVING drifted > 0\n"
	"ORDER BY drifted DESC, release, build_id\n";

static const char alike_sql[] =
	"WITH one AS (\n"
	"  SELECT * FROM dumps WHERE path = ?1 AND outcome <> 'failed'\n"
	"  ORDER BY analysed_ns DESC, hash LIMIT 1\n"
	"), have AS (\n"
	"  SELECT dump, pci_vendor, pci_device, count(*) AS devices\n"
	"  FROM devices WHERE bus = 'pci' AND pci_vendor IS NOT NULL\n"
	"  GROUP BY dump, pci_vendor, pci_device\n"
	"), sums AS (\n"
	"  SELECT dump, sum(devices) AS devices FROM have GROUP BY dump\n"
	"), common AS (\n"
	"  SELECT b.dump, sum(min(a.devices, b.devices)) AS devices\n"
	"  FROM have a JOIN have b USING (pci_vendor, pci_device)\n"
	"  WHERE a.dump = (SELECT id FROM one)\n"
	"  GROUP BY b.dump\n"
	"), compared AS (\n"
	"  SELECT dumps.*, dumps.machine = (SELECT machine FROM one) AS same,\n"
	"         ifnull(common.devices, 0) AS shared,\n"
	"         ifnull(mine.devices, 0) + ifnull(theirs.devices, 0)\n"
	"           - ifnull(common.devices, 0) AS either\n"
	"  FROM dumps\n"
	"  LEFT JOIN common ON common.dump = dumps.id\n"
	"  LEFT JOIN sums AS theirs ON theirs.dump = dumps.id\n"
	"  LEFT JOIN sums AS mine ON mine.dump = (SELECT id FROM one)\n"
	"  WHERE dumps.cpus_possible = (SELECT cpus_possible FROM one)\n"
	"    AND dumps.id <> (SELECT id FROM one)\n"
	")\n"
	"SELECT path, release, same, cpus_possible AS cpus, shared, either,\n"
	"       round(100.0 * shared / either, 1) AS percent\n"
	"FROM compared\n"
	"WHERE shared * 2 >= either\n"
	"ORDER BY same DESC, percent DESC, path, hash\n";

static const char findings_sql[] =
	"SELECT severity, code, count(DISTINCT dump) AS dumps, count(*) AS findings,\n"
	"       count(DISTINCT machine) AS machines,\n"
	"       count(DISTINCT release) AS kernels\n"
	"FROM findings JOIN dumps ON dumps.id = findings.dump\n"
	"GROUP BY severity, code\n"
	"ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END,\n"
	"         dumps DESC, code\n";

static const char failed_sql[] = "SELECT path, size, reason, seconds\n"
				 "FROM dumps WHERE outcome = 'failed'\n"
				 "ORDER BY path, hash, size, mtime_ns\n";

static const char kernels_sql[] =
	"SELECT release, build_id, count(*) AS dumps,\n"
	"       count(DISTINCT machine) AS machines,\n"
	"       sum(outcome = 'finding') AS finding, sum(outcome = 'partly') AS partly,\n"
	"       min(crash_time) AS first_crash, max(crash_time) AS last_crash\n"
	"FROM dumps WHERE outcome <> 'failed'\n"
	"GROUP BY release, build_id\n"
	"ORDER BY dumps DESC, release, build_id\n";

const struct irqm_query irqm_queries[] = {
	{ "vectors", "[N]", 0, 1,
	  "machines by the available vectors of their fullest CPU",
	  vectors_sql },
	{ "drivers", "", 0, 0, "cost of each driver over all dumps",
	  drivers_sql },
	{ "room", "DRIVER N [QUEUES [OTHERS]]", 2, 4,
	  "machines on which N more devices do not fit", room_sql },
	{ "drift", "", 0, 0, "kernels whose counters differ from their bitmaps",
	  drift_sql },
	{ "alike", "PATH", 1, 1,
	  "machines with the same hardware as that of a dump", alike_sql },
	{ "findings", "", 0, 0, "findings by severity and code", findings_sql },
	{ "failed", "", 0, 0, "dumps that could not be analysed, and why",
	  failed_sql },
	{ "kernels", "", 0, 0, "dumps and results by kernel", kernels_sql },
};

const unsigned int irqm_nr_queries = ARRAY_SIZE(irqm_queries);
