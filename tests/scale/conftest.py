"""What tests of a cluster share: one scheduler with two workers for all of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.batches import Run
from tests.conftest import Tables, WriteTables
from tests.scale.dask_cluster import Cluster, cluster
from tests.scale.postgres import postgres, program
from tests.scale.storage import Bucket, Storage, storage
from xlsales.batch import Batch, Options, prepare
from xlsales.files import objects


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    with cluster(tmp_path_factory.mktemp("cluster"), 2) as made:
        yield made


@pytest.fixture(scope="module")
def a_storage() -> Iterator[Storage]:
    pytest.importorskip("moto")
    pytest.importorskip("s3fs")
    with pytest.MonkeyPatch.context() as patch, storage() as made:
        patch.setenv("AWS_ENDPOINT_URL", made.address)
        patch.setenv("AWS_ACCESS_KEY_ID", "a")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "b")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        objects._client.cache_clear()
        yield made
        objects._client.cache_clear()


@pytest.fixture
def bucket(a_storage: Storage, request: pytest.FixtureRequest) -> Iterator[Bucket]:
    """A bucket of its own for a test, in a storage without faults."""
    name = f"b-{abs(hash(request.node.nodeid)):x}"
    objects._client().create_bucket(Bucket=name)
    a_storage.requests.clear()
    yield Bucket(name, a_storage)
    a_storage.faults.clear()


@pytest.fixture(scope="module")
def a_database() -> Iterator[str]:
    """The address of a database of PostgreSQL."""
    if program("initdb") is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is missing: apt-get install postgresql")
        pytest.skip("needs PostgreSQL")
    with postgres() as address:
        yield address


@pytest.fixture
def run(tmp_path: Path, tiny_template: Path, write_tables: WriteTables) -> Iterator[Run]:
    """Write tables, make tiny planners of them and return the batch."""
    batches = ExitStack()

    def run(tables: Tables, folder: Path, **options: Any) -> Batch:
        chosen = {"template": tiny_template, "workers": 1, **options}
        is_tiny = chosen["template"] == tiny_template  # which has no tables
        source = write_tables(tmp_path / "tables", {"territories": tables["territories"]} if is_tiny else tables)
        batch = batches.enter_context(prepare(source, Options(folder, **chosen)))
        batch.run()
        return batch

    with batches:
        yield run
