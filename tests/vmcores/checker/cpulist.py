# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of CPUs or vectors, as the kernel and the document write them."""


def parse(text):
    """The set behind "0-3,5"; the empty set behind ""."""
    numbers = set()
    for part in filter(None, text.strip().split(",")):
        first, _, last = part.partition("-")
        numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


def write(numbers):
    """The cpulist of a set."""
    runs = []
    for n in sorted(numbers):
        if runs and runs[-1][1] == n - 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def parse_mask(text):
    """The set behind a mask of hex words, "ff,00000001"."""
    value = int(text.strip().replace(",", ""), 16)
    return {n for n in range(value.bit_length()) if value >> n & 1}
