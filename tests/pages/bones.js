// The page without its words: elements, their attributes, whether each has words at all, and whether its label has them
// too; how many options there are, and which of them is chosen, is no part of it. Where the bones of two languages are
// the same, so is what axe finds out about names, roles and order.
() => [...document.querySelectorAll("*")].map(one => {
  const said = [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const named = [...one.attributes].map(({ name, value }) => (value.trim() ? name : `${name}=""`)).sort();
  const labelled = (one.ariaLabel || one.innerText || "").toLowerCase().includes((one.innerText || "").trim().toLowerCase());
  return `${one.localName} ${named.filter(name => !name.startsWith("selected"))} ${said} ${labelled}`;
}).filter((bone, place, all) => !bone.startsWith("option ") || bone !== all[place - 1]).join("\n")
