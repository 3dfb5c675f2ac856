// What the scripts of a page say: it stands in the page, by name, and {places} are filled in here. ES2017, no libraries.
const blocks = Array.from(document.querySelectorAll("[data-words]"), (one) => JSON.parse(one.textContent));
const all = Object.assign({}, ...blocks);

export const has = (name) => name in all;
export const words = (name, places = {}) => all[name].replace(/\{(\w+)\}/g, (whole, place) => String(places[place]));
