"""Reads checkpoints as their authors published them: from any format to named tensors, and nothing else.

A checkpoint is an untrusted file. Reading it executes nothing, opens no other file, and uses memory in proportion to
the file, whatever its headers claim. The format is detected from the content: published file names tell little.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import torch

from photochrom.errors import CheckpointRefused, ExtraMissing, PhotochromError
from photochrom.frozen import install_extra
from photochrom.models.checkpoints import caffe, hdf5, npy, pytorch, safetensors, torch7

FORMATS = {
    "safetensors": safetensors,
    "PyTorch": pytorch,
    "Torch7": torch7,
    "HDF5": hdf5,
    "NumPy": npy,
    "Caffe": caffe,
}
"""Each module `recognizes` a file by its first bytes and can `read` its named tensors one by one, in memory
proportional to the file. Caffe has no signature and comes last."""

WHOLE_NUMBERS = {torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64}


def read(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a checkpoint by name, in the file's own order (in HDF5, by name), dense and
    on the CPU: floats as float32, whole numbers as they are. The file is read, not mapped: a map of one that shrinks
    meanwhile, as on a stick that is pulled, ends the process.

    The names: those of the state dict (PyTorch, safetensors; wrappers such as {"state_dict": …} are removed, prefixes
    stay), `modules.<i>.…weight` (Torch7, i from 0, in the order of execution; and numbers stored beside the network),
    `<layer>.<blob>` (Caffe), `<layer>/<variable>` (Keras, with kernels in Keras's layout), `array` (NumPy, whose one
    array has no name).

    Raises:
        CheckpointRefused: the format is unknown; the file is damaged or truncated; it contains code, absurd
            sizes, or numbers that are not finite or of a type that no network here uses.
        ExtraMissing: the package that reads this format is not installed.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise CheckpointRefused(f"{path} cannot be read: {error.strerror}.") from error
    name = next((name for name, form in FORMATS.items() if form.recognizes(head)), None)
    if name is None:
        raise _unknown(path, head)
    # Parsers of untrusted bytes can raise anything; here, all of it means a damaged file.
    try:
        return _plain(path, FORMATS[name].read(path), size)
    except PhotochromError:
        raise
    except ImportError as error:
        raise ExtraMissing(f"Reading {path.name} needs {error.name}.", install_extra("pool")) from error
    except Exception as error:
        cause = f"{path.name} looks like a {name} file, but is damaged or incomplete."
        raise CheckpointRefused(cause, "Download it again.") from error


def _plain(path: Path, tensors: Iterable[tuple[str, torch.Tensor]], size: int) -> dict[str, torch.Tensor]:
    plain: dict[str, torch.Tensor] = {}
    numbers = 0
    for name, tensor in tensors:
        if tensor.layout != torch.strided or tensor.device.type != "cpu" or tensor.is_quantized:
            raise _strange(path, name, "is not stored in full")
        if not tensor.dtype.is_floating_point and tensor.dtype not in WHOLE_NUMBERS:
            raise _strange(path, name, f"holds {str(tensor.dtype).removeprefix('torch.')}")
        if name in plain:
            raise _strange(path, name, "is there twice")
        # Many tensors can share the same few bytes, and one can repeat a byte any number of times.
        numbers += tensor.numel()
        if numbers > size:
            cause = f"{path.name} claims to hold more numbers than it has bytes."
            raise CheckpointRefused(cause, "Use the file as it was published.")
        plain[name] = tensor.detach().to(torch.float32 if tensor.is_floating_point() else tensor.dtype).contiguous()
        if not plain[name].isfinite().all():
            raise _strange(path, name, "holds numbers that are not finite")
    if not plain:
        raise CheckpointRefused(f"There are no weights in {path.name}.", "Use the file that has the weights.")
    return plain


def _strange(path: Path, name: str, what: str) -> CheckpointRefused:
    return CheckpointRefused(f"The tensor {name} of {path.name} {what}.", "Use the file as it was published.")


def _unknown(path: Path, head: bytes) -> CheckpointRefused:
    if not head:
        return CheckpointRefused(f"{path.name} is empty.", "Download it again.")
    if all(32 <= byte < 127 or byte in b"\t\r\n" for byte in head):
        # What servers return instead of the file: a page for confirmation or login, a Git LFS pointer.
        cause = f"{path.name} is text, not weights: a web page was downloaded instead of the file."
        return CheckpointRefused(cause, "Download it again, in a browser if need be.")
    if head[0] == 0x80:
        cause = f"{path.name} is a Python pickle that was not written by PyTorch; it was not opened."
        return CheckpointRefused(cause, "Use the weights as a PyTorch state dict or as safetensors.")
    cause = f"{path.name} has no format that Photochrom reads."
    return CheckpointRefused(cause, f"It reads weights of {', '.join(FORMATS)} (Caffe and Keras).")
