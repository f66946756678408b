"""Values as the Supabase CLI reads them from an `--env-file`, whose quotes know no escapes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from supacron.errors import SupacronError
from supacron.secret import Secret

_BARE: Final = re.compile(r"[^\s#'\"`]([^#\n]*[^\s#])?")


def env_file(values: Mapping[str, Secret]) -> Secret:
    """The file's text; raises SupacronError, naming the variable, for a value that no quotes can hold."""
    return Secret("".join(f"{name}={_quoted(name, value)}\n" for name, value in sorted(values.items())))


def _quoted(name: str, value: Secret) -> str:
    text = value.reveal()
    if "\r" not in text and "\0" not in text:
        # A backslash before the closing quote would escape it, and within double quotes \n is no longer two letters.
        if not text.endswith("\\"):
            for quote in ("'", "`", '"'):
                if quote not in text and not (quote == '"' and re.search(r"\\[nr]", text)):
                    return f"{quote}{text}{quote}"
        if _BARE.fullmatch(text):
            return text
    raise SupacronError(
        f"the value of the function secret {name} cannot be written to a .env file",
        "It has all three kinds of quotes, a carriage return, or ends with a backslash: encode it, as in base64.",
    )
