// One connection to the service for all pages of a browser, which opens few to one server: what
// the service tells of its hosts is passed on to every page that is looked at. Without any of
// those there is none.
const AGAIN = 5000;
const address = new URL("../../ui/changes", self.location);
const looking = new Set(); // ports of pages
let stream = null;
let timer = 0;

function tell(message) {
  for (const port of looking) port.postMessage(message);
}

function open() {
  clearTimeout(timer);
  if (stream || looking.size === 0) return;
  stream = new EventSource(address);
  stream.addEventListener("open", () => tell({ isUp: true }));
  stream.addEventListener("changed", ({ data }) => tell({ hosts: JSON.parse(data) }));
  stream.addEventListener("error", () => {
    tell({ isUp: false });
    if (stream.readyState !== EventSource.CLOSED) return; // it connects again by itself
    stream = null;
    timer = setTimeout(open, AGAIN);
  });
}

function close() {
  clearTimeout(timer);
  stream?.close();
  stream = null;
}

self.addEventListener("connect", ({ ports: [port] }) => {
  port.addEventListener("message", ({ data: { looks } }) => {
    if (!looks) {
      looking.delete(port);
      if (looking.size === 0) close();
      return;
    }
    looking.add(port);
    open();
    port.postMessage({ isUp: stream.readyState === EventSource.OPEN });
  });
  port.start();
});
