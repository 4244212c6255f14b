"""EC2 instances of EKS nodes: in the API as any other, but no container runs for them."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends
from moto.ec2.models.instances import Instance

from lab.moto_fixes import images, instances
from lab.moto_fixes.auto_scaling import least_used
from lab.moto_fixes.eks_clusters import OWNED, cluster_tag
from lab.moto_fixes.eks_store import Cluster, NodeGroup

NODE_MARK = "lab_node_of"
GONE = ("shutting-down", "terminated")


def is_node(instance: Instance) -> bool:
    """Whether an instance is a node of a cluster."""
    return hasattr(instance, NODE_MARK)


def of_group(cluster: Cluster, group: NodeGroup) -> list[Any]:
    """The instances of a node group that are not on their way out, the oldest first."""
    wanted = (cluster.key, group.shown["nodegroupArn"])
    return [
        instance
        for instance in instances.all_instances()
        if getattr(instance, NODE_MARK, None) == wanted and instance.state not in GONE
    ]


def launch(cluster: Cluster, group: NodeGroup, number: int) -> None:
    """Start so many nodes of a group, spread over its subnets."""
    ec2 = ec2_backends[cluster.account][cluster.region]
    image = images.image_id(cluster.region, next(iter(images.UBUNTU)))
    for _ in range(number):
        used = [instance.subnet_id for instance in of_group(cluster, group)]
        reservation = ec2.run_instances(
            image,
            1,
            None,
            [],
            instance_type=(group.shown["instanceTypes"] or ["t3.medium"])[0],
            is_instance_type_default=False,
            subnet_id=least_used(group.shown["subnets"], used),
            security_group_ids=[cluster.group_id],
            tags={
                "instance": {
                    "eks:cluster-name": cluster.name,
                    "eks:nodegroup-name": group.name,
                    cluster_tag(cluster.name): OWNED,
                }
            },
        )
        for instance in reservation.instances:
            setattr(instance, NODE_MARK, (cluster.key, group.shown["nodegroupArn"]))
            instances.finish_start(instance, [])


def end(instance: Any) -> None:
    """Terminate a node's instance."""
    instance.terminate()
    instances.finish_termination(instance)


def settle() -> None:
    """Finish the termination of nodes that somebody terminated through EC2's API."""
    for instance in instances.all_instances():
        if is_node(instance) and instance.state == "shutting-down":
            instances.finish_termination(instance)
