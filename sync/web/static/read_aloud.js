// 朗读: reads a page paragraph by paragraph and marks where it is. Where the device has no voice for Chinese there is no
// button, and the text is there all the same. ES2017, no libraries.
const READ = "h1, h2, h3, p, li, dt, dd, label, legend";
const LONGEST = 100; // characters at a time: some devices fall silent within a long text
const bar = document.querySelector("[data-read-bar]");
const synth = window.speechSynthesis;
const label = bar && bar.querySelector("[data-read-words]");
const offered = label && label.textContent;
let places = [];
let marked = null;
let turn = 0; // whoever began earlier has nothing to say any more

function flat(lists) {
  return [].concat(...lists);
}

function voice() {
  const voices = synth ? synth.getVoices() : [];
  const speaks = (pattern) => voices.find((one) => pattern.test(one.lang));
  return speaks(/^(zh[-_]CN|cmn|zh[-_]Hans)/i) || speaks(/^zh([-_](TW|SG))?$/i);
}

function paragraphs() {
  const parts = Array.from(document.querySelectorAll("[data-readable]"));
  const all = flat(parts.map((part) => Array.from(part.querySelectorAll(READ))));
  return all.filter((one) => one.getClientRects().length && !one.closest(".for-readers, .actions") && !one.querySelector(READ) && words(one));
}

function words(element) {
  return element.innerText.replace(/\s+/g, " ").trim();
}

function pieces(text) {
  const sentences = text.match(/[^。！？；]+[。！？；]?/g) || [];
  return flat(sentences.map((one) => one.match(new RegExp(`.{1,${LONGEST}}`, "gu")) || []));
}

function mark(element) {
  if (marked) {
    marked.classList.remove("being-read");
  }
  marked = element;
  if (element) {
    element.classList.add("being-read");
    element.scrollIntoView({ block: "nearest" });
  }
}

function show(isReading) {
  label.textContent = isReading ? label.dataset.stop : offered;
}

function stop() {
  turn += 1;
  synth.cancel();
  mark(null);
  show(false);
}

function begin() {
  turn += 1;
  places = flat(paragraphs().map((element) => pieces(words(element)).map((text) => ({ element, text }))));
  show(true);
  say(0, turn);
}

function say(place, mine) {
  if (mine !== turn) {
    return;
  }
  if (place >= places.length) {
    stop();
    return;
  }
  const { element, text } = places[place];
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = "zh-CN";
  utterance.voice = voice();
  utterance.rate = 0.9;
  utterance.onend = () => say(place + 1, mine);
  utterance.onerror = () => mine === turn && stop();
  mark(element);
  synth.speak(utterance);
}

function offer() {
  const can = Boolean(voice());
  bar.hidden = !can;
  for (const one of document.querySelectorAll("[data-no-voice]")) {
    one.hidden = can;
  }
}

if (bar) {
  bar.querySelector("[data-read]").addEventListener("click", () => (marked ? stop() : begin()));
  offer();
  if (synth) {
    synth.addEventListener && synth.addEventListener("voiceschanged", offer); // they come a moment after the page
    window.addEventListener("pagehide", stop);
  }
}
