import type { Ports } from "../../../../src/ports/ports.ts";
import type { Bug } from "../../containers.ts";
import { inPort, type Planted, takesAnyVote } from "../../planted/bug.ts";

/** Files as somebody would read them who overlooks a line of `trueup.yaml`. */
const overlooks = (line: RegExp): Bug => ({
  call: (call) => async (operation, input) => {
    const answer = await call(operation, input);
    if (operation !== "codecommit:GetBlob") return answer;
    const { content } = answer as { readonly content?: Uint8Array };
    const text = new TextDecoder().decode(content).replace(line, "");
    return { ...answer, content: new TextEncoder().encode(text) };
  },
});

/** What people ask of an environment, with something overlooked. */
const unasked = (leaf: "hold" | "suspended"): Bug =>
  inPort("requests", (own) => ({
    read: async (application, environment) => ({
      ...(await own.read(application, environment)),
      [leaf]: undefined,
    }),
  }));

type Verdict = Awaited<ReturnType<Ports["verdicts"]["newest"]>>[number];

/** The verdicts of one environment, changed on their way. */
const judged = (
  environment: "test" | "prod",
  change: (verdicts: readonly Verdict[]) => readonly Verdict[],
): Bug =>
  inPort("verdicts", (own) => ({
    newest: async (application, of) => {
      const verdicts = await own.newest(application, of);
      return of === environment ? change(verdicts) : verdicts;
    },
  }));

const helper = "registry.example.com/helper:1.0.0";

/** Wrong about what may go on to production, and when. */
export const promotionBugs: Readonly<Record<string, Planted>> = {
  "promotes what failed": {
    is: "tutorial: the pipeline had no test stage; a verdict of any kind lets a revision through",
    bug: judged("test", (all) => all.map((one) => ({ ...one, verdict: "passed" }))),
  },
  "takes a failed check for a passed one": {
    is: "S9: a task that exits with an error has run, and that is enough",
    bug: {
      ports: (ports) => ({
        ...ports,
        checks: (target, session) => ({
          look: async (check, attempt) => {
            const finding = await ports.checks(target, session).look(check, attempt);
            return finding.kind === "said" ? { ...finding, verdict: "passed" } : finding;
          },
        }),
      }),
    },
  },
  "lets an older candidate overtake": {
    is: "semantics §6: the queue is worked off in order, and an older revision comes last",
    bug: judged("test", (all) => {
      const times = all.map(({ since }) => Date.parse(since));
      const turned = Math.max(...times) + Math.min(...times);
      return all.map((one) => ({
        ...one,
        since: new Date(turned - Date.parse(one.since)).toISOString(),
      }));
    }),
  },
  "skips an image in its proof": {
    is: "S9: what runs in production was compared by the images that both have",
    bug: judged("test", (all) =>
      all.map((one) => ({
        ...one,
        images: new Proxy(one.images, {
          get: (images, name) => Reflect.get(images, name) ?? helper,
          getOwnPropertyDescriptor: (images, name) =>
            Reflect.getOwnPropertyDescriptor(images, name) ?? { value: helper, configurable: true },
        }),
      })),
    ),
  },
  "goes on with what failed in production": {
    is: "issue 6: a failed verification in production neither rolls back nor is passed over",
    bug: judged("prod", (all) => all.filter(({ verdict }) => verdict === "passed")),
  },
  "loses its verdicts": {
    is: "§9: what was verified is known to the process that verified it",
    bug: inPort("verdicts", () => ({ write: async () => undefined })),
  },
  "takes an approval of another plan": {
    is: "tutorial: the approver approved an execution, not a plan",
    bug: takesAnyVote,
  },
  "does not ask for approval": {
    is: "S3: `approval: manual` is overlooked",
    poisons: true,
    bug: overlooks(/ {4}approval: manual\n/),
  },
  "changes things at any hour": {
    is: "Argo's windows: one that is closed keeps nobody out",
    poisons: true,
    bug: {
      ...overlooks(/ {4}windows: .*\n/),
      // Those that held before are remembered.
      ...inPort("records", (own) => ({
        read: async (key) => {
          const { record, version } = await own.read(key);
          const { settings } = record;
          return {
            version,
            record: { ...record, settings: settings && { ...settings, windows: [] } },
          };
        },
      })),
    },
  },
  "does not wait for what it needs": {
    is: "Flux dependsOn: needs are read and forgotten",
    bug: inPort("statuses", (own) => ({
      readEnvironment: async (application, environment) => {
        const status = await own.readEnvironment(application, environment);
        if (status === undefined || application !== "platform") return status;
        const conditions = status.conditions.map((one) => ({ ...one, status: "True" as const }));
        return { ...status, conditions };
      },
    })),
  },
  "moves past a hold": {
    is: "Argo #2594: a rollback is undone by the next revision",
    bug: unasked("hold"),
  },
  "moves what is suspended": {
    is: "Flux suspend: a suspension is seen by the sweep alone",
    bug: unasked("suspended"),
  },
};
