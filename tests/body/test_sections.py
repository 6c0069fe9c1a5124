"""The cut-section mathematics on small models whose answers can be worked by hand."""

import mujoco
import numpy as np
import pytest

from psoas.body.kinematics.sections import PathReader, crossing_forces, subtree

# Two blocks on one vertical line; the upper one may slide along x, y, z on the lower one, so that the force MuJoCo
# finds in the slide joints is the cut-section force, by an independent way (virtual work).
TOWER = """
<mujoco><worldbody>
 <body name="lower"><geom type="box" size=".1 .1 .1" mass="4"/>
  <site name="front_low" pos=".05 0 0"/><site name="back_low" pos="-.06 .02 -.02"/>
  <geom name="drum" type="cylinder" size=".03" fromto=".05 -.2 .12 .05 .2 .12" mass="0"/>
  <body name="upper" pos="0 0 .3">
   <joint name="x" type="slide" axis="1 0 0"/><joint name="y" type="slide" axis="0 1 0"/>
   <joint name="z" type="slide" axis="0 0 1"/>
   <geom type="box" size=".1 .1 .1" mass="3"/>
   <site name="front_up" pos=".05 0 .05"/><site name="back_up" pos="-.06 -.03 .01"/>
   <site name="wrapped" pos=".04 0 .1"/>
  </body>
 </body></worldbody>
 <tendon>
  <spatial name="front"><site site="front_low"/><site site="front_up"/></spatial>
  <spatial name="inside"><site site="front_up"/><site site="back_up"/></spatial>
  <spatial name="oblique"><site site="back_up"/><site site="back_low"/></spatial>
  <spatial name="there_and_back"><site site="back_up"/><site site="back_low"/><site site="front_up"/></spatial>
  <spatial name="over_drum"><site site="front_low"/><geom geom="drum"/><site site="wrapped"/></spatial>
 </tendon></mujoco>"""


@pytest.fixture(scope="module")
def tower() -> tuple[mujoco.MjModel, mujoco.MjData]:
    model = mujoco.MjModel.from_xml_string(TOWER)
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    return model, data


def crossings(model: mujoco.MjModel, data: mujoco.MjData, about: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    upper = subtree(list(model.body_parentid), model.body("upper").id)
    return crossing_forces(PathReader(model).read(data), upper, model.ntendon, about)


def test_a_vertical_cord_presses_with_its_whole_tension(tower) -> None:  # type: ignore[no-untyped-def]
    force, moment = crossings(*tower, np.zeros(3))
    assert force[0] == pytest.approx([0, 0, -1])
    assert moment[0] == pytest.approx([0, 0.05, 0])  # 5 cm in front: bends the upper block forward


def test_a_cord_within_one_part_does_not_cross(tower) -> None:  # type: ignore[no-untyped-def]
    force, moment = crossings(*tower, np.zeros(3))
    assert force[1] == pytest.approx([0, 0, 0])
    assert moment[1] == pytest.approx([0, 0, 0])


def test_a_path_that_crosses_twice_counts_twice(tower) -> None:  # type: ignore[no-untyped-def]
    model, data = tower
    force, _ = crossings(model, data, np.zeros(3))
    low = data.site("back_low").xpos
    one, two = (low - data.site(name).xpos for name in ("back_up", "front_up"))
    assert force[3] == pytest.approx(one / np.linalg.norm(one) + two / np.linalg.norm(two))


def test_every_path_agrees_with_virtual_work(tower) -> None:  # type: ignore[no-untyped-def]
    model, data = tower
    force, _ = crossings(model, data, np.zeros(3))
    jacobian = np.zeros((model.ntendon, model.nv))
    for tendon in range(model.ntendon):
        start, count = model.ten_J_rowadr[tendon], model.ten_J_rownnz[tendon]
        jacobian[tendon, model.ten_J_colind[start : start + count]] = data.ten_J[start : start + count]
    assert data.ten_wrapnum[4] == 4  # the drum is really wrapped
    np.testing.assert_allclose(force, -jacobian, atol=1e-9)


def test_a_pulley_is_refused() -> None:
    text = TOWER.replace(
        '<site site="back_low"/><site site="front_up"/></spatial>',
        '<site site="back_low"/><pulley divisor="2"/><site site="back_low"/><site site="front_up"/></spatial>',
    )
    with pytest.raises(ValueError, match="pulley"):
        PathReader(mujoco.MjModel.from_xml_string(text))
