"""detect-secrets' detectors for the kinds of tokens that a Supabase project has. Imported only when needed: it is slow.

Each finds a token together with what makes it recognisable (`Bearer ...`), so that masking what was found never hits
a word that happens to equal a short password.
"""
# ruff: noqa: S105 -- `secret_type` is detect-secrets' name for what a detector finds

from __future__ import annotations

import re

from detect_secrets.plugins.base import BasePlugin, RegexBasedDetector
from detect_secrets.plugins.jwt import JwtTokenDetector


class Jwt(JwtTokenDetector):
    secret_type = "a JWT"


class JwtShaped(RegexBasedDetector):
    """A JWT with its signature, also one that does not decode (cut off, characters replaced): parts may be real."""

    secret_type = "a JWT"
    denylist = (re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"),)


class SupabaseKey(RegexBasedDetector):
    secret_type = "a Supabase key"
    denylist = (re.compile(r"\bsb_(?:secret|publishable)_[A-Za-z0-9_-]{8,}"), re.compile(r"\bsbp_[a-f0-9]{32,}"))


_NO_TOKEN = r"(?!(?:tokens?|keys?|secrets?|headers?|auth|authentication|authorization|scheme)\b)"
_TOKEN = r"[A-Za-z0-9._~+/-]"


class BearerHeader(RegexBasedDetector):
    """`Bearer` and a token: anything where a whole quoted text or YAML line is that, else with digits or mixed case."""

    secret_type = "a bearer token"
    denylist = (
        re.compile(rf"(?i)[\"']bearer\s+{_NO_TOKEN}{_TOKEN}{{3,}}=*[\"']"),
        re.compile(rf"(?im)^\s*[\"']?authorization[\"']?\s*:\s*bearer\s+{_NO_TOKEN}{_TOKEN}{{3,}}=*\s*$"),
        re.compile(rf"\b(?:[Bb]earer|BEARER)\s+(?=[^\s\"']*(?:[0-9]|[a-z][A-Z])){_TOKEN}{{8,}}=*"),
    )


class UrlPassword(RegexBasedDetector):
    secret_type = "a URL with a password"
    denylist = (re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s:/@]*:[^\s/@]+@"),)


SUPABASE_DETECTORS: tuple[BasePlugin, ...] = (JwtShaped(), Jwt(), SupabaseKey(), BearerHeader(), UrlPassword())
