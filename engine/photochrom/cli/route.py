"""`photochrom route`: the router's scores, without colorizing."""

from __future__ import annotations

import typer

from photochrom.cli.options import Json, Photographs
from photochrom.cli.terminal import print_error, print_json
from photochrom.errors import BadPicture, ExtraMissing, PhotochromError


def route(photographs: Photographs, as_json: Json = False) -> None:
    """Print which colorizers `auto` uses for each photograph, and each one's share."""
    from photochrom import pipeline
    from photochrom.image.picture import open_picture
    from photochrom.sampling.proxy import Proxy

    failure: PhotochromError | None = None
    for photograph in photographs:
        try:
            picture = open_picture(photograph)
            with picture.reading():
                scores = pipeline.route(Proxy(picture.lightness())).scores
        except (BadPicture, ExtraMissing) as error:
            failure = error
            print_error(error)
            continue
        if as_json:
            print_json({"source": str(photograph), "scores": scores})
        else:
            typer.echo(f"{photograph}: " + ", ".join(f"{name} {score:.2f}" for name, score in scores.items()))
    if failure:
        raise typer.Exit(failure.exit_code if len(photographs) == 1 else 1)
