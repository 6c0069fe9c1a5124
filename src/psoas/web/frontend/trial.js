// Treat and test again: a clock for the time of a treatment, and the browser's own voice. Every page works without it.

const clock = document.querySelector("[data-timer]");
const start = document.querySelector("[data-timer-start]");
const voice = "speechSynthesis" in window;
const wanted = () => sessionStorage.getItem("psoas-read-aloud") === "yes";

function say(text) {
  if (!voice || !wanted()) return;
  speechSynthesis.cancel();
  const spoken = new SpeechSynthesisUtterance(text);
  spoken.lang = document.documentElement.lang;
  speechSynthesis.speak(spoken);
}

for (const line of document.querySelectorAll("[data-say]")) {
  line.hidden = !voice;
  const button = line.querySelector("[data-say-toggle]");
  const show = () => {
    button.setAttribute("aria-pressed", String(wanted()));
    button.textContent = wanted() ? "Stop reading aloud" : "Read aloud";
  };
  button.addEventListener("click", () => {
    sessionStorage.setItem("psoas-read-aloud", wanted() ? "no" : "yes");
    if (!wanted() && voice) speechSynthesis.cancel();
    show();
    say(line.dataset.say);
  });
  show();
  say(line.dataset.say);
}

if (clock && start) {
  start.hidden = false;
  start.addEventListener("click", () => {
    const end = performance.now() + Number(clock.dataset.timer) * 1000;
    start.hidden = true;
    const done = clock.parentElement.querySelector("[name=do][value=done]");
    const tick = () => {
      const left = Math.ceil((end - performance.now()) / 1000);
      if (left > 0) {
        clock.textContent = `${left} seconds`;
        setTimeout(tick, 200);
        return;
      }
      clock.textContent = "Time is up";
      say("Time is up. Test again.");
      done?.focus();
    };
    tick();
  });
}
