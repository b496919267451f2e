"""Programs of Debian that tests need: installed with apt-get where that may be done, else a skip (in CI a failure)."""

import os
import shutil
import subprocess
from typing import NoReturn

import pytest

_INSTALL_SECONDS = 600


def program(name: str, package: str) -> str:
    """Path of a program; skips the test, in CI fails it, when it is absent and cannot be installed from `package`."""
    if found := shutil.which(name):
        return found
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        _do_without(f"{name} is not installed, and only root on Debian can install it here: apt-get install {package}")
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", package]):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(command, timeout=_INSTALL_SECONDS, env=environment, capture_output=True, check=False)
    found = shutil.which(name)
    if found is None:
        _do_without(f"{name} is not installed, and apt-get could not install {package}")
    return found


def _do_without(why: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)
