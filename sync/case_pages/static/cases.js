// A barcode gun types wherever the cursor is: on a page with one box for numbers, that is there.
const scanned = document.querySelector("[data-scan]");
if (scanned && window.matchMedia("(min-width: 861px)").matches && document.activeElement === document.body) {
  scanned.focus({ preventScroll: true });
}

// What cannot be undone is asked once more. ES2017, no libraries; without scripts the server decides alone.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  if (button && !window.confirm(button.dataset.confirm)) {
    event.preventDefault();
  }
});

// How far the case has come follows what the bar tells: when that moved, this part is fetched again. Not each time at
// once, for during a long transfer something moves every second.
const road = document.querySelector("[data-road]");
const PAUSE_MS = 2000;
let isWaiting = false;

const fetchRoad = async () => {
  isWaiting = false;
  try {
    const answer = await fetch(road.dataset.road, { headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) {
      road.innerHTML = await answer.text();
    }
  } catch (error) { /* it stays as it was drawn, and the bar says that nothing is heard */ }
};

if (road) {
  document.addEventListener("livemoved", () => {
    if (!isWaiting) {
      isWaiting = true;
      setTimeout(fetchRoad, PAUSE_MS);
    }
  });
}
