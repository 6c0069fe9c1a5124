// What every page loads: htmx, and small helpers that only make a working page more pleasant.
import htmx from "htmx.org";

window.htmx = htmx;

// A confirmation that must be typed keeps its button off until the words match; without scripts the server checks.
for (const input of document.querySelectorAll("input[data-must-be]")) {
  const button = input.form.querySelector("button");
  const check = () => { button.disabled = input.value.trim() !== input.dataset.mustBe; };
  input.addEventListener("input", check);
  check();
}

// Copies the value of the field that a button names.
for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value);
    button.textContent = "Copied";
  });
}
