/** A name of trueup.yaml as near as may be to a text, except that it may be too long. */
export const folded = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^[^a-z]+/, "") || "app";

/** The name of an application made of any text: `[a-z][a-z0-9-]{0,30}`, and none that is reserved. */
export function applicationName(text: string): string {
  const name = folded(text).slice(0, 31).replace(/-+$/, "");
  return name === "registration" || name === "status" ? `${name}-app` : name;
}
