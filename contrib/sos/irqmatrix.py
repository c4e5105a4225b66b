# SPDX-License-Identifier: GPL-3.0-or-later
"""A plugin of sos: the interrupt vectors of the running kernel."""

from sos.report.plugins import (DebianPlugin, Plugin, RedHatPlugin, SuSEPlugin,
                                UbuntuPlugin)


# sos 4.0 of Debian 12 does not load an IndependentPlugin.
class Irqmatrix(Plugin, DebianPlugin, RedHatPlugin, SuSEPlugin, UbuntuPlugin):

    short_desc = 'Interrupt vectors of each CPU'

    plugin_name = 'irqmatrix'
    profiles = ('system', 'hardware', 'kernel')
    packages = ('irqmatrix',)
    commands = ('irqmatrix',)

    def setup(self):
        tool = 'irqmatrix --no-cache'
        self.add_cmd_output(f'{tool} --check')
        # Without messages, which are in the other file, and whole: sos keeps
        # only the end of what is larger than its limit (in MB).
        self.add_cmd_output(f'{tool} --json',
                            suggest_filename='irqmatrix.json',
                            stderr=False, sizelimit=200)
