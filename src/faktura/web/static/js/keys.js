// Keys: "n", or "g" and then "k", press what has data-key="n" or "g k"; "/" goes to the search, "j" and "k" through rows.
// Nowhere in fields, nor where the body says data-keys="off".
const PATIENCE = 1000;
let before = "", at = 0;

const press = (key) => {
  const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  found?.click();
  return found;
};

function goThroughRows(key) {
  const rows = [...document.querySelectorAll("main tbody tr")].filter((row) => row.querySelector("a, button, input"));
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[now], step = { j: 1, k: -1 }[key], way = row?.parentNode.dataset[key];
  if (way) location = row.querySelector("a").href + way;
  if (key === "x") row?.querySelector("[type=checkbox]")?.click();
  if (step) (rows[Math.max(now + step, 0)] || rows.at(-1))?.querySelector("a, button")?.focus();
  return rows.length;
}

function search() {
  const field = document.querySelector("main [type=search]") || document.getElementById("find");
  field?.focus();
  field?.select();
  return field;
}

const pressed = (form, key) =>
  key === "s" ? form?.querySelector("[data-keep]") : form?.querySelector("[data-main]") || form?.querySelector("button:not([type])");

document.addEventListener("keydown", (event) => {
  const { key, target, ctrlKey } = event;
  const palette = document.getElementById("palette");
  if ((ctrlKey || event.metaKey) && key === "k" && palette && !event.altKey) {
    event.preventDefault();
    palette.open ? palette.close() : palette.showModal();
  }
  if (ctrlKey && (key === "Enter" || key === "s")) {
    const button = pressed(target.form, key);
    if (button) event.preventDefault();
    button?.click();
  }
  if (ctrlKey || event.altKey || event.metaKey || event.isComposing || document.body.dataset.keys === "off") return;
  if (target.closest("input, select, textarea, dialog")) return;
  const both = event.timeStamp - at < PATIENCE ? `${before} ${key}` : key;
  const done = press(both) || (key === "/" ? search() : press(key));
  if (done || ("jkxeps".includes(key) && goThroughRows(key))) event.preventDefault();
  before = done ? "" : key;
  at = event.timeStamp;
});
