"""The C core on the published weights as they are, float32 and complete: only its own arithmetic is left."""

import os
import subprocess
from pathlib import Path

from convert import cli

BUILT = Path(__file__).parents[2] / "build/native/tests/core/models_test"


def test_core_computes_the_published_weights(tmp_path):
    assert BUILT.exists(), "run build-scripts/build first"
    assert cli.main(["--float32", "--keep-dead", "--output", str(tmp_path)]) == 0
    environment = os.environ | {"TAGGRAM_EXACT_MODELS": str(tmp_path)}
    run = subprocess.run([BUILT], env=environment, capture_output=True, text=True)
    print(run.stdout)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("penultimate") >= 2, "it has looked at features"
