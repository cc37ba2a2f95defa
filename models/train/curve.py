"""The loss as it falls, as an SVG that a browser shows while the run goes on."""

import csv
import math
from pathlib import Path

from train.corpus import write_whole

WIDTH, HEIGHT, MARGIN = 900, 420, 50
COLOURS = {"loss": "#1f6feb", "mtt": "#bf3989", "msd": "#1a7f37"}


def cut(log: Path, step: int) -> None:
    """Drops the rows after a step: the checkpoint that a run goes on from is older than they are."""
    if log.exists():
        head, *rows = log.read_text().splitlines()
        kept = [row for row in rows if int(row.split(",")[0]) <= step]
        write_whole(log, "\n".join([head, *kept]) + "\n")


def draw(log: Path, path: Path) -> None:
    """Loss on the left axis from 0, macro AUC on validation music on the right one from 0.5 to 1; both by segments."""
    with log.open(newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        return
    last = int(rows[-1]["segments"])
    highest = max(float(row["loss"]) for row in rows)
    lines = []
    for name, colour in COLOURS.items():
        points = [(int(row["segments"]), float(row[name])) for row in rows if row[name]]
        part = ((s, v / highest if name == "loss" else 2 * v - 1) for s, v in points if math.isfinite(v))
        places = " ".join(
            f"{MARGIN + s / last * (WIDTH - 2 * MARGIN):.1f},{HEIGHT - MARGIN - max(v, 0) * (HEIGHT - 2 * MARGIN):.1f}"
            for s, v in part
        )
        lines.append(f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
    axes = f"M{MARGIN} {MARGIN}V{HEIGHT - MARGIN}H{WIDTH - MARGIN}V{MARGIN}"
    texts = [
        (MARGIN, MARGIN - 12, "start", f"loss, 0 to {highest:.2f} (blue)"),
        (WIDTH - MARGIN, MARGIN - 12, "end", "macro AUC, 0.5 to 1: MTT (purple), MSD (green)"),
        (WIDTH - MARGIN, HEIGHT - MARGIN + 24, "end", f"{last:,} segments"),
    ]
    words = "".join(f'<text x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>' for x, y, anchor, text in texts)
    write_whole(
        path,
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="14"><rect width="100%" height="100%" fill="white"/><path d="{axes}" fill="none" stroke="gray"/>'
        f"{''.join(lines)}{words}</svg>\n",
    )
