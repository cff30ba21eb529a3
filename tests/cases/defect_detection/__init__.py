"""Proofs of case 2. Its own modules lie beside generate.py, outside any package, as the pack format wants it."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

CASE = Path(__file__).parents[3] / "exercises" / "defect-detection"
sys.path.append(str(CASE))


def program(name: str) -> ModuleType:
    """A program beside the manifest; case 1 has some of the same names."""
    spec = importlib.util.spec_from_file_location(f"defect_detection_{name}", CASE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
