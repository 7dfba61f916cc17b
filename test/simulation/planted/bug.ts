import type { Ports, Stacks } from "../../../src/ports/ports.ts";
import type { Bug } from "../containers.ts";

/** A known way to be wrong, put around the product from outside: the product itself has no switch for it. */
export interface Planted {
  /** Where it comes from, and what it is, in words. */
  readonly is: string;
  readonly bug: Bug;
  /** It reads files as what they are not: nothing of that may be remembered, nor what is true. */
  readonly poisons?: true;
}

/** The controller with some of one port replaced. */
export const inPort = <K extends keyof Ports>(
  name: K,
  change: (port: Ports[K]) => Partial<Ports[K]>,
): Bug => ({
  ports: (ports) => ({ ...ports, [name]: { ...ports[name], ...change(ports[name]) } }),
});

/** The controller with some of what it does with stacks replaced. */
export const inStacks = (change: (stacks: Stacks) => Partial<Stacks>): Bug => ({
  ports: (ports) => {
    // One for each target in each process, which remembers what it remembers.
    const changed = new Map<string, Stacks>();
    return {
      ...ports,
      stacks: (target, session) => {
        const key = JSON.stringify(target);
        const own = ports.stacks(target, session);
        const known = changed.get(key) ?? { ...own, ...change(own) };
        changed.set(key, known);
        return known;
      },
    };
  },
});

/** Takes stacks of one status for stacks of another. */
export const mistakes = (pattern: RegExp, status: string): Bug =>
  inStacks((own) => ({
    describe: async (name) => {
      const stack = await own.describe(name);
      return stack !== undefined && pattern.test(stack.status) ? { ...stack, status } : stack;
    },
  }));

/** Whatever plan a vote names, it counts for the one that is offered. */
export const takesAnyVote: Bug = {
  ports: (ports) => {
    let offered = "";
    return {
      ...ports,
      artifacts: {
        ...ports.artifacts,
        put: (path, text) => {
          offered = /^plans\/.*?([0-9a-f]{64})/.exec(path)?.[1] ?? offered;
          return ports.artifacts.put(path, text);
        },
      },
      requests: {
        ...ports.requests,
        votes: async (application, environment) =>
          (await ports.requests.votes(application, environment)).map((vote) =>
            offered === "" ? vote : { ...vote, digest: offered },
          ),
      },
    };
  },
};

/** What a repository held when it was first asked is what it holds. */
export const remembersTheRegistry: Bug = inPort("images", (own) => {
  const known = new Map<string, ReturnType<typeof own.list>>();
  return {
    list: (repository) => {
      const answer = known.get(repository.name) ?? own.list(repository);
      known.set(repository.name, answer);
      return answer;
    },
  };
});
