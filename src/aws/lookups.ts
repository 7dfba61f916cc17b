import type { Target } from "../model/bundle.ts";
import { type Answer, describeLookup, type Lookup } from "../model/lookup.ts";
import { partitionOf } from "../model/partition.ts";
import { inParallel } from "../parallel.ts";
import type { LookupResult, Lookups } from "../ports/ports.ts";
import { everyItem, isDenied, isNamed, unless } from "./answers.ts";
import type { Call } from "./call.ts";
import { type Described, type Found, type Kind, kinds, type Place } from "./lookup-kinds.ts";

/** Calls as whoever looks, in a region; without a role, as the deployer of the target. */
type Looking = (as: {
  readonly region?: string | undefined;
  readonly role?: string | undefined;
}) => Call;

/** Finds what is there already: by ARN, by name, or by tags; then asks Cloud Control about it. */
export const lookupsIn = (target: Target, looking: Looking): Lookups => ({
  async answer(lookup) {
    const kind = kinds[lookup.type];
    if (kind === undefined) return refused(`${lookup.type} cannot be looked up`);
    const search = searchOf(lookup, kind, target, looking);
    try {
      return await answered(search, await candidatesOf(search));
    } catch (error) {
      if (!isDenied(error) && !isNamed(error, ...malformed)) throw error;
      return refused(`${describeLookup(lookup)}: ${(error as Error).message}`, helpOf(error));
    }
  },
});

/** What no repetition mends, as it mends nothing that is not allowed. */
const malformed = ["InvalidRequestException", "WrongKind"];

const helpOf = (error: unknown): string =>
  isDenied(error) ? "Let whoever looks read it, or name a RoleArn." : "";

interface Search {
  readonly lookup: Lookup;
  readonly kind: Kind;
  readonly place: Place;
  /** In the place, and where tags are kept. */
  readonly call: Call;
  readonly callForTags: Call;
}

function searchOf(lookup: Lookup, kind: Kind, target: Target, looking: Looking): Search {
  const { role } = lookup;
  const [, partition, , where, owner] = (arnIn(lookup) ?? "").split(":");
  const region = lookup.region ?? (where || target.region);
  const account = owner || (role?.split(":")[4] ?? target.account);
  return {
    lookup,
    kind,
    place: { account, partition: partition || partitionOf(region), region },
    call: looking({ region, role }),
    callForTags: looking({ region: kind.tagsIn ?? region, role }),
  };
}

const arnIn = ({ by: { arn, identifier } }: Lookup): string | undefined =>
  arn ?? (identifier?.startsWith("arn:") ? identifier : undefined);

/** Something that may be what is looked for: it is not known yet to be there. */
interface Candidate {
  readonly identifier: string;
  readonly arn: string;
}

async function candidatesOf(search: Search): Promise<readonly Candidate[]> {
  const { kind, lookup, place } = search;
  const { identifier, tags } = lookup.by;
  const arn = arnIn(lookup);
  if (arn !== undefined) return [candidate(arn, search)];
  if (identifier === undefined) return tagged(search, tags ?? {});
  switch (kind.described) {
    case "by identifier":
      return [{ identifier: kind.identifier(identifier, place), arn: "" }];
    case "by name":
      return called(identifier, search);
    case "never":
      if (kind.named !== undefined) return [{ identifier, arn: kind.named(identifier, place) }];
      throw wrongKind("it is looked up by Arn or by Tags");
  }
}

function candidate(arn: string, { kind, place }: Search): Candidate {
  const name = kind.arn.exec(arn)?.[1];
  if (name === undefined) throw wrongKind("this is no ARN of one");
  return { identifier: kind.identifier(name, place), arn };
}

const wrongKind = (message: string): Error =>
  Object.assign(new Error(message), { name: "WrongKind" });

/** What has all the tags. What was deleted of late is still among it. */
async function tagged(
  search: Search,
  tags: Readonly<Record<string, string>>,
): Promise<readonly Candidate[]> {
  const { callForTags: call, kind } = search;
  const filters = Object.entries(tags).map(([Key, value]) => ({ Key, Values: [value] }));
  const arns = await everyItem(async (token) => {
    const page = await call("tagging:GetResources", {
      ResourceTypeFilters: [kind.tagged],
      ...(filters.length === 0 ? {} : { TagFilters: filters }),
      ...(token === undefined ? {} : { PaginationToken: token }),
    });
    const items = page.ResourceTagMappingList?.flatMap(({ ResourceARN }) => ResourceARN ?? []);
    return { items, next: page.PaginationToken };
  });
  return arns.filter((arn) => kind.arn.test(arn)).map((arn) => candidate(arn, search));
}

/** What has a name that is not what Cloud Control knows it by. */
async function called(name: string, { call, lookup: { type } }: Search) {
  const all = await everyItem(async (token) => {
    const page = await call("cloudcontrolapi:ListResources", {
      TypeName: type,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    return { items: page.ResourceDescriptions, next: page.NextToken };
  });
  const named = await inParallel(all, atOnce, async ({ Identifier = "", Properties = "{}" }) => {
    const listed: Described = JSON.parse(Properties);
    const { Name } =
      listed.Name === undefined ? ((await read(type, Identifier, call)) ?? {}) : listed;
    return { identifier: Identifier, arn: "", name: String(Name) };
  });
  return named.filter((one) => withoutDot(one.name) === withoutDot(name));
}

const withoutDot = (name: string): string => name.replace(/\.$/, "");

const atOnce = 5;

/** As many as are looked at one by one. */
const mostDescribed = 50;

async function answered(search: Search, candidates: readonly Candidate[]): Promise<LookupResult> {
  const { kind, lookup } = search;
  if (candidates.length > mostDescribed) return tooMany(lookup, candidates);
  const described = await inParallel(candidates, atOnce, (one) => describe(one, search));
  const found = described.filter((one) => one !== undefined);
  const [first, ...more] = found;
  if (first === undefined) return nothing(search);
  if (kind.many) return { kind: "found", answer: joined(found.map(kind.answer)) };
  if (more.length > 0) return tooMany(lookup, found);
  const key = await keyArn(kind.key?.(first.properties), search);
  return { kind: "found", answer: { ...kind.answer(first), ...key } };
}

/** Undefined: it is not there any more. */
async function describe(
  candidate: Candidate,
  { call, kind, lookup: { type } }: Search,
): Promise<Found | undefined> {
  if (kind.described === "never") return { ...candidate, properties: {} };
  const properties = await read(type, candidate.identifier, call);
  return properties && { ...candidate, properties };
}

async function read(
  TypeName: string,
  Identifier: string,
  call: Call,
): Promise<Described | undefined> {
  const got = call("cloudcontrolapi:GetResource", { TypeName, Identifier });
  const answer = await unless(got, (error) => isNamed(error, "ResourceNotFoundException"));
  return answer && JSON.parse(answer.ResourceDescription?.Properties ?? "{}");
}

/** Each attribute of all of them, in an order that is always the same. */
const joined = (answers: readonly Answer[]): Answer =>
  Object.fromEntries(
    Object.keys(answers[0] ?? {}).map((key) => [
      key,
      answers
        .map((answer) => answer[key])
        .sort()
        .join(","),
    ]),
  );

/** Policies name keys by ARN. A key that AWS manages for a service needs no policy. */
async function keyArn(key: unknown, { call, place }: Search): Promise<Answer> {
  if (typeof key !== "string" || key === "") return {};
  const [, alias] = /(?:^|:)(alias\/.+)$/.exec(key) ?? [];
  if (alias?.startsWith("alias/aws/")) return {};
  if (alias === undefined && key.startsWith("arn:")) return { KeyArn: key };
  const found = alias === undefined ? undefined : await read("AWS::KMS::Alias", alias, call);
  if (alias !== undefined && found === undefined) return {};
  const id = String(found?.TargetKeyId ?? key);
  if (id.startsWith("arn:")) return { KeyArn: id };
  const { account, partition, region } = place;
  return { KeyArn: `arn:${partition}:kms:${region}:${account}:key/${id}` };
}

const refused = (message: string, help = ""): LookupResult => ({ kind: "refused", message, help });

async function nothing(search: Search): Promise<LookupResult> {
  const { lookup, place } = search;
  const others = (await unless(tagged(search, {}), isDenied)) ?? [];
  const help =
    others.length === 0 ? "Nothing of its kind has tags there." : `There is ${listed(others)}.`;
  return refused(`there is no ${describeLookup(lookup)} in ${place.region}`, help);
}

const tooMany = (lookup: Lookup, candidates: readonly Candidate[]): LookupResult =>
  refused(
    `${candidates.length} are ${describeLookup(lookup)}: ${listed(candidates)}`,
    "Say more, so that one is left, or name it by Arn.",
  );

const mostNamed = 5;

/** A few of them by name; the rest counted. */
function listed(candidates: readonly Candidate[]): string {
  const names = candidates.map(({ identifier }) => identifier).sort();
  const rest = names.length - mostNamed;
  return `${names.slice(0, mostNamed).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
