// The controls that somebody sees, each numbered; those that the focus comes to are noted.
() => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  window.reached = new Set();
  window.controls = [...document.querySelectorAll(all)].filter(
    one => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && !one.matches("[type=radio], [tabindex='-1'][aria-hidden=true]"),
  );
  document.addEventListener("focusin", event => window.reached.add(event.target));
  // The parts of a date are stops of their own.
  return window.controls.length + 3 * document.querySelectorAll("input[type=date], input[type=datetime-local]").length;
}
