// How long ago something was, while the page stands: the server need not be asked for that.
// The time is that of the hosts; their clock may have been moved, or may stand still.
const UNITS = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
const OFTEN = 5000;

function ago(seconds) {
  const unit = UNITS.find(([, length]) => seconds >= length);
  return unit ? `${Math.floor(seconds / unit[1])} ${unit[0]} ago` : "now";
}

export function keepTimes() {
  const { now, clock } = document.body.dataset;
  if (clock === "stopped") return;
  const ahead = Date.parse(now) - Date.now();
  setInterval(() => {
    if (document.hidden) return;
    for (const time of document.querySelectorAll("time[datetime]")) {
      const text = ago((Date.now() + ahead - Date.parse(time.dateTime)) / 1000);
      if (time.textContent !== text) time.textContent = text;
    }
  }, OFTEN);
}
