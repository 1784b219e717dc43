"""What tests of a cluster share: one scheduler with two workers for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scale.dask_cluster import Cluster, cluster


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    with cluster(tmp_path_factory.mktemp("cluster"), 2) as made:
        yield made
