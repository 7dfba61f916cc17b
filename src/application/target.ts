import type { Diagnostic } from "../model/diagnostic.ts";
import type { EnvironmentTarget } from "./application.ts";
import type { Format } from "./shape.ts";
import type { Standing } from "./stored.ts";

const role: Format = {
  what: "the ARN of a role",
  pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  help: "write it whole, as in arn:aws:iam::123456789012:role/trueup-deployer",
};

/** What `target:` may say, by its keys. */
export const targetFormats = {
  account: {
    what: "an account id",
    pattern: /^\d{12}$/,
    help: 'write its twelve digits in quotes, as in "123456789012"',
  },
  region: {
    what: "a region",
    pattern: /^[a-z]{2}(?:-[a-z]+)+-\d$/,
    help: "write its code, as in eu-west-1",
  },
  role,
  externalId: {
    what: "an external id",
    pattern: /^(?!ssm:)[\w+=,.@:/-]{2,1224}$/,
    help: "use 2 to 1224 letters, digits and +=,.@:/-",
  },
  cloudformationRole: role,
  permissionsBoundary: {
    what: "the ARN of a policy",
    pattern: /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+$/,
    help: "write it whole, as in arn:aws:iam::123456789012:policy/boundary",
  },
} satisfies Readonly<Record<string, Format>>;

/** `target:` by the keys of `trueup.yaml`. */
export type WrittenTarget = Readonly<Partial<Record<keyof typeof targetFormats, string>>>;

export const toTarget = ({ cloudformationRole, ...target }: WrittenTarget): EnvironmentTarget =>
  cloudformationRole === undefined ? target : { ...target, cloudFormationRole: cloudformationRole };

export const fromTarget = ({ cloudFormationRole, ...target }: EnvironmentTarget): WrittenTarget =>
  cloudFormationRole === undefined ? target : { ...target, cloudformationRole: cloudFormationRole };

/**
 * The permissions boundary of the roles that templates make. The role of the installation makes no
 * roles without its own; what another's has to have, others know.
 */
export const boundaryOf = (
  { cloudFormationRole, permissionsBoundary }: EnvironmentTarget,
  home: { readonly permissionsBoundary?: string | undefined },
): string | undefined =>
  permissionsBoundary ?? (cloudFormationRole === undefined ? home.permissionsBoundary : undefined);

/** All in a target that is not what its key asks for, now that it says what its names stand for. */
export const wrongTarget = (
  target: WrittenTarget,
  { keys, positionOf }: Standing,
): readonly Diagnostic[] =>
  Object.entries(target).flatMap(([key, text]): readonly Diagnostic[] => {
    const { help, pattern, what } = targetFormats[key as keyof WrittenTarget];
    if (pattern.test(text)) return [];
    const path = [...keys, key];
    const message = `what the parameter holds is not ${what}`;
    const shown = { severity: "error", code: "wrong-value", message, help } as const;
    return [{ ...positionOf(path), path: path.join("."), ...shown }];
  });
