import { fetchApplication, fetchTip } from "../desired/source.ts";
import { connect } from "./connection.ts";
import { readArguments, UsageError } from "./usage.ts";
import type { Verb } from "./verb.ts";

/**
 * Connects an application: says which repository and branch to follow, and what it may at most do.
 * Its environments begin suspended, with their plan to look at; `trueup resume` starts each.
 */
export const register: Verb = {
  name: "register",
  summary: "connect an application's repository",
  usage:
    "trueup register APP --repository NAME [--branch main] [--file trueup.yaml] [--account ID]… [--region R]… [--role ARN]… [--ssm NAME]… [--start] [--json]",

  async run(args, io) {
    const { positionals, values } = readArguments(args, {
      account: { type: "string", multiple: true },
      branch: { type: "string", default: "main" },
      file: { type: "string", default: "trueup.yaml" },
      json: { type: "boolean" },
      region: { type: "string", multiple: true },
      repository: { type: "string" },
      role: { type: "string", multiple: true, default: [] },
      ssm: { type: "string", multiple: true, default: [] },
      start: { type: "boolean" },
    });
    const [application, ...more] = positionals;
    if (application === undefined || more.length > 0) throw new UsageError("Name one application.");
    if (values.repository === undefined) throw new UsageError("Say --repository NAME.");

    const { people, ports } = await connect(io);
    const home = await ports.home();
    const registration = {
      application,
      repository: values.repository,
      branch: values.branch,
      file: values.file,
      environments: {
        "*": {
          accounts: values.account ?? [home.account],
          regions: values.region ?? [home.region],
          roles: values.role,
        },
      },
      ssm: values.ssm,
    };
    const tip = await fetchTip(registration, registration.branch, ports);
    const { application: read } = await fetchApplication(registration, tip, ports);
    const names = Object.keys(read.environments);
    if (values.start !== true) {
      const request = { reason: "new: look at its plan, then resume it" };
      for (const name of names) await people.suspend(application, name, request);
    }
    await people.register(registration);
    const suspended = values.start !== true;
    if (values.json === true) {
      io.out(JSON.stringify({ application, environments: names, suspended }));
      return 0;
    }
    io.out(`${application} is registered with ${names.join(", ")}.`);
    if (!suspended) return 0;
    for (const name of names) {
      io.out(`  trueup plan ${application}/${name}; trueup resume ${application}/${name}`);
    }
    return 0;
  },
};
