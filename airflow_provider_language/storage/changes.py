"""When files were changed, and what writers that were killed have left of them, as far as a storage tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from airflow_provider_language.storage.stores import Place, place_of

_TIMES = ("mtime", "LastModified", "last_modified", "updated")
"""What storages call the time of a change: seconds, a time, or its text."""
_DRAFT = re.compile(r"\.[0-9a-f]{32}\.unfinished")
_S3 = frozenset({"s3", "s3a", "s3n"})


@dataclass(frozen=True)
class Leftover:
    """What is left of a file whose writer was killed; no reader sees it.

    Args:
        location: of the file, or of what is left.
        since: when it was begun or changed last, in seconds since the epoch; None if nobody tells.
        remove: removes it.
    """

    location: str
    since: float | None
    remove: Callable[[], object]


def changed_last(location: str) -> float | None:
    """When a file below a folder was changed last, in seconds since the epoch; None if nobody tells."""
    return max(filter(None, map(_time_of, _files(place_of(location)).values())), default=None)


def leftovers(location: str) -> Iterator[Leftover]:
    """What is left below a folder: drafts on a disk, uploads in parts on S3. Other storages do not tell."""
    place = place_of(location)
    if place.is_local:
        for path, info in _files(place).items():
            if _DRAFT.fullmatch(path.rpartition("/")[2]):
                yield Leftover(path, _time_of(info), partial(place.fs.rm_file, path))
    elif place.protocol in _S3:
        yield from _uploads(place)


def _files(place: Place) -> dict[str, dict[str, Any]]:
    place.fs.invalidate_cache()
    found: dict[str, dict[str, Any]] = place.fs.find(place.path, detail=True)
    return found


def _time_of(info: dict[str, Any]) -> float | None:
    told = next((info[name] for name in _TIMES if info.get(name)), None)
    if isinstance(told, str):
        try:
            told = datetime.fromisoformat(told.replace("Z", "+00:00"))
        except ValueError:
            return None
    if isinstance(told, datetime):
        return told.timestamp()
    return float(told) if isinstance(told, (int, float)) else None


def _uploads(place: Place) -> Iterator[Leftover]:
    bucket, _, key = place.path.strip("/").partition("/")
    wanted: dict[str, str] = {"Bucket": bucket, "Prefix": f"{key}/"}
    while True:
        page = place.fs.call_s3("list_multipart_uploads", **wanted)
        for one in page.get("Uploads", ()):
            named = {"Bucket": bucket, "Key": one["Key"], "UploadId": one["UploadId"]}
            remove = partial(place.fs.call_s3, "abort_multipart_upload", **named)
            yield Leftover(f"{place.protocol}://{bucket}/{one['Key']}", one["Initiated"].timestamp(), remove)
        if not page.get("IsTruncated"):
            return
        wanted |= {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}
