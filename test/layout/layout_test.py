"""The rooms as README.md shows them, as CMake links them and as the sources include them are one."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# A row of the table of rooms: | 0 | `lib/dns/` | ... |
ROW = re.compile(r"^\| (\d+) \| `(?:lib/)?([a-z_]+(?:/[a-z_]+)?)/` \|", re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
# A file or folder of the tree in a document: `lib/dns/cache.hpp`, `test/run`.
NAMED_FILE = re.compile(r"`((?:lib|milter|tools|test|etc|man|contrib|\.ci|\.github)/[\w./-]*)`")
# A comparison with, or a search in, the text of a reason. A search for one character is no reading.
READS_REASON = re.compile(r"""\breason(?:\(\))?\s*(?:[=!]=
                                 |\.\s*(?:compare|contains|find\w*|rfind|starts_with|ends_with)\s*\((?!'))
                              |[=!]=\s*[\w.>()\[\]*:-]*\breason\b
                              |\b(?:equals_ignoring_case|regex_\w+|search)\([^;{}]*\breason\b""", re.VERBOSE)
ROOM_RULE = re.compile(r"^room\((\w+)([^)]*)\)", re.MULTILINE)
# The folders of the two programs, each below those that follow it. The headers beside them belong to all.
SHELVES = {"milter": ["monitor", "record", "session", "process"],
           "tools": ["cli", "check", "sign", "why", "key", "config", "report", "domain", "preflight", "setup"]}
KEYWORDS = {"SOURCES", "APART", "USES", "PUBLIC", "PRIVATE"}


def table_of_rooms() -> dict[str, int]:
    return {room: int(floor) for floor, room in ROW.findall((ROOT / "README.md").read_text())}


def folder_of(room: str) -> Path:
    return ROOT / (room if room in SHELVES else f"lib/{room}")


def sources_of(room: str) -> list[Path]:
    folder = folder_of(room)
    return sorted(folder.rglob("*.[ch]pp") if room in SHELVES else folder.glob("*.[ch]pp"))


def room_of(name: str) -> str:
    """The room of an included file; "" for the headers at the root of lib/."""
    room = name.rpartition("/")[0]
    top = room.partition("/")[0]
    return top if top in SHELVES else room


def includes_of(source: Path) -> list[str]:
    return INCLUDE.findall(source.read_text())


def uses_of(room: str) -> set[str]:
    """The rooms after USES in the room's CMakeLists.txt."""
    rule = ROOM_RULE.search((folder_of(room) / "CMakeLists.txt").read_text())
    used, keyword = set(), ""
    for word in rule.group(2).split() if rule else []:
        if word in KEYWORDS:
            keyword = word
        elif keyword == "USES":
            used.add(word.replace("report_", "report/", 1))
    return used


class Layout(unittest.TestCase):
    def setUp(self):
        self.floors = table_of_rooms()

    def test_the_table_names_every_room(self):
        folders = {str(path.parent.relative_to(ROOT / "lib")) for path in (ROOT / "lib").glob("*/**/*.[ch]pp")}
        self.assertEqual(set(self.floors), folders | set(SHELVES))

    def test_a_room_includes_its_own_files_and_lower_floors_only(self):
        for room, floor in self.floors.items():
            for source in sources_of(room):
                for name in includes_of(source):
                    with self.subTest(file=str(source.relative_to(ROOT)), include=name):
                        self.check_include(room, floor, name)

    def check_include(self, room: str, floor: int, name: str):
        target = room_of(name)
        if not target:  # the headers at the root of lib/ belong to every room
            self.assertTrue((ROOT / "lib" / name).is_file(), "includes start at lib/ or at the root")
        elif target != room:
            self.assertIn(target, self.floors, "not a room")
            self.assertLess(self.floors[target], floor, f"{target} is not below {room}")

    def test_a_room_links_the_rooms_that_it_includes(self):
        for room in self.floors:
            if room in SHELVES:
                continue
            included = {room_of(name) for source in sources_of(room) for name in includes_of(source)}
            with self.subTest(room=room):
                self.assertLessEqual(included - {room, ""}, uses_of(room),
                                     "included, but not in USES of its CMakeLists.txt")

    def test_the_files_that_documents_name_exist(self):
        for document in ("README.md", "CONTRIBUTING.md", "SECURITY.md"):
            for name in NAMED_FILE.findall((ROOT / document).read_text()):
                with self.subTest(document=document, name=name):
                    self.assertTrue((ROOT / name).exists())

    def test_no_code_reads_the_text_of_a_reason(self):
        """It is for people, who may want other words. What code needs to know is in the Fault beside it."""
        for source in (path for folder in ("lib", "milter", "tools") for path in (ROOT / folder).rglob("*.[ch]pp")):
            with self.subTest(file=str(source.relative_to(ROOT))):
                self.assertEqual([found.group() for found in READS_REASON.finditer(source.read_text())], [])

    def test_a_comparison_of_a_reason_is_recognized(self):
        for line in ('record.error().reason == "key revoked"', "reason.starts_with(dkim::key_revoked)",
                     "reason.find(advice.words) != reason.npos", 'if ("key revoked" != failure->reason)',
                     'reason().contains("hash")', 'mail::equals_ignoring_case(failure.reason, "key revoked")'):
            self.assertRegex(line, READS_REASON)
        for line in ("result.reason.contains('@')", "if (reason.empty())", 'word == "reason"', "a != b; reason = text;",
                     "code == reason_of(x)"):
            self.assertNotRegex(line, READS_REASON)

    def test_a_folder_of_a_program_includes_none_that_follows_it(self):
        for program, folders in SHELVES.items():
            for source in sources_of(program):
                here = source.parent.name
                for name in includes_of(source):
                    folder = name.split("/")[1] if name.startswith(f"{program}/") and name.count("/") == 2 else ""
                    if here in folders and folder:
                        with self.subTest(file=str(source.relative_to(ROOT)), include=name):
                            self.assertLessEqual(folders.index(folder), folders.index(here))

    def test_every_fuzz_target_is_built_and_has_seeds(self):
        """A target that nothing builds finds nothing (and one was left out once)."""
        fuzz = ROOT / "test/fuzz"
        rules = set(re.findall(r"^fuzz_target\((\w+) (\w+)\.cpp", (fuzz / "CMakeLists.txt").read_text(), re.MULTILINE))
        sources = {source.stem for source in fuzz.glob("*.cpp")} - {"replay"}
        self.assertEqual(rules, {(name, name) for name in sources})
        for name in sources:
            with self.subTest(target=name):
                self.assertGreaterEqual(len(list((fuzz / "corpus" / name).iterdir())), 5)


if __name__ == "__main__":
    unittest.main()
