"""Case packs: what they contain, how they are read, and the data built from them."""

from grader.pack.build import Build, load_build
from grader.pack.model import Pack
from grader.pack.reading import PackError, load_pack
from grader.pack.text import Text

__all__ = ["Build", "Pack", "PackError", "Text", "load_build", "load_pack"]
