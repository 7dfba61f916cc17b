import { liveStacks, mostMarked, stacksMarked } from "./cloudformation/directory.ts";
import { heldIn } from "./cloudformation/held.ts";
import { tagMark } from "./cloudformation/marks.ts";
import type { Stack } from "./cloudformation/state.ts";
import { pageOf, takes } from "./inputs.ts";
import { AwsError, type Context, type Service } from "./world.ts";

/** The Resource Groups Tagging API over what stacks hold. Of global resources it knows nothing. */
export const tagging: Service = {
  name: "tagging",
  operations: {
    GetResources: takes<GetResourcesInput>(
      ["PaginationToken", "ResourceTypeFilters", "ResourcesPerPage", "TagFilters"],
      getResources,
    ),
  },
};

interface GetResourcesInput {
  readonly PaginationToken?: string;
  readonly ResourceTypeFilters?: readonly string[];
  readonly ResourcesPerPage?: number;
  readonly TagFilters?: readonly TagFilter[];
}

interface TagFilter {
  readonly Key?: string;
  readonly Values?: readonly string[];
}

type Tags = Readonly<Record<string, string>>;

function getResources(input: GetResourcesInput, context: Context) {
  const { ResourceTypeFilters = [], ResourcesPerPage: size = 100, TagFilters = [] } = input;
  check(input, size);
  const stacks = stacksTagged(TagFilters, context);
  const found = [...stacks.map(taggedStack), ...heldIn(context, stacks)]
    .flatMap(({ arn, tags }) => (arn === undefined ? [] : [{ arn, tags }]))
    .filter(({ tags }) => Object.keys(tags).length > 0)
    .filter(({ arn }) => isRegional(arn))
    .filter(({ arn }) => ResourceTypeFilters.length === 0 || ResourceTypeFilters.some(ofType(arn)))
    .filter(({ tags }) => TagFilters.every(fits(tags)))
    .sort((a, b) => (a.arn < b.arn ? -1 : 1));
  const token = input.PaginationToken || undefined;
  const page = pageOf(found, ({ arn }) => arn, { size, token });
  if (page === undefined)
    throw new AwsError("PaginationTokenExpiredException", "The pagination token is not valid.");
  return {
    PaginationToken: page.next ?? "",
    ResourceTagMappingList: page.items.map(({ arn, tags }) => ({
      ResourceARN: arn,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    })),
  };
}

/** A stack has its tags from its first operation on. */
const taggedStack = ({ configuration, id }: Stack) => ({
  arn: id,
  tags: configuration?.tags ?? {},
});

/** The stacks that may have, or hold, something with such tags. */
function stacksTagged(filters: readonly TagFilter[], context: Context): readonly Stack[] {
  const [fewest] = filters
    // What CloudFormation gives by itself is not looked for.
    .filter(({ Key = "", Values = [] }) => Values.length > 0 && !Key.startsWith("aws:"))
    .map(({ Key = "", Values = [] }) => Values.map((value) => tagMark(Key, value)))
    .toSorted((a, b) => mostMarked(a, context) - mostMarked(b, context));
  return fewest === undefined
    ? [...liveStacks(context).values()]
    : [...new Set(fewest.flatMap((mark) => stacksMarked(mark, context)))];
}

function check({ ResourceTypeFilters = [], TagFilters = [] }: GetResourcesInput, size: number) {
  const invalid = (message: string) => new AwsError("InvalidParameterException", message);
  if (size < 1 || size > 100) throw invalid("ResourcesPerPage must be from 1 to 100.");
  const strange = ResourceTypeFilters.find(
    (filter) => !/^[a-z0-9-]+(:[A-Za-z0-9/_-]+)?$/.test(filter),
  );
  if (strange !== undefined) throw invalid(`Unsupported resource type filter: ${strange}`);
  if (TagFilters.some(({ Key = "" }) => Key === "")) throw invalid("A tag filter has no Key.");
}

/** Buckets have an ARN without a region, and are in one all the same. */
const isRegional = (arn: string): boolean => {
  const [, , service, region] = arn.split(":");
  return region !== "" || service === "s3";
};

/** `ec2:vpc` and `sqs`: service and, if there is one, resource type as they stand in the ARN. */
const ofType = (arn: string) => {
  const [, , service = "", , , ...rest] = arn.split(":");
  const resource = rest.join(":");
  return (filter: string): boolean => {
    const [wanted, type] = filter.split(":");
    if (wanted !== service) return false;
    return type === undefined || new RegExp(`^${type}[/:]`).test(resource);
  };
};

const fits =
  (tags: Tags) =>
  ({ Key = "", Values = [] }: TagFilter): boolean =>
    Object.hasOwn(tags, Key) && (Values.length === 0 || Values.includes(tags[Key] ?? ""));
