"""Which models are published, where each comes from, and what a reader of its file is told."""

from dataclasses import dataclass
from pathlib import Path

from convert import source, wheel
from convert.network import ModelError, Network


@dataclass(frozen=True)
class Facts:
    """What a model file tells of the model; what is empty is left out."""

    name: str
    description: str
    dataset: str
    published_scores: str
    origin: str
    author: str = ""
    license: str = ""
    url: str = ""


@dataclass(frozen=True)
class Dataset:
    """What a published model was trained on, and with which tags."""

    name: str
    description: str
    labels: str  # the variable in the wheel's configuration that lists the tags


@dataclass(frozen=True)
class Model:
    """A published model: its folder in the wheel, and what was published of it."""

    name: str
    dataset: Dataset
    roc_auc: float  # as its experiment.result in the wheel has them, in per cent
    pr_auc: float

    @property
    def folder(self) -> str:
        return f"musicnn/{self.name}"

    @property
    def facts(self) -> Facts:
        published = wheel.MUSICNN
        return Facts(
            name=self.name,
            description="Scores 50 tags (genre, instrument, voice, mood) for each 3 s of music; trained on "
            f"{self.dataset.name}.",
            dataset=self.dataset.description,
            published_scores=f"ROC-AUC {self.roc_auc:.2f}, PR-AUC {self.pr_auc:.2f} on the test set of "
            f"{self.dataset.name}, as {published.package} {published.version} states them.",
            origin=f"Checkpoint {self.folder} of the Python wheel {published.package} {published.version}, SHA-256 "
            f"{published.sha256}.",
            author="Jordi Pons, Music Technology Group, Universitat Pompeu Fabra",
            license="ISC",
            url="https://github.com/jordipons/musicnn",
        )


DATASETS = {
    "MTT": Dataset("MagnaTagATune", "MagnaTagATune (Law et al., 2009), about 19,000 training clips", "MTT_LABELS"),
    "MSD": Dataset(
        "the Million Song Dataset",
        "Million Song Dataset (Bertin-Mahieux et al., 2011) with Last.fm tags, about 200,000 training songs",
        "MSD_LABELS",
    ),
}

MODELS = {
    model.name: model
    for model in (
        Model("MTT_musicnn", DATASETS["MTT"], 90.67, 38.31),
        Model("MTT_vgg", DATASETS["MTT"], 90.30, 38.23),
        Model("MSD_musicnn", DATASETS["MSD"], 88.02, 28.91),
        Model("MSD_vgg", DATASETS["MSD"], 87.68, 28.19),
    )
}


def load(model: Model, cache: Path, pooling: str | None = None) -> tuple[list[str], Network]:
    """A published model's tags and its network in full, from the wheel."""
    path = wheel.fetch(wheel.MUSICNN, cache)
    return named_tags(model.dataset, cache), source.read_network(source.in_wheel(path, model.folder), pooling)


def named_tags(dataset: Dataset, cache: Path) -> list[str]:
    path = wheel.fetch(wheel.MUSICNN, cache)
    return wheel.read_list(path, "musicnn/configuration.py", dataset.labels)


MOST_TAGS = 4096  # that the core takes


def check_tags(tags: list[str], network: Network) -> None:
    """Refuses a list that cannot be the network's."""
    if len(tags) != network.tag_count:
        raise ModelError(f"the network has {network.tag_count} outputs, but the list has {len(tags)} tags.")
    if len(tags) > MOST_TAGS:
        raise ModelError(f"the list has {len(tags)} tags; Taggram runs at most {MOST_TAGS}.")
    odd = [tag for tag in tags if not tag.isprintable()]
    if odd:
        raise ModelError(f"the tag {odd[0]!r} has characters that can't be shown.")
    twice = sorted({tag for tag in tags if tags.count(tag) > 1})
    if twice:
        raise ModelError(f'the list of tags has "{twice[0]}" more than once.')
