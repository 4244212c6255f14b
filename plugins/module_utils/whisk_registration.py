# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The registration of all NameNode deployments: wish, refusals, plan, changes, and the look at what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.polling import poll
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_client import Client
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_deployment import (
    NAME,
    Change,
    Registered,
    Wanted,
    beyond,
    limits_of,
    names_of,
    web_annotations,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_deployments import (
    Deployments,
    Interrupted,
    Plan,
    unsettled,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_jar import CODE_BYTES, Jar, read_jar
from ansible_collections.lambdafs.cluster.plugins.module_utils.whisk_platform import (
    Platform,
    namespace_problems,
    platform_problems,
    read_platform,
)

_MEBIBYTE = 1024 * 1024
_LIMITS = ("memory", "concurrency", "timeout", "log_limit")


@dataclass(frozen=True)
class Registration:
    """What came of it: the changes (made, or to be made in check mode), and the deployments as they are now.

    `error` says why some changes were not made; `done` holds those that were.
    """

    plan: Plan
    done: Sequence[Change]
    present: Sequence[Registered]
    error: str = ""


def wanted_of(values: Mapping[str, Any], jar: Jar) -> Wanted:
    """What every deployment should be, as the module's arguments say."""
    own = {values["memory_parameter"]: values["memory"]} if values["memory_parameter"] else {}
    return Wanted(
        kind=values["kind"],
        main=values["main_class"],
        code_sha256=jar.sha256,
        limits=limits_of({name: values[name] for name in _LIMITS}),
        parameters={**own, **values["parameters"]},
        annotations={**web_annotations(values["web"]), **values["annotations"]},
    )


def argument_problems(values: Mapping[str, Any]) -> list[str]:
    """What is wrong with the arguments as such, one sentence each."""
    found = [
        f"{name} is {values[name]}, expected {least} or more: change it"
        for name, least in (("count", 0), ("first", 0), ("parallel", 1))
        if values[name] < least
    ]
    longest = f"{values['prefix']}{max(values['first'] + values['count'] - 1, 0)}"
    if not NAME.fullmatch(longest):
        found.append(f"prefix is {values['prefix']!r}, expected letters, digits and @.&_- of ASCII: change it")
    return found


def jar_problems(jar: Jar, main_class: str) -> list[str]:
    """What is wrong with the jar."""
    if jar.encoded_size + len(main_class) <= CODE_BYTES:
        return []
    return [
        f"jar {jar.path} has {jar.size / _MEBIBYTE:.1f} MiB, expected at most {CODE_BYTES * 3 // 4 // _MEBIBYTE} MiB,"
        f" since OpenWhisk takes {CODE_BYTES // _MEBIBYTE} MiB of base64: make it smaller"
    ]


def wish_problems(values: Mapping[str, Any], platform: Platform, jar: Jar) -> list[str]:
    """What the platform would refuse of the deployments."""
    limits = {name: values[name] for name in _LIMITS}
    return [*jar_problems(jar, values["main_class"]), *platform_problems(platform, values["kind"], limits)]


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        raise ValueError("; ".join(problems))


def register(client: Client, values: Mapping[str, Any], check_mode: bool) -> Registration:
    """Bring the deployments to what the module's arguments say, unless in check mode.

    Raises:
        ValueError: the arguments cannot be used, or the platform would refuse them; nothing was changed.
        WhiskError: the API cannot be asked, or refuses; nothing was changed.
    """
    _refuse(argument_problems(values))
    jar = read_jar(Path(values["jar"])) if values["state"] == "present" else None
    platform = read_platform(client)
    problems = namespace_problems(platform, values["namespace"])
    _refuse(problems + (wish_problems(values, platform, jar) if jar else []))

    deployments = Deployments(client, platform.namespace, values["parallel"])
    present = deployments.read()
    names = names_of(values["prefix"], values["first"], values["count"])
    end = values["first"] + values["count"]
    surplus = beyond(present, values["prefix"], end) if values["prune"] else []
    wanted = wanted_of(values, jar) if jar else None
    plan = (
        deployments.plan(present, names, wanted, values["verify"], surplus)
        if wanted
        else deployments.plan_removal(present, [*names, *surplus])
    )
    if check_mode or not plan.changes:
        return Registration(plan, plan.changes, _shown(present, values["prefix"]))

    code = jar.encode() if jar and any(change.sends_code for change in plan.changes) else memoryview(b"")
    try:
        deployments.apply(plan, wanted, code, values["verify"])
    except Interrupted as interruption:
        return Registration(plan, interruption.done, [], str(interruption))

    def late(now: Mapping[str, Registered]) -> str:
        return unsettled(now, names, wanted, plan.names("remove"))

    now = poll(deployments.read, lambda found: not late(found), values["settle_timeout"])
    error = f"{late(now)}: changed, but the list does not show it; run again" if late(now) else ""
    return Registration(plan, plan.changes, _shown(now, values["prefix"]), error)


def _shown(present: Mapping[str, Registered], prefix: str) -> list[Registered]:
    """The deployments among the actions, in the order of their numbers."""
    return [present[name] for name in beyond(present, prefix, 0)]


def result_of(registration: Registration) -> dict[str, Any]:
    """The registration as the module returns it."""
    done = Plan(tuple(registration.done), registration.plan.equal)
    return {
        "changed": bool(done.changes),
        "created": done.names("create"),
        "updated": done.names("update"),
        "removed": done.names("remove"),
        "code_sent": [change.name for change in done.changes if change.sends_code],
        "equal": done.equal,
        "deployments": [deployment.as_result() for deployment in registration.present],
        "diff": [change.diff for change in done.changes],
    }
