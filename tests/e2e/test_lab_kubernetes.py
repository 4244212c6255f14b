"""The lab's EKS and Kubernetes, driven as a user drives them: boto3, kubectl, helm."""

from __future__ import annotations

import base64
import json
import os
import signal
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lab.kubernetes import clients
from lab.moto_fixes.eks_store import now
from tests.e2e.lab_under_test import REGION, Lab, known_hosts_of, run, started, traces, wait_for

SUBNET = "10.7.0.0/16"
NAME = "one"
EKS_SECONDS = 120.0
DRIVER_ACCOUNT = "system:serviceaccount:kube-system:ebs-csi-controller-sa"
POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with started(SUBNET, tmp_path_factory.mktemp("state")) as under_test:
        yield under_test


@dataclass
class Cloud:
    """An account with a network and roles."""

    lab: Lab
    vpc_id: str
    public: list[str]
    roles: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.eks, self.iam, self.ec2 = (self.lab.client(service) for service in ("eks", "iam", "ec2"))


def trust(principal: dict[str, str], action: str = "sts:AssumeRole", **condition: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, **condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def cloud(lab: Lab) -> Cloud:
    ec2, iam = lab.client("ec2"), lab.client("iam")
    vpc_id = ec2.create_vpc(CidrBlock=SUBNET)["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=cidr, AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"]
        for cidr, zone in (("10.7.0.0/20", "a"), ("10.7.16.0/20", "b"))
    ]
    gateway_id = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    table_id = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["RouteTables"][0][
        "RouteTableId"
    ]
    ec2.create_route(RouteTableId=table_id, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway_id)
    roles = {
        name: iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust({"Service": f"{service}.amazonaws.com"}))[
            "Role"
        ]["Arn"]
        for name, service in (("control", "eks"), ("node", "ec2"))
    }
    return Cloud(lab, vpc_id, subnets, roles)


def make_cluster(cloud: Cloud, name: str, mode: str) -> dict[str, Any]:
    made = cloud.eks.create_cluster(
        name=name,
        roleArn=cloud.roles["control"],
        resourcesVpcConfig={"subnetIds": cloud.public},
        accessConfig={"authenticationMode": mode},
    )["cluster"]
    assert made["status"] == "CREATING"
    assert "endpoint" not in made

    def active() -> dict[str, Any] | None:
        cluster: dict[str, Any] = cloud.eks.describe_cluster(name=name)["cluster"]
        assert cluster["status"] in ("CREATING", "ACTIVE"), cluster["health"]
        return cluster if cluster["status"] == "ACTIVE" else None

    found: dict[str, Any] = wait_for(active, f"cluster {name}", EKS_SECONDS)
    return found


@dataclass
class Kubectl:
    """kubectl and helm as a user with AWS credentials runs them, with a token that is asked for once."""

    lab: Lab
    directory: Path
    cluster: str = NAME
    access_key: str = "LABONLYNOTAREALKEY00"
    secret: str = "any"  # noqa: S105 - the lab takes any for this key

    def __post_init__(self) -> None:
        described = self.lab.client("eks").describe_cluster(name=self.cluster)["cluster"]
        done = run(["aws", "eks", "get-token", "--cluster-name", self.cluster], env=self.environment())
        assert done.returncode == 0, done.stderr
        token = json.loads(done.stdout)["status"]["token"]
        authority = described["certificateAuthority"]["data"]
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {"name": "c", "cluster": {"server": described["endpoint"], "certificate-authority-data": authority}}
            ],
            "users": [{"name": "u", "user": {"token": token}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "c",
        }
        self.kubeconfig.write_text(yaml.safe_dump(config))

    @property
    def kubeconfig(self) -> Path:
        return self.directory / f"{self.cluster}-{self.access_key}-{len(self.secret)}"

    def environment(self) -> dict[str, str]:
        kept = self.lab.environment
        return {
            **kept,
            "PATH": os.pathsep.join([str(clients.directory()), kept["PATH"]]),
            "KUBECONFIG": str(self.kubeconfig),
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.lab.port}",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def try_to(self, *command: str) -> subprocess.CompletedProcess[str]:
        return run(list(command), env=self.environment())

    def __call__(self, *arguments: str) -> str:
        done = self.try_to("kubectl", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self(*arguments, "--output=json"))
        return found

    def apply(self, directory: Path, *things: dict[str, Any]) -> None:
        manifest = directory / "manifest.yaml"
        manifest.write_text(yaml.safe_dump_all(things))
        self("apply", "--filename", str(manifest))


@pytest.fixture(scope="module")
def cluster(cloud: Cloud) -> dict[str, Any]:
    return make_cluster(cloud, NAME, "API_AND_CONFIG_MAP")


@pytest.fixture(scope="module")
def kubectl(lab: Lab, cluster: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Kubectl:
    return Kubectl(lab, tmp_path_factory.mktemp("kube"))


def ready_nodes(kubectl: Kubectl) -> dict[str, dict[str, Any]]:
    return {
        node["metadata"]["name"]: node
        for node in kubectl.json("get", "nodes")["items"]
        if any(entry["type"] == "Ready" and entry["status"] == "True" for entry in node["status"]["conditions"])
    }


@pytest.fixture(scope="module")
def nodes(cloud: Cloud, kubectl: Kubectl) -> dict[str, dict[str, Any]]:
    made = cloud.eks.create_nodegroup(
        clusterName=NAME,
        nodegroupName="core",
        nodeRole=cloud.roles["node"],
        subnets=cloud.public,
        scalingConfig={"minSize": 0, "maxSize": 4, "desiredSize": 3},
        instanceTypes=["r5.xlarge"],
        labels={"openwhisk-role": "core"},
        taints=[{"key": "busy", "effect": "PREFER_NO_SCHEDULE"}],
        tags={"Component": "core"},
    )["nodegroup"]
    assert made["status"] == "CREATING"
    assert made["updateConfig"] == {"maxUnavailable": 1}
    group_is(cloud, "ACTIVE")
    return ready_nodes(kubectl)


def group_is(cloud: Cloud, status: str) -> None:
    def look() -> bool:
        group = cloud.eks.describe_nodegroup(clusterName=NAME, nodegroupName="core")["nodegroup"]
        return bool(group["status"] == status)

    wait_for(look, f"node group {status}", EKS_SECONDS)


def test_describe_cluster_names_the_real_api(cluster: dict[str, Any]) -> None:
    context = ssl.create_default_context(cadata=base64.b64decode(cluster["certificateAuthority"]["data"]).decode())
    with urllib.request.urlopen(f"{cluster['endpoint']}/version", context=context) as answer:  # noqa: S310
        assert json.load(answer)["gitVersion"] == "v1.20.2"
    assert cluster["endpoint"].startswith("https://10.7.")


def test_the_kubeconfig_of_the_aws_program_works(kubectl: Kubectl, tmp_path: Path) -> None:
    config = tmp_path / "config"
    made = kubectl.try_to("aws", "eks", "update-kubeconfig", "--name", NAME, "--kubeconfig", str(config))
    assert made.returncode == 0, made.stderr
    assert kubectl("--kubeconfig", str(config), "auth", "can-i", "delete", "nodes").strip() == "yes"


def test_nodes_follow_their_group(cloud: Cloud, kubectl: Kubectl, nodes: dict[str, dict[str, Any]]) -> None:
    assert len(nodes) == 3
    for node in nodes.values():
        assert node["metadata"]["labels"]["openwhisk-role"] == "core"
        assert node["metadata"]["labels"]["eks.amazonaws.com/nodegroup"] == "core"
        assert node["spec"]["taints"] == [{"effect": "PreferNoSchedule", "key": "busy"}]
        assert node["status"]["capacity"]["cpu"] == "4"
    instances = {node["spec"]["providerID"].split("/")[-1] for node in nodes.values()}
    described = cloud.ec2.describe_instances(Filters=[{"Name": "tag:eks:nodegroup-name", "Values": ["core"]}])
    assert {made["InstanceId"] for entry in described["Reservations"] for made in entry["Instances"]} == instances
    update = cloud.eks.update_nodegroup_config(
        clusterName=NAME,
        nodegroupName="core",
        labels={"addOrUpdateLabels": {"size": "s"}, "removeLabels": ["openwhisk-role"]},
        taints={"removeTaints": [{"key": "busy", "effect": "PREFER_NO_SCHEDULE"}]},
        scalingConfig={"desiredSize": 2},
    )["update"]
    group_is(cloud, "ACTIVE")
    done = cloud.eks.describe_update(name=NAME, nodegroupName="core", updateId=update["id"])["update"]
    assert done["status"] == "Successful"

    def changed() -> bool:
        seen = ready_nodes(kubectl)
        marks = [(node["metadata"]["labels"], node["spec"].get("taints")) for node in seen.values()]
        return len(seen) == 2 and all(
            labels.get("size") == "s" and "openwhisk-role" not in labels and not taints for labels, taints in marks
        )

    wait_for(changed, "the nodes' new labels")


def test_a_principal_without_access_is_refused_until_it_has_some(
    cloud: Cloud, kubectl: Kubectl, nodes: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    arn = cloud.iam.create_user(UserName="stranger")["User"]["Arn"]
    key = cloud.iam.create_access_key(UserName="stranger")["AccessKey"]
    stranger = Kubectl(kubectl.lab, tmp_path, NAME, key["AccessKeyId"], key["SecretAccessKey"])
    refused = stranger.try_to("kubectl", "get", "pods", "--namespace", "default")
    assert refused.returncode != 0
    assert "Unauthorized" in refused.stderr
    cloud.eks.create_access_entry(clusterName=NAME, principalArn=arn)
    scope = {"type": "namespace", "namespaces": ["default"]}
    cloud.eks.associate_access_policy(clusterName=NAME, principalArn=arn, policyArn=POLICY, accessScope=scope)

    def may_look() -> bool:
        return stranger.try_to("kubectl", "get", "pods", "--namespace", "default").returncode == 0

    wait_for(may_look, "the access entry's effect")
    for question in (["get", "nodes"], ["create", "configmap", "mine", "--namespace", "default"]):
        forbidden = stranger.try_to("kubectl", *question)
        assert "Forbidden" in forbidden.stderr or "forbidden" in forbidden.stderr
    forger = Kubectl(kubectl.lab, tmp_path, NAME, key["AccessKeyId"], "another secret")
    assert "Unauthorized" in forger.try_to("kubectl", "get", "pods").stderr
    cloud.eks.delete_access_entry(clusterName=NAME, principalArn=arn)
    wait_for(lambda: not may_look(), "the end of the access")
    entry = {"userarn": arn, "username": "stranger", "groups": ["system:masters"]}
    config = {"mapUsers": yaml.safe_dump([entry])}
    metadata = {"name": "aws-auth", "namespace": "kube-system"}
    kubectl.apply(tmp_path, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": config})
    wait_for(lambda: stranger.try_to("kubectl", "get", "nodes").returncode == 0, "the ConfigMap's effect")


def claim_and_pod() -> list[dict[str, Any]]:
    claim = {"accessModes": ["ReadWriteOnce"], "storageClassName": "gp2"}
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "claim"}}
    container = {"name": "app", "image": "centos", "volumeMounts": [{"name": "data", "mountPath": "/data"}]}
    return [
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": "claim"},
            "spec": {**claim, "resources": {"requests": {"storage": "4Gi"}}},
        },
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "app"},
            "spec": {"containers": [container], "volumes": [volume]},
        },
    ]


def test_a_claim_binds_only_with_the_driver_and_its_right_role(
    cloud: Cloud, kubectl: Kubectl, cluster: dict[str, Any], nodes: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    kubectl.apply(tmp_path, *claim_and_pod())

    def refusal(words: str) -> bool:
        events = kubectl.json("get", "events")["items"]
        return any(event["reason"] == "ProvisioningFailed" and words in event["message"] for event in events)

    wait_for(lambda: refusal("aws-ebs-csi-driver is missing"), "the refusal without an add-on")
    issuer = cluster["identity"]["oidc"]["issuer"]
    provider = cloud.iam.create_open_id_connect_provider(Url=issuer, ClientIDList=["other"])
    provider_arn = provider["OpenIDConnectProviderArn"]
    cloud.iam.add_client_id_to_open_id_connect_provider(
        OpenIDConnectProviderArn=provider_arn, ClientID="sts.amazonaws.com"
    )
    host = issuer.removeprefix("https://")

    def trusting(subject: str) -> str:
        condition = {"StringEquals": {f"{host}:aud": "sts.amazonaws.com", f"{host}:sub": subject}}
        return trust({"Federated": provider_arn}, "sts:AssumeRoleWithWebIdentity", Condition=condition)

    role = cloud.iam.create_role(
        RoleName="ebs", AssumeRolePolicyDocument=trusting("system:serviceaccount:kube-system:other")
    )["Role"]["Arn"]
    cloud.eks.create_addon(clusterName=NAME, addonName="aws-ebs-csi-driver", serviceAccountRoleArn=role)

    def addon_is_active() -> bool:
        addon = cloud.eks.describe_addon(clusterName=NAME, addonName="aws-ebs-csi-driver")["addon"]
        return bool(addon["status"] == "ACTIVE")

    wait_for(addon_is_active, "the add-on", EKS_SECONDS)
    wait_for(lambda: refusal("AccessDenied"), "the refusal of a role that trusts another account")
    cloud.iam.update_assume_role_policy(RoleName="ebs", PolicyDocument=trusting(DRIVER_ACCOUNT))
    wait_for(lambda: refusal("UnauthorizedOperation"), "the refusal of a role without permission")
    permission = {"Effect": "Allow", "Action": ["ec2:CreateVolume"], "Resource": "*"}
    cloud.iam.put_role_policy(
        RoleName="ebs",
        PolicyName="volumes",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [permission]}),
    )
    kubectl("wait", "--for=condition=Ready", "pod/app", "--timeout=60s")
    assert kubectl.json("get", "pvc", "claim")["status"]["phase"] == "Bound"
    volumes = cluster_volumes(cloud)
    assert [volume["Size"] for volume in volumes] == [4]
    kubectl("delete", "pod/app", "pvc/claim")
    wait_for(lambda: cluster_volumes(cloud) == [], "the volume's end")


def cluster_volumes(cloud: Cloud) -> list[dict[str, Any]]:
    filters = [{"Name": f"tag:kubernetes.io/cluster/{NAME}", "Values": ["owned"]}]
    found: list[dict[str, Any]] = cloud.ec2.describe_volumes(Filters=filters)["Volumes"]
    return found


def test_required_affinity_taints_and_jobs_decide(
    kubectl: Kubectl, nodes: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    def job(name: str, image: str) -> dict[str, Any]:
        pod = {"restartPolicy": "Never", "containers": [{"name": "work", "image": image}]}
        spec = {"backoffLimit": 0, "template": {"spec": pod}}
        return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": spec}

    term = {"matchExpressions": [{"key": "role", "operator": "In", "values": ["invoker"]}]}
    affinity = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
    spec = {"containers": [{"name": "app", "image": "app"}], "affinity": {"nodeAffinity": affinity}}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "choosy"}, "spec": spec}
    kubectl.apply(tmp_path, pod, job("good", "work"), job("bad", "lab.local/fail"))
    kubectl("wait", "--for=condition=Complete", "job/good", "--timeout=60s")
    kubectl("wait", "--for=condition=Failed", "job/bad", "--timeout=60s")
    condition = wait_for(
        lambda: kubectl.json("get", "pod", "choosy")["status"].get("conditions"), "the scheduler's word on the pod"
    )[0]
    assert condition["reason"] == "Unschedulable"
    assert "didn't match Pod's node affinity/selector" in condition["message"]
    kubectl("label", "node", next(iter(ready_nodes(kubectl))), "role=invoker")
    kubectl("wait", "--for=condition=Ready", "pod/choosy", "--timeout=60s")


CHART = {
    "Chart.yaml": "apiVersion: v2\nname: whisk\nversion: 1.0.0\n",
    "templates/all.yaml": """
apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {guest: "{{ .Values.key }}"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: whisk}
spec:
  selector: {matchLabels: {app: whisk}}
  template:
    metadata: {labels: {app: whisk}}
    spec:
      containers:
        - name: controller
          image: lab.local/openwhisk-controller:1
          args: [--state=/state, --auth=/keys, --workers=1]
          ports: [{name: http, containerPort: 80}]
          volumeMounts: [{name: keys, mountPath: /keys}, {name: state, mountPath: /state}]
      volumes: [{name: keys, secret: {secretName: keys}}, {name: state, emptyDir: {}}]
---
apiVersion: v1
kind: Service
metadata:
  name: whisk
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-ssl-cert: "{{ .Values.certificate }}"
    service.beta.kubernetes.io/aws-load-balancer-ssl-ports: "https"
    service.beta.kubernetes.io/aws-load-balancer-backend-protocol: "http"
spec:
  type: LoadBalancer
  selector: {app: whisk}
  ports: [{name: http, port: 80, targetPort: http}, {name: https, port: 443, targetPort: http}]
""",
}


def self_signed() -> tuple[str, str]:
    """A certificate and its key (PEM)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "whisk")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now())
        .not_valid_after(now().replace(year=now().year + 1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode(), private.decode()


def test_helm_installs_what_answers_behind_a_load_balancer(
    cloud: Cloud, kubectl: Kubectl, nodes: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    certificate, key = self_signed()
    cloud.iam.upload_server_certificate(
        ServerCertificateName="whisk", CertificateBody=certificate, PrivateKey=key, Path="/one/"
    )
    arn = cloud.iam.get_server_certificate(ServerCertificateName="whisk")["ServerCertificate"][
        "ServerCertificateMetadata"
    ]["Arn"]
    for name, text in CHART.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    own = "00000000-0000-4000-8000-000000000000:" + "k" * 64
    done = kubectl.try_to(
        *("helm", "install", "whisk", str(tmp_path), "--wait", "--timeout", "120s"),
        *("--set", f"key={own}", "--set", f"certificate={arn}"),
    )
    assert done.returncode == 0, done.stderr
    name = kubectl.json("get", "service", "whisk")["status"]["loadBalancer"]["ingress"][0]["hostname"]
    with urllib.request.urlopen(f"http://{name}/ping", timeout=10) as answer:
        assert answer.read() == b"pong"
    seen = wait_for(lambda: certificate_of(name), "TLS of the load balancer")
    assert x509.load_pem_x509_certificate(seen.encode()) == x509.load_pem_x509_certificate(certificate.encode())
    balancers = cloud.lab.client("elb").describe_load_balancers()["LoadBalancerDescriptions"]
    assert [balancer["DNSName"] for balancer in balancers] == [name]
    tags = cloud.lab.client("elb").describe_tags(LoadBalancerNames=[balancers[0]["LoadBalancerName"]])
    assert {"Key": f"kubernetes.io/cluster/{NAME}", "Value": "owned"} in tags["TagDescriptions"][0]["Tags"]
    assert in_a_vm(cloud, f"http://{name}/ping", tmp_path) == "pong"
    with pytest.raises(ClientError, match="DependencyViolation"):
        cloud.ec2.delete_security_group(GroupId=balancers[0]["SecurityGroups"][0])
    assert kubectl.try_to("helm", "uninstall", "whisk", "--wait").returncode == 0
    described = cloud.lab.client("elb").describe_load_balancers
    wait_for(lambda: described()["LoadBalancerDescriptions"] == [], "the load balancer's end")
    groups = cloud.ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["k8s-elb-*"]}])
    assert groups["SecurityGroups"] == []


def certificate_of(name: str) -> str | None:
    try:
        return ssl.get_server_certificate((name, 443))
    except OSError:
        return None


def in_a_vm(cloud: Cloud, url: str, directory: Path) -> str:
    """What a URL answers to a VM of the lab."""
    ec2, lab = cloud.ec2, cloud.lab
    ec2.import_key_pair(KeyName="operator", PublicKeyMaterial=(lab.state_dir / "id_ed25519.pub").read_bytes())
    image = ec2.describe_images(Owners=["099720109477"])["Images"][0]["ImageId"]
    made = ec2.run_instances(
        ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, KeyName="operator", SubnetId=cloud.public[0]
    )["Instances"][0]

    def is_running() -> bool:
        found = ec2.describe_instances(InstanceIds=[made["InstanceId"]])["Reservations"][0]["Instances"][0]
        return bool(found["State"]["Name"] == "running")

    wait_for(is_running, "the VM", 60.0)
    program = f"import urllib.request as u; print(u.urlopen({url!r}, timeout=10).read().decode())"
    address = made["PrivateIpAddress"]
    known_hosts = known_hosts_of(ec2, made["InstanceId"], address, directory / "known_hosts")
    done = lab.ssh(address, f'python3 -c "{program}"', known_hosts)
    ec2.terminate_instances(InstanceIds=[made["InstanceId"]])
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_clusters_do_not_meet_and_go_without_a_trace(
    cloud: Cloud, kubectl: Kubectl, nodes: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    other = make_cluster(cloud, "two", "CONFIG_MAP")
    assert other["endpoint"] != cloud.eks.describe_cluster(name=NAME)["cluster"]["endpoint"]
    second = Kubectl(cloud.lab, tmp_path, "two")
    assert second.json("get", "nodes")["items"] == []
    with pytest.raises(ClientError, match="authentication mode"):
        cloud.eks.list_access_entries(clusterName="two")
    with pytest.raises(ClientError, match="nodegroups attached"):
        cloud.eks.delete_cluster(name=NAME)
    cloud.eks.delete_nodegroup(clusterName=NAME, nodegroupName="core")
    wait_for(lambda: cloud.eks.list_nodegroups(clusterName=NAME)["nodegroups"] == [], "the nodes' end", EKS_SECONDS)
    assert kubectl.json("get", "nodes")["items"] == []
    cloud.eks.delete_cluster(name=NAME)
    wait_for(lambda: cloud.eks.list_clusters()["clusters"] == ["two"], "the cluster's end", EKS_SECONDS)
    assert second.json("get", "nodes")["items"] == []
    described = cloud.ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert {entry["Description"] for entry in described} == {"Amazon EKS two"}
    assert traces(cloud.lab.name)["addresses"] == [other["endpoint"].removeprefix("https://")]


def test_a_killed_server_leaves_clusters_that_down_ends(cloud: Cloud, lab: Lab) -> None:
    assert cloud.eks.list_clusters()["clusters"] == ["two"]
    pid = lab.status()["server"]["pid"]
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not traces(lab.name)["servers"], "the server's end")
    assert len(traces(lab.name)["clusters"]) >= 3
