"""Everything that an account holds, told without the ids that AWS invents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

GONE = {"terminated", "shutting-down", "deleted", "deleting"}


def tags(item: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """An item's tags; those that AWS makes, and host keys, differ from run to run."""
    found = {tag["Key"]: tag["Value"] for tag in item.get("Tags", [])}
    return tuple(sorted((key, value) for key, value in found.items() if key != "SshHostKey"))


def holdings(ec2: Any) -> Counter[tuple[Any, ...]]:
    """What the account holds besides its default VPC, tagged or not: each thing with its number."""
    default = {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if vpc["IsDefault"]}
    found: Counter[tuple[Any, ...]] = Counter()

    def add(kind: str, item: Mapping[str, Any], *what: Any) -> None:
        if item.get("VpcId") not in default:
            found[(kind, *what, tags(item))] += 1

    for vpc in ec2.describe_vpcs()["Vpcs"]:
        add("vpc", vpc, vpc["CidrBlock"])
    for subnet in ec2.describe_subnets()["Subnets"]:
        add("subnet", subnet, subnet["CidrBlock"], subnet["AvailabilityZone"], subnet["MapPublicIpOnLaunch"])
    for gateway in ec2.describe_internet_gateways()["InternetGateways"]:
        if not any(one["VpcId"] in default for one in gateway["Attachments"]):
            add("internet gateway", gateway, len(gateway["Attachments"]))
    for gateway in ec2.describe_nat_gateways()["NatGateways"]:
        if gateway["State"] not in GONE:
            add("NAT gateway", gateway, gateway["State"])
    for address in ec2.describe_addresses()["Addresses"]:
        add("Elastic IP", address, "AssociationId" in address)
    for table in ec2.describe_route_tables()["RouteTables"]:
        routes = sorted(route.get("DestinationCidrBlock", "") for route in table["Routes"])
        subnets = sum("SubnetId" in one for one in table["Associations"])
        add("route table", table, tuple(routes), subnets)
    for group in ec2.describe_security_groups()["SecurityGroups"]:
        rules = sorted(
            (rule["IpProtocol"], rule.get("FromPort"), len(rule["UserIdGroupPairs"]), len(rule["IpRanges"]))
            for rule in group["IpPermissions"]
        )
        add("security group", group, group["GroupName"], str(rules))
    for reservation in ec2.describe_instances()["Reservations"]:
        for instance in reservation["Instances"]:
            if instance["State"]["Name"] not in GONE:
                add("instance", instance, instance["InstanceType"], instance["ImageId"], instance["State"]["Name"])
    for volume in ec2.describe_volumes()["Volumes"]:
        add("volume", volume, volume["Size"], volume["Encrypted"], volume["State"])
    for pair in ec2.describe_key_pairs()["KeyPairs"]:
        add("key pair", pair, pair["KeyName"])
    return found
