"""Debian's Chromium, twice.

The stories are told in its shell without windows, which Playwright too would take: the whole browser draws, for each
window that nobody sees, the lists of its address bar, which costs most of a second of a processor every time. What
a browser leaves on a disk only the whole one can show.
"""

import os
import shutil

SHELL = shutil.which("chromium-headless-shell")
WHOLE = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses root
