"""What a run report says of the run as a whole, before its planners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.schema import SCHEMA_VERSION
from xlsales.version import __version__

if TYPE_CHECKING:
    from xlsales.batch.run import Batch


def of(batch: Batch) -> dict[str, Any]:
    """Return the head of a batch's report."""
    mapping = batch.options.mapping
    return {
        "run_id": batch.run_id,
        "status": batch.status,
        "xlsales": __version__,
        "schema_version": SCHEMA_VERSION,
        "template": {"name": batch.template.name, "sha256": batch.template.sha256},
        **batch.deliveries.told(),
        **({"map": {"name": mapping.name, "sha256": mapping.sha256}} if mapping else {}),
        "as_of": None if batch.as_of is None else batch.as_of.isoformat(),
        "format": batch.template.file_format,
        "writer": batch.options.writer,
        **batch.updating.head,
        "tables_sha256": batch.tables_hash,
        "calculation": batch.account.told(),
        "rows": {name: account.told() for name, account in batch.accounts.items()},
        "findings": batch.log.counts,
        "reports": batch.written_reports,
        "not_written": sorted(batch.output.held),
        "failed": batch.failed_ids,
    }
