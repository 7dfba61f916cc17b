import { describe, expect, test } from "vitest";
import { compiledFrom, saidOf } from "./from-text.ts";

const network = "x-vpc: { Properties: { SingleNat: true } }";

/** What is said of how services are reached. */
const waysOf = (services: string, rest = ""): readonly string[] =>
  saidOf(`services:\n${services}\n${network}\n${rest}\n`).filter((line) => line.includes("no-way"));

const web = (own: string) => `  web: { image: "web:1"${own} }`;
const api = (own: string) => `  api: { image: "api:1"${own} }`;

describe("a service that nobody is let in at", () => {
  test.for([
    [web(', ports: ["80"]'), "services.web.ports"],
    [`${web(", depends_on: [api]")}\n${api(', expose: ["80"]')}`, "services.web.depends_on.api"],
    [
      `${web(", depends_on: { api: { condition: service_healthy } }")}\n${api(", healthcheck: { test: [CMD, up] }")}`,
      "services.web.depends_on.api",
    ],
    // Most files say no ports of what stays inside: who is told the address calls it.
    [
      `${web(', environment: { CACHE: "redis://:secret@api/0" }')}\n${api("")}`,
      "services.web.environment.CACHE",
    ],
    [
      `${web(', environment: ["PEERS=other:1,api:9092"]')}\n${api("")}`,
      "services.web.environment.PEERS",
    ],
    [
      `${web(", environment: { DB: 'Server=api;Database=x' }")}\n${api("")}`,
      "services.web.environment.DB",
    ],
    [`${web(", environment: { DB_HOST: api }")}\n${api("")}`, "services.web.environment.DB_HOST"],
    [`${web(", command: [serve, --to=http://api]")}\n${api("")}`, "services.web.command"],
    // Who lets itself in is reached; so is the other, but not by this one.
    [
      `${web(', ports: ["80"], x-network: { Ingress: { Myself: true } }')}\n${api(', ports: ["80"]')}`,
      "services.api.ports",
    ],
  ])("is told of where others could be meant to: %s", ([services = "", path]) => {
    expect(waysOf(services)).toEqual([`warning no-way ${path}`]);
  });

  test.for([
    web(""),
    web(', expose: ["80"]'),
    web(', ports: ["80"], x-network: { AdditionalSecurityGroups: [sg-12345678] }'),
    web(', ports: ["80"], x-network: { Ingress: { ExtSources: [{ IPv4: 10.0.0.0/8 }] } }'),
    // There to be first, or to be done.
    `${web(", depends_on: [api]")}\n${api("")}`,
    `${web(", depends_on: { api: { condition: service_completed_successfully } }")}\n${api(', expose: ["80"]')}`,
    // A word that happens to be its name, the user of an address, a time, a host of others.
    `${web(", environment: { DB_NAME: api, URL: 'x://api:pw@elsewhere', AT: 'api:1', HOST: api.example }")}\n${api("")}`,
    // In one task they reach each other anyhow.
    `${web(", depends_on: [api], deploy: { labels: { ecs.task.family: a } }")}\n${api(', expose: ["80"], deploy: { labels: { ecs.task.family: a } }')}`,
  ])("is not where nobody is: %s", (services) => {
    expect(waysOf(services)).toEqual([]);
  });

  test("has a load balancer that is, or events that start its tasks alone", () => {
    const lb =
      'x-elbv2: { lb: { Properties: { Type: application }, MacroParameters: { Ingress: { ExtSources: [{ IPv4: 0.0.0.0/0 }] } }, Listeners: [{ Port: 80, Protocol: HTTP, Targets: [{ name: "web:web:80" }] }], Services: { "web:web:80": {} } } }';
    expect(waysOf(web(', ports: ["80"]'), lb)).toEqual([]);
    const events =
      "x-events: { e: { Properties: { ScheduleExpression: rate(1 hour) }, Services: { web: { DeleteDefaultService: true } } } }";
    expect(waysOf(web(', ports: ["80"]'), events)).toEqual([]);
  });
});

test("all who call are named in what to do", () => {
  const worker =
    '  worker: { image: "worker:1", depends_on: [api], environment: [API=http://api] }';
  const text = `services:\n${web(", depends_on: [api]")}\n${api(', ports: ["80"]')}\n${worker}\n${network}\n`;
  const compiled = compiledFrom(text);
  const said = compiled.kind === "compiled" ? compiled.warnings : [];
  expect(said.find(({ code }) => code === "no-way")?.help).toBe(
    "Write x-network: {Ingress: {Services: [{Name: web}, {Name: worker}]}} at api, with x-cloudmap for its name, or have a load balancer of x-elbv2 send to it.",
  );
});
