"""What schemathesis is told of the service beside its description.

A schema cannot say what a file or a web page must hold, or that two dates must be in order. Input
that fails only there is refused with 422 for one of these reasons; with any other it is a finding.
"""

import re

import schemathesis
from schemathesis.core.failures import Failure
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


@schemathesis.hook
def filter_failure(_: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    """Whether a finding is one."""
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 422:
        return True
    errors = response.json()["errors"]
    return not all(
        error["field"] in FETCHED or BEYOND_SCHEMA.fullmatch(error["detail"]) for error in errors
    )
