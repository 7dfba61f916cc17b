import { referenceName } from "../model/refs.ts";
import { cronLine } from "../model/window.ts";
import { valueFormat } from "./parameters.ts";
import {
  choice,
  either,
  type Format,
  flag,
  integer,
  list,
  map,
  object,
  type Shape,
  text,
} from "./shape.ts";
import { wellNamed } from "./stored.ts";
import { targetFormats } from "./target.ts";

const name: Format = {
  what: "a name",
  pattern: /^(?!(?:registration|status)$)[a-z][a-z0-9-]{0,30}$/,
  help: "use a-z, 0-9 and -, a letter first, at most 31 characters; not `registration` or `status`",
};
const variableName: Format = {
  what: "a variable's name",
  pattern: /^(?!TRUEUP_(?:APPLICATION|ENVIRONMENT)$)[A-Za-z_][A-Za-z0-9_]*$/,
  help: "use letters, digits and _, no digit first; TRUEUP_APPLICATION and TRUEUP_ENVIRONMENT are given",
};

/** A text, or the name of the parameter that holds it. */
const orStored = ({ help, pattern, what }: Format): Shape =>
  text({ what, pattern: new RegExp(`^ssm:[A-Za-z0-9_./-]+$|${pattern.source}`), help });

const named = text(name);
const anyText = text({ what: "text", pattern: /^/, help: "write text" });
const valueText = text({
  what: "text, or the name of a parameter",
  pattern: new RegExp(`^${wellNamed}`),
  help: "after `ssm:` comes a name, as in ssm:/trueup/shared/log-level",
});
const word = text({ what: "one word", pattern: /^\S+$/, help: "write it without spaces" });
const path = text({
  what: "a path inside the repository",
  pattern: /^(?!(?:.*\/)?\.{0,2}(?:\/|$))[^\0\\\r\n]+$/,
  help: "write it from the root of the repository, as in envs/dev.yml: no ./ and no ../",
});
const duration = text({
  what: "a duration",
  pattern: /^[1-9]\d{0,5}[smhd]$/,
  help: "write a number and its unit: 90s, 5m, 2h or 7d",
});
/** The sweep, which sees that it is time, comes every ten minutes. */
const slowly = text({
  what: "ten minutes or more",
  pattern: /^(?:[6-9]\d\ds|[1-9]\d{3,5}s|[1-9]\d{1,5}m|[1-9]\d{0,5}[hd])$/,
  help: "write a number and its unit: 10m, 12h or 1d",
});
const day = text({
  what: "a day",
  pattern: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  help: "write year, month and day, as in 2026-12-31",
});
const composePath = text({
  what: "a path of the compose model",
  pattern: /^[^.\s]+(?:\.[^.\s]+)+$/,
  help: "write the keys with dots between, as in x-dynamodb.orders",
});
const cron = text({
  what: "a cron line",
  pattern: cronLine,
  help: "write five fields, as in 0 18 * * FRI",
});
/** At most four patterns in one: how long a match takes grows with each. */
const reference: Format = {
  what: "a branch or tag, or a pattern of them",
  pattern: new RegExp(`^(?!(?:[^*?]*[*?]+){5})(?!.*[\\{\\}])${referenceName.source}`, "u"),
  help: "write a name; `*` is any text without a slash, `**` any text, at most four of them",
};
const environmentPath = text({
  what: "an environment of an application",
  pattern: /^[a-z][a-z0-9-]{0,30}\/[a-z][a-z0-9-]{0,30}$/,
  help: "write application/environment, as in platform/prod",
});

const variables = map(variableName, valueText);

const target = object(
  Object.fromEntries(Object.entries(targetFormats).map(([key, format]) => [key, orStored(format)])),
);

/** Text of a check, in which nothing is filled in but what is known when it is made. */
const filledIn = (what: string, of: string, help: string): Shape =>
  text({
    what,
    pattern: new RegExp(`^(?![\\s\\S]*\\$\\{(?!(?:outputs\\.[A-Za-z0-9]+|revision)\\}))${of}`),
    help: `${help}: \${outputs.NAME} and \${revision} are all that is filled in`,
  });
const checkWord = filledIn("one word", "\\S+$", "write it without spaces");
const checkText = filledIn("text of a check", "", "write text");
const address = filledIn("an address", "(?:https?://|\\$\\{)\\S+$", "begin it with https://");

const verification = object(
  {
    http: object(
      {
        url: address,
        host: checkWord,
        status: integer(100, 599),
        match: checkText,
        retries: integer(0, 100),
        within: duration,
      },
      { required: ["url"] },
    ),
    lambda: object({ function: checkWord }, { required: ["function"] }),
    codebuild: object({ project: checkWord }, { required: ["project"] }),
    task: object({ service: checkWord, command: list(checkText) }, { required: ["service"] }),
  },
  { exactlyOne: ["http", "lambda", "codebuild", "task"] },
);

const id = text(valueFormat);
const given = either(id, list(id, 1));
const parameters = object(
  {
    from: environmentPath,
    VpcId: id,
    AppSubnets: given,
    PublicSubnets: given,
    StorageSubnets: given,
    ClusterName: id,
    NamespaceId: id,
    HostedZoneId: id,
    CertificateArn: id,
  },
  { alone: "from" },
);

const window = object(
  { allow: cron, deny: cron, for: duration, timezone: anyText, overrun: flag },
  { required: ["for"], exactlyOne: ["allow", "deny"] },
);

const consent = object(
  { replace: composePath, remove: composePath, from: word, until: day },
  { required: ["until"], exactlyOne: ["replace", "remove"] },
);

const environment = object(
  {
    on: object(
      { branch: text(reference), tag: text(reference) },
      { exactlyOne: ["branch", "tag"] },
    ),
    from: named,
    compose: list(path),
    variables,
    target,
    ephemeral: object({ ttl: duration, keepOnFailure: duration, max: integer(1, 100) }),
    verify: list(verification),
    approval: either(
      choice("manual"),
      object({ required: integer(1, 20), expires: duration }, { required: ["required"] }),
    ),
    parameters: either(path, parameters),
    needs: list(environmentPath),
    windows: list(window),
    allow: list(consent),
    selfHeal: choice("off", "report", "revert"),
    drift: object({ every: slowly, ignore: list(composePath) }),
    deadlines: object({
      plan: duration,
      execute: duration,
      stabilise: duration,
      verify: duration,
    }),
    prune: object({ max: integer(0, 1000) }),
    layout: choice("per-service", "single"),
  },
  { exactlyOne: ["on", "from"] },
);

/** All that `trueup.yaml` may say. */
export const trueupYaml: Shape = object(
  {
    application: named,
    compose: list(path),
    variables,
    notify: object({
      sns: text({
        what: "the ARN of a topic",
        pattern: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/,
        help: "write it whole, as in arn:aws:sns:eu-west-1:123456789012:deliveries",
      }),
      eventBus: text({
        what: "the name of an event bus",
        pattern: /^[\w./-]{1,256}$/,
        help: "write a name, as in default: the bus is of the controller's account and region",
      }),
      on: list(choice("approval", "failed", "promoted", "leaked"), 1),
    }),
    environments: map(name, environment, 1),
    images: object({
      author: text({
        what: "an author",
        pattern: /^[^<>\r\n]*[^<>\s] <[^<>@\s]+@[^<>@\s]+>$/,
        help: "write name and address, as in Trueup <trueup@example.com>",
      }),
      message: text({
        what: "the subject of a commit",
        pattern: /^(?:[^{}\r\n]|\{(?:application|services)\})+$/,
        help: "write one line; {application} and {services} are all that may stand in braces",
      }),
      quiet: duration,
      writeBack: choice("commit", "pull-request"),
    }),
  },
  { required: ["application", "environments"] },
);
