// Keeps a page live: what carries data-live is replaced when the server says something else. Without this
// script the page is the same, only still.

const PAUSE = 5000;
const root = document.documentElement;
root.classList.add("js");

// What the server said last, by id: the page itself differs from it once times are local.
const said = new Map();
const live = (page) => page.querySelectorAll("[data-live][id]");

const clock = { hour: "2-digit", minute: "2-digit" };
const day = { year: "numeric", month: "2-digit", day: "2-digit" };
const moment = new Intl.DateTimeFormat("sv-SE", { ...day, ...clock });
const second = new Intl.DateTimeFormat("sv-SE", { ...day, ...clock, second: "2-digit" });
const hours = new Intl.DateTimeFormat("sv-SE", clock);

function localize(part) {
  for (const time of part.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (isNaN(at)) continue;
    time.title = time.textContent;
    const style = "clock" in time.dataset ? hours : "seconds" in time.dataset ? second : moment;
    time.textContent = style.format(at);
  }
  for (const note of part.querySelectorAll("[data-local]")) {
    note.textContent = `${note.dataset.local} ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
  }
}

// Somebody is busy there: something has the focus, or a field holds what is not sent yet.
function isBusy(part) {
  const isTouched = (field) => field.options
    ? [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0
    : field.value !== field.defaultValue || field.checked !== field.defaultChecked;
  const fields = [...part.querySelectorAll("textarea, select, input")];
  return part.contains(document.activeElement) || fields.some(isTouched);
}

function renew(fresh) {
  for (const part of live(fresh)) {
    const old = document.getElementById(part.id);
    const html = part.outerHTML;
    if (!old || said.get(part.id) === html || isBusy(old)) continue;
    said.set(part.id, html);
    const open = [...old.querySelectorAll(".scroll")].map((it) => it.scrollLeft);
    const next = document.adoptNode(part);
    localize(next);
    old.replaceWith(next);
    next.querySelectorAll(".scroll").forEach((it, i) => { it.scrollLeft = open[i] ?? 0; });
  }
}

let next;

async function look() {
  clearTimeout(next);
  const begun = performance.now();
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(location.href, {
        redirect: "manual", cache: "no-store",
        // Looking does not keep a session alive that nobody is at.
        headers: { "X-Skimwatch-Renewal": "1" },
      });
      if (answer.type === "opaqueredirect") return location.reload();
      if (answer.ok) renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // The server is away; the next look may find it.
    }
  }
  // A server that is slow to answer is asked less often.
  next = setTimeout(look, Math.max(PAUSE, 4 * (performance.now() - begun)));
}

// What happens to an alert is said at once; everything else shows at the next look.
let events;
function listen() {
  events?.close();
  // A page that nobody sees gives its connection to those that somebody does.
  if (document.visibilityState !== "visible") return;
  events = new EventSource("/live");
  events.addEventListener("change", look);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  const text = button && document.querySelector(button.dataset.copy);
  if (!text) return;
  getSelection().selectAllChildren(text);
  // Only pages that came by HTTPS or from this machine may copy; else the text is selected, to be copied.
  await navigator.clipboard?.writeText(text.textContent.trimEnd());
  if (navigator.clipboard) button.textContent = button.dataset.done;
});

for (const part of live(document)) said.set(part.id, part.outerHTML);
localize(document);
if (said.size > 0) {
  next = setTimeout(look, PAUSE);
  listen();
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => events?.close());
}
