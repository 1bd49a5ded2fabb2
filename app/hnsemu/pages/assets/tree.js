// Arrow keys in a picture that is read as a tree: one of its items is in the order of Tab.
// A picture is there in two widths, of which a window shows one.
const items = () => [...document.querySelectorAll("[role=treeitem]")].filter((item) => item.checkVisibility());
const level = (item) => Number(item.getAttribute("aria-level"));
let entered = null;

function enter(item) {
  entered?.setAttribute("tabindex", "-1");
  item.setAttribute("tabindex", "0");
  entered = item;
}

function neighbour(item, key) {
  const all = items();
  const at = all.indexOf(item);
  if (key === "ArrowDown") return all[at + 1];
  if (key === "ArrowUp") return all[at - 1];
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  if (key === "ArrowRight") return all.slice(at + 1, at + 2).find((next) => level(next) > level(item));
  if (key === "ArrowLeft") return all.slice(0, at).findLast((above) => level(above) < level(item));
  return undefined;
}

document.addEventListener("focusin", ({ target }) => target.matches("[role=treeitem]") && enter(target));
document.addEventListener("keydown", (event) => {
  if (!event.target.matches("[role=treeitem]")) return;
  const next = neighbour(event.target, event.key);
  if (!next) return;
  event.preventDefault();
  enter(next);
  next.focus();
});

// Also when the picture was read again.
export function rove() {
  const all = items();
  for (const item of all) item.setAttribute("tabindex", "-1");
  const focused = document.activeElement;
  if (all.length > 0) enter(all.includes(focused) ? focused : all[0]);
}

matchMedia("(max-width: 700px)").addEventListener("change", rove);
