#!/usr/bin/env python3
"""Runs `ansible-test sanity` on the collection's newest tarball in build/, unpacked where ansible-test wants it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLLECTIONS = ROOT / ".cache" / "sanity" / "ansible_collections"
TREE = COLLECTIONS / "lambdafs" / "cluster"
# Namespaces of the collections that ours imports from; the bundle of PyPI's `ansible` has them
DEPENDENCIES = ("amazon", "ansible", "community")
STAND_IN = ROOT / "tools" / "get_pip.py"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"

# What ansible-test prints when it cannot have its pip bootstrap script, and the errors that mean "not to be had here"
DOWNLOAD_FAILED = re.compile(r"Download failed: (?P<error>.*)")
SAVED_TO = re.compile(r"manually downloaded and saved to: (?P<path>\S+)")
NOTHING_FOUND = "All targets skipped"
REFUSED = re.compile(r"HTTP Error 40[37]|Tunnel connection failed|Connection refused|Name or service not known")


def unpack() -> None:
    """Replace the scratch tree by the content of the tarball; raises ValueError unless build/ holds exactly one."""
    tarballs = list((ROOT / "build").glob("lambdafs-cluster-*.tar.gz"))
    if len(tarballs) != 1:
        raise ValueError(f"build/ holds {len(tarballs)} tarballs of the collection, expected 1: run `make build`")
    if COLLECTIONS.exists():
        shutil.rmtree(COLLECTIONS)
    TREE.mkdir(parents=True)
    subprocess.run(["tar", "--extract", "--gzip", "--file", tarballs[0], "--directory", TREE], check=True)
    # ansible-test asks git for the files, and must not find the checkout around the tree, which ignores it
    subprocess.run(["git", "init", "--quiet", TREE], check=True)
    bundle = Path(sysconfig.get_path("purelib")) / "ansible_collections"
    for namespace in DEPENDENCIES:
        (COLLECTIONS / namespace).symlink_to(bundle / namespace)


def ansible_test(*arguments: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
    """Run `ansible-test sanity` in the scratch tree; output goes to the terminal, or into the result if `capture`."""
    return subprocess.run(
        ["ansible-test", "sanity", "--python", PYTHON, "--color", "no", *arguments],
        cwd=TREE,
        text=True,
        check=False,
        stdout=subprocess.PIPE if capture else None,
        stderr=subprocess.STDOUT if capture else None,
    )


def refused_download(output: str) -> tuple[str, Path] | None:
    """Return the error and the path of the bootstrap script that was refused, or None for any other output."""
    failed, saved = DOWNLOAD_FAILED.search(output), SAVED_TO.search(output)
    if failed is None or saved is None or not REFUSED.search(failed["error"]):
        return None
    return failed["error"], Path(saved["path"])


def prime() -> int:
    """Make the virtual environments of the sanity tests; returns ansible-test's exit code."""
    first = ansible_test("--prime-venvs", capture=True)
    if NOTHING_FOUND in first.stdout:
        raise ValueError(f"ansible-test found no file to test in {TREE}, expected the collection's own")
    refused = refused_download(first.stdout)
    if refused is None:
        if first.returncode:
            sys.stdout.write(first.stdout)
        return first.returncode
    error, path = refused
    print(f"ansible-test's download of pip's bootstrap script was refused ({error}); {STAND_IN} serves", flush=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(STAND_IN, path)
    try:
        return ansible_test("--prime-venvs").returncode
    finally:
        path.unlink()


def main(arguments: list[str]) -> int:
    """Unpack, prime, test; `arguments` go to ansible-test, such as `--test validate-modules`."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    unpack()
    return prime() or ansible_test(*arguments).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ValueError as error:
        sys.exit(f"sanity: {error}")
