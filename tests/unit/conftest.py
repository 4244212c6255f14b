"""Lets Ansible's own loader import the collections, as in a run: what was imported without it has no filters later."""

from __future__ import annotations

from ansible.plugins.loader import init_plugin_loader

from tests.repository import ROOT

init_plugin_loader([str(ROOT / "collections")])
