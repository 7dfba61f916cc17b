import { type Arena, openArena, type Saved } from "../arena.ts";
import { commit } from "../commit.ts";
import { installed, platform, pushImage } from "../installed.ts";
import { account, region } from "../shop.ts";

// An application with all three layers: a load balancer, the service behind it, and an alarm that
// looks at that; and a table. What comes and goes between them takes several updates, as indexes do.

/** What the file asks for, as the few things about it that histories change. */
export interface App {
  /** What the service is told. */
  readonly note: string;
  /** Whether a load balancer sends to the service. */
  readonly balanced: boolean;
  /** `target`: it looks at what the load balancer sends to, where there is one. */
  readonly alarm: "none" | "plain" | "target";
  /** Keys of the table's indexes, in their order. */
  readonly indexes: readonly string[];
}

export const firstApp: App = { note: "a", balanced: false, alarm: "none", indexes: [] };

const repositoryName = "steps";
const branchName = "main";
const image = `${account}.dkr.ecr.${region}.amazonaws.com/web:1.0.0`;

const balancer = `x-elbv2:
  public:
    Properties: { Scheme: internet-facing, Type: application }
    Listeners: [{ Port: 80, Protocol: HTTP, Targets: [{ name: "web:web:80", access: / }] }]
    Services: { "web:web:80": { port: 80, protocol: HTTP } }
`;

const metric =
  "Namespace: App, MetricName: Errors, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold";
const onTarget = ', Dimensions: [{ Name: TargetGroup, Value: "x-elbv2::public::web:web::80" }]';

const alarmOf = ({ alarm, balanced }: App): string =>
  alarm === "none"
    ? ""
    : `x-alarms: { errors: { Properties: { ${metric}${alarm === "target" && balanced ? onTarget : ""} } } }\n`;

const indexOf = (key: string): string =>
  `{ IndexName: by-${key}, KeySchema: [{ AttributeName: ${key}, KeyType: HASH }], Projection: { ProjectionType: ALL } }`;

const tableOf = ({ indexes }: App): string => `x-dynamodb:
  orders:
    Properties:
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      AttributeDefinitions: [${["id", ...indexes].map((name) => `{ AttributeName: ${name}, AttributeType: S }`).join(", ")}]
${indexes.length === 0 ? "" : `      GlobalSecondaryIndexes: [${indexes.map(indexOf).join(", ")}]\n`}    Services: { web: { Access: RO } }
`;

/** Two files of one text ask for the same. */
export const composeOf = (app: App): string => `services:
  web:
    image: ${image}
    ports: ["80:80"]
    environment: { NOTE: ${app.note} }
    deploy: { resources: { limits: { cpus: "0.25", memory: 512M } } }
${tableOf(app)}${app.balanced ? balancer : ""}${alarmOf(app)}`;

const network =
  "{ VpcId: vpc-0123abcd, AppSubnets: subnet-1a2b3c4d, PublicSubnets: 'subnet-1a2b3c4e,subnet-1a2b3c40', StorageSubnets: subnet-1a2b3c4f, ClusterName: main }";

export type Layout = "per-service" | "single";

const trueupYamlOf = (layout: Layout): string => `application: steps
compose: [docker-compose.yml]
environments:
  dev:
    on: { branch: main }
    layout: ${layout}
    parameters: ${network}
`;

/** The commit that is made; undefined: it would change nothing. */
export const push = (arena: Arena, app: App): string | undefined =>
  commit(arena, repositoryName, {
    branchName,
    files: { "docker-compose.yml": composeOf(app) },
    parentCommitId: arena.git(repositoryName).refs().get(`refs/heads/${branchName}`),
  });

const begun = new Map<Layout, Promise<Saved>>();

/** Deployed as it is first; made once, then copied. */
export function deployed(layout: Layout): Promise<Saved> {
  const made = begun.get(layout) ?? begin(layout);
  begun.set(layout, made);
  return made;
}

async function begin(layout: Layout): Promise<Saved> {
  const arena = openArena({ seed: 1, from: installed() });
  arena.ask("ecr:CreateRepository", { repositoryName: "web" });
  pushImage(arena, "web", "1.0.0");
  arena.ask("cloudformation:CreateStack", { StackName: "platform", TemplateBody: platform });
  arena.ask("codecommit:CreateRepository", { repositoryName });
  commit(arena, repositoryName, {
    branchName,
    files: { "docker-compose.yml": composeOf(firstApp), "trueup.yaml": trueupYamlOf(layout) },
    parentCommitId: undefined,
  });
  const ceiling = { accounts: [account], regions: [region], roles: [] };
  arena.ask("ssm:PutParameter", {
    Name: "/trueup/steps/registration",
    Value: JSON.stringify({
      repository: repositoryName,
      branch: branchName,
      file: "trueup.yaml",
      environments: { dev: ceiling },
      ssm: [],
    }),
    Type: "String",
  });
  await arena.driver.settle({ at: arena.world.now + 2 * 3_600_000 });
  return arena.save();
}
