"""The files of the benchmark utility."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.lambdafs.cluster.plugins.filter import benchmark_config as config_filter
from ansible_collections.lambdafs.cluster.plugins.module_utils import benchmark_config as files

from tests.repository import ROOT

FACTS = {
    "system": "lambdafs",
    "endpoint": "hdfs://10.0.0.1:9000/",
    "hdfs_site": "/opt/hadoop-lambdafs/etc/hadoop/hdfs-site.xml",
    "commander_executes": True,
    "followers": ["10.0.0.2", "10.0.0.3"],
    "user": "ubuntu",
}


def defaults() -> dict[str, Any]:
    """The role's defaults by their names without its prefix."""
    values = yaml.safe_load((ROOT / "roles/benchmark/defaults/main.yml").read_text(encoding="utf-8"))
    return {name.removeprefix("benchmark_"): value for name, value in values.items()}


def test_config_names_every_follower() -> None:
    assert files.benchmark_config(FACTS) == {
        "namenodeEndpoint": "hdfs://10.0.0.1:9000/",
        "hdfsConfigFile": "/opt/hadoop-lambdafs/etc/hadoop/hdfs-site.xml",
        "commanderExecutesToo": True,
        "followers": [{"ip": "10.0.0.2", "user": "ubuntu"}, {"ip": "10.0.0.3", "user": "ubuntu"}],
    }


def test_config_of_hopsfs_has_only_what_its_branch_knows() -> None:
    assert set(files.benchmark_config({**FACTS, "system": "hopsfs"})) == {
        "namenodeEndpoint",
        "hdfsConfigFile",
        "followers",
    }


def test_the_filter_is_the_function() -> None:
    assert config_filter.FilterModule().filters() == {"benchmark_config": files.benchmark_config}


def test_the_default_workload_is_that_of_the_paper() -> None:
    assert files.benchmark_workload(defaults()) == {
        "num.worker.threads": "4",
        "files.to.create.in.warmup.phase": "128",
        "warmup.phase.wait.time": "10000",
        "interleaved.bm.duration": "60000",
        "interleaved.bm.iat.unit": "15",
        "interleaved.bm.iat.skipunit": "0",
        "interleaved.bm.iat.distribution": "PARETO",
        "interleaved.bm.iat.pareto.alpha": "2",
        "interleaved.bm.iat.pareto.location": "10000",
        "interleaved.create.files.percentage": "1.09",
        "interleaved.rename.files.percentage": "0.55",
        "interleaved.delete.files.percentage": "0.34",
        "interleaved.mkdir.percentage": "0.02",
        "interleaved.read.files.percentage": "71.84",
        "interleaved.ls.dirs.percentage": "8.17",
        "interleaved.ls.files.percentage": "0.68",
        "interleaved.file.getInfo.percentage": "13.54",
        "interleaved.dir.getInfo.percentage": "3.77",
    }
    assert files.workload_problems(defaults()) == []


def test_further_properties_come_last() -> None:
    workload = files.benchmark_workload({**defaults(), "workload_extra": {"benchmark.random.seed": 7}})
    assert list(workload.items())[-1] == ("benchmark.random.seed", "7")


def test_an_operation_that_is_left_out_has_no_share() -> None:
    settings = {**defaults(), "workload_percentages": {"read": 60, "create": "40.00"}}
    assert files.workload_problems(settings) == []
    assert files.benchmark_workload(settings)["interleaved.mkdir.percentage"] == "0"


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ({"read": 99.5}, "benchmark_workload_percentages add up to 99.5, expected 100"),
        ({"read": 99.99, "create": 0.02}, "add up to 100.01, expected 100"),
        ({"read": 99.995, "create": 0.005}, "has create 0.005, expected 0 to 100 with two decimals at most"),
        ({"read": 101, "create": -1}, "has create -1, expected 0 to 100"),
        ({"read": 100, "chmod": 0}, "holds chmod, expected some of create, rename"),
        ({"read": "all"}, "has read 'all', expected 0 to 100"),
        ({"read": True}, "has read True, expected 0 to 100"),
        ({}, "add up to 0, expected 100"),
    ],
)
def test_shares_that_the_utility_would_refuse(shares: dict[str, Any], message: str) -> None:
    assert any(message in problem for problem in files.share_problems(shares))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("workload_threads", 0),
        ("workload_threads", 2.5),
        ("workload_duration_ms", "long"),
        ("workload_rate_skipped", -1),
        ("workload_pareto_alpha", 0),
        ("workload_pareto_location", float("nan")),
        ("workload_distribution", "NORMAL"),
    ],
)
def test_numbers_that_the_utility_would_refuse(setting: str, value: object) -> None:
    [problem] = files.workload_problems({**defaults(), setting: value})
    assert problem.startswith(f"benchmark_{setting} is {value!r}, expected ")


def test_a_property_with_a_setting_is_not_taken_from_the_further_ones() -> None:
    [problem] = files.workload_problems({**defaults(), "workload_extra": {"num.worker.threads": 8}})
    assert "num.worker.threads, expected none of these" in problem
