// Keeps the words of a page as things stand, with one stream for all tabs of a browser. ES2017, no libraries.
//
// One tab holds the stream and tells the others; which one, a lease in localStorage says. Where a browser has no
// channel between tabs, each tab has a stream of its own. Without scripts a page stands as it was drawn.

const LEASE = "yizhan.events";
const LEASE_MS = 6000;
const RENEW_MS = 2000;
const PAUSE_MS = 10000;
const bar = document.querySelector("[data-events]");
const me = String(Math.random()).slice(2) + Date.now();
let source = null;
let newest = null;
let over = false;
let notBefore = 0;

// Whether it said something else before.
function put(place, text) {
  const isNew = place.textContent !== text;
  if (isNew) { place.textContent = text; }
  place.hidden = !text;
  return isNew;
}

function show(state) {
  let isMoved = false;
  newest = state;
  for (const place of document.querySelectorAll("[data-live-sign]")) {
    const sign = state.signs[place.dataset.liveSign];
    if (sign) {
      isMoved = put(place, sign.text) || isMoved;
      place.parentElement.classList.toggle("whole", sign.whole);
    }
  }
  for (const place of document.querySelectorAll("[data-live]")) {
    const text = state.texts[place.dataset.live];
    if (text !== undefined && place.textContent !== text) { place.textContent = text; }
  }
  isMoved = put(bar.querySelector("[data-live-line]"), state.line) || isMoved;
  put(bar.querySelector("[data-live-trouble]"), state.trouble);
  // What came since the page was drawn is named here; what holds no more goes.
  const drawn = bar.dataset.alerts.split(" ");
  const fresh = state.alerts.filter((one) => !drawn.includes(one.key)).map((one) => one.title);
  const told = bar.dataset.fresh.replace("{titles}", () => fresh.join(bar.dataset.between));
  put(bar.querySelector("[data-live-alert]"), fresh.length ? told : "");
  for (const banner of document.querySelectorAll("[data-alert]")) {
    banner.hidden = !state.alerts.some((one) => one.key === banner.dataset.alert);
  }
  const badge = bar.querySelector("[data-live-badge]");
  put(badge, state.badge);
  badge.parentElement.hidden = !state.badge;
  const progress = bar.querySelector("[data-live-percent]");
  progress.hidden = state.percent === null;
  progress.value = state.percent || 0;
  // For what else of a page may stand otherwise now.
  if (isMoved) { document.dispatchEvent(new CustomEvent("livemoved")); }
}

// What is shown stays, and is said to be old.
function doubt(why) {
  put(bar.querySelector("[data-live-trouble]"), why);
  bar.querySelector("[data-live-percent]").hidden = true;
}

function stop() {
  if (source) { source.close(); }
  source = null;
}

function listen(tell, end) {
  if (source || over || Date.now() < notBefore) { return; }
  source = new EventSource(bar.dataset.events);
  source.onmessage = (event) => tell({ state: JSON.parse(event.data) });
  source.onerror = () => {
    tell({ doubt: bar.dataset.away });
    if (source.readyState !== EventSource.CLOSED) { return; }  // it tries again by itself
    stop();
    notBefore = Date.now() + PAUSE_MS;
    // Refused, and a stream does not say why: who is signed in no more would be refused again.
    fetch(bar.dataset.events, { method: "HEAD" }).then((answer) => {
      if (answer.status === 401 || answer.status === 403) {
        tell({ doubt: bar.dataset.ended });
        end();
      }
    }).catch(() => {});
  };
}

function hear(told) {
  if (told.state) { show(told.state); }
  if (told.doubt) { doubt(told.doubt); }
}

function holder() {
  try {
    const [who, until] = (localStorage.getItem(LEASE) || "").split(" ");
    return Number(until) > Date.now() ? who : "";
  } catch (refused) {  // a browser that keeps nothing
    return me;
  }
}

function lease(take) {
  try {
    if (take) {
      localStorage.setItem(LEASE, me + " " + (Date.now() + LEASE_MS));
    } else {
      localStorage.removeItem(LEASE);
    }
  } catch (refused) { /* as above */ }
}

function share(channel) {
  const tell = (told) => {
    hear(told);
    channel.postMessage(told);
  };
  const end = () => {
    over = true;
    lease(false);
  };
  const look = () => {
    if (over) { return; }
    const who = holder();
    if (who === me || !who) {
      lease(true);
      // Two tabs may have taken it at once: whoever stands there a moment later has it.
      setTimeout(() => (holder() === me ? listen(tell, end) : stop()), source ? 0 : 100);
    } else {
      stop();
    }
  };
  channel.onmessage = (event) => {
    hear(event.data);
    if (event.data.asks && source && newest) { channel.postMessage({ state: newest }); }
    if (event.data.left) { look(); }
  };
  window.addEventListener("pagehide", () => {
    if (source) {
      stop();
      lease(false);
      channel.postMessage({ left: true });
    }
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) { look(); } });
  look();
  setInterval(look, RENEW_MS);
  channel.postMessage({ asks: true });
}

if (bar && "EventSource" in window) {
  if ("BroadcastChannel" in window) {
    share(new BroadcastChannel(LEASE));
  } else {
    const keep = () => listen(hear, () => { over = true; });
    keep();
    setInterval(keep, RENEW_MS);
  }
}
