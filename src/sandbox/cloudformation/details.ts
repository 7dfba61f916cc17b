import { isSame } from "./desired.ts";
import { isTaggable, recreationOf } from "./schema.ts";
import type {
  Configuration,
  Desired,
  Properties,
  Resource,
  ResourceDeclaration,
  Value,
} from "./state.ts";
import { referencesIn } from "./templates/references.ts";

/** Whether DescribeChangeSet is asked for property values; AWS then reports more, and less. */
export type Mode = "names" | "values";

/** One reason why a resource changes, as `ResourceChange.Details` has it. */
export interface Detail {
  readonly Target: {
    readonly Attribute: string;
    readonly Name?: string;
    readonly RequiresRecreation: string;
    readonly Path?: string;
    readonly BeforeValue?: string;
    readonly AfterValue?: string;
    readonly AttributeChangeType?: string;
  };
  readonly Evaluation: "Static" | "Dynamic";
  readonly ChangeSource: string;
  readonly CausingEntity?: string;
}

/** What is known of the rest of the change while one resource is looked at. */
export interface Surroundings {
  readonly mode: Mode;
  readonly before: Configuration | undefined;
  readonly after: Configuration;
  /** Added, or to be replaced: its identity is not known yet. */
  readonly isUnknown: (logicalId: string) => boolean;
  readonly isModified: (logicalId: string) => boolean;
}

interface After {
  readonly declaration: ResourceDeclaration;
  readonly desired: Desired;
}

/** Everything that changes in a resource, and what causes it. */
export function detailsOf(
  before: Resource,
  after: After,
  surroundings: Surroundings,
): readonly Detail[] {
  const { declaration, desired } = after;
  const written = declaration.Properties ?? {};
  const names = [...new Set([...Object.keys(before.properties), ...Object.keys(written)])];
  const details = names.toSorted().flatMap((name) => {
    const target = targetOf(before, { name, after: desired.properties[name] }, surroundings.mode);
    return propertyDetails(
      {
        differs: !isSame(before.properties[name], desired.properties[name]),
        target,
        written: written[name],
      },
      surroundings,
    );
  });
  return [...details, ...otherDetails(before, after, surroundings)];
}

function otherDetails(
  before: Resource,
  { declaration, desired }: After,
  surroundings: Surroundings,
): readonly Detail[] {
  const whole = (Attribute: string): Detail["Target"] => ({
    Attribute,
    RequiresRecreation: "Never",
  });
  const metadata = propertyDetails(
    {
      differs: !isSame(before.metadata, desired.metadata),
      target: whole("Metadata"),
      written: declaration.Metadata,
    },
    { ...surroundings, isModified: () => false },
  );
  const policies = (["deletionPolicy", "updateReplacePolicy"] as const).flatMap((key) => {
    if ((before[key] ?? "Delete") === (desired[key] ?? "Delete")) return [];
    return [direct(whole(key === "deletionPolicy" ? "DeletionPolicy" : "UpdateReplacePolicy"))];
  });
  const tags =
    !isSame(before.tags, desired.tags) && isTaggable(before.type) ? [direct(whole("Tags"))] : [];
  return [...metadata, ...policies, ...tags];
}

const direct = (Target: Detail["Target"]): Detail => ({
  Target,
  Evaluation: "Static",
  ChangeSource: "DirectModification",
});

function targetOf(
  before: Resource,
  { after, name }: { readonly after: Value | undefined; readonly name: string },
  mode: Mode,
): Detail["Target"] {
  const value = before.properties[name];
  const target = {
    Attribute: "Properties",
    Name: name,
    RequiresRecreation: recreationOf(before.type, name, value, after),
  };
  if (mode === "names") return target;
  return {
    ...target,
    Path: `/Properties/${name}`,
    ...(value === undefined ? {} : { BeforeValue: shown(value) }),
    ...(after === undefined ? {} : { AfterValue: shown(after) }),
    AttributeChangeType: attributeChange(value, after),
  };
}

const shown = (value: Value): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value);

function attributeChange(before: Value | undefined, after: Value | undefined): string {
  if (before === undefined) return "Add";
  return after === undefined ? "Remove" : "Modify";
}

interface Property {
  readonly differs: boolean;
  readonly target: Detail["Target"];
  readonly written: Value | Properties | undefined;
}

/**
 * A property that differs is named with what causes it: parameters, replaced resources, or the text
 * itself. A property that reads an attribute of a merely modified resource may differ, so AWS lists
 * it as well, unless it was asked for values.
 */
function propertyDetails(
  { differs, target, written }: Property,
  { after, before, isModified, isUnknown, mode }: Surroundings,
): readonly Detail[] {
  const references = written === undefined ? [] : referencesIn(written);
  const cause = (ChangeSource: string, CausingEntity: string): Detail => ({
    Target: target,
    Evaluation: "Static",
    ChangeSource,
    CausingEntity,
  });
  const parameters = references.flatMap(({ name }) =>
    isChanged(name, before, after) ? [cause("ParameterReference", name)] : [],
  );
  const replaced = references.flatMap(({ attribute, name }) => {
    if (!isUnknown(name)) return [];
    return attribute === undefined
      ? [cause("ResourceReference", name)]
      : [cause("ResourceAttribute", `${name}.${attribute}`)];
  });
  const causes = unique([...parameters, ...replaced]);
  const dynamic: Detail = { ...direct(target), Evaluation: "Dynamic" };
  if (differs && causes.length === 0) return [direct(target)];
  if (differs) {
    return mode === "values" || parameters.length > 0 ? [...causes, dynamic] : causes;
  }
  if (mode === "values") return [];
  return unique(
    references.flatMap(({ attribute, name }) =>
      attribute !== undefined && isModified(name)
        ? [
            {
              ...cause("ResourceAttribute", `${name}.${attribute}`),
              Evaluation: "Dynamic" as const,
            },
          ]
        : [],
    ),
  );
}

/** A parameter of Parameter Store that now stands for something else has not changed itself. */
function isChanged(name: string, before: Configuration | undefined, after: Configuration): boolean {
  const now = after.parameters[name];
  return now !== undefined && before?.parameters[name]?.value !== now.value;
}

const unique = (details: readonly Detail[]): readonly Detail[] => [
  ...new Map(
    details.map((detail) => [`${detail.ChangeSource} ${detail.CausingEntity}`, detail]),
  ).values(),
];

/** AWS's summary of the details: the one with the most impact counts. */
export function replacementOf(details: readonly Detail[]): "True" | "False" | "Conditional" {
  const impacts = details.map(({ Evaluation, Target }) => {
    if (Target.RequiresRecreation === "Never") return 0;
    return Target.RequiresRecreation === "Always" && Evaluation === "Static" ? 2 : 1;
  });
  const worst = Math.max(...impacts);
  if (worst === 2) return "True";
  return worst === 1 ? "Conditional" : "False";
}
