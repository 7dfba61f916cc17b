import type { Attributes, Context } from "../attribute.ts";
import { sprint } from "../scalar.ts";
import { dictOf, get, type Leaf, leaf, list, type Tree, textOf, withEntries } from "../tree.ts";

export const ports: Attributes = {
  "services.*.ports": { unique: portKey, canonical: spelledOut },
  "services.*.ports.*": { defaults: portDefaults, check: checkHostIp },
  "services.*.ports.*.published": { form: asText },
  "services.*.expose": { unique: exposeKey },
  "services.*.expose.*": { form: asText },
};

function portKey(item: Tree, { path, report }: Context): string {
  if (item.kind !== "dict") return item.kind === "leaf" ? sprint(item) : "";
  const target = get(item, "target");
  if (target?.kind !== "leaf" || typeof target.value !== "number") {
    report.error(item, path, {
      code: "missing-key",
      message: "a port needs a target",
      help: "add target",
    });
    return path.join(".");
  }
  const part = (key: string, fallback: string): string => {
    const value = get(item, key);
    return value?.kind === "leaf" ? sprint(value) : fallback;
  };
  const host = `${part("host_ip", "0.0.0.0")}:${part("published", "")}`;
  return `${host}:${target.value}/${part("protocol", "tcp")}`;
}

function exposeKey(item: Tree, { path, report }: Context): string {
  if (item.kind === "leaf" && item.value !== null) return sprint(item);
  report.error(item, path, { code: "wrong-type", message: "a port to expose is a number or text" });
  return path.join(".");
}

function spelledOut(tree: Tree, { path, report, lenient }: Context): Tree {
  if (tree.kind !== "list") return tree;
  const items: Tree[] = [];
  for (const [i, item] of tree.items.entries()) {
    const ports = item.kind === "leaf" ? readPort(item) : [item];
    if (typeof ports !== "string") items.push(...ports);
    else if (lenient === true) return tree;
    else
      report.error(item, [...path, i], {
        code: "invalid-port",
        message: ports,
        help: 'write it as "host:container", both from 1 to 65535',
      });
  }
  return list(tree, items);
}

/** One item of the list as the ports it means; or what is wrong with it. */
function readPort(item: Leaf): readonly Tree[] | string {
  const isWhole = typeof item.value === "number" && item.as === undefined;
  const text = isWhole ? String(item.value) : textOf(item);
  if (text === undefined) return "a port is a number or text";
  const parts = text.split(":");
  const [bare = "", protocol = ""] = splitOnce(parts.at(-1) ?? "", "/");
  const port: ShortPort = {
    ip: parts
      .slice(0, -2)
      .join(":")
      .replace(/^\[(.*)\]$/, "$1"),
    published: parts.at(-2) ?? "",
    target: bare,
    protocol: protocol === "" ? "tcp" : protocol.toLowerCase(),
  };
  if (bare === "") return `${JSON.stringify(text)} names no container port`;
  if (port.ip.includes(":") && !text.startsWith("[")) return `${port.ip} needs brackets around it`;
  return portsOf(item, port);
}

/** `[[ip:]host:]container[/protocol]`, in its parts. */
interface ShortPort {
  readonly ip: string;
  readonly published: string;
  readonly target: string;
  readonly protocol: string;
}

/** A range of ports one by one. */
function portsOf(item: Leaf, port: ShortPort): readonly Tree[] | string {
  const { ip, protocol, published } = port;
  if (!["tcp", "udp", "sctp"].includes(protocol)) return `${protocol} is not tcp, udp or sctp`;
  if (ip !== "" && !isIp(ip)) return `${ip} is no IP address`;
  const container = range(port.target);
  if (container === undefined || container.first === 0)
    return `${port.target} is no container port`;
  const host = published === "" ? undefined : range(published);
  if (published !== "" && host === undefined) return `${published} is no host port`;
  const size = container.last - container.first;
  if (host !== undefined && size > 0 && host.last - host.first !== size)
    return `the ranges ${published} and ${port.target} differ in length`;
  const offsets = Array.from({ length: size + 1 }, (_, i) => i);
  // The reference sorts by the port as text, so does everything that compares with it.
  offsets.sort((a, b) => (`${container.first + a}/` < `${container.first + b}/` ? -1 : 1));
  return offsets.map((i) =>
    dictOf(item, {
      mode: leaf(item, "ingress"),
      protocol: leaf(item, protocol),
      target: leaf(item, container.first + i),
      host_ip: ip === "" ? undefined : leaf(item, ip),
      published: host && leaf(item, publishedAt(host, i, size)),
    }),
  );
}

interface Range {
  readonly first: number;
  readonly last: number;
}

// One container port behind several host ports: one of them is taken when the container starts.
const publishedAt = (host: Range, i: number, size: number): string =>
  size === 0 && host.first !== host.last ? `${host.first}-${host.last}` : String(host.first + i);

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function range(text: string): Range | undefined {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first <= last && last <= 65535 ? { first, last } : undefined;
}

function portDefaults(tree: Tree): Tree {
  if (tree.kind !== "dict") return tree;
  return withEntries(tree, {
    mode: get(tree, "mode") ?? leaf(tree, "ingress"),
    protocol: get(tree, "protocol") ?? leaf(tree, "tcp"),
  });
}

function checkHostIp(tree: Tree, { path, report }: Context): void {
  const value = get(tree, "host_ip");
  const ip = textOf(value);
  if (value === undefined || ip === undefined || ip === "" || isIp(ip)) return;
  report.error(value, [...path, "host_ip"], {
    code: "invalid-value",
    message: `${ip} is no IP address`,
    help: "write an address such as 127.0.0.1",
  });
}

function isIp(text: string): boolean {
  if (/^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/.test(text))
    return text.split(".").every((part) => Number(part) <= 255);
  return text.includes(":") && isIpv6(text);
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) ?? "";
  const v4 = last.includes(".");
  if (v4 && !isIp(last)) return false;
  const words = v4 ? groups.slice(0, -1) : groups;
  const count = words.length + (v4 ? 2 : 0);
  const fits = halves.length === 2 ? count < 8 : count === 8;
  return fits && words.every((word) => /^[0-9a-fA-F]{1,4}$/.test(word));
}

function asText(tree: Tree): Tree {
  return tree.kind === "leaf" && tree.value !== null ? leaf(tree, sprint(tree)) : tree;
}
