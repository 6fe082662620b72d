"""Records of earlier tries, one of each kind and any at all."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from airflow_provider_language.protocol.once.record import Attempt, Phase, Record

NOW = 1_800_000_000.0
RECORD = Record(
    attempt=2,
    life=3,
    fingerprint="key:mine",
    display_name="dag/task/run",
    phase=Phase.ACCEPTED,
    at=NOW - 10,
    location="https://name.example/jobs/1",
)
INTENDED = replace(RECORD, phase=Phase.INTENDED, location=None)
LOST = replace(INTENDED, phase=Phase.LOST)
REFUSED = replace(INTENDED, phase=Phase.REFUSED)
RETRY = Attempt(number=3, life=3)

counts = st.integers(min_value=0, max_value=1000)
moments = st.floats(min_value=0, max_value=4e9)
names = st.text(max_size=20)
phases = st.sampled_from(Phase)


@st.composite
def records(draw: st.DrawFn) -> Record:
    phase = draw(phases)
    return Record(
        attempt=draw(counts),
        life=draw(counts),
        fingerprint=draw(names),
        display_name=draw(names),
        phase=phase,
        at=draw(moments),
        location=draw(names) if phase is Phase.ACCEPTED else None,
        lost=draw(counts),
        taken_over=draw(st.booleans()),
    )
