"""Every operation of a described API is tried with what its description allows, and with what it does not.

    API_EXAMPLES=500   so many requests of either kind to each operation, in place of a few
    SEED=1             other requests; a failure prints the one it happened with

Half of the addresses name something that is there, and half of the members of such a body are lawful ones: what is made
up altogether never gets beyond the first look.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

SEED = int(os.environ.get("SEED", "20250926"))
IS_LONG = "API_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("API_EXAMPLES", "2"))
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
)


def try_everything(
    app: Flask,
    sign_in: Callable[[], Mapping[str, str]],
    known: Mapping[str, Any],
    lawful: Callable[[str], Mapping[str, Any]],
    among: Callable[[str], bool] = lambda path: True,
) -> int:
    """Send requests to every operation; fails on a fault, or an answer that is not described.

    sign_in  the cookies of a new session
    known    what may stand in an address, by its name there;  lawful, a body, by the last part of the address
    among    whether an address is tried, too
    returns  how many requests were answered by success
    """
    print(f"SEED={SEED} API_EXAMPLES={EXAMPLES}")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    schema.config.generation.update(with_security_parameters=False)
    # Refused for its size, or over another's change, is refused, too.
    schema.config.checks.negative_data_rejection.expected_statuses += ["412", "413"]
    cookies, done, failures = sign_in(), 0, []
    for result in schema.get_all_operations():
        operation = result.ok()
        if not among(operation.path):
            continue
        # Whoever tries to sign out has to sign in anew.
        own = sign_in() if operation.path.startswith("/api/v1/session") else cookies
        # Any text may stand in an address: there is nothing to forbid where only that is open.
        forbids = bool(operation.body) or bool(list(operation.query))
        for mode in GenerationMode if forbids else (GenerationMode.POSITIVE,):
            try:
                done += _try(operation, mode, own, known, lawful)
            except FailureGroup as failure:
                failures.append(f"{operation.label}, {mode}: {failure}")
    assert not failures, f"SEED={SEED} API_EXAMPLES={EXAMPLES}: " + "\n".join(failures)
    return done


def _try(
    operation: Any,
    mode: GenerationMode,
    cookies: Mapping[str, str],
    known: Mapping[str, Any],
    lawful: Callable[[str], Mapping[str, Any]],
) -> int:
    succeeded: list[int] = []
    checks = [CHECKS.get_one(name) for name in CHECKED]

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), is_there=st.booleans(), data=st.data())
    def attempt(case: Any, is_there: bool, data: st.DataObject) -> None:
        if is_there:
            for name in set(case.path_parameters or {}).intersection(known):
                case.path_parameters[name] = known[name]
            if mode is GenerationMode.POSITIVE and isinstance(case.body, dict):
                for name, value in lawful(operation.path.rsplit("/", 1)[1]).items():
                    if data.draw(st.booleans(), label=name):
                        case.body[name] = value
        response = case.call(cookies=dict(cookies))
        case.validate_response(response, checks=checks, transport_kwargs={"cookies": dict(cookies)})
        if response.status_code < 300:
            succeeded.append(response.status_code)

    attempt()
    return len(succeeded)
