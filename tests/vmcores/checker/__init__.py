# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the JSON document of a dump with three truths that none of our code wrote: the guest's own files, the
kernel's trace events in them, and drgn's reading of the dump. What each module is for stands at its top."""
