"""What a Service of type LoadBalancer asks of AWS: pure functions, by the rules of Kubernetes' AWS provider."""

from __future__ import annotations

from dataclasses import dataclass

from lab.kubernetes.api import Thing

PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
NAME_LENGTH = 32
TLS_BACKENDS = ("ssl", "https")
HTTP_BACKENDS = ("http", "https")
PROTOCOLS = {(True, True): "HTTPS", (True, False): "HTTP", (False, True): "SSL", (False, False): "TCP"}
"""Whether the backend speaks HTTP and whether the listener speaks TLS → the listener's protocol."""


@dataclass(frozen=True)
class Port:
    """One listener of a load balancer.

    Attributes:
        name: the service port's name.
        node_port: the port of the nodes to which AWS would send.
        certificate: ARN of the certificate with which the listener speaks TLS, or an empty text.
        is_backend_tls: whether the pods are spoken to by TLS again.
    """

    name: str
    port: int
    node_port: int
    protocol: str
    certificate: str
    is_backend_tls: bool


def annotation(service: Thing, name: str, default: str = "") -> str:
    """The value of one of the provider's annotations."""
    return str((service["metadata"].get("annotations") or {}).get(f"{PREFIX}{name}", default))


def name_of(service: Thing) -> str:
    """The name of the service's load balancer."""
    return f"a{service['metadata']['uid'].replace('-', '')}"[:NAME_LENGTH]


def is_internal(service: Thing) -> bool:
    """Whether the load balancer has no public address."""
    return annotation(service, "internal") not in ("", "false")


def ports_of(service: Thing) -> list[Port]:
    """The listeners."""
    certificate = annotation(service, "ssl-cert")
    backend = annotation(service, "backend-protocol", "tcp")
    chosen = {word.strip() for word in annotation(service, "ssl-ports", "*").split(",")}
    found = []
    for entry in service["spec"]["ports"]:
        is_tls = bool(certificate) and bool(chosen & {"*", str(entry["port"]), entry.get("name", "")})
        found.append(
            Port(
                name=entry.get("name", ""),
                port=entry["port"],
                node_port=entry.get("nodePort", 0),
                protocol=PROTOCOLS[backend in HTTP_BACKENDS, is_tls],
                certificate=certificate if is_tls else "",
                is_backend_tls=is_tls and backend in TLS_BACKENDS,
            )
        )
    return found


def sources_of(service: Thing) -> list[str]:
    """The address ranges from which the load balancer may be reached."""
    ranges: list[str] = service["spec"].get("loadBalancerSourceRanges") or ["0.0.0.0/0"]
    return ranges


def tags_of(service: Thing, cluster_tag: str, owned: str) -> dict[str, str]:
    """The tags of the load balancer."""
    metadata = service["metadata"]
    extra = dict(
        word.split("=", 1) for word in annotation(service, "additional-resource-tags").split(",") if "=" in word
    )
    return {
        **{key.strip(): value.strip() for key, value in extra.items()},
        cluster_tag: owned,
        "kubernetes.io/service-name": f"{metadata['namespace']}/{metadata['name']}",
    }


def targets_of(endpoints: Thing | None, port_name: str) -> list[list[str | int]]:
    """Address and port of every ready pod behind a port of the service."""
    found: list[list[str | int]] = []
    for subset in (endpoints or {}).get("subsets") or []:
        numbers = [port["port"] for port in subset.get("ports") or [] if port.get("name", "") == port_name]
        found += [[address["ip"], number] for address in subset.get("addresses") or [] for number in numbers]
    return found
