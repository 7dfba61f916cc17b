import type { Context } from "aws-lambda";
import type { Loops } from "../../src/loops.ts";
import { emptyRecord } from "../../src/model/record.ts";
import type { Registration } from "../../src/model/registration.ts";
import { noRequests } from "../../src/model/requests.ts";
import type { ApplicationStatus } from "../../src/model/status.ts";
import type { Ports } from "../../src/ports/ports.ts";

/** What a made-up world holds, as far as finding keys needs it. */
export interface World {
  readonly registrations?: readonly Registration[];
  readonly statuses?: Readonly<Record<string, Partial<ApplicationStatus>>>;
  /** Repository → `trueup.yaml` at the tip of main. */
  readonly files?: Readonly<Record<string, string>>;
  readonly artifacts?: Readonly<Record<string, string>>;
  /** Keys that have a record. */
  readonly records?: readonly string[];
}

export const registration = (application: string, repository = application): Registration => ({
  application,
  repository,
  branch: "main",
  file: "trueup.yaml",
  environments: {},
  ssm: [],
});

const noLeases: Ports["leases"] = {
  list: async () => [],
  read: async () => undefined,
  write: async () => {},
  remove: async () => {},
};

const pullRequests: Ports["pullRequests"] = {
  isGuarded: async () => false,
  find: async () => undefined,
  state: async () => "open",
  branch: async () => undefined,
  create: async () => "1",
  describe: async () => undefined,
  close: async () => undefined,
};

/** Ports over a made-up world, which write down what is asked of them. */
export function fakePorts({ artifacts, files, records, registrations = [], statuses }: World = {}) {
  const sent: (readonly [key: string, id: string])[] = [];
  const lines: Record<string, unknown>[] = [];
  const wakeups: (readonly [key: string, at: string])[] = [];
  const asked: (readonly string[])[] = [];
  const ports: Partial<Ports> = {
    artifacts: { read: async (path) => artifacts?.[path], put: async () => {} },
    clock: { now: () => "2026-03-02T10:31:48.250Z", sleep: async () => {} },
    images: {
      find: async () => ({ kind: "unknown" }) as const,
      index: async () => undefined,
      list: async () => ({ kind: "images", images: [] }),
      scan: async () => undefined,
    },
    leases: noLeases,
    log: (message, fields) => lines.push({ message, ...fields }),
    pullRequests,
    queue: { send: async (keys, id) => void sent.push(...keys.map((key) => [key, id] as const)) },
    records: {
      read: async () => ({ record: emptyRecord, version: undefined }),
      write: async () => "1",
      keys: async (application) =>
        (records ?? []).filter((key) => key.startsWith(`${application}/`)),
      remove: async () => {},
    },
    registrations: {
      list: async () => registrations,
      read: async (name) => registrations.find(({ application }) => application === name),
    },
    requests: {
      read: async () => noRequests,
      votes: async () => [],
      consents: async () => [],
      ask: async (...args) => void asked.push(args),
    },
    sources: {
      tip: async (repository) => {
        if (files?.[repository] === undefined) throw new Error(`${repository} is unreachable`);
        return "c1";
      },
      tree: async () => new Map([["trueup.yaml", "1"]]),
      blob: async (repository) => files?.[repository] ?? "",
      message: async () => ({ text: "", parent: undefined }),
      refs: async () => ({ branches: new Map(), tags: new Map() }),
      dates: async () => new Map(),
      commit: async () => undefined,
    },
    stored: { read: async () => new Map() },
    statuses: {
      readApplication: async (application) => statuses?.[application] as ApplicationStatus,
      readEnvironment: async () => undefined,
      removeEnvironment: async () => {},
      writeApplication: async () => {},
      writeEnvironment: async () => {},
    },
    wakeups: { set: async (key, at) => void wakeups.push([key, at]) },
  };
  const world = { ...ports, snapshot: () => world } as Ports;
  return { asked, lines, ports: world, sent, wakeups };
}

/** Loops that write down what they were called with, and fail as told. */
export function fakeLoops(failures: Readonly<Record<string, Error>> = {}) {
  const worked: string[] = [];
  const loop =
    (name: string) =>
    async (application: string, ...rest: unknown[]) => {
      const [environment] = rest.filter((one) => typeof one === "string");
      const text = [name, application, environment].filter(Boolean).join(" ");
      worked.push(text);
      const failure = failures[text];
      if (failure !== undefined) throw failure;
    };
  const loops: Loops = {
    automate: loop("automate"),
    reconcile: loop("reconcile"),
  };
  return { loops, worked };
}

export const contextWith = (remaining: number): Context =>
  ({ awsRequestId: "request-1", getRemainingTimeInMillis: () => remaining }) as Context;
