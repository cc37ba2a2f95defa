"""Layers written in C beside their modules, compiled on first use for the machine at hand."""

import ctypes
import hashlib
import os
import subprocess
from pathlib import Path

from torch import Tensor

BUILT = Path(__file__).resolve().parents[2] / "build/train-layers"
COMPILE = ("cc", "-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-fno-signed-zeros", "-fopenmp")


def library(source: Path, flags: tuple[str, ...] = ()) -> ctypes.CDLL | None:
    """None where there is no C compiler."""
    BUILT.mkdir(parents=True, exist_ok=True)
    compiler = (*COMPILE, *flags)
    fingerprint = hashlib.sha256(source.read_bytes() + " ".join(compiler).encode()).hexdigest()
    output = BUILT / f"{source.stem}-{fingerprint[:16]}.so"
    if not output.exists():
        unfinished = output.with_suffix(f".{os.getpid()}")
        try:
            subprocess.run([*compiler, "-shared", "-fPIC", "-o", unfinished, source], check=True, capture_output=True)
        except (FileNotFoundError, subprocess.CalledProcessError):
            return None
        unfinished.replace(output)
    return ctypes.CDLL(output)


def addresses(*tensors: Tensor) -> list[ctypes.c_void_p]:
    """Whoever calls keeps the tensors until the library has read them."""
    return [ctypes.c_void_p(tensor.data_ptr()) for tensor in tensors]
