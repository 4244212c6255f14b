"""The archives of the stand-in, as driver_vm and hopsfs_namenode take them from a URL or a path."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from lab.errors import LabError
from lab.hadoop import packing
from lab.hadoop.packing import Entry
from lab.settings import CHECKOUT

VERSIONS = {"lambdafs": "3.2.0.3-SNAPSHOT", "hopsfs": "3.2.0.2-RC0"}
NAMES = (
    "hadoop-lambdafs.tar.gz",
    "hadoop-hopsfs.tar.gz",
    "jdk.tar.gz",
    "ndb-client.tar.gz",
    "BasicTest.jar",
    "benchmark.tar.gz",
)
LIBRARY = "share/hadoop/hdfs/lib/hadoop-stand-in.jar"
BENCHMARK_JAR = "target/HopsFSBenchmark-1.0-jar-with-dependencies.jar"
_OWN = CHECKOUT / "lab" / "hadoop"
_FILES = _OWN / "files"
_PACKAGE = "com/gmail/benrcarver/distributed"
# What only this machine needs
_NOT_ON_VMS = {"archives.py", "packing.py", "namenode.py", "namenode_handler.py", "membership.py", "java.py"}
_BUNDLED = ("pymysql", "kazoo")
_TEST_FOLDERS = {"tests", "testing", "__pycache__"}


def contents() -> dict[str, bytes]:
    """Bytes of each archive by its name."""
    library = packing.jar(_library())
    jdk = {
        "bin/java": Entry((_OWN / "java.py").read_bytes(), is_program=True),
        "release": Entry(b'JAVA_VERSION="1.8.0_stand-in"\n'),
        "README": Entry(_file("README-jdk")),
    }
    client = {"lib/README": Entry(_file("README-ndb-client"))}
    benchmark = {
        BENCHMARK_JAR: Entry(packing.jar(_program("InteractiveTest", "interactive_test"))),
        "config.yaml": Entry(_file("config.yaml")),
        "README": Entry(_file("README-benchmark")),
    }
    made = [
        *(
            packing.tarball(f"hadoop-{version}", _distribution(system, version, library))
            for system, version in VERSIONS.items()
        ),
        packing.tarball("jdk8u-stand-in", jdk),
        packing.tarball("ndb-client-stand-in", client),
        packing.jar(_program("BasicTest", "basic_test")),
        packing.tarball("LambdaFS-BenchmarkingUtility", benchmark),
    ]
    return dict(zip(NAMES, made, strict=True))


def write(directory: Path) -> list[str]:
    """Write the archives and their checksums into a directory; returns the names of those that were not there."""
    directory.mkdir(parents=True, exist_ok=True)
    return [name for name, content in contents().items() if packing.write(directory / name, content)]


def _distribution(system: str, version: str, library: bytes) -> dict[str, Entry]:
    """The files of a Hadoop distribution."""
    script = _file("hdfs").decode().replace("@VERSION@", version).replace("@SYSTEM@", system).encode()
    files = {name: Entry(script, is_program=True) for name in ("bin/hdfs", "bin/hadoop")}
    files |= {LIBRARY: Entry(library), "README": Entry(_file("README-hadoop"))}
    files["etc/hadoop/core-site.xml"] = Entry(_file("core-site.xml"))
    files["etc/hadoop/hadoop-env.sh"] = Entry(_file("hadoop-env"))
    files["etc/hadoop/hdfs-site.xml"] = Entry(_file(f"hdfs-site-{system}.xml"))
    files["share/hadoop/common/lib/README"] = Entry(_file("README-hadoop"))
    return files


def _library() -> dict[str, bytes]:
    """The stand-in's own modules and the packages that it needs, for Python's search path."""
    files = {"lab/__init__.py": (CHECKOUT / "lab" / "__init__.py").read_bytes()}
    files |= {
        f"lab/hadoop/{path.name}": path.read_bytes() for path in _OWN.glob("*.py") if path.name not in _NOT_ON_VMS
    }
    for name in _BUNDLED:
        files |= _bundled(name)
    return files


def _bundled(name: str) -> dict[str, bytes]:
    """A package of this Python, with its licence, without its tests."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise LabError(f"Python package {name} is missing, expected it in this Python: run `make venv`")
    root = Path(found.submodule_search_locations[0])
    files = {
        path.relative_to(root.parent).as_posix(): path.read_bytes()
        for path in root.rglob("*.py")
        if not _TEST_FOLDERS & set(path.relative_to(root).parts)
    }
    for licence in root.parent.glob(f"{name}-*.dist-info/**/LICENSE*"):
        files[f"META-INF/licenses/{name}/{licence.name}"] = licence.read_bytes()
    return files


def _program(name: str, module: str) -> dict[str, bytes]:
    """A class that runs a module of the stand-in's library."""
    text = f"# A stand-in: the program is in Hadoop's library\nimport sys\n\nfrom lab.hadoop.{module} import main\n\n"
    return {f"{_PACKAGE}/{name}.class": f"{text}sys.exit(main(sys.argv[1:]))\n".encode()}


def _file(name: str) -> bytes:
    return (_FILES / name).read_bytes()
