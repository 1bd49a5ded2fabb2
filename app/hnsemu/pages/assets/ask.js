// Forms that only ask: the answer changes as one types. Without this file there is a button.
// What was typed stays: nothing here writes into a form, but a reload brings back what was there.
const PAUSE = 400;
let asked = 0;

async function ask(form) {
  const number = ++asked;
  const answer = document.querySelector("[data-answer]");
  answer.setAttribute("aria-busy", "true");
  let fresh = null;
  try {
    const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const text = await reply.text();
    fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-answer]");
  } catch {
    // the service is away; the next change asks again
  }
  if (number === asked) answer.replaceWith(fresh ?? silence());
}

function silence() {
  const part = document.createElement("div");
  part.dataset.answer = "";
  part.setAttribute("aria-live", "polite");
  part.className = "empty";
  part.textContent = "The service gave no answer. The next change asks again; the button does, too.";
  return part;
}

const drafts = (form) => [...form.querySelectorAll("textarea")].map((area) => [area, `${location}#${area.name}`]);
const [{ type } = {}] = performance.getEntriesByType("navigation");

for (const form of document.querySelectorAll("form[data-ask]")) {
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => form.checkValidity() && ask(form), PAUSE);
  };
  form.addEventListener("input", () => {
    for (const [area, key] of drafts(form)) sessionStorage.setItem(key, area.value);
    later();
  });
  if (type !== "reload" && type !== "back_forward") continue;
  for (const [area, key] of drafts(form)) {
    const draft = sessionStorage.getItem(key);
    if (!draft || draft === area.value) continue;
    area.value = draft;
    for (let part = area.parentElement; part; part = part.parentElement) if (part.localName === "details") part.open = true;
    later();
  }
}
