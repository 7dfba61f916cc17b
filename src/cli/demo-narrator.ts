import type { Operation } from "../aws/call.ts";
import type { Plan } from "../model/plan.ts";
import type { Log } from "../ports/ports.ts";
import type { BusEvent } from "../sandbox/world.ts";
import type { Io } from "./verb.ts";

/** Says what happens, as it happens, in words of the product. */
export function narrator({ color, err, out }: Io) {
  const paint = (code: number, text: string): string =>
    color ? `\u001b[${code}m${text}\u001b[0m` : text;
  const line = (who: string, what: string) => out(`  ${paint(2, who.padEnd(11))} ${what}`);

  const log: Log = (message, fields) => {
    if (message.includes("fail") || message.includes("not "))
      err(`${message} ${JSON.stringify(fields)}`);
  };
  return {
    log,
    heading: (text: string) => out(`\n${paint(1, text)}`),
    command: (text: string) => out(`${paint(36, "$")} ${text}`),
    text: (text: string) => out(text.replace(/^/gm, "    ")),

    /** A write of the controller. */
    call: (operation: Operation, input: object) => {
      const said = sayings[operation]?.(input as Input);
      if (said !== undefined) line("controller", said);
    },

    event: (event: BusEvent) => {
      const said = eventSaid(event);
      const where = event.account === home ? "" : `  in ${event.account} ${event.region}`;
      if (said !== undefined) line(event.source.replace("aws.", ""), `${said}${where}`);
    },
  };
}

/** The controller's own account. */
const home = "123456789012";

type Input = Readonly<Record<string, string>>;

const sayings: Partial<Record<Operation, (input: Input) => string | undefined>> = {
  "cloudformation:CreateChangeSet": ({ Description, StackName }) =>
    `asks for a change set of ${short(StackName)} (${Description?.slice(0, 17)})`,
  "cloudformation:ExecuteChangeSet": ({ ChangeSetName }) =>
    `executes ${ChangeSetName?.split("/")[1]}`,
  "cloudformation:DeleteChangeSet": ({ ChangeSetName }) =>
    `removes ${ChangeSetName?.split("/")[1]}`,
  "cloudformation:DeleteStack": ({ StackName }) => `deletes ${short(StackName)}`,
  "s3:PutObject": ({ Body, Key }) => (Key?.startsWith("plans/") ? planSaid(Body ?? "") : undefined),
  "codecommit:CreateCommit": ({ commitMessage }) => `commits "${commitMessage?.split("\n")[0]}"`,
  "ssm:PutParameter": ({ Name, Value }) => statusSaid(Name ?? "", Value ?? ""),
};

function planSaid(text: string): string {
  const { changes, digest } = JSON.parse(text) as Plan;
  const stacks = Map.groupBy(changes, ({ stack }) => short(stack));
  const counts = [...stacks].map(([stack, those]) => `${stack} ${summary(those)}`);
  return `plan ${digest.slice(0, 12)}: ${counts.join(", ")}`;
}

const summary = (changes: Plan["changes"]): string =>
  [...Map.groupBy(changes, ({ action }) => action)]
    .map(([action, those]) => `${those.length} to ${action}`)
    .join(" ");

function statusSaid(name: string, value: string): string | undefined {
  if (!name.endsWith("/status")) return undefined;
  const { conditions } = JSON.parse(value) as {
    readonly conditions: readonly { type: string; status: string; message: string }[];
  };
  const [ready] = conditions;
  const who = name.replace(/^\/trueup\/|\/status$/g, "");
  return ready === undefined ? undefined : `${who} Ready=${ready.status}: ${ready.message}`;
}

interface Detail {
  readonly "image-tag"?: string;
  readonly "repository-name"?: string;
  readonly "stack-id"?: string;
  readonly "status-details"?: { readonly status: string };
  readonly commitId?: string;
  readonly referenceName?: string;
  readonly repositoryName?: string;
}

function eventSaid({ detail, "detail-type": type }: BusEvent): string | undefined {
  const said = detail as Detail;
  switch (type) {
    case "CloudFormation Stack Status Change":
      return `${short(said["stack-id"]?.split("/")[1])} ${said["status-details"]?.status}`;
    case "CodeCommit Repository State Change":
      return `${said.repositoryName} ${said.referenceName} → ${said.commitId?.slice(0, 8)}`;
    case "ECR Image Action":
      return `${said["repository-name"]}:${said["image-tag"]} pushed`;
    default:
      return undefined;
  }
}

/** `trueup-myapps-dev-s-app01-1a2b3c4d` is `s-app01`. */
const short = (stack = ""): string =>
  /-(base|watch|all|s-.*)-[0-9a-f]{8}$/.exec(stack)?.[1] ?? stack;
