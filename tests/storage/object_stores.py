"""Real storages on the loopback interface: S3 as moto serves it, and Azure's blobs as Azurite does."""

from __future__ import annotations

import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language._compat import AIRFLOW_3
from airflow_provider_language.storage.stores import place_of

ACCOUNT = "acme"
KEY = "bm8gc2VjcmV0LCBzaW5jZSBpdCBpcyBvZiB0aGlzIHRlc3QgYWxvbmU="
CONN_ID = "storage"


@dataclass(frozen=True)
class Server:
    """A storage that runs.

    Args:
        scheme: of its URLs.
        endpoint: where it listens: ``http://127.0.0.1:port``.
    """

    scheme: str
    endpoint: str

    def attach(self, endpoint: str | None = None) -> Any:
        """Let Airflow know of it, at this endpoint, as its providers would by a connection."""
        found = _file_system(self.scheme, endpoint or self.endpoint)
        stores = import_module("airflow.sdk.io.store" if AIRFLOW_3 else "airflow.io.store")
        stores._STORE_CACHE.pop(f"{self.scheme}-{CONN_ID}", None)  # of a test before
        stores.attach(self.scheme, conn_id=CONN_ID, fs=found)
        return found

    def make_bucket(self) -> str:
        """A bucket that nobody else uses, or a container; returns its location."""
        name, found = f"box{uuid.uuid4().hex}", self.attach()
        if self.scheme == "s3":
            found.call_s3("create_bucket", Bucket=name)
        else:
            found.mkdir(name)
        return f"{self.scheme}://{CONN_ID}@{name}"

    def mark_folder(self, bucket: str, name: str) -> None:
        """Put the marker of a folder there, as consoles and hierarchical accounts do."""
        place = place_of(bucket)
        box = place.path.strip("/")
        if self.scheme == "s3":
            place.fs.call_s3("put_object", Bucket=box, Key=f"{name}/")
        else:
            found = import_module("azure.storage.blob").BlobClient.from_connection_string(
                place.fs.connection_string, box, name
            )
            found.upload_blob(b"", metadata={"hdi_isfolder": "true"})
            found.close()


def _file_system(scheme: str, endpoint: str) -> Any:
    fsspec = import_module("fsspec")
    if scheme == "s3":
        kwargs = {"endpoint_url": endpoint, "region_name": "us-east-1"}
        return fsspec.filesystem("s3", key="a", secret="b", client_kwargs=kwargs, skip_instance_cache=True)
    told = f"AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={endpoint}/{ACCOUNT};"
    return fsspec.filesystem(
        "abfs", connection_string=f"DefaultEndpointsProtocol=http;{told}", skip_instance_cache=True
    )


@contextmanager
def moto() -> Iterator[Server]:
    """Run moto's S3 in threads of this process."""
    server_module = pytest.importorskip("moto.server", reason="moto and s3fs are installed on one Airflow")
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield Server("s3", f"http://{host}:{port}")
    finally:
        server.stop()


@contextmanager
def azurite(folder: Path) -> Iterator[Server]:
    """Run Azurite, which `make foreign` installs."""
    pytest.importorskip("adlfs", reason="adlfs is installed on one Airflow")
    if shutil.which("node") is None:
        pytest.skip("Node is not installed, and Azurite runs under nothing else")
    packages = import_module("tests.foreign.packages")
    [package] = [one for one in packages.PACKAGES if one.name == "azurite"]
    if not package.folder.is_dir():
        pytest.fail("Azurite is not installed: run `make foreign`")
    program = package.folder / "azurite" / "dist" / "src" / "blob" / "main.js"
    options = ["--blobPort", "0", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck"]
    process = subprocess.Popen(
        ["node", program, *options],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "AZURITE_ACCOUNTS": f"{ACCOUNT}:{KEY}", "HOME": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Server("abfs", _address_of(process))
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _address_of(process: subprocess.Popen[str]) -> str:
    """Where Azurite says that it listens."""
    assert process.stdout is not None
    for line in process.stdout:
        if "successfully listens on" in line:
            return line.split()[-1].rstrip("/")
    raise AssertionError(f"Azurite ended with exit code {process.wait()}")
