"""Who is at work, for the record of what was done by hand."""

from __future__ import annotations

import getpass
import shutil
import subprocess


def current_person() -> str:
    """`git config user.name`, else the name of the OS user."""
    return _from_git() or _from_system()


def _from_git() -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    done = subprocess.run([git, "config", "user.name"], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def _from_system() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container's user id without a name.
        return "unknown"
