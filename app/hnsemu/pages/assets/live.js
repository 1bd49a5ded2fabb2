// Reads the parts marked data-live again while somebody looks at them. The server answers 304 when
// nothing has changed: no connection stays open, as a browser opens few to one server.
const OFTEN = 2000;
const SELDOM = 8000;

export function follow() {
  let pause = OFTEN;
  let tag = "";
  const next = () => setTimeout(look, pause);

  async function look() {
    if (document.hidden || document.activeElement.matches("main input, main select, main textarea")) {
      next();
      return;
    }
    try {
      const answer = await fetch(location, { headers: tag ? { "If-None-Match": tag } : {} });
      pause = answer.status === 304 ? Math.min(pause * 1.5, SELDOM) : OFTEN;
      if (answer.status === 200) {
        if (tag) replace(await answer.text());
        tag = answer.headers.get("ETag");
      }
    } catch {
      pause = SELDOM; // the service is away; it may come back
    }
    next();
  }

  next();
}

function replace(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const old = [...document.querySelectorAll("[data-live]")];
  const now = [...fresh.querySelectorAll("[data-live]")];
  if (old.length !== now.length) {
    document.getElementById("content").replaceWith(fresh.getElementById("content"));
    return;
  }
  old.forEach((part, index) => {
    const { activeElement } = document;
    const focused = part.contains(activeElement) && activeElement.getAttribute("href");
    part.replaceWith(now[index]);
    if (focused) now[index].querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
  });
}
