"""Packs as whoever was given one reads them."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from elendihub.evidence.program import source


def fetch(client, path):
    """The bytes of the pack at the path."""
    response = client.get(path)
    assert response.status_code == 200, response.content[:2000]
    assert response["Content-Type"] == "application/zip"
    return response.getvalue()


def files(pack):
    """Every file by its name, in the order of the archive."""
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest(pack):
    return json.loads(files(pack)["manifest.json"])


def unpack(pack, folder):
    for name, content in files(pack).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def run(folder, *arguments, program="verify.py"):
    """verify.py by a Python without site packages, environment or this project, standing in the folder."""
    command = [sys.executable, "-I", "-S", program, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, timeout=60)


def resealed(folder, **values):
    """As a forger would: the manifest says what stands there now, and the values given."""
    path = folder / "manifest.json"
    record = json.loads(path.read_text()) | values
    for file in record["files"]:
        content = (folder / file["name"]).read_bytes()
        file |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    seal(folder, record)


def seal(folder, record):
    raw = json.dumps(record).encode()
    (folder / "manifest.json").write_bytes(raw)
    (folder / "manifest.sha256").write_text(f"{hashlib.sha256(raw).hexdigest()}  manifest.json\n")


def program():
    """The path of verify.py as the site hands it out."""
    path = Path(os.environ["ELENDIHUB_TEST_FOLDER"]) / f"{os.getpid()}-verify.py"
    path.write_bytes(source())
    return path
