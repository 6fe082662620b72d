"""The tables of what goes wrong, out of the errors' classes and the causes that the service's words tell."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from airflow_provider_language import causes, exceptions
from airflow_provider_language.exceptions import LanguageError


def of_causes() -> Iterator[str]:
    """A row for each cause that the service's code or words tell."""
    yield "| what the service says | what to do | would another try help |"
    yield "|---|---|---|"
    codes = ", ".join(f"`{code}`" for code in sorted(causes.INPUT_CODES))
    yield f"| that a job failed, with {codes} | {causes.INPUT.next_step} | no |"
    for cause in causes.CAUSES:
        yield f"| {cause.told} | {cause.next_step} | {'no' if cause.lasts else 'perhaps'} |"


def of_classes() -> Iterator[str]:
    """A row for each class of errors."""
    yield "| error | what it is | what to do | retried |"
    yield "|---|---|---|---|"
    for name, class_ in vars(exceptions).items():
        if inspect.isclass(class_) and issubclass(class_, LanguageError) and class_ is not LanguageError:
            what = " ".join((class_.__doc__ or "").partition("\n\n")[0].split())
            yield f"| `{name}` | {what} | {class_.next_step or '-'} | {'yes' if class_.retryable else 'no'} |"
