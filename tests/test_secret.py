"""A Secret shows itself nowhere but in reveal()."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from dataclasses import dataclass
from io import StringIO

import pytest

from supacron.secret import MASK, Secret

VALUE = "canary-7f3a"


@dataclass(frozen=True)
class Holder:
    value: Secret


@pytest.mark.parametrize(
    "show",
    [
        str,
        repr,
        lambda secret: f"{secret}",
        lambda secret: f"{secret!r:>30}",
        lambda secret: f"{secret:>30}",
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 -- this spelling is what is tested
        lambda secret: repr(Holder(secret)),
        lambda secret: repr({"a": [secret]}),
        lambda secret: repr(vars(type(secret))),
    ],
)
def test_every_text_form_is_masked(show: object) -> None:
    assert VALUE not in show(Secret(VALUE))  # type: ignore[operator]


def test_logs_and_tracebacks_are_masked() -> None:
    stream = StringIO()
    logger = logging.getLogger("test of masking")
    logger.propagate = False
    logger.addHandler(logging.StreamHandler(stream))
    secret = Secret(VALUE)
    logger.warning("value %s", secret)
    stream.write("".join(traceback.format_exception(ValueError(secret))))
    assert MASK in stream.getvalue()
    assert VALUE not in stream.getvalue()


@pytest.mark.parametrize("dump", [json.dumps, pickle.dumps])
def test_it_is_not_serialised(dump: object) -> None:
    with pytest.raises(TypeError) as caught:
        dump(Secret(VALUE))  # type: ignore[operator]
    assert VALUE not in str(caught.value)


def test_it_is_revealed_compared_and_masked_in_text() -> None:
    secret = Secret(VALUE)
    assert secret.reveal() == VALUE
    assert secret == Secret(VALUE)
    assert secret != Secret("other")
    assert secret != VALUE
    assert {secret: 1}[Secret(VALUE)] == 1
    assert bool(secret)
    assert not Secret("")
    assert copy.deepcopy(secret) is secret
    assert secret.mask_in(f"a {VALUE} b") == f"a {MASK} b"
    assert Secret("").mask_in("text") == "text"
