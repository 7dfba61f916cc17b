import { notEmulated } from "../world.ts";
import { type Members, readJson, writeJson } from "./json.ts";
import type { Decoded, Protocol, Request } from "./protocol.ts";

/** `METHOD /path/{Member}` → operation, with the members that stand in the query. */
export type Routes = Readonly<Record<string, Route>>;

interface Route {
  readonly operation: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** restJson1: the operation in method and path, the input spread over path, query and body. */
export function restJson(routes: Routes, members: Members): Protocol {
  return {
    decode: (request) => {
      const { input, route } = routed(routes, request);
      return {
        operation: route.operation,
        input: { ...readJson(request.body, members), ...input, ...queried(request, route) },
      };
    },
    encode: (_decoded, output) => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: writeJson(output ?? {}),
    }),
    refuse: refuseInJson,
  };
}

export const refuseInJson: Protocol["refuse"] = ({ code, message, status }) => ({
  status,
  headers: { "content-type": "application/json", "x-amzn-errortype": code },
  body: JSON.stringify({ Type: status < 500 ? "User" : "Service", Message: message }),
});

/** The route of a request, and the members in its path. */
export function routed(
  routes: Routes,
  { method, path }: Request,
): { route: Route; input: Decoded["input"] } {
  for (const [pattern, route] of Object.entries(routes)) {
    const [verb, template = ""] = pattern.split(" ");
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    const expression = new RegExp(`^${template.replace(/\{\w+\}/g, "([^/]+)")}/?$`);
    const found = expression.exec(path);
    if (verb !== method || found === null) continue;
    const values = names.map((name, n) => [name, decodeURIComponent(found[n + 1] ?? "")]);
    return { route, input: Object.fromEntries(values) };
  }
  throw notEmulated(`${method} ${path}`);
}

export function queried({ query }: Request, route: Route): Decoded["input"] {
  const input: Record<string, unknown> = {};
  for (const [name, value] of query) {
    const member = route.query?.[name];
    if (member === undefined) throw notEmulated(`${route.operation} with ${name}`);
    input[member] = member === "MaxResults" || member === "MaxItems" ? Number(value) : value;
  }
  return input;
}
