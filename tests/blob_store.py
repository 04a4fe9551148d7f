"""An S3-compatible store of our own for tests and benchmarks: moto's server on loopback, all in memory."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import fsspec
from moto.server import ThreadedMotoServer

BUCKET = "partnering"


class BlobStore:
    """One store with one address, which can be away for a while."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)

    def start(self) -> None:
        self._server.start()
        boto3.client("s3", **self._how()).create_bucket(Bucket=BUCKET)

    def stop(self) -> None:
        self._server.stop()

    def environment(self) -> dict[str, str]:
        """What lets a process reach the store; the product's own two settings among it."""
        host, port = self._server.get_host_and_port()
        return {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "invented",
            "AWS_SECRET_ACCESS_KEY": "invented",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_MAX_ATTEMPTS": "2",
            "PARTNERING_BLOBS_URL": f"s3://{BUCKET}/vault",
            "PARTNERING_KEYS_URL": f"s3://{BUCKET}/keys",
        }

    def names(self) -> list[str]:
        """Every object in the store."""
        found = boto3.client("s3", **self._how()).list_objects_v2(Bucket=BUCKET)
        return [item["Key"] for item in found.get("Contents", [])]

    def _how(self) -> dict[str, str]:
        env = self.environment()
        return {
            "endpoint_url": env["AWS_ENDPOINT_URL"],
            "region_name": env["AWS_DEFAULT_REGION"],
            "aws_access_key_id": env["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": env["AWS_SECRET_ACCESS_KEY"],
        }


@contextmanager
def blob_store() -> Iterator[BlobStore]:
    """A store that runs while the block runs; this process's environment leads to it."""
    store = BlobStore()
    store.start()
    fsspec.get_filesystem_class("s3").clear_instance_cache()  # which would lead to the store of an earlier test
    before = dict(os.environ)
    os.environ.update({name: value for name, value in store.environment().items() if name.startswith("AWS_")})
    try:
        yield store
    finally:
        os.environ.clear()
        os.environ.update(before)
        store.stop()
