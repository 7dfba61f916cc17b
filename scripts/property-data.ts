import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";

// Cuts the CloudFormation registry's schema data down to what properties may be, for the resource
// types that Trueup makes: those of test/golden/units.txt.
// By hand, after another version of the package or a new type: npm exec -- node scripts/property-data.ts

type SpecDatabase = ReturnType<typeof loadAwsServiceSpecSync>;
type Resource = ReturnType<typeof resourcesOf>[number];
type Property = Resource["properties"][string];
type PropertyType = Property["type"];

const resourcesOf = (db: SpecDatabase) => db.all("resource");

/**
 * What `src/compile/schema/shapes.ts` reads. The properties of a type, or of a definition inside of
 * types, are text: `Name` and its type, with `:` between, or `!` where the property is required.
 */
export interface PropertyData {
  readonly types: Readonly<Record<string, string>>;
  readonly definitions: readonly string[];
  /** Values that are allowed, each a list of words with spaces between. */
  readonly values: readonly string[];
}

/** What AWS's pages allow and the schemas leave out. */
const unsaid: Readonly<Record<string, string>> = {
  "AWS::CloudWatch::Alarm.ComparisonOperator":
    "GreaterThanOrEqualToThreshold GreaterThanThreshold GreaterThanUpperThreshold" +
    " LessThanLowerOrGreaterThanUpperThreshold LessThanLowerThreshold" +
    " LessThanOrEqualToThreshold LessThanThreshold",
  "AWS::CloudWatch::Alarm.Statistic": "Average Maximum Minimum SampleCount Sum",
  "AWS::CloudWatch::Alarm.TreatMissingData": "breaching ignore missing notBreaching",
  "AWS::DynamoDB::Table.BillingMode": "PAY_PER_REQUEST PROVISIONED",
  "AWS::DynamoDB::Table.TableClass": "STANDARD STANDARD_INFREQUENT_ACCESS",
  "AttributeDefinition.AttributeType": "B N S",
  "KeySchema.KeyType": "HASH RANGE",
  "Projection.ProjectionType": "ALL INCLUDE KEYS_ONLY",
  "StreamSpecification.StreamViewType": "KEYS_ONLY NEW_AND_OLD_IMAGES NEW_IMAGE OLD_IMAGE",
};

/** The properties of every type that Trueup makes, from the installed package. */
export function propertyData(): PropertyData {
  const db = loadAwsServiceSpecSync();
  const resources = new Map(resourcesOf(db).map((one) => [one.cloudFormationType, one]));
  const writer = writerOn(db);
  const entries = madeTypes().map((type) => {
    const resource = resources.get(type);
    if (resource === undefined) throw new Error(`no resource type ${type} in the schema data`);
    return [type, writer.members(type, resource.properties)] as const;
  });
  return { types: Object.fromEntries(entries), ...writer.written };
}

const madeTypes = (): readonly string[] =>
  readFileSync(new URL("../test/golden/units.txt", import.meta.url), "utf8")
    .split("\n")
    .flatMap((line) => line.split(": ")[0] || []);

function writerOn(db: SpecDatabase) {
  const definitions: string[] = [];
  const known = new Map<string, number>();
  const values: string[] = [];
  const lists = new Map<string, number>();

  function members(owner: string, properties: Readonly<Record<string, Property>>): string {
    const all = Object.entries(properties).map(([name, { previousTypes = [], required, type }]) => {
      const allowed = unsaid[`${owner}.${name}`];
      const text = allowed ? `s${listed(allowed)}` : strictest([type, ...previousTypes]);
      return `${name}${required === true ? "!" : ":"}${text}`;
    });
    return all.sort().join(" ");
  }

  /** Some were plain JSON before they were described, and of some only text is a way to write it. */
  function strictest(types: readonly PropertyType[]): string {
    const all = types.flatMap((type) => (type.type === "union" ? type.types : [type]));
    const texts = new Set(all.map(typeText));
    const [only, ...more] = [...texts].filter((text) => !"js".includes(text));
    if (more.length > 0) throw new Error(`several types: ${[...texts].join(", ")}`);
    return only ?? (texts.has("j") ? "j" : "s");
  }

  function typeText(type: PropertyType): string {
    switch (type.type) {
      case "array":
        return `[${typeText(type.element)}`;
      case "map":
        return `{${typeText(type.element)}`;
      case "union":
        return strictest(type.types);
      case "ref":
        return String(definition(type.reference.$ref));
      case "date-time":
        return "s";
      default: {
        const allowed = "allowedValues" in type ? type.allowedValues : undefined;
        const [letter = ""] = type.type;
        return allowed === undefined ? letter : `${letter}${listed(allowed.join(" "))}`;
      }
    }
  }

  function definition(reference: string): number {
    const before = known.get(reference);
    if (before !== undefined) return before;
    const index = definitions.push("") - 1;
    known.set(reference, index);
    const { name, properties } = db.get("typeDefinition", reference);
    definitions[index] = members(name, properties);
    return index;
  }

  function listed(allowed: string): number {
    const index = lists.get(allowed) ?? values.push(allowed) - 1;
    lists.set(allowed, index);
    return index;
  }

  return { members, written: { definitions, values } };
}

const target = fileURLToPath(new URL("../src/compile/data/properties.json", import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(target, `${JSON.stringify(propertyData(), null, 2)}\n`);
