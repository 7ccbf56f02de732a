"""Where the frozen program begins."""

import gc
import multiprocessing
import sys

if __name__ == "__main__":  # a worker of `photochrom batch` imports this file too
    from photochrom.frozen import restore_environment

    restore_environment()
    multiprocessing.freeze_support()  # such a worker goes no further
    if sys.argv[1:3] == ["-m", "photochrom"]:  # how a plug-in starts an installation that this bundle has replaced
        del sys.argv[1:3]
    # Imports leave nothing to collect. Without looking for it an editor waits less: frozen code loads more slowly.
    gc.disable()
    from photochrom.cli import main

    if sys.argv[1:2] == ["serve"]:
        import photochrom.service  # noqa: F401
    gc.enable()
    main()
