// Forms that only ask: the answer changes as one types. Without this file there is a button.
const PAUSE = 400;
let asked = 0;

async function ask(form) {
  const number = ++asked;
  const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  const text = await reply.text();
  if (number !== asked) return; // a later question is on its way
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-answer]");
  if (fresh) document.querySelector("[data-answer]").replaceWith(fresh);
}

for (const form of document.querySelectorAll("form[data-ask]")) {
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => form.checkValidity() && ask(form).catch(() => {}), PAUSE);
  });
}
