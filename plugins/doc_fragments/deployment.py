# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a module is told which deployment it works on."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of modules that find a deployment's resources by their tags."""

    DOCUMENTATION = r"""
options:
  cluster_name:
    description: Value of the tag C(Cluster).
    type: str
    required: true
  project:
    description: Value of the tag C(Project).
    type: str
    default: LambdaFS
"""

    EKS_CLUSTER = r"""
options:
  eks_cluster_name:
    description:
      - Name of the deployment's EKS cluster, by which what Kubernetes made in AWS is known.
      - If empty, or if an EKS cluster of this name does not carry the deployment's tags, none of it is looked at.
    type: str
    default: ''
"""
