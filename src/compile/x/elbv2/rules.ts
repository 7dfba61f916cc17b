import { shown } from "../../../compose/shown.ts";
import { type Properties, ref, type Value } from "../../../model/template.ts";
import { pascal } from "../../ids.ts";
import { suggestion } from "../../nearest.ts";
import type { Path, Report } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import { isOff } from "../../services/unknown-service.ts";
import { dataValue } from "../../values.ts";
import { authenticationOf } from "./auth.ts";
import { addCertificates, type Listener, type Target } from "./listeners.ts";
import { type LoadBalancer, startOf, type TargetGroup } from "./load-balancer.ts";
import { type Match, overlap, priorityOf } from "./priority.ts";

interface Rule {
  readonly match: Match;
  readonly group: TargetGroup;
  /** Who must be known before it forwards. */
  readonly authentication: readonly Properties[];
  readonly priority: number;
  readonly path: Path;
}

/** The rules of one listener, each in the stack of the family it leads to. Answers the groups it uses. */
export function addRules(
  listener: Listener,
  groups: readonly TargetGroup[],
  loadBalancer: LoadBalancer,
  scope: Scope,
): readonly TargetGroup[] {
  const rules: Rule[] = [];
  return listener.targets.flatMap((target, index) => {
    const path = [...listener.path, "Targets", index];
    if (target.name === undefined) return [];
    const [group, ...others] = groupsNamed(target.name, groups);
    if (group === undefined || others.length > 0) {
      const fault = notOneGroup(target.name, group !== undefined, groups, loadBalancer);
      refuse(target.name, { path, ...fault }, scope);
      return [];
    }
    if (loadBalancer.type === "network") {
      addForward(listener, group, loadBalancer, scope);
      return [group];
    }
    const match = matchOf(target, path, scope);
    const given = givenPriority(target, path, scope);
    const priority = given ?? priorityOf(match, group.owner);
    const id = ruleId(group, loadBalancer, listener, priority);
    const place = { id: `${id}Client`, layer: group.layer, hosts: match.hosts, path };
    const authentication = authenticationOf(target, listener, place, scope);
    const rule = { match, group, authentication, priority, path };
    if (!isAlone(rule, rules, given, scope)) return [group];
    checkOrder(rule, rules, target, scope);
    rules.push(rule);
    addRule(rule, listener, loadBalancer, scope);
    return [group];
  });
}

const refuse = (name: string, remark: Parameters<Report["error"]>[0], scope: Scope): void =>
  isOff(name, scope) ? undefined : scope.report.error(remark);

function notOneGroup(
  name: string,
  isKnown: boolean,
  groups: readonly TargetGroup[],
  loadBalancer: LoadBalancer,
) {
  const services = `the Services of ${loadBalancer.name}`;
  if (isKnown) {
    const message = `${name} is more than one of ${services}`;
    return { code: "ambiguous", message, help: "Add the port." };
  }
  const known = groups.map((group) => group.name);
  const message = `${shown(name)} is not among ${services}`;
  return { code: "unknown-service", message, help: suggestion(name, known) };
}

function givenPriority(
  { Priority: given }: Target,
  path: Path,
  { report }: Scope,
): number | undefined {
  if (given === undefined || (given >= 1 && given <= 50_000)) return given;
  const message = `${given} is no priority: they are 1 to 50000`;
  report.error({ code: "out-of-bounds", path: [...path, "Priority"], message });
  return undefined;
}

/** What a network load balancer's listeners can send to. */
const forwards: Readonly<Record<string, readonly string[]>> = {
  TCP: ["TCP", "TCP_UDP"],
  TLS: ["TCP", "TLS"],
  UDP: ["UDP", "TCP_UDP"],
  TCP_UDP: ["TCP_UDP"],
};

/** A network load balancer has no rules: its listener is all that leads to the target. */
function addForward(
  listener: Listener,
  group: TargetGroup,
  loadBalancer: LoadBalancer,
  scope: Scope,
): void {
  if (listener.targets.length > 1) {
    const message = "a listener of a network load balancer has one target";
    scope.report.error({ code: "too-many", path: listener.path, message });
    return;
  }
  checkPlain(listener, scope);
  const known = forwards[listener.protocol] ?? [];
  if (known.length > 0 && !known.includes(group.protocol)) {
    const message = `a ${listener.protocol} listener forwards to ${known.join(" or ")}, and ${group.name} is ${group.protocol}`;
    scope.report.error({ code: "unknown-value", path: listener.path, message });
  }
  const id = `${startOf(group)}On${pascal(loadBalancer.name)}${listener.port}Listener`;
  scope.add({
    id,
    type: "AWS::ElasticLoadBalancingV2::Listener",
    layer: group.layer,
    properties: {
      LoadBalancerArn: loadBalancer.arn,
      Port: listener.port,
      Protocol: listener.protocol,
      ...listener.security,
      DefaultActions: [{ Type: "forward", TargetGroupArn: ref(group.id) }],
    },
    path: listener.path,
  });
  addCertificates(listener, id, group.layer, scope);
  for (const family of group.families) family.waitsFor.push(id);
}

/** Without rules nothing tells one request from another. */
function checkPlain({ targets: [target], path }: Listener, { report }: Scope): void {
  const at = [...path, "Targets", 0];
  for (const key of [
    "AuthenticateCognitoConfig",
    "AuthenticateOidcConfig",
    "Conditions",
    "CreateCognitoClient",
  ] as const) {
    if (target?.[key] === undefined) continue;
    const message = `a network load balancer has no ${key}`;
    report.error({ code: "cannot-honour", path: [...at, key], message });
  }
  if ((target?.access ?? "/") === "/" && target?.Priority === undefined) return;
  const message =
    "a network load balancer has no rules: whatever comes to its port goes to its target";
  report.warn({ code: "no-effect", path: at, message, help: "Write access: /." });
}

/** One is called so; else those whose container, or its port, is. */
function groupsNamed(name: string, groups: readonly TargetGroup[]): readonly TargetGroup[] {
  const called = groups.filter((group) => group.name === name);
  if (called.length > 0) return called;
  return groups.filter(({ whole }) => whole === name || whole.startsWith(`${name}:`));
}

function addRule(
  { match, group, authentication, priority, path }: Rule,
  listener: Listener,
  loadBalancer: LoadBalancer,
  scope: Scope,
): void {
  const id = ruleId(group, loadBalancer, listener, priority);
  scope.add({
    id,
    type: "AWS::ElasticLoadBalancingV2::ListenerRule",
    layer: group.layer,
    properties: {
      ListenerArn: listener.arn,
      Priority: priority,
      Conditions: match.conditions,
      Actions: [
        ...authentication,
        {
          Type: "forward",
          ...(authentication.length > 0 ? { Order: authentication.length + 1 } : {}),
          TargetGroupArn: ref(group.id),
        },
      ],
    },
    path,
  });
  for (const family of group.families) family.waitsFor.push(id);
}

/**
 * The id follows the priority, which is the rule's own identity in its listener: so no two rules
 * ever want to exchange priorities.
 */
const ruleId = (
  group: TargetGroup,
  { name }: LoadBalancer,
  { port }: Listener,
  priority: number,
): string => `${startOf(group)}On${pascal(name)}${port}Rule${priority}`;

/** `access: /`, `/api`, `host`, `host/path`; or CloudFormation's own `Conditions`. */
function matchOf(target: Target, path: Path, scope: Scope): Match {
  if (target.Conditions !== undefined) {
    const at = [...path, "Conditions"];
    const conditions = dataValue(target.Conditions, at, scope);
    if (areConditions(conditions)) return { ...readConditions(conditions), conditions };
    const message = "must be a list of mappings with a Field and its Values";
    scope.report.error({ code: "wrong-type", path: at, message });
  }
  return fromAccess(target.access ?? "/");
}

function fromAccess(access: string): Match {
  const slash = access.indexOf("/");
  const host = (slash === -1 ? access : access.slice(0, slash)).replace(/:\d+$/, "");
  const asked = slash === -1 ? "" : access.slice(slash);
  const hosts = host === "" ? [] : [host];
  const paths = ["", "/", "/*"].includes(asked) ? [] : pathsUnder(asked);
  const onHost = { Field: "host-header", HostHeaderConfig: { Values: hosts } };
  const onPath = { Field: "path-pattern", PathPatternConfig: { Values: paths } };
  const onAny = { Field: "path-pattern", PathPatternConfig: { Values: ["/*"] } };
  const conditions = [...(hosts.length > 0 ? [onHost] : []), ...(paths.length > 0 ? [onPath] : [])];
  return { hosts, paths, others: false, conditions: conditions.length > 0 ? conditions : [onAny] };
}

/** `/api` means itself and everything below it. */
const pathsUnder = (path: string): readonly string[] =>
  /[*?]/.test(path) ? [path] : [path, `${path.replace(/\/$/, "")}/*`];

/** As far as they are read here: of the rest CloudFormation judges. */
const areConditions = (value: Value): value is readonly Properties[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(
    (one: Value) =>
      typeof one === "object" &&
      ["HostHeaderConfig", "PathPatternConfig"].every((key) =>
        areValues((one as Properties)[key]),
      ) &&
      areValues(one),
  );

/** Undefined, or a mapping whose `Values`, if there are any, are a list. */
const areValues = (config: Value | undefined): boolean =>
  config === undefined ||
  (typeof config === "object" &&
    ((config as Properties).Values === undefined || Array.isArray((config as Properties).Values)));

function readConditions(conditions: readonly Properties[]): Omit<Match, "conditions"> {
  const of = (field: string, config: string): readonly string[] =>
    conditions
      .filter((condition) => condition.Field === field)
      .flatMap((condition) => {
        const inner = condition[config] as Properties | undefined;
        return ((inner?.Values ?? condition.Values ?? []) as readonly unknown[]).map(String);
      });
  const known = ["host-header", "path-pattern"];
  return {
    hosts: of("host-header", "HostHeaderConfig"),
    paths: of("path-pattern", "PathPatternConfig"),
    others: conditions.some(({ Field }) => !known.includes(String(Field))),
  };
}

const explicit = "Give one of them a Priority (1 to 50000; the lowest is asked first).";

function isAlone(
  rule: Rule,
  before: readonly Rule[],
  given: number | undefined,
  { report }: Scope,
): boolean {
  const asked = JSON.stringify(rule.match.conditions);
  const isTwin = ({ match }: Rule) => JSON.stringify(match.conditions) === asked;
  const wrong = before.some(({ priority }) => priority === rule.priority)
    ? `has the same priority ${rule.priority} as another target of this listener`
    : given === undefined && before.some(isTwin)
      ? "is asked for just what another target of this listener is asked for"
      : undefined;
  if (wrong === undefined) return true;
  report.error({ code: "same-priority", path: rule.path, message: wrong, help: explicit });
  return false;
}

/** Whether it is all one which of the two a request meets. */
const isSame = (a: Rule, b: Rule): boolean =>
  a.group === b.group && JSON.stringify(a.authentication) === JSON.stringify(b.authentication);

/** Priorities are a rule's own, so an order in the file that means something else is said aloud. */
function checkOrder(rule: Rule, before: readonly Rule[], target: Target, { report }: Scope): void {
  const against = before.find(
    (other) =>
      other.priority > rule.priority &&
      target.Priority === undefined &&
      other.match.paths.length + other.match.hosts.length > 0 &&
      !isSame(other, rule) &&
      overlap(other.match, rule.match),
  );
  if (against === undefined) return;
  const message = "is more specific than a target above it, and would be asked before it";
  report.error({ code: "unclear-order", path: rule.path, message, help: explicit });
}
