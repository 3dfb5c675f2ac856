// What cannot be undone is asked once more. ES2017, no libraries; without scripts the server decides alone.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  if (button && !window.confirm(button.dataset.confirm)) {
    event.preventDefault();
  }
});
