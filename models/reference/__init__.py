"""The oracle: what Taggram computes, written a second time with numpy, to be read and to be trusted, not to be fast.

Audio goes through these modules in order; each stage is a function of arrays:

    resample   any rate -> 16 kHz
    logmel     16 kHz mono -> log-mel spectrogram
    musicnn    segments of it -> named features, logits and tag scores
    synthetic  test signals by formula
    audio      audio files, through the ffmpeg command
    goldens    writes and checks the reference outputs in tests/goldens
    published  checks the oracle against outputs of the original library

Run it as `python models/reference`.
"""
