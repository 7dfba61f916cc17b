import { everyItem } from "./answers.ts";
import { type Call, type Caller, kindOf, type Operation, type Operations } from "./call.ts";
import { everyWritten, root } from "./parameters.ts";
import { refsIn } from "./refs.ts";

type Input<O extends Operation> = Operations[O][0];
type Stack = NonNullable<Operations["cloudformation:DescribeStacks"][1]["Stacks"]>[number];

/**
 * The world as it is now, for one sweep: parameters, the references of a repository and the stacks of
 * an account and region are listed once, and every question after them is answered from the list. It
 * refuses to be written to.
 */
export function snapshotOf(caller: Caller): Caller {
  const calls = new Map<string, Call>();
  return (identity) => {
    const key = JSON.stringify([identity.region, identity.role, identity.externalId]);
    const known = calls.get(key);
    if (known !== undefined) return known;
    const made = listing(caller(identity));
    calls.set(key, made);
    return made;
  };
}

function listing(call: Call): Call {
  const answered = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const found = (answered.get(key) as Promise<T> | undefined) ?? ask();
    answered.set(key, found);
    return found;
  };
  const ask: Call = (operation, input) =>
    repeated.has(operation)
      ? once(`${operation} ${JSON.stringify(input)}`, () => call(operation, input))
      : call(operation, input);

  const fromLists: { readonly [O in Operation]?: (input: Input<O>) => Promise<unknown> } = {
    "ssm:GetParameters": async (input) => {
      const { Names = [] } = input;
      // A list does not tell what is a secret.
      const isListed = (name: string) =>
        name.startsWith(`${root}/`) && !name.startsWith(`${root}/shared/`);
      if (!Names.every(isListed)) return ask("ssm:GetParameters", input);
      const known = await once("parameters", () => everyWritten(ask));
      return {
        Parameters: Names.flatMap((Name) => {
          const { at = "", text } = known.get(Name) ?? {};
          return text === undefined ? [] : [{ Name, Value: text, LastModifiedDate: new Date(at) }];
        }),
      };
    },
    "codecommit:GetBranch": async (input) => {
      const { branchName = "", repositoryName = "" } = input;
      const refs = await once(`refs ${repositoryName}`, () =>
        ask("codecommit:GitPull", { repositoryName })
          .then(({ advertisement }) => refsIn(advertisement))
          // Who may not have the list may ask for one.
          .catch(() => undefined),
      );
      if (refs === undefined) return ask("codecommit:GetBranch", input);
      const commitId = refs.branches.get(branchName);
      if (commitId === undefined) throw missing("BranchDoesNotExistException", branchName);
      return { branch: { branchName, commitId } };
    },
    "cloudformation:DescribeStacks": async (input) => {
      const { StackName: name = "" } = input;
      const stacks = await once("stacks", () => everyStack(call));
      const stack = stacks.get(name);
      if (stack !== undefined) return { Stacks: [stack] };
      throw missing("ValidationError", `Stack with id ${name} does not exist`);
    },
  };

  return (async (operation: Operation, input: never) => {
    if (kindOf(operation) !== "read") throw missing("ReadOnly", `${operation} in a look`);
    return (
      (fromLists[operation] as ((input: never) => unknown) | undefined)?.(input) ??
      ask(operation, input)
    );
  }) as Call;
}

/** Reads that several environments have in common. */
const repeated: ReadonlySet<Operation> = new Set([
  "codecommit:GetBranch",
  "codecommit:GetDifferences",
  "codecommit:GitPull",
  "ssm:GetParametersByPath",
  "sts:GetCallerIdentity",
]);

async function everyStack(call: Call): Promise<ReadonlyMap<string, Stack>> {
  const stacks = await everyItem(async (token) => {
    const page = await call(
      "cloudformation:DescribeStacks",
      token === undefined ? {} : { NextToken: token },
    );
    return { items: page.Stacks, next: page.NextToken };
  });
  return new Map(stacks.map((stack) => [stack.StackName ?? "", stack]));
}

/** As the service would throw it. */
const missing = (name: string, message: string): Error =>
  Object.assign(new Error(message), { name });
