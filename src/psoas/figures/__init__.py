"""Pictures of people: exercises, hands-on tests and the pain drawing, as our own SVG figure.

An exercise is drawn from the same joint angles that pose the body model, so that picture and model cannot disagree.
Shapely is loaded only when something is drawn.
"""

from psoas.figures._face import (
    FigureError,
    available,
    available_tests,
    description,
    exercise_svg,
    size,
    skeleton,
    steps,
    test_svg,
    views,
)
from psoas.figures._pain_map import VIEWS, PainMap, PainRegion, pain_map, pain_map_svg

__all__ = [
    "VIEWS",
    "FigureError",
    "PainMap",
    "PainRegion",
    "available",
    "available_tests",
    "description",
    "exercise_svg",
    "pain_map",
    "pain_map_svg",
    "size",
    "skeleton",
    "steps",
    "test_svg",
    "views",
]
