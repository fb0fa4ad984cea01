"use strict";

const parts = document.getElementById("parts");
const live = document.getElementById("live");
const said = document.getElementById("said");

// Changes `old` into `fresh` and leaves alone what is equal: a node that stays keeps its focus, its scroll position,
// what was typed into it, and the press of a mouse that has not been let go. `data-key` says which child is which.
function become(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  becomeWithin(old, fresh);
}

function becomeWithin(old, fresh) {
  const wanted = new Set([...fresh.children].map(keyOf));
  const known = new Map();
  for (const child of [...old.children]) {
    const key = keyOf(child);
    if (key === undefined) continue;
    if (wanted.has(key)) known.set(key, child);
    else child.remove();
  }
  let next = old.firstChild;
  for (const node of [...fresh.childNodes]) {
    const key = keyOf(node);
    if (key !== undefined && known.has(key)) while (next && keyOf(next) === undefined) next = drop(next);
    const kept = key === undefined ? (alike(next, node) ? next : undefined) : known.get(key);
    if (kept === undefined) {
      old.insertBefore(node, next);
      continue;
    }
    if (kept === next) next = next.nextSibling;
    else old.insertBefore(kept, next);
    if (kept.isEqualNode(node)) continue;
    if (kept.nodeType === Node.ELEMENT_NODE) become(kept, node);
    else kept.nodeValue = node.nodeValue;
  }
  while (next) next = drop(next);
}

function keyOf(node) {
  return node.dataset?.key;
}

function alike(one, other) {
  return one !== null && keyOf(one) === undefined && one.nodeName === other.nodeName;
}

function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

// One refresh at a time, and none while a button is pressed: what is under the pointer must not move away from it.
let pressed = false;
let wanted = false;
let running = false;

async function refresh() {
  wanted = true;
  if (running) return;
  running = true;
  try {
    while (wanted && !pressed) {
      wanted = false;
      const answer = await fetch("parts", { cache: "no-store" });
      if (!answer.ok) break;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      if (pressed) wanted = true;
      else show(fresh);
    }
  } catch {
    // It is gone; the events say so, and ask for a refresh when it is back.
  } finally {
    running = false;
  }
}

function show(fresh) {
  const focused = document.activeElement;
  becomeWithin(parts, fresh);
  clockRead = performance.now();
  // Answered, and so gone: the keyboard goes on from the phone, but presses nothing by itself.
  if (!focused.isConnected) document.getElementById("asks").focus({ preventScroll: true });
}

function release() {
  if (!pressed) return;
  pressed = false;
  // After the click that a release ends in.
  if (wanted) setTimeout(refresh);
}

addEventListener("pointerdown", () => (pressed = true), true);
for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, release, true);
// Let go where the page did not see it, on a scrollbar or outside of the window.
addEventListener("pointermove", (event) => event.buttons === 0 && release(), true);

// The phone's clock goes on between the changes, at the sandbox's speed.
let clockRead = performance.now();

setInterval(() => {
  const clock = document.getElementById("clock");
  const seconds = Number(clock.dataset.now) + ((performance.now() - clockRead) / 1000) * Number(clock.dataset.speed);
  const time = new Date(seconds * 1000);
  if (!Number.isNaN(time.getTime())) clock.textContent = time.toISOString().slice(11, 19);
}, 250);

async function send(method, path, body) {
  said.textContent = "";
  try {
    const answer = await fetch(path, { method, headers: { "content-type": "application/json" }, body });
    if (!answer.ok) said.textContent = (await answer.json()).error;
  } catch {
    said.textContent = "The sandbox does not answer.";
  }
  await refresh();
}

const sending = new WeakSet();

parts.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-post], button[data-delete]");
  if (button === null || sending.has(button)) return;
  sending.add(button);
  const { post, body } = button.dataset;
  await send(post === undefined ? "DELETE" : "POST", post ?? button.dataset.delete, body ?? "{}");
  sending.delete(button);
});

parts.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  // As people write numbers; on the wire they are digits alone.
  const typed = form.elements.number.value.trim();
  const number = /^\+?[\d\s().-]+$/.test(typed) ? typed.replace(/\D/g, "") : typed;
  form.reset();
  if (number !== "") await send("POST", form.dataset.post, JSON.stringify({ number }));
});

function connect() {
  const events = new EventSource("events");
  events.onopen = () => {
    live.textContent = "live";
    live.classList.add("on");
    refresh();
  };
  events.addEventListener("change", refresh);
  // The browser connects again by itself.
  events.onerror = () => {
    live.textContent = "the sandbox is gone; waiting for it";
    live.classList.remove("on");
  };
}

connect();
