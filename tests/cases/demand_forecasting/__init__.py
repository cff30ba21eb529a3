"""Proofs of case 1. Its own modules lie beside generate.py, outside any package, as the pack format wants it."""

import sys
from pathlib import Path

CASE = Path(__file__).parents[3] / "exercises" / "demand-forecasting"
sys.path.insert(0, str(CASE))
