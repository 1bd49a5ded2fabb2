// Keys and live updates. Every page reads without this file.
import { follow } from "./live.js";
import "./ask.js";
import "./grid.js";
import { keepTimes } from "./times.js";
import { rove } from "./tree.js";

const dialog = document.getElementById("keys");
document.getElementById("help").addEventListener("click", () => dialog.showModal());

const places = new Map(
  [...document.querySelectorAll("nav a[data-key]")].map((link) => [link.dataset.key, link.href]),
);

function move(step) {
  const links = [...document.querySelectorAll("main tbody tr th a, main .station a")];
  if (links.length === 0) return;
  const at = links.indexOf(document.activeElement);
  links[at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1)].focus();
}

const keys = {
  "/": () => document.querySelector("input[type=search], main input:not([type=hidden])")?.focus(),
  "?": () => dialog.showModal(),
  j: () => move(1),
  k: () => move(-1),
  r: () => location.reload(),
};

let isGoing = false;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const action = isGoing ? places.has(event.key) && (() => location.assign(places.get(event.key))) : keys[event.key];
  isGoing = !isGoing && event.key === "g";
  if (action) {
    event.preventDefault();
    action();
  }
});

// On a narrow window the pages stand in a row: the one that is open is in view.
const nav = document.querySelector("nav");
const current = nav?.querySelector("[aria-current]");
if (current) nav.scrollLeft += current.getBoundingClientRect().left - nav.clientWidth / 3;

keepTimes();
// What a large page need not have before it is painted.
const whenPainted = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 50));
whenPainted(() => {
  if (document.querySelector("[data-live]")) follow(rove);
  rove();
});
