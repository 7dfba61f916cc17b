import { type Arena, openArena, type Saved } from "../arena.ts";
import { commit } from "../commit.ts";
import { setUpElsewhere } from "../elsewhere.ts";
import { installed, pushImage } from "../installed.ts";
import { account, elsewhere, region, rolesElsewhere } from "../shop.ts";

/**
 * The road of a revision: `test` makes an environment for each, verifies it and deletes it again;
 * `prod` takes what was verified. As the few things about it that histories change.
 */
export interface Road {
  /** What the service is told. */
  readonly note: string;
  /** Where the check says no. */
  readonly failsIn: "nowhere" | "test" | "prod";
  /** Whether somebody has to approve what prod takes. */
  readonly approval: boolean;
  /** Whether prod changes by day only: from eleven to eleven, UTC. */
  readonly byDay: boolean;
  /** Whether prod waits until somebody else's platform is ready. */
  readonly needs: boolean;
  /** Whether all of it is in another account and region. */
  readonly elsewhere: boolean;
  /** Whether prod would run something beside the service that test does not. */
  readonly extra: boolean;
  /** Whether a variable is asked for that is a secret: that is refused. */
  readonly leaks: boolean;
  /** How many instances `test` may have. */
  readonly most: number;
}

/** What is fixed from the beginning: nobody opens a gate on the way. */
export type Rules = Pick<Road, "approval" | "byDay" | "elsewhere" | "most" | "needs">;

export const firstRoad: Road = {
  note: "a",
  failsIn: "nowhere",
  approval: false,
  byDay: false,
  needs: false,
  elsewhere: false,
  extra: false,
  leaks: false,
  most: 2,
};

/** What nobody but the service may be told. */
export const secret = { name: "/road/token", value: "canary-7Qx2vT9mLw4k" } as const;

const sizes = '    deploy: { replicas: 1, resources: { limits: { cpus: "0.25", memory: 512M } } }';
const registry = `${account}.dkr.ecr.${region}.amazonaws.com`;
const firstImage = `${registry}/web:1.0.0`;

const network =
  "{ VpcId: vpc-0123abcd, AppSubnets: subnet-1a2b3c4d, PublicSubnets: subnet-1a2b3c4e, StorageSubnets: subnet-1a2b3c4f, ClusterName: main }";

const trueupYamlOf = (road: Road): string => {
  const { approval, byDay, extra, failsIn, leaks, most, needs } = road;
  const target = JSON.stringify({ ...elsewhere, ...rolesElsewhere, externalId: "shop" });
  const leak = leaks ? `, LEAK: "ssm:${secret.name}"` : "";
  const common = (name: Road["failsIn"]) => [
    `    parameters: ${network}`,
    ...(road.elsewhere ? [`    target: ${target}`] : []),
    `    variables: { EXIT: "${failsIn === name ? 1 : 0}"${leak} }`,
    "    verify: [{ task: { service: web, command: [check] } }]",
  ];
  return [
    "application: road",
    "compose: [docker-compose.yml]",
    "notify: { eventBus: default }",
    "environments:",
    "  test:",
    "    on: { branch: main }",
    `    ephemeral: { ttl: 20m, keepOnFailure: 5m, max: ${most} }`,
    ...common("test"),
    "  prod:",
    "    from: test",
    ...common("prod"),
    ...(extra ? ["    compose: [prod.yml]"] : []),
    ...(needs ? ["    needs: [platform/prod]"] : []),
    ...(approval ? ["    approval: manual"] : []),
    ...(byDay ? ['    windows: [{ allow: "0 11 * * *", for: 12h }]'] : []),
    "",
  ].join("\n");
};

const composeOf = ({ note }: Road, image: string): string =>
  [
    "services:",
    "  web:",
    `    image: ${image}`,
    '    x-image-policy: { semver: "^1.0" }',
    `    environment: { NOTE: ${note}, SANDBOX_EXIT_CODE: "\${EXIT}", LEAK: "\${LEAK:-}" }`,
    "    secrets: [token]",
    sizes,
    "secrets:",
    "  token: { x-secrets: { Name: token, VarName: TOKEN } }",
    "",
  ].join("\n");

/** What only prod would run. */
const overlay = [
  "services:",
  "  helper:",
  "    image: registry.example.com/helper:1.0.0",
  sizes,
  "",
].join("\n");

export const tipOf = ({ git }: Pick<Arena, "git">): string | undefined =>
  git("road").refs().get("refs/heads/main");

/** A file as it is at the tip. */
export function fileAt({ ask }: Pick<Arena, "ask">, filePath: string): string {
  const wanted = { repositoryName: "road", filePath, commitSpecifier: "main" };
  const { fileContent } = ask("codecommit:GetFile", wanted) as { fileContent: Uint8Array };
  return new TextDecoder().decode(fileContent);
}

/** The image as the compose file has it now, which the controller may have written. */
const imageNow = (arena: Pick<Arena, "ask">): string =>
  /image: (\S+)/.exec(fileAt(arena, "docker-compose.yml"))?.[1] ?? "";

/** Commits a road on top of what is there; undefined: it is there already. */
export function push(arena: Pick<Arena, "ask" | "git">, road: Road): string | undefined {
  const parentCommitId = tipOf(arena);
  const image = parentCommitId === undefined ? firstImage : imageNow(arena);
  const files = {
    "docker-compose.yml": composeOf(road, image),
    "trueup.yaml": trueupYamlOf(road),
    "prod.yml": overlay,
  };
  return commit(arena, "road", { files, parentCommitId });
}

/** How the platform stands, as its own controller would publish it. */
export function sayOfPlatform({ ask }: Pick<Arena, "ask">, isReady: boolean): void {
  const revision = "0".repeat(40);
  const status = {
    v: 1,
    revision: { desired: revision, deployed: revision },
    digest: {},
    conditions: [
      {
        type: "Ready",
        status: isReady ? "True" : "False",
        reason: isReady ? "Deployed" : "Reconciling",
        message: "As somebody else says.",
        since: "2026-01-01T00:00:00Z",
        observedRevision: revision,
      },
    ],
    stacks: [],
    errors: [],
    moreErrors: 0,
  };
  ask("ssm:PutParameter", {
    Name: "/trueup/platform/prod/status",
    Value: JSON.stringify(status),
    Type: "String",
    Overwrite: true,
  });
}

/** A cluster that is somebody else's. */
const platform = JSON.stringify({
  Resources: { Cluster: { Type: "AWS::ECS::Cluster", Properties: { ClusterName: "main" } } },
});

const starts = new Map<string, Promise<Saved>>();

/** The first revision in prod, and nothing left of its instance; each kind made once, then copied. */
export function arrived(road: Road): Promise<Saved> {
  const key = JSON.stringify(road);
  const known = starts.get(key) ?? travelled(road);
  starts.set(key, known);
  return known;
}

async function travelled(road: Road): Promise<Saved> {
  const arena = openArena({ seed: 1, from: installed() });
  arena.ask("ecr:CreateRepository", { repositoryName: "web" });
  pushImage(arena, "web", "1.0.0");
  if (road.elsewhere) await setUpElsewhere(arena, ["web"]);
  else arena.ask("cloudformation:CreateStack", { StackName: "platform", TemplateBody: platform });
  arena.ask("codecommit:CreateRepository", { repositoryName: "road" });
  arena.ask("ssm:PutParameter", {
    Name: secret.name,
    Value: secret.value,
    Type: "SecureString",
  });
  push(arena, { ...road, approval: false, byDay: false, needs: false });
  const ceiling = {
    accounts: [account, elsewhere.account],
    regions: [region, elsewhere.region],
    roles: Object.values(rolesElsewhere),
  };
  const follows = { repository: "road", branch: "main", file: "trueup.yaml" };
  arena.ask("ssm:PutParameter", {
    Name: "/trueup/road/registration",
    Value: JSON.stringify({ ...follows, environments: { "*": ceiling }, ssm: [secret.name] }),
    Type: "String",
  });
  await arena.driver.settle({ at: arena.world.now + 2 * 3_600_000 });
  sayOfPlatform(arena, true);
  // Stricter than before, which opens nothing: the same runs, and is let through.
  push(arena, road);
  await arena.driver.settle({ at: arena.world.now + 8 * 3_600_000 });
  return arena.save();
}
