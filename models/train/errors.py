"""What goes wrong in a way that a person can mend."""


class TrainError(Exception):
    """A step could not be done. The message is for a person: what, where, what to do."""
