# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writing a configuration file of Hadoop on this machine."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.hadoop_files import (
    UnreadableFile,
    edit,
    is_secret,
    parse,
    shown,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.hadoop_properties import as_text

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

# Java reads properties as Latin-1; written are ASCII and escapes
ENCODINGS = {"xml": "utf-8", "properties": "latin-1"}


class ConfigError(Exception):
    """The file cannot be written."""


def read_config(path: Path, file_format: str) -> str | None:
    """A file's text; None where there is no file.

    Raises:
        ConfigError: its bytes are no text.
    """
    if not path.exists():
        return None
    try:
        return path.read_bytes().decode(ENCODINGS[file_format])
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} cannot be read: {error}; expected UTF-8: mend it or move it away") from error


def write_config(module: AnsibleModule, path: Path, file_format: str) -> dict[str, Any]:
    """Set the module's properties in the file, and its owner and mode, unless in check mode.

    Args:
        module: the running module.
        path: the file.
        file_format: a key of ENCODINGS.

    Returns:
        The module's result.

    Raises:
        ConfigError: the directory is missing, or the file is not of this format.
    """
    wanted = {name: as_text(value) for name, value in module.params["properties"].items()}
    hide_only_secrets(module, wanted)
    before_text = read_config(path, file_format)
    try:
        before = parse(before_text, file_format) if before_text else {}
        after_text = edit(before_text, file_format, wanted)
    except UnreadableFile as error:
        raise ConfigError(f"{path} cannot be read: {error}; mend it or move it away") from error
    if not module.check_mode and not path.parent.is_dir():
        raise ConfigError(f"no directory {path.parent} found, expected one: install what this file configures")
    changed = after_text != before_text
    if changed and not module.check_mode:
        _replace(module, path, after_text.encode(ENCODINGS[file_format]))
    attributes = module.load_file_common_arguments(module.params, path=str(path))
    return {
        "changed": module.set_fs_attributes_if_different(attributes, changed),
        "properties": sorted(name for name, value in wanted.items() if before.get(name) != value),
        "diff": _difference(path, before, {**before, **wanted}),
    }


def hide_only_secrets(module: AnsibleModule, properties: Mapping[str, str]) -> None:
    """Have results keep secrets hidden, and nothing else: the names decide, not the argument as a whole."""
    module.no_log_values = {value for name, value in properties.items() if is_secret(name) and value}


def _replace(module: AnsibleModule, path: Path, content: bytes) -> None:
    """Put the content in place; a new file is its owner's alone until its mode is set."""
    path.touch(mode=0o600)
    handle, temporary = tempfile.mkstemp(dir=module.tmpdir)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    module.atomic_move(temporary, str(path))


def _difference(path: Path, before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """The difference as Ansible shows it: properties, not the text, since comments may hold secrets."""
    return {
        "before_header": str(path),
        "after_header": str(path),
        "before": shown(before),
        "after": shown(after, before),
    }
