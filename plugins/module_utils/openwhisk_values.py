# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The values of OpenWhisk's chart from typed settings; names and forms are those of openwhisk-deploy-kube."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_values import merged

Settings = Mapping[str, Any]
Values = dict[str, Any]

RUNTIMES_FILE = "runtimes-lambdafs.json"
CLASSIC_LOAD_BALANCER = "service.beta.kubernetes.io/aws-load-balancer"
# Longer than the 60 s that a blocking invocation may take and the 75 s that the chart's nginx waits for one
IDLE_SECONDS = 120


def openwhisk_values(settings: Settings, own: Mapping[str, Any] | None = None) -> Values:
    """Every value that the settings decide, with the user's own merged over them.

    Args:
        settings: the settings by their names in the role, without its prefix.
        own: values in the chart's own names.
    """
    return merged(
        _ingress(settings),
        _limits(settings),
        _invoker(settings),
        _persistence(settings),
        _services(settings),
        own or {},
    )


def _ingress(settings: Settings) -> Values:
    host = settings["api_host_name"] or f"{settings['release']}-nginx.{settings['namespace']}.svc.cluster.local"
    ingress: Values = {
        "type": settings["ingress_type"],
        "apiHostName": host,
        "apiHostPort": 443,
        "apiHostProto": "https",
    }
    if settings["ingress_type"] == "LoadBalancer":
        ingress |= {"awsSSL": str(bool(settings["certificate_arn"])).lower(), "annotations": _annotations(settings)}
    return {"whisk": {"ingress": ingress}}


def _annotations(settings: Settings) -> dict[str, str]:
    found = {f"{CLASSIC_LOAD_BALANCER}-connection-idle-timeout": str(IDLE_SECONDS)}
    if settings["certificate_arn"]:
        found |= {
            f"{CLASSIC_LOAD_BALANCER}-ssl-cert": settings["certificate_arn"],
            f"{CLASSIC_LOAD_BALANCER}-ssl-ports": "https",
            f"{CLASSIC_LOAD_BALANCER}-backend-protocol": "http",
        }
    if settings["internal"]:
        found[f"{CLASSIC_LOAD_BALANCER}-internal"] = "true"
    if settings["tags"]:
        tags = ",".join(f"{key}={value}" for key, value in sorted(settings["tags"].items()))
        found[f"{CLASSIC_LOAD_BALANCER}-additional-resource-tags"] = tags
    return found


def _limits(settings: Settings) -> Values:
    actions = {
        "memory": _with_unit(settings["memory_limits_mb"], "m"),
        "time": _with_unit(settings["time_limits_ms"], "ms"),
        "log": _with_unit(settings["log_limits_mb"], "m"),
        "concurrency": dict(settings["concurrency_limits"]),
    }
    return {
        "whisk": {
            "limits": {
                "actionsInvokesPerminute": settings["invocations_per_minute"],
                "actionsInvokesConcurrent": settings["concurrent_invocations"],
                "triggersFiresPerminute": settings["invocations_per_minute"],
                "actions": actions,
            }
        }
    }


def _with_unit(limits: Mapping[str, int], unit: str) -> dict[str, str]:
    return {bound: f"{number}{unit}" for bound, number in limits.items()}


def _invoker(settings: Settings) -> Values:
    image, _colon, tag = settings["invoker_image"].rpartition(":")
    return {
        "whisk": {
            "runtimes": RUNTIMES_FILE,
            "containerPool": {"userMemory": f"{settings['pool_memory_mb']}m"},
            "containerProxy": {
                "timeouts": {"idleContainer": settings["idle_container"], "pauseGrace": settings["pause_grace"]}
            },
        },
        "invoker": {
            "imageName": image,
            "imageTag": tag,
            "options": settings["invoker_options"],
            "jvmHeapMB": str(settings["invoker_heap_mb"]),
            "containerFactory": {
                "impl": "kubernetes",
                "enableConcurrency": settings["concurrency"],
                "kubernetes": {"replicaCount": settings["invoker_replicas"]},
            },
        },
        "affinity": {
            "enabled": settings["affinity"],
            "coreNodeLabel": settings["core_label"],
            "invokerNodeLabel": settings["invoker_label"],
        },
        "toleration": {"enabled": True, "coreValue": settings["core_label"], "invokerValue": settings["invoker_label"]},
    }


def _persistence(settings: Settings) -> Values:
    storage_class = settings["storage_class"]
    persistence: Values = {"enabled": settings["persistence"], "hasDefaultStorageClass": not storage_class}
    if storage_class:
        persistence["explicitStorageClass"] = storage_class
    sizes = {part: {"persistence": {"size": f"{mib}Mi"}} for part, mib in settings["volume_sizes_mib"].items()}
    return merged({"k8s": {"persistence": persistence}}, sizes)


def _services(settings: Settings) -> Values:
    return {
        "whisk": {"testing": {"includeTests": False}},
        "db": {"wipeAndInit": False},
        "controller": {
            "replicaCount": settings["controller_replicas"],
            "jvmHeapMB": str(settings["controller_heap_mb"]),
        },
        "scheduler": {"enabled": settings["scheduler"]},
        "nginx": {"replicaCount": settings["nginx_replicas"]},
        "providers": {
            "alarm": {"enabled": settings["event_providers"]},
            "kafka": {"enabled": settings["event_providers"]},
        },
    }
