"""The characters that the network can write, and their classes."""

from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
ALPHABET = REPOSITORY / "crates" / "lines" / "data" / "alphabet.txt"
# CTC's "nothing here"; characters follow from class 1 on.
BLANK = 0


@dataclass(frozen=True)
class Alphabet:
    """An ordered set of characters; the first is the space."""

    characters: str

    @classmethod
    def read(cls, path: Path = ALPHABET) -> "Alphabet":
        """Reads the one line of a UTF-8 file."""
        characters = path.read_text(encoding="utf-8").rstrip("\r\n")
        if len(set(characters)) != len(characters):
            raise ValueError(f"{path}: a character stands twice")
        if not characters.startswith(" "):
            raise ValueError(f"{path}: the first character must be the space")
        return cls(characters)

    @property
    def classes(self) -> int:
        """How many classes the network has, CTC's blank among them."""
        return len(self.characters) + 1

    def encode(self, text: str) -> list[int]:
        """Returns the classes of a text.

        Raises `ValueError` for a character that is not in the alphabet: a label
        that the network could never write is a mistake of whoever drew it.
        """
        classes = [self.characters.find(character) + 1 for character in text]
        if 0 in classes:
            raise ValueError(f"not in the alphabet: {text[classes.index(0)]!r} of {text!r}")
        return classes

    def decode(self, classes: list[int]) -> str:
        """Returns the text of classes that are free of CTC's blank."""
        return "".join(self.characters[number - 1] for number in classes)
