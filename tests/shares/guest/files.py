"""Looking at files in a guest."""

import os


def put(path, text):
    """Makes a document that everybody may change."""
    with open(path, "w") as file:
        file.write(text)
        os.fchmod(file.fileno(), 0o666)
        os.fsync(file.fileno())


def read(path):
    """The text of a file, or `None` where it is missing."""
    try:
        with open(path) as file:
            return file.read()
    except FileNotFoundError:
        return None


def names(path):
    return sorted(os.listdir(path))
