import type { Data } from "../../../compose/project.ts";
import { shown } from "../../../compose/shown.ts";
import { distinct } from "../../../model/same.ts";
import { type Properties, ref, type Value } from "../../../model/template.ts";
import { base, type Layer } from "../../graph.ts";
import { hashedId, pascal } from "../../ids.ts";
import {
  asIs,
  integer,
  isMapping,
  list,
  object,
  oneOf,
  type Read,
  text,
  textOr,
} from "../../read.ts";
import type { Path } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import { dataValue, propertiesOf } from "../../values.ts";
import { certificatesOf, readCertificates } from "./certificates.ts";
import { type LoadBalancer, protocols } from "./load-balancer.ts";

export const readTargets = list(
  object(
    {
      name: text,
      access: text,
      Conditions: asIs,
      Priority: integer,
      AuthenticateCognitoConfig: asIs,
      AuthenticateOidcConfig: asIs,
      CreateCognitoClient: asIs,
    },
    ["name"],
  ),
);

const readListener = object({
  Port: integer,
  Protocol: text,
  SslPolicy: text,
  AlpnPolicy: textOr(list(text)),
  Certificates: readCertificates,
  ListenerAttributes: asIs,
  MutualAuthentication: asIs,
  DefaultActions: list(asIs),
  Targets: readTargets,
});

type Given = Read<typeof readListener>;

export type Target = Read<typeof readTargets>[number];

/** One listener: where rules are attached. */
export interface Listener {
  readonly id: string;
  readonly arn: Value;
  readonly port: number;
  readonly protocol: string;
  /** Its certificate, where it has one, and what else it is told in the words of CloudFormation. */
  readonly security: Properties;
  /** Certificates beside the first, for other names. */
  readonly moreCertificates: readonly Value[];
  readonly path: Path;
  readonly targets: readonly Target[];
}

/** The listeners of a load balancer: a list with `Port`, or a mapping by port. */
export function listenersOf(
  data: Data | undefined,
  loadBalancer: LoadBalancer,
  scope: Scope,
): readonly Listener[] {
  const path = [...loadBalancer.path, "Listeners"];
  const entries: readonly (readonly [string | number, Data])[] = isMapping(data)
    ? Object.entries(data)
    : (list(asIs)(data ?? [], path, scope.report) ?? []).map((item, index) => [index, item]);
  const taken = new Set<number>();
  return entries.flatMap(([key, item]) => {
    const at = [...path, key];
    const given = readListener(item, at, scope.report);
    const port = given?.Port ?? (typeof key === "string" ? Number(key) : undefined);
    if (given === undefined) return [];
    if (port === undefined || !(port >= 1 && port <= 65_535)) {
      scope.report.error({ code: "missing-key", path: at, message: "Port is missing" });
      return [];
    }
    if (taken.has(port)) {
      const message = `there is a listener on ${port} already`;
      scope.report.error({ code: "same-port", path: at, message });
      return [];
    }
    taken.add(port);
    return [listenerOf(given, port, at, loadBalancer, scope)];
  });
}

function listenerOf(
  given: Given,
  port: number,
  path: Path,
  loadBalancer: LoadBalancer,
  scope: Scope,
): Listener {
  const at = [...path, "Certificates"];
  const certificates = certificatesOf(given.Certificates ?? [], at, scope);
  const protocol = protocolOf(given, certificates.length > 0, loadBalancer, path, scope);
  const security = {
    ...securityOf(given, certificates[0], { protocol, path }, scope),
    ...passedOn(given, path, scope),
  };
  const createOnly = { LoadBalancerArn: loadBalancer.arn };
  const id = hashedId(`${pascal(loadBalancer.name)}Listener${port}`, createOnly);
  const moreCertificates = certificates.slice(1);
  const targets = given.Targets ?? [];
  const arn = ref(id);
  const listener = { id, arn, port, protocol, security, moreCertificates, path, targets };
  if (loadBalancer.type === "network") {
    // It is where its target is.
    checkForward(given, path, scope);
    return listener;
  }
  scope.add({
    id,
    type: "AWS::ElasticLoadBalancingV2::Listener",
    layer: base,
    properties: {
      ...createOnly,
      Port: port,
      Protocol: protocol,
      ...security,
      DefaultActions: defaultActions(given, path, scope),
    },
    path,
  });
  addCertificates(listener, id, base, scope);
  return listener;
}

/** A listener has one certificate of its own; each other is a resource beside it. */
export function addCertificates(
  { moreCertificates, path }: Listener,
  listener: string,
  layer: Layer,
  scope: Scope,
): void {
  for (const certificate of distinct(moreCertificates))
    scope.add({
      // Not by its place: who moves up in the list would be taken off it as who stood there last.
      id: hashedId(`${listener}Certificate`, { certificate }),
      type: "AWS::ElasticLoadBalancingV2::ListenerCertificate",
      layer,
      properties: {
        ListenerArn: ref(listener),
        Certificates: [{ CertificateArn: certificate }],
      },
      path,
    });
}

function securityOf(
  { SslPolicy, AlpnPolicy }: Given,
  certificate: Value | undefined,
  { protocol, path }: Pick<Listener, "protocol" | "path">,
  { report }: Scope,
): Properties {
  if (AlpnPolicy !== undefined && protocol !== "TLS") {
    const message = `AlpnPolicy is for TLS listeners, not ${protocol}`;
    report.error({ code: "cannot-honour", path: [...path, "AlpnPolicy"], message });
  }
  if (certificate === undefined) return {};
  return {
    Certificates: [{ CertificateArn: certificate }],
    SslPolicy: SslPolicy ?? "ELBSecurityPolicy-TLS13-1-2-2021-06",
    ...(AlpnPolicy === undefined ? {} : { AlpnPolicy: [AlpnPolicy].flat() }),
  };
}

const passedOn = (
  { ListenerAttributes, MutualAuthentication }: Given,
  path: Path,
  scope: Scope,
): Properties =>
  Object.fromEntries(
    Object.entries({ ListenerAttributes, MutualAuthentication }).flatMap(([key, data]) =>
      data === undefined ? [] : [[key, dataValue(data, [...path, key], scope)]],
    ),
  );

/** All that a network load balancer's listener can do. */
function checkForward(
  { Targets = [], DefaultActions }: Given,
  path: Path,
  { report }: Scope,
): void {
  const help = "A listener of a network load balancer forwards to one target.";
  if (DefaultActions !== undefined) {
    const message = "a network load balancer has no default actions";
    report.error({ code: "cannot-honour", path: [...path, "DefaultActions"], message, help });
  }
  if (Targets.length === 0)
    report.error({ code: "missing-key", path, message: "Targets is missing", help });
}

/** As ComposeX has it: a certificate says that HTTP is meant to be HTTPS, and TCP to be TLS. */
function protocolOf(
  given: Given,
  isSecure: boolean,
  { type }: LoadBalancer,
  path: Path,
  { report }: Scope,
): string {
  const [plain, secure] = protocols[type];
  const asked = (given.Protocol ?? plain).toUpperCase();
  const known: readonly string[] = protocols[type];
  if (!known.includes(asked)) {
    const message = `load balancers of the type ${type} speak ${known.join(", ")}, not ${shown(asked)}`;
    report.error({ code: "unknown-value", path: [...path, "Protocol"], message });
  }
  if (asked === secure && !isSecure) {
    const help = "Add Certificates: [{x-acm: name}] or [{CertificateArn: arn}].";
    const message = `${asked} needs a certificate`;
    report.error({ code: "missing-key", path, message, help });
  }
  return isSecure ? secure : asked;
}

const notFound: Properties = {
  Type: "fixed-response",
  FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain", MessageBody: "Not found" },
};

const toHttps: Properties = {
  Type: "redirect",
  RedirectConfig: { Protocol: "HTTPS", Port: "443", StatusCode: "HTTP_301" },
};

/** What ComposeX has names for. */
const predefined = {
  HTTP_TO_HTTPS: toHttps,
  TEA_POT: {
    Type: "fixed-response",
    FixedResponseConfig: { StatusCode: "418", ContentType: "text/plain", MessageBody: "Teapot" },
  },
} satisfies Readonly<Record<string, Properties>>;

const readPredefined = object({ Redirect: oneOf("HTTP_TO_HTTPS", "TEA_POT") });

/** Never a forward: the listener is made before any family is, and outlives them (design-aws 8). */
function defaultActions(given: Given, path: Path, scope: Scope): readonly Properties[] {
  const actions = (given.DefaultActions ?? []).map((action, index) => {
    const at = [...path, "DefaultActions", index];
    if (isMapping(action) && action.Redirect !== undefined) {
      const { Redirect } = readPredefined(action, at, scope.report) ?? {};
      return Redirect === undefined ? notFound : predefined[Redirect];
    }
    const properties = propertiesOf(action, at, scope);
    if (properties.Type === "redirect" || properties.Type === "fixed-response") return properties;
    const message = "a default action answers or redirects";
    const help = "To forward, add a target with access: /.";
    scope.report.error({ code: "unknown-value", path: at, message, help });
    return notFound;
  });
  return actions.length > 0 ? actions : [notFound];
}
