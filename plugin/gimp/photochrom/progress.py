"""Progress of a stage as part of the whole. Knows nothing of GIMP."""


def stage(start, end, show):
    """A callback for a stage's own progress (0…1) that shows it as `start`…`end` of the whole."""

    def on_progress(fraction, message):
        show(start + (end - start) * min(1.0, max(0.0, fraction)), message)

    return on_progress
