#!/usr/bin/python
# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: transient_unit
version_added: 0.1.0
short_description: Run a program once, in a systemd unit of its own
description:
  - Starts a program that outlives the connection, waits for its end, or ends it with everything that it started.
  - The unit is made by C(systemd-run); it is kept after the end of its program until it is O(state=stopped), so that
    how the program ended can be read.
  - A program runs for O(seconds) at most.
author:
  - lambdafs.cluster developers (@lambdafs)
options:
  name:
    description: Name of the unit, without C(.service).
    type: str
    required: true
  state:
    description:
      - V(started) starts the program; it is refused while a program of this name still runs.
      - V(finished) waits for its end and tells how it ended; a program that failed is not an error of the module.
      - V(stopped) ends it, if it runs, and forgets the unit.
    type: str
    choices: [started, finished, stopped]
    required: true
  argv:
    description: The program and its arguments; needed for O(state=started).
    type: list
    elements: str
  user:
    description: User to run it as.
    type: str
    default: root
  directory:
    description: Its working directory.
    type: path
    default: /
  environment:
    description: Further variables of its environment, by name. Others can read them; keep secrets out.
    type: dict
    default: {}
  output:
    description: File that its standard output and standard error are appended to.
    type: path
    default: /dev/null
  seconds:
    description: Seconds after which it is ended.
    type: int
    default: 3600
  timeout:
    description: Seconds to wait with O(state=finished).
    type: int
    default: 3600
attributes:
  check_mode:
    description: Can run in check mode.
    support: full
    details:
      - Nothing is waited for in check mode.
  diff_mode:
    description: Returns details on what has changed.
    support: full
  idempotent:
    description: A second run with the same arguments changes nothing.
    support: partial
    details:
      - Each O(state=started) is a run of its own.
"""

EXAMPLES = r"""
- name: Start a program
  lambdafs.cluster.transient_unit:
    name: lambdafs-benchmark-leader
    state: started
    argv: [/usr/bin/python3, benchmark_leader.py, plan.json]
    user: ubuntu
    directory: /var/tmp/lambdafs-benchmark
    output: /var/tmp/lambdafs-benchmark/leader.log
    seconds: 600

- name: Wait for its end
  lambdafs.cluster.transient_unit:
    name: lambdafs-benchmark-leader
    state: finished
    timeout: 630
"""

RETURN = r"""
unit:
  description: The unit. C(state) is V(absent), V(running), V(succeeded) or V(failed).
  returned: success
  type: dict
  sample:
    name: lambdafs-benchmark-leader
    state: failed
    result: exit-code
    exit_status: 1
    since: Sun 2026-11-29 10:00:00 UTC
"""

from dataclasses import asdict

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.lambdafs.cluster.plugins.module_utils.transient_unit import UnitError
from ansible_collections.lambdafs.cluster.plugins.module_utils.transient_unit_module import ARGUMENTS, apply


def main() -> None:
    """Run and report."""
    module = AnsibleModule(
        argument_spec=ARGUMENTS, required_if=[("state", "started", ["argv"])], supports_check_mode=True
    )
    try:
        before, after = apply(
            module.params, module.check_mode, lambda command: str(module.run_command(command, check_rc=True)[1])
        )
    except UnitError as error:
        module.fail_json(msg=str(error))
    changed = module.params["state"] == "started" or (module.params["state"] == "stopped" and before != after)
    diff = {"before": f"{before.state}\n", "after": f"{after.state}\n", "before_header": before.name}
    module.exit_json(changed=changed, unit=asdict(after), diff=diff if changed else {})


if __name__ == "__main__":
    main()
