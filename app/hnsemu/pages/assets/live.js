// Reads the parts marked data-live again while somebody looks at them: when the service tells that
// their host was written to, and by the clock. The server answers 304 when nothing has changed.
// Without the shared worker that the telling needs, the clock is quicker.
const OFTEN = 5000;
const SELDOM = 20000;
const TOLD = 30000; // some things happen on a host by time alone
const LEAST = 2000; // from one look to the next, unless the server asks for more
const parts = (of) => [...of.querySelectorAll("[data-live]")];
let shown = [];

// changed: called when parts were replaced.
export function follow(changed) {
  shown = parts(document).map((part) => part.cloneNode(true)); // as they were sent
  let { tag } = document.body.dataset;
  let pause = OFTEN;
  let isTold = false;
  let timer = 0;
  let looked = performance.now();
  let least = LEAST;
  let due = Infinity;
  const next = (wait) => {
    clearTimeout(timer);
    due = performance.now() + wait;
    timer = setTimeout(look, wait);
  };
  const soon = () => {
    const wait = Math.max(looked + least - performance.now(), 0);
    if (performance.now() + wait < due) next(wait);
  };

  async function look() {
    due = Infinity;
    if (document.hidden || document.activeElement.matches("main input, main select, main textarea")) {
      next(OFTEN);
      return;
    }
    looked = performance.now();
    least = LEAST;
    let later = 0; // the server has too much to do to read a page that changed
    try {
      const answer = await fetch(location, { headers: tag ? { "If-None-Match": tag } : {} });
      pause = answer.status === 304 ? Math.min(pause * 1.5, SELDOM) : OFTEN;
      later = 1000 * Number(answer.headers.get("Retry-After") ?? 0);
      least = later || LEAST;
      if (answer.status === 200 && replace(await answer.text())) changed();
      tag = answer.headers.get("ETag") ?? tag;
    } catch {
      pause = SELDOM; // the service is away; it may come back
    }
    const wait = later || (isTold ? TOLD : pause);
    if (performance.now() + wait < due) next(wait); // something was told meanwhile
  }

  next(pause);
  listen(({ isUp, hosts }) => {
    if (isUp === undefined) {
      if (concerns(hosts)) soon();
      return;
    }
    if (isUp) soon(); // nobody told what was written before
    else if (isTold) next(OFTEN);
    isTold = isUp;
  });
}

// told: called with what the service tells, and with whether it does.
function listen(told) {
  if (!globalThis.SharedWorker) return;
  const { port } = new SharedWorker(new URL("changes.js", import.meta.url));
  const say = (looks) => port.postMessage({ looks });
  port.addEventListener("message", ({ data }) => told(data));
  port.start();
  document.addEventListener("visibilitychange", () => say(!document.hidden));
  globalThis.addEventListener("pagehide", () => say(false));
  globalThis.addEventListener("pageshow", () => say(!document.hidden));
  say(!document.hidden);
}

// hosts: their names, "" for journals; null for any. A page without names shows all of them.
function concerns(hosts) {
  const own = JSON.parse(document.body.dataset.hosts);
  return !hosts || !own || own.some((name) => hosts.includes(name));
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
