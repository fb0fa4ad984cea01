"use strict";

const parts = document.getElementById("parts");
const live = document.getElementById("live");

async function refresh() {
  const answer = await fetch("parts", { cache: "no-store" });
  if (answer.ok) parts.innerHTML = await answer.text();
}

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

parts.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (button === null) return;
  const path = button.dataset.post ?? button.dataset.delete;
  if (path === undefined) return;
  button.disabled = true;
  await fetch(path, {
    method: button.dataset.post === undefined ? "DELETE" : "POST",
    headers: { "content-type": "application/json" },
    body: button.dataset.body ?? "{}",
  });
  await refresh();
});

connect();
