"""What schemathesis is told of the service beside its description.

A schema cannot say what a file or a web page must hold, or that two dates must be in order. Input
that fails only there is refused with 422 for one of these reasons; with any other it is a finding.
"""

import re
from typing import Any

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.transport import Response
from schemathesis.generation.case import Case
from schemathesis.hooks import HookContext
from schemathesis.openapi.checks import RejectedPositiveData

FETCHED = ("file", "url")

BEYOND_SCHEMA = re.compile(
    r"the value holds .*: send Unicode text"
    r"|.* after published_to, .*: swap them"
    r"|the source .* belongs to the id .*"
    r"|the article .* has no source, .*",
    re.DOTALL,
)


VIOLATION = re.compile(r"- violates .*")

TEXT_IN_A_FORM = re.compile(r"- violates `type` at /\S+ \(was string, became \w+\)")
"""In a form every value is sent as its text, so that these are the strings that are asked for."""


@schemathesis.hook
def filter_failure(_: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
    """Whether a finding is one."""
    if isinstance(failure, AcceptedNegativeData) and case.media_type == "multipart/form-data":
        return not _only(TEXT_IN_A_FORM, VIOLATION.findall(failure.message))
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 422:
        return True
    errors = response.json()["errors"]
    return not all(
        error["field"] in FETCHED or BEYOND_SCHEMA.fullmatch(error["detail"]) for error in errors
    )


def _only(pattern: re.Pattern[str], lines: list[str]) -> bool:
    """Whether there are lines and all of them are of the pattern."""
    return bool(lines) and all(pattern.fullmatch(line) for line in lines)
