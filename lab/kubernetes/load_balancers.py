"""Stands in for the cloud's service controller: a LoadBalancer service gets a load balancer that really answers."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.elb.models import elb_backends
from moto.iam.models import iam_backends

from lab.files import write_atomically
from lab.kubernetes import addresses, balancer_plan
from lab.kubernetes.api import Api, Thing, path_of
from lab.kubernetes.balancer_plan import Port
from lab.kubernetes.control_plane import ControlPlane
from lab.kubernetes.events import Events
from lab.moto_fixes import node_instances
from lab.moto_fixes.eks_clusters import OWNED, cluster_tag
from lab.moto_fixes.eks_store import Cluster
from lab.moto_fixes.load_balancers import address_of
from lab.settings import CHECKOUT

FINALIZER = "service.kubernetes.io/load-balancer-cleanup"
ROLE_TAGS = {True: "kubernetes.io/role/internal-elb", False: "kubernetes.io/role/elb"}
_SERVICES = "api/v1/services"
_ENDPOINTS = "api/v1/endpoints"


class Obstacle(Exception):
    """Why a load balancer cannot be made, in the words of an event."""


class LoadBalancers:
    """Looks after the LoadBalancer services of a cluster.

    Args:
        lock: guards moto's data.
        publish: called with key and the names (name → address) that the cluster's load balancers have.
    """

    def __init__(
        self,
        cluster: Cluster,
        plane: ControlPlane,
        api: Api,
        lock: threading.RLock,
        publish: Callable[[str, Mapping[str, str]], None],
    ) -> None:
        self._cluster = cluster
        self._plane = plane
        self._api = api
        self._lock = lock
        self._publish = publish
        self._events = Events(api, "service-controller")
        self._forwarder: subprocess.Popen[bytes] | None = None
        self._configured = "[]"
        self._published: dict[str, str] = {}

    def round(self) -> None:
        """Look once, and do what is to do."""
        listeners: list[Thing] = []
        names: dict[str, str] = {}
        shown: list[tuple[Thing, str]] = []
        for service in self._api.list_all(path_of(_SERVICES)):
            service.setdefault("kind", "Service")
            service.setdefault("apiVersion", "v1")
            wants = service["spec"].get("type") == "LoadBalancer" and not service["metadata"].get("deletionTimestamp")
            if not wants:
                if FINALIZER in (service["metadata"].get("finalizers") or []):
                    self._remove(service)
                continue
            try:
                balancer, opened = self._ensure(service)
            except Obstacle as obstacle:
                message = f"Error syncing load balancer: failed to ensure load balancer: {obstacle}"
                self._events.tell(service, "SyncLoadBalancerFailed", message)
                continue
            listeners += opened
            names[balancer.dns_name] = address_of(balancer)
            shown.append((service, balancer.dns_name))
        self._forward(listeners)
        if names != self._published:
            self._publish(self._cluster.key, names)
            self._published = names
        for service, name in shown:
            self._show(service, name)

    def _ensure(self, service: Thing) -> tuple[Any, list[Thing]]:
        """The load balancer of a service, made or changed as needed, and its listeners for the forwarder."""
        metadata = service["metadata"]
        finalizers = metadata.get("finalizers") or []
        if FINALIZER not in finalizers:
            path = path_of(_SERVICES, metadata["namespace"], metadata["name"])
            self._api.patch(path, {"metadata": {"finalizers": [*finalizers, FINALIZER]}})
        ports = balancer_plan.ports_of(service)
        with self._lock:
            certificates = {port.certificate: self._certificate(port.certificate) for port in ports}
            balancer = self._balancer(service, ports)
            address = address_of(balancer)
        addresses.hold(self._plane.lab, address)
        endpoints = self._api.get(path_of(_ENDPOINTS, metadata["namespace"], metadata["name"]))
        listeners = [
            {
                "address": address,
                "port": port.port,
                "certificate": certificates[port.certificate],
                "is_backend_tls": port.is_backend_tls,
                "targets": balancer_plan.targets_of(endpoints, port.name),
            }
            for port in ports
        ]
        return balancer, listeners

    def _balancer(self, service: Thing, ports: list[Port]) -> Any:
        """The load balancer in moto's data."""
        cluster, name = self._cluster, balancer_plan.name_of(service)
        elb = elb_backends[cluster.account][cluster.region]
        balancer = elb.load_balancers.get(name)
        if balancer is None:
            subnets = self._subnets(balancer_plan.is_internal(service))
            group_id = self._group(service, name)
            balancer = elb.create_load_balancer(
                name=name,
                zones=[],
                ports=_described(ports),
                scheme="internal" if balancer_plan.is_internal(service) else "internet-facing",
                subnets=subnets,
                security_groups=[group_id],
            )
            self._events.tell(service, "EnsuredLoadBalancer", "Ensured load balancer", is_warning=False)
        elif _listed(balancer) != _described(ports):
            balancer.listeners = []
            elb.create_load_balancer_listeners(name, _described(ports))
        balancer.tags = balancer_plan.tags_of(service, cluster_tag(cluster.name), OWNED)
        balancer.instance_sparse_ids = [
            instance.id
            for group in cluster.node_groups.values()
            for instance in node_instances.of_group(cluster, group)
        ]
        if idle := balancer_plan.annotation(service, "connection-idle-timeout"):
            balancer.attributes["connection_settings"] = {"idle_timeout": int(idle)}
        self._permit(balancer.security_groups[0], service, ports)
        return balancer

    def _group(self, service: Thing, name: str) -> str:
        """The security group of a new load balancer, from which the nodes may be reached."""
        cluster, metadata = self._cluster, service["metadata"]
        ec2 = ec2_backends[cluster.account][cluster.region]
        group = ec2.create_security_group(
            f"k8s-elb-{name}",
            f"Security group for Kubernetes ELB {name} ({metadata['namespace']}/{metadata['name']})",
            cluster.shown["resourcesVpcConfig"]["vpcId"],
            tags={cluster_tag(cluster.name): OWNED, "KubernetesCluster": cluster.name},
        )
        ec2.authorize_security_group_ingress(cluster.group_id, "-1", "", "", [], source_groups=[{"GroupId": group.id}])
        return str(group.id)

    def _permit(self, group_id: str, service: Thing, ports: list[Port]) -> None:
        """Let the load balancer's security group say who may reach which port."""
        ec2 = ec2_backends[self._cluster.account][self._cluster.region]
        group = ec2.get_security_group_from_id(group_id)
        sources = balancer_plan.sources_of(service)
        wanted = {(port.port, source) for port in ports for source in sources}
        present = {
            (rule.from_port or 0, rule.ip_range["CidrIp"])
            for rule in (group.ingress_rules if group else [])
            if "CidrIp" in rule.ip_range
        }
        for port, source in sorted(present - wanted):
            ec2.revoke_security_group_ingress(group_id, "tcp", str(port), str(port), [{"CidrIp": source}])
        for port, source in sorted(wanted - present):
            ec2.authorize_security_group_ingress(group_id, "tcp", str(port), str(port), [{"CidrIp": source}])

    def _subnets(self, is_internal: bool) -> list[str]:
        """The subnets for a new load balancer, one in each zone: those with the role's tag first.

        A public one needs a route to an internet gateway.
        """
        ec2 = ec2_backends[self._cluster.account][self._cluster.region]
        vpc_id = self._cluster.shown["resourcesVpcConfig"]["vpcId"]
        chosen: dict[str, Any] = {}
        candidates = [subnet for zone in ec2.subnets.values() for subnet in zone.values() if subnet.vpc_id == vpc_id]
        if not is_internal:
            candidates = [subnet for subnet in candidates if _is_public(ec2, subnet)]
        wanted = ROLE_TAGS[is_internal]

        def rank(subnet: Any) -> tuple[bool, str]:
            return wanted not in {tag["key"] for tag in subnet.get_tags()}, str(subnet.id)

        for subnet in sorted(candidates, key=rank):
            chosen.setdefault(subnet.availability_zone, subnet)
        if not chosen:
            raise Obstacle("could not find any suitable subnets for creating the ELB")
        return [str(subnet.id) for subnet in chosen.values()]

    def _certificate(self, arn: str) -> str:
        """The path of a file with an IAM server certificate and its key; an empty text for no certificate."""
        if not arn:
            return ""
        found = iam_backends[self._cluster.account]["aws"].get_certificate_by_arn(arn)
        if found is None:
            raise Obstacle(f"CertificateNotFound: Server Certificate not found for the key: {arn}")
        path = self._plane.directory / f"{found.cert_name}.pem"
        text = "\n".join([found.cert_body, found.cert_chain or "", found.private_key, ""])
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            write_atomically(path, text)
        return str(path)

    def _remove(self, service: Thing) -> None:
        """Remove the load balancer of a service that wants none any more."""
        metadata, cluster = service["metadata"], self._cluster
        name = balancer_plan.name_of(service)
        with self._lock:
            elb = elb_backends[cluster.account][cluster.region]
            ec2 = ec2_backends[cluster.account][cluster.region]
            balancer = elb.load_balancers.get(name)
            if balancer is not None:
                address = address_of(balancer)
                groups = list(balancer.security_groups)
                elb.delete_load_balancer(name)
                addresses.release(self._plane.lab, address)
                for group_id in groups:
                    _dismiss(ec2, cluster.group_id, group_id)
        finalizers = [entry for entry in metadata["finalizers"] if entry != FINALIZER]
        path = path_of(_SERVICES, metadata["namespace"], metadata["name"])
        self._api.patch(path, {"metadata": {"finalizers": finalizers}})
        self._events.forget(metadata["uid"])

    def _show(self, service: Thing, name: str) -> None:
        """Write the load balancer's name into the service's status."""
        metadata, wanted = service["metadata"], {"loadBalancer": {"ingress": [{"hostname": name}]}}
        if (service.get("status") or {}).get("loadBalancer") != wanted["loadBalancer"]:
            path = path_of(_SERVICES, metadata["namespace"], metadata["name"])
            self._api.patch(f"{path}/status", {"status": wanted})

    def _forward(self, listeners: list[Thing]) -> None:
        """Hand the listeners to the forwarder; it is started when it is first needed."""
        text = json.dumps(sorted(listeners, key=lambda entry: (entry["address"], entry["port"])))
        is_running = self._forwarder is not None and self._forwarder.poll() is None
        if text == self._configured and (is_running or not listeners):
            return
        if not is_running:
            self._start_forwarder()
        if self._forwarder is not None and self._forwarder.stdin is not None:
            self._forwarder.stdin.write(f"{text}\n".encode())
            self._forwarder.stdin.flush()
            self._configured = text

    def _start_forwarder(self) -> None:
        with (self._plane.directory / "forwarder.log").open("ab") as log:
            self._forwarder = subprocess.Popen(
                [sys.executable, "-m", "lab.kubernetes.forwarder"],
                cwd=CHECKOUT,
                env={**self._plane.environment(), "PYTHONPATH": str(CHECKOUT)},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def _described(ports: list[Port]) -> list[dict[str, str | None]]:
    return [
        {
            "Protocol": port.protocol,
            "LoadBalancerPort": str(port.port),
            "InstancePort": str(port.node_port),
            "SSLCertificateId": port.certificate or None,
        }
        for port in ports
    ]


def _listed(balancer: Any) -> list[dict[str, str | None]]:
    return [
        {
            "Protocol": listener.protocol,
            "LoadBalancerPort": str(listener.load_balancer_port),
            "InstancePort": str(listener.instance_port),
            "SSLCertificateId": listener.ssl_certificate_id,
        }
        for listener in balancer.listeners
    ]


def _is_public(ec2: Any, subnet: Any) -> bool:
    """Whether a subnet's routes lead to an internet gateway."""
    tables = [table for table in ec2.route_tables.values() if table.vpc_id == subnet.vpc_id]
    own = [table for table in tables if subnet.id in table._associations.values()]
    main = [table for table in tables if table.main_association_id is not None]
    return any(
        str(getattr(route.gateway, "id", "")).startswith("igw-") for table in (own or main) for route in table.routes
    )


def _dismiss(ec2: Any, nodes_group: str, group_id: str) -> None:
    """Remove a load balancer's security group, and what the nodes' group says of it."""
    try:
        ec2.revoke_security_group_ingress(nodes_group, "-1", "", "", [], source_groups=[{"GroupId": group_id}])
    except EC2ClientError:
        if ec2.get_security_group_from_id(nodes_group) is not None:
            raise
    ec2.delete_security_group(group_id=group_id)
