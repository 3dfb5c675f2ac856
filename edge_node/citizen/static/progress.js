// The code on a slip leads here with the number behind "#", which no server is sent: it is put into the form. What was
// shown once is not shown again by going back or loading anew. ES2017, no libraries.
const number = document.getElementById("number");
if (number && /^#[0-9A-Za-z]{13,43}$/.test(location.hash)) {
  number.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  document.getElementById("code").focus();
}

if (document.querySelector("[data-shown]")) {
  history.replaceState(null, "", location.pathname);
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}
