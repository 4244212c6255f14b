# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The files that make a VM a ZooKeeper server: zoo.cfg, myid, the super password, the first list of members."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils import zookeeper_settings as settings
from ansible_collections.lambdafs.cluster.plugins.module_utils.vm_state import read_text
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_server import Data

_PASSWORD_BYTES = 32


class IdentityChanged(Exception):
    """A server with data is to get another id."""


@dataclass(frozen=True)
class WantedFile:
    """One file as it should be. `secret` ones belong to root alone and never show in a diff."""

    path: Path
    before: str | None
    after: str
    secret: bool = False

    @property
    def changed(self) -> bool:
        """Whether the file on disk says something else; a zoo.cfg is compared by its settings."""
        if self.before is not None and self.path.name == "zoo.cfg":
            return settings.parse(self.before) != settings.parse(self.after)
        return self.before != self.after

    @property
    def diff(self) -> dict[str, str]:
        """The difference as Ansible shows it."""
        return {
            "before_header": str(self.path),
            "after_header": str(self.path),
            "before": self._shown(self.before or ""),
            "after": self._shown(self.after),
        }

    def _shown(self, text: str) -> str:
        if self.secret:
            return "(hidden)\n" if text else ""
        if self.path.name == "zoo.cfg":
            return settings.render(settings.masked(settings.parse(text)))
        return text


def wanted_directories(files: Sequence[WantedFile], data_log_dir: Path) -> list[Path]:
    """The directories that belong to the server's user: those of its files, and that of its logs."""
    return sorted({data_log_dir, *(file.path.parent for file in files if not file.secret)})


def check_identity(data: Data, server_id: int, configured: bool) -> None:
    """Refuse to rename a server that has voted.

    Args:
        data: what the data directories hold.
        server_id: the id that the server should have.
        configured: whether this VM already has our configuration.

    Raises:
        IdentityChanged: it has another id now.
    """
    if configured and not data.blank and data.id is not None and data.id != server_id:
        raise IdentityChanged(
            f"this VM holds the data of server {data.id}, expected server {server_id}:"
            " give the VM its index tag back, or take it out of the ensemble and remove its data"
        )


def wanted_files(
    zoo_cfg: Path,
    myid: Path,
    password_file: Path,
    given: Mapping[str, Any],
    server_id: int,
    members: Sequence[str] | None,
) -> list[WantedFile]:
    """Every file as it should be; the super password is made where there is none.

    Args:
        zoo_cfg: path of the configuration.
        myid: path of the file with the server's id.
        password_file: path of the super user's password.
        given: settings of zoo.cfg, less the super digest and the list of members.
        server_id: the server's id.
        members: server lines to start with; None keeps the list that zoo.cfg points to.
    """
    password_before = read_text(password_file)
    password = password_before or secrets.token_urlsafe(_PASSWORD_BYTES) + "\n"
    zoo_cfg_before = read_text(zoo_cfg)
    first_list = zoo_cfg.with_name("zoo.cfg.dynamic")
    current_list = settings.parse(zoo_cfg_before or "").get(settings.DYNAMIC_FILE_KEY, str(first_list))
    wanted = {name: settings.as_text(value) for name, value in given.items()}
    wanted[settings.SUPER_DIGEST_KEY] = settings.super_digest(password.strip())
    wanted[settings.DYNAMIC_FILE_KEY] = current_list if members is None else str(first_list)
    files = [
        WantedFile(password_file, password_before, password, secret=True),
        WantedFile(myid, read_text(myid), f"{server_id}\n"),
    ]
    if members is not None:
        text = "".join(f"{line}\n" for line in members)
        files.append(WantedFile(first_list, read_text(first_list), text))
    return [*files, WantedFile(zoo_cfg, zoo_cfg_before, settings.render(wanted))]
