import { shown } from "../../compose/shown.ts";
import type { Value } from "../../model/template.ts";
import type { Path } from "../report.ts";
import { definitionsOf, type Scope } from "../scope.ts";
import { textValue } from "../values.ts";

/** Names of DNS for which records are made in a zone, and where they are written. */
interface Names {
  readonly names: readonly string[];
  readonly path: Path;
}

/** The id of a zone that a file names as `x-route53::name` or by the id itself, for these names. */
export function hostedZone(text: string, path: Path, names: Names, scope: Scope): Value {
  const [, name] = /^x-route53::([^:]+)/.exec(text) ?? [];
  if (name !== undefined) checkNames(name, path, names, scope);
  else if (!/^(?:\/?hostedzone\/)?Z[A-Z0-9]+$/.test(text)) refuse(text, path, scope);
  return textValue(text, path, scope);
}

/** Route 53 takes a record in the zone of its own name only. */
function checkNames(zone: string, at: Path, { names, path }: Names, scope: Scope): void {
  const domain = scope.resolve({ kind: "x-route53", name: zone, returned: "ZoneName" }, at);
  if (typeof domain !== "string") return;
  for (const [index, name] of names.entries()) {
    if (`.${plain(name)}`.endsWith(`.${plain(domain)}`)) continue;
    const message = `${name} is not in the zone ${domain}`;
    scope.report.error({ code: "wrong-zone", path: [...path, index], message });
  }
}

/** Names of DNS end with a dot, which people leave out. */
const plain = (name: string): string => name.toLowerCase().replace(/\.$/, "");

function refuse(text: string, path: Path, scope: Scope): void {
  const isOwn = Object.hasOwn(definitionsOf("x-route53", scope), text);
  const help = isOwn ? `Write x-route53::${text}.` : "Write x-route53::NAME, or its id.";
  scope.report.error({
    code: "wrong-type",
    path,
    message: `${shown(text)} is no id of a hosted zone`,
    help,
  });
}
