"""The connection form for Airflow 2.11; later versions read it in the provider's manifest."""

from __future__ import annotations

from typing import Any

from airflow_provider_language.get_provider_info import CONNECTION_FIELDS, FIELD_BEHAVIOUR


def widgets() -> dict[str, Any]:
    """The form's own fields."""
    from flask_appbuilder.fieldwidgets import BS3TextFieldWidget
    from wtforms import BooleanField, IntegerField, StringField
    from wtforms.validators import Optional, any_of

    # Airflow 2.11 drops a connection type whose form has a field for any other number, or a list of choices.
    # Airflow 3.0 and 3.1 stand in for these classes, and make a list of what any_of names.
    classes = {"string": StringField, "integer": IntegerField, "number": StringField, "boolean": BooleanField}

    def widget(field: dict[str, Any]) -> Any:
        schema = field["schema"]
        kind = schema["type"][0]
        choices = [any_of(schema["enum"])] if "enum" in schema else []
        shown = {} if kind == "boolean" else {"widget": BS3TextFieldWidget()}
        return classes[kind](
            field["label"], description=_help(field), validators=[Optional(), *choices], **shown
        )

    return {name: widget(field) for name, field in CONNECTION_FIELDS.items()}


def _help(field: dict[str, Any]) -> str:
    """What a field is for, with what can be chosen, where a form may have to have it typed."""
    choices = field["schema"].get("enum", ())
    return f"{field['description']} One of {', '.join(choices)}." if choices else str(field["description"])


def behaviour() -> dict[str, Any]:
    """What the form does with Airflow's own fields."""
    return {name.replace("-", "_"): value for name, value in FIELD_BEHAVIOUR.items()}
