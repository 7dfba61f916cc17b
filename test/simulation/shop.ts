/** A small application, as the few things about it that histories change: two or three small stacks. */
export interface Shop {
  /** Of the queue, in seconds. */
  readonly timeout: number;
  /** What the service `web` is told. */
  readonly note: string;
  /** Whether there is a second service, with a stack of its own. */
  readonly worker: boolean;
  /** What the queue is called: another name is another queue. */
  readonly queue: "jobs" | "tasks";
  /** The table's key: another key is another table. */
  readonly key: "id" | "sku";
  readonly table: boolean;
  /** Whether `web` is given a secret, and has a neighbour in its tasks that is not. */
  readonly secret: boolean;
  /** `missing`: the tasks of `web` end as soon as they run, so it never becomes stable. */
  readonly image: "kept" | "missing";
  /** Whether ECS tries for hours what does not come up. */
  readonly patient: boolean;
  /** `untrue`: trueup.yaml cannot be read. */
  readonly file: "sound" | "broken" | "empty" | "untrue";
  /** Whether somebody has to approve. */
  readonly approval: boolean;
  /** Whether it is deployed to another account and region. */
  readonly elsewhere: boolean;
  /** What `allow:` lets go. */
  readonly allow: readonly ("remove-queue" | "remove-table" | "replace-table")[];
}

export const firstShop: Shop = {
  timeout: 60,
  note: "a",
  worker: false,
  queue: "jobs",
  key: "id",
  table: true,
  secret: false,
  image: "kept",
  patient: false,
  file: "sound",
  approval: false,
  elsewhere: false,
  allow: [],
};

export const account = "123456789012";
export const region = "eu-west-1";

/** The other place that a shop can be deployed to, and the roles that it has there. */
export const elsewhere = { account: "222222222222", region: "eu-central-1" } as const;
export const rolesElsewhere = {
  role: `arn:aws:iam::${elsewhere.account}:role/trueup-deployer`,
  cloudformationRole: `arn:aws:iam::${elsewhere.account}:role/trueup-cfn`,
} as const;
const registry = `${account}.dkr.ecr.${region}.amazonaws.com`;

export const firstImage = `${registry}/web:1.0.0`;
/** Of another registry than ECR, where the controller would see that it is not there. */
export const crashingImage = "registry.example.com/web:9.9.9";

/** Of another account: nobody here may tell whether it is there. */
export const secret = "arn:aws:secretsmanager:eu-west-1:999999999999:secret:token-AbCdEf";

const neighbour = [
  "  helper:",
  "    image: registry.example.com/helper:1.0.0",
  "    deploy: { labels: { ecs.task.family: web } }",
];

/** The compose file; `image`: what `web` runs, which the controller may have written. */
export function composeOf(shop: Shop, image: string): string {
  if (shop.file === "empty") return "";
  const { key, note, patient, queue, table, timeout, worker } = shop;
  const update = patient ? ", update_config: { failure_action: continue }" : "";
  const text = [
    "# The shop. What people wrote stays as they wrote it.",
    "services:",
    "  web:",
    `    image: ${shop.image === "missing" ? crashingImage : image} # followed`,
    // A policy is for images in ECR.
    ...(shop.image === "missing" ? [] : ['    x-image-policy: { semver: "^1.0" }']),
    `    environment: { NOTE: ${note} }`,
    `    deploy: { replicas: 1, resources: { limits: { cpus: "0.25", memory: 512M } }${update} }`,
    ...(shop.file === "broken" ? ["    replcas: 2"] : []),
    ...(shop.secret ? ["    secrets: [token]", ...neighbour] : []),
    ...(worker
      ? [
          "  worker:",
          `    image: ${registry}/worker:1.0.0`,
          '    deploy: { replicas: 1, resources: { limits: { cpus: "0.25", memory: 512M } } }',
        ]
      : []),
    "x-sqs:",
    `  ${queue}:`,
    `    Properties: { VisibilityTimeout: ${timeout} }`,
    "    Services:",
    "      web: { Access: RWMessages }",
    ...(worker ? ["      worker: { Access: RWMessages }"] : []),
    ...(table
      ? [
          "x-dynamodb:",
          "  orders:",
          "    Properties:",
          `      AttributeDefinitions: [{ AttributeName: ${key}, AttributeType: S }]`,
          `      KeySchema: [{ AttributeName: ${key}, KeyType: HASH }]`,
          "      BillingMode: PAY_PER_REQUEST",
          "    Services: { web: { Access: RW } }",
        ]
      : []),
  ];
  const secrets = `secrets: { token: { x-secrets: { Name: "${secret}" } } }`;
  return `${[...text, ...(shop.secret ? [secrets] : [])].join("\n")}\n`;
}

const consents = {
  "remove-queue": (shop: Shop) =>
    `{ remove: x-sqs.${shop.queue === "jobs" ? "tasks" : "jobs"}, from: any, until: 2026-01-20 }`,
  "remove-table": () => "{ remove: x-dynamodb.orders, from: any, until: 2026-01-20 }",
  "replace-table": () => "{ replace: x-dynamodb.orders, from: any, until: 2026-01-20 }",
} as const;

const network =
  "{ VpcId: vpc-0123abcd, AppSubnets: subnet-1a2b3c4d, PublicSubnets: subnet-1a2b3c4e, StorageSubnets: subnet-1a2b3c4f, ClusterName: main }";

export const trueupYamlOf = (shop: Shop): string =>
  [
    "application: shop",
    "compose: [docker-compose.yml]",
    "environments:",
    shop.file === "untrue" ? "  dev: what" : "  dev:",
    "    on: { branch: main }",
    `    parameters: ${network}`,
    ...(shop.approval ? ["    approval: manual"] : []),
    ...(shop.elsewhere
      ? [`    target: ${JSON.stringify({ ...elsewhere, ...rolesElsewhere, externalId: "shop" })}`]
      : []),
    `    allow: [${shop.allow.map((name) => consents[name](shop)).join(", ")}]`,
    "",
  ].join("\n");
