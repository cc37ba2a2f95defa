"""The oracle: what Taggram computes, written a second time with numpy, to be read and to be trusted, not to be fast.

Audio goes through these modules in order; each stage is a function of arrays:

    resample   any rate -> 16 kHz
    logmel     16 kHz mono -> log-mel spectrogram
    network    segments of it -> named features, logits and tag scores, by way of
    musicnn    one architecture, and
    vgg        the other; layers has what they share

Around them:

    synthetic       test signals by formula
    audio           audio files, through the ffmpeg command
    goldens         writes and checks the reference outputs in tests/goldens
    published       checks the oracle against outputs of the original library
    program         Taggram's own program, where numpy is too slow
    storage         what the form of the model files costs in scores
    random_weights  random weights in the shapes of a checkpoint
    big             a musicnn big of such weights, whose own aren't in the wheel, with goldens

Networks are the published weights in full, or a model file as it is stored: int16 kernels times their scales, the
constants of filters that were left out in their places. So storage, pruning and a core's own arithmetic can be told
apart.

Run it as `python models/reference`.
"""
