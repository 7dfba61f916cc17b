import type { Stacks } from "../ports/ports.ts";
import { everyItem } from "./answers.ts";
import type { Call } from "./call.ts";

/**
 * The stacks of one environment, by the tags that every stack keeps for life. The list may be some
 * minutes old, and one that was never executed has no tags yet.
 */
export async function inventoryOf(
  application: string,
  environment: string,
  call: Call,
): ReturnType<Stacks["inventory"]> {
  const tagged = { "trueup:application": application, "trueup:environment": environment };
  const found = await everyItem(async (token) => {
    const page = await call("tagging:GetResources", {
      ResourceTypeFilters: ["cloudformation:stack"],
      TagFilters: Object.entries(tagged).map(([Key, value]) => ({ Key, Values: [value] })),
      ...(token === undefined ? {} : { PaginationToken: token }),
    });
    return { items: page.ResourceTagMappingList, next: page.PaginationToken };
  });
  return found.flatMap(({ ResourceARN = "", Tags = [] }) => {
    // `arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID`
    const [, name] = ResourceARN.split("/");
    const unit = Tags.find(({ Key }) => Key === "trueup:unit")?.Value;
    return name === undefined || unit === undefined ? [] : [{ name, unit }];
  });
}
