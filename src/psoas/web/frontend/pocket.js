// The plan in the pocket: a tick and the pain of the day are kept on the telephone at once and sent when there is network.
// Every line has a key of its own, so that one sent twice is kept once; a line leaves the queue only when the practice
// says that it has it, or that it never will.
const pocket = document.querySelector("[data-pocket]");
const base = location.pathname.replace(/\/$/, "");
if (pocket) startPocket();
keepForLater();

function startPocket() {
  const queueName = `psoas queue ${base}`, stateName = `psoas state ${base}`;
  const form = pocket.querySelector("form");
  const sent = pocket.querySelector("[data-sent]");
  const days = lastDays();
  let shown = days.at(-1).on;
  let sending = false;
  const read = (name) => { try { return JSON.parse(localStorage.getItem(name)) ?? []; } catch { return []; } };
  const write = (name, value) => { try { localStorage.setItem(name, JSON.stringify(value)); return true; } catch { return false; } };
  // What the practice has said, with what still waits on top of it.
  const state = () => new Map([...read(stateName), ...read(queueName)].map((line) => [`${line.on} ${line.what}`, line.value]));

  form.querySelector("[data-plain]").hidden = true;
  form.addEventListener("submit", (event) => event.preventDefault());
  const bar = pocket.querySelector("[data-days]");
  for (const { on, name, number } of days) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "pocket-day" });
    button.append(Object.assign(document.createElement("small"), { textContent: name }), number);
    button.dataset.on = on;
    button.addEventListener("click", () => { shown = on; show(); });
    bar.append(button);
  }
  bar.hidden = false;

  form.addEventListener("change", ({ target }) => {
    if (target.name === "pain") note("pain", Number(target.value));
    else if (target.name === "done") note(target.value, target.checked);
  });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") refresh(); });
  show();
  refresh();

  function note(what, value) {
    const line = { key: newKey(), on: shown, what, value, at: Date.now() };
    if (!write(queueName, [...read(queueName), line])) { say("This telephone keeps nothing for pages. Ask your practice for the sheet on paper."); return; }
    show();
    send();
  }

  async function refresh() {
    await send();
    try {
      const answer = await fetch(`${base}/state`, { cache: "no-store" });
      if (!answer.ok) return;
      const { told } = await answer.json();
      write(stateName, told);
      show();
    } catch { /* without network what is kept here is shown */ }
  }

  // One sender at a time, also across tabs where the browser can tell.
  async function send() {
    if (sending || !read(queueName).length) { tellWaiting(); return; }
    sending = true;
    try {
      await (navigator.locks ? navigator.locks.request(queueName, sendNow) : sendNow());
    } catch { /* no network: the queue waits */ } finally {
      sending = false;
      tellWaiting();
      show();
    }
  }

  async function sendNow() {
    for (let tries = 0; tries < 20; tries += 1) {
      const waiting = read(queueName).slice(0, 200);
      if (!waiting.length) return;
      // A telephone that was closed has forgotten its cookie; asking first gives both, cookie and token.
      const token = await fetch(`${base}/state`, { cache: "no-store" });
      if (!token.ok) return;
      const { csrf } = await token.json();
      const answer = await fetch(`${base}/lines`, {
        method: "POST", headers: { "content-type": "application/json", "x-csrf-token": csrf }, body: JSON.stringify(waiting),
      });
      if (!answer.ok) return;
      const { kept, refused } = await answer.json();
      const done = new Set([...kept, ...refused.map((one) => one.key)]);
      const taken = waiting.filter((line) => kept.includes(line.key));
      write(stateName, [...read(stateName), ...taken.map(({ on, what, value }) => ({ on, what, value }))]);
      write(queueName, read(queueName).filter((line) => !done.has(line.key)));
      if (!done.size) return;
    }
  }

  function show() {
    const now = state();
    for (const button of bar.children) {
      const { on } = button.dataset;
      button.setAttribute("aria-pressed", String(on === shown));
      button.toggleAttribute("data-noted", [...now].some(([place, value]) => place.startsWith(on) && value !== false));
    }
    const day = days.find((one) => one.on === shown);
    for (const words of pocket.querySelectorAll("[data-day-words]")) words.textContent = day.words;
    for (const input of form.querySelectorAll("[name=done]")) input.checked = now.get(`${shown} ${input.value}`) === true;
    for (const input of form.querySelectorAll("[name=pain]")) input.checked = now.get(`${shown} pain`) === Number(input.value);
  }

  function tellWaiting() {
    const waiting = read(queueName).length;
    say(waiting ? "Kept on this telephone. It is sent when there is network." : read(stateName).length ? "Everything is sent." : "");
  }
  function say(text) { if (sent.textContent !== text) sent.textContent = text; }
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function lastDays() {
  const found = [];
  for (let back = 6; back >= 0; back -= 1) {
    const day = new Date();
    day.setDate(day.getDate() - back);
    const on = [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
    const name = day.toLocaleDateString("en-GB", { weekday: "short" });
    const words = back === 0 ? "today" : back === 1 ? "yesterday" : `on ${day.toLocaleDateString("en-GB", { weekday: "long" })}`;
    found.push({ on, name, number: String(day.getDate()), words });
  }
  return found;
}

// Keeps this page and everything on it for the time without network.
async function keepForLater() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(`${base}/worker.js`, { scope: base });
    const ready = await navigator.serviceWorker.ready;
    const parts = performance.getEntriesByType("resource").map((one) => one.name);
    const pictures = [...document.images].map((one) => one.src);
    const urls = [...new Set([location.origin + base, ...parts, ...pictures])].filter(
      (url) => url.startsWith(`${location.origin}/static/`) || url.startsWith(`${location.origin}/figures/`) || url === location.origin + base,
    );
    ready.active.postMessage({ keep: urls });
  } catch { /* plain http from another machine has no worker; the page works while there is network */ }
}
