// What can be done on the page with scripts, and not on the same page without them.
async () => {
  if (!document.scripts.length) return [];
  const answer = await fetch(location.href);
  const without = new DOMParser().parseFromString(await answer.text(), "text/html");
  const address = one => one.replace(/(once|secret|csrf_token)=[^&]*/g, "");
  const verbs = page => new Set([
    ...[...page.querySelectorAll("a[href]")].map(one => `link ${address(one.getAttribute("href"))}`),
    ...[...page.querySelectorAll("form")].map(one => `form ${one.method} ${address(one.getAttribute("action") || "")}`),
    ...[...page.querySelectorAll("button:not([type=button]):not([hidden])")].map(one => `button ${one.textContent.trim()}`),
  ]);
  const [here, there] = [verbs(document), verbs(without)];
  return [...here].filter(one => !there.has(one)).map(one => `needs scripts: ${one}`);
}
