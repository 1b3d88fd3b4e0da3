"""The library, installed, and the example of README.md, which finds it by CMake and by pkg-config."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SEKISHO_BUILD", ROOT / "build/release"))
# What a session needs. Libraries of reports, databases and configuration files are linked by whoever uses those.
EXPECTED = {"crypto", "idn2", "ldns", "psl", "re2", "spf2", "glib-2.0"}
COMPILER = os.environ.get("CXX", "c++")


def run(*command, **more) -> str:
    done = subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **more)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.stdout}")
    return done.stdout


def example(language: str) -> str:
    """The block of that language in the section on the library."""
    section = (ROOT / "README.md").read_text().split("\n## As a library\n")[1].split("\n## ")[0]
    return re.search(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL).group(1)


def linked_packages(program: Path) -> set[str]:
    """The shared libraries on the program's link line, without those of the compiler and the C library."""
    needed = re.findall(r"\(NEEDED\).*\[lib(\S+?)\.so", run("readelf", "--dynamic", program))
    return set(needed) - {"c", "m", "stdc++", "gcc_s", "pthread"}


class Library(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="sekisho-library-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        run("cmake", "--install", BUILD, "--prefix", cls.folder / "usr", "--component", "development")
        cls.source = cls.folder / "example"
        cls.source.mkdir()
        (cls.source / "example.cpp").write_text(example("cpp"))

    def test_cmake_finds_it(self):
        (self.source / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(example LANGUAGES C CXX)\n" + example("cmake"))
        run("cmake", "-S", self.source, "-B", self.source / "build", f"-DCMAKE_PREFIX_PATH={self.folder}/usr",
            f"-DCMAKE_CXX_COMPILER={COMPILER}")
        run("cmake", "--build", self.source / "build")
        self.assertEqual(linked_packages(self.source / "build/example"), EXPECTED)

    def test_pkg_config_finds_it(self):
        place = next((self.folder / "usr").rglob("sekisho.pc")).parent
        options = run("pkg-config", "--cflags", "--libs", "sekisho", env={**os.environ, "PKG_CONFIG_PATH": str(place)})
        run(COMPILER, "-std=c++23", self.source / "example.cpp", "-o", self.source / "example", *options.split())


if __name__ == "__main__":
    unittest.main(verbosity=2)
