"""Exercise pictures: our own figure, drawn from the same joint angles that pose the body model.

`exercise_svg` is the one verb. Shapely is loaded only when a picture is drawn.
"""

from psoas.care.figures._face import FigureError, available, description, exercise_svg, size, skeleton, steps, views

__all__ = ["FigureError", "available", "description", "exercise_svg", "size", "skeleton", "steps", "views"]
