"""Citations over HTTP: do they still hold?"""

from fastapi import APIRouter

from qa.answering.verifying import verify
from qa.http import schemas
from qa.http.dependencies import JSON_ONLY, LibraryDep

router = APIRouter(prefix="/v1/citations", tags=["Citations"], dependencies=[JSON_ONLY])


@router.post("/verify", summary="Verify citations")
def verify_citations(given: schemas.VerifyRequest, library: LibraryDep) -> schemas.VerifyResponse:
    """Citations as they stand in answers; each is `valid`, `moved` (with the new place) or
    `gone`."""
    return schemas.VerifyResponse(
        verdicts=[
            schemas.VerdictDocument.of(verify(claim.value(), library)) for claim in given.citations
        ]
    )
