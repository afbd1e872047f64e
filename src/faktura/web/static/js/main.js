// What pages have of scripts: each file adds to what works without it.
import "./combobox.js";
import "./forms.js";
import "./keys.js";
import "./lines.js";

const root = document.documentElement;
root.classList.add("scripts");
addEventListener("beforeprint", () => (root.dataset.address = location.href));
