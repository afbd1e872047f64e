// Keys: "n", or "g" and then "k", press what has data-key="n" or "g k"; "/" goes to the search, "j" and "k" through rows.
// Nowhere in fields, nor where the body says data-keys="off".
const PATIENCE = 1000;
const ROW = "main tbody tr";
let before = "", at = 0;

const press = (key, name = "data-key", within = document) => {
  const found = within?.querySelector(`[${name}="${CSS.escape(key)}"]`);
  found?.click();
  return found;
};

function goThroughRows(key) {
  const rows = [...document.querySelectorAll(ROW)].filter((row) => row.querySelector("a, button, input"));
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  if (key === "x") rows[now]?.querySelector("[type=checkbox]")?.click();
  else rows[key === "j" ? Math.min(now + 1, rows.length - 1) : Math.max(now - 1, 0)]?.querySelector("a, button")?.focus();
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
  const done = press(both) || (key === "/" ? search() : press(key, "data-row-key", document.activeElement.closest(ROW)) || press(key));
  if (done || ("jkx".includes(key) && goThroughRows(key))) event.preventDefault();
  before = done ? "" : key;
  at = event.timeStamp;
});
