import { AwsError, type Context, notEmulated } from "../world.ts";
import {
  arnOf,
  type InRepository,
  invalid,
  ownRepositoryOf,
  type Repository,
} from "./repositories.ts";

export interface PolicyInput extends InRepository {
  readonly policyText?: string;
  readonly force?: boolean;
}

/** Says which other accounts may use a repository. */
export function setRepositoryPolicy(input: PolicyInput, context: Context): unknown {
  const repository = ownRepositoryOf(input, context);
  const text = input.policyText ?? "";
  checkPolicy(text);
  repository.policy = text;
  return shown(repository, text);
}

export function getRepositoryPolicy(input: InRepository, context: Context): unknown {
  const repository = ownRepositoryOf(input, context);
  if (repository.policy === undefined) {
    throw new AwsError(
      "RepositoryPolicyNotFoundException",
      `Repository policy does not exist for the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`,
    );
  }
  return shown(repository, repository.policy);
}

const shown = ({ name, registryId }: Repository, policyText: string) => ({
  registryId,
  repositoryName: name,
  policyText,
});

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
}

function statementsOf(text: string): readonly Statement[] {
  const { Statement: statements = [] } = JSON.parse(text) as {
    readonly Statement?: Statement | readonly Statement[];
  };
  return [statements].flat() as readonly Statement[];
}

function checkPolicy(text: string): void {
  let statements: readonly Statement[];
  try {
    statements = statementsOf(text);
  } catch {
    throw invalid("PolicyText", "Invalid repository policy provided");
  }
  for (const { Effect, ...others } of statements) {
    const strange = Object.keys(others).find(
      (key) => !["Action", "Principal", "Sid"].includes(key),
    );
    if (strange !== undefined || Effect !== "Allow") {
      throw notEmulated(`repository policies with ${strange ?? Effect}`);
    }
  }
}

/** Lets the caller of another account in, or refuses as IAM does. */
export function admit(repository: Repository, action: string, context: Context): void {
  const refusal = refusalOf(repository, action, { ...context, names: [context.principal] });
  if (refusal !== undefined) throw new AwsError("AccessDeniedException", refusal);
}

/** Who is to be let in: of which account, and what policies may call him. */
interface Guest extends Pick<Context, "account" | "principal"> {
  readonly names: readonly string[];
}

/** Why a repository's policy does not let somebody of another account in; undefined: it does. */
export function refusalOf(
  repository: Repository,
  action: string,
  { account, names, principal }: Guest,
): string | undefined {
  const all = ["*", account, `arn:aws:iam::${account}:root`, ...names];
  const isLetIn = statementsOf(repository.policy ?? '{"Statement":[]}').some(
    ({ Action, Principal }) =>
      [Action].flat().some((one) => one === action || one === "ecr:*") &&
      principalsOf(Principal).some((one) => all.includes(one)),
  );
  return isLetIn
    ? undefined
    : `User: ${principal} is not authorized to perform: ${action} on resource: ${arnOf(repository)} because no resource-based policy allows the ${action} action`;
}

const principalsOf = (principal: unknown): readonly string[] =>
  typeof principal === "object" && principal !== null && "AWS" in principal
    ? ([principal.AWS].flat() as readonly string[])
    : [String(principal)];
