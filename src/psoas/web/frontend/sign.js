// A signature drawn with a finger, a pen or the mouse; it is kept as strokes. Without scripts the written name stands.
const field = document.querySelector("[data-sign]");
if (field) {
  const pad = field.querySelector("canvas");
  const kept = field.querySelector("[name=signature]");
  const ink = pad.getContext("2d");
  let strokes = [];
  field.hidden = false;

  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [(event.clientX - box.left) * pad.width / box.width, (event.clientY - box.top) * pad.height / box.height];
  };
  const draw = () => {
    ink.clearRect(0, 0, pad.width, pad.height);
    ink.strokeStyle = getComputedStyle(pad).color;
    ink.lineWidth = 3;
    ink.lineCap = ink.lineJoin = "round";
    for (const stroke of strokes) {
      ink.beginPath();
      stroke.forEach(([x, y], n) => (n ? ink.lineTo(x, y) : ink.moveTo(x, y)));
      ink.stroke();
    }
    kept.value = strokes.map((stroke) => stroke.map(([x, y]) => `${x.toFixed(0)},${y.toFixed(0)}`).join(" ")).join(";");
  };
  pad.addEventListener("pointerdown", (event) => { pad.setPointerCapture(event.pointerId); strokes.push([at(event)]); });
  pad.addEventListener("pointermove", (event) => {
    if (!pad.hasPointerCapture(event.pointerId)) return;
    strokes.at(-1).push(at(event));
    draw();
  });
  field.querySelector("[data-sign-clear]").addEventListener("click", () => { strokes = []; draw(); });
}
