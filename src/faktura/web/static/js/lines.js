// The lines of a document: the last is empty, Enter goes on, Alt with arrows moves a line.
const rows = () => [...document.querySelectorAll(".lines .row")];
const fields = (row) => [...row.querySelectorAll("[name^=lines]")];
const seen = (row) => fields(row).filter((field) => field.type !== "hidden");
const named = (row, name) => row.querySelector(`[name$="-${name}"]`);
const go = (field) => (field.focus(), field.select?.());
const say = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

function add(last) {
  const place = Number(named(last, "name").name.split("-")[1]);
  const row = last.cloneNode(true);
  for (const part of row.querySelectorAll("*"))
    for (const said of part.attributes) said.value = said.value.replace(`lines-${place}-`, `lines-${place + 1}-`);
  last.after(row);
  row.ariaLabel = row.ariaLabel.replace(/\d+/, place + 2);
  empty(row);
  return row;
}

function empty(row) {
  fields(row).forEach((field) => (field.value = field.options ? field.options[0].value : ""));
  row.querySelector("output").textContent = "";
}

const next = (row) => (row.nextElementSibling.matches(".row") ? row.nextElementSibling : add(row));

function swap(row, other) {
  const theirs = fields(other);
  fields(row).forEach((field, n) => ([field.value, theirs[n].value] = [theirs[n].value, field.value]));
}

document.addEventListener("input", ({ target }) => {
  const row = target.closest(".lines .row");
  if (row && row === rows().at(-1) && target.value) add(row);
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || !event.target.matches("#editor :is(input, select)")) return;
  if (event.key === "Enter") event.preventDefault();
  const row = event.target.closest(".lines .row");
  if (!row) return;
  const at = seen(row).indexOf(event.target);
  const beside = rows()[rows().indexOf(row) + { ArrowUp: -1, ArrowDown: 1 }[event.key]];
  if (event.altKey && beside && at >= 0) {
    swap(row, beside);
    seen(beside)[at].focus();
    say(event.target);
  } else if (event.key === "Enter" && at >= 0) go(seen(row)[at + 1] || seen(next(row))[0]);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-empty], [data-add]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest(".row");
  if (row) empty(row);
  const field = seen(row ? next(row) : rows().find((row) => !named(row, "name").value) || add(rows().at(-1)))[0];
  say(field);
  field.focus();
});

document.addEventListener("change", ({ target, detail }) => {
  if (target.name === "contact_id" && detail?.value) document.querySelectorAll("[name^=new_]").forEach((field) => (field.value = ""));
  const row = target.closest(".lines .row");
  if (!row || !detail?.label) return;
  const price = target.form.elements.price_mode?.value === "from_total_with_vat" ? detail.gross : detail.net;
  for (const [name, value] of Object.entries({ ...detail, unit_price: price })) {
    const field = named(row, name);
    if (field) field.value = value;
  }
  say(named(row, "quantity"));
  go(named(row, "quantity"));
});

// Sums of lines come with the totals.
document.addEventListener("htmx:after:swap", () =>
  rows().forEach((row, n) => {
    row.querySelector("output").textContent = document.querySelector(`[data-sum="${n}"]`)?.textContent ?? "";
  }),
);

// What is not kept is sent when the page is left.
let kept = true;
document.addEventListener("input", ({ target }) => (kept &&= target.form?.id !== "editor"));
document.addEventListener("submit", () => (kept = true));
addEventListener("pagehide", () => {
  if (!kept) document.querySelectorAll("[data-keep]").forEach((at) => navigator.sendBeacon(at.formAction, new FormData(editor)));
});
