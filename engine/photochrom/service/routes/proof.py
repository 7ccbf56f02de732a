"""The one route without a token: by it, a client checks that it has reached the user's engine."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from photochrom.service.messages import Proof
from photochrom.service.routes.openapi import errors
from photochrom_client.protocol import Route
from photochrom_client.runtime_file import RuntimeFile


def proof_routes(file: RuntimeFile) -> APIRouter:
    routes = APIRouter(responses=errors(HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.INTERNAL_SERVER_ERROR))

    @routes.get(Route.PROOF)
    async def prove(
        nonce: Annotated[str, Query(pattern="^[0-9a-f]{64}$", description="32 random bytes in hexadecimal digits.")],
    ) -> Proof:
        """Proves that this engine knows the token, which the client has not sent yet."""
        return Proof(proof=file.proof(nonce))

    return routes
