import { attributes } from "./attributes/attributes.ts";
import { canonical, unique } from "./convert.ts";
import { applyExtends } from "./extends.ts";
import { applyIncludes } from "./include.ts";
import { interpolate } from "./interpolate.ts";
import { merge, without } from "./merge.ts";
import { complete, fillEnvironment } from "./model-stages.ts";
import type { ReadTree } from "./read-tree.ts";
import { checkShape } from "./schema/check.ts";
import { composeFile } from "./schema/model.ts";
import type { Scope } from "./scope.ts";
import { fetchDocuments, isRaw, type Session } from "./session.ts";
import { type Dict, get, type Tree, withEntries } from "./tree.ts";

/** Several compose files as one model: merged, canonical, checked by itself, paths located. */
export function loadModel(
  session: Session,
  files: readonly string[],
  scope: Scope,
): Dict | undefined {
  let model: Dict | undefined;
  for (const file of files) model = addFile(session, model, file, scope);
  if (model === undefined || model.entries.size === 0) return undefined;
  const whole = complete(model, session, scope) as Dict;
  return isRaw(session) ? whole : fillEnvironment(whole, scope);
}

function addFile(
  session: Session,
  before: Dict | undefined,
  file: string,
  scope: Scope,
): Dict | undefined {
  let model = before;
  for (const document of fetchDocuments(session, file, scope.mention) ?? [])
    model = addDocument(session, model, { file, document, scope });
  return model;
}

interface Addition {
  readonly file: string;
  readonly document: ReadTree;
  readonly scope: Scope;
}

function addDocument(
  session: Session,
  before: Dict | undefined,
  added: Addition,
): Dict | undefined {
  const { file, document, scope } = added;
  const { report } = session;
  const own = interpolate(session, session.dialect.rewrite(document.tree), scope);
  if (own.kind !== "dict") {
    report.error(own, [], {
      code: "wrong-type",
      message: "a compose file is a mapping: services: and what belongs to it",
    });
    return before;
  }
  const extended = applyExtends(session, own, { file, resets: document.resets, scope });
  const cleared = document.resets.reduce<Tree | undefined>(
    (model, path) => (model === undefined ? undefined : without(model, path)),
    before,
  );
  const included = applyIncludes(session, extended, { file, scope, load: loadModel });
  const context = { path: [], report, lenient: isRaw(session) };
  const merged =
    cleared === undefined ? included : merge(cleared, included, attributes.merge, context);
  const once = unique(merged, attributes.unique, context);
  checkShape(once, composeFile, { report, path: [] });
  return canonical(withoutVersion(once, session), attributes.canonical, context) as Dict;
}

function withoutVersion(tree: Tree, { report }: Session): Tree {
  const version = get(tree, "version");
  if (tree.kind !== "dict" || version === undefined) return tree;
  report.warning(version, ["version"], {
    code: "deprecated",
    message: "version means nothing any more",
    help: "remove it",
  });
  return withEntries(tree, { version: undefined });
}
