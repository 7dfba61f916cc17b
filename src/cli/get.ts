import type { ApplicationStatus, EnvironmentStatus } from "../model/status.ts";
import type { Ports } from "../ports/ports.ts";
import { unlessRefused } from "../refused.ts";
import { environmentsOf, noneRegistered, registered } from "./applications.ts";
import { connect } from "./connection.ts";
import { unknown } from "./known.ts";
import { exitStatusOf, renderApplication, renderStatus } from "./show.ts";
import { readArguments, readPlace, refuseMore } from "./usage.ts";
import type { Io, Verb } from "./verb.ts";

/** Shows how everything, one application or one environment stands. */
export const get: Verb = {
  name: "get",
  summary: "show how things stand",
  usage: "trueup get [APP[/ENV]] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, { json: { type: "boolean" } });
    refuseMore(positionals, 1);
    const [word] = positionals;
    const { ports } = await connect(io);
    if (word?.includes("/")) {
      const place = readPlace(positionals);
      const status = await ports.statuses.readEnvironment(place.application, place.environment);
      if (status === undefined) throw await unknown(place, ports);
      const told = () => withAllErrors(status, ports);
      io.out(values.json === true ? JSON.stringify(status) : renderStatus(place, await told(), io));
      return exitStatusOf(status);
    }
    const found = await overview(word, ports);
    io.out(values.json === true ? JSON.stringify(found) : listed(found, io));
    return 0;
  },
};

/** With the errors that it had no room for, unless they are for others to see. */
async function withAllErrors(
  status: EnvironmentStatus,
  { artifacts }: Ports,
): Promise<EnvironmentStatus> {
  const { more } = status;
  const text = more === undefined ? undefined : await unlessRefused(() => artifacts.read(more));
  if (typeof text !== "string") return status;
  return { ...status, errors: JSON.parse(text), moreErrors: 0 };
}

interface Overview {
  readonly application: string;
  readonly status: ApplicationStatus | undefined;
  readonly environments: Readonly<Record<string, EnvironmentStatus | undefined>>;
}

async function overview(only: string | undefined, ports: Ports): Promise<readonly Overview[]> {
  return Promise.all(
    (await registered(only, ports)).map(async ({ application }) => {
      const status = await ports.statuses.readApplication(application);
      const environments = await Promise.all(
        (await environmentsOf(application, status, ports)).map(
          async (name) => [name, await ports.statuses.readEnvironment(application, name)] as const,
        ),
      );
      return { application, status, environments: Object.fromEntries(environments) };
    }),
  );
}

const listed = (found: readonly Overview[], io: Io): string =>
  found.length === 0 ? noneRegistered : found.map((one) => shown(one, io)).join("\n");

function shown({ application, environments, status }: Overview, io: Io): string {
  const own =
    status === undefined
      ? `${application}\n  nothing known yet`
      : renderApplication(application, status, io);
  const each = Object.entries(environments).map(([environment, found]) =>
    found === undefined
      ? `${application}/${environment}\n  nothing known yet`
      : renderStatus({ application, environment }, found, io),
  );
  return [own, ...each].join("\n");
}
