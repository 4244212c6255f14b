# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.hadoop_files import (
    UnreadableFile,
    edit,
    is_secret,
    parse,
    shown,
)

SITE = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="configuration.xsl"?>
<!-- a licence -->
<configuration>
    <property>
        <name>serverless.http.timeout</name> <!-- seconds -->
        <value>20</value>
    </property>
    <property><name> dfs.replication </name><value/><final>true</final></property>
    <!-- <property><name>serverless.http.timeout</name><value>1</value></property> -->
    <property>
        <name>no.value</name>
    </property>
    <property>
        <name>own</name>
        <value>a &amp; \N{GREEK SMALL LETTER LAMDA}</value>
    </property>
</configuration>
"""

NDB = """# comment with key=value
com.mysql.clusterj.database=hop
! another
io.hops.class = com.mysql.cj.jdbc.MysqlDataSource
long = one, \\
       two

escaped\\ key : \\u03bb\\tx
"""


def test_xml_is_read_as_hadoop_reads_it() -> None:
    assert parse(SITE, "xml") == {
        "serverless.http.timeout": "20",
        "dfs.replication": "",
        "no.value": "",
        "own": "a & \N{GREEK SMALL LETTER LAMDA}",
    }


def test_xml_values_are_set_in_place() -> None:
    assert edit(SITE, "xml", {"serverless.http.timeout": "30"}) == SITE.replace("<value>20<", "<value>30<")
    assert edit(SITE, "xml", {"dfs.replication": "3"}) == SITE.replace("<value/>", "<value>3</value>")
    reversed_order = "<configuration><property><value/><name>a</name></property></configuration>"
    assert edit(reversed_order, "xml", {"a": "3"}) == reversed_order.replace("<value/>", "<value>3</value>")
    assert edit(SITE, "xml", {"no.value": "now"}) == SITE.replace(
        "<name>no.value</name>", "<name>no.value</name><value>now</value>"
    )
    assert edit(SITE, "xml", {"own": "<b>"}) == SITE.replace("a &amp; \N{GREEK SMALL LETTER LAMDA}", "&lt;b&gt;")


def test_new_xml_properties_come_last() -> None:
    after = edit(SITE, "xml", {"z": "1", "a": "<2>"})
    assert after.startswith(SITE.removesuffix("</configuration>\n"))
    assert list(parse(after, "xml").items())[-2:] == [("z", "1"), ("a", "<2>")]
    assert edit(after, "xml", {"z": "1", "a": "<2>"}) == after


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "<configuration/>",
        "<configuration />\n",
        "<configuration></configuration>",
        "<?xml version='1.0'?>\n<configuration>\n  </configuration>",
        "<configuration><property><name>b</name><value>2</value></property></configuration>",
    ],
)
def test_an_xml_file_without_properties_of_ours_gets_them(text: str | None) -> None:
    after = edit(text, "xml", {"a": "1"})
    assert parse(after, "xml")["a"] == "1"
    assert ElementTree.fromstring(after.encode()).tag == "configuration"  # noqa: S314 - made above
    assert edit(after, "xml", {"a": "1"}) == after


def test_every_element_of_a_repeated_property_is_set() -> None:
    twice = "<configuration>" + "<property><name>a</name><value>1</value></property>" * 2 + "</configuration>"
    assert edit(twice, "xml", {"a": "2"}) == twice.replace("1", "2")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<configuration>", "it is no XML: no element found"),
        ("key=value", "it is no XML: not well-formed"),
        ("<project/>", "its root is 'project', expected 'configuration'"),
    ],
)
def test_what_is_no_configuration_is_refused(text: str, message: str) -> None:
    with pytest.raises(UnreadableFile, match=message):
        edit(text, "xml", {"a": "1"})


def test_properties_are_read_as_java_reads_them() -> None:
    assert parse(NDB, "properties") == {
        "com.mysql.clusterj.database": "hop",
        "io.hops.class": "com.mysql.cj.jdbc.MysqlDataSource",
        "long": "one, two",
        "escaped key": "\N{GREEK SMALL LETTER LAMDA}\tx",
    }


def test_properties_are_set_in_place_without_redundant_spaces() -> None:
    wanted = {
        "io.hops.class": "com.mysql.cj.jdbc.MysqlDataSource",
        "com.mysql.clusterj.database": "hops",
        "long": "three",
    }
    after = edit(NDB, "properties", wanted)
    assert after == NDB.replace("=hop\n", "=hops\n").replace("class = com", "class=com").replace(
        "long = one, \\\n       two\n", "long=three\n"
    )
    assert edit(after, "properties", wanted) == after


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        " leading",
        "a=b:c#d!e",
        "back\\slash",
        "two\nlines\t",
        "\N{GREEK SMALL LETTER LAMDA}",
        "\N{GRINNING FACE}",
        "",
    ],
)
def test_every_value_survives_a_properties_file(value: str) -> None:
    after = edit("first=1", "properties", {"a b": value})
    assert after.isascii()
    assert parse(after, "properties") == {"first": "1", "a b": value}


@pytest.mark.parametrize("text", [None, "", "# only a comment", "a=0\r\nb=2\r\n", "a"])
def test_a_properties_file_without_properties_of_ours_gets_them(text: str | None) -> None:
    after = edit(text, "properties", {"a": "1"})
    assert parse(after, "properties") == {**parse(text or "", "properties"), "a": "1"}
    assert after.startswith("# only a comment\n" if text and text.startswith("#") else "a=1\n")


def test_a_broken_escape_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"without four hexadecimal digits: '\\\\u12'"):
        parse("a=\\u12", "properties")


def test_secrets_are_known_by_name_and_hidden() -> None:
    assert is_secret("io.hops.metadata.ndb.mysqlserver.password")
    assert is_secret("serverless.openwhisk.auth")
    assert not is_secret("hadoop.security.authentication")
    assert shown({"b.password": "hunter", "a": "1"}) == "a=1\nb.password=(hidden)\n"
    assert shown({"b.password": "hunter"}, {"b.password": "hunter"}) == "b.password=(hidden)\n"
    assert shown({"b.password": "hunter"}, {"b.password": "other"}) == "b.password=(hidden), new\n"
