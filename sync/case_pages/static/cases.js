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
