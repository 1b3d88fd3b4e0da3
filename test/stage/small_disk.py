"""A file system of its own that can be full. Only in namespaces of our own: it is mounted."""

import subprocess
from pathlib import Path

_SIZE = "8m"


class SmallDisk:
    """A context manager."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._filler = folder / "filler"

    def __enter__(self):
        self.folder.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", self.folder], check=True)
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "--lazy", self.folder], check=True)

    def fill(self):
        with self._filler.open("ab", buffering=0) as filler:
            try:
                while filler.write(bytes(4096)):
                    pass
            except OSError:  # no space left
                return

    def clear(self):
        self._filler.unlink()
