// Reads the parts marked data-live again while somebody looks at them. The server answers 304 when
// nothing has changed. A page that names a stream is read again at each of its events, too; the
// others hold no connection open, as a browser opens few to one server.
const OFTEN = 5000;
const SELDOM = 20000;
const QUIET = 300;

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
  const stream = document.querySelector("[data-stream]")?.dataset;
  if (!stream) return;
  let timer = 0;
  new EventSource(stream.stream).addEventListener(stream.event, () => {
    clearTimeout(timer);
    timer = setTimeout(async () => replace(await (await fetch(location)).text()), QUIET);
  });
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
