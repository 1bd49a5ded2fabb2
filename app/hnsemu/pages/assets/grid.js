// Arrow keys in a matrix: one of its many cells is in the order of Tab.
const table = document.querySelector("table.matrix");
const rows = table ? [...table.querySelectorAll("tr:has(td > a)")].map((row) => [...row.querySelectorAll("td")]) : [];
const STEPS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
let entered = null;

function enter(link) {
  entered?.setAttribute("tabindex", "-1");
  link.removeAttribute("tabindex");
  entered = link;
}

function place(link) {
  const row = rows.findIndex((cells) => cells.includes(link.parentElement));
  return [row, rows[row].indexOf(link.parentElement)];
}

function move(event) {
  const step = STEPS[event.key];
  if (!step || !event.target.matches("td > a")) return;
  let [row, column] = place(event.target);
  do {
    row += step[0];
    column += step[1];
  } while (rows[row]?.[column] && !rows[row][column].querySelector("a"));
  const next = rows[row]?.[column]?.querySelector("a");
  if (!next) return;
  event.preventDefault();
  enter(next);
  next.focus();
}

if (rows.length > 0) {
  for (const link of table.querySelectorAll("td > a")) link.setAttribute("tabindex", "-1");
  enter(table.querySelector("td > a"));
  table.addEventListener("keydown", move);
  table.addEventListener("focusin", ({ target }) => target.matches("td > a") && enter(target));
}
