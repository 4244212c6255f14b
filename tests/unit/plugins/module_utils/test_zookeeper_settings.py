# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

from ansible_collections.lambdafs.cluster.plugins.module_utils import zookeeper_settings as settings

DIGEST = settings.SUPER_DIGEST_KEY


def test_comments_and_the_order_of_lines_do_not_count() -> None:
    assert settings.parse("# a=b\nx=1\ny = 2\n\n") == settings.parse("y=2\nx=1\n") == {"x": "1", "y": "2"}


def test_a_value_may_hold_equals_signs() -> None:
    assert settings.parse(f"{DIGEST}=super:ab+c=\n") == {DIGEST: "super:ab+c="}


def test_what_is_rendered_is_read_again() -> None:
    wanted = {"b": "2", "a": "1"}
    assert settings.render(wanted) == "a=1\nb=2\n"
    assert settings.parse(settings.render(wanted)) == wanted


def test_values_are_written_as_zookeeper_does() -> None:
    assert settings.as_text(True) == "true"
    assert settings.as_text(["mntr", "srvr"]) == "mntr,srvr"
    assert settings.as_text(1000) == "1000"


def test_the_digest_is_the_one_that_zookeeper_makes() -> None:
    assert settings.super_digest("pw") == "super:0bX78nEegDzJM3ju0iLBEJdWzjg="


def test_the_digest_does_not_show() -> None:
    assert settings.masked({DIGEST: "super:x", "a": "1"}) == {DIGEST: "(hidden)", "a": "1"}
    assert settings.differences({DIGEST: "super:x"}, {DIGEST: "super:y"}) == [f"{DIGEST} changed"]


def test_differences_leave_the_list_of_members_out() -> None:
    running = {"tickTime": "1000", "gone": "1", settings.DYNAMIC_FILE_KEY: "/a"}
    wanted = {"tickTime": "2000", settings.DYNAMIC_FILE_KEY: "/b"}
    assert settings.differences(running, wanted) == ["gone: 1 -> unset", "tickTime: 1000 -> 2000"]
