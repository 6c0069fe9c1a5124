// Makes the visit's plain forms more pleasant: the body to tap, a slide for the strength, sheets that cannot contradict
// themselves, and lists that answer their own headline. Without it every form works as it stands.

const map = document.querySelector("[data-pain-map]");
if (map) startMap(map);

function startMap(map) {
  const places = map.querySelector("[data-places]");
  const rows = new Map([...places.querySelectorAll("[data-place]")].map((row) => [row.dataset.place, row]));
  const regions = [...map.querySelectorAll("[data-region]")];
  let list = false;

  const bodies = map.querySelector("[data-bodies]");
  const turns = [...bodies.querySelectorAll("[data-turn]")];
  const turn = (to) => {
    bodies.dataset.at = to;
    for (const button of turns) button.setAttribute("aria-pressed", String(button.dataset.turn === to));
  };
  for (const button of turns) button.addEventListener("click", () => turn(button.dataset.turn));
  turn("back");
  bodies.hidden = false;

  for (const row of rows.values()) addSlide(row);
  const change = places.querySelector("[data-list-switch]");
  change.hidden = false;
  change.addEventListener("click", () => { list = !list; show(); });
  for (const region of regions) region.addEventListener("click", () => toggle(region.dataset.region));
  places.addEventListener("input", show);
  show();

  function toggle(name) {
    const row = rows.get(name);
    if (!row) return;
    const box = row.querySelector("[name=mark]");
    box.checked = !box.checked;
    if (!box.checked) row.querySelector(".rate input").value = "";
    show();
    if (box.checked) row.querySelector("input[type=range]").focus({ preventScroll: true });
  }

  function show() {
    let any = false;
    for (const row of rows.values()) {
      const rate = row.querySelector(".rate input");
      const box = row.querySelector("[name=mark]");
      if (rate.value.trim() !== "") box.checked = true;
      any ||= box.checked;
      row.hidden = !list && !box.checked;
    }
    for (const group of places.querySelectorAll("[data-group]")) {
      group.hidden = !list && ![...group.querySelectorAll("[data-place]")].some((row) => !row.hidden);
    }
    places.classList.toggle("places--marked", !list);
    places.querySelector("[data-none]").hidden = list || any;
    change.textContent = list ? "Show only what is marked" : "Choose from a list instead";
    for (const region of regions) {
      const row = rows.get(region.dataset.region);
      const on = row && row.querySelector("[name=mark]").checked;
      if (on) region.dataset.level = Math.round(Number(row.querySelector(".rate input").value.replace(",", "."))) || 0;
      else delete region.dataset.level;
    }
  }
}

function addSlide(row) {
  const rate = row.querySelector(".rate input");
  const slide = document.createElement("input");
  slide.type = "range";
  Object.assign(slide, { min: "0", max: "10", step: "1", value: rate.value || "0" });
  slide.setAttribute("aria-label", row.querySelector(".rate .sr").textContent);
  slide.addEventListener("input", () => { rate.value = slide.value; });
  rate.addEventListener("input", () => { slide.value = rate.value.replace(",", ".") || "0"; });
  row.querySelector(".rate").before(slide);
}

// "None of these" and a tick exclude each other; a side named is a tick.
for (const sheet of document.querySelectorAll(".sheet")) {
  const none = sheet.querySelector("[name=none]");
  sheet.addEventListener("change", ({ target }) => {
    if (target === none && none.checked) {
      for (const box of sheet.querySelectorAll("[name=tick], .tick-sides input")) box.checked = false;
    } else if (target.checked && target.closest(".tick")) {
      target.closest(".tick").querySelector("[name=tick]").checked = true;
      if (none) none.checked = false;
    } else if (target.name === "tick" && !target.checked) {
      for (const side of target.closest(".tick").querySelectorAll(".tick-sides input")) side.checked = false;
    }
  });
}

// A name written means that something is taken or had.
for (const [fields, radio] of [["[name=medicine], [name=supplement]", "takes"], ["[name=illness]", "has"]]) {
  for (const field of document.querySelectorAll(fields)) {
    field.addEventListener("change", () => {
      if (field.name === "supplement" || !(field.type === "checkbox" ? field.checked : field.value)) return;
      document.querySelector(`[name=${radio}][value=these]`).checked = true;
    });
  }
}
const now = document.querySelector(".steps [aria-current]");
if (now) now.scrollIntoView({ block: "nearest", inline: "center" });
