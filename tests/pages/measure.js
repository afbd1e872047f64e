// What is cut, broken, crowded or out of reach on a page, each as a few words that find it.
() => {
  const wrong = [];
  const say = (what, one) => wrong.push(`${what}: ${one.localName}${one.className && one.className.baseVal === undefined ? "." + one.className : ""} ${(one.textContent || "").trim().slice(0, 40)}`);
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) wrong.push(`the page scrolls sideways by ${root.scrollWidth - root.clientWidth}`);
  const scrolls = box => /auto|scroll/.test(getComputedStyle(box).overflowX);
  for (const one of document.body.querySelectorAll("*")) {
    if (!one.checkVisibility() || one.closest(".unseen, thead, svg, input, select, textarea, .skip")) continue;
    const style = getComputedStyle(one);
    if (style.display.startsWith("inline") || one.scrollWidth <= one.clientWidth + 1) continue;
    if (scrolls(one)) {
      if (one.tabIndex < 0 && !one.querySelector("a, button, input, select")) say("scrolls out of the keyboard's reach", one);
    } else if (style.overflowX !== "visible" && style.textOverflow !== "ellipsis") say("cut", one);
    else if (one.matches(".card, dl, main, .number, .answer")) say("too wide", one);
  }
  for (const figure of document.querySelectorAll("td.number, th.number, .answer, .amounts dd")) {
    if (!figure.checkVisibility()) continue;
    for (const node of figure.childNodes)
      for (const word of (node.nodeType === Node.TEXT_NODE ? node.data : "").matchAll(/[^ \n]+/g)) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(box => box.top)).size > 1) say("broken", figure);
      }
  }
  // Numbers of documents, accounts and phones, days and amounts, wherever they stand.
  const kinds = /(?<![\p{L}\d.\/-])(?=[^\s,]{3,24}(?![^\s,]))(?=[^\s,]*\d)[\p{L}\d]+(?:[-\/][\p{L}\d]+)+|\d{1,2}\.\s\d{1,2}\.\s\d{4}|\d{1,2}\s\p{L}{3,4}\s\d{4}|[A-Z][a-z]{2}\s\d{1,2},\s\d{4}|\+\d{3}(?: \d{3}){3}|\d+(?:[ \u00a0\u202f,]\d{3})*[.,]\d{2}\s(?:Kč|zł|€|[A-Z]{3})/gu;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const around = text.parentElement;
    if (!around.checkVisibility() || around.closest(".unseen, pre, code, option, textarea, .mail, .note")) continue;
    for (const number of text.data.matchAll(kinds)) {
      const range = document.createRange();
      range.setStart(text, number.index);
      range.setEnd(text, number.index + number[0].length);
      if (new Set([...range.getClientRects()].filter(box => box.width > 1).map(box => Math.round(box.top))).size > 1) say(`the number ${number[0]} is broken`, around);
    }
  }
  // A target of less than 24 pixels needs as much room around it, unless it stands in a sentence (WCAG 2.5.8).
  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".unseen, .skip, thead"));
  const boxes = targets.map(one => one.getBoundingClientRect());
  const floats = one => one !== null && (/sticky|fixed/.test(getComputedStyle(one).position) || floats(one.parentElement));
  targets.forEach((one, i) => {
    const box = boxes[i];
    if (!box.width || (box.width >= 23.5 && box.height >= 23.5) || getComputedStyle(one).display === "inline") return;
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const apart = other => Math.hypot(Math.max(other.left - x, 0, x - other.right), Math.max(other.top - y, 0, y - other.bottom)) >= 12;
    if (boxes.some((other, j) => j !== i && other.width && !apart(other) && floats(one) === floats(targets[j]))) say("crowded", one);
  });
  return wrong;
}
