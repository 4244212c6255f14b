#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: helm_release
version_added: 0.1.0
short_description: Install or upgrade a Helm release, and take back what fails
description:
  - Installs a chart or upgrades its release, and waits until every pod is ready and every Job has completed.
  - A release whose values and chart are what they should be gets no new revision. The chart is compared by its files,
    not by its version.
  - Unlike M(kubernetes.core.helm), it finishes what an interrupted run left (C(pending-install),
    C(pending-upgrade)), replaces what Kubernetes does not let change (Jobs, StatefulSets), adds files to a chart,
    keeps the work of a first install from being repeated, and says why a release did not become ready before it
    rolls the release back.
  - Values reach Helm by its standard input, never by a file or an argument.
  - In check mode the cluster is asked what would change, by C(helm upgrade --dry-run=server).
author:
  - lambdafs.cluster developers (@lambdafs)
requirements:
  - helm 3
  - kubernetes
options:
  release:
    description: Name of the release.
    type: str
    required: true
  namespace:
    description: Namespace of the release; it has to exist.
    type: str
    required: true
  kubeconfig:
    description: File that says how to reach the cluster.
    type: path
    required: true
  state:
    description: Whether the release is there; V(absent) removes it with its history.
    type: str
    choices: [present, absent]
    default: present
  chart:
    description:
      - Path of the chart's folder or archive, URL of an archive, or name of the chart in O(repository).
      - Required if O(state=present).
    type: str
  repository:
    description: URL of a chart repository.
    type: str
    default: ""
  version:
    description: Version of the chart in the repository; the newest if empty.
    type: str
    default: ""
  checksum:
    description: SHA-256 of the archive; not checked if empty, and refused for a folder.
    type: str
    default: ""
  json_files:
    description: JSON files to add to the chart before it is used.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the file in the chart.
        type: str
        required: true
      base:
        description: File of the chart that it begins with.
        type: str
        required: true
      content:
        description: What is merged over that, map by map.
        type: dict
        required: true
  values:
    description: Values of the release.
    type: dict
    default: {}
  secret_values:
    description: Values that must not be shown, merged over O(values).
    type: dict
    default: {}
  first_values:
    description:
      - Values of the first revision alone, such as one that has a database made. A second revision without them
        follows at once, so that neither an upgrade nor a rollback repeats that work.
    type: dict
    default: {}
  timeout:
    description: Seconds to wait for pods and Jobs.
    type: int
    default: 900
extends_documentation_fragment:
  - lambdafs.cluster.attributes
"""

EXAMPLES = r"""
- name: Install or upgrade OpenWhisk
  lambdafs.cluster.helm_release:
    release: owdev
    namespace: openwhisk
    kubeconfig: /home/ubuntu/.kube/config
    chart: /home/ubuntu/openwhisk-deploy-kube/helm/openwhisk
    values:
      whisk: {ingress: {type: LoadBalancer}}
    secret_values:
      whisk: {auth: {system: "{{ system_key }}", guest: "{{ guest_key }}"}}
    first_values:
      db: {wipeAndInit: true}
"""

RETURN = r"""
action:
  description:
    - What was done, or would be in check mode. V(take over) and V(start over) finish an upgrade or install that never
      ended.
  returned: success
  type: str
  sample: upgrade
revision:
  description: Number of the release's newest revision.
  returned: success
  type: int
replaced:
  description: Objects that were removed and made anew, since Kubernetes does not let them change.
  returned: success
  type: list
  elements: str
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_chart import (
    ChartError,
    ChartSource,
    JsonFile,
    digest,
    staged,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_client import Helm, HelmError, Target
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_cluster import KubernetesCluster
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_release import (
    Outcome,
    ReleaseFailed,
    Wanted,
    ensure,
    remove,
    with_digest,
)
from ansible_collections.lambdafs.cluster.plugins.module_utils.helm_values import merged

ARGUMENT_SPEC = {
    "release": {"type": "str", "required": True},
    "namespace": {"type": "str", "required": True},
    "kubeconfig": {"type": "path", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "chart": {"type": "str"},
    "repository": {"type": "str", "default": ""},
    "version": {"type": "str", "default": ""},
    "checksum": {"type": "str", "default": ""},
    "json_files": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {"type": "str", "required": True},
            "base": {"type": "str", "required": True},
            "content": {"type": "dict", "required": True},
        },
    },
    "values": {"type": "dict", "default": {}},
    "secret_values": {"type": "dict", "default": {}, "no_log": True},
    "first_values": {"type": "dict", "default": {}},
    "timeout": {"type": "int", "default": 900},
}


def run(module: AnsibleModule) -> Outcome:
    """Make the chart ready, and bring the release to what is wanted."""
    given = module.params
    target = Target(given["release"], given["namespace"], given["timeout"])
    binary = module.get_bin_path("helm", required=True)

    def helm_command(arguments: Sequence[str], text: str) -> tuple[int, str, str]:
        command = [binary, "--kubeconfig", given["kubeconfig"], *arguments]
        result: tuple[int, str, str] = module.run_command(command, data=text, binary_data=True)
        return result

    helm = Helm(helm_command, target)
    helm.check_version()
    if given["state"] == "absent":
        return remove(helm, module.check_mode)
    source = ChartSource(given["chart"], given["repository"], given["version"], given["checksum"])
    files = [JsonFile(**file) for file in given["json_files"]]
    with tempfile.TemporaryDirectory(dir=module.tmpdir) as folder:
        chart = staged(source, files, helm, Path(folder))
        values = with_digest(merged(given["values"], given["secret_values"]), digest(chart))
        wanted = Wanted(chart, values, given["first_values"])
        cluster = KubernetesCluster(given["kubeconfig"], target)
        return ensure(helm, cluster, wanted, module.check_mode)


def main() -> None:
    """Run and report."""
    module = AnsibleModule(
        argument_spec=ARGUMENT_SPEC, required_if=[("state", "present", ["chart"])], supports_check_mode=True
    )
    try:
        import kubernetes  # noqa: F401
    except ImportError:
        module.fail_json(msg=missing_required_lib("kubernetes"))
    try:
        outcome = run(module)
    except (ChartError, HelmError, ReleaseFailed) as error:
        module.fail_json(msg=f"release {module.params['release']}: {error}")
    module.exit_json(
        changed=outcome.changed,
        action=outcome.action,
        revision=outcome.revision,
        replaced=outcome.replaced,
        diff={"before": outcome.before, "after": outcome.after},
    )


if __name__ == "__main__":
    main()
