// At a kiosk nobody's case stays on the screen: after a while without a touch it asks, and then goes back to the first
// page. One touch is enough to stay, as often as one likes. ES2017, no libraries.
const ASKED_SECONDS = 60;
const dialog = document.querySelector("[data-idle]");
const left = dialog.querySelector("[data-left]");
const idleSeconds = Number(dialog.dataset.idle);
let quiet = 0;

function isAsking() {
  return dialog.hasAttribute("open");
}

function stay() {
  quiet = 0;
  if (isAsking()) {
    dialog.close ? dialog.close() : dialog.removeAttribute("open");
  }
}

function askWhetherThere() {
  dialog.showModal ? dialog.showModal() : dialog.setAttribute("open", "");
}

function tick() {
  quiet += 1;
  if (quiet >= idleSeconds && !isAsking()) {
    askWhetherThere();
  }
  left.textContent = String(Math.max(0, idleSeconds + ASKED_SECONDS - quiet));
  if (quiet >= idleSeconds + ASKED_SECONDS) {
    window.speechSynthesis && window.speechSynthesis.cancel();
    location.replace(dialog.dataset.home);
  }
}

for (const sign of ["pointerdown", "keydown", "scroll", "input"]) {
  document.addEventListener(sign, stay, { capture: true, passive: true });
}
dialog.querySelector("[data-stay]").addEventListener("click", stay);
// A page that is being read aloud is being listened to.
setInterval(() => (window.speechSynthesis && window.speechSynthesis.speaking ? stay() : tick()), 1000);
