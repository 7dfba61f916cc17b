import type { Value } from "../../../model/template.ts";
import { type Breach, below, isFunction, itemsIn, type Rule, textIn } from "../literal.ts";

const inputs = ["Input", "InputPath", "InputTransformer"];

/** Each target has a name of its own, and is told one thing. */
const targets: Rule = (rule) => {
  const all = itemsIn(rule, "Targets");
  const ids = all.map(({ item }) => textIn(item.Id));
  return all.flatMap(({ item, path }, at): readonly Breach[] => {
    const said = inputs.filter((key) => item[key] !== undefined);
    const [, second] = said;
    return [
      ...(ids[at] !== undefined && ids.indexOf(ids[at]) < at
        ? [{ path: [...path, "Id"], message: `another target has the Id ${ids[at]}` }]
        : []),
      ...(second === undefined
        ? []
        : [
            {
              path: [...path, second],
              message: `a target has ${inputs.join(", ")}, but not ${said.join(" and ")}`,
            },
          ]),
      ...(isJson(item.Input)
        ? []
        : [
            {
              path: [...path, "Input"],
              message: "Input is JSON, and this is none",
              help: "Text is JSON in quotes of its own.",
            },
          ]),
    ];
  });
};

function isJson(value: Value | undefined): boolean {
  const text = textIn(value);
  if (text === undefined) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Only what comes to every account by itself comes by the clock. */
const bus: Rule = ({ EventBusName, ScheduleExpression }) => {
  const name = textIn(EventBusName);
  return ScheduleExpression === undefined || name === undefined || /(?:^|\/)default$/.test(name)
    ? []
    : [
        {
          path: ["EventBusName"],
          message: "what comes by the clock comes on the default bus",
          help: "Remove EventBusName.",
        },
      ];
};

/** All that a pattern holds are lists of what may be. */
const pattern: Rule = ({ EventPattern: given }) =>
  given === undefined || typeof given !== "object" || isFunction(given)
    ? []
    : leavesOf(given).flatMap(({ path, value }) =>
        isFunction(value) || (Array.isArray(value) && value.length > 0)
          ? []
          : [
              {
                path: ["EventPattern", ...path],
                message: `${path.join(".") || "EventPattern"} must be a list of what it may be`,
                help: "For example source: [aws.s3].",
              },
            ],
      );

interface Leaf {
  readonly path: readonly (string | number)[];
  readonly value: Value;
}

function leavesOf(value: Value): readonly Leaf[] {
  const isMap = typeof value === "object" && !Array.isArray(value) && !isFunction(value);
  if (!isMap || Object.keys(value).length === 0) return [{ path: [], value }];
  return Object.entries(below(value)).flatMap(([key, item]) =>
    leavesOf(item).map((leaf) => ({ ...leaf, path: [key, ...leaf.path] })),
  );
}

export const eventRules: readonly Rule[] = [targets, bus, pattern];
