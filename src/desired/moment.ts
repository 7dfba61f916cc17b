import type { TerminalError } from "../model/errors.ts";
import type { Registration } from "../model/registration.ts";
import type { RequestSet } from "../model/requests.ts";
import { sessionName } from "../model/session.ts";
import type { EnvironmentStatus } from "../model/status.ts";
import type { Ports } from "../ports/ports.ts";

/** Which environment, or which instance of one (`env.instance`), is worked on. */
export interface Scope {
  readonly application: string;
  readonly environment: string;
  readonly ports: Ports;
}

/** What people asked for, what is registered and what was last said: every pass starts from them. */
export interface Moment extends Scope {
  readonly before: EnvironmentStatus;
  readonly requests: RequestSet;
  /** The error: it cannot be read. Undefined: there is none. */
  readonly registration: Registration | TerminalError | undefined;
  /** ISO 8601. */
  readonly now: string;
}

/** What the pass is called in the logs of its target: after whoever asked for it, as long as he waits. */
export const sessionOf = ({ application, before, environment, requests }: Moment): string => {
  const { requestedAt: asked } = requests;
  return sessionName(application, environment, asked === before.requestedAt ? undefined : asked);
};
