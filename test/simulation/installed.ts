import { readFileSync } from "node:fs";
import { seedManifest } from "../../src/sandbox/ecr/repositories.ts";
import { failTasks } from "../../src/sandbox/ecs/images.ts";
import { memoryGit } from "../../src/sandbox/git/memory.ts";
import { install } from "../../src/sandbox/install.ts";
import { services } from "../../src/sandbox/services.ts";
import { World } from "../../src/sandbox/world.ts";
import { type Arena, openArena, type Saved } from "./arena.ts";
import { commit } from "./commit.ts";
import {
  account,
  composeOf,
  crashingImage,
  elsewhere,
  firstImage,
  firstShop,
  region,
  rolesElsewhere,
  type Shop,
  trueupYamlOf,
} from "./shop.ts";

export const template = readFileSync(new URL("../../template.yaml", import.meta.url), "utf8");

let empty: Saved | undefined;

/** The controller installed and nothing else; made once, then copied. */
export function installed(): Saved {
  if (empty !== undefined) return empty;
  const git = memoryGit();
  const world = new World({ services, git, start: Date.parse("2026-01-01T00:00:00Z"), seed: 1 });
  install(world, template);
  failTasks({ account, principal: "", region, world }, crashingImage);
  empty = { snapshot: world.snapshot(), git };
  return empty;
}

let begun: Saved | undefined;

/** With images, a platform that is somebody else's, a repository, and the shop registered: nothing has run. */
export async function registered(): Promise<Saved> {
  if (begun !== undefined) return begun;
  const arena = openArena({ seed: 1, from: installed(), deliver: () => [] });
  for (const repositoryName of ["web", "worker"]) {
    arena.ask("ecr:CreateRepository", { repositoryName });
    pushImage(arena, repositoryName, "1.0.0");
  }
  arena.ask("cloudformation:CreateStack", { StackName: "platform", TemplateBody: platform });
  await arena.driver.settle({ at: arena.world.now + 600_000 });
  arena.ask("codecommit:CreateRepository", { repositoryName: "shop" });
  push(arena, firstShop);
  register(arena);
  begun = arena.save();
  return begun;
}

let atRest: Saved | undefined;

/** The first shop deployed and at rest. */
export async function deployed(): Promise<Saved> {
  if (atRest !== undefined) return atRest;
  const arena = openArena({ seed: 1, from: await registered() });
  await arena.invoke("reconcile", { Records: [{ messageId: "1", body: "shop/@images" }] });
  await arena.invoke("reconcile", { Records: [{ messageId: "1", body: "shop/dev" }] });
  await arena.driver.settle({ idle: true, limitMs: 86_400_000 });
  atRest = arena.save();
  return atRest;
}

/** Another team's stack, which has the cluster, and data of its own. */
export const platform = JSON.stringify({
  Resources: {
    Cluster: { Type: "AWS::ECS::Cluster", Properties: { ClusterName: "main" } },
    Ledger: {
      Type: "AWS::DynamoDB::Table",
      Properties: {
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      },
    },
  },
});

export function pushImage(
  { ask }: Pick<Arena, "ask">,
  repositoryName: string,
  imageTag: string,
): void {
  const imageManifest = seedManifest(repositoryName, imageTag);
  ask("ecr:PutImage", { repositoryName, imageTag, imageManifest });
}

export function register({ ask }: Pick<Arena, "ask">): void {
  const ceiling = {
    accounts: [account, elsewhere.account],
    regions: [region, elsewhere.region],
    roles: Object.values(rolesElsewhere),
  };
  const Value = JSON.stringify({
    repository: "shop",
    branch: "main",
    file: "trueup.yaml",
    environments: { "*": ceiling },
    ssm: [],
  });
  const Name = "/trueup/shop/registration";
  ask("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
}

export const tipOf = ({ git }: Pick<Arena, "git">): string | undefined =>
  git("shop").refs().get("refs/heads/main");

/** A file as it stands at the tip; undefined: there is none. */
export function fileAt({ ask }: Pick<Arena, "ask">, filePath: string): string | undefined {
  try {
    const wanted = { repositoryName: "shop", filePath, commitSpecifier: "main" };
    const { fileContent } = ask("codecommit:GetFile", wanted) as { fileContent: Uint8Array };
    return new TextDecoder().decode(fileContent);
  } catch {
    return undefined;
  }
}

/** Commits a shop on top of what is there, keeping the image that may have been written meanwhile. */
export function push(
  arena: Pick<Arena, "ask" | "git">,
  shop: Shop,
  image?: string,
): string | undefined {
  const parentCommitId = tipOf(arena);
  const files = {
    "docker-compose.yml": composeOf(shop, image ?? firstImage),
    "trueup.yaml": trueupYamlOf(shop),
  };
  return commit(arena, "shop", { files, parentCommitId });
}
