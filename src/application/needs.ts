import { nearest } from "../model/nearest.ts";
import type { Finding } from "./check.ts";
import { matching, type Place } from "./tree.ts";

/** One environment of a file that another one of it waits for, or takes its parameters from. */
interface Need {
  readonly by: string;
  readonly name: string;
  readonly place: Place;
}

/** Needs of environments of the same file that are not there, or that need whoever needs them. */
export function needsFindings(root: Place): readonly Finding[] {
  const names = matching(root, ["environments", "*"]).map(({ name }) => String(name));
  const needs = needsIn(root);
  return needs.flatMap(({ by, name, place: { node, path } }) => {
    if (!names.includes(name)) {
      const near = nearest(name, names);
      const help =
        near === undefined ? `there are ${names.join(", ")}` : `did you mean \`${near}\`?`;
      return [{ node, path, code: "undefined-name", message: `there is no \`${name}\``, help }];
    }
    if (!reaches(name, by, needs)) return [];
    // What is ready already may go on: so it is no more than a warning.
    const message = `may never be ready: \`${name}\` needs \`${by}\``;
    return [{ node, path, code: "never-ready", message, help: "let one of them need less" }];
  });
}

function needsIn(root: Place): readonly Need[] {
  const [application] = matching(root, ["application"]).map(({ place }) => textAt(place));
  const written = [
    ...matching(root, ["environments", "*", "needs", "*"]),
    ...matching(root, ["environments", "*", "parameters", "from"]),
  ];
  return written.flatMap(({ place }) => {
    const [of, name] = textAt(place).split("/");
    if (name === undefined || of !== application) return [];
    return [{ by: String(place.path[1]), name, place }];
  });
}

const textAt = ({ document, node }: Place): string => String(node.toJS(document));

/** Whether one needs another, itself or by what it needs. */
function reaches(from: string, to: string, needs: readonly Need[]): boolean {
  const reached = new Set([from]);
  for (const name of reached)
    for (const need of needs) if (need.by === name) reached.add(need.name);
  return reached.has(to);
}
