# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the facts, counts, and sets the explained differences aside."""
import fnmatch

FACTS = []
MISSING = "(key missing)"


class Skip(Exception):
    """Raised by a fact that cannot be compared here; the text says why."""


class Fact:
    def __init__(self, source, name, compare):
        self.source, self.name, self.compare = source, name, compare


def fact(source, name):
    """Registers compare(document, truth), which yields (what, ours, theirs)."""
    def register(compare):
        FACTS.append(Fact(source, name, compare))
        return compare
    return register


class AtLeast:
    """Stands on their side where more than a number is right too."""

    def __init__(self, least):
        self.least = least

    def __eq__(self, other):
        return isinstance(other, int) and other >= self.least

    def __repr__(self):
        return f"at least {self.least}"


class OneOf:
    def __init__(self, values):
        self.values = sorted(values)

    def __eq__(self, other):
        return other in self.values

    def __repr__(self):
        if len(self.values) > 8:
            return f"one of {len(self.values)} from {self.values[0]} to {self.values[-1]}"
        return f"one of {self.values}"


class Result:
    def __init__(self, fact_):
        self.source, self.name = fact_.source, fact_.name
        self.compared = self.unknown = 0
        self.different = []     # (what, ours, theirs)
        self.explained = []     # (what, ours, theirs, reason)
        self.skipped = None

    def __str__(self):
        notes = [f"{self.unknown} unread in the dump"] if self.unknown else []
        notes += [f"{len(self.explained)} explained"] if self.explained else []
        if self.skipped:
            notes.append(f"left out: {self.skipped}")
        return f"{self.source:8} {self.name:28} {self.compared:6} {len(self.different):9}  {'; '.join(notes)}".rstrip()


def same(ours, theirs):
    """True and 1 are not the same answer in a document."""
    return isinstance(ours, bool) == isinstance(theirs, bool) and ours == theirs


def run(fact_, document, truth, explanations):
    result = Result(fact_)
    try:
        for what, ours, theirs in fact_.compare(document, truth):
            # Where pages are gone from the dump the guest knows more than anyone can read. Only null may stand for that.
            if ours is None and theirs is not None and fact_.source in ("guest", "trace") and truth.damaged:
                result.unknown += 1
                continue
            result.compared += 1
            if not same(ours, theirs):
                reason = explanations.reason(f"{fact_.source}/{fact_.name}/{what}")
                if reason:
                    result.explained.append((what, ours, theirs, reason))
                else:
                    result.different.append((what, ours, theirs))
    except Skip as reason:
        result.skipped = str(reason)
    return result


def run_all(document, truth, explanations, facts=None):
    return [run(f, document, truth, explanations) for f in facts or FACTS]


class Explanations:
    """Lines "SUITES | PATTERN | REASON" of cases/CASE.explained; SUITES may be "all". The pattern, of the shell's kind,
    is matched against "source/fact/what" as a difference is printed."""

    def __init__(self, lines=(), suite=""):
        self.rules = []
        for line in lines:
            if line.strip() and not line.startswith("#"):
                suites, pattern, reason = (part.strip() for part in line.split("|", 2))
                if suites == "all" or suite in suites.split():
                    self.rules.append((pattern, reason))

    def reason(self, name):
        return next((reason for pattern, reason in self.rules if fnmatch.fnmatchcase(name, pattern)), None)
