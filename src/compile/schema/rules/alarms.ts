import { itemsIn, numberIn, type Rule, textIn } from "../literal.ts";

/** What one metric is watched by, and what is for an expression alone. */
const ofOneMetric = ["Dimensions", "ExtendedStatistic", "Namespace", "Period", "Statistic", "Unit"];

const oneMetric: Rule = (alarm) => {
  const { EvaluationCriteria, ExtendedStatistic, MetricName, Metrics, Period, Statistic } = alarm;
  if (EvaluationCriteria !== undefined) return [];
  if (Metrics !== undefined)
    return ["MetricName", ...ofOneMetric]
      .filter((key) => alarm[key] !== undefined)
      .map((key) => ({
        path: [key],
        message: `an alarm that has Metrics has no ${key} of its own`,
        help: "It is part of each of the Metrics.",
      }));
  if (MetricName === undefined) return [{ path: [], message: "MetricName or Metrics is missing" }];
  const missing = [
    ...(alarm.Namespace === undefined ? ["Namespace"] : []),
    ...(Period === undefined ? ["Period"] : []),
    ...((Statistic ?? ExtendedStatistic) === undefined ? ["Statistic or ExtendedStatistic"] : []),
  ].map((key) => ({ path: [], message: `${key} is missing` }));
  if (Statistic === undefined || ExtendedStatistic === undefined) return missing;
  const message = "an alarm has Statistic or ExtendedStatistic, and not both";
  return [...missing, { path: ["ExtendedStatistic"], message }];
};

const bands: ReadonlySet<string | undefined> = new Set([
  "GreaterThanUpperThreshold",
  "LessThanLowerOrGreaterThanUpperThreshold",
  "LessThanLowerThreshold",
]);

/** A number, or the band that an expression makes. */
const threshold: Rule = ({
  ComparisonOperator,
  EvaluationCriteria,
  Threshold,
  ThresholdMetricId,
}) => {
  const operator = textIn(ComparisonOperator);
  if (operator === undefined || EvaluationCriteria !== undefined) return [];
  const wanted = bands.has(operator) ? "ThresholdMetricId" : "Threshold";
  const said = wanted === "Threshold" ? Threshold : ThresholdMetricId;
  return said === undefined
    ? [
        {
          path: ["ComparisonOperator"],
          message: `${operator} compares with ${wanted}, which is missing`,
        },
      ]
    : [];
};

const day = 86_400;

/** It looks back for a day, or for a week where its periods are an hour or more. */
const lookingBack: Rule = ({ DatapointsToAlarm, EvaluationPeriods, Period }) => {
  const [periods, period = 0] = [numberIn(EvaluationPeriods), numberIn(Period)];
  if (periods === undefined) return [];
  const most = period >= 3600 ? 7 * day : day;
  const days = most / day === 1 ? "a day" : "seven days";
  const found = numberIn(DatapointsToAlarm);
  return [
    ...(found !== undefined && found > periods
      ? [
          {
            path: ["DatapointsToAlarm"],
            message: `${found} of ${periods} EvaluationPeriods cannot be`,
          },
        ]
      : []),
    ...(periods * period > most
      ? [
          {
            path: ["EvaluationPeriods"],
            message: `${periods} periods of ${period} s are more than ${days}, which is how far alarms look back`,
            help: "Take fewer, or longer ones: with an hour or more it is seven days.",
          },
        ]
      : []),
  ];
};

/** One of the metrics is what is compared, and each has a name of its own. */
const returned: Rule = (alarm) => {
  const all = itemsIn(alarm, "Metrics");
  const ids = all.map(({ item: { Id } }) => textIn(Id));
  const twice = all.filter((_, at) => ids[at] !== undefined && ids.indexOf(ids[at]) < at);
  const both = all.filter(({ item: { Expression, MetricStat } }) => !Expression === !MetricStat);
  const counted = all.map(({ item: { ReturnData } }) => textIn(ReturnData) ?? typeof ReturnData);
  const isUnclear =
    alarm.ThresholdMetricId === undefined &&
    all.length > 0 &&
    !counted.includes("object") &&
    counted.filter((said) => !/^false$/i.test(said)).length !== 1;
  return [
    ...twice.map(({ path }) => ({ path: [...path, "Id"], message: "another metric has this Id" })),
    ...both.map(({ path }) => ({
      path,
      message: "must have Expression or MetricStat, and not both",
    })),
    ...(isUnclear
      ? [
          {
            path: ["Metrics"],
            message: "one of the Metrics is what is compared, and it is not said which",
            help: "Add ReturnData: false to all of the others.",
          },
        ]
      : []),
  ];
};

export const alarmRules: readonly Rule[] = [oneMetric, threshold, lookingBack, returned];
