"""The log of a run: a CSV with a row every so many steps."""

from pathlib import Path

from train.corpus import write_whole


def cut(log: Path, step: int) -> None:
    """Drops the rows after a step: the checkpoint that a run goes on from is older than they are."""
    if log.exists():
        head, *rows = log.read_text().splitlines()
        kept = [row for row in rows if int(row.split(",")[0]) <= step]
        write_whole(log, "\n".join([head, *kept]) + "\n")
