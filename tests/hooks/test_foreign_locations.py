"""A made-up operation-location leads nowhere: the hook sends nothing, to nobody."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from airflow_provider_language.exceptions import ForeignLocationError
from airflow_provider_language.hooks.language import LanguageHook
from tests.hostile_locations import each_hostile_kind, hostile_location
from tests.scripted_service import ScriptedJobs, ScriptedService

CALLS: dict[str, Callable[[LanguageHook, str], object]] = {
    "get": LanguageHook.get,
    "wait": lambda hook, location: hook.wait(location, timeout=0),
    "watch": lambda hook, location: hook.watch(location, deadline=0),
    "results": LanguageHook.results,
    "cancel": LanguageHook.cancel,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
@each_hostile_kind
def test_a_made_up_location_is_refused_before_anything_is_sent(
    serve: Callable[..., ScriptedService],
    stranger: ScriptedService,
    kind: str,
    call: Callable[[LanguageHook, str], object],
) -> None:
    service = serve(ScriptedJobs({"job-1": ["succeeded"]}))

    with pytest.raises(ForeignLocationError):
        call(LanguageHook(), hostile_location(kind, service.endpoint, stranger.endpoint))

    assert service.seen == []
    assert stranger.seen == []
