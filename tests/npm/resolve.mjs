// The package is made for bundlers: its modules name each other without an ending, and do not say that they are modules.
export async function resolve(specifier, context, next) {
  const named = /^\.{1,2}\/.*(?<!\.\w+)$/.test(specifier) ? `${specifier}.js` : specifier;
  return { ...(await next(named, context)), ...(named.startsWith(".") ? { format: "module" } : {}) };
}
