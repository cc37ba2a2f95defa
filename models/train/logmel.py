"""PCM -> log-mel in PyTorch: the formulas of models/reference, in float32, float16 step and all."""

import numpy as np
import torch

from reference.logmel import FFT_SIZE, FLOAT16_LARGEST, HOP, LOG_MULTIPLIER, hann, mel_bank


class LogMel(torch.nn.Module):
    """[batch][256 + 256 n] -> [batch][n][96]: frame i is centred on sample 256 (i + 1)."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("window", torch.from_numpy(hann().astype(np.float32)), persistent=False)
        self.register_buffer("bank", torch.from_numpy(mel_bank().T.copy()), persistent=False)

    @torch.autocast("cpu", enabled=False)
    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        frames = samples.unfold(1, FFT_SIZE, HOP) * self.window
        energy = torch.fft.rfft(frames).abs().square() @ self.bank
        stepped = energy.clamp(max=FLOAT16_LARGEST).half().float()
        return torch.log10(stepped * float(LOG_MULTIPLIER) + 1)
