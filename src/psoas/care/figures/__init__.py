"""Exercise pictures: our own figure, drawn from the same joint angles that pose the body model.

`exercise_svg` is the one verb. Shapely is loaded only when a picture is drawn.
"""

from psoas.care.figures._face import FigureError, available, exercise_svg, skeleton, views

__all__ = ["FigureError", "available", "exercise_svg", "skeleton", "views"]
