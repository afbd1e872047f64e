// What pages have of scripts: each file adds to what works without it.
import "./combobox.js";
import "./forms.js";
import "./keys.js";
import "./lines.js";

document.documentElement.classList.add("scripts");
