"""The files and variables that a pod's specification gives to its containers, on this machine."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable
from pathlib import Path

from lab.files import write_atomically
from lab.kubernetes.api import Thing

Lookup = Callable[[str, str], Thing | None]
"""Gives the object of a collection (`configmaps`, `secrets`, `persistentvolumeclaims`) and a name, or None."""


class Missing(Exception):
    """What the pod needs and the namespace does not have."""


def prepare(pod: Thing, directory: Path, volumes: Path, lookup: Lookup) -> dict[str, Path]:
    """Lay out the volumes of a pod.

    Args:
        directory: the pod's own directory.
        volumes: directory of the persistent volumes, one directory each, by the volume's name.

    Returns:
        Name of each volume → directory that holds it.

    Raises:
        Missing: a secret, a config map or a bound claim is not there.
    """
    placed: dict[str, Path] = {}
    for volume in pod["spec"].get("volumes") or []:
        target = directory / "volumes" / volume["name"]
        if claim := volume.get("persistentVolumeClaim"):
            found = _required(lookup, "persistentvolumeclaims", claim["claimName"])
            if found["status"].get("phase") != "Bound":
                raise Missing(f"persistentvolumeclaim {claim['claimName']} is not bound")
            target = volumes / found["spec"]["volumeName"]
            target.mkdir(parents=True, exist_ok=True, mode=0o700)
        else:
            _write(target, _content(volume, lookup))
        placed[volume["name"]] = target
    return placed


def refresh(pod: Thing, directory: Path, lookup: Lookup) -> None:
    """Bring the files of mounted secrets and config maps up to date, as a kubelet does while the pod runs.

    Args:
        directory: the pod's own directory, its volumes laid out by `prepare`.
    """
    for volume in pod["spec"].get("volumes") or []:
        target = directory / "volumes" / volume["name"]
        if volume.get("persistentVolumeClaim") or not _is_made_of_objects(volume):
            continue
        try:
            wanted = _content(volume, lookup)
        except Missing:
            # What was removed stays in the pod until the pod ends
            continue
        present = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
        for name in present - set(wanted):
            (target / name).unlink()
        for name, content in wanted.items():
            path = target / name
            if name not in present or path.read_bytes() != content:
                _write_file(path, content)


def check(pod: Thing, lookup: Lookup) -> None:
    """Look for everything that the pod needs, without writing it.

    Raises:
        Missing: a secret, a config map or a bound claim is not there.
    """
    for volume in pod["spec"].get("volumes") or []:
        if claim := volume.get("persistentVolumeClaim"):
            found = _required(lookup, "persistentvolumeclaims", claim["claimName"])
            if found["status"].get("phase") != "Bound":
                raise Missing(f"persistentvolumeclaim {claim['claimName']} is not bound")
        else:
            _content(volume, lookup)
    for container in [*(pod["spec"].get("initContainers") or []), *pod["spec"]["containers"]]:
        variables(container, pod, lookup)


def variables(container: Thing, pod: Thing, lookup: Lookup) -> dict[str, str]:
    """The environment variables of a container.

    Raises:
        Missing: a secret or a config map that it names is not there.
    """
    found: dict[str, str] = {}
    for source in container.get("envFrom") or []:
        prefix = source.get("prefix", "")
        for kind, collection in (("configMapRef", "configmaps"), ("secretRef", "secrets")):
            if reference := source.get(kind):
                values = _text_data(_thing(lookup, collection, reference))
                found.update({f"{prefix}{key}": value for key, value in values.items()})
    for entry in container.get("env") or []:
        if "value" in entry or "valueFrom" not in entry:
            found[entry["name"]] = entry.get("value", "")
        else:
            value = _value(entry["valueFrom"], pod, lookup)
            if value is not None:
                found[entry["name"]] = value
    return found


def inside(text: str, mounts: list[Thing], placed: dict[str, Path]) -> str:
    """An argument or a value with the paths of mounted volumes replaced by where these are on this machine."""
    for mount in sorted(mounts, key=lambda entry: len(entry["mountPath"]), reverse=True):
        path = mount["mountPath"].rstrip("/")
        before, found, after = text.partition(path)
        if found and before[-1:] in ("", "=", ":") and after[:1] in ("", "/", ":"):
            target = placed[mount["name"]]
            target = target / mount["subPath"] if mount.get("subPath") else target
            return f"{before}{target}{after}"
    return text


def _content(volume: Thing, lookup: Lookup) -> dict[str, bytes]:
    """The files of a volume that is made from secrets and config maps; none for any other kind."""
    sources = (volume.get("projected") or {}).get("sources") or [volume]
    files: dict[str, bytes] = {}
    for source in sources:
        for kind, collection, name in (("secret", "secrets", "secretName"), ("configMap", "configmaps", "name")):
            if reference := source.get(kind):
                named = {**reference, "name": reference.get(name) or reference.get("name")}
                data = _data(_thing(lookup, collection, named))
                items = reference.get("items")
                files.update({item["path"]: data[item["key"]] for item in items} if items else data)
    return files


def _write(directory: Path, files: dict[str, bytes]) -> None:
    if directory.exists():
        shutil.rmtree(directory)
    directory.mkdir(parents=True, mode=0o700)
    for name, content in files.items():
        _write_file(directory / name, content)


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_atomically(path, content.decode("utf-8", errors="surrogateescape"))


def _is_made_of_objects(volume: Thing) -> bool:
    """Whether a volume shows secrets or config maps; any other kind is the pod's own to write."""
    return any(key in volume for key in ("secret", "configMap", "projected"))


def _value(source: Thing, pod: Thing, lookup: Lookup) -> str | None:
    for kind, collection in (("secretKeyRef", "secrets"), ("configMapKeyRef", "configmaps")):
        if reference := source.get(kind):
            data = _text_data(_thing(lookup, collection, reference))
            if reference["key"] not in data and not reference.get("optional"):
                raise Missing(f"couldn't find key {reference['key']} in {collection} {reference['name']}")
            return data.get(reference["key"])
    path = (source.get("fieldRef") or {}).get("fieldPath", "")
    metadata, status = pod["metadata"], pod.get("status") or {}
    known = {
        "metadata.name": metadata["name"],
        "metadata.namespace": metadata["namespace"],
        "metadata.uid": metadata["uid"],
        "spec.nodeName": pod["spec"].get("nodeName", ""),
        "status.podIP": status.get("podIP", ""),
        "status.hostIP": status.get("hostIP", ""),
    }
    return str(known.get(path, ""))


def _thing(lookup: Lookup, collection: str, reference: Thing) -> Thing:
    found = lookup(collection, reference["name"])
    if found is None and not reference.get("optional"):
        raise Missing(f"{collection.removesuffix('s')} {reference['name']!r} not found")
    return found or {}


def _required(lookup: Lookup, collection: str, name: str) -> Thing:
    return _thing(lookup, collection, {"name": name})


def _data(thing: Thing) -> dict[str, bytes]:
    """The entries of a secret or a config map."""
    if thing.get("kind") == "Secret":
        return {key: base64.b64decode(value) for key, value in (thing.get("data") or {}).items()}
    return {key: value.encode() for key, value in (thing.get("data") or {}).items()}


def _text_data(thing: Thing) -> dict[str, str]:
    return {key: value.decode("utf-8", errors="replace") for key, value in _data(thing).items()}
