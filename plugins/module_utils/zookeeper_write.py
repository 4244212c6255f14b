# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Putting wanted files and directories on disk, with their owner and mode."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_files import WantedFile

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


def make_directory(module: AnsibleModule, path: Path, owner: str, group: str, mode: str) -> bool:
    """Make the directory what it should be unless in check mode; returns whether anything differed."""
    missing = not path.is_dir()
    if missing and not module.check_mode:
        path.mkdir(parents=True)
    return set_attributes(module, path, owner, group, mode, missing)


def write_file(module: AnsibleModule, file: WantedFile, owner: str, group: str) -> bool:
    """Make the file what it should be unless in check mode; returns whether anything differed.

    A secret file belongs to root, whatever owner and group are given.
    """
    if file.changed and not module.check_mode:
        handle, temporary = tempfile.mkstemp(dir=module.tmpdir)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(file.after)
        module.atomic_move(temporary, str(file.path))
    if file.secret:
        return set_attributes(module, file.path, "root", "root", "0600", file.changed)
    return set_attributes(module, file.path, owner, group, "0640", file.changed)


def take_over(module: AnsibleModule, directory: Path, owner: str, group: str) -> bool:
    """Give the files of a directory to the server's user unless in check mode, where the directory is another user's.

    The directory itself comes last, so that an interrupted run is finished by the next one.

    Returns:
        Whether the directory was another user's.
    """
    if not directory.is_dir() or directory.owner() == owner:
        return False
    for path in [*sorted(directory.iterdir()), directory]:
        module.set_owner_if_different(str(path), owner, False)
        module.set_group_if_different(str(path), group, False)
    return True


def set_attributes(module: AnsibleModule, path: Path, owner: str, group: str, mode: str, changed: bool) -> bool:
    """Set owner and mode (octal digits) unless in check mode; returns whether they or anything before differed."""
    wanted = {
        "path": str(path),
        "owner": owner,
        "group": group,
        "mode": mode,
        "attributes": None,
        "secontext": [None],
    }
    return bool(module.set_fs_attributes_if_different(module.load_file_common_arguments(wanted), changed))
