"""What the assets that a task gives out tell of what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context


def tell_assets(context: Context, outlets: Iterable[Any], manifest: Mapping[str, Any]) -> None:
    """Let whoever an asset starts know what came of a task: its manifest is the extra of the asset's event.

    Args:
        context: of the task.
        outlets: of the task; assets, which are datasets on Airflow 2, have a URI.
        manifest: in its short form.
    """
    for outlet in outlets:
        if hasattr(outlet, "uri"):
            context["outlet_events"][outlet].extra.update(manifest)
