"""Which models there are, where each comes from, and what a reader of its file is told."""

from dataclasses import dataclass

from convert import wheel


@dataclass(frozen=True)
class Model:
    """A published model: its place in the wheel and the facts that its file states."""

    name: str
    architecture: str
    wheel: wheel.Wheel
    folder: str  # of the checkpoint in the wheel
    labels_file: str  # Python file in the wheel that lists the tags ...
    labels: str  # ... and the variable there
    description: str
    author: str
    license: str
    url: str

    @property
    def origin(self) -> str:
        return (
            f"Checkpoint {self.folder} of the Python wheel {self.wheel.package} {self.wheel.version}, "
            f"SHA-256 {self.wheel.sha256}."
        )


MODELS = {
    "MTT_musicnn": Model(
        name="MTT_musicnn",
        architecture="musicnn",
        wheel=wheel.MUSICNN,
        folder="musicnn/MTT_musicnn",
        labels_file="musicnn/configuration.py",
        labels="MTT_LABELS",
        description="Scores 50 tags (genre, instrument, voice, mood) for each 3 s of music; trained on MagnaTagATune.",
        author="Jordi Pons, Music Technology Group, Universitat Pompeu Fabra",
        license="ISC",
        url="https://github.com/jordipons/musicnn",
    ),
}
