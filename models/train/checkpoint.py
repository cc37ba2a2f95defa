"""The state of a run on disk: everything that decides how it goes on."""

from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from train.errors import TrainError


@dataclass(frozen=True)
class Settings:
    """What a run is; another choice is another run."""

    front_end: str
    size: int  # of the data, in per cent
    seed: int
    batch: int = 32
    kernel_rate: float = 0.02  # of learning, while it is constant: of Muon, for kernels
    rate: float = 1e-3  # of AdamW, for the rest
    warm_up: int = 100  # steps
    dropout: float = 0.1
    averaging: float = 0.999  # of weights, a step; the most
    vgg: float = 0.0  # share of vgg in the teacher
    truth: float = 0.5  # share of what is known in the targets
    hints: float = 1.0  # weight of the distance from teachers' hints in the loss; 0 for none

    @property
    def name(self) -> str:
        return f"{self.front_end}-{self.size}-{self.seed}"


def save(path: Path, settings: Settings, state: dict) -> None:
    """Writes the file whole or not at all."""
    unfinished = path.with_name(path.name + ".part")
    torch.save({"settings": asdict(settings), **state}, unfinished)
    unfinished.replace(path)


def heard(settings: Settings, state: dict) -> int:
    """Segments, also those that the weights with which a run began had heard."""
    return state["before"] + state["step"] * settings.batch


def load(path: Path) -> tuple[Settings, dict]:
    if not path.exists():
        raise TrainError(f"{path} is not there: run the train step first.")
    state = torch.load(path, weights_only=False)
    return Settings(**state.pop("settings")), state
