// The page without its words: elements, their attributes, and whether each has words at all; how many options there are,
// and which of them is chosen, is no part of it. Where the bones of two languages are the same, so is what axe finds out
// about names, roles and order.
() => [...document.querySelectorAll("*")].map(one => {
  const said = [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const named = [...one.attributes].map(({ name, value }) => (value.trim() ? name : `${name}=""`)).sort();
  return `${one.localName} ${named.filter(name => !name.startsWith("selected"))} ${said}`;
}).filter((bone, place, all) => !bone.startsWith("option ") || bone !== all[place - 1]).join("\n")
