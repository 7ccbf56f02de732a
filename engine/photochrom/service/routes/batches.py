"""Routes that start batches, follow them, and pause, stop and resume them."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as PathParameter

from photochrom.service.batch_messages import BatchProgress, NewBatch
from photochrom.service.batches import Batch, Batches
from photochrom.service.messages import FilePath
from photochrom.service.routes.openapi import BODY, errors, router
from photochrom_client.protocol import Route

BatchId = Annotated[str, PathParameter(pattern=r"^[0-9a-f]{16}$")]


def batch_routes(batches: Batches) -> APIRouter:
    # Long, since the routes of a page are closures over the state that they share: none of it is global. They are no
    # coroutines, since disks are slow: each request has a thread.
    routes = router()
    missing, invalid, conflict = HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT

    @routes.get(Route.BATCHES, responses=errors(invalid))
    def list_batches(output: Annotated[FilePath | None, Query()] = None) -> list[BatchProgress]:
        """Lists the batch in the folder `output`, if that is given and there is one; then the batches of lately, the
        latest first, also those that an earlier engine left unfinished."""
        return [_progress(batch) for batch in batches.listed(Path(output) if output else None)]

    @routes.post(Route.BATCHES, status_code=201, responses=errors(*BODY, invalid, conflict))
    def start_batch(batch: NewBatch) -> BatchProgress:
        """Starts a batch; in a folder that has one with the same settings, goes on with that. It needs no follower."""
        inputs = [Path(each) for each in batch.inputs]
        return _progress(batches.start(inputs, Path(batch.output), batch.settings, batch.patterns))

    @routes.get(Route.BATCH, responses=errors(missing, invalid))
    def show_batch(batch_id: BatchId) -> BatchProgress:
        """Returns how far a batch is."""
        return _progress(batches.get(batch_id))

    @routes.post(Route.BATCH_PAUSE, responses=errors(missing, invalid))
    def pause_batch(batch_id: BatchId) -> BatchProgress:
        """Begins no further photograph for now; those in hand are finished."""
        batch = batches.get(batch_id)
        batch.pause()
        return _progress(batch)

    @routes.post(Route.BATCH_CONTINUE, responses=errors(missing, invalid, conflict))
    def continue_batch(batch_id: BatchId) -> BatchProgress:
        """Goes on with a batch that is paused, was stopped, or was left unfinished."""
        return _progress(batches.resume(batches.get(batch_id), retry=False))

    @routes.post(Route.BATCH_RETRY, responses=errors(missing, invalid, conflict))
    def retry_batch(batch_id: BatchId) -> BatchProgress:
        """Goes on with a batch, and tries the failed photographs again."""
        return _progress(batches.resume(batches.get(batch_id), retry=True))

    @routes.post(Route.BATCH_STOP, responses=errors(missing, invalid))
    def stop_batch(batch_id: BatchId) -> BatchProgress:
        """Stops a batch when the photographs in hand are finished. It can be resumed."""
        batch = batches.get(batch_id)
        batch.stop()
        return _progress(batch)

    return routes


def _progress(batch: Batch) -> BatchProgress:
    return BatchProgress.model_validate(batch.progress())
