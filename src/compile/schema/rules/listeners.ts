import type { Properties } from "../../../model/template.ts";
import { type Breach, below, itemsIn, listIn, type Rule, textIn } from "../literal.ts";

/** What of a condition has its values, by its field. */
const configs = {
  "host-header": "HostHeaderConfig",
  "http-header": "HttpHeaderConfig",
  "http-request-method": "HttpRequestMethodConfig",
  "path-pattern": "PathPatternConfig",
  "query-string": "QueryStringConfig",
  "source-ip": "SourceIpConfig",
} as const;

const configOf = (condition: Properties): Properties => {
  const field = textIn(condition.Field) ?? "";
  return Object.hasOwn(configs, field)
    ? below(condition[configs[field as keyof typeof configs]])
    : {};
};

const valuesOf = (condition: Properties) => [
  ...listIn(condition.Values),
  ...listIn(configOf(condition).Values),
  ...listIn(configOf(condition).RegexValues),
];

/** Five values in all, and every field once but for two. */
const conditions: Rule = (rule) => {
  const all = itemsIn(rule, "Conditions");
  const count = all.flatMap(({ item }) => valuesOf(item)).length;
  const fields = all.map(({ item }) => textIn(item.Field));
  const twice = all.filter(
    (_, at) =>
      /^(?:host-header|http-request-method|path-pattern|source-ip)$/.test(fields[at] ?? "") &&
      fields.indexOf(fields[at]) < at,
  );
  const help = "Several values of one condition are taken for any of them; five are had at most.";
  return [
    ...(count > 5
      ? [
          {
            path: ["Conditions"],
            message: `a rule has five values in all of its conditions at most, not ${count}`,
            help: "Make several targets of it, with some of the values each.",
          },
        ]
      : []),
    ...twice.map(({ path, item }): Breach => {
      const message = `a rule has one condition on ${textIn(item.Field)}`;
      return { path, message, help };
    }),
  ];
};

const methods: Rule = (rule) =>
  itemsIn(rule, "Conditions").flatMap(({ item, path }) =>
    listIn(below(item.HttpRequestMethodConfig).Values).flatMap((method, at) =>
      /^[A-Z_-]{1,40}$/.test(textIn(method) ?? "GET")
        ? []
        : [
            {
              path: [...path, "HttpRequestMethodConfig", "Values", at],
              message: "a method is written in capital letters, such as GET",
            },
          ],
    ),
  );

/** Who is sent to where it came from comes again. */
const loops =
  (key: string): Rule =>
  (sender) =>
    itemsIn(sender, key).flatMap(({ item, path }) => {
      const { Host, Path, Port, Protocol } = below(item.RedirectConfig);
      if (item.RedirectConfig === undefined || typeof item.RedirectConfig !== "object") return [];
      if ((Host ?? Path ?? Port ?? Protocol) !== undefined) return [];
      return [
        {
          path: [...path, "RedirectConfig"],
          message: "a redirection to the same protocol, port, host and path leads in a circle",
          help: "Say at least one of Protocol, Port, Host and Path.",
        },
      ];
    });

export const listenerRules: readonly Rule[] = [loops("DefaultActions")];
export const ruleRules: readonly Rule[] = [conditions, methods, loops("Actions")];

/** The codes of HTTP that are well, up to where its kind of load balancer takes them. */
const codes: Rule = ({ Matcher, Protocol }) => {
  const text = textIn(below(Matcher).HttpCode);
  const most = /^HTTPS?$/.test(textIn(Protocol) ?? "") ? 499 : 599;
  const isOne = (code: string): boolean => Number(code) >= 200 && Number(code) <= most;
  if (text === undefined) return [];
  const isWell =
    /^\d{3}(?:[,-]\d{3})*$/.test(text) && text.split(/[,-]/).every((code) => isOne(code));
  const message = `HttpCode is codes from 200 to ${most}, such as 200,302 or 200-399`;
  return isWell ? [] : [{ path: ["Matcher"], message }];
};

const attributeOf = (group: Properties, key: string) =>
  textIn(
    itemsIn(group, "TargetGroupAttributes").find(({ item }) => item.Key === key)?.item.Value,
  )?.toLowerCase();

/** Who comes again comes to the same target: known by a cookie, or by its address. */
const stickiness: Rule = (group) => {
  const protocol = textIn(group.Protocol) ?? "";
  const type = attributeOf(group, "stickiness.type");
  const isOfHttp = /^HTTPS?$/.test(protocol);
  const at = (key: string) => [
    "TargetGroupAttributes",
    itemsIn(group, "TargetGroupAttributes").findIndex(({ item }) => item.Key === key),
  ];
  if (type !== undefined && (type === "source_ip") === isOfHttp) {
    const known = isOfHttp ? "lb_cookie or app_cookie" : "source_ip";
    const message = `stickiness.type of targets by ${protocol} is ${known}, not ${type}`;
    return [{ path: at("stickiness.type"), message }];
  }
  return protocol === "TLS" && attributeOf(group, "stickiness.enabled") === "true"
    ? [
        {
          path: at("stickiness.enabled"),
          message: "targets by TLS are not sticky",
          help: "Remove it, or let the listener and its targets speak TCP.",
        },
      ]
    : [];
};

export const targetGroupRules: readonly Rule[] = [codes, stickiness];
