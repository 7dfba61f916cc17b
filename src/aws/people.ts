import type { Registration } from "../model/registration.ts";
import type { Call } from "./call.ts";

/** What a person, never the controller, writes to Parameter Store. */
export interface People {
  register(registration: Registration): Promise<void>;
  suspend(application: string, environment: string, request: Suspension): Promise<void>;
  /** Nothing happens where nothing is suspended. */
  resume(application: string, environment: string): Promise<void>;
  /** Keeps an environment at a revision, whatever its branch says. */
  hold(application: string, environment: string, request: HoldRequest): Promise<void>;
  /** Nothing happens where nothing is held. */
  release(application: string, environment: string): Promise<void>;
}

interface HoldRequest extends Suspension {
  /** 40 hex. */
  readonly revision: string;
}

interface Suspension {
  readonly reason: string;
  /** ISO 8601. */
  readonly until?: string;
}

export const peopleOf = (call: Call): People => ({
  async register({ application, ...registration }) {
    await put(call, `/trueup/${application}/registration`, JSON.stringify(registration));
  },

  async suspend(application, environment, request) {
    await put(call, `/trueup/${application}/${environment}/suspended`, JSON.stringify(request));
  },

  resume: (application, environment) =>
    remove(call, `/trueup/${application}/${environment}/suspended`),

  async hold(application, environment, request) {
    await put(call, `/trueup/${application}/${environment}/hold`, JSON.stringify(request));
  },

  release: (application, environment) => remove(call, `/trueup/${application}/${environment}/hold`),
});

async function remove(call: Call, Name: string): Promise<void> {
  try {
    await call("ssm:DeleteParameter", { Name });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ParameterNotFound") throw error;
  }
}

const put = (call: Call, Name: string, Value: string) =>
  call("ssm:PutParameter", { Name, Value, Type: "String", Overwrite: true });
