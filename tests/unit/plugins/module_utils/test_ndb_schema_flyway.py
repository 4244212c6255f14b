# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import zlib

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_flyway import (
    ScriptName,
    Version,
    checksum,
    parse_script_name,
)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("V2.8.2.10__hopsfs.sql", ScriptName("V", Version("2.8.2.10"), "hopsfs")),
        ("B3_2__two_words.sql", ScriptName("B", Version("3.2"), "two words")),
        ("V1__a__b.sql", ScriptName("V", Version("1"), "a  b")),
        ("R__again.sql", None),
        ("V1_hopsfs.sql", None),
        ("V1__hopsfs.sql.template", None),
        ("v1__hopsfs.sql", None),
    ],
)
def test_file_names(file: str, name: ScriptName | None) -> None:
    assert parse_script_name(file) == name


def test_versions_are_ordered_by_number() -> None:
    texts = ["3.2.0.0.1", "2.8.2.10", "3.2.0.0", "2.8.2.2", "2.8.2.9"]
    ordered = [str(version) for version in sorted(map(Version, texts))]
    assert ordered == ["2.8.2.2", "2.8.2.9", "2.8.2.10", "3.2.0.0", "3.2.0.0.1"]


def test_trailing_zeros_have_no_meaning() -> None:
    assert Version("3.2.0.0") == Version("3.2")
    assert hash(Version("3.2.0.0")) == hash(Version("3.2"))
    assert Version("0") != Version("1")


def test_the_checksum_ignores_line_ends_and_a_byte_order_mark() -> None:
    plain = checksum("SELECT 'é';\nSELECT 2;\n")
    assert plain == checksum("\ufeffSELECT 'é';\r\nSELECT 2;") == checksum("SELECT 'é';\rSELECT 2;\n\n")
    assert plain != checksum("SELECT 'é'; SELECT 2;")


def test_the_checksum_is_a_signed_crc32() -> None:
    assert zlib.crc32(b"123456789") == 0xCBF43926
    assert checksum("123\n456\n789") == 0xCBF43926 - 2**32
    assert checksum("") == 0
