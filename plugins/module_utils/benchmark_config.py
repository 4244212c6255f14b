# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The files that the benchmark utility reads: config.yaml, and workload.yaml for the Spotify workload."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

Settings = Mapping[str, Any]

LAMBDAFS = "lambdafs"
HOPSFS = "hopsfs"
SYSTEMS = (LAMBDAFS, HOPSFS)
DISTRIBUTIONS = ("UNIFORM", "PARETO", "POISSON", "ZIPF")

# Operation of the workload: the utility's name for its share
OPERATIONS = {
    "create": "interleaved.create.files.percentage",
    "rename": "interleaved.rename.files.percentage",
    "delete": "interleaved.delete.files.percentage",
    "mkdir": "interleaved.mkdir.percentage",
    "read": "interleaved.read.files.percentage",
    "ls_dirs": "interleaved.ls.dirs.percentage",
    "ls_files": "interleaved.ls.files.percentage",
    "file_info": "interleaved.file.getInfo.percentage",
    "dir_info": "interleaved.dir.getInfo.percentage",
}
# Setting of the role, without its prefix: the utility's name, and the least value
NUMBERS = {
    "workload_threads": ("num.worker.threads", 1),
    "workload_warmup_files": ("files.to.create.in.warmup.phase", 1),
    "workload_warmup_wait_ms": ("warmup.phase.wait.time", 0),
    "workload_duration_ms": ("interleaved.bm.duration", 1),
    "workload_rate_interval": ("interleaved.bm.iat.unit", 1),
    "workload_rate_skipped": ("interleaved.bm.iat.skipunit", 0),
}
PARETO = {
    "workload_pareto_alpha": "interleaved.bm.iat.pareto.alpha",
    "workload_pareto_location": "interleaved.bm.iat.pareto.location",
}
DISTRIBUTION = "interleaved.bm.iat.distribution"
_OWN_NAMES = {name for name, _least in NUMBERS.values()} | {*OPERATIONS.values(), *PARETO.values(), DISTRIBUTION}


def benchmark_config(facts: Settings) -> dict[str, Any]:
    """The content of config.yaml.

    HopsFS's branch of the utility does not know commanderExecutesToo, and ends when it finds it.

    Args:
        facts: system (lambdafs or hopsfs), endpoint (URL of the NameNode), hdfs_site (path on the driver),
            commander_executes (bool), followers (list of addresses), user (who they are logged in to as).
    """
    config: dict[str, Any] = {"namenodeEndpoint": facts["endpoint"], "hdfsConfigFile": facts["hdfs_site"]}
    if facts["system"] == LAMBDAFS:
        config["commanderExecutesToo"] = facts["commander_executes"]
    config["followers"] = [{"ip": address, "user": facts["user"]} for address in facts["followers"]]
    return config


def benchmark_workload(settings: Settings) -> dict[str, str]:
    """The content of workload.yaml, name to value, in the utility's names.

    Args:
        settings: the role's settings whose names begin with workload_, without the role's prefix. They are in order
            when `workload_problems` finds nothing.
    """
    properties = {name: str(settings[key]) for key, (name, _least) in NUMBERS.items()}
    properties[DISTRIBUTION] = str(settings["workload_distribution"])
    properties |= {name: str(settings[key]) for key, name in PARETO.items()}
    shares = settings["workload_percentages"]
    properties |= {name: str(shares.get(operation, 0)) for operation, name in OPERATIONS.items()}
    return properties | {str(name): str(value) for name, value in settings["workload_extra"].items()}


def workload_problems(settings: Settings) -> list[str]:
    """What the utility would refuse, one sentence each.

    Args:
        settings: the role's settings whose names begin with workload_, without the role's prefix.
    """
    found = []
    for key, (_name, least) in NUMBERS.items():
        number = _number(settings[key])
        if number is None or number != int(number) or number < least:
            found.append(
                f"benchmark_{key} is {settings[key]!r}, expected a whole number of {least} or more: correct it"
            )
    for key in PARETO:
        number = _number(settings[key])
        if number is None or number <= 0:
            found.append(f"benchmark_{key} is {settings[key]!r}, expected a number above 0: correct it")
    if settings["workload_distribution"] not in DISTRIBUTIONS:
        found.append(
            f"benchmark_workload_distribution is {settings['workload_distribution']!r},"
            f" expected one of {', '.join(DISTRIBUTIONS)}: correct it"
        )
    named = sorted(_OWN_NAMES & set(settings["workload_extra"]))
    if named:
        found.append(
            f"benchmark_workload_extra holds {', '.join(named)}, expected none of these:"
            " they have settings of their own"
        )
    return found + share_problems(settings["workload_percentages"])


def share_problems(shares: Mapping[str, Any]) -> list[str]:
    """What is wrong with the shares of the operations. They are exact decimals to the utility, and so here.

    Args:
        shares: percentage by operation; an operation that is left out has 0.
    """
    name = "benchmark_workload_percentages"
    found = []
    unknown = sorted(set(shares) - set(OPERATIONS))
    if unknown:
        found.append(f"{name} holds {', '.join(unknown)}, expected some of {', '.join(OPERATIONS)}: correct it")
    numbers = {operation: _number(share) for operation, share in shares.items()}
    for operation, number in numbers.items():
        if number is None or not 0 <= number <= 100 or number != round(number, 2):
            found.append(
                f"{name} has {operation} {shares[operation]!r}, expected 0 to 100 with two decimals at most: round it"
            )
    total = sum((number for number in numbers.values() if number is not None), Decimal(0))
    if total != 100:
        found.append(f"{name} add up to {total}, expected 100: correct one of them")
    return found


def _number(value: object) -> Decimal | None:
    """A finite number, None where it is none. A float is taken as it is written."""
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
