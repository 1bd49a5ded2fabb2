// Reads the parts marked data-live again while somebody looks at them. The server answers 304 when
// nothing has changed. A page that names a stream is read again at each of its events, too; the
// others hold no connection open, as a browser opens few to one server.
const OFTEN = 5000;
const SELDOM = 20000;
const QUIET = 300;
const parts = (of) => [...of.querySelectorAll("[data-live]")];
let shown = [];

// changed: called when parts were replaced.
export function follow(changed) {
  shown = parts(document).map((part) => part.cloneNode(true)); // as they were sent
  let pause = OFTEN;
  let { tag } = document.body.dataset;
  let timer = 0;
  const next = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(look, wait);
  };

  async function look() {
    if (document.hidden || document.activeElement.matches("main input, main select, main textarea")) {
      next(pause);
      return;
    }
    try {
      const answer = await fetch(location, { headers: tag ? { "If-None-Match": tag } : {} });
      pause = answer.status === 304 ? Math.min(pause * 1.5, SELDOM) : OFTEN;
      if (answer.status === 200 && replace(await answer.text())) changed();
      tag = answer.headers.get("ETag") ?? tag;
    } catch {
      pause = SELDOM; // the service is away; it may come back
    }
    next(pause);
  }

  next(pause);
  const stream = document.querySelector("[data-stream]")?.dataset;
  if (!stream) return;
  let soon = 0;
  new EventSource(stream.stream).addEventListener(stream.event, () => {
    clearTimeout(soon);
    soon = setTimeout(look, QUIET);
  });
}

function replace(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const old = parts(document);
  const now = parts(fresh);
  const before = shown;
  shown = now.map((part) => part.cloneNode(true));
  if (old.length !== now.length || old.length !== before.length) {
    document.getElementById("content").replaceWith(fresh.getElementById("content"));
    return true;
  }
  let isOther = false;
  old.forEach((part, index) => {
    if (before[index].isEqualNode(now[index])) return;
    isOther = true;
    const { activeElement } = document;
    const focused = part.contains(activeElement) && activeElement.getAttribute("href");
    part.replaceWith(now[index]);
    if (focused) now[index].querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
  });
  return isOther;
}
