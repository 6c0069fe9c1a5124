"""Constants that the compiled and the plain recruitment solver share. All are this project's choice."""

from __future__ import annotations

# What came of a member.
BALANCED = 0
RESERVES_USED = 1  # no activations reach the torques; the reserves give the rest
INFEASIBLE = 2  # no activations reach the torques
NOT_CONVERGED = 3
BAD_NUMBER = 4  # NaN or infinity in the input

# Below this torque at full effort (N.m) no muscle moves a joint; what is asked there must be as small.
MUSCLE_LESS_NM = 1e-6

# A joint is balanced when its torque is right to this share of (its muscles' joint strength, root of squares).
TOLERANCE = 1e-11
# A direction proves the torques out of reach when it misses by more than this many tolerances.
BOUNDARY = 1e3

MOSTLY_FILLED = 0.25  # share of non-zeros from which the matrix is kept whole

NEWTON_STEPS = 200
CUBIC_STEPS = 60
SEARCH_STEPS = 60
FURTHEST = 1e12  # longest step, in units of Newton's
ROUNDING = 1e-15  # share of its terms below which a slope is rounding
SLACK = 100.0  # tolerances at which an answer that only rounding moves is accepted
STEADY = 0.05  # the search along a step ends at this share of the first slope
FEW = 4  # free muscles a joint below which those near their limits are counted in part
FINE = 1e-3  # share of the tolerance aimed at when few muscles are free
REFINEMENTS = 4  # corrections of an answer whose multipliers cancel
NEAR = 0.3  # how near, in activation, for an error of 1
PATIENCE = 15  # steps after which more of them are counted in, and steps evened out, against going to and fro
RIDGE = 1e-13  # added to the pivots, as a share of the largest entry there may be
CUBIC_FLOOR = 1e-6  # activation below which the cubed cost is curved as here

CUBIC_CAUTION = 0.1  # the same, as a share of the last change of activation
CUBIC_NEAR = 1e-5  # change of activation from which on a whole step is taken
CUBIC_TOLERANCE = 1e-8  # activation

# What an answer must pass before it leaves: torque (share as above) and duality gap (share of the effort).
CHECK_TORQUE = 1e-8
CHECK_GAP = 1e-9
