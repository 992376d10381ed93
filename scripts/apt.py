"""Debian's packages, for what the tests need and the machine lacks."""

import os
import shutil
import subprocess


def has_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> bool:
    """Install packages as root; False if that failed, with the reason on the terminal."""
    print(f"Installing {', '.join(packages)} ...", flush=True)
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    for words in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run([*command, *words], env=quietly, stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            return False
    return True
