#!/bin/sh
# The Slurm job array of docs/fleet.md: every task analyses its share of the
# folders in $LIST into a store of its own in $OUT.
awk "NR % $SLURM_ARRAY_TASK_COUNT == $SLURM_ARRAY_TASK_ID" "$LIST" |
    xargs -d '\n' irqmatrix batch -j "${SLURM_CPUS_PER_TASK:-1}" \
        --db "$OUT/shard-$SLURM_ARRAY_TASK_ID.db"
test -s "$OUT/shard-$SLURM_ARRAY_TASK_ID.db"
