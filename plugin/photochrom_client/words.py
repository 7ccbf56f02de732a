"""The dialog's words about who chose the colours, and about what can be had.

`scores` are the shares of the client's `Job`: the best first, empty where the engine did not choose.
"""

from .translation import translated as _

LEAST_SHARE = 0.05
"""Smaller shares are not told: what they change cannot be seen."""

NO_DOUBT = _("This colorizer does not say where it guessed.")


def automatic(scores):
    """The automatic choice and what it came to: "Automatic (people, 0.71)"."""
    best = next(iter(scores), None)
    if best is None:
        return _("Automatic")
    return _("Automatic ({name}, {share})").format(name=best, share=f"{scores[best]:.2f}")


def coloured_by(colorizer, scores):
    """ "people 0.71, scenes 0.20"; without scores the colorizer's name."""
    return ", ".join(f"{name} {share:.2f}" for name, share in scores.items() if share >= LEAST_SHARE) or colorizer


def licence_to_accept(model):
    """What is asked before one of the client's models is fetched."""
    return _("{name} comes under {licence}. {weights_licence} To be downloaded: {size}.").format(
        name=model.name, licence=model.licence, weights_licence=model.weights_licence, size=model.size
    )
