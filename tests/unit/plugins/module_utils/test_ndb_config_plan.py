from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_config_file import (
    ConfiguredNode,
    Layout,
    changes,
    parse,
    render,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_config_plan import (
    newcomers,
    restart_refusals,
    shape_refusals,
)

NAMES = {"numcpus": "NumCPUs", "hostname": "HostName", "noofreplicas": "NoOfReplicas"}


def nodes(*data_nodes: tuple[int, str]) -> list[dict[str, Any]]:
    found = [{"name": "m", "id": 1, "kind": "mgmd", "host": "10.0.0.1"}]
    return found + [{"name": f"d{i}", "id": i, "kind": "datanode", "host": host} for i, host in data_nodes]


def configuration(
    *data_nodes: tuple[int, str], replicas: int = 2, cpus: int = 4, new: frozenset[int] = frozenset()
) -> dict[int, ConfiguredNode]:
    layout = Layout(replicas, 1186, "/m", "/d", 0)
    return parse(render(nodes(*data_nodes), layout, {"NumCPUs": str(cpus)}, new))


TWO = ((3, "a"), (4, "b"))
FOUR = (*TWO, (5, "c"), (6, "d"))


def refused(
    before: dict[int, ConfiguredNode],
    after: dict[int, ConfiguredNode],
    replicas: int = 2,
    in_contact: tuple[int, ...] = (),
    allowed: str = "node",
) -> list[str]:
    found = changes(before, after, NAMES) if before else []
    return shape_refusals(before, after, replicas, in_contact) + restart_refusals(found, allowed)


def test_a_first_start_has_no_newcomers_and_no_refusals() -> None:
    assert newcomers(nodes(*FOUR), {}, []) == set()
    assert refused({}, configuration(*FOUR)) == []


def test_nodes_that_the_cluster_does_not_have_are_newcomers_until_they_have_a_group() -> None:
    assert newcomers(nodes(*FOUR), configuration(*TWO), [3, 4]) == {5, 6}
    grown = configuration(*FOUR, new=frozenset({5, 6}))
    assert newcomers(nodes(*FOUR), grown, [3, 4]) == {5, 6}
    assert newcomers(nodes(*FOUR), grown, [3, 4, 5, 6]) == set()


def test_growing_is_allowed() -> None:
    assert refused(configuration(*TWO), configuration(*FOUR, new=frozenset({5, 6}))) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (configuration(*FOUR), configuration(*TWO), "expected data node 5, 6 as well"),
        (configuration(*TWO), configuration((3, "a"), (5, "b")), "data node 4 at b is to become 5"),
        (
            configuration(*TWO),
            configuration((3, "a"), (4, "z")),
            "HostName: b -> z needs a restart of the whole system",
        ),
        (configuration(*TWO), configuration(*TWO, cpus=8), "ndb_mgmd_confirm_restart=initial"),
    ],
)
def test_what_a_running_cluster_cannot_take_is_refused(
    before: dict[int, ConfiguredNode], after: dict[int, ConfiguredNode], said: str
) -> None:
    assert any(said in sentence for sentence in refused(before, after))


def test_replicas_cannot_change_whatever_is_confirmed() -> None:
    (sentence,) = refused(configuration(*TWO), configuration(*TWO, replicas=1), replicas=1, allowed="initial")
    assert sentence.startswith("1 replicas asked for and the cluster was made with 2, expected 2")


def test_confirmed_restarts_are_allowed() -> None:
    assert refused(configuration(*TWO), configuration((3, "a"), (4, "z")), allowed="system") == []
    assert refused(configuration(*TWO), configuration(*TWO, cpus=8), allowed="initial") == []
    assert refused(configuration(*TWO), configuration(*TWO, cpus=8), allowed="system") != []


def test_a_newcomer_that_never_started_may_go() -> None:
    grown = configuration(*FOUR, new=frozenset({5, 6}))
    assert refused(grown, configuration(*TWO)) == []
    assert refused(grown, configuration(*TWO), in_contact=(5,)) != []


def test_two_addresses_that_changed_places_are_told() -> None:
    sentences = refused(configuration(*TWO), configuration((3, "b"), (4, "a")), allowed="system")
    assert len(sentences) == 2
