"""Pictures of badges: drawn from a template, or uploaded and written anew. Always a square PNG of the same size."""

from campus.badges.pictures.drawing import Colour, Design, Shape, Symbol, draw
from campus.badges.pictures.uploading import NotAPicture, written_anew
from campus.badges.pictures.vector import around, vector

__all__ = ["Colour", "Design", "NotAPicture", "Shape", "Symbol", "around", "draw", "vector", "written_anew"]
