"""The command ``inspect``: tells in counts what personal data was found, and what a policy would leave."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from airflow_provider_language.commands.showing import add_json_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow_provider_language.protocol.redaction.inspecting import Inspection
    from airflow_provider_language.protocol.redaction.policies import RedactionPolicy


def add_to(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a command line."""
    parser = parsers.add_parser(
        "inspect", help="tell in counts what personal data was found", description=__doc__
    )
    parser.set_defaults(run=run)
    parser.add_argument("results", help="a file of rows, or the folder of a run: DESTINATION/results/RUN")
    parser.add_argument("--task", metavar="NAME", help="whose findings they are, where several have some")
    parser.add_argument("--policy", metavar="FILE", help="a redaction policy, to see what it leaves")
    add_json_to(parser)


def run(options: argparse.Namespace) -> None:
    """Print the counts.

    Raises:
        InvalidInputError: the rows or the policy cannot be read.
    """
    from airflow_provider_language.commands.showing import tell_json
    from airflow_provider_language.running.evaluating import inspect
    from airflow_provider_language.storage.policies import read_policy

    policy = read_policy(options.policy) if options.policy else None
    inspection = inspect(options.results, options.task)
    if options.json:
        tell_json(inspection.told(policy))
        return
    for line in _lines(inspection, policy):
        print(line)


def _lines(inspection: Inspection, policy: RedactionPolicy | None) -> Iterator[str]:
    from airflow_provider_language.protocol.redaction.inspecting import BINS, UNSURE

    documents = sum(inspection.documents.values())
    yield (
        f"{documents} documents with a result, {inspection.without_result} without; "
        f"{inspection.text_records} text records billed"
    )
    for (category, language), number in sorted(inspection.findings.items()):
        of = inspection.documents[language]
        yield (
            f"{category} {language}: {number} findings in "
            f"{inspection.documents_with[category, language]} of {of} documents"
        )
    yield f"Findings by confidence, from 0 to 1 in {BINS} bins, and of those without:"
    for category in sorted({category for category, _ in inspection.findings}):
        bins = (inspection.confidences[category, one] for one in (*range(BINS), UNSURE))
        yield f"{category}: {' '.join(map(str, bins))}"
    if policy is not None:
        yield f"Policy {policy.digest}"
        for category, number in inspection.left(policy):
            yield f"left in the clear: {category}, {number} findings"
        yield f"not named, so that the default is for them: {', '.join(inspection.unnamed(policy)) or 'none'}"
