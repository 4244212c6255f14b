"""An AWS account to tear something down in: clusters, what is foreign to them, and a listing of all there is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

LISTINGS = {
    "describe_vpcs": ("Vpcs", "VpcId"),
    "describe_subnets": ("Subnets", "SubnetId"),
    "describe_internet_gateways": ("InternetGateways", "InternetGatewayId"),
    "describe_nat_gateways": ("NatGateways", "NatGatewayId"),
    "describe_addresses": ("Addresses", "AllocationId"),
    "describe_route_tables": ("RouteTables", "RouteTableId"),
    "describe_security_groups": ("SecurityGroups", "GroupId"),
    "describe_volumes": ("Volumes", "VolumeId"),
    "describe_network_interfaces": ("NetworkInterfaces", "NetworkInterfaceId"),
    "describe_key_pairs": ("KeyPairs", "KeyPairId"),
    "describe_launch_templates": ("LaunchTemplates", "LaunchTemplateId"),
}
ENDED = {"terminated", "deleted"}


@dataclass(frozen=True)
class Network:
    """Ids of what a cluster, or somebody else, has in a VPC."""

    vpc: str
    subnet: str
    group: str


@dataclass(frozen=True)
class Account:
    """boto3 clients of one account."""

    ec2: Any
    autoscaling: Any

    def everything(self) -> dict[str, str]:
        """Every resource that has not ended, as JSON by its id."""
        found = {
            item[key]: item
            for operation, (items, key) in LISTINGS.items()
            for item in getattr(self.ec2, operation)()[items]
            if item.get("State") not in ENDED
        }
        reservations = self.ec2.describe_instances()["Reservations"]
        instances = [instance for reservation in reservations for instance in reservation["Instances"]]
        found |= {item["InstanceId"]: item for item in instances if item["State"]["Name"] not in ENDED}
        groups = self.autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        found |= {group["AutoScalingGroupARN"]: group for group in groups}
        return {key: json.dumps(item, default=str, sort_keys=True) for key, item in found.items()}

    def states(self) -> set[str]:
        """The states that instances and NAT gateways are in."""
        reservations = self.ec2.describe_instances()["Reservations"]
        instances = {item["State"]["Name"] for reservation in reservations for item in reservation["Instances"]}
        return instances | {gateway["State"] for gateway in self.ec2.describe_nat_gateways()["NatGateways"]}

    def add_foreign(self) -> Network:
        """Make a VPC of somebody else, with a gateway, a group and a running instance."""
        network = self._add_network("10.9.0.0/16", [])
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc)
        self._run_instance(network, [])
        self.ec2.create_key_pair(KeyName="foreign-key")
        self.ec2.allocate_address(Domain="vpc")
        return network

    def add_cluster(self, name: str, cidr: str) -> Network:
        """Make a cluster with a resource of every kind, as a deployment leaves it."""
        tags = cluster_tags(name)
        network = self._add_network(cidr, tags)
        gateway = self.ec2.create_internet_gateway(**spec("internet-gateway", tags))["InternetGateway"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=network.vpc)
        table = self.ec2.create_route_table(VpcId=network.vpc, **spec("route-table", tags))["RouteTable"]
        self.ec2.associate_route_table(RouteTableId=table["RouteTableId"], SubnetId=network.subnet)
        self.ec2.create_route(
            RouteTableId=table["RouteTableId"],
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=gateway["InternetGatewayId"],
        )
        self._refer_to_each_other(network.group, self._add_group(network.vpc, "second", tags))
        self.ec2.create_key_pair(KeyName=f"{name}-key", **spec("key-pair", tags))
        address = self.ec2.allocate_address(Domain="vpc", **spec("elastic-ip", tags))["AllocationId"]
        self.ec2.create_nat_gateway(SubnetId=network.subnet, AllocationId=address, **spec("natgateway", tags))
        for _ in range(2):
            self._run_instance(network, tags)
        self._add_group_of_instances(name, network, tags)
        return network

    def add_leftovers(self, name: str, vpc: str) -> None:
        """Make what an interrupted run leaves, and what a cluster has in a VPC that is not its own."""
        tags = cluster_tags(name)
        self.ec2.create_internet_gateway(**spec("internet-gateway", tags))
        self.ec2.allocate_address(Domain="vpc", **spec("elastic-ip", tags))
        self.ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, **spec("volume", tags))
        subnet = self.ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.128.0/20", **spec("subnet", tags))["Subnet"]
        self.ec2.create_network_interface(SubnetId=subnet["SubnetId"], **spec("network-interface", tags))
        table = self.ec2.create_route_table(VpcId=vpc, **spec("route-table", tags))["RouteTable"]
        self.ec2.associate_route_table(RouteTableId=table["RouteTableId"], SubnetId=subnet["SubnetId"])
        self._add_group(vpc, "in-a-foreign-vpc", tags)

    def _add_network(self, cidr: str, tags: list[dict[str, str]]) -> Network:
        vpc = self.ec2.create_vpc(CidrBlock=cidr, **spec("vpc", tags))["Vpc"]["VpcId"]
        first = cidr.replace("/16", "/20")
        subnet = self.ec2.create_subnet(VpcId=vpc, CidrBlock=first, **spec("subnet", tags))["Subnet"]["SubnetId"]
        return Network(vpc, subnet, self._add_group(vpc, "first", tags))

    def _add_group(self, vpc: str, name: str, tags: list[dict[str, str]]) -> str:
        group: str = self.ec2.create_security_group(
            GroupName=name, Description=name, VpcId=vpc, **spec("security-group", tags)
        )["GroupId"]
        return group

    def _refer_to_each_other(self, *groups: str) -> None:
        for group, other in (groups, groups[::-1]):
            rule = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}, {"GroupId": other}]}
            self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])

    def _run_instance(self, network: Network, tags: list[dict[str, str]]) -> None:
        both = spec("instance", tags).get("TagSpecifications", []) + spec("volume", tags).get("TagSpecifications", [])
        self.ec2.run_instances(
            ImageId=self._image(),
            MinCount=1,
            MaxCount=1,
            InstanceType="t3.micro",
            SubnetId=network.subnet,
            SecurityGroupIds=[network.group],
            **({"TagSpecifications": both} if both else {}),
        )

    def _add_group_of_instances(self, name: str, network: Network, tags: list[dict[str, str]]) -> None:
        self.ec2.create_launch_template(
            LaunchTemplateName=f"{name}-template",
            LaunchTemplateData={"ImageId": self._image(), "InstanceType": "t3.micro"},
            **spec("launch-template", tags),
        )
        self.autoscaling.create_auto_scaling_group(
            AutoScalingGroupName=f"{name}-group",
            MinSize=1,
            MaxSize=1,
            VPCZoneIdentifier=network.subnet,
            LaunchTemplate={"LaunchTemplateName": f"{name}-template"},
            Tags=[{**tag, "PropagateAtLaunch": True} for tag in tags],
        )

    def _image(self) -> str:
        image: str = self.ec2.describe_images()["Images"][0]["ImageId"]
        return image


def cluster_tags(name: str) -> list[dict[str, str]]:
    """The tags of everything that a cluster has."""
    return [{"Key": "Project", "Value": "LambdaFS"}, {"Key": "Cluster", "Value": name}]


def spec(kind: str, tags: list[dict[str, str]]) -> dict[str, Any]:
    """The argument that tags a resource at its creation; none without tags."""
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}
