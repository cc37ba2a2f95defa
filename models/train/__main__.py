"""Entry point of `python models/train`: see models/train/README.md."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # Python put this folder there; we import it as a package

from train.cli import main  # noqa: E402

sys.exit(main())
