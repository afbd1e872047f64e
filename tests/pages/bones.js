// The page without its words: elements, their attributes, and whether each has words at all. Where the bones of two
// languages are the same, so is what axe finds out about names, roles and order.
() => [...document.querySelectorAll("*")].map(one => {
  const said = [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const named = [...one.attributes].map(({ name, value }) => (value.trim() ? name : `${name}=""`)).sort();
  return `${one.localName} ${named} ${said}`;
}).join("\n")
