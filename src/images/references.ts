import { isScalar, type ParsedNode } from "yaml";
import { pathText } from "../compose/project.ts";
import { canonicalJson } from "../model/digest.ts";
import { type Form, readForm } from "./form.ts";
import { type Marker, markerOf, readMarker } from "./marker.ts";
import { type Path, resolved } from "./page.ts";
import { type Policy, type ReadPolicy, readPolicy } from "./policy.ts";
import { type At, dataOf, type Found, type Written, type WrittenService } from "./written.ts";

/** One image, or part of one, where the text that decides it stands. */
export interface Reference {
  /** The service whose image it is; for any other value with a marker, its path. */
  readonly service: string;
  /** As it is written. */
  readonly image: string;
  readonly place: TextPlace;
  /** Where the document that holds the text reads it, aliases and merge keys followed. */
  readonly readAt: Path;
  readonly follows: Follows;
  readonly marker: MarkedAt | undefined;
  /** What is moved together, or not at all: the parts of one image. */
  readonly unit: string | undefined;
}

interface MarkedAt {
  readonly file: string;
  /** Of the marker's name, in the text of its file. */
  readonly offset: number;
  /** The policy that it names. */
  readonly policy: string | undefined;
}

export interface TextPlace {
  readonly file: string;
  readonly document: number;
  /** Of the scalar itself, no alias and no merge key followed. */
  readonly path: Path;
  /** The same text for the same scalar. */
  readonly key: string;
}

/** Whether a policy moves an image, and if one should but cannot, why. */
export type Follows =
  | { readonly kind: "policy"; readonly policy: Policy; readonly form: Form }
  | { readonly kind: "stalled"; readonly reason: string }
  | { readonly kind: "none" };

/** The images of all services of one project. */
export function referencesIn({ policies, services }: Written): readonly Reference[] {
  return [...services].flatMap(([service, written]) => toReference(service, written, policies));
}

type Policies = Written["policies"];

function toReference(
  service: string,
  { image, policy }: WrittenService,
  policies: Policies,
): readonly Reference[] {
  if (image === undefined) return policy === undefined ? [] : [withoutImage(service, policy)];
  const { at, node, readAt } = image;
  const scalar = resolved(at.page, node);
  const { text } = at.file;
  const marker = markerOf(node, text) ?? markerOf(scalar, text);
  const written = textOf(scalar) ?? "";
  const asked = policyOf(policy, marker, policies);
  return [
    {
      service,
      image: written,
      place: placeOf(at, scalar),
      readAt,
      follows: asked === undefined ? { kind: "none" } : follow(asked, written, at),
      marker: marker && {
        file: at.file.path,
        offset: marker.offset,
        policy: policyNamed(marker),
      },
      unit: undefined,
    },
  ];
}

function withoutImage(service: string, { at, node, readAt }: Found): Reference {
  return {
    service,
    image: "",
    place: placeOf(at, resolved(at.page, node)),
    readAt,
    follows: { kind: "stalled", reason: "it has a policy and no image" },
    marker: undefined,
    unit: undefined,
  };
}

export function placeOf({ file, document, page }: At, node: ParsedNode): TextPlace {
  const path = page.paths.get(node) ?? [];
  return { file: file.path, document, path, key: canonicalJson([file.path, document, path]) };
}

export const textOf = (node: ParsedNode): string | undefined =>
  isScalar(node) && typeof node.value === "string" ? node.value : undefined;

function follow(asked: ReadPolicy, text: string, { variables }: At): Follows {
  if (asked.kind === "refused") return stalled(asked.reason);
  if (text === "") return stalled("its image is not text");
  const read = readForm(text, variables);
  return read.kind === "refused"
    ? stalled(read.reason)
    : { kind: "policy", policy: asked.policy, form: read.form };
}

const stalled = (reason: string): Follows => ({ kind: "stalled", reason });

/** Undefined: nothing asks for this image to be moved. */
function policyOf(
  own: Found | undefined,
  marker: Marker | undefined,
  policies: Policies,
): ReadPolicy | undefined {
  const refused = (reason: string): ReadPolicy => ({ kind: "refused", reason });
  if (own !== undefined && marker !== undefined)
    return refused("it has both `x-image-policy` and a marker: keep one");
  if (own !== undefined) return readPolicy(dataOf(own.at.page, own.node));
  if (marker === undefined) return undefined;

  const read = readMarker(marker);
  if (read.kind === "refused") return read;
  const { part, policy } = read;
  return part === "image"
    ? namedPolicy(policy, policies)
    : refused(`\`:${part}\` is of part of an image, but \`image\` is all of it: take it out`);
}

function policyNamed(marker: Marker): string | undefined {
  const read = readMarker(marker);
  return read.kind === "marker" ? read.policy : undefined;
}

export const namedPolicy = (name: string, policies: Policies): ReadPolicy =>
  policies.has(name)
    ? readPolicy(policies.get(name))
    : {
        kind: "refused",
        reason: `there is no \`${name}\` in the top-level \`x-image-policies\``,
      };

/** The name that people know a marked value by, where it is no service's image, on one line. */
export const nameOf = (at: At, node: ParsedNode): string =>
  pathText(at.page.paths.get(node) ?? []).replace(/\s+/g, " ");
