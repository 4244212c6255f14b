"""Small pure parts of the lab's Kubernetes."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.signers import RequestSigner

from lab import names
from lab.kubernetes import (
    addresses,
    authentication,
    balancer_plan,
    build,
    control_plane,
    nodes,
    pod_files,
    programs,
    tokens,
    volumes,
)
from lab.moto_fixes import eks_roles, eks_versions

NOW = datetime.now(UTC)


def token(cluster: str = "one", secret: str = "secret", header: str = tokens.CLUSTER_HEADER) -> str:  # noqa: S107
    """A token, made as `aws eks get-token` makes it."""
    session: Any = boto3.Session("AKIDEXAMPLE", secret, region_name="us-east-1")
    client = session.client("sts")
    signer = RequestSigner(
        client.meta.service_model.service_id, "us-east-1", "sts", "v4", session.get_credentials(), session.events
    )
    url = signer.generate_presigned_url(
        {
            "method": "GET",
            "url": "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15",
            "body": {},
            "headers": {header: cluster},
            "context": {},
        },
        region_name="us-east-1",
        expires_in=60,
        operation_name="",
    )
    return tokens.PREFIX + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


def test_a_token_names_its_bearer_and_proves_it_for_one_cluster() -> None:
    read = tokens.read(token(), NOW)
    assert (read.access_key, read.region) == ("AKIDEXAMPLE", "us-east-1")
    assert tokens.is_signed_with(read, "secret", "one")
    assert not tokens.is_signed_with(read, "another", "one")
    assert not tokens.is_signed_with(read, "secret", "two")


@pytest.mark.parametrize(
    ("text", "moment", "words"),
    [
        ("bearer", NOW, "does not begin"),
        (tokens.PREFIX + "%%", NOW, "GetCallerIdentity"),
        (token(), NOW + timedelta(minutes=16), "older"),
        (token(), NOW - timedelta(minutes=6), "from the future"),
        (token(header="x-other"), NOW, "not signed together"),
    ],
)
def test_other_tokens_are_refused(text: str, moment: datetime, words: str) -> None:
    with pytest.raises(tokens.BadToken, match=words):
        tokens.read(text, moment)


def test_a_token_that_asks_for_something_else_is_refused() -> None:
    url = base64.urlsafe_b64encode(b"https://sts.amazonaws.com/?Action=AssumeRole").decode()
    with pytest.raises(tokens.BadToken, match="no GetCallerIdentity"):
        tokens.read(tokens.PREFIX + url, NOW)


AUTH = {
    "mapRoles": json.dumps(
        [{"rolearn": "arn:aws:iam::1:role/node", "username": "system:node:{{EC2PrivateDNSName}}", "groups": ["g"]}]
    ),
    "mapUsers": "- {userarn: 'arn:aws:iam::1:user/ann', username: ann, groups: [system:masters]}",
    "mapAccounts": '["2"]',
}


@pytest.mark.parametrize(
    ("principal", "user"),
    [
        ("arn:aws:iam::1:role/path/node", authentication.User("system:node:s", ("g",))),
        ("arn:aws:iam::1:user/ann", authentication.User("ann", ("system:masters",))),
        ("arn:aws:iam::2:user/bob", authentication.User("arn:aws:iam::2:user/bob", ())),
        ("arn:aws:iam::1:user/bob", None),
    ],
)
def test_aws_auth_config_map(principal: str, user: authentication.User | None) -> None:
    assert authentication.by_config_map(AUTH, principal, "s") == user


def test_a_broken_config_map_names_nobody() -> None:
    assert authentication.by_config_map({"mapRoles": "a: [", "mapUsers": "5"}, "arn:aws:iam::1:user/ann", "s") is None


PROVIDER = "arn:aws:iam::1:oidc-provider/host/id/X"


def trusting(operator: str, subject: str, audience: str = "sts.amazonaws.com") -> dict[str, Any]:
    condition = {operator: {"host/id/X:sub": subject, "host/id/X:aud": [audience]}}
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    return {"Statement": [statement]}


@pytest.mark.parametrize(
    ("policy", "fits"),
    [
        (trusting("StringEquals", "system:serviceaccount:ns:sa"), True),
        (trusting("StringLike", "system:serviceaccount:ns:*"), True),
        (trusting("StringEquals", "system:serviceaccount:ns:*"), False),
        (trusting("StringEquals", "system:serviceaccount:ns:other"), False),
        (trusting("StringEquals", "system:serviceaccount:ns:sa", "other"), False),
        (trusting("Null", "system:serviceaccount:ns:sa"), False),
        ({"Statement": {"Effect": "Deny"}}, False),
        ({}, False),
    ],
)
def test_trust_of_a_service_account(policy: dict[str, Any], fits: bool) -> None:
    subject = "system:serviceaccount:ns:sa"
    assert eks_roles.trusts_account(policy, PROVIDER, "host/id/X", subject, "sts.amazonaws.com") is fits


def test_trust_of_a_service() -> None:
    policy = {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": ["a", "eks.amazonaws.com"]},
            "Action": "sts:AssumeRole",
        }
    }
    assert eks_roles.trusts_service(policy, "eks.amazonaws.com")
    assert not eks_roles.trusts_service(policy, "ec2.amazonaws.com")


def test_versions_go_through_their_support() -> None:
    day = datetime(2026, 4, 1, tzinfo=UTC)
    status = {version.name: version.status for version in eks_versions.versions(day)}
    assert (status["1.35"], status["1.32"]) == ("STANDARD_SUPPORT", "EXTENDED_SUPPORT")
    assert "1.32" not in eks_versions.offered(datetime(2027, 4, 1, tzinfo=UTC))
    assert eks_versions.offered(day)[0] == "1.35"


@pytest.mark.parametrize(
    ("instance_type", "size"),
    [
        ("r5.xlarge", (4, 32)),
        ("r5.4xlarge", (16, 128)),
        ("m5.large", (2, 8)),
        ("t3.medium", (1, 4)),
        ("c5.2xlarge", (8, 16)),
    ],
)
def test_capacity_of_instance_types(instance_type: str, size: tuple[int, int]) -> None:
    assert nodes.capacity(instance_type) == size


def a_node(labels: dict[str, str], *taints: tuple[str, str, str]) -> nodes.Node:
    return nodes.Node(
        "n", "i-1", "g", "10.0.0.9", "z", "r", "r5.xlarge", "ON_DEMAND", "AL2023", tuple(labels.items()), taints
    )


def test_a_groups_change_leaves_what_others_set_on_a_node() -> None:
    current = nodes.as_object(a_node({"a": "1", "b": "1"}, ("old", "", "NoSchedule")), "v1")
    assert nodes.change(a_node({"a": "1", "b": "1"}, ("old", "", "NoSchedule")), current) is None
    current["metadata"]["labels"]["mine"] = "x"
    current["spec"]["taints"].append({"key": "mine", "effect": "NoExecute"})
    patch = nodes.change(a_node({"a": "2"}, ("new", "v", "NoSchedule")), current)
    assert patch is not None
    assert patch["metadata"]["labels"] == {"a": "2", "b": None}
    assert patch["spec"]["taints"] == [
        {"key": "mine", "effect": "NoExecute"},
        {"key": "new", "value": "v", "effect": "NoSchedule"},
    ]


def service(annotations: dict[str, str]) -> dict[str, Any]:
    named = {f"{balancer_plan.PREFIX}{name}": value for name, value in annotations.items()}
    ports = [{"name": "http", "port": 80, "nodePort": 30080}, {"name": "https", "port": 443, "nodePort": 30443}]
    metadata = {"name": "web", "namespace": "ns", "uid": "0a-1b", "annotations": named}
    return {"metadata": metadata, "spec": {"ports": ports}}


@pytest.mark.parametrize(
    ("annotations", "protocols"),
    [
        ({}, ["TCP", "TCP"]),
        ({"ssl-cert": "arn", "ssl-ports": "https"}, ["TCP", "SSL"]),
        ({"ssl-cert": "arn", "ssl-ports": "443", "backend-protocol": "http"}, ["HTTP", "HTTPS"]),
        ({"ssl-cert": "arn"}, ["SSL", "SSL"]),
    ],
)
def test_listeners_of_a_service(annotations: dict[str, str], protocols: list[str]) -> None:
    ports = balancer_plan.ports_of(service(annotations))
    assert [port.protocol for port in ports] == protocols
    assert all(bool(port.certificate) == (port.protocol in ("SSL", "HTTPS")) for port in ports)


def test_backend_tls_only_behind_a_tls_listener() -> None:
    chosen = service({"ssl-cert": "arn", "ssl-ports": "https", "backend-protocol": "ssl"})
    assert [port.is_backend_tls for port in balancer_plan.ports_of(chosen)] == [False, True]


def test_tags_and_targets_of_a_load_balancer() -> None:
    tags = balancer_plan.tags_of(service({"additional-resource-tags": "Project=P, Cluster = C"}), "cluster", "owned")
    assert tags == {"Project": "P", "Cluster": "C", "cluster": "owned", "kubernetes.io/service-name": "ns/web"}
    endpoints = {
        "subsets": [
            {
                "addresses": [{"ip": "10.0.0.1"}],
                "notReadyAddresses": [{"ip": "10.0.0.2"}],
                "ports": [{"name": "http", "port": 8080}],
            }
        ]
    }
    assert balancer_plan.targets_of(endpoints, "http") == [["10.0.0.1", 8080]]
    assert balancer_plan.targets_of(endpoints, "https") == []
    assert balancer_plan.targets_of(None, "http") == []


@pytest.mark.parametrize(
    ("configuration", "tags"),
    [(None, {}), ("{}", {}), ('{"controller": {"extraVolumeTags": {"Cluster": "C"}}}', {"Cluster": "C"})],
)
def test_extra_tags_of_volumes(configuration: str | None, tags: dict[str, str]) -> None:
    assert volumes.extra_tags(configuration) == tags


def test_host_names_of_one_lab_leave_the_rest_of_the_file() -> None:
    text = names.with_names("127.0.0.1 localhost\n", "one", {"web.internal": "10.0.0.9"})
    text = names.with_names(text, "two", {"api.internal": "10.1.0.9"})
    assert names.with_names(text, "one", {}) == "127.0.0.1 localhost\n10.1.0.9 api.internal # lambdafs-lab two\n"


def test_labels_of_addresses_fit_the_kernel() -> None:
    assert len(addresses.label("a" * 31)) == 15
    assert addresses.label("one") != addresses.label("two")


def test_control_planes_of_different_addresses_share_no_port(tmp_path: Path) -> None:
    seen = {
        (control_plane.loopback(address), port)
        for address in ("10.0.0.4", "10.0.0.5", "10.1.0.4", "172.16.0.4", "10.16.0.4")
        for port in vars(control_plane.ports(address)).values()
    }
    assert len(seen) == 15


def test_progress_of_the_build() -> None:
    progress = build.Progress()
    assert progress.read("k8s.io/api") is None
    assert progress.read("I: compiling 900 packages") == ("Kubernetes: compiling 900 packages", False)
    assert progress.read("k8s.io/api") == ("Kubernetes: compiled 1 of 900 packages", True)
    assert progress.read("# a warning of the compiler") is None


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("a/b:1", "a/b"),
        ("a/b", "a/b"),
        ("host:5000/a", "host:5000/a"),
        ("a@sha256:0", "a"),
        ("host:5000/a:2", "host:5000/a"),
    ],
)
def test_names_of_images(image: str, name: str) -> None:
    assert programs.name_of(image) == name


def test_a_program_gets_the_pods_address_and_ports() -> None:
    container = {
        "image": "lab.local/openwhisk-controller:1",
        "ports": [{"name": "http", "containerPort": 80}, {"name": "https", "containerPort": 443}],
    }
    command = programs.command_of(container)
    assert command is not None
    line = command(programs.Place("10.0.0.9", programs.ports_of(container)), ["--state=/x"])
    assert line[1:] == [
        *("-m", "lab.openwhisk", "--bind", "10.0.0.9"),
        *("--port", "443", "--plain-port", "80", "--state=/x"),
    ]


THINGS: dict[tuple[str, str], dict[str, Any]] = {
    ("secrets", "keys"): {"kind": "Secret", "data": {"guest": base64.b64encode(b"u:k").decode()}},
    ("configmaps", "settings"): {"kind": "ConfigMap", "data": {"size": "5"}},
    ("persistentvolumeclaims", "claim"): {"status": {"phase": "Bound"}, "spec": {"volumeName": "pv"}},
    ("persistentvolumeclaims", "unbound"): {"status": {"phase": "Pending"}, "spec": {}},
}


def lookup(collection: str, name: str) -> dict[str, Any] | None:
    return THINGS.get((collection, name))


def a_pod(*volumes: dict[str, Any], env: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    container = {"name": "c", "image": "i", "env": env or []}
    metadata = {"name": "p", "namespace": "ns", "uid": "u"}
    return {"metadata": metadata, "spec": {"containers": [container], "volumes": list(volumes)}}


def test_files_of_a_pod(tmp_path: Path) -> None:
    pod = a_pod(
        {"name": "keys", "secret": {"secretName": "keys"}},
        {"name": "data", "persistentVolumeClaim": {"claimName": "claim"}},
        {"name": "tmp", "emptyDir": {}},
    )
    placed = pod_files.prepare(pod, tmp_path / "pod", tmp_path / "volumes", lookup)
    assert (placed["keys"] / "guest").read_text() == "u:k"
    assert (placed["keys"] / "guest").stat().st_mode & 0o077 == 0
    assert placed["data"] == tmp_path / "volumes" / "pv"
    mounts = [{"name": "keys", "mountPath": "/etc/keys"}, {"name": "data", "mountPath": "/etc"}]
    assert pod_files.inside("--auth=/etc/keys/guest", mounts, placed) == f"--auth={placed['keys']}/guest"
    assert pod_files.inside("/etc", mounts, placed) == str(placed["data"])
    assert pod_files.inside("--auth=/etcetera", mounts, placed) == "--auth=/etcetera"


@pytest.mark.parametrize(
    "volume",
    [
        {"name": "v", "secret": {"secretName": "missing"}},
        {"name": "v", "configMap": {"name": "missing"}},
        {"name": "v", "persistentVolumeClaim": {"claimName": "unbound"}},
        {"name": "v", "persistentVolumeClaim": {"claimName": "missing"}},
    ],
)
def test_a_pod_waits_for_what_is_missing(volume: dict[str, Any], tmp_path: Path) -> None:
    for attempt in (
        lambda: pod_files.check(a_pod(volume), lookup),
        lambda: pod_files.prepare(a_pod(volume), tmp_path, tmp_path, lookup),
    ):
        with pytest.raises(pod_files.Missing):
            attempt()


def test_variables_of_a_container() -> None:
    env: list[dict[str, Any]] = [
        {"name": "PLAIN", "value": "x"},
        {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "guest"}}},
        {"name": "SIZE", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "size"}}},
        {"name": "NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        {"name": "NONE", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "no", "optional": True}}},
    ]
    pod = a_pod(env=env)
    found = pod_files.variables(pod["spec"]["containers"][0], pod, lookup)
    assert found == {"PLAIN": "x", "KEY": "u:k", "SIZE": "5", "NAME": "p"}
