import type { Template } from "../model/template.ts";
import { leftToRegion } from "../model/zones.ts";
import { inParallel } from "../parallel.ts";
import { isDenied, isNamed, unless } from "./answers.ts";
import type { Call } from "./call.ts";
import { idsIn } from "./services.ts";

/**
 * In which zones the subnets of a stack are, by logical id: those of them whose zone a template leaves
 * to the region. What nobody may see is left out, and so left to the region as before.
 */
export async function zonesOf(
  stack: string,
  template: Template,
  call: Call,
): Promise<ReadonlyMap<string, string>> {
  const asked = leftToRegion(template);
  const ids = asked.length === 0 ? undefined : await unless(idsIn(stack, call), isUnseen);
  const found = await inParallel(asked, 5, async (logicalId) => {
    const id = ids?.get(logicalId);
    const zone = id === undefined ? undefined : await zoneOf(id, call);
    return zone === undefined ? [] : [[logicalId, zone] as const];
  });
  return new Map(found.flat());
}

async function zoneOf(Identifier: string, call: Call): Promise<string | undefined> {
  const got = call("cloudcontrolapi:GetResource", { TypeName: "AWS::EC2::Subnet", Identifier });
  const answer = await unless(got, isUnseen);
  const { AvailabilityZone: zone } = JSON.parse(answer?.ResourceDescription?.Properties ?? "{}");
  return typeof zone === "string" ? zone : undefined;
}

/** Nobody may look, or it is not there any more. */
const isUnseen = (error: unknown): boolean =>
  isDenied(error) || isNamed(error, "GeneralServiceException", "ResourceNotFoundException");
