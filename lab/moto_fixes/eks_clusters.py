"""EKS clusters: made, described, updated, deleted; CREATING and DELETING last until the control plane has followed."""

from __future__ import annotations

import hashlib
import ipaddress
import uuid
from typing import Any
from urllib.parse import unquote

from moto.ec2.models import ec2_backends

from lab.moto_fixes import eks_access, eks_store, eks_versions
from lab.moto_fixes.eks_call import Call, page
from lab.moto_fixes.eks_roles import check_role
from lab.moto_fixes.eks_store import Cluster, invalid_parameter, invalid_request, now

LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
CONTROL_PLANE_SERVICE = "eks.amazonaws.com"
OWNED = "owned"


def cluster_tag(name: str) -> str:
    """The tag key by which AWS resources are marked as a cluster's."""
    return f"kubernetes.io/cluster/{name}"


def create(call: Call) -> dict[str, Any]:
    """CreateCluster."""
    params = call.params
    name = params["name"]
    if eks_store.find(call.account, call.region, name):
        raise eks_store.in_use(f"Cluster already exists with name: {name}", clusterName=name)
    version = params.get("version") or eks_versions.offered(now())[0]
    if version not in eks_versions.offered(now()):
        raise invalid_parameter(f"unsupported Kubernetes version {version}", clusterName=name)
    check_role(params["roleArn"], CONTROL_PLANE_SERVICE)
    network = _network(call, params["resourcesVpcConfig"])
    service_range = _service_range(params.get("kubernetesNetworkConfig") or {}, call, network["vpcId"])
    access = {"bootstrapClusterCreatorAdminPermissions": True, "authenticationMode": "CONFIG_MAP"}
    access |= params.get("accessConfig") or {}
    group_id = _security_group(call, name, network["vpcId"])
    interfaces = _interfaces(call, name, network, group_id)
    cluster = Cluster(
        account=call.account,
        region=call.region,
        creator=call.caller,
        address=str(interfaces[0].private_ip_address),
        interface_ids=[interface.id for interface in interfaces],
        shown={
            "name": name,
            "arn": f"arn:aws:eks:{call.region}:{call.account}:cluster/{name}",
            "createdAt": now(),
            "version": version,
            "roleArn": params["roleArn"],
            "resourcesVpcConfig": {**network, "clusterSecurityGroupId": group_id},
            "kubernetesNetworkConfig": {"serviceIpv4Cidr": service_range, "ipFamily": "ipv4"},
            "logging": {"clusterLogging": cluster_logging(params.get("logging") or {})},
            "identity": {"oidc": {"issuer": issuer(call.region)}},
            "status": "CREATING",
            "certificateAuthority": {},
            "platformVersion": eks_versions.platform_version(version),
            "tags": params.get("tags") or {},
            "encryptionConfig": params.get("encryptionConfig") or [],
            "health": {"issues": []},
            "accessConfig": access,
            "upgradePolicy": params.get("upgradePolicy") or {"supportType": "EXTENDED"},
            "deletionProtection": bool(params.get("deletionProtection")),
        },
    )
    if access["bootstrapClusterCreatorAdminPermissions"]:
        cluster.admin = True
        eks_access.bootstrap(cluster)
    eks_store.add(cluster)
    return {"cluster": cluster.shown}


def describe(call: Call) -> dict[str, Any]:
    """DescribeCluster."""
    return {"cluster": call.cluster.shown}


def list_names(call: Call) -> dict[str, Any]:
    """ListClusters."""
    return page(call, "clusters", sorted(cluster.name for cluster in eks_store.clusters(call.account, call.region)))


def delete(call: Call) -> dict[str, Any]:
    """DeleteCluster."""
    cluster = call.cluster
    if cluster.node_groups:
        raise eks_store.in_use(
            "Cluster has nodegroups attached", clusterName=cluster.name, nodegroupName=",".join(cluster.node_groups)
        )
    if cluster.shown["deletionProtection"]:
        raise invalid_request(f"Cluster {cluster.name} has deletion protection enabled", clusterName=cluster.name)
    if cluster.status == "CREATING":
        raise eks_store.in_use(f"Cannot delete cluster {cluster.name} in status CREATING", clusterName=cluster.name)
    cluster.status = "DELETING"
    return {"cluster": cluster.shown}


def update_config(call: Call) -> dict[str, Any]:
    """UpdateClusterConfig: one kind of change at a time, as EKS does it."""
    cluster, params = call.cluster, call.params
    _require_quiet(cluster)
    kinds = [kind for kind in ("resourcesVpcConfig", "logging", "accessConfig", "upgradePolicy") if params.get(kind)]
    if "deletionProtection" in params:
        kinds.append("deletionProtection")
    if len(kinds) != 1:
        raise invalid_parameter(
            f"Exactly one type of update can be made in a request, found: {', '.join(kinds) or 'none'}",
            clusterName=cluster.name,
        )
    change = {
        "resourcesVpcConfig": _update_network,
        "logging": _update_logging,
        "accessConfig": _update_access,
        "upgradePolicy": _update_plain,
        "deletionProtection": _update_plain,
    }[kinds[0]]
    kind, values = change(call, cluster, kinds[0], params[kinds[0]])
    cluster.status = "UPDATING"
    return {"update": eks_store.new_update(cluster, kind, values).shown}


def update_version(call: Call) -> dict[str, Any]:
    """UpdateClusterVersion: one minor version up."""
    cluster = call.cluster
    _require_quiet(cluster)
    wanted, current = call.params["version"], cluster.shown["version"]
    if wanted not in eks_versions.offered(now()):
        raise invalid_parameter(f"unsupported Kubernetes version {wanted}", clusterName=cluster.name)
    if eks_versions.minor(wanted) - eks_versions.minor(current) != 1:
        raise invalid_parameter(
            f"Unsupported Kubernetes minor version update from {current} to {wanted}", clusterName=cluster.name
        )
    cluster.shown["version"] = wanted
    cluster.shown["platformVersion"] = eks_versions.platform_version(wanted)
    cluster.status = "UPDATING"
    values = {"Version": wanted, "PlatformVersion": cluster.shown["platformVersion"]}
    return {"update": eks_store.new_update(cluster, "VersionUpdate", values).shown}


def describe_versions(call: Call) -> dict[str, Any]:
    """DescribeClusterVersions."""
    params, today = call.params, now()
    default = eks_versions.offered(today)[0]
    found = []
    for version in eks_versions.versions(today):
        wanted = params.get("clusterVersions")
        status = params.get("versionStatus") or (params.get("status") or "").upper().replace("-", "_")
        if (wanted and version.name not in wanted) or (status and version.status != status):
            continue
        if params.get("defaultOnly") and version.name != default:
            continue
        if version.status == "UNSUPPORTED" and not (params.get("includeAll") or wanted or status):
            continue
        found.append(
            {
                "clusterVersion": version.name,
                "clusterType": "eks",
                "defaultPlatformVersion": eks_versions.platform_version(version.name),
                "defaultVersion": version.name == default,
                "releaseDate": version.released,
                "endOfStandardSupportDate": version.end_of_standard,
                "endOfExtendedSupportDate": version.end_of_extended,
                "status": version.status.lower().replace("_", "-"),
                "versionStatus": version.status,
                "kubernetesPatchVersion": f"{version.name}.1",
            }
        )
    return page(call, "clusterVersions", found)


def tag(call: Call) -> dict[str, Any]:
    """TagResource."""
    _tagged(call).setdefault("tags", {}).update(call.params["tags"])
    return {}


def untag(call: Call) -> dict[str, Any]:
    """UntagResource."""
    tags = _tagged(call).setdefault("tags", {})
    for key in call.params["tagKeys"]:
        tags.pop(key, None)
    return {}


def list_tags(call: Call) -> dict[str, Any]:
    """ListTagsForResource."""
    return {"tags": _tagged(call).get("tags") or {}}


def cluster_logging(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The whole logging configuration: what is asked for, and all other log types off (as they are by default)."""
    enabled = {kind for setup in asked.get("clusterLogging") or [] if setup.get("enabled") for kind in setup["types"]}
    groups = [
        {"types": [kind for kind in LOG_TYPES if kind in enabled], "enabled": True},
        {"types": [kind for kind in LOG_TYPES if kind not in enabled], "enabled": False},
    ]
    return [group for group in groups if group["types"]]


def issuer(region: str) -> str:
    """An OIDC issuer's URL for a new cluster. Nobody ever connects to it."""
    return f"https://oidc.eks.{region}.amazonaws.com/id/{uuid.uuid4().hex.upper()}"


def group_suffix(name: str, vpc_id: str) -> int:
    """The number at the end of a cluster security group's name."""
    return int(hashlib.sha256(f"{name} {vpc_id}".encode()).hexdigest()[:8], 16)


def _require_quiet(cluster: Cluster) -> None:
    if cluster.status == "UPDATING":
        raise eks_store.in_use(
            f"Cannot update cluster {cluster.name}: an update is in progress", clusterName=cluster.name
        )
    eks_store.require_active(cluster)


def _network(call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    """The network part of a new cluster, checked against the account's network."""
    ec2 = ec2_backends[call.account][call.region]
    subnet_ids = list(asked.get("subnetIds") or [])
    known = {subnet.id: subnet for zone in ec2.subnets.values() for subnet in zone.values()}
    if missing := [subnet_id for subnet_id in subnet_ids if subnet_id not in known]:
        raise invalid_parameter(f"The subnet ID '{missing[0]}' does not exist")
    subnets = [known[subnet_id] for subnet_id in subnet_ids]
    if len({subnet.availability_zone for subnet in subnets}) < 2:
        raise invalid_parameter("Subnets specified must be in at least two different AZs")
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise invalid_parameter("Subnets specified must belong to the same VPC")
    for group_id in asked.get("securityGroupIds") or []:
        if ec2.get_security_group_from_id(group_id) is None:
            raise invalid_parameter(f"The security group ID '{group_id}' does not exist")
    is_public = asked.get("endpointPublicAccess")
    is_private = bool(asked.get("endpointPrivateAccess"))
    is_public = True if is_public is None else bool(is_public)
    if not (is_public or is_private):
        raise invalid_parameter("Private and public endpoint access cannot both be disabled")
    return {
        "subnetIds": subnet_ids,
        "securityGroupIds": list(asked.get("securityGroupIds") or []),
        "vpcId": subnets[0].vpc_id,
        "endpointPublicAccess": is_public,
        "endpointPrivateAccess": is_private,
        "publicAccessCidrs": list(asked.get("publicAccessCidrs") or ["0.0.0.0/0"]) if is_public else [],
    }


def _service_range(asked: dict[str, Any], call: Call, vpc_id: str) -> str:
    """The address range of services: what is asked for, else the one of EKS's two that the VPC does not use."""
    vpc = ipaddress.IPv4Network(ec2_backends[call.account][call.region].get_vpc(vpc_id).cidr_block)
    if cidr := asked.get("serviceIpv4Cidr"):
        if ipaddress.IPv4Network(cidr).overlaps(vpc):
            raise invalid_parameter(f"The serviceIpv4Cidr {cidr} overlaps with the VPC's range {vpc}")
        return str(cidr)
    first, second = ipaddress.IPv4Network("10.100.0.0/16"), ipaddress.IPv4Network("172.20.0.0/16")
    return str(second if first.overlaps(vpc) else first)


def _security_group(call: Call, name: str, vpc_id: str) -> str:
    """The cluster security group, which EKS makes and owns."""
    ec2 = ec2_backends[call.account][call.region]
    group = ec2.create_security_group(
        f"eks-cluster-sg-{name}-{group_suffix(name, vpc_id)}",
        "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, "
        "as well as any managed workloads.",
        vpc_id,
        tags={
            "Name": f"eks-cluster-sg-{name}-{group_suffix(name, vpc_id)}",
            cluster_tag(name): OWNED,
            "aws:eks:cluster-name": name,
        },
    )
    return str(group.id)


def _interfaces(call: Call, name: str, network: dict[str, Any], group_id: str) -> list[Any]:
    """The control plane's network interfaces, in two subnets of different zones."""
    ec2 = ec2_backends[call.account][call.region]
    by_zone: dict[str, Any] = {}
    for subnet_id in network["subnetIds"]:
        subnet = ec2.get_subnet(subnet_id)
        by_zone.setdefault(subnet.availability_zone, subnet)
    return [
        ec2.create_network_interface(
            subnet,
            "",
            group_ids=[group_id, *network["securityGroupIds"]],
            description=f"Amazon EKS {name}",
            tags={cluster_tag(name): OWNED, "cluster.k8s.amazonaws.com/name": name},
        )
        for subnet in list(by_zone.values())[:2]
    ]


def _update_network(call: Call, cluster: Cluster, _: str, asked: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    shown = cluster.shown["resourcesVpcConfig"]
    merged = {**shown, **asked}
    checked = _network(call, merged)
    if checked["vpcId"] != shown["vpcId"]:
        raise invalid_parameter("Provided subnets belong to a different VPC", clusterName=cluster.name)
    is_network = "subnetIds" in asked or "securityGroupIds" in asked
    is_endpoint = bool({"endpointPublicAccess", "endpointPrivateAccess", "publicAccessCidrs"} & set(asked))
    if is_network and is_endpoint:
        raise invalid_parameter(
            "Subnets and endpoint access cannot be updated in one request", clusterName=cluster.name
        )
    if not is_network and all(checked[key] == shown[key] for key in asked):
        raise invalid_parameter(
            "Cluster is already at the desired configuration with endpointPrivateAccess: "
            f"{shown['endpointPrivateAccess']}, endpointPublicAccess: {shown['endpointPublicAccess']}, "
            f"and Public Endpoint Restrictions: {shown['publicAccessCidrs']}",
            clusterName=cluster.name,
        )
    shown.update(checked)
    names = {
        "endpointPublicAccess": "EndpointPublicAccess",
        "endpointPrivateAccess": "EndpointPrivateAccess",
        "publicAccessCidrs": "PublicAccessCidrs",
        "subnetIds": "Subnets",
        "securityGroupIds": "SecurityGroups",
    }
    values = {names[key]: value for key, value in asked.items() if key in names}
    return ("VpcConfigUpdate" if is_network else "EndpointAccessUpdate"), values


def _update_logging(call: Call, cluster: Cluster, _: str, asked: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    current = {
        kind: setup["enabled"] for setup in cluster.shown["logging"]["clusterLogging"] for kind in setup["types"]
    }
    wanted = dict(current)
    for setup in asked.get("clusterLogging") or []:
        wanted.update(dict.fromkeys(setup["types"], bool(setup.get("enabled"))))
    if wanted == current:
        raise invalid_parameter("No changes needed for the logging config provided", clusterName=cluster.name)
    enabled = [{"types": [kind for kind, is_on in wanted.items() if is_on], "enabled": True}]
    cluster.shown["logging"]["clusterLogging"] = cluster_logging({"clusterLogging": enabled})
    return "LoggingUpdate", {"ClusterLogging": asked}


def _update_access(call: Call, cluster: Cluster, _: str, asked: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    order = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"]
    wanted, current = asked["authenticationMode"], cluster.shown["accessConfig"]["authenticationMode"]
    if order.index(wanted) <= order.index(current):
        raise invalid_parameter(
            f"Unsupported authentication mode update from {current} to {wanted}", clusterName=cluster.name
        )
    cluster.shown["accessConfig"]["authenticationMode"] = wanted
    eks_access.bootstrap(cluster)
    return "AccessConfigUpdate", {"AuthenticationMode": wanted}


def _update_plain(call: Call, cluster: Cluster, kind: str, asked: Any) -> tuple[str, dict[str, Any]]:
    cluster.shown[kind] = asked
    return {
        "upgradePolicy": ("UpgradePolicyUpdate", {"UpgradePolicy": asked}),
        "deletionProtection": ("DeletionProtectionUpdate", {"DeletionProtection": asked}),
    }[kind]


def _tagged(call: Call) -> eks_store.Shown:
    arn = unquote(call.params["resourceArn"])
    for cluster in eks_store.clusters(call.account, call.region):
        for shown in eks_store.tagged(cluster):
            if eks_store.arn_of(shown) == arn:
                return shown
    raise eks_store.not_found(f"Resource was not found: {arn}")
