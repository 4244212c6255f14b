"""A stand-in for λFS's NameNode jar: a real jar, so that it can be registered, with no NameNode in it."""

from __future__ import annotations

import io
import zipfile

MAIN_CLASS = "org/apache/hadoop/hdfs/serverless/OpenWhiskHandler.class"
_TIME = (2026, 1, 1, 0, 0, 0)


def content() -> bytes:
    """The jar's bytes, the same every time: its hash decides whether it is sent again."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as jar:
        for name, text in (("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n"), (MAIN_CLASS, "the lab's own")):
            jar.writestr(zipfile.ZipInfo(name, _TIME), text)
    return buffer.getvalue()
