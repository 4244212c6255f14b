# Copyright: (c) lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Rules for the settings of a deployment: pure functions that answer with one line a problem.

``Settings`` maps a setting's name to its value in its declared type. A name whose value has
the wrong type is absent, because that was already reported: a rule skips what is absent.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Any

from ansible_collections.lambdafs.cluster.plugins.module_utils.eks_rules import eks_problems
from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_nodes import MAX_DATA_NODES, REPLICAS

Settings = Mapping[str, Any]
Rule = Callable[[Settings], list[str]]

TIERS = ("zookeeper", "ndb_mgmd", "ndb_datanode", "ndb_sql", "driver_lambdafs", "driver_hopsfs")
SCALING_GROUPS = ("client", "hopsfs_client", "hopsfs_namenode")

# Variables that look like settings and are made by the collection itself
INVENTORY_VARIABLES = frozenset({"lambdafs_cluster", "lambdafs_component", "lambdafs_index"})
PUBLISHED_FACTS = frozenset(
    {"lambdafs_openwhisk_api_host", "ndb_mgmd_needed_memory_mb", "preflight_images", "preflight_zones"}
)
CONFIRM_PREFIX = "confirm_"
CONFIRM_VARIABLES = frozenset({"confirm_eks_upgrade", "confirm_format", "confirm_shrink", "confirm_teardown"})
# Name of a setting that is gone: what takes its place
REMOVED_VARIABLES: dict[str, str] = {}

# How alike two names must be for a suggestion: they share a prefix in any case
SIMILARITY = 0.75

MAX_DEPLOYMENTS = 1000
MAX_MANAGEMENT_NODES = 2
# Node ids of SQL nodes begin at 145 and end at 255 in all; what is left is for the file systems
MAX_SQL_NODES = 64
MIN_ROOT_VOLUME_GIB = 8
RESERVED_TAGS = ("Cluster", "Component", "Index", "Name", "Project")
ZONE_COUNT = 2
# What the filter in the default of the subnets answers when the VPC's CIDR has no such part
NO_SUBNET = "False"

AMI_ID = re.compile(r"ami-[0-9a-f]{8}(?:[0-9a-f]{9})?")
CLUSTER_NAME = re.compile(r"[a-z][a-z0-9-]{0,38}[a-z0-9]")
DATABASE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
DATABASE_USER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}")
# What option files and Java's properties take as it is
DATABASE_PASSWORD = re.compile(r"[A-Za-z0-9!@%^*()_+=.,:/?~-]{12,79}")
RESERVED_DATABASES = frozenset({"information_schema", "mysql", "ndbinfo", "performance_schema", "sys"})
RESERVED_USERS = frozenset({"root", "mysql_infoschema", "mysql_session", "mysql_sys"})
REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2}")


def unknown_name_problems(names: Iterable[str], known: Iterable[str], prefixes: Iterable[str]) -> list[str]:
    """Report the variables that look like the collection's own and are none of them.

    A variable ``confirm_something`` counts only when it resembles one of ours: others use that word too.

    Args:
        names: names of all variables that are set anywhere.
        known: names that the roles declare.
        prefixes: beginnings of names that are the collection's own, such as ``zookeeper_``.
    """
    settable = sorted(known)
    own = tuple(prefixes)
    problems = []
    for name in sorted({*names} - {*settable, *CONFIRM_VARIABLES, *INVENTORY_VARIABLES, *PUBLISHED_FACTS}):
        if name in REMOVED_VARIABLES:
            problems.append(f"{name} was removed: use {REMOVED_VARIABLES[name]}")
            continue
        if name.startswith(CONFIRM_PREFIX):
            action = name.removeprefix(CONFIRM_PREFIX)
            actions = [variable.removeprefix(CONFIRM_PREFIX) for variable in sorted(CONFIRM_VARIABLES)]
            close = [CONFIRM_PREFIX + match for match in difflib.get_close_matches(action, actions, n=1)]
        elif name.startswith(own):
            close = difflib.get_close_matches(name, settable, n=1, cutoff=SIMILARITY)
        else:
            continue
        if close:
            problems.append(f"{name} is no variable of this collection: did you mean {close[0]}?")
        elif name.startswith(own):
            problems.append(f"{name} is no variable of this collection, and none is called alike: remove it")
    return problems


def value_problem(name: str, value: object, spec: Mapping[str, Any]) -> str:
    """The line for a value that does not satisfy its option of an argument spec."""
    expected = spec.get("type", "str")
    if "elements" in spec:
        expected += f" of {spec['elements']}"
    if "choices" in spec:
        expected = _choice(spec["choices"])
    found = "a hidden value" if spec.get("no_log") else f"{value}" or "empty"
    return f"{name} is {found}; expected {expected}; correct it"


def cluster_name_problems(settings: Settings) -> list[str]:
    """The name goes into tags, host names and file names."""
    name = settings.get("lambdafs_cluster_name")
    if name is None or CLUSTER_NAME.fullmatch(name):
        return []
    return [
        f"lambdafs_cluster_name is {name!r}; expected 2 to 40 lower-case letters, digits and hyphens, "
        "a letter first and no hyphen last; choose another name"
    ]


def region_problems(settings: Settings) -> list[str]:
    """Only the form of the name is looked at: whether it exists is asked of AWS."""
    region = settings.get("lambdafs_region")
    if region is None or REGION.fullmatch(region):
        return []
    return [f"lambdafs_region is {region!r}; expected a region's name such as us-east-1; correct it"]


def zone_problems(settings: Settings) -> list[str]:
    """Zones may be left to AWS, or be two different ones of the region."""
    zones = settings.get("lambdafs_availability_zones") or []
    region = settings.get("lambdafs_region", "")
    problems = []
    if zones and len(set(zones)) != ZONE_COUNT:
        problems.append(
            f"lambdafs_availability_zones holds {_join(zones)}; expected {ZONE_COUNT} different zones, "
            "or an empty list to let AWS say which there are"
        )
    problems += [
        f"lambdafs_availability_zones holds {zone}, which is not in {region}; expected a zone of that region; "
        "correct it or lambdafs_region"
        for zone in zones
        if not zone.startswith(region)
    ]
    return problems


def count_problems(settings: Settings) -> list[str]:
    """Numbers that NDB and the generated configuration can take; ZooKeeper's are declared as choices."""
    problems = []
    for tier in TIERS:
        count = settings.get(f"lambdafs_{tier}_count")
        if count is not None and count < 0:
            problems.append(f"lambdafs_{tier}_count is {count}; expected 0 or more; correct it")
    deployments = settings.get("lambdafs_namenode_deployments")
    if deployments is not None and not 1 <= deployments <= MAX_DEPLOYMENTS:
        problems.append(f"lambdafs_namenode_deployments is {deployments}; expected 1 to {MAX_DEPLOYMENTS}; correct it")
    return problems


def ndb_count_problems(settings: Settings) -> list[str]:
    """How many nodes NDB takes, and the node groups that they make."""
    problems = []
    data_nodes = settings.get("lambdafs_ndb_datanode_count", 0)
    managers = settings.get("lambdafs_ndb_mgmd_count")
    sql_nodes = settings.get("lambdafs_ndb_sql_count", 0)
    replicas = settings.get("lambdafs_ndb_replicas", 2)
    if replicas not in REPLICAS:
        problems.append(f"lambdafs_ndb_replicas is {replicas}; expected {_choice(REPLICAS)}; correct it")
    elif data_nodes % replicas or data_nodes > MAX_DATA_NODES:
        problems.append(
            f"lambdafs_ndb_datanode_count is {data_nodes}; expected a multiple of {replicas} up to {MAX_DATA_NODES}, "
            "since each node group holds lambdafs_ndb_replicas data nodes; correct it"
        )
    if managers is not None and managers > MAX_MANAGEMENT_NODES:
        problems.append(f"lambdafs_ndb_mgmd_count is {managers}; expected 1 or {MAX_MANAGEMENT_NODES}; correct it")
    if sql_nodes > MAX_SQL_NODES:
        problems.append(f"lambdafs_ndb_sql_count is {sql_nodes}; expected {MAX_SQL_NODES} or fewer; correct it")
    if managers == 0 and (data_nodes or sql_nodes):
        problems.append(
            f"lambdafs_ndb_mgmd_count is 0 with {data_nodes} data nodes and {sql_nodes} VMs for SQL nodes; expected 1 "
            f"or {MAX_MANAGEMENT_NODES}, since they get their configuration from it; set it, or those counts to 0"
        )
    if managers and managers > 0 and not data_nodes:
        problems.append(
            f"lambdafs_ndb_datanode_count is 0 with {managers} management servers; expected {replicas} or more; "
            "set it, or lambdafs_ndb_mgmd_count to 0"
        )
    return problems


def ndb_account_problems(settings: Settings) -> list[str]:
    """Names that need no quoting anywhere, and a password that is written as it is; it is never shown."""
    problems = []
    for name, form, reserved, length in (
        ("lambdafs_ndb_database", DATABASE_NAME, RESERVED_DATABASES, 63),
        ("lambdafs_hopsfs_database", DATABASE_NAME, RESERVED_DATABASES, 63),
        ("lambdafs_ndb_user", DATABASE_USER, RESERVED_USERS, 32),
    ):
        value = settings.get(name)
        if name == "lambdafs_hopsfs_database" and value == settings.get("lambdafs_ndb_database"):
            continue
        if value is not None and (not form.fullmatch(value) or value.lower() in reserved):
            problems.append(
                f"{name} is {value!r}; expected up to {length} letters, digits and underscores, no digit first, and no "
                "name that MySQL has for itself; choose another"
            )
    password = settings.get("lambdafs_ndb_password")
    if password and not DATABASE_PASSWORD.fullmatch(password):
        problems.append(
            "lambdafs_ndb_password is a hidden value; expected 12 to 79 letters, digits and signs without spaces, "
            "quotes, backslash, #, $, & and ;, since it is written to option and properties files; choose another"
        )
    return problems


def scaling_problems(settings: Settings) -> list[str]:
    """A scaling group's size is empty or a number up to its maximum, which is one at least."""
    problems = []
    for group in SCALING_GROUPS:
        maximum = settings.get(f"lambdafs_{group}_max_count")
        count = settings.get(f"lambdafs_{group}_count") or ""
        if maximum is not None and maximum < 1:
            problems.append(f"lambdafs_{group}_max_count is {maximum}; expected 1 or more; correct it")
        elif count and not (count.isascii() and count.isdecimal()):
            problems.append(
                f"lambdafs_{group}_count is {count!r}; expected a number, or nothing to keep what the group has; "
                "correct it"
            )
        elif count and maximum is not None and int(count) > maximum:
            problems.append(
                f"lambdafs_{group}_count is {count}; expected {maximum} or less; correct it, or raise "
                f"lambdafs_{group}_max_count"
            )
    return problems


def volume_problems(settings: Settings) -> list[str]:
    """Sizes are in GiB; a data volume of 0 is none."""
    problems = []
    for tier in (*TIERS, *SCALING_GROUPS):
        for kind, minimum in (("root", MIN_ROOT_VOLUME_GIB), ("data", 0)):
            name = f"lambdafs_{tier}_{kind}_volume_gib"
            size = settings.get(name)
            if size is not None and size < minimum:
                problems.append(f"{name} is {size}; expected {minimum} GiB or more; correct it")
    return problems


def image_problems(settings: Settings) -> list[str]:
    """AMI ids are well formed; the data nodes take one for all, or one for each of their two types."""
    named = {f"lambdafs_{tier}_ami": [settings.get(f"lambdafs_{tier}_ami")] for tier in (*TIERS, *SCALING_GROUPS)}
    data_node_images = settings.get("lambdafs_ndb_datanode_amis") or []
    named["lambdafs_ndb_datanode_amis"] = data_node_images
    problems = [
        f"{name} holds {image!r}; expected an AMI id such as ami-0123456789abcdef0; correct it, or leave it empty"
        for name, images in named.items()
        for image in images
        if image and not AMI_ID.fullmatch(image)
    ]
    if len(data_node_images) > 2:
        problems.append(
            f"lambdafs_ndb_datanode_amis holds {len(data_node_images)} ids; expected none, one for all data nodes, "
            "or one for each of the two types; remove the others"
        )
    return problems


def tag_problems(settings: Settings) -> list[str]:
    """Teardown and inventory find things by tags that only the collection may set."""
    return [
        f"lambdafs_tags holds {key!r}; expected names other than {_choice(RESERVED_TAGS)} and aws:*, "
        "which are set by the collection and by AWS; rename it"
        for key in settings.get("lambdafs_tags") or {}
        if key in RESERVED_TAGS or key.lower().startswith("aws:")
    ]


def subnet_problems(settings: Settings) -> list[str]:
    """CIDRs are valid, of a size that AWS takes, inside the VPC's and apart from each other."""
    vpc_cidr = settings.get("lambdafs_vpc_cidr")
    problems = _network_problems("lambdafs_vpc_cidr", [] if vpc_cidr is None else [vpc_cidr])
    # The defaults of the subnets are parts of the VPC's CIDR, and wrong when that one is
    vpc_is_wrong = bool(problems)
    vpc = None if settings.get("lambdafs_vpc_id") else parse_network(vpc_cidr)
    subnets: list[tuple[str, ipaddress.IPv4Network]] = []
    for name in ("lambdafs_public_subnet_cidrs", "lambdafs_private_subnet_cidrs"):
        cidrs = settings.get(name)
        if cidrs is None:
            continue
        if len(cidrs) != ZONE_COUNT:
            problems.append(
                f"{name} holds {len(cidrs)} subnets; expected {ZONE_COUNT}, one for each availability zone; correct it"
            )
        if NO_SUBNET in cidrs and not vpc_is_wrong:
            problems.append(
                f"lambdafs_vpc_cidr {vpc_cidr} has no room for the default {name}; expected a /16; "
                f"correct it, or set {name}"
            )
        elif not vpc_is_wrong:
            problems += _network_problems(name, cidrs)
        subnets += [(name, subnet) for subnet in map(parse_network, cidrs) if subnet is not None]
    problems += [
        f"{name} holds {subnet}, which is outside lambdafs_vpc_cidr {vpc}; "
        "expected a part of it; correct one of the two"
        for name, subnet in subnets
        if vpc is not None and not vpc_is_wrong and not subnet.subnet_of(vpc)
    ]
    problems += [
        f"{second_name} holds {second}, which overlaps {first} of {first_name}; expected separate subnets; correct one"
        for (first_name, first), (second_name, second) in combinations(subnets, 2)
        if first.overlaps(second)
    ]
    return problems


def address_problems(settings: Settings) -> list[str]:
    """Fixed private addresses that will be used: each free to take in a public subnet, and given once."""
    cidrs = settings.get("lambdafs_public_subnet_cidrs") or []
    subnets = [subnet for subnet in map(parse_network, cidrs) if subnet is not None]
    owners: dict[ipaddress.IPv4Address, str] = {}
    problems = []
    for tier in TIERS:
        name = f"lambdafs_{tier}_private_ips"
        count = max(0, settings.get(f"lambdafs_{tier}_count") or 0)
        for text in (settings.get(name) or [])[:count]:
            address = _address(text)
            if address is None:
                problems.append(f"{name} holds {text!r}; expected an IPv4 address such as 10.0.8.233; correct it")
                continue
            problem = _placement_problem(address, subnets)
            if address in owners:
                problem = f"is given in {owners[address]} already; expected one VM per address; change one of them"
            owners.setdefault(address, name)
            if problem:
                problems.append(f"{name} holds {address}, which {problem}")
    return problems


def operator_cidr_problems(settings: Settings) -> list[str]:
    """Networks that may reach SSH, and the Kubernetes API, which are the same unless set."""
    operator = settings.get("lambdafs_operator_cidrs") or []
    endpoint = settings.get("lambdafs_eks_endpoint_cidrs") or []
    named = {
        "lambdafs_operator_cidrs": operator,
        "lambdafs_eks_endpoint_cidrs": endpoint if endpoint != operator else [],
    }
    return [
        f"{name} holds {cidr!r}; expected a network such as 203.0.113.7/32; {_network_advice(cidr)}"
        for name, cidrs in named.items()
        for cidr in cidrs
        if not _is_network(cidr)
    ]


def bastion_problems(settings: Settings) -> list[str]:
    """A connection through a bastion that is not named."""
    if settings.get("lambdafs_connection") != "bastion" or settings.get("lambdafs_bastion"):
        return []
    return ["lambdafs_bastion is empty; expected user@host, since lambdafs_connection is bastion; name it"]


def operator_cidr_warnings(settings: Settings) -> list[str]:
    """A network that is the whole Internet is the user's to write, and worth a word."""
    return [
        f"lambdafs_operator_cidrs holds {cidr}: SSH will be open to the whole Internet"
        for cidr in settings.get("lambdafs_operator_cidrs") or []
        if _is_network(cidr) and ipaddress.ip_network(cidr).prefixlen == 0
    ]


RULES: tuple[Rule, ...] = (
    cluster_name_problems,
    region_problems,
    zone_problems,
    count_problems,
    ndb_count_problems,
    ndb_account_problems,
    scaling_problems,
    volume_problems,
    image_problems,
    tag_problems,
    subnet_problems,
    address_problems,
    operator_cidr_problems,
    bastion_problems,
    eks_problems,
)


def settings_problems(settings: Settings) -> list[str]:
    """Every problem that the rules find, in the order of the rules."""
    return [problem for rule in RULES for problem in rule(settings)]


def parse_network(cidr: object) -> ipaddress.IPv4Network | None:
    """The IPv4 network that a CIDR names, or None when it names none."""
    if not isinstance(cidr, str) or "/" not in cidr:
        return None
    try:
        return ipaddress.IPv4Network(cidr)
    except ValueError:
        return None


def _network_problems(name: str, cidrs: Iterable[object]) -> list[str]:
    problems = []
    for cidr in cidrs:
        network = parse_network(cidr)
        if network is None:
            problems.append(f"{name} holds {cidr!r}; expected a network such as 10.0.0.0/20; {_network_advice(cidr)}")
        elif not 16 <= network.prefixlen <= 28:
            problems.append(f"{name} holds {network}; expected a size that AWS takes, /16 to /28; correct it")
    return problems


def _network_advice(cidr: object) -> str:
    try:
        return f"did you mean {ipaddress.ip_network(str(cidr), strict=False)}?"
    except ValueError:
        return "correct it"


def _is_network(cidr: object) -> bool:
    try:
        ipaddress.ip_network(str(cidr))
    except ValueError:
        return False
    return True


def _address(text: object) -> ipaddress.IPv4Address | None:
    try:
        return ipaddress.IPv4Address(str(text))
    except ValueError:
        return None


def _placement_problem(address: ipaddress.IPv4Address, subnets: list[ipaddress.IPv4Network]) -> str:
    """Why a VM cannot have the address, or nothing. Without a valid subnet there is nothing to say."""
    home = next((subnet for subnet in subnets if address in subnet), None)
    if home is None:
        if not subnets:
            return ""
        return (
            f"is outside the public subnets {_join(subnets)}; expected an address inside one of them; "
            "change it, or remove it to let AWS choose"
        )
    offset = int(address) - int(home.network_address)
    if offset < 4 or address == home.broadcast_address:
        return f"AWS reserves in {home} (the first four addresses and the last); expected another; change it"
    return ""


def _join(items: Iterable[object]) -> str:
    return ", ".join(str(item) for item in items)


def _choice(items: Iterable[object]) -> str:
    *first, last = [str(item) for item in items]
    return f"{', '.join(first)} or {last}" if first else last
