import type { BusEvent, World } from "../../../src/sandbox/world.ts";
import { stopSweeping } from "../../sweeping.ts";
import type { Arena } from "../arena.ts";
import { openArena } from "../arena.ts";
import { startsElsewhere } from "../elsewhere.ts";
import { fileAt, pushImage, registered } from "../installed.ts";
import { elsewhere, firstImage } from "../shop.ts";
import { liveStacks, unitOf } from "./seen.ts";

const known = new Map<string, Promise<Templates>>();

/** Unit → what its stack is made of, but for what tells one deployment from another. */
export type Templates = Readonly<Record<string, string>>;

export const templatesIn = (world: World): Templates =>
  Object.fromEntries(
    liveStacks(world)
      .flatMap(({ configuration, name }) => {
        const unit = unitOf(name);
        return unit === undefined ? [] : [[unit, essence(configuration?.text ?? "{}")] as const];
      })
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

function essence(text: string): string {
  const { Outputs = {}, Parameters = {}, Resources = {} } = JSON.parse(text);
  const { TrueupDigest: _, ...outputs } = Outputs;
  return [Resources, outputs, Parameters]
    .map((section) =>
      JSON.stringify(Object.entries(section).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    )
    .join("\n");
}

/** What the tip's files come to in a world in which nothing else ever happened. */
export function cleanEnd(arena: Arena): Promise<Templates> {
  // Nobody is there to approve.
  const files = ["docker-compose.yml", "trueup.yaml"].map(
    (path) => [path, (fileAt(arena, path) ?? "").replace("    approval: manual\n", "")] as const,
  );
  const key = JSON.stringify(files);
  const end = known.get(key) ?? lived(files);
  known.set(key, end);
  return end;
}

async function lived(files: readonly (readonly [string, string])[]): Promise<Templates> {
  // Nobody follows images here, nor sweeps: the files are what they are.
  const ours = new Set(["aws.cloudformation", "aws.scheduler"]);
  const deliver = ({ source }: BusEvent) => (ours.has(source) ? [0] : []);
  const isElsewhere = files.some(([, text]) => text.includes(elsewhere.account));
  const from = isElsewhere
    ? (await startsElsewhere()).get("registered elsewhere")
    : await registered();
  const arena = openArena({ seed: 1, deliver, ...(from === undefined ? {} : { from }) });
  // Images that were pushed since: what the file names has to be there.
  const named = files.flatMap(([, text]) => [...text.matchAll(/amazonaws\.com\/web:([\d.]+)/g)]);
  const tags = new Set(named.map(([, tag = ""]) => tag).filter((tag) => !firstImage.endsWith(tag)));
  for (const tag of tags) pushImage(arena, "web", tag);
  const parentCommitId = arena.git("shop").refs().get("refs/heads/main");
  arena.ask("codecommit:CreateCommit", {
    repositoryName: "shop",
    branchName: "main",
    parentCommitId,
    commitMessage: "As it ends",
    // Always some file that differs: a commit without a change is refused.
    putFiles: [...files, ["end", "as it ends"] as const].map(([filePath, text]) => ({
      filePath,
      fileContent: new TextEncoder().encode(text),
    })),
  });
  await stopSweeping(arena.ask);
  await arena.invoke("reconcile", { Records: [{ messageId: "1", body: "shop/dev" }] });
  await arena.driver.settle({ idle: true, limitMs: 7_200_000 });
  return templatesIn(arena.world);
}
