import type { Data } from "../../compose/project.ts";
import { join, type Properties, ref, type Value } from "../../model/template.ts";
import { pascal } from "../ids.ts";
import { suggestion } from "../nearest.ts";
import { asIs, isMapping, mapOf, notBuilt, object } from "../read.ts";
import type { Path } from "../report.ts";
import type { Scope } from "../scope.ts";
import { propertiesOf } from "../values.ts";
import type { TopLevelKey } from "./top-level-key.ts";
import { actionsOf, readTopics } from "./topics.ts";

const readAlarm = object({
  Properties: asIs,
  MacroParameters: asIs,
  Settings: notBuilt,
  Services: notBuilt,
  Topics: readTopics,
});

/** `x-alarms`: alarms on what there is, and alarms on alarms. Made when all they look at is there. */
export const alarms: TopLevelKey = {
  key: "x-alarms",

  values: (name) => ({ AlarmName: ref(idOf(name)) }),

  compile: (data, scope) => {
    const definitions = mapOf(asIs)(data, ["x-alarms"], scope.report) ?? {};
    for (const [name, definition] of Object.entries(definitions))
      compileOne(name, definition, Object.keys(definitions), scope);
  },
};

function compileOne(name: string, definition: Data, all: readonly string[], scope: Scope): void {
  const path = ["x-alarms", name];
  const read = readAlarm(definition, path, scope.report) ?? {};
  const own = propertiesOf(read.Properties, [...path, "Properties"], scope);
  const expression = expressionOf(read.MacroParameters, [...path, "MacroParameters"], all, scope);
  const isComposite = expression !== undefined || own.AlarmRule !== undefined;
  if (!isComposite && own.ComparisonOperator === undefined)
    scope.report.error({
      code: "missing-key",
      path,
      message: "is no alarm: neither Properties of one nor a CompositeExpression",
    });
  scope.add({
    id: idOf(name),
    type: isComposite ? "AWS::CloudWatch::CompositeAlarm" : "AWS::CloudWatch::Alarm",
    layer: { layer: "watch" },
    properties: {
      ...own,
      ...(expression === undefined ? {} : { AlarmRule: expression }),
      ...actionsOf(read.Topics ?? [], [...path, "Topics"], scope),
    },
    path,
  });
}

const idOf = (name: string): string => `${pascal(name)}Alarm`;

const readMacros = object({ CompositeExpression: asIs, ServiceName: notBuilt });

/** `ALARM(a) and not OK(b)`, with the names that the file gives its alarms. */
function expressionOf(
  data: Data | undefined,
  path: Path,
  all: readonly string[],
  { report }: Scope,
): Properties | undefined {
  const { CompositeExpression: text } = isMapping(data ?? null)
    ? (readMacros(data ?? null, path, report) ?? {})
    : {};
  if (typeof text !== "string") return undefined;
  const parts: Value[] = [];
  let end = 0;
  for (const match of text.matchAll(/\b(ALARM|OK|INSUFFICIENT_DATA)\(\s*"?([^()"]+?)"?\s*\)/g)) {
    const [whole, state = "", name = ""] = match;
    if (!all.includes(name)) {
      const message = `there is no alarm ${name}`;
      const at = [...path, "CompositeExpression"];
      report.error({ code: "unknown-resource", path: at, message, help: suggestion(name, all) });
    }
    parts.push(`${operators(text.slice(end, match.index))}${state}("`, ref(idOf(name)), '")');
    end = match.index + whole.length;
  }
  return join([...parts, operators(text.slice(end))].filter((part) => part !== ""));
}

/** CloudWatch wants them in capitals. */
const operators = (text: string): string =>
  text.replaceAll(/\b(?:and|or|not)\b/gi, (word) => word.toUpperCase());
