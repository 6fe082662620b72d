"""The connection form for Airflow 2.11; later versions read it in the provider's manifest."""

from __future__ import annotations

from typing import Any

from airflow_provider_language.get_provider_info import CONNECTION_FIELDS, FIELD_BEHAVIOUR


def widgets() -> dict[str, Any]:
    """The form's own fields."""
    from flask_appbuilder.fieldwidgets import BS3TextFieldWidget
    from wtforms import IntegerField, StringField
    from wtforms.validators import Optional

    # Airflow 2.11 drops a connection type whose form has a field for any other number.
    classes = {"string": StringField, "integer": IntegerField, "number": StringField}
    return {
        name: classes[field["schema"]["type"][0]](
            field["label"],
            widget=BS3TextFieldWidget(),
            description=field["description"],
            validators=[Optional()],
        )
        for name, field in CONNECTION_FIELDS.items()
    }


def behaviour() -> dict[str, Any]:
    """What the form does with Airflow's own fields."""
    return {name.replace("-", "_"): value for name, value in FIELD_BEHAVIOUR.items()}
