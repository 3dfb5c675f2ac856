// Tries an operation that reads, with the session of this browser, and opens what a link points to.
const LONGEST = 20000;

function addressOf(form) {
  const values = new FormData(form);
  let path = form.dataset.try;
  const query = new URLSearchParams();
  for (const [name, value] of values) {
    if (path.includes(`{${name}}`)) {
      path = path.replace(`{${name}}`, encodeURIComponent(value.trim()));
    } else if (value !== "") {
      query.set(name, value);
    }
  }
  return query.size ? `${path}?${query}` : path;
}

async function ask(form) {
  const said = form.querySelector("[role=status]");
  const shown = form.querySelector("pre");
  const address = addressOf(form);
  said.textContent = form.dataset.reading;
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    const text = JSON.stringify(await answer.json(), null, 2);
    said.textContent = `${answer.status}　${address}`;
    shown.textContent = text.length > LONGEST ? `${text.slice(0, LONGEST)}\n……` : text;
    shown.hidden = false;
  } catch {
    said.textContent = form.dataset.silent;
  }
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.scrollIntoView();
  }
}

for (const form of document.querySelectorAll("form.try")) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
}
addEventListener("hashchange", openTarget);
openTarget();
