// A field that offers what fits (the combobox of the ARIA authoring practices). The server finds, the list never grows.
// The field that data-with names is sent along.
// An option has data-value for the hidden field that data-for names, data-href to go to, or data-new, which takes the text.
const WAIT = 120;
let asked, waiting;

const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));
const OPTION = "[role=option]:not([aria-disabled])";
const shown = (field) => field.ariaExpanded === "true";
const active = (field) => document.getElementById(field.getAttribute("aria-activedescendant") || "");

function show(field, open) {
  field.ariaExpanded = open;
  listOf(field).hidden = !open;
  if (!open) mark(field, null);
}

function mark(field, option) {
  active(field)?.setAttribute("aria-selected", "false");
  if (!option) return field.removeAttribute("aria-activedescendant");
  option.ariaSelected = "true";
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

async function ask(field) {
  asked?.abort();
  const { signal } = (asked = new AbortController());
  const address = new URL(field.dataset.pick, location.href);
  address.searchParams.set("query", field.value);
  const other = field.dataset.with;
  if (other) address.searchParams.set(other, field.form.elements[other]?.value || "");
  try {
    const answer = await fetch(address, { headers: { "HX-Request-Type": "partial" }, signal });
    if (!answer.ok || answer.redirected) return;
    listOf(field).innerHTML = await answer.text();
    listOf(field).querySelectorAll(OPTION).forEach((option, n) => (option.id = `${field.id}-option-${n}`));
    mark(field, field.value && field.dataset.for ? listOf(field).querySelector(OPTION) : null);
    show(field, document.activeElement === field && listOf(field).childElementCount > 0);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

function move(field, step) {
  const options = [...listOf(field).querySelectorAll(OPTION)];
  if (!shown(field)) return ask(field);
  const at = options.indexOf(active(field));
  mark(field, options[(at + step + options.length + (at < 0 && step < 0)) % options.length]);
}

function choose(field, option) {
  show(field, false);
  if (option.dataset.href) return location.assign(option.dataset.href);
  const other = document.getElementById(option.dataset.new);
  if (other) return fillIn(other, field);
  field.value = option.dataset.label;
  hold(field, option.dataset.value, option);
}

function fillIn(other, field) {
  other.closest("details").open = true;
  other.value = field.value;
  field.value = "";
  other.focus();
  other.dispatchEvent(new Event("input", { bubbles: true }));
}

// What is chosen stands in the hidden field, which says that it changed; what is typed instead takes it out.
function hold(field, value, option) {
  const hidden = document.getElementById(field.dataset.for);
  if (!hidden || hidden.value === value) return;
  hidden.value = value;
  hidden.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: option ? { ...option.dataset } : {} }));
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-pick]")) return;
  hold(target, "");
  clearTimeout(waiting);
  waiting = setTimeout(ask, WAIT, target);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-pick]") || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const option = shown(field) && active(field);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") move(field, event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Enter" && option) choose(field, option);
  else if (event.key === "Escape" && shown(field)) show(field, false);
  else {
    if (event.key === "Tab" && option && field.dataset.for && field.value) choose(field, option);
    return;
  }
  event.preventDefault();
  event.stopPropagation();
});

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest(`[role=listbox] ${OPTION}`);
  const field = option && document.querySelector(`[aria-controls="${option.closest("[role=listbox]").id}"]`);
  if (!field) return;
  event.preventDefault();
  choose(field, option);
});

document.addEventListener("focusout", ({ target }) => {
  if (target.matches("[data-pick]") && shown(target)) show(target, false);
});
