import { attributes } from "./attributes/attributes.ts";
import { mapServices } from "./children.ts";
import { canonical } from "./convert.ts";
import { interpolate } from "./interpolate.ts";
import { limits } from "./limits.ts";
import { merge, without } from "./merge.ts";
import { locatePaths } from "./model-stages.ts";
import { directoryOf, joinPath } from "./paths.ts";
import { below } from "./rules.ts";
import type { Scope } from "./scope.ts";
import { fetchDocuments, type Session } from "./session.ts";
import { shown } from "./shown.ts";
import { type Dict, get, isNull, type Path, type Tree, textOf, withEntries } from "./tree.ts";

/** One file as `extends` sees it: its services, and what its tags take out of their bases. */
interface Extending {
  readonly file: string;
  readonly resets: readonly Path[];
  readonly scope: Scope;
}

/** The model with each service that extends another merged over it. */
export function applyExtends(session: Session, model: Dict, file: Extending): Dict {
  const services = get(model, "services");
  if (services?.kind !== "dict") return model;
  const work: Work = { session, file, services, done: new Map() };
  return mapServices(model, (service, name) => extend(work, name, []) ?? service);
}

interface Work {
  readonly session: Session;
  readonly file: Extending;
  readonly services: Dict;
  readonly done: Map<string, Tree>;
}

interface Link {
  readonly file: string;
  readonly service: string;
}

/** A service of a file with all its bases; undefined: an error, which is reported. */
function extend(work: Work, name: string, chain: readonly Link[]): Tree | undefined {
  const known = work.done.get(name);
  if (known !== undefined) return known;
  const service = work.services.entries.get(name);
  const reference = get(service, "extends");
  if (service?.kind !== "dict" || reference === undefined || isNull(reference)) return service;
  const link = { file: work.file.file, service: name };
  if (chain.some((one) => one.file === link.file && one.service === name)) {
    const names = [...chain, link].map((one) => one.service).join(" → ");
    return fail(work, reference, name, {
      code: "cycle",
      message: `services extend each other in a circle: ${names}`,
      help: "let one of them stand alone",
    });
  }
  if (chain.length >= limits.chain)
    return fail(work, reference, name, {
      code: "too-deep",
      message: `more than ${limits.chain} services extend each other in a chain`,
    });
  const base = baseOf(work, name, reference, [...chain, link]);
  const own = withEntries(service, { extends: undefined });
  const extended = base === undefined || isNull(base) ? own : over(work, name, base, own);
  work.done.set(name, extended);
  return extended;
}

function over(work: Work, name: string, base: Tree, own: Tree): Tree {
  const mine = work.file.resets.filter(([top, service]) => top === "services" && service === name);
  const cleared = mine.reduce((tree, [, , ...path]) => without(tree, path), base);
  const rules = below(below(attributes.merge, "services"), name);
  const context = { path: ["services", name], report: work.session.report };
  return merge(cleared, own, rules, context);
}

function baseOf(
  work: Work,
  name: string,
  reference: Tree,
  chain: readonly Link[],
): Tree | undefined {
  const target = textOf(reference) ?? textOf(get(reference, "service"));
  if (target === undefined)
    return fail(work, reference, name, {
      code: "missing-key",
      message: "extends needs the name of a service",
      help: "write extends: NAME, or service: below it",
    });
  const file = get(reference, "file");
  const other = file === undefined || isNull(file) ? work : otherFile(work, name, file);
  if (other === undefined) return undefined;
  if (other.services.entries.has(target)) return extend(other, target, chain);
  return fail(work, reference, name, {
    code: "unknown-service",
    message: `there is no service ${shown(target)} to extend in ${other.file.file}`,
    help: "a base stands in the same file, or in the one that file: names",
  });
}

/** The services of the file that `file:` names: canonical, paths relative to this one's directory. */
function otherFile(work: Work, name: string, file: Tree): Work | undefined {
  const { session } = work;
  const path = textOf(file);
  if (path === undefined) return undefined;
  const { scope } = work.file;
  const target = joinPath(scope.directory, path);
  const mention = { at: file, path: ["services", name, "extends", "file"] };
  const documents = fetchDocuments(session, target, mention);
  if (documents === undefined) return undefined;
  const prefix = directoryOf(path);
  const inner: Scope = { ...scope, directory: directoryOf(target), prefix, mention, locates: true };
  const context = { path: [], report: session.report };
  let model: Tree | undefined;
  for (const { tree, resets } of documents) {
    const own = interpolate(session, session.dialect.rewrite(tree), scope);
    const before = resets.reduce<Tree | undefined>((m, p) => m && without(m, p), model);
    const merged = before === undefined ? own : merge(before, own, attributes.merge, context);
    model = canonical(merged, attributes.canonical, context);
  }
  const services = model && get(locatePaths(model, inner), "services");
  if (services?.kind !== "dict")
    return fail(work, file, name, {
      code: "unknown-service",
      message: `${target} has no services to extend`,
    });
  const resets = documents.flatMap((document) => document.resets);
  // Paths are located once: what this file's services extend is found from the outer directory.
  const outer = { ...scope, mention };
  return { session, file: { file: target, resets, scope: outer }, services, done: new Map() };
}

function fail(
  work: Work,
  at: Tree,
  service: string,
  finding: { readonly code: string; readonly message: string; readonly help?: string },
): undefined {
  work.session.report.error(at, ["services", service, "extends"], finding);
}
