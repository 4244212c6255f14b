# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils import zookeeper_files as files
from ansible_collections.lambdafs.cluster.plugins.module_utils import zookeeper_settings as settings
from ansible_collections.lambdafs.cluster.plugins.module_utils.zookeeper_server import Data

LINE = "server.1=10.0.0.1:2888:3888:participant;2181"


def wanted(root: Path, members: list[str] | None = None) -> dict[str, files.WantedFile]:
    made = files.wanted_files(
        root / "zoo.cfg", root / "myid", root / "password", {"tickTime": 1000, "reconfigEnabled": True}, 1, members
    )
    return {file.path.name: file for file in made}


def put(made: dict[str, files.WantedFile]) -> None:
    for file in made.values():
        file.path.write_text(file.after, encoding="utf-8")


def test_a_password_is_made_once(tmp_path: Path) -> None:
    first = wanted(tmp_path)
    assert first["password"].changed
    assert len(first["password"].after) > 40
    put(first)
    assert not any(file.changed for file in wanted(tmp_path).values())


def test_the_digest_in_zoo_cfg_is_that_of_the_password(tmp_path: Path) -> None:
    made = wanted(tmp_path)
    digest = settings.super_digest(made["password"].after.strip())
    assert settings.parse(made["zoo.cfg"].after)[settings.SUPER_DIGEST_KEY] == digest


def test_no_secret_shows_in_a_diff(tmp_path: Path) -> None:
    made = wanted(tmp_path)
    password = made["password"].after.strip()
    shown = "".join(text for file in made.values() for text in file.diff.values())
    assert password not in shown
    assert settings.super_digest(password) not in shown


def test_the_list_of_members_that_zookeeper_wrote_is_kept(tmp_path: Path) -> None:
    put(wanted(tmp_path))
    zoo_cfg = settings.parse((tmp_path / "zoo.cfg").read_text(encoding="utf-8"))
    rewritten = {**dict(reversed(zoo_cfg.items())), settings.DYNAMIC_FILE_KEY: "/conf/zoo.cfg.dynamic.100000000"}
    (tmp_path / "zoo.cfg").write_text("".join(f"{k}={v}\n" for k, v in rewritten.items()), encoding="utf-8")
    assert not any(file.changed for file in wanted(tmp_path).values())


def test_a_first_list_replaces_the_one_that_zoo_cfg_names(tmp_path: Path) -> None:
    (tmp_path / "zoo.cfg").write_text("dynamicConfigFile=/conf/zoo.cfg.dynamic.100000000\n", encoding="utf-8")
    made = wanted(tmp_path, [LINE])
    assert made["zoo.cfg.dynamic"].after == f"{LINE}\n"
    assert settings.parse(made["zoo.cfg"].after)[settings.DYNAMIC_FILE_KEY] == str(tmp_path / "zoo.cfg.dynamic")


def test_a_server_with_data_keeps_its_id() -> None:
    with pytest.raises(files.IdentityChanged, match="data of server 2, expected server 1"):
        files.check_identity(Data(epoch=3, blank=False, id=2), 1, configured=True)


@pytest.mark.parametrize(
    ("data", "configured"),
    [
        (Data(epoch=3, blank=False, id=1), True),
        (Data(epoch=0, blank=True, id=2), True),
        (Data(epoch=3, blank=False, id=2), False),
    ],
)
def test_any_other_server_may_have_the_id(data: Data, configured: bool) -> None:
    files.check_identity(data, 1, configured)
